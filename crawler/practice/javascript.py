"""A portal whose pages only scripts fill, with what such pages bring along. It takes a browser to crawl.

One column turns its pages by address and has documents as any server renders them; one turns them by a click and has
its documents filled by a script as well; of one the service fails, and an empty list is not the truth. Every page also
wants a script, a picture, a frame, a socket and more from a foreign host (this portal's port under the name
``localhost``, so that :attr:`RunningPortal.requests` shows it), asks a counter again and again, misses a script, and
shows a picture that robots.txt may forbid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, take
from crawler.practice.markup import Frame, article_metas, body_html, file_page, lazily, stated, still
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
from crawler.practice.services import Object, as_json, page_of

_LABELS = (
    ("索引号", "index_number"), ("发布机构", "publisher"), ("文号", "doc_number"), ("成文日期", "date_made"),
    ("发布日期", "date_published"), ("主题分类", "topic_category"),
)  # fmt: skip
_PARAGRAPH = "<p>　　{}</p>"


@dataclass(frozen=True, slots=True)
class _Column:
    path: str
    name: str
    size: int  # rows of a page
    browser: str | bool  # what the portal file says
    script: str
    end: WalkEnd
    why: str
    external: tuple[tuple[str, str, str], ...] = ()  # (URL, title, day)


_BY_ADDRESS = _Column(
    "/zwgk/zfwj/", "政府文件", 6, "lists", "by-address.js", WalkEnd.LAST_PAGE,
    "rows by a script, pages by their address, documents by the server; one row leads off the site",
    external=(("http://www.province.example/zwgk/202007/t20200714_88012.html",
               "省人民政府办公厅关于全面推进基层政务公开标准化规范化工作的实施意见", "2020-07-14"),),
)  # fmt: skip
_BY_CLICK = _Column(
    "/zwgk/tzgg/", "通知公告", 3, True, "by-click.js", WalkEnd.LAST_PAGE, "rows, pages and documents by scripts"
)
_FAILING = _Column(
    "/zwgk/ghjh/", "规划计划", 6, "lists", "by-address.js", WalkEnd.PAGE_FAILED, "the service behind the list fails"
)

# How rows are drawn and what turns a page, in the usual skin and three others. A title's characters need no escaping.
_SKINS = (
    (
        "r => `<li><a href='${r.url}' title='${r.title}'>${r.title.slice(0, 24)}</a><span>${r.date}</span></li>`",
        "<span>共 ${total} 条</span> <a href='javascript:;' class='${last ? 'disabled' : 'next'}'>下一页</a>",
    ),
    (
        "r => `<li><span>[${r.date}]</span><a href='${r.url}'>${r.title}</a></li>`",
        "<button type='button' ${last ? 'disabled' : ''}>下一页 &gt;</button>",
    ),
    (
        "r => `<li><a href='${r.url}'>${r.title}</a><i>${r.date.replaceAll('-', '/')}</i></li>`",
        "${last ? '' : '<div>加载更多</div>'}",
    ),
    (
        "r => `<li><a target='_blank' href='${r.url}'><em>${r.title}</em></a> ${r.date}</li>`",
        "<span class='count'>共 ${total} 条</span><a class='page-next ${last ? 'page-disabled' : ''}'>下一页</a>",
    ),
)

_SCRIPTS = {
    "by-address.js": """
const list = document.getElementById("list"), at = Number(new URLSearchParams(location.search).get("page") || 1);
fetch(`/api/list?column=${list.dataset.column}&page=${at}`).then(answer => answer.json()).then(found => {
  list.innerHTML = found.rows.map(ROW).join("");
  document.getElementById("pager").innerHTML = `共 ${found.total} 条 第 ${at}/${found.pages} 页 ` +
    (at < found.pages ? `<a href="?page=${at + 1}">下一页</a>` : "<span>下一页</span>");
});
""",
    "by-click.js": """
document.cookie = "visitor=by-script; path=/";
const list = document.getElementById("list"), pager = document.getElementById("pager");
function show(at) {
  const request = new XMLHttpRequest();
  request.open("POST", "/api/search");
  request.setRequestHeader("Content-Type", "application/json");
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.onload = () => {
    const found = JSON.parse(request.responseText), total = found.total, last = at >= found.pages;
    const drawn = found.rows.map(ROW).join("");
    list.innerHTML = MORE ? list.innerHTML + drawn : drawn;
    pager.innerHTML = `TURN`;
    const turn = pager.lastElementChild;
    if (turn && !last) turn.addEventListener("click", () => setTimeout(show, 100, at + 1));
  };
  request.send(JSON.stringify({column: list.dataset.column, page: at}));
}
window.addEventListener("load", () => show(1));
""",
    "document.js": """
fetch("/api/document" + location.search).then(answer => answer.json()).then(found => {
  document.title = found.title;
  document.getElementById("article").innerHTML = found.html;
});
""",
    "visits.js": """
setInterval(() => fetch("/api/visits?t=" + Date.now()), 100);
navigator.sendBeacon("FOREIGN/beacon", location.href);
new WebSocket("FOREIGN/socket".replace("http", "ws"));
window.open("FOREIGN/advertisement.html");
""",
    "count.js": 'document.documentElement.dataset.counted = "yes";\n',
}
_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00"
    b"\x01\x00\x00\x02\x02D\x01\x00;"
)


def build(plan: Plan) -> Site:
    stock = editions(notices())
    filled = (
        (_BY_ADDRESS, take(stock, 14 * plan.scale, plan, _BY_ADDRESS.name)),
        (_BY_CLICK, take(stock, 8 * plan.scale, plan, _BY_CLICK.name)),
        (_FAILING, ()),
    )
    frame = Frame(
        "模拟市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column, _ in filled),
    )  # fmt: skip
    pages: dict[str, Page] = {"/": markup.home(frame, [(column.name, column.path) for column, _ in filled])}
    pages |= _assets(plan) | _services(plan, filled)
    pages["/zwgk/endless.html"] = still(frame.page("", "<script>while (true) {}</script>"))
    for column, documents in filled:
        pages[column.path] = still(_list_html(plan, frame, column))
        for document in documents:
            if column is _BY_ADDRESS:
                pages[_path(column, document)] = lazily(partial(_detail_html, plan, frame, document))
            for number, name in enumerate(document.attachments):
                pages[_file_path(document, number)] = file_page(document, name)
    pages[f"{_BY_CLICK.path}detail.html"] = still(_shell_html(plan, frame))
    return Site(
        pages,
        {_path(_BY_ADDRESS, document): document.key for document in filled[0][1]},
        tuple(("static", plan.origin + column.path) for column, _ in filled),
        Truth(
            tuple(_column_truth(plan, column, len(documents)) for column, documents in filled),
            tuple(_truth(plan, column, document) for column, documents in filled for document in documents),
            tuple(ExternalRow(url, title, column.name) for column, _ in filled for url, title, _ in column.external),
        ),
        posts=frozenset({"/api/search"}),
        browser={plan.origin + column.path: column.browser for column, _ in filled},
    )


def foreign(origin: str) -> str:
    """The host of somebody else: the same port under another name, so that what it is asked can be seen."""
    return origin.replace("127.0.0.1", "localhost")


def _path(column: _Column, document: PracticeDocument) -> str:
    return column.path + (f"{document.number}.html" if column is _BY_ADDRESS else f"detail.html?id={document.number}")


def _file_path(document: PracticeDocument, number: int) -> str:
    return f"/files/{document.number:06d}{number}.pdf"


# --- what the browser loads -----------------------------------------------------------------------------------------


def _assets(plan: Plan) -> dict[str, Page]:
    row, turn = _SKINS[plan.variation]
    words = {
        "ROW": row,
        "TURN": turn,
        "MORE": "true" if plan.variation == 2 else "false",
        "FOREIGN": foreign(plan.origin),
    }

    def script(text: str) -> Answer:
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        return Answer(text, mime="text/javascript")

    pages: dict[str, Page] = {f"/js/{name}": partial(_always, script(text)) for name, text in _SCRIPTS.items()}
    style = Answer("body { background: url(/images/back.gif) }", mime="text/css")
    picture = Answer(_PIXEL, mime="image/gif")
    pages |= {path: partial(_always, picture) for path in ("/images/back.gif", "/admin/seal.gif")}
    return pages | {"/images/common.css": partial(_always, style)}


def _always(answer: Answer, _: Visit) -> Answer:
    return answer


def _services(plan: Plan, filled: Sequence[tuple[_Column, Sequence[PracticeDocument]]]) -> dict[str, Page]:
    columns = {column.path: (column, _rows(plan, column, documents)) for column, documents in filled}
    documents = {str(document.number): document for document in filled[1][1]}

    def batch(path: str, number: str) -> Answer:
        column, rows = columns[path]
        pages = -(-len(rows) // column.size)
        return as_json({"total": len(rows), "pages": pages, "rows": page_of(rows, number, column.size)})

    def listed(visit: Visit) -> Answer:
        failing = visit.query["column"] == _FAILING.path
        return Answer("out of order", 500) if failing else batch(visit.query["column"], visit.query["page"])

    def searched(visit: Visit) -> Answer:
        """Only for who has run the page's script, and asks as it does."""
        known = "visitor=by-script" in visit.headers.get("cookie", "") and "x-requested-with" in visit.headers
        return batch(visit.json["column"], str(visit.json["page"])) if known else Answer("who are you?", 400)

    def document(visit: Visit) -> Answer:
        found = documents.get(visit.query["id"])
        return as_json({"title": found.title, "html": _article_html(found)}) if found else Answer("none", 404)

    def visits(_: Visit) -> Answer:
        return as_json({"visits": 20371})

    return {"/api/list": listed, "/api/search": searched, "/api/document": document, "/api/visits": visits}


def _rows(plan: Plan, column: _Column, documents: Sequence[PracticeDocument]) -> list[Object]:
    shown = () if column.name in plan.emptied else documents
    rows: list[Object] = [{"title": d.title, "url": _path(column, d), "date": d.day_published} for d in shown]
    rows[1:1] = [{"title": title, "url": url, "date": day} for url, title, day in column.external]
    return rows


# --- pages ----------------------------------------------------------------------------------------------------------


def _page(plan: Plan, frame: Frame, title: str, main: str, *scripts: str, metas: markup.Pairs = ()) -> str:
    """A page with what every page here wants besides its own."""
    host = foreign(plan.origin)
    loaded = "\n".join(f'<script src="/js/{name}"></script>' for name in (*scripts, "visits.js", "missing.js"))
    company = f"""<link rel="preconnect" href="{host}"><link rel="prefetch" href="{host}/next.html">
<script src="{host}/js/count.js"></script>
<img src="{host}/pixel.gif"><img src="/admin/seal.gif"><iframe src="{host}/share.html"></iframe>"""
    return frame.page(title, f"{main}\n{company}\n{loaded}", metas, ("政务公开", title))


def _list_html(plan: Plan, frame: Frame, column: _Column) -> str:
    main = f"""<h2>{escape(column.name)}</h2>
<ul id="list" class="list" data-column="{column.path}"></ul><div id="pager" class="pager"></div>"""
    return _page(plan, frame, column.name, main, column.script, metas=(("ColumnName", column.name),))


def _detail_html(plan: Plan, frame: Frame, document: PracticeDocument) -> str:
    metas = article_metas(document, _BY_ADDRESS.name)
    return _page(plan, frame, document.title, _article_html(document), metas=metas)


def _shell_html(plan: Plan, frame: Frame) -> str:
    return _page(plan, frame, "", '<div id="article">正在加载……</div>', "document.js")


def _article_html(document: PracticeDocument) -> str:
    values = stated(document, [field for _, field in _LABELS])
    cells = "".join(f"<tr><th>{label}</th><td>{escape(values.get(field, ''))}</td></tr>\n" for label, field in _LABELS)
    files = "".join(
        f'<p>附件：<a href="{_file_path(document, number)}">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    return f"""<table class="xxgk-table"><tbody>
{cells}</tbody></table>
<h1>{escape(document.title)}</h1>
<div class="article-content">
{body_html(document, _PARAGRAPH)}
</div>
<div class="fujian">{files}</div>"""


def _column_truth(plan: Plan, column: _Column, held: int) -> ColumnTruth:
    listed = held + len(column.external)
    counts = column is _BY_ADDRESS or (column is _BY_CLICK and plan.variation in (0, 3))
    declared = listed if counts else None
    return ColumnTruth(column.name, plan.origin + column.path, declared, listed, column.end, column.why)


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    fields = ("title", *(("keywords", "abstract") if column is _BY_ADDRESS else ()), *(field for _, field in _LABELS))
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(document, number))
        for number, name in enumerate(document.attachments)
    )
    url = plan.origin + _path(column, document)
    return DocumentTruth(document, url, (column.name,), stated(document, fields), files)


PORTAL = PracticePortal("javascript", "模拟市人民政府（练习）", "370499", "3704990001", build)
