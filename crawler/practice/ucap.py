"""A portal of static lists as UCAP (开普) publishes them, with the traps of the real ones.

``createPageHTML('page_div', pages, current, template, 'shtml', items)`` counts from 1, so that page 2 of
``list.shtml`` is ``list_2.shtml``. Details are ``/<site>/<channel>/YYYYMM/<32 hex digits>.shtml`` with tags of their
own (``UCAPTITLE``, ``UCAPCONTENT``, ``PUBLISHTIME``) and labels padded with all kinds of space.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import md5
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, RowStyle, article_metas, body_html, date_zh, stated
from crawler.practice.model import (
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    PracticePortal,
    Site,
    Truth,
)
from crawler.practice.pdf import attachment_truth

SITE = "sfsrmzf"
_SIZE = 10
Labels = tuple[tuple[str, str], ...]  # (label as it stands in the markup, canonical field)
Address = Callable[[Plan, str], str]

_PADDED: Labels = (
    ("索&ensp;引&ensp;号：", "index_number"), ("主题分类：", "topic_category"), ("发文机关：", "issuer"),
    ("成文日期：", "date_made"), ("标　　题：", "title"), ("发文字号：", "doc_number"),
    ("发布日期：", "date_published"), ("有&ensp;效&ensp;性：", "validity"),
    ("施行日期：", "date_effective"), ("公开方式：", "disclosure_method"),
)  # fmt: skip
_MES: Labels = (
    ("索引号", "index_number"), ("信息类别", "catalogue_category"), ("发布机构", "publisher"),
    ("文&nbsp;&nbsp;号", "doc_number"), ("成文日期", "date_made"), ("公开范围", "disclosure_scope"),
    ("公开时限", "disclosure_time_limit"),
)  # fmt: skip


def _absolute(plan: Plan, path: str) -> str:
    return plan.origin + path


def _rooted(_: Plan, path: str) -> str:
    return path


def _schemeless(plan: Plan, path: str) -> str:
    return plan.origin.removeprefix("http:") + path


@dataclass(frozen=True, slots=True)
class _Column:
    channel: str
    template: str
    name: str
    rows: RowStyle
    labels: Labels
    addresses: tuple[Address, ...]  # how rows write their addresses, in turn
    why: str
    broken: bool = False  # whether every page after the first is 404
    external: tuple[Row, ...] = ()

    def path(self, number: int) -> str:
        tail = "" if number == 1 else f"_{number}"
        return f"/{SITE}/{self.channel}/{self.template}{tail}.shtml"


_POLICY = _Column(
    "c100001", "list", "政策文件", markup.list_cut_title, _PADDED, (_absolute, _rooted),
    "read to its last page; one row leads to another site's host",
    external=(Row(f"http://www.linxian.example/lxrmzf/c200014/202103/{md5(b'lxrmzf').hexdigest()}.shtml",
                  "临县人民政府办公室关于做好2021年政务公开工作的通知", "2021-03-05"),),
)  # fmt: skip
_YEARLY = _Column(
    "c100002", "common_list", "政府信息公开年报", markup.list_date_first, _MES, (_rooted,), "one page",
)  # fmt: skip
_NOTICES = _Column(
    "c100003", "xxgk_list", "公示公告", markup.list_table, _PADDED, (_schemeless, _absolute),
    "page 2 is 404 while the pager declares more",
    broken=True,
)  # fmt: skip


def build(plan: Plan) -> Site:
    stock = editions(notices())
    frame = Frame(
        "示范市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path(1)) for column in (_POLICY, _YEARLY)),
    )  # fmt: skip
    filled = (
        (_POLICY, take(stock, 23 * plan.scale, plan, _POLICY.name)),
        (_YEARLY, take(editions(reports(), first=500_001), 7, plan, _YEARLY.name)),
        (_NOTICES, take(stock, 24 * plan.scale, plan, _NOTICES.name)),
    )
    pages: dict[str, Page] = {"/": markup.home(frame, [(column.name, column.path(1)) for column, _ in filled])}
    for column, documents in filled:
        pages |= _list_pages(plan, frame, column, documents) | _detail_pages(frame, column, documents)
    listed = [(column, documents[:_SIZE] if column.broken else documents) for column, documents in filled]
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled for document in documents},
        tuple(("static", plan.origin + column.path(1)) for column, _ in filled),
        Truth(
            tuple(_column_truth(plan, column, documents) for column, documents in filled),
            tuple(_truth(plan, column, document) for column, documents in listed for document in documents),
            tuple(ExternalRow(row.href, row.title, column.name) for column, _ in filled for row in column.external),
        ),
    )


def _path(column: _Column, document: PracticeDocument) -> str:
    name = md5(f"{SITE}{document.number}".encode(), usedforsecurity=False).hexdigest()
    return f"/{SITE}/{column.channel}/{document.date_published[:7].replace('-', '')}/{name}.shtml"


def _file_path(column: _Column, document: PracticeDocument, number: int) -> str:
    return f"{_path(column, document).removesuffix('.shtml')}/files/{document.number:08d}{number}.pdf"


def _list_pages(plan: Plan, frame: Frame, column: _Column, documents: Sequence[PracticeDocument]) -> dict[str, Page]:
    rows = [
        Row(column.addresses[n % len(column.addresses)](plan, _path(column, d)), d.title, d.day_published, d.doc_number)
        for n, d in enumerate(documents)
    ]
    if column.external:
        rows[1:1] = column.external
    batches = [rows[start : start + _SIZE] for start in range(0, len(rows), _SIZE)] or [[]]
    pages: dict[str, Page] = {}
    for number, batch in enumerate(batches[:1] if column.broken else batches, 1):
        shown = () if column.name in plan.emptied else batch
        pager = f"createPageHTML('page_div',{len(batches)}, {number},'{column.template}','shtml',{len(rows)});"
        pages[column.path(number)] = markup.lazily(partial(_list_html, frame, column, shown, pager))
    return pages


def _list_html(frame: Frame, column: _Column, rows: Sequence[Row], pager: str) -> str:
    main = f"""<div class="list_right">
<h2>{escape(column.name)}</h2>
{column.rows(rows)}
<div id="page_div" class="pagination"></div>
<script type="text/javascript" src="/{SITE}/xhtml/js/page.js"></script><script>{pager}</script>
</div>"""
    metas = (
        ("ColumnName", column.name),
        ("ColumnType", column.name),
        ("channelId", md5(column.channel.encode()).hexdigest()),
    )
    return frame.page(column.name, main, metas, ("政府信息公开", column.name))


def _detail_pages(frame: Frame, column: _Column, documents: Sequence[PracticeDocument]) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    for document in documents:
        pages[_path(column, document)] = markup.lazily(partial(_detail_html, frame, column, document))
        for number, name in enumerate(document.attachments):
            pages[_file_path(column, document, number)] = markup.file_page(document, name)
    return pages


def _detail_html(frame: Frame, column: _Column, document: PracticeDocument) -> str:
    head = _label_divs if column.labels is _PADDED else _meta_main
    files = "".join(
        f'<p><a href="{_file_path(column, document, number)}" target="_blank">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""{head(document, column.labels)}
<div class="article">
<h1><UCAPTITLE>{escape(document.title)}</UCAPTITLE></h1>
<div class="time clearfix">
<span class="publishTime">发布时间：<PUBLISHTIME>{document.date_published}</PUBLISHTIME></span>
<span class="resourse">来源：<font>{escape(document.publisher)}</font></span>
<span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div>
<div class="article-content" id="zoomcon"><UCAPCONTENT>
{body_html(document, '<p style="text-indent: 2em; line-height: 2;">{}</p>', '<table border="1" cellspacing="0">')}
</UCAPCONTENT></div>
<div class="article-appendix">{files}</div>
<div class="pn"><p>上一篇：<a href="{column.path(1)}">没有了</a></p>
<p>下一篇：<a href="{column.path(1)}">没有了</a></p></div>
</div>
<script>var websiteCode = "{SITE}", manuscriptId = "{_path(column, document)[-38:-6]}";
$.post("/u/hit/count", {{hType: 3, hId: manuscriptId}});</script>"""
    metas = article_metas(document, column.name)
    return frame.page(document.title, main, metas, ("政府信息公开", column.name))


def _label_divs(document: PracticeDocument, labels: Labels) -> str:
    """The label in ``label > font``, the value in a ``div`` beside it; 有效性 and the like stay there when empty."""
    values = stated(document, [field for _, field in labels])
    return (
        '<div class="xxgkml-content">\n'
        + "\n".join(
            f'<div class="addWidth"><label><font>{label}</font></label>'
            f'<div class="display-block">{escape(_printed(field, values.get(field, "")))}</div></div>'
            for label, field in labels
        )
        + "\n</div>"
    )


def _meta_main(document: PracticeDocument, labels: Labels) -> str:
    values = stated(document, [field for _, field in labels])
    return (
        '<div class="meta-main"><ul>\n'
        + "\n".join(
            f'<li><b>{label}</b><div class="mes">{escape(values.get(field, "")) or "—&nbsp;&nbsp;—"}</div></li>'
            for label, field in labels
        )
        + "\n</ul></div>"
    )


def _printed(field: str, value: str) -> str:
    return date_zh(value) if field.startswith("date_") and value else value


def _column_truth(plan: Plan, column: _Column, documents: Sequence[PracticeDocument]) -> ColumnTruth:
    declared = len(documents) + len(column.external)
    return ColumnTruth(
        column.name,
        plan.origin + column.path(1),
        declared,
        min(_SIZE, declared) if column.broken else declared,
        WalkEnd.PAGE_MISSING if column.broken else WalkEnd.LAST_PAGE,
        column.why,
    )


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    fields = ("title", "date_published", "keywords", "abstract", *(field for _, field in column.labels))
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(column, document, number))
        for number, name in enumerate(document.attachments)
    )
    url = plan.origin + _path(column, document)
    return DocumentTruth(document, url, (column.name,), stated(document, fields), files)


PORTAL = PracticePortal("ucap", "示范市人民政府（练习）", "650499", "6504990001", build)
