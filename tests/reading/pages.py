"""Small pages for the tests of the reading room, written from the facts about each family; and the saved real ones."""

import json
from pathlib import Path

import pytest

from archive.reading.page import Page

URL = "http://www.example.gov.cn/zwgk/202601/t20260105_1.html"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


def page(html: str | bytes, url: str = URL, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return Page(url, status, (("Content-Type", content_type),), body)


def shared(path: str) -> Path:
    """A file or folder of the shared material; the test is skipped where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"no shared material beside the checkout: {path}")
    return found


PARAGRAPHS = "".join(f"<p>　　第{n}条 为规范政府信息公开工作，根据有关法律、法规，制定本办法。</p>" for n in "一二三")

GKMLPT_DETAIL = {
    "id": 3255421,
    "title": "关于印发绿化管理办法的通知",
    "document_number": "肇府办〔2026〕7号",
    "identifier": "11441200MB2C91453G/2026-00271",
    "publisher": "肇庆市人民政府办公室",
    "date": 1783353600,  # 2026-07-07 00:00 in China, the 6th in UTC
    "display_publish_time": 1783390272,
    "classify_main_name": "规范性文件",
    "classify_genre_name": "通知",
    "classify_theme_name": "城乡建设、环境保护",
    "is_expired": 0,
    "is_abolished": 1,
    "keywords": "",
    "abstract": None,
    "attachment": [
        {
            "id": 24103,
            "name": "绿化管理办法.pdf",
            "mime": "application/pdf",
            "size": "0",
            "url": "https://www.example.gov.cn/attachment/0/24/24103/3255421.pdf",
        }
    ],
    "content": f'{PARAGRAPHS}<p>附件：<a class="nfw-cms-attachment" alt="绿化管理办法.pdf"'
    ' href="http://www.example.gov.cn/attachment/0/24/24103/3255421.pdf">点击下载</a></p>'
    "<p>花括号 } 也是正文</p>",
}

GKMLPT = f"""<html><head><title>关于印发绿化管理办法的通知_某市</title><script>
window._CONFIG = {{ SID: '758019', TREE: [{{"id":1,"name":"a }} b"}}], SERVICE_AREA_ID: 1,
 DETAIL: {json.dumps(GKMLPT_DETAIL, ensure_ascii=True)}, OTHER: 1 }};</script></head><body>
<div class="content"><h1 class="title">关于印发绿化管理办法的通知</h1>
<div class="classify"><table>
 <tr><td>索引号:</td><td class="td-value-xl"><span>11441200MB2C91453G/2026-00271</span></td>
     <td>分类:</td><td class="td-value"><span>规范性文件</span></td></tr>
 <tr><td>发布机构:</td><td class="td-value-xl"><span>肇庆市人民政府办公室</span></td>
     <td>成文日期:</td><td class="td-value"><span>2026-07-07</span></td></tr>
 <tr><td>名称:</td><td class="td-value" colspan="3"><span>关于印发绿化管理办法的通知</span></td></tr>
 <tr><td>文号:</td><td class="td-value-xl"><span></span></td>
     <td>发布日期:</td><td class="td-value"><span>2026-07-07</span></td></tr>
 <tr><td>主题词:</td><td class="td-value-xl" colspan="3"><span></span></td></tr></table></div>
<div class="date-row">时间：2026-07-07 10:11:12　来源：本网</div>
<div class="article-content"></div></div></body></html>"""

UCAP = f"""<html><head><meta name="SiteIDCode" content="5101000001"></head><body>
<UCAPTITLE>关于加强绿化管理的通知</UCAPTITLE>
<div class="time clearfix"><span class="publishTime"><PUBLISHTIME>2026-07-07 10:00</PUBLISHTIME></span>
 <span class="resourse">来源：<font>市绿化委</font></span></div>
<div class="xxgkml-content">
 <div class="addWidth"><label><font>索&ensp;引&ensp;号：</font></label>
   <div class="display-block">01234567-8/2026-00012</div></div>
 <div class="addWidth"><label><font>文　　号：</font></label><div class="display-block"></div></div>
 <div class="addWidth"><label><font>发布机构：</font></label><div class="display-block">市绿化委</div></div>
</div>
<div class="meta-main"><ul><li><b>公开方式</b><div class="mes">主动公开</div></li>
 <li><b>成文日期</b><div class="mes cwrq">2026年7月1日</div></li></ul></div>
<div class="article-content" id="zoomcon"><UCAPCONTENT>{PARAGRAPHS}</UCAPCONTENT></div>
<div class="article-appendix none"><a href="/upload/a.docx" title="绿化任务表">下载</a></div>
</body></html>"""

INTERTID = """<div class="table01"><table>
<tr><td class="t" width="14%">信息索引号</td>
 <td width="30%"><!--<$[SYH]>-->014006438/2026-03652<!--<$[SYH]>--></td>
<td class="t">生成日期</td><td>2026-09-12</td><td class="t">公开日期</td><td>2026-09-18</td></tr>
<tr><td class="t">文件编号</td><td>政府令187号</td><td class="t">效力状况</td><td colspan="3">有效</td></tr>
<tr><td class="t">发布机构</td><td>无锡市人民政府</td>
 <!--<td class="t">公开范围</td><td colspan="3">面向社会</td>--></tr>
<tr><td class="t">公开方式</td><td>主动公开</td><td class="t">主题分类</td><td>—&nbsp;&nbsp;—</td></tr></table></div>"""
