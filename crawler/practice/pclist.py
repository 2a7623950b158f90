"""A portal of lists that stand as JSON in the page, ``…/pc/list.html``, with the traps of the real ones.

Rows with ``urls`` as a string that holds JSON, files named by their host and path, a second list of another column
beside the first, one column that declares more rows than it embeds. The firewall answers 405 to Python's libraries.
"""

import json
import re
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, lazily
from crawler.practice.model import Answer, Page, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.services import Object, backwards
from crawler.practice.shelf import Entry, Labels, Links, Shelf, site

SITE = "flsrmzf"
_DECLARED = 40  # rows of the column that embeds fewer
_LABELS: Labels = (
    ("索 引 号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"), ("文　号", "doc_number"),
    ("成文日期", "date_made"), ("发布日期", "date_published"), ("有效性", "validity"),
    ("公开方式", "disclosure_method"),
)  # fmt: skip
_LIBRARIES = re.compile(r"python|scrapy|aiohttp|httpx", re.IGNORECASE)
_REFUSED = Answer("<html><head><title>405</title></head><body><h1>405 Not Allowed</h1></body></html>", 405)


def build(plan: Plan) -> Site:
    frame = Frame(
        "范例市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("规范性文件", _list_path("gfxwj")),)
    )
    stock = editions(notices())
    away = Row("http://www.province.example/jxsrmzf/c38712/pc/content/content_1874305520013479936.html",
               "省人民政府办公厅关于印发政府网站工作年度报表填报要求的通知", "2020-09-16")  # fmt: skip
    shelves = (
        _shelf("gfxwj", "规范性文件", take(stock, 17 * plan.scale, plan, "规范性文件"),
               "all rows in the page; one leads off the site", external=(away,)),
        _shelf("zfxxgknb", "政府信息公开年报", take(editions(reports(), 500_001), 7, plan, "政府信息公开年报"),
               "all rows in the page"),
        _shelf("tzgg", "通知公告", take(stock, 13, plan, "通知公告"),
               f"declares {_DECLARED} rows and embeds fewer; the rest only its own script could ask for",
               end=WalkEnd.PAGE_FAILED, declared=_DECLARED),
    )  # fmt: skip
    aside = shelves[2].entries(plan)[:2]
    lists: dict[str, Page] = {
        shelf.url: lazily(partial(_list_html, plan, frame, shelf, aside if shelf is shelves[0] else []))
        for shelf in shelves
    }
    built = site(plan, "pclist", frame, shelves, lists, partial(_detail, frame))
    guarded = {path: partial(_guarded, page) for path, page in built.pages.items()}
    return Site(guarded, built.keys, built.entries, built.truth)


def _list_path(channel: str) -> str:
    return f"/{SITE}/{channel}/pc/list.html"


def _id(document: PracticeDocument) -> str:
    return str(2_058_746_804_000_000_000 + document.number * 7_919)


def _shelf(
    channel: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    declared: int | None = None,
    external: tuple[Row, ...] = (),
) -> Shelf:
    def page(document: PracticeDocument) -> str:
        return f"/{SITE}/{channel}/pc/content/content_{_id(document)}.html"

    def file(document: PracticeDocument, place: int) -> str:
        return f"/{SITE}/{channel}/{_id(document)}/2FdILM{place}d.pdf"

    return Shelf(name, _list_path(channel), documents, page, file, _LABELS, why, end, declared, external)


def _guarded(page: Page, visit: Visit) -> Answer:
    return _REFUSED if _LIBRARIES.search(visit.headers.get("user-agent", "")) else page(visit)


def _list_html(plan: Plan, frame: Frame, shelf: Shelf, aside: list[Entry]) -> str:
    entries = [] if shelf.name in plan.emptied else shelf.entries(plan)
    rows, others = (_json([_row(plan, shelf, entry) for entry in found]) for found in (entries, aside))
    total = shelf.declared or len(rows)
    script = (
        f"var hot = {{articleList: {others}}}; var listData = {{ articleList: {rows}, pageSize: 15 }};"
        + (f"var page = {{total: {shelf.declared}}};" if shelf.declared else ""),
        f"var articleList = {rows};"
        + (f"var totalCount = '{total}', totalPage = {total // 15 + 1};" if shelf.declared else ""),
        f'window.pageData = {{"pageSize": "15", "articleList": {rows}'
        + (f', "totalCount": "{shelf.declared}"' if shelf.declared else "")
        + "};",
        f"const state = {{'articleList' : {rows}}}; render(state);"
        + (f"state.total = {shelf.declared};" if shelf.declared else ""),
    )[plan.variation]
    main = f"""<div class="list-box"><h2>{escape(shelf.name)}</h2><ul id="list"></ul><div id="page"></div></div>
<script>{script}</script>
<script src="/{SITE}/pc/js/list.js"></script>"""
    return frame.page(shelf.name, main, (("ColumnName", shelf.name),), ("政府信息公开", shelf.name))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _row(plan: Plan, shelf: Shelf, entry: Entry) -> object:
    row, document = entry
    urls: object = {"pc": row.href, "mobile": row.href.replace("/pc/", "/mobile/")}
    if plan.variation != 2:
        urls = json.dumps(urls)
    found: Object = {
        "title": row.title,
        "pubDate": document.date_published if document else row.date,
        "urls": urls,
        "contentSource": document.publisher if document else "省人民政府办公厅",
        "summary": '附件见 ]} "下载"</a>',
        "metadata": {"gkfs": document.disclosure_method, "px": 0} if document else {},
        "id": _id(document) if document else "1874305520013479936",
    }
    if plan.variation == 3:
        found = {"title": row.title, "pubDate": f"{found['pubDate']}:07", "urls": urls, "metadata": None}
    elif document:
        found["articleFiles"] = [_file(plan, path, name) for path, name in shelf.links(document)]
    return backwards(found) if plan.variation else found


def _file(plan: Plan, path: str, name: str) -> Object:
    """As 自贡 names a file, and as niccs.org.cn does."""
    if plan.variation == 1:
        return {"cover": path, "fileName": name}
    number = {"fileId": path.split("/")[3]} if plan.variation == 0 else {}
    return {"fileName": name, "domainName": plan.origin, "filePath": path, **number}


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    cells = [f"<th>{label}：</th><td>{escape(value)}</td>" for label, value in shelf.stated(document)]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    files = "".join(f'<li><a href="{path}" download="{escape(name)}">{escape(name)}</a></li>' for path, name in links)
    main = f"""<table class="xxgk-info"><tbody>
{lines}
</tbody></table>
<div class="article-box">
<h1 class="article-title">{escape(document.title)}</h1>
<div class="article-info"><span>发布时间：{document.date_published}</span>
<span>来源：{escape(document.publisher)}</span></div>
<div class="article-content">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
</div>
<ul class="article-files">{files}</ul>
</div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


PORTAL = PracticePortal("pclist", "范例市人民政府（练习）", "360999", "3609990001", build)
