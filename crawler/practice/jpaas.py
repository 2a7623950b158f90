"""A portal of Hanweb's newer platform (jpaas), with the traps of the real ones.

Column pages hold no row: a script asks ``jpaas-publish-server`` for them with what the page's ``queryData`` says, and
gets HTML in JSON. Without a ``Referer`` the service answers 403; a page number beside ``paramJson`` is ignored; one
column's answers have no pager, one counts more rows than it gives. Header and footer are build units too.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import md5
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, date_zh, file_page, home, lazily, stated
from crawler.practice.model import (
    Answer,
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    PracticePortal,
    Site,
    Truth,
    Visit,
)
from crawler.practice.pdf import attachment_truth

_SERVICE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_DOWNLOAD = "/api-gateway/jpaas-web-server/front/document/file-download"
_TEMPLATES = "bXq1vN8eT2kLp7Rz"
_SITE = "3185"


@dataclass(frozen=True, slots=True)
class _Column:
    number: int
    name: str
    tag: str
    size: int
    why: str
    counts: bool = True  # whether its answers have a pager
    beyond: int = 0  # rows that are counted and never given
    download: bool = False  # whether its files come through the gateway
    external: tuple[Row, ...] = ()

    @property
    def path(self) -> str:
        return f"/col/col{self.number}/index.html"

    @property
    def end(self) -> WalkEnd:
        if self.beyond:
            return WalkEnd.STUB_PAGE
        return WalkEnd.LAST_PAGE if self.counts else WalkEnd.NOTHING_NEW


_FILES = _Column(
    1229123351, "政策文件", "当前栏目list", 9, "read to its last page; one row leads off the site", download=True,
    external=(Row("http://www.province.example/col/col1229000001/art/2020/art_5f0e1c2b3a49586776655443322110ff.html",
                  "省人民政府办公厅关于全面推进基层政务公开标准化规范化工作的实施意见", "2020-07-14"),),
)  # fmt: skip
_NOTICES = _Column(
    1229123352, "通知公告", "信息列表", 6, "no pager; read until a page brings nothing", counts=False
)  # fmt: skip
_RULES = _Column(
    1229123353, "行政规范性文件", "规章库列表", 5, "counts six rows more than it gives", beyond=6, download=True
)  # fmt: skip
_YEARLY = _Column(1229123354, "政府信息公开年报", "ajax分页", 15, "one page")


@dataclass(frozen=True, slots=True)
class _Skin:
    """One of the shapes of the platform's templates."""

    row: Callable[[Row], str]
    rows: str  # around the rows
    pager: str  # with {size}, {count} and {page}
    query: str  # of the unit, with {tag} and {page}
    bare: bool = False  # whether ``data`` is the HTML itself


def build(plan: Plan) -> Site:
    stock = editions(notices())
    skin = _SKINS[plan.variation]
    frame = Frame(
        "试练市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column in (_FILES, _YEARLY)),
    )  # fmt: skip
    filled = {
        _FILES: take(stock, 24 * plan.scale, plan, _FILES.name),
        _NOTICES: take(stock, 13 * plan.scale, plan, _NOTICES.name),
        _RULES: take(stock, 10, plan, _RULES.name),
        _YEARLY: take(editions(reports(), first=500_001), 6, plan, _YEARLY.name),
    }
    listed = {column: _rows(plan, column, documents) for column, documents in filled.items()}
    pages: dict[str, Page] = {
        "/": home(frame, [(column.name, column.path) for column in filled]),
        _SERVICE: partial(_answer, skin, listed),
    }
    downloads: dict[str, Page] = {}
    for column, documents in filled.items():
        pages[column.path] = lazily(partial(_column_page, frame, skin, column))
        for document in documents:
            pages[_path(column, document)] = lazily(partial(_detail, frame, column, document))
            for number, name in enumerate(document.attachments):
                path, _, query = _file_path(column, document, number).partition("?")
                (downloads if query else pages)[query or path] = file_page(document, name)
    pages[_DOWNLOAD] = partial(_download, downloads)
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled.items() for document in documents},
        tuple(("jpaas", plan.origin + column.path) for column in filled),
        Truth(
            tuple(_column_truth(plan, column, len(rows)) for column, rows in listed.items()),
            tuple(_truth(plan, column, document) for column, documents in filled.items() for document in documents),
            tuple(ExternalRow(row.href, row.title, column.name) for column in filled for row in column.external),
        ),
    )


# --- addresses ------------------------------------------------------------------------------------------------------


def _name(kind: str, number: int) -> str:
    return md5(f"jpaas-{kind}-{number}".encode(), usedforsecurity=False).hexdigest()


def _path(column: _Column, document: PracticeDocument) -> str:
    return f"/col/col{column.number}/art/{document.date_published[:4]}/art_{_name('art', document.number)}.html"


def _file_path(column: _Column, document: PracticeDocument, number: int) -> str:
    name = _name("file", document.number * 10 + number)
    if column.download:
        return f"{_DOWNLOAD}?fileUrl={name}%3D%3D&fileName={name[:8]}.pdf"
    return f"/cms_files/szsrmzf/filemanager/{_SITE}/{document.date_published[:4]}/{name}.pdf"


def _rows(plan: Plan, column: _Column, documents: Sequence[PracticeDocument]) -> tuple[Row, ...]:
    origins = ("", plan.origin, "", plan.origin.removeprefix("http:"))
    rows = [
        Row(origins[plan.variation] + _path(column, document), document.title, document.day_published)
        for document in documents
    ]
    rows[2:2] = column.external
    return () if column.name in plan.emptied else tuple(rows)


# --- pages ----------------------------------------------------------------------------------------------------------


def _column_page(frame: Frame, skin: _Skin, column: _Column) -> str:
    units = "\n".join(
        f'<div class="{box}"><script id="{md5(tag.encode()).hexdigest()}" '
        f'src="/cms_files/default/script/AuthorizedRead/unitbuild.js?v=3.1.3" url="{_SERVICE}" '
        f'queryData="{skin.query.format(tag=tag, page=column.number)}"></script></div>'
        for box, tag in (("top", "网站导航"), ("clist_con", column.tag), ("bottom", "底部"))
    )
    metas = (("ColumnName", column.name), ("ColId", str(column.number)))
    return frame.page(column.name, units, metas, ("政府信息公开", column.name))


def _answer(skin: _Skin, listed: dict[_Column, tuple[Row, ...]], visit: Visit) -> Answer:
    """``front/page/build/unit``. What stands outside of ``paramJson`` turns no page."""
    said = visit.query
    if not visit.headers.get("referer"):
        return Answer("<html><body><h1>403 Forbidden</h1></body></html>", 403)
    wanted = said.get("pageId"), said.get("tagId")
    column = next((one for one in listed if (str(one.number), one.tag) == wanted), None)
    if column is None or (said.get("webId"), said.get("tplSetId")) != (_SITE, _TEMPLATES):
        return _json({"success": False, "message": "构建单元不存在", "data": None})
    asked = json.loads(said.get("paramJson") or "{}")
    page, size = int(asked.get("pageNo", 1)), column.size  # the template says how many, not who asks
    rows = listed[column]
    shown = rows[(page - 1) * size : page * size]
    if not shown and page > 1:
        return _json({"success": True, "data": "" if skin.bare else {"html": "", "count": "0"}})
    count = len(rows) + column.beyond
    html = f'<div class="default_pgContainer">{skin.rows.format("".join(map(skin.row, shown)))}</div>'
    html += skin.pager.format(size=size, count=count, page=page) if column.counts else ""
    return _json({"success": True, "data": html if skin.bare else {"html": html, "count": str(len(shown))}})


def _json(answer: dict[str, object]) -> Answer:
    return Answer(json.dumps(answer, ensure_ascii=False), mime="application/json")


def _download(files: dict[str, Page], visit: Visit) -> Answer:
    wanted = visit.query.get("fileUrl", "").rstrip("=")
    found = next((page for query, page in files.items() if f"fileUrl={wanted}%" in query), None) if wanted else None
    return found(visit) if found else Answer("文件不存在", 404)


_PARAGRAPH = '<p style="text-indent: 2em;"><span>{}</span></p>'
_LABELS = (
    ("索 引 号", "index_number"), ("主题分类", "topic_category"), ("发文机关", "issuer"), ("成文日期", "date_made"),
    ("发文字号", "doc_number"), ("有 效 性", "validity"), ("公开方式", "disclosure_method"),
    ("发布日期", "date_published"),
)  # fmt: skip


def _detail(frame: Frame, column: _Column, document: PracticeDocument) -> str:
    values = stated(document, [field for _, field in _LABELS])
    items = "\n".join(f"<li><span>{label}：</span>{escape(values.get(field, ''))}</li>" for label, field in _LABELS)
    files = "".join(
        f'<p><a href="{escape(_file_path(column, document, number))}" target="_blank">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""<div class="xxgk_head"><ul>
{items}
</ul></div>
<div class="article"><h2 class="article_title">{escape(document.title)}</h2>
<div class="info"><span>发布时间：{document.date_published}</span><span>信息来源：{escape(document.publisher)}</span>\
<span>浏览量：<em class="count"></em></span></div>
<div class="wzzw-article"><meta name="ContentStart">
{body_html(document, _PARAGRAPH)}
<meta name="ContentEnd"></div>
<div class="fujian">{files}</div>
<div class="share">分享到：<a>微信</a></div></div>"""
    return frame.page(document.title, main, article_metas(document, column.name), ("政府信息公开", column.name))


def _column_truth(plan: Plan, column: _Column, rows: int) -> ColumnTruth:
    declared = rows + column.beyond if column.counts else None
    return ColumnTruth(column.name, plan.origin + column.path, declared, rows, column.end, column.why)


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    fields = ("title", "keywords", "abstract", *(field for _, field in _LABELS))
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(column, document, number))
        for number, name in enumerate(document.attachments)
    )
    url = plan.origin + _path(column, document)
    return DocumentTruth(document, url, (column.name,), stated(document, fields), files)


# --- skins ----------------------------------------------------------------------------------------------------------


def _line(row: Row) -> str:
    link = f'<a href="{escape(row.href)}" title="{escape(row.title)}" target="_blank">{escape(cut(row.title))}</a>'
    return f'<li class="clearfix">{link}<span class="bt-right">{row.date}</span></li>'


def _news(row: Row) -> str:
    link = f"<a class='news' href='{escape(row.href)}'><i></i>{escape(row.title)}</a>"
    return f"<li><span class='time'>{row.date}</span>{link}</li>"


def _cells(row: Row) -> str:
    link = f'<a href="{escape(row.href)}">{escape(row.title)}</a>'
    return f"<tr><td>{date_zh(row.date)}</td><td>{link}</td></tr>"


def _boxes(row: Row) -> str:
    inside = f'<p class="tit">{escape(row.title)}</p><span>{row.date}</span>'
    return f'<div class="item"><a href="{escape(row.href)}">{inside}</a></div>'


_QUERY = (
    "{{'parseType':'bulidstatic','webId':'" + _SITE + "','tplSetId':'" + _TEMPLATES + "','pageType':'column',"
    "'tagId':'{tag}','editType':'null','pageId':'{page}'}}"
)
_SKINS = (
    _Skin(
        _line,
        "<ul>{}</ul>",
        '<div class="pagination" id="page" rows="{size}" count="{count}" pageNo="{page}" queryData="{{}}"></div>',
        _QUERY,
    ),
    _Skin(
        _news,
        "<div class='page-content'><ul>{}</ul></div>",
        "<div id='autUDB_pagination' queryData=\"{{'rows':'{size}','count':'{count}','pageNo':'{page}'}}\"></div>",
        _QUERY.replace("'", "&quot;"),
    ),
    _Skin(
        _cells,
        "<table><tr><th>日期</th><th>标题</th></tr>{}</table>",
        '<DIV CLASS="pagination" COUNT="{count}" ROWS="{size}"><a href="javascript:void(0)">下一页</a></DIV>',
        "{{ 'pageId': '{page}', 'tagId': '{tag}', 'tplSetId': '" + _TEMPLATES + "', 'webId': " + _SITE + ","
        " 'parseType': 'buildstatic' }}",
    ),
    _Skin(
        _boxes,
        '<div class="lists">{}</div>',
        '<div class="pagination" rows="{size}" count="{count}" pageNo="{page}"></div>',
        _QUERY,
        bare=True,
    ),
)  # fmt: skip


PORTAL = PracticePortal("jpaas", "试练市人民政府（练习）", "330499", "3304990001", build)
