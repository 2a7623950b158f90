"""The traps of the practice portals whose lists are static: VSB, the extension-less CMS, Shaanxi's platform."""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest

from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.reading.read import read
from archive.urls import identity
from archive.vocabulary import TextStatus, WalkEnd
from crawler.families import static
from crawler.families.base import Ask, ColumnSpec, ListPage
from crawler.practice import PORTALS
from crawler.practice.model import Answer, Plan, Site, Visit
from tests.families.stroll import ORIGIN, stroll


def site(key: str, variation: int = 0) -> Site:
    return PORTALS[key].build(Plan(ORIGIN, variation=variation))


def ask(portal: Site, url: str) -> Answer:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&")) if parts.query else {}
    page = portal.pages.get(parts.path)
    return page(Visit(path=parts.path, query=query)) if page else Answer("", 404)


def page(portal: Site, url: str) -> Page:
    answer = ask(portal, url)
    assert isinstance(answer.body, str)
    return Page(url, answer.status, (("Content-Type", "text/html; charset=utf-8"),), answer.body.encode())


def walked(portal: Site, name: str) -> list[tuple[str, ListPage]]:
    """The pages of a column that a family which knows nothing of their number would read: address and content."""
    url = portal.truth.column(name).url
    [column] = static.open(page(portal, url), ColumnSpec("static", url)).columns
    found: list[tuple[str, ListPage]] = []
    following: Ask | None = Ask(url)
    while following is not None and (answer := page(portal, following.url)).status == 200 and len(found) < 20:
        listed = static.read_list(answer, column, len(found) + 1)
        found.append((following.url.removeprefix(ORIGIN), listed))
        following = listed.next
    return found


def rows(pages: list[tuple[str, ListPage]]) -> list[CatalogueRow]:
    return [row for _, listed in pages for row in listed.rows]


# --- VSB ------------------------------------------------------------------------------------------------------------


def test_vsb_files_count_backwards_and_overlap() -> None:
    pages = walked(site("vsb"), "政府文件")
    assert [url for url, _ in pages] == ["/zfxxgk/zfwj.htm", "/zfxxgk/zfwj/2.htm", "/zfxxgk/zfwj/1.htm"]
    assert [(listed.declared_total, listed.declared_pages) for _, listed in pages] == [(24, 3)] * 3
    met = Counter(identity(row.url) for row in rows(pages))
    assert (len(met), sum(met.values())) == (24, 27)  # three rows of the first page are on the second again


def test_vsb_counts_a_page_that_is_missing() -> None:
    pages = walked(site("vsb"), "通知公告")
    assert [url for url, _ in pages] == ["/index/tzgg.htm", "/index/tzgg/3.htm", "/index/tzgg/2.htm"]
    assert pages[-1][1].next == Ask(f"{ORIGIN}/index/tzgg/1.htm")
    assert ask(site("vsb"), f"{ORIGIN}/index/tzgg/1.htm").status == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("政策法规", "a165823t=2&a165823p=2&a165823c=5"),
        ("政府信息公开年报", "totalpage=2&PAGENUM=2"),
        ("统计信息", "ainfolist1813t=2&ainfolist1813p=2&ainfolist1813c=6"),
    ],
)
@pytest.mark.parametrize("variation", [0, 1, 2, 3])
def test_vsb_queries_count_forward(name: str, query: str, variation: int) -> None:
    first, second = walked(site("vsb", variation), name)
    assert second[0].startswith(f"{first[0].partition('?')[0]}?{query}&urltype=")
    assert first[1].declared_pages == 2


def test_vsb_has_one_document_under_two_addresses() -> None:
    portal = site("vsb")
    twice = [truth for truth in portal.truth.documents if len(truth.columns) == 2]
    assert [truth.columns for truth in twice] == [("政府文件", "政策法规")] * 4
    listed = {name: {row.url for row in rows(walked(portal, name))} for name in ("政府文件", "政策法规")}
    for truth in twice:
        [static_url] = [url for url in listed["政府文件"] if identity(url) == identity(truth.url)]
        [dynamic_url] = [url for url in listed["政策法规"] if identity(url) == identity(truth.url)]
        assert re.fullmatch(r"/info/1039/\d+\.htm", urlsplit(static_url).path)
        assert urlsplit(dynamic_url).path == "/content.jsp"
        text = {read(page(portal, url)).text for url in (static_url, dynamic_url)}
        assert len(text) == 1
    only = [truth for truth in portal.truth.documents if truth.columns == ("政策法规",)]
    assert all(ask(portal, urljoin(ORIGIN, identity(truth.url).partition("/")[2])).status == 404 for truth in only)


def test_vsb_files_are_named_by_their_links_alone() -> None:
    portal = site("vsb")
    files = [file for truth in portal.truth.documents for file in truth.attachments]
    assert files
    assert {urlsplit(file.url).path for file in files} == {"/system/_content/download.jsp"}
    assert ask(portal, f"{ORIGIN}/system/_content/download.jsp?owner=1&wbfileid=1").status == 404


# --- extension-less -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variation", [0, 1, 2, 3])
def test_extensionless_pages_have_a_number_for_a_suffix(variation: int) -> None:
    portal = site("extensionless", variation)
    assert [url for url, _ in walked(portal, "规范性文件")] == [
        "/gk/zc/hzgfxwj",
        "/gk/zc/hzgfxwj_2",
        "/gk/zc/hzgfxwj_3",
    ]
    assert [url for url, _ in walked(portal, "市政府文件")] == ["/publicity_szf/szfwj", "/publicity_szf/szfwj_2"]
    assert ask(portal, f"{ORIGIN}/gk/zc/hzgfxwj_1").body == ask(portal, f"{ORIGIN}/gk/zc/hzgfxwj").body


def test_extensionless_pages_may_repeat_the_last() -> None:
    """The walk stops at the first of them, and is no whole one: the pager counts four pages."""
    pages = walked(site("extensionless"), "审批专栏")
    assert [len(listed.rows) for _, listed in pages] == [6, 3, 3, 3]
    assert pages[1][1].rows == pages[2][1].rows
    [walk] = [walk for walk in stroll("extensionless").walks if walk.column.name == "审批专栏"]
    assert (walk.end, walk.number, walk.declared_pages) == (WalkEnd.STUB_PAGE, 3, 4)


def test_extensionless_has_a_table_of_files_by_their_head() -> None:
    row = rows(walked(site("extensionless"), "市政府文件"))[0]
    assert [label for label, _ in row.fields] == ["序号", "索引号", "文号", "发布日期"]


def test_extensionless_has_a_scan() -> None:
    portal = site("extensionless")
    [scan] = [truth for truth in portal.truth.documents if not truth.document.body]
    assert read(page(portal, scan.url)).text_status is TextStatus.IMAGE_ONLY


# --- Shaanxi --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variation", [0, 1, 2, 3])
def test_shaanxi_pages_are_numbers(variation: int) -> None:
    pages = walked(site("shaanxi", variation), "行政规范性文件")
    assert [url for url, _ in pages] == [f"/zfxxgk/zfwj/gfxwj/{number}.html" for number in (1, 2, 3)]
    assert {listed.declared_pages for _, listed in pages} == {3}


def test_shaanxi_rows_for_telephones_are_no_rows() -> None:
    portal = site("shaanxi")
    url = portal.truth.column("行政规范性文件").url
    assert page(portal, url).text.count('class="visible-xs"') == 8
    [first, *_] = walked(portal, "行政规范性文件")
    assert len(first[1].rows) == 8
    assert all(row.date and not row.title.endswith("…") for row in first[1].rows)


def test_shaanxi_counts_a_page_that_is_missing() -> None:
    pages = walked(site("shaanxi"), "规划计划")
    assert pages[-1][1].next == Ask(f"{ORIGIN}/zfxxgk/ghjh/3.html")
    assert ask(site("shaanxi"), f"{ORIGIN}/zfxxgk/ghjh/3.html").status == 404


def test_shaanxi_states_a_month_and_a_day_apart_from_the_year() -> None:
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row.date) for row in rows(walked(site("shaanxi", 2), "部门文件")))
