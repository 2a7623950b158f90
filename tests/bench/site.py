"""A generated TRS portal: list pages and document pages of 20 to 40 kB, the same on every machine."""

import gzip
import random

DOCUMENTS = 2000
PER_PAGE = 50
COLUMN = "/zwgk/zfwj/"

_HAN = (
    "关于印发市人民政府信息公开工作方案的通知各县区有关部门为进一步推进依法行政提高行政效能根据条例规定结合本市实际制定本办法"
    "加强组织领导明确责任分工完善工作机制强化监督检查确保各项任务落到实处财政资金使用管理项目建设环境保护教育卫生社会保障"
)
_HEAD = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-示例市人民政府</title>
<meta name="SiteName" content="示例市人民政府"><meta name="SiteIDCode" content="4404990009">
<meta name="ColumnName" content="政府文件"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{date} 09:00"><meta name="ContentSource" content="示例市人民政府办公室">
<style>{css}</style></head><body>"""
_MENU = "".join(
    f'<li><a href="/zwgk/m{n}/">栏目{n}</a><ul><li><a href="/zwgk/m{n}/a/">子栏目</a></li></ul></li>' for n in range(60)
)
_CSS = ".list li{line-height:2em;padding:0 4px}.xxgk td{border:1px solid #ccc}" * 20


def pages() -> dict[str, bytes]:
    """Path → HTML body. Deterministic."""
    chance = random.Random(20261122)
    found: dict[str, bytes] = {}
    rows = []
    for number in range(DOCUMENTS):
        date = f"20{10 + number % 16:02d}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        path = f"{date[:4]}{date[5:7]}/t{date.replace('-', '')}_{100000 + number}.html"
        title = f"示例市人民政府办公室关于第{number + 1}项工作安排的通知"
        rows.append(f'<li><a href="./{path}" title="{title}">{title}</a><span>{date}</span></li>')
        found[COLUMN + path] = _document(chance, number, title, date).encode()
    count = -(-DOCUMENTS // PER_PAGE)
    for page in range(count):
        name = "" if page == 0 else f"index_{page}.html"
        shown = "\n".join(rows[page * PER_PAGE : (page + 1) * PER_PAGE])
        found[COLUMN + name] = (
            _HEAD.format(title="政府文件", date="2026-01-01", css=_CSS)
            + f'<ul class="menu">{_MENU}</ul><ul class="list">{shown}</ul>'
            + f'<script>createPageHTML({count}, {page}, "index", "html");</script></body></html>'
        ).encode()
    return found


def compressed() -> dict[str, bytes]:
    """Path → gzip body, as the server sends it."""
    return {path: gzip.compress(body, 6, mtime=0) for path, body in pages().items()}


def _document(chance: random.Random, number: int, title: str, date: str) -> str:
    paragraphs = "".join(
        f'<p style="text-indent:2em;line-height:1.75">{_prose(chance, chance.randint(60, 260))}</p>'
        for _ in range(chance.randint(14, 34))
    )
    table = "".join(
        "<tr>"
        + "".join(f"<td>{chance.randint(0, 9999) if chance.random() < 0.8 else ''}</td>" for _ in range(7))
        + "</tr>"
        for _ in range(12)
    )
    return (
        _HEAD.format(title=title, date=date, css=_CSS)
        + f'<ul class="menu">{_MENU}</ul><div class="crumb">当前位置：<a href="/">首页</a> &gt; 政府文件</div>'
        + '<table class="xxgk"><tr><td>索 引 号：</td>'
        + f"<td>11440400MB2C9{number:05d}/{date[:4]}-{number:05d}</td>"
        + "<td>发布机构：</td><td>示例市人民政府办公室</td></tr>"
        + f"<tr><td>发文字号：</td><td>示府办〔{date[:4]}〕{number + 1}号</td><td>成文日期：</td><td>{date}</td></tr>"
        + "<tr><td>公开方式：</td><td>主动公开</td><td>有 效 性：</td><td>有效</td></tr></table>"
        + f'<h1>{title}</h1><div id="zoom" class="TRS_Editor">{paragraphs}<table>{table}</table>'
        + f"<p>示例市人民政府办公室</p><p>{date}</p></div>"
        + f'<div class="foot">网站标识码：4404990009 {_prose(chance, 200)}</div></body></html>'
    )


def _prose(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_HAN, k=length)) + "。"
