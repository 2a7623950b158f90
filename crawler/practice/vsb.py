"""A portal of VSB (博达), with the traps of the real ones.

Static lists number their files backwards, from the oldest rows, so that the first two pages overlap; one counts a page
that is missing. Dynamic lists (``list.jsp``, ``gkml_list.jsp``) number forwards, in queries that say how many pages
there are. A document has two addresses, ``info/<tree>/<id>.htm`` and ``content.jsp?…wbnewsid=<id>``: one column links
to the one, another to the other. What a file is called only its link says.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil
from urllib.parse import parse_qs

from archive.urls import identity
from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, lazily
from crawler.practice.model import Answer, DocumentTruth, Page, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.shelf import Labels, Shelf, site
from crawler.practice.vsb_pages import OWNER, Pager, detail_of, list_page

_FILES, _RULES, _NOTICES, _YEARLY, _CATALOGUE = 1039, 1003, 1040, 1082, 1066  # wbtreeid
_TREE = "urltype=tree.TreeTempUrl&wbtreeid="
_EGOV = f"urltype=egovinfo.EgovTreeURl&wbtreeid={_CATALOGUE}&type=egovinfosubcattree2&sccode=TJSJ&subtype=1&gilevel=1"
_DOWNLOAD = "/system/_content/download.jsp"
_LABELS: Labels = (
    ("索引号：", "index_number"), ("发布机构：", "publisher"), ("信息分类：", "catalogue_category"),
    ("成文日期：", "date_made"), ("名　　称：", "title"), ("发布日期：", "date_published"),
    ("文　　号：", "doc_number"), ("有 效 性：", "validity"),
)  # fmt: skip


def build(plan: Plan) -> Site:
    frame = Frame(
        "模范市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("政府文件", "/zfxxgk/zfwj.htm"),)
    )
    stock = editions(notices())
    away = Row(
        "http://www.province.example/info/1018/20814.htm", "省人民政府关于印发政务公开实施细则的通知", "2020-09-30"
    )
    files = _shelf(plan, "/zfxxgk/zfwj.htm", "政府文件", take(stock, 23 * plan.scale, plan, "政府文件"), _info(_FILES),
                   "read to its last page; one row leads off the site", external=(away,))  # fmt: skip
    own = take(stock, 6, plan, "政策法规")
    rules = _shelf(plan, f"/list.jsp?{_TREE}{_RULES}", "政策法规", (*own, *files.documents[2:6]), _content,
                   "by dynamic addresses; four documents are those of another column")  # fmt: skip
    announced = _shelf(plan, "/index/tzgg.htm", "通知公告", take(stock, 15, plan, "通知公告"), _info(_NOTICES),
                       "the oldest page is missing", lost=6)  # fmt: skip
    yearly = _shelf(plan, f"/lm_list.jsp?{_TREE}{_YEARLY}", "政府信息公开年报",
                    take(editions(reports(), 500_001), 7, plan, "政府信息公开年报"), _info(_YEARLY),
                    "read to its last page")  # fmt: skip
    catalogue = _shelf(plan, f"/gkml_list.jsp?{_EGOV}", "统计信息", take(stock, 11 * plan.scale, plan, "统计信息"),
                       _info(_CATALOGUE), "the disclosure catalogue, read to its last page")  # fmt: skip
    forwards = partial(partial, _forwards, plan, frame)
    lists: dict[str, Page] = {
        **_backwards(plan, frame, files, 9),
        **_backwards(plan, frame, announced, 6),
        "/list.jsp": forwards(rules, 5, "a165823t={}&a165823p={}&a165823c=5"),
        "/lm_list.jsp": forwards(yearly, 4, "totalpage={}&PAGENUM={}"),
        "/gkml_list.jsp": forwards(catalogue, 6, "ainfolist1813t={}&ainfolist1813p={}&ainfolist1813c=6"),
    }
    shelves = (files, rules, announced, yearly, catalogue)
    return _joined(site(plan, "static", frame, shelves, lists, detail_of(plan, frame)))


def _shelf(
    plan: Plan,
    url: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    page: Callable[[PracticeDocument], str],
    why: str,
    lost: int = 0,
    external: tuple[Row, ...] = (),
) -> Shelf:
    """``lost``: rows that the pager counts and nobody can see."""
    counted = None if plan.variation == 2 else len(documents) + len(external) + lost
    end = WalkEnd.PAGE_MISSING if lost else WalkEnd.LAST_PAGE
    return Shelf(name, url, documents, page, _file, _LABELS, why, end, counted, external)


def _info(tree: int) -> Callable[[PracticeDocument], str]:
    return lambda document: f"/info/{tree}/{2000 + document.number}.htm"


def _content(document: PracticeDocument) -> str:
    """The dynamic address. A document of the first column keeps its tree."""
    tree = _FILES if document.catalogue_category == "政府文件" else _RULES
    return f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid={tree}&wbnewsid={2000 + document.number}"


def _file(document: PracticeDocument, place: int) -> str:
    number = 16_000_000 + document.number * 10 + place
    return f"{_DOWNLOAD}?urltype=news.DownloadAttachUrl&owner={OWNER}&wbfileid={number}"


def _joined(made: Site) -> Site:
    """The site as its addresses have it: a document in two columns is one, and files come by their query."""
    files = {path.rpartition("=")[2]: page for path, page in made.pages.items() if path.startswith(_DOWNLOAD)}
    pages = {path: page for path, page in made.pages.items() if not path.startswith(_DOWNLOAD)}
    documents: dict[str, DocumentTruth] = {}
    for truth in made.truth.documents:
        known = documents.get(identity(truth.url))
        columns = (*known.columns, *truth.columns) if known else truth.columns
        documents[identity(truth.url)] = replace(known or truth, columns=columns)
    return replace(
        made,
        pages={**pages, _DOWNLOAD: lambda visit: files.get(visit.query.get("wbfileid", ""), _nothing)(visit)},
        truth=replace(made.truth, documents=tuple(documents.values())),
    )


def _nothing(_: Visit) -> Answer:
    return NOT_FOUND


# --- lists ----------------------------------------------------------------------------------------------------------


def _backwards(plan: Plan, frame: Frame, shelf: Shelf, size: int) -> dict[str, Page]:
    """``x.htm`` holds the newest rows; ``x/1.htm`` the oldest, ``x/2.htm`` those before them, and so on up to the
    second page, which therefore shows rows of the first again."""
    rows = shelf.entries(plan)
    served, lost = ceil(len(rows) / size), shelf.end is WalkEnd.PAGE_MISSING
    pages = served + lost
    stem = shelf.url.removesuffix(".htm")
    name = stem.rpartition("/")[2]

    def write(number: int) -> str:
        behind = (pages - number - lost) * size
        shown = rows[:size] if number == 1 else rows[max(len(rows) - behind - size, 0) : len(rows) - behind]
        inside = "" if number > 1 else f"{name}/"
        hrefs = [
            f"../{name}.htm" if number > 1 else f"{name}.htm",
            *(f"{inside}{n}.htm" for n in range(pages - 1, 0, -1)),
        ]
        depth = stem.count("/") - (number == 1)
        return list_page(plan, frame, shelf, shown, Pager(number, hrefs, shelf.declared), depth)

    numbers = {stem + ".htm": 1} | {f"{stem}/{pages - number + 1}.htm": number for number in range(2, served + 1)}
    return {path: lazily(partial(write, number)) for path, number in numbers.items()}


def _forwards(plan: Plan, frame: Frame, shelf: Shelf, size: int, query: str, visit: Visit) -> Answer:
    """A list by query. A number beyond the last page gives the last page."""
    own = shelf.url.partition("?")[2]
    if visit.query.get("wbtreeid") != parse_qs(own)["wbtreeid"][0]:
        return NOT_FOUND
    rows = shelf.entries(plan)
    pages = ceil(len(rows) / size)
    asked = visit.query.get(query.split("&")[1].partition("=")[0], "1")
    number = min(int(asked), pages) if asked.isdecimal() else 1
    hrefs = [f"?{query.format(pages, n)}&{own}" for n in range(1, pages + 1)]
    shown = rows[(number - 1) * size : number * size]
    return Answer(list_page(plan, frame, shelf, shown, Pager(number, hrefs, shelf.declared), 0))


PORTAL = PracticePortal("vsb", "模范市人民政府（练习）", "610999", "6109990001", build)
