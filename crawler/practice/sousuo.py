"""A library of policy documents with a search service, as the State Council has it, with its traps.

A library's page is a frame without a word in it; ``/search-gov/data`` answers for all of them, told apart by ``t``.
One answers in groups, each with its own total beside a total of 0; one counts more rows than it gives. A query with
``type`` is told that there is nothing. Titles have marks of the search in them, times are texts, milliseconds, 0 or
missing. Details are of two templates: ``/zhengce/content/…`` with a table of metadata, ``/zhengce/…`` without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, article_metas, body_html, stated
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
from crawler.practice.services import Object, as_json, backwards, detail_pages, page_of, seconds

ENTRY = "/zcwjk/policyDocumentLibrary"
SERVICE = "/search-gov/data"
_MOST = 20  # rows of a page, however many are asked for
_LABELS = (
    ("索　引　号：", "index_number"), ("主题分类：", "topic_category"),
    ("发文机关：", "issuer"), ("成文日期：", "date_made"),
    ("标　　题：", "title"), ("发文字号：", "doc_number"),
    ("发布日期：", "date_published"), ("主　题　词：", "keywords"),
)  # fmt: skip
_FRAME = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>国务院政策文件库</title>
<script defer="defer" src="/zcwjk/js/chunk-vendors.js"></script></head><body><div id="app"></div></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Library:
    t: str
    name: str
    why: str
    groups: tuple[str, ...] = ()
    kept_back: int = 0  # rows that the total counts and no page gives
    external: tuple[tuple[str, str, str], ...] = ()  # (URL, title, day)

    @property
    def entry(self) -> str:
        return f"{ENTRY}?t={self.t}"


_STATE = _Library(
    "zhengcelibrary_gw", "国务院文件", "read to its last page; one row leads off the site",
    external=(("http://www.ministry.example/art/2020/7/1/a71.html", "关于学习国务院文件精神的通知", "2020-07-01"),),
)  # fmt: skip
_MINISTRIES = _Library(
    "zhengcelibrary_bm", "国务院部门文件", "the total is larger than what all pages give", kept_back=4
)
_ALL = _Library(
    "zhengcelibrary", "政策文件库", "in groups, each with its own total, read to the end of the longest",
    groups=("gongwen", "gongbao"),
)  # fmt: skip


def build(plan: Plan) -> Site:
    stock = editions(notices())
    frame = Frame(
        "国家政务网", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((library.name, library.entry) for library in (_STATE, _MINISTRIES)),
    )  # fmt: skip
    filled = {
        _STATE: take(stock, 24 * plan.scale + 1, plan, _STATE.name),
        _MINISTRIES: take(stock, 22 * plan.scale, plan, _MINISTRIES.name),
        _ALL: (
            *take(stock, 10, plan, _ALL.name),
            *take(editions(reports(), first=500_001), 7, plan, _ALL.name),
        ),
    }
    pages: dict[str, Page] = {
        "/": markup.home(frame, [(f"政府信息公开：{library.name}", library.entry) for library in filled]),
        ENTRY: markup.still(_FRAME),
    }
    lists: dict[str, tuple[_Library, list[Object]]] = {}
    for library, documents in filled.items():
        rows = [_row(plan, document) for document in documents]
        rows[1:1] = [_away(*row) for row in library.external]
        lists[library.t] = (library, [] if library.name in plan.emptied else rows)
        pages |= detail_pages(documents, _path, _file_path, partial(_detail_html, frame, library))
    pages[SERVICE] = partial(_service, plan, lists)
    return Site(
        pages,
        {_path(document): document.key for documents in filled.values() for document in documents},
        tuple(("sousuo", plan.origin + library.entry) for library in filled),
        Truth(
            tuple(_column_truth(plan, library, len(documents)) for library, documents in filled.items()),
            tuple(_truth(plan, library, document) for library, documents in filled.items() for document in documents),
            tuple(ExternalRow(url, title, library.name) for library in filled for url, title, _ in library.external),
        ),
    )


def _path(document: PracticeDocument) -> str:
    month = document.date_published[:7].replace("-", "")
    folder = f"content/{month}" if document.doc_number else month
    return f"/zhengce/{folder}/content_{5_350_000 + document.number}.htm"


# --- the service ----------------------------------------------------------------------------------------------------


def _row(plan: Plan, document: PracticeDocument) -> Object:
    path = _path(document)
    url = {1: "//" + plan.origin.partition("://")[2] + path, 2: path}.get(plan.variation, plan.origin + path)
    row: Object = {
        "id": str(5_350_000 + document.number),
        "title": document.title.replace("信息", "<em>信息</em>"),
        "url": url,
        "pcode": document.doc_number,
        "puborg": document.issuer,
        "index": document.index_number,
        "childtype": document.topic_category,
        "summary": f"<em>信息</em>{document.abstract}",
        "pubtime": seconds(document.date_published) * 1000,
        "pubtimeStr": document.day_published.replace("-", "."),
        "ptime": seconds(document.day_published) * 1000,
    }
    if plan.variation == 2:
        row["pubtimeStr"] = None
    if plan.variation == 3:
        row |= {"pubtimeStr": None, "pubtime": 0}
        del row["puborg"], row["index"]
    return row


def _away(url: str, title: str, day: str) -> Object:
    return {"title": title, "url": url, "pubtimeStr": day.replace("-", "."), "pcode": ""}


def _service(plan: Plan, lists: Mapping[str, tuple[_Library, list[Object]]], visit: Visit) -> Answer:
    if visit.query.get("t") not in lists:
        return as_json({"code": 500, "msg": "参数错误"})
    if visit.query.get("type"):
        return as_json({"code": 200, "msg": "操作成功", "searchVO": {"totalCount": 0, "listVO": None}})
    library, rows = lists[visit.query["t"]]
    number, asked = visit.query.get("p", "1"), visit.query.get("n", "5")
    size = min(int(asked) if asked.isdecimal() else 5, _MOST)
    names = library.groups or (("gongwen",) if plan.variation == 3 else ())
    if names:
        groups = {
            name: _block(library, rows[place :: len(names)], number, size) | {"catName": name}
            for place, name in enumerate(names)
        }
        body: Object = {"searchVO": {"totalCount": 0, "catMap": groups}}
        if plan.variation == 2:
            body = {"catMap": groups}
    else:
        body = {"searchVO": _block(library, rows, number, size) | {"catMap": None}}
    answer: Object = {"code": "200" if plan.variation == 2 else 200, "msg": "操作成功", **body, "paramsVO": {}}
    return as_json(backwards(answer) if plan.variation == 1 else answer)


def _block(library: _Library, rows: Sequence[Object], number: str, size: int) -> Object:
    total = len(rows) + library.kept_back
    shown = list(page_of(rows, number, size))
    return {"totalCount": total, "totalpage": -(-total // size), "currentPage": int(number), "listVO": shown}


# --- details --------------------------------------------------------------------------------------------------------


def _file_path(document: PracticeDocument, number: int) -> str:
    return f"{_path(document).removesuffix('.htm')}/files/{document.number:06d}{number}.pdf"


def _detail_html(frame: Frame, library: _Library, document: PracticeDocument) -> str:
    files = "".join(
        f'<p><a href="{_file_path(document, number)}">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""{_table(document) if document.doc_number else _head(document)}
<div class="pages_content" id="UCAP-CONTENT">
{body_html(document, '<p style="text-indent: 2em; font-size: 12pt;">{}</p>')}
{files}
</div>"""
    metas = (
        ("manuscriptId", str(document.number)),
        ("firstpublishedtime", document.date_published.replace(" ", "-") + ":00"),
        ("lanmu", library.name),
        *article_metas(document, library.name, dated=False),
    )
    return frame.page(document.title, main, metas, ("政策", library.name))


def _table(document: PracticeDocument) -> str:
    """The template of documents with 文号, whose title stands in its table and above the text."""
    values = stated(document, [field for _, field in _LABELS])
    cells = [f"<td><b>{label}</b></td><td>{escape(values.get(field, ''))}</td>" for label, field in _LABELS]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f'<table class="bd1"><tbody>\n{lines}\n</tbody></table>\n<h1 class="title">{escape(document.title)}</h1>'


def _head(document: PracticeDocument) -> str:
    return f"""<h1 id="ti">{escape(document.title)}</h1>
<div class="pages-date">{document.date_published} <span class="font">来源：{escape(document.publisher)}</span></div>"""


def _column_truth(plan: Plan, library: _Library, documents: int) -> ColumnTruth:
    listed = documents + len(library.external)
    end = WalkEnd.STUB_PAGE if library.kept_back else WalkEnd.LAST_PAGE
    return ColumnTruth(library.name, plan.origin + library.entry, listed + library.kept_back, listed, end, library.why)


def _truth(plan: Plan, library: _Library, document: PracticeDocument) -> DocumentTruth:
    fields = [field for _, field in _LABELS] if document.doc_number else ["title", "date_published"]
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(document, number))
        for number, name in enumerate(document.attachments)
    )
    return DocumentTruth(document, plan.origin + _path(document), (library.name,), stated(document, fields), files)


PORTAL = PracticePortal("sousuo", "国家政务网（练习）", "110499", "bm99000001", build)
