"""A portal of Hanweb's classic platform (大汉), with the traps of the real ones.

Columns are ``/col/colN/``; their boxes are empty until a script fills them from a datastore in the page and from
``dataproxy.jsp``. One service goes by page and gives again what stood in the page, one by record, one has encrypted
names and says nothing in 54 bytes. The unit differs from column to column, and one page shows two. The disclosure
module gives the rows of all columns. Addresses are of both styles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import md5

from archive.vocabulary import WalkEnd
from crawler.practice.hanweb_pages import (
    AREA,
    GROUP,
    NESTED,
    TABLE,
    Listing,
    Service,
    catalogue_shell,
    column_page,
    detail,
    proxy_page,
    search_page,
    tree_page,
)
from crawler.practice.hanweb_skins import SKINS, Entry, Skin
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, file_page, home, lazily, stated
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

_DATAPROXY = "/module/web/jpage/dataproxy.jsp"
_OLDER = "/module/jpage/dataproxy.jsp"
_DOWNLOAD = "/module/download/downfile.jsp"
_SEARCH, _TREE = "/module/xxgk/search.jsp", "/module/xxgk/tree.jsp"


@dataclass(frozen=True, slots=True)
class _Column:
    number: int
    name: str
    why: str
    fields: tuple[str, ...]  # what its details state, and in which markup
    unit: int = 0  # 0: a column of the disclosure module
    service: Service = Service.BY_PAGE
    proxy: str = _DATAPROXY
    query: str = ""  # of its entry
    category: str = ""  # its code in the disclosure module
    external: tuple[Row, ...] = ()

    @property
    def path(self) -> str:
        return f"/col/col{self.number}/index.html"

    @property
    def end(self) -> WalkEnd:
        return WalkEnd.STUB_PAGE if self.service is Service.ENCRYPTED else WalkEnd.LAST_PAGE


_FILES = _Column(
    26014, "政府文件", "read to its end; a second unit stands on its page, one row leads off the site", TABLE,
    unit=18498, query="?uid=18498&pageNum=1",
    external=(Row("http://www.province.example/art/2020/7/14/art_1544_88012.html",
                  "省人民政府办公厅关于全面推进基层政务公开标准化规范化工作的实施意见", "2020-07-14"),),
)  # fmt: skip
_NOTICES = _Column(
    26021, "通知公告", "read to its end, by record; addresses of two styles", TABLE,
    unit=27258, service=Service.BY_RECORD, proxy=_OLDER,
)  # fmt: skip
_BUDGET = _Column(
    4958, "财政预决算", "behind the records in the page, the service says nothing in 54 bytes", TABLE,
    unit=50649, service=Service.ENCRYPTED,
)  # fmt: skip
_YEARLY = _Column(5011, "政府信息公开年报", "all of it stands in the page", NESTED, unit=50769)
_DISCLOSED = _Column(
    23754, "信息公开目录", "the module gives the rows of other columns too", NESTED, category="A01"
)  # fmt: skip
_RULES = _Column(
    23755, "规范性文件", "a category of the module", NESTED, category="A02",
    query=f"?vc_xxgkarea={AREA}&number=A02&jh=263",
)  # fmt: skip
_COLUMNS = (_FILES, _NOTICES, _BUDGET, _YEARLY, _DISCLOSED, _RULES)


def build(plan: Plan) -> Site:
    stock = editions(notices())
    skin = SKINS[plan.variation]
    frame = Frame(
        "演练市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column in (_FILES, _DISCLOSED)),
    )  # fmt: skip
    filled = {
        _FILES: take(stock, 23 * plan.scale, plan, _FILES.name),
        _NOTICES: take(stock, 15 * plan.scale, plan, _NOTICES.name),
        _BUDGET: take(stock, 15, plan, _BUDGET.name),
        _YEARLY: take(editions(reports(), first=500_001), 5, plan, _YEARLY.name),
        _DISCLOSED: take(stock, 9, plan, _DISCLOSED.name),
        _RULES: take(stock, 8 * plan.scale, plan, _RULES.name),
    }
    listings = [_listing(plan, column, documents) for column, documents in filled.items() if column.unit]
    pages: dict[str, Page] = {"/": home(frame, [(column.name, column.path) for column in filled])}
    for listing in listings:
        shown = (listing, _aside(plan, filled)) if listing.number == _FILES.number else (listing,)
        pages[f"/col/col{listing.number}/index.html"] = lazily(partial(column_page, frame, skin, shown))
    for proxy in (_DATAPROXY, _OLDER):
        pages[proxy] = partial(proxy_page, skin, [one for one in listings if one.proxy == proxy])
    pages |= _module(plan, frame, skin, {c: d for c, d in filled.items() if c.category})
    pages |= _details(frame, filled)
    kept = {c: d[:GROUP] if c.service is Service.ENCRYPTED else d for c, d in filled.items()}
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled.items() for document in documents},
        tuple(("hanweb", plan.origin + column.path + column.query) for column in filled),
        Truth(
            tuple(_column_truth(plan, column, len(documents)) for column, documents in filled.items()),
            tuple(_truth(plan, column, document) for column, documents in kept.items() for document in documents),
            tuple(ExternalRow(row.href, row.title, column.name) for column in filled for row in column.external),
        ),
        posts=frozenset({_DATAPROXY, _OLDER, _SEARCH}),
    )


# --- addresses ------------------------------------------------------------------------------------------------------


def _path(column: _Column, document: PracticeDocument) -> str:
    """Articles of 2020 and later have the newer style, a name of 32 hex digits."""
    year, month, day = (int(part) for part in document.day_published.split("-"))
    name = md5(f"hanweb{document.number}".encode(), usedforsecurity=False).hexdigest()
    if year < 2020 or column is _FILES:
        return f"/art/{year}/{month}/{day}/art_{column.number}_{1_224_000 + document.number}.html"
    return f"/col/col{column.number}/art/{year}/art_{name}.html" if column.category else f"/art/{year}/art_{name}.html"


def _file_path(column: _Column, document: PracticeDocument, number: int) -> str:
    name = md5(f"file{document.number}-{number}".encode(), usedforsecurity=False).hexdigest()
    return f"{_DOWNLOAD}?classid=0&filename={name}.pdf" if column.fields is TABLE else f"/attach/0/{name}.pdf"


def _row(plan: Plan, column: _Column, document: PracticeDocument) -> Row:
    path = _path(column, document)
    written = (path, plan.origin + path, plan.origin.removeprefix("http:") + path, f"../..{path}")[plan.variation]
    return Row(written, document.title, document.day_published, document.doc_number)


# --- pages ----------------------------------------------------------------------------------------------------------


def _listing(plan: Plan, column: _Column, documents: Sequence[PracticeDocument]) -> Listing:
    rows = [_row(plan, column, document) for document in documents]
    rows[3:3] = column.external
    shown = () if column.name in plan.emptied else tuple(rows)
    return Listing(column.number, column.name, column.unit, column.service, column.proxy, shown, len(rows))


def _aside(plan: Plan, filled: dict[_Column, tuple[PracticeDocument, ...]]) -> Listing:
    """Another column's rows, in a unit of their own."""
    rows = tuple(_row(plan, _NOTICES, document) for document in filled[_NOTICES])
    return Listing(_NOTICES.number, _NOTICES.name, 18499, Service.BY_PAGE, _DATAPROXY, rows, len(rows))


def _module(
    plan: Plan, frame: Frame, skin: Skin, filled: dict[_Column, tuple[PracticeDocument, ...]]
) -> dict[str, Page]:
    entries = [
        Entry(_row(plan, column, document), column.number, document)
        for column, documents in filled.items()
        if column.name not in plan.emptied
        for document in documents
    ]
    entries.sort(key=lambda entry: entry.row.date, reverse=True)
    codes = {column.category: column.number for column in filled}
    tree = [(column.category, column.name, len(documents)) for column, documents in filled.items()]
    pages: dict[str, Page] = {
        _SEARCH: partial(search_page, skin, entries, codes),
        _TREE: lambda _: tree_page(tree),
    }
    for column in filled:
        category = column.category if column.query else ""
        pages[column.path] = lazily(partial(catalogue_shell, frame, skin, column.number, column.name, category))
    return pages


def _details(frame: Frame, filled: dict[_Column, tuple[PracticeDocument, ...]]) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    downloads: dict[str, Page] = {}
    for column, documents in filled.items():
        for document in documents:
            links = [(_file_path(column, document, n), name) for n, name in enumerate(document.attachments)]
            page = partial(detail, frame, column.name, column.fields, document, links)
            pages[_path(column, document)] = lazily(page)
            for href, name in links:
                path, _, query = href.partition("?")
                (downloads if query else pages)[query.rpartition("=")[2] or path] = file_page(document, name)

    def download(visit: Visit) -> Answer:
        found = downloads.get(visit.query.get("filename", ""))
        return found(visit) if found else Answer("文件不存在", 404)

    return pages | {_DOWNLOAD: download}


# --- truth ----------------------------------------------------------------------------------------------------------


def _column_truth(plan: Plan, column: _Column, documents: int) -> ColumnTruth:
    number = documents + len(column.external)
    stated_in_skin = column.unit or (column.query and "{total}" in SKINS[plan.variation].pager)
    listed = min(number, GROUP) if column.service is Service.ENCRYPTED else number
    return ColumnTruth(
        column.name,
        plan.origin + column.path + column.query,
        number if stated_in_skin else None,
        listed,
        column.end,
        column.why,
    )


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    fields = ("title", "date_published", "keywords", "abstract", *column.fields)
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(column, document, number))
        for number, name in enumerate(document.attachments)
    )
    return DocumentTruth(
        document, plan.origin + _path(column, document), (column.name,), stated(document, fields), files
    )


PORTAL = PracticePortal("hanweb", "演练市人民政府（练习）", "420899", "4208990001", build)
