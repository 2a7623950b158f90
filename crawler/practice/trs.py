"""A portal of static lists as TRS WCM publishes them, with the traps of the real ones.

Columns are directories; ``createPageHTML(pages, current, "index", suffix)`` counts from 0, so that page 2 is
``index_1.html``. One column speaks the Guangxi dialect: ``t<ID>.shtml``, no date but in the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
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

Labels = tuple[tuple[str, str], ...]  # (label as printed, canonical field)

_TABLE: Labels = (
    ("索 引 号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"), ("成文日期", "date_made"),
    ("标　　题", "title"), ("文　　号", "doc_number"), ("发布日期", "date_published"), ("有 效 性", "validity"),
)  # fmt: skip
_ITEMS: Labels = (
    ("索引号", "index_number"), ("信息分类", "catalogue_category"), ("发文机关", "issuer"), ("成文日期", "date_made"),
    ("公开方式", "disclosure_method"), ("公开范围", "disclosure_scope"), ("公开时限", "disclosure_time_limit"),
)  # fmt: skip
_UNDATED: Labels = (
    ("发文单位", "issuer"),
    ("标题", "title"),
    ("发文字号", "doc_number"),
    ("信息索引号", "index_number"),
)


@dataclass(frozen=True, slots=True)
class _Column:
    path: str  # of the directory, with both slashes
    name: str
    suffix: str
    size: int  # rows of a page
    rows: RowStyle
    pager: str
    labels: Labels
    why: str
    absolute: bool = False  # whether its rows write whole addresses
    dated: bool = True  # whether addresses and detail pages carry the date
    declared_pages: int = 0  # 0: as many as there are
    stubs: bool = False  # whether pages beyond the published ones are stubs, or 404
    counts: bool = False  # whether the pager states the number of entries
    external: tuple[Row, ...] = ()

    @property
    def end(self) -> WalkEnd:
        if not self.declared_pages:
            return WalkEnd.LAST_PAGE
        return WalkEnd.STUB_PAGE if self.stubs else WalkEnd.PAGE_MISSING


_PLAIN = 'createPageHTML({pages}, {current}, "index", "{suffix}");'
_WITH_COUNT = "createPageHTML({pages},{current},'index','{suffix}','black2',{items});"
_SPACED = 'createPage( {pages} , {current} , "index" , "{suffix}" );'

_FILES = _Column(
    "/zwgk/zfwj/", "政府文件", "html", 10, markup.list_cut_title, _PLAIN, _TABLE,
    "read to its last page; one row leads off the site",
    external=(Row("http://www.province.example/zwgk/202007/t20200714_88012.html",
                  "省人民政府办公厅关于全面推进基层政务公开标准化规范化工作的实施意见", "2020-07-14"),),
)  # fmt: skip
_YEARLY = _Column(
    "/zwgk/ndbg/", "政府信息公开年报", "shtml", 5, markup.list_table_date_first, _WITH_COUNT, _ITEMS,
    "read to its last page; the pager states the total",
    absolute=True, counts=True,
)  # fmt: skip
_PUBLIC = _Column(
    "/zwgk/tzgg/", "通知公告", "html", 10, markup.list_table, _PLAIN, _TABLE,
    "declares 4 pages; from the third on they are stubs of 350 bytes",
    declared_pages=4, stubs=True,
)  # fmt: skip
_PLANS = _Column(
    "/zwgk/ghjh/", "规划计划", "html", 8, markup.list_date_first, _SPACED, _ITEMS,
    "declares 2 pages more than are published; they are 404",
    absolute=True, declared_pages=4,
)  # fmt: skip
_REGION = _Column(
    "/zfxxgk/bmwj/", "部门文件", "shtml", 9, markup.list_paragraphs, _PLAIN, _UNDATED,
    "the dialect of Guangxi, read to its last page",
    dated=False,
)  # fmt: skip

_PARAGRAPH = '<p align="justify"><span style="font-size: 12pt">　　{}</span></p>'
_STUB = """<html><head><meta charset="utf-8"><title></title></head>
<body style="margin:0">
<!-- published by WCM --><div class="main"><ul></ul></div>
<script type="text/javascript">var currentChannelUrl = "./"; var chnlId = "2041";</script>
<script type="text/javascript" src="/images/page.js"></script>
<div class="clear"></div><div id="copyright"></div>
</body></html>
"""


def build(plan: Plan) -> Site:
    stock, yearly = editions(notices()), editions(reports(), first=500_001)
    with_file = next(report for report in reports() if report.attachments)
    only_a_file = replace(with_file, key=f"{with_file.key}-file", body=(), tables=())
    frame = Frame(
        "样板市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column in (_FILES, _PUBLIC)),
    )  # fmt: skip
    filled = (
        (_FILES, take(stock, 24 * plan.scale, plan, _FILES.name)),
        (
            _YEARLY,
            (*take(yearly, 7, plan, _YEARLY.name), *take(editions([only_a_file], 600_001), 1, plan, _YEARLY.name)),
        ),
        (_PUBLIC, take(stock, 20, plan, _PUBLIC.name)),
        (_PLANS, take(stock, 14, plan, _PLANS.name)),
        (_REGION, take(stock, 22 * plan.scale, plan, _REGION.name)),
    )
    pages: dict[str, Page] = {"/": markup.home(frame, [(column.name, column.path) for column, _ in filled])}
    truths = []
    for column, documents in filled:
        pages |= _list_pages(plan, frame, column, documents) | _detail_pages(frame, column, documents)
        truths.append(_column_truth(plan, column, documents))
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled for document in documents},
        tuple(("static", plan.origin + column.path) for column, _ in filled),
        Truth(
            tuple(truths),
            tuple(_truth(plan, column, document) for column, documents in filled for document in documents),
            tuple(ExternalRow(row.href, row.title, column.name) for column, _ in filled for row in column.external),
        ),
    )


def _path(column: _Column, document: PracticeDocument) -> str:
    if not column.dated:
        return f"{column.path}t{16_633_000 + document.number}.shtml"
    day = document.day_published.replace("-", "")
    return f"{column.path}{day[:6]}/t{day}_{1_001_000 + document.number}.{column.suffix}"


def _file_path(column: _Column, document: PracticeDocument, number: int) -> str:
    """Beside the detail page, named as TRS names what an editor uploads."""
    stamp = document.date_published.translate({ord(sign): None for sign in "-: "})
    return f"{_path(column, document).rpartition('/')[0]}/P0{stamp}{document.number:06d}{number}.pdf"


def _list_pages(plan: Plan, frame: Frame, column: _Column, documents: Sequence[PracticeDocument]) -> dict[str, Page]:
    rows = [_row(plan, column, document) for document in documents]
    if column.external:  # in the middle of the list, not at an end
        rows[len(rows) // 2 : len(rows) // 2] = column.external
    batches = [rows[start : start + column.size] for start in range(0, len(rows), column.size)] or [[]]
    declared = max(column.declared_pages, len(batches))
    pages: dict[str, Page] = {}
    for current in range(declared):
        name = "index" if current == 0 else f"index_{current}"
        path = f"{column.path}{name}.{column.suffix}"
        if current < len(batches):
            shown = () if column.name in plan.emptied else batches[current]
            pages[path] = markup.lazily(
                partial(_list_html, frame, column, shown, current=current, pages=declared, items=len(rows))
            )
        elif column.stubs:
            pages[path] = markup.still(_STUB)
    pages[column.path] = pages[f"{column.path}index.{column.suffix}"]
    return pages


def _row(plan: Plan, column: _Column, document: PracticeDocument) -> Row:
    path = _path(column, document)
    href = plan.origin + path if column.absolute else "./" + path.removeprefix(column.path)
    return Row(href, document.title, document.day_published, document.doc_number)


def _list_html(frame: Frame, column: _Column, rows: Sequence[Row], *, current: int, pages: int, items: int) -> str:
    pager = column.pager.format(pages=pages, current=current, suffix=column.suffix, items=items)
    main = f"""<div class="right_list">
<h2>{escape(column.name)}</h2>
{column.rows(rows)}
<div class="page"><script type="text/javascript">
{pager}
</script></div>
</div>"""
    return frame.page(column.name, main, (("ColumnName", column.name),), ("政务公开", column.name))


def _detail_pages(frame: Frame, column: _Column, documents: Sequence[PracticeDocument]) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    for document in documents:
        pages[_path(column, document)] = markup.lazily(partial(_detail_html, frame, column, document))
        for number, name in enumerate(document.attachments):
            pages[_file_path(column, document, number)] = markup.file_page(document, name)
    return pages


def _detail_html(frame: Frame, column: _Column, document: PracticeDocument) -> str:
    """A document. Attachments are linked relative to the page, as the editor leaves them in the text."""
    files = "".join(
        f'<p>附件：<a href="./{_file_path(column, document, number).rpartition("/")[2]}" '
        f'OLDSRC="/protect/P0/{number}.pdf">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    head = {_TABLE: _table, _ITEMS: _items, _UNDATED: _definitions}[column.labels]
    when = f"<span>{document.date_published}</span>" if column.dated else ""
    main = f"""{head(document, column.labels)}
<div class="article">
<h1>{escape(document.title)}</h1>
<div class="info">{when}<span>来源：{escape(document.publisher)}</span><span>浏览次数：<em id="hits"></em></span></div>
<div class="view TRS_UEDITOR trs_paper_default"><div class="TRS_Editor">
{body_html(document, _PARAGRAPH, '<table class="trs_word_table">')}
{files}
</div></div>
<div class="tool"><a href="javascript:window.print()">打印本页</a><a href="javascript:window.close()">关闭窗口</a></div>
</div>"""
    metas = article_metas(document, column.name, dated=column.dated)
    return frame.page(document.title, main, metas, ("政务公开", column.name))


def _values(document: PracticeDocument, labels: Labels) -> list[tuple[str, str]]:
    values = stated(document, [field for _, field in labels])
    return [(label, values.get(field, "")) for label, field in labels]


def _table(document: PracticeDocument, labels: Labels) -> str:
    cells = [f"<th>{label}</th><td>{escape(value)}</td>" for label, value in _values(document, labels)]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f'<table class="szf_zw-table" width="100%"><tbody>\n{lines}\n</tbody></table>'


def _items(document: PracticeDocument, labels: Labels) -> str:
    values = ((label, date_zh(v) if label.endswith("日期") else v) for label, v in _values(document, labels))
    return "<ul class='wjxx'>" + "".join(f"<li><b>{k}：</b>{escape(v)}</li>\n" for k, v in values) + "</ul>"


def _definitions(document: PracticeDocument, labels: Labels) -> str:
    items = "".join(f"<dt>{label}：</dt><dd>{escape(v) or '&nbsp;'}</dd>\n" for label, v in _values(document, labels))
    return f'<dl class="people-desc">\n{items}</dl>'


def _column_truth(plan: Plan, column: _Column, documents: Sequence[PracticeDocument]) -> ColumnTruth:
    listed = len(documents) + len(column.external)
    declared = listed if column.counts else None
    return ColumnTruth(column.name, plan.origin + column.path, declared, listed, column.end, column.why)


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    """The list gives title and date; the meta tags give title and keywords; the labels give the rest."""
    fields = ("title", "date_published", "keywords", "abstract", *(field for _, field in column.labels))
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(column, document, number))
        for number, name in enumerate(document.attachments)
    )
    url = plan.origin + _path(column, document)
    return DocumentTruth(document, url, (column.name,), stated(document, fields), files)


PORTAL = PracticePortal("trs", "样板市人民政府（练习）", "450499", "4504990001", build)
