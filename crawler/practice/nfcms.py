"""A portal of NFCMS, the CMS beside gkmlpt on Guangdong's sites, with the traps of the real ones.

``/postmeta/i/<column>.json`` holds a column whole: its children (a gazette's years, their issues) and its articles. A
list page names its column in a script; one that does not is paged as ``index.html``, ``index_2.html``, and 404 behind
the last, or before it. Details are ``content/post_<id>.html``, their files linked as 点击下载 at https addresses that
answer over http only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, stated
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
)
from crawler.practice.pdf import attachment_truth
from crawler.practice.services import Object, as_json, backwards, detail_pages, seconds

_SITE_ID = 499_101
_FIRST_ID = 8_300_000
_SIZE = 10  # rows of a list page
_ROWS = {1: markup.list_date_first, 2: markup.list_table, 3: markup.list_table_date_first}
_LABELS = (
    ("文号", "doc_number"), ("发文单位", "issuer"), ("成文日期", "date_made"), ("有效性", "validity"),
)  # fmt: skip
Away = tuple[str, str, str]  # URL, title, day


@dataclass(frozen=True, slots=True)
class _Column:
    """A column; ``id`` 0: no page of the portal names it, and there is no JSON."""

    path: str
    id: int
    name: str
    why: str
    entry: str = ""  # where it stands in the portal file; empty: its own list page
    broken: bool = False  # whether list pages after the first are 404
    kept_back: int = 0  # articles that its JSON counts and does not hold
    external: tuple[Away, ...] = ()


_RULES = _Column(
    "/zwgk/gfxwj/", 150_493, "规范性文件", "its JSON holds all; one row leads off the site",
    external=(("https://mp.weixin.example/s/Qb7Lm2", "一图读懂《楷模市行政规范性文件管理办法》", "2020-08-30"),),
)  # fmt: skip
_GAZETTE = _Column("/zfgb/", 101_619, "政府公报", "")
_YEARS = {101_700: ("2014年", (101_701, 101_702)), 101_800: ("2012年", (101_801,))}
_ISSUES = tuple(
    _Column(f"/zfgb/gb{number}/", number, f"{year}第{place}期", "an issue of the gazette", entry=_GAZETTE.path)
    for year, issues in _YEARS.values()
    for place, number in enumerate(issues, 1)
)
_YEARLY = _Column(
    "/zwgk/ndbg/", 61_057, "政府信息公开年报", "entered by its JSON", entry="/postmeta/i/61057.json"
)  # fmt: skip
_NOTICES = _Column("/zwgk/tzgg/", 0, "通知公告", "read to its last page")
_PUBLIC = _Column("/zwgk/gsgg/", 0, "公示公告", "page 2 is 404 while the pager leads to it", broken=True)
_OFFICES = _Column("/zwgk/bmwj/", 61_058, "部门文件", "its JSON counts more than it holds", kept_back=2)


def build(plan: Plan) -> Site:
    stock = editions(notices())
    frame = Frame(
        "楷模市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column in (_RULES, _NOTICES)),
    )  # fmt: skip
    filled = {
        _RULES: take(stock, 20 * plan.scale, plan, _RULES.name),
        **{issue: take(stock, 4, plan, issue.name) for issue in _ISSUES},
        _YEARLY: take(editions(reports(), first=500_001), 7, plan, _YEARLY.name),
        _NOTICES: take(stock, 13 * plan.scale, plan, _NOTICES.name),
        _PUBLIC: take(stock, 12, plan, _PUBLIC.name),
        _OFFICES: take(stock, 8 * plan.scale, plan, _OFFICES.name),
    }
    entries = [_entry(column) for column in filled]
    pages: dict[str, Page] = {
        "/": markup.home(frame, [(column.name, column.path) for column in filled]),
        _GAZETTE.path: markup.still(_list_html(plan, frame, _GAZETTE, (), "")),
        **_gazette_json(plan),
    }
    for column, documents in filled.items():
        shown = () if column.name in plan.emptied else documents
        pages |= _list_pages(plan, frame, column, shown)
        pages |= detail_pages(documents, partial(_path, column), _file_path, partial(_detail_html, frame, plan, column))
        pages |= {_post_path(document): partial(_post_json, document) for document in documents}
        if column.id:
            pages[f"/postmeta/i/{column.id}.json"] = partial(_column_json, plan, column, shown, len(documents))
    listed = {column: documents[:_SIZE] if column.broken else documents for column, documents in filled.items()}
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled.items() for document in documents},
        tuple(("nfcms", plan.origin + path) for path in dict.fromkeys(entries)),
        Truth(
            tuple(_column_truth(plan, column, len(documents)) for column, documents in filled.items()),
            tuple(_truth(plan, column, document) for column, documents in listed.items() for document in documents),
            tuple(ExternalRow(url, title, column.name) for column in filled for url, title, _ in column.external),
        ),
    )


def _entry(column: _Column) -> str:
    return column.entry or column.path


def _number(document: PracticeDocument) -> int:
    return _FIRST_ID + document.number * 11


def _path(column: _Column, document: PracticeDocument) -> str:
    return f"{column.path}content/post_{_number(document)}.html"


# --- list pages -----------------------------------------------------------------------------------------------------


def _list_pages(plan: Plan, frame: Frame, column: _Column, documents: Sequence[PracticeDocument]) -> dict[str, Page]:
    start = plan.origin if plan.variation == 1 else ""
    rows = [Row(start + _path(column, d), d.title, d.day_published, d.doc_number) for d in documents]
    batches = [rows[first : first + _SIZE] for first in range(0, len(rows), _SIZE)] or [[]]
    pages: dict[str, Page] = {}
    for number, batch in enumerate(batches[:1] if column.broken else batches, 1):
        name = "index.html" if number == 1 else f"index_{number}.html"
        pager = _pager(number, len(batches))
        pages[column.path + name] = markup.lazily(partial(_list_html, plan, frame, column, batch, pager))
    pages[column.path] = pages[f"{column.path}index.html"]
    return pages


def _list_html(plan: Plan, frame: Frame, column: _Column, rows: Sequence[Row], pager: str) -> str:
    listed = _ROWS.get(plan.variation, markup.list_cut_title)(rows) if rows else '<ul class="list"></ul>'
    script = f'window.NFCMS_SITE_ID={_SITE_ID};window.NFCMS_PUB_TYPE="page";window.NFCMS_PAGE_ID="1458";'
    if column.id and plan.variation in (0, 3):
        script = f'window.NFCMS_SITE_ID={_SITE_ID};window.NFCMS_PUB_TYPE="cat";window.NFCMS_CAT_ID="{column.id}";'
    elif column.id:
        script += f"$.getJSON('/postmeta/i/{column.id}.json', function (res) {{ render(res.articles); }});"
    main = f"""<div class="list-box"><h2>{escape(column.name)}</h2>
{listed}
<div class="page">{pager}</div>
<script>{script}</script><script src="//statistics.example/scripts/s.js" async></script></div>"""
    return frame.page(column.name, main, (("ColumnName", column.name),), ("政府信息公开", column.name))


def _pager(number: int, pages: int) -> str:
    names = ["index.html", *(f"index_{page}.html" for page in range(2, pages + 1))]
    numbers = "".join(f'<a href="{name}">{page}</a>' for page, name in enumerate(names, 1) if page != number)
    before = f'<a class="prev" href="{names[number - 2]}">上一页</a>' if number > 1 else ""
    after = f'<a class="next" href="{names[number]}">下一页</a>' if number < pages else ""
    last = f'<a class="last" href="{names[-1]}">尾页</a>'
    return f'<a class="first" href="index.html">首页</a>{before}{numbers}{after}{last}'


# --- columns as JSON ------------------------------------------------------------------------------------------------


def _gazette_json(plan: Plan) -> dict[str, Page]:
    """The gazette: years, then issues; neither holds an article itself."""
    years = [_child(plan, number, name, 8) for number, (name, _) in _YEARS.items()]
    nodes = {_GAZETTE.id: (_GAZETTE.name, years)}
    for number, (name, issues) in _YEARS.items():
        nodes[number] = (name, [_child(plan, column.id, column.name, 4) for column in _ISSUES if column.id in issues])
    return {
        f"/postmeta/i/{number}.json": _still_json(plan, _node(plan, number, name, children, [], 0))
        for number, (name, children) in nodes.items()
    }


def _still_json(plan: Plan, node: Object) -> Page:
    return lambda _: as_json(backwards(node) if plan.variation == 3 else node)


def _child(plan: Plan, number: int, name: str, count: int) -> Object:
    return {
        "id": str(number) if plan.variation == 2 else number,
        "name": name,
        "pub_point": f"zfgb/gb{number}",
        "publish_count": count,
    }


def _node(
    plan: Plan, number: int, name: str, children: Sequence[Object], articles: Sequence[Object], count: int
) -> Object:
    about = _child(plan, number, name, count)
    node: Object = {"updated": "2026-09-30 10:11:12", "category": about, "children": children, "articles": articles}
    if plan.variation == 2:  # says of itself what it is, and leaves out what it has not
        node = about | {"children": children} if children else about | {"articles": articles}
    return node


def _column_json(plan: Plan, column: _Column, documents: Sequence[PracticeDocument], count: int, _: object) -> Answer:
    articles = [_article(plan, column, document) for document in documents]
    articles[1:1] = [
        {"id": 9_990_001, "title": title, "url": url, "date": day, "json_ext": "[]"}
        for url, title, day in (column.external if documents else ())
    ]
    node = _node(plan, column.id, column.name, (), articles, count + len(column.external) + column.kept_back)
    return as_json(backwards(node) if plan.variation == 3 else node)


def _article(plan: Plan, column: _Column, document: PracticeDocument) -> Object:
    path = _path(column, document)
    further = {"EXT_sx": "无效" if document.validity == "失效" else "有效", "EXT_type": "政府规章"}
    if document.doc_number:
        further |= {"EXT_zh": document.doc_number, "EXT_fwdw": document.issuer}
    article: Object = {
        "id": _number(document),
        "title": document.title.replace("关于", "<br/>关于", 1),
        "source": document.publisher,
        "abstract": document.abstract,
        "date": document.day_published,
        "created_at": document.date_published + ":31",
        "visible_publish_time": seconds(document.date_published),
        "json_ext": json.dumps(further, ensure_ascii=False),
        "url": path if plan.variation == 1 else plan.origin + path,
    }
    if plan.variation == 1:
        del article["date"], article["created_at"]
    if plan.variation == 3:
        article = {"post_url": article.pop("url"), **article}
    return article if plan.variation == 2 else article | dict(further)


# --- details --------------------------------------------------------------------------------------------------------


def _post_path(document: PracticeDocument) -> str:
    number = _number(document)
    return f"/postmeta/p/{number // 1_000_000}/{number // 1000}/{number}.json"


def _post_json(document: PracticeDocument, _: object) -> Answer:
    content = body_html(document, "<p>{}</p>")
    return as_json({"id": _number(document), "title": document.title, "content": content, "attachment": []})


def _file_path(document: PracticeDocument, number: int) -> str:
    file = 204_000 + document.number * 3 + number
    return f"/attachment/0/{file // 1000}/{file}/{_number(document)}.pdf"


def _https(plan: Plan, path: str) -> str:
    return f"https://{plan.origin.partition('://')[2]}{path}"


def _detail_html(frame: Frame, plan: Plan, column: _Column, document: PracticeDocument) -> str:
    values = stated(document, [field for _, field in _LABELS])
    head = "".join(f"<li><span>{label}：</span>{escape(values.get(field, ''))}</li>" for label, field in _LABELS)
    files = "".join(
        f'<p><a class="nfw-cms-attachment" href="{escape(_https(plan, _file_path(document, number)))}"'
        f' alt="{escape(name)}">点击下载</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""<div class="news_cont_d">
<h4 class="news_title">{escape(document.title)}</h4>
<div class="news_date">发布时间：{document.date_published}　来源：{escape(document.publisher)}</div>
{f'<ul class="wjxx">{head}</ul>' if column.id else ""}
<div class="news_cont_d_wrap">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{files}
</div></div>
<script>window.NFCMS_SITE_ID={_SITE_ID};window.NFCMS_PUB_TYPE="post";window.NFCMS_POST_ID="{_number(document)}";</script>"""
    metas = (*article_metas(document, column.name), ("ArticleId", str(_number(document))))
    return frame.page(document.title, main, metas, ("政府信息公开", column.name))


def _column_truth(plan: Plan, column: _Column, documents: int) -> ColumnTruth:
    total = documents + len(column.external) + column.kept_back
    listed = min(documents, _SIZE) if column.broken else total - column.kept_back
    end = WalkEnd.PAGE_FAILED if column.kept_back else WalkEnd.PAGE_MISSING if column.broken else WalkEnd.LAST_PAGE
    url = f"{plan.origin}{_entry(column)}#{column.id}" if column.id else plan.origin + column.path
    return ColumnTruth(column.name, url, total if column.id else None, listed, end, column.why)


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    labels = [field for _, field in _LABELS] if column.id else []
    values = stated(document, ("title", "date_published", "keywords", "abstract", *labels))
    files = tuple(
        attachment_truth(document, name, _https(plan, _file_path(document, number)))
        for number, name in enumerate(document.attachments)
    )
    return DocumentTruth(document, plan.origin + _path(column, document), (column.name,), values, files)


PORTAL = PracticePortal("nfcms", "楷模市人民政府（练习）", "440599", "4405990001", build)
