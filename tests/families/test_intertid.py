"""The intertid family, on pages and answers written from portal-families.md section 5.11."""

import json
from urllib.parse import parse_qs

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import intertid
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.spiders.walk import Walk
from tests.families.pages import page

FOLDER = "http://www.wxbh.gov.cn/zfxxgk/qzfbgswj/"
URL = f"{FOLDER}index.shtml"
CALL = 'getSearchList(1, 15, 181, "38939,38940", 2, "writeTime");'


def row(number: int) -> str:
    return (
        f'<li><a href="/doc/2025/12/{number:02}/47100{number:02}.shtml" title="市政府关于印发第{number}号方案的通知">'
        f"市政府关于印发第{number}号…</a><span>2025-12-{number:02}</span></li>"
    )


def listing(*numbers: int, behind: str = "", url: str = URL) -> Page:
    rows = "".join(row(number) for number in numbers)
    return page(f"<html><title>政府办发文-滨湖</title><body><ul class='list'>{rows}</ul>{behind}</body></html>", url)


def read(found: Page, number: int = 1) -> ListPage:
    return intertid.read_list(found, Column("a", "政府办发文", URL, "intertid", None), number)


# --- rows in the page -----------------------------------------------------------------------------------------------


def test_page_2_is_index_2() -> None:
    pager = '<div class="page"><a href="index_2.shtml">2</a></div>'
    assert read(listing(1, 2, behind=pager)).next == Ask(f"{FOLDER}index_2.shtml")
    assert read(listing(3, behind=pager, url=f"{FOLDER}index_2.shtml"), 2).next is None


def test_a_pager_that_a_script_draws() -> None:
    """The next number is tried; where it is missing, the page before was the last."""
    found = read(listing(1, 2, behind="<div id='pages'></div><script>drawPages('pages')</script>"))
    walk = Walk(Column("a", "政府办发文", URL, "intertid", None))
    assert walk.feed(found) == Ask(f"{FOLDER}index_2.shtml")
    walk.missing("page 2 answered 404")
    assert walk.end is WalkEnd.LAST_PAGE


def test_a_declared_page_that_is_missing_is_missed() -> None:
    walk = Walk(Column("a", "政府办发文", URL, "intertid", None))
    assert walk.feed(read(listing(1, behind="<p>共3页 <a href='javascript:go(2)'>下一页</a></p>"))) is not None
    walk.feed(read(listing(2), 2))  # says nothing of pages itself
    walk.missing("page 3 answered 404")
    assert walk.end is WalkEnd.PAGE_MISSING


# --- rows from the service ------------------------------------------------------------------------------------------


def opened(script: str, **options: object) -> Column:
    body = f"<html><title>政府办发文-滨湖</title><div id='list'></div><script>{script}</script></html>"
    [found] = intertid.open(page(body, URL), ColumnSpec("intertid", URL, options=options or None)).columns
    return found


def query(found: Ask | None) -> dict[str, str]:
    assert found is not None
    return {name: values[-1] for name, values in parse_qs(found.body.decode()).items()}


@pytest.mark.parametrize(
    ("script", "channels", "size"),
    [
        (CALL, "38939,38940", "15"),
        ("qx_wbj_getSearchList(1,'20','181','38939','2','writeTime')", "38939", "20"),
        ('var ids = "1"; ids = ids + "," + 22; ids = ids + ",333"; getSearchList(0, 20, 181, ids)', "1,22,333", "20"),
        ("let c='7';c+=',8'; qx_parent_wbj_getSearchList(1, 5, 181, c, 2, 'openTime');", "7,8", "5"),
        (f"// getSearchList(1, 20, 99, '1');\nfunction getSearchList(a, b, c, d) {{}} {CALL}", "38939,38940", "15"),
    ],
)
def test_the_query_is_the_one_of_the_page(script: str, channels: str, size: str) -> None:
    found = opened(script).first
    assert found is not None
    assert (found.method, found.url) == ("POST", "http://www.wxbh.gov.cn/info_open/search")
    asked = query(found)
    assert (asked["siteId"], asked["channelIds"], asked["pageSize"]) == ("181", channels, size)
    assert (asked["pageIndex"], asked["searchType"]) == ("1", "2")


def test_what_the_portal_file_adds() -> None:
    assert query(opened(CALL, kind=5).first)["kind"] == "5"
    given = query(opened("", site_id=12, channel_ids=[1, 2]).first)
    assert (given["siteId"], given["channelIds"]) == ("12", "1,2")
    good = {"site_id": 12, "channel_ids": [1, 2], "kind": 5}
    assert [intertid.OPTIONS[name](value) for name, value in good.items()] == ["", "", ""]
    assert all(intertid.OPTIONS[name]("x") for name in good)


def test_a_page_with_rows_needs_no_service() -> None:
    [found] = intertid.open(listing(1, 2, behind=f"<script>{CALL}</script>"), ColumnSpec("intertid", URL)).columns
    assert (found.first, found.family, found.key) == (None, "intertid", "zfxxgk/qzfbgswj")


def answer(*rows: dict[str, object], **more: object) -> Page:
    told = {"totalElements": 57, "totalPages": 12, "page": 1, "size": 5, "data": [*rows]} | more
    body = json.dumps({"status": 0, "data": told})
    return page(body, "http://www.wxbh.gov.cn/info_open/search", "application/json")


ROW: dict[str, object] = {
    "title": "关于印发行动方案（2026版）的通知",
    "writeTimeString": "2025-12-16",
    "indexId": "014032126/2026-00903",
    "url": "http://www.wxbh.gov.cn/doc/2025/12/16/4734097.shtml",
    "effectStatus": "有效",
    "organization": "区政府办",
}


def test_an_answer_of_the_service() -> None:
    column = opened(CALL)
    found = intertid.read_list(answer(ROW), column, 1)
    assert (found.declared_total, found.declared_pages) == (57, 12)
    assert query(found.next)["pageIndex"] == "2"
    assert ("indexId", "014032126/2026-00903") in found.rows[0].fields
    assert intertid.read_list(answer(ROW), column, 12).next is None


@pytest.mark.parametrize(
    ("change", "url", "date"),
    [
        ({"url": "/doc/2025/12/16/4734097.shtml"}, "http://www.wxbh.gov.cn/doc/2025/12/16/4734097.shtml", "2025-12-16"),
        ({"url": "http://www.gov.cn/a.htm"}, "http://www.gov.cn/a.htm", "2025-12-16"),
        ({"writeTimeString": None}, str(ROW["url"]), "2025-12-16"),  # as the address has it
        ({"writeTimeString": "", "writeTime": 1765814400000}, str(ROW["url"]), "2025-12-16"),
        ({"title": None}, str(ROW["url"]), "2025-12-16"),
    ],
)
def test_rows_of_other_makes(change: dict[str, object], url: str, date: str) -> None:
    [found] = intertid.read_list(answer(ROW | change), opened(CALL), 1).rows
    assert (found.url, found.date) == (url, date)
    assert found.title == ("" if "title" in change else ROW["title"])


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        (page("<html>404</html>", URL, "application/json"), "not an answer of info_open/search"),
        (page('{"status": 1, "data": {"data": []}}', URL, "application/json"), "not an answer"),
        (answer(), "57 rows declared"),
        (answer({"title": "无效条目", "url": ""}), "none with an address"),
    ],
)
def test_answers_that_are_none(found: Page, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        intertid.read_list(found, opened(CALL), 1)


def test_its_signs() -> None:
    detail = page('<td class="t">文件编号</td><td><!--<$[WJBH]>-->政府令187号<!--<$[WJBH]>--></td>')
    assert [sign.weight for sign in intertid.detect(detail)] == [3]
    assert sum(sign.weight for sign in intertid.detect(listing(1, 2, 3))) == 4
    assert intertid.detect(page("<html></html>", "http://www.example.gov.cn/zwgk/index.shtml")) == ()
