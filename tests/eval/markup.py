"""Detail pages of the families that the practice portals do not speak, and in skins that they do not wear.

Shapes: portal-families.md 5.1 (gkmlpt), 5.2 (荆门's Hanweb), 5.4 (Guangxi's TRS), 5.5 (永州's UCAP; for 德兴, what its
seed shows of the header), 5.6 (pc-list, whose detail markup is not public: any container), 5.10 (extension-less, 晋中).
An empty value keeps its label, as on the real portals."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from crawler.practice.markup import Frame, body_html
from crawler.practice.model import PracticeDocument

Values = Mapping[str, str]  # canonical field → as printed; "" where the page has none
_Labels = tuple[tuple[str, str], ...]  # (label as it stands in the markup, canonical field)

_FRAME = Frame("示例市人民政府", "4404990001", "www.example.gov.cn", (("政务公开", "/zwgk/"), ("政务服务", "/zwfw/")))
_PATH = ("政务公开", "政府文件")


@dataclass(frozen=True)
class Skin:
    labels: _Labels
    body: str  # XPath of the body container
    main: Callable[[PracticeDocument, Values, _Labels], str]  # what stands between menu and footer
    dated: bool = True  # whether meta tags give PubDate and ContentSource

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field for _, field in self.labels)

    def states(self, document: PracticeDocument) -> Values:
        """What the page says besides its labels."""
        found = {"title": document.title, "column_name": _PATH[-1], "breadcrumb": "\\".join(_PATH)}
        site = {"site_name": _FRAME.site_name, "site_domain": _FRAME.domain, "site_id_code": _FRAME.site_id_code}
        dated = {"source": document.publisher, "date_published": document.day_published} if self.dated else {}
        return found | site | dated

    def render(self, document: PracticeDocument, values: Values) -> str:
        metas = [("ColumnName", _PATH[-1])]
        if self.dated:
            metas += [
                ("ArticleTitle", document.title),
                ("PubDate", document.date_published),
                ("ContentSource", document.publisher),
            ]
        return _FRAME.page(document.title, self.main(document, values, self.labels), metas, _PATH)


def body(document: PracticeDocument) -> str:
    """The text and the tables of a document, as every skin prints them."""
    return body_html(document, '<p style="text-indent: 2em;">{}</p>', '<table border="1">')


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


def file_name(document: PracticeDocument, number: int) -> str:
    return f"{document.key}-{number}.pdf"


def _files(document: PracticeDocument) -> str:
    return "".join(
        f'<p><a href="/upload/{file_name(document, number)}" title="{escape(name)}">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )


def _rows(values: Values, labels: _Labels, cell: str) -> str:
    """Two pairs a row; ``cell`` is the markup of a pair."""
    cells = [cell.format(label=label, value=escape(values[field])) for label, field in labels]
    return "\n".join(f"<tr>{''.join(cells[at : at + 2])}</tr>" for at in range(0, len(cells), 2))


def _gkmlpt(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    rows = _rows(values, labels, '<td>{label}:</td><td class="td-value"><span>{value}</span></td>')
    detail = json.dumps({"id": 3255421, "content": body(document)}).replace("<", "\\u003C").replace(">", "\\u003E")
    return f"""<script>window._CONFIG = {{ SID: '750001', TREE: [{{"name": "a }} b"}}], DETAIL: {detail} }};</script>
<div class="content"><h1 class="title">{escape(document.title)}</h1>
<div class="classify"><table>{rows}</table></div>
<div class="date-row">时间 : {document.date_published}　来源 : {escape(document.publisher)} <a>打印</a></div>
<div class="article-content">{body(document)}</div>
<div class="m-attachment">{_files(document)}</div></div>"""


def _guangxi(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    pairs = "".join(f"<p><span>{label}：</span><b>{escape(values[field])}</b></p>" for label, field in labels)
    return f"""<div class="people-desc">{pairs}</div><div class="article"><h1>{escape(document.title)}</h1>
<div class="view TRS_UEDITOR"><div class="TRS_Editor">{body(document)}</div></div>
<div class="fujian">{_files(document)}</div><div class="tool">打印本页 关闭窗口</div></div>"""


def _hanweb(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    rows = _rows(values, labels, '<td class="tit"><b>{label}</b></td><td class="cnt">{value}</td>')
    return f"""<table class="table table-bordered xxsx"><tbody>{rows}</tbody></table>
<h2 class="arti-title">{escape(document.title)}</h2>
<p class="info">发布日期：{document.date_published} <span>来源：{escape(document.publisher)}</span>
字号：[<a>大</a> <a>中</a>]</p>
<div id="zoom"><meta name="ContentStart">{body(document)}<meta name="ContentEnd"></div>
<div class="xgfj">{_files(document)}</div>
<div class="share">分享到：<a>微信</a></div>"""


def _yongzhou(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    rows = _rows(values, labels, '<td class="bt">{label}：</td><td>{value}</td>')
    return f"""<div class="zwgk_comr1"><table width="100%">{rows}</table></div>
<div class="zwgk_comr2"><h1><ucaptitle>{escape(document.title)}</ucaptitle></h1>
<span>发布时间：<publishtime>{document.date_published}</publishtime></span></div>
<div class="zwgk_comr3 line"><ucapcontent>{body(document)}</ucapcontent></div>
<div class="article-appendix">{_files(document)}</div>"""


def _shangrao(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    """Several pairs on a line, as the seed of 新岗山镇 has them."""
    lines = [labels[:2], labels[2:4], labels[4:5], labels[5:8], labels[8:10], labels[10:]]
    rows = "".join(
        f"<tr><td>{' '.join(f'{label}: {escape(values[field])}' for label, field in line)}</td></tr>" for line in lines
    )
    return f"""<table class="xxgk-head">{rows}</table><h1>{escape(document.title)}</h1>
<div class="article-content" id="zoomcon"><ucapcontent>{body(document)}</ucapcontent></div>
<div><p>附件下载</p>{_files(document)}</div><ul><li>上篇：</li><li>下篇：</li></ul><p>扫一扫在手机打开当前页</p>"""


def _pc_list(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    pairs = "".join(f"<li><span>{label}</span><em>{escape(values[field])}</em></li>" for label, field in labels)
    return f"""<div class="pc-head"><h3>{escape(document.title)}</h3><ul>{pairs}</ul>
<p>访问量: <em></em></p><p>关联稿件:</p></div>
<div class="pc-body">{body(document)}</div>
<div class="pc-files">{_files(document)}<p>附件:</p><p>扫一扫在手机打开当前页</p><p>返回顶部关闭本页</p></div>"""


def _extensionless(document: PracticeDocument, values: Values, labels: _Labels) -> str:
    rows = _rows(values, labels, "<th>{label}</th><td>{value}</td>")
    return f"""<table class="govDetailTable">{rows}</table><h1>{escape(document.title)}</h1>
<div class="govIntro">{body(document)}</div><div class="fj">{_files(document)}</div>"""


gkmlpt = Skin(
    (
        ("索引号", "index_number"), ("分类", "catalogue_category"), ("发布机构", "publisher"),
        ("成文日期", "date_made"), ("名称", "title"), ("文号", "doc_number"), ("发布日期", "date_published"),
        ("主题词", "keywords"),
    ),
    "//div[@class='article-content']",
    _gkmlpt,
)  # fmt: skip
guangxi = Skin(
    (
        ("发文单位", "issuer"), ("标题", "title"), ("发文字号", "doc_number"), ("信息索引号", "index_number"),
        ("成文日期", "date_made"), ("效力状态", "validity"),
    ),
    "//div[contains(@class, 'TRS_UEDITOR')]",
    _guangxi,
    dated=False,
)  # fmt: skip
hanweb = Skin(
    (
        ("索引号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"),
        ("成文日期", "date_made"), ("文&emsp;号", "doc_number"), ("有效性", "validity"),
        ("生效日期", "date_effective"), ("废止日期", "date_expired"),
    ),
    "//div[@id='zoom']",
    _hanweb,
)  # fmt: skip
yongzhou = Skin(
    (
        ("索&ensp;引&ensp;号", "index_number"), ("所属主题", "topic_category"), ("发布机构", "publisher"),
        ("成文日期", "date_made"), ("公开方式", "disclosure_method"), ("体裁", "genre"),
        ("文&nbsp;&nbsp;号", "doc_number"), ("有 效 性", "validity"), ("生效日期", "date_effective"),
        ("废止日期", "date_expired"),
    ),
    "//ucapcontent",
    _yongzhou,
)  # fmt: skip
shangrao = Skin(
    (
        ("公开平台", "platform"), ("分 类", "catalogue_category"), ("发布机构", "publisher"),
        ("发文日期", "date_issued"),
        ("标 题", "title"), ("公开方式", "disclosure_method"), ("公开时限", "disclosure_time_limit"),
        ("公开范围", "disclosure_scope"), ("文件编号", "doc_number"), ("成文日期", "date_made"),
        ("生效时间", "date_effective"), ("废止时间", "date_expired"),
    ),
    "//ucapcontent",
    _shangrao,
)  # fmt: skip
pc_list = Skin(
    (
        ("信息索引号", "index_number"), ("发布机构", "publisher"), ("公开方式", "disclosure_method"),
        ("公开范围", "disclosure_scope"), ("生成日期", "date_made"),
    ),
    "//div[@class='pc-body']",
    _pc_list,
)  # fmt: skip
extensionless = Skin(
    (
        ("索引号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"),
        ("发文日期", "date_issued"), ("标题", "title"), ("文号", "doc_number"), ("成文日期", "date_made"),
        ("有效性", "validity"),
    ),
    "//div[@class='govIntro']",
    _extensionless,
)  # fmt: skip
