"""The policy library of the State Council, on answers written from portal-families.md section 5.15."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families import sousuo
from crawler.families.base import Column, ColumnSpec, ListPage
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from tests.families.pages import page

ENTRY = "https://sousuo.www.gov.cn/zcwjk/policyDocumentLibrary?t=zhengcelibrary_gw"
SERVICE = "https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gw&p=1"
COLUMN = Column("zhengcelibrary_gw", "国务院文件", ENTRY, "sousuo", None)
ROW: dict[str, Any] = {
    "id": "7081881",
    "title": "国务院办公厅关于优化<em>营商环境</em>的意见",
    "url": "https://www.gov.cn/zhengce/content/202609/content_7081881.htm",
    "pcode": "国办发〔2026〕84号",
    "puborg": "国务院办公厅",
    "index": "000014349/2026-00071",
    "childtype": "综合政务\\电子政务",
    "summary": "为<em>优化</em>……",
    "pubtime": 0,
    "pubtimeStr": "2026.09.14",
    "ptime": 1789228800000,
}


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def test_the_service_is_asked_at_once() -> None:
    ask = sousuo.entry(ColumnSpec("sousuo", ENTRY))
    assert ask.url.startswith("https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gw&q=&timetype=timezd&")
    asked = query(ask.url)
    assert (asked["p"], asked["n"], asked["sortType"]) == ("1", "50", "1")
    assert "type" not in asked
    assert ("Referer", ENTRY) in ask.headers


def test_a_part_of_a_library() -> None:
    spec = ColumnSpec("sousuo", SERVICE.replace("p=1", "puborg=国务院办公厅&pcodeYear=2026&p=7&n=20&type=gwyzcwjk"))
    asked = query(sousuo.entry(spec).url)
    assert (asked["puborg"], asked["pcodeYear"], asked["p"], asked["n"]) == ("国务院办公厅", "2026", "1", "20")
    assert "type" not in asked  # with it the service says that there is nothing
    assert sousuo.key(spec) == "zhengcelibrary_gw?puborg=国务院办公厅&pcodeYear=2026"
    assert sousuo.catalogue(spec) != sousuo.catalogue(ColumnSpec("sousuo", ENTRY))


def test_names_and_keys() -> None:
    [column] = sousuo.open(answer({"listVO": [ROW]}), ColumnSpec("sousuo", ENTRY)).columns
    assert (column.key, column.name, column.url, column.first) == ("zhengcelibrary_gw", "国务院文件", ENTRY, None)
    assert sousuo.key(ColumnSpec("sousuo", "https://sousuo.www.gov.cn/search-gov/data")) == "zhengcelibrary_gw"
    assert sousuo.key(ColumnSpec("sousuo", ENTRY, key="gw")) == "gw"


# --- answers --------------------------------------------------------------------------------------------------------


def answer(found: object, code: object = 200) -> Page:
    body = found if isinstance(found, str) else json.dumps({"code": code, "msg": "操作成功", "searchVO": found})
    return page(body, SERVICE, "application/json")


def read(found: object, number: int = 1) -> ListPage:
    return sousuo.read_list(answer(found), COLUMN, number)


def test_rows_and_total() -> None:
    found = read({"totalCount": 6221, "totalpage": 125, "listVO": [ROW]}, 4)
    assert found.declared_total == 6221
    assert found.next is not None
    assert query(found.next.url)["p"] == "5"
    assert query(found.next.url) | {"p": "1"} == query(sousuo.entry(ColumnSpec("sousuo", ENTRY)).url)
    [row] = found.rows
    assert (row.url, row.title, row.date) == (ROW["url"], "国务院办公厅关于优化营商环境的意见", "2026.09.14")
    assert row.fields == (
        ("pcode", "国办发〔2026〕84号"),
        ("puborg", "国务院办公厅"),
        ("index", "000014349/2026-00071"),
        ("childtype", "综合政务\\电子政务"),
        ("pubtimeStr", "2026.09.14"),
        ("ptime", "1789228800000"),
        ("id", "7081881"),
    )


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ({"pubtimeStr": None}, "2026-09-13"),
        ({"pubtimeStr": None, "pubtime": 1789315200000}, "2026-09-14"),
        ({"pubtimeStr": None, "ptime": None}, ""),
    ],
)
def test_the_day_of_a_row(given: dict[str, Any], day: str) -> None:
    assert read({"listVO": [ROW | given]}).rows[0].date == day


def test_groups_have_totals_of_their_own() -> None:
    other = ROW | {"url": "//www.gov.cn/gongbao/content_1.htm"}
    groups = {
        "gongwen": {"totalCount": 1483, "listVO": [ROW]},
        "gongbao": {"totalCount": "265", "listVO": [other, ROW]},
        "otherfile": {"totalCount": 0, "listVO": []},
    }
    found = read({"totalCount": 0, "catMap": groups})
    assert found.declared_total == 1748
    assert [(row.url, row.fields[0]) for row in found.rows] == [
        (ROW["url"], ("catName", "gongwen")),
        ("https://www.gov.cn/gongbao/content_1.htm", ("catName", "gongbao")),
    ]
    older = sousuo.read_list(
        page(json.dumps({"code": "200", "catMap": groups}), SERVICE, "application/json"), COLUMN, 1
    )
    assert older.rows == found.rows


def test_an_empty_page_is_not_the_end_by_itself() -> None:
    assert read({"totalCount": 6221, "listVO": []}, 9).next is not None
    assert read({"totalCount": 0, "listVO": []}) == ListPage((), None, 0)


@pytest.mark.parametrize(
    ("found", "code", "seen"),
    [
        ("<html>维护</html>", 200, "not an answer of the policy library: .*not JSON"),
        ("[]", 200, "code none"),
        ({"listVO": [ROW]}, 500, "code 500 操作成功"),
        (None, 200, "code 200"),
        ({"totalCount": 0, "listVO": None}, 200, "without listVO"),  # asked with type
        ({"totalCount": 3, "listVO": []}, 200, "3 rows declared, and none with an address among 0"),
        ({"listVO": [{"title": "无地址"}]}, 200, "none with an address among 1"),
    ],
)
def test_what_is_no_list(found: object, code: object, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen) as error:
        sousuo.read_list(answer(found, code), COLUMN, 1)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("body", ["<html>维护</html>", '{"code": 500, "msg": "参数错误"}'])
def test_an_entry_that_is_no_library(body: str) -> None:
    with pytest.raises(LayoutError, match="not an answer of the policy library"):
        sousuo.open(answer(body), ColumnSpec("sousuo", ENTRY))


# --- detection ------------------------------------------------------------------------------------------------------


def test_its_own_pages_are_told() -> None:
    for found in (answer({"listVO": []}), page("<div id='app'></div>", ENTRY), page("", SERVICE)):
        assert sum(sign.weight for sign in sousuo.detect(found)) == 3
    assert sousuo.detect(page("<p>政策</p>", "https://www.gov.cn/zhengce/index.htm")) == ()


@pytest.mark.parametrize("key", [key for key in PORTALS if key != "sousuo"])
def test_entries_of_other_families_are_not_taken_for_it(key: str) -> None:
    site = PORTALS[key].build(Plan("http://127.0.0.1:8801"))
    for _, url in site.entries:
        parts = urlsplit(url)
        got = site.pages[parts.path](Visit(path=parts.path, query=dict(parse_qsl(parts.query))))
        assert isinstance(got.body, str)
        assert sousuo.detect(page(got.body, url, got.mime)) == ()


# --- traps of the practice portal -----------------------------------------------------------------------------------


def test_the_library_of_the_practice_portal_has_its_traps() -> None:
    site = PORTALS["sousuo"].build(Plan("http://127.0.0.1:8801"))

    def got(**query: str) -> dict[str, Any]:
        body = site.pages["/search-gov/data"](Visit(path="/search-gov/data", query=query)).body
        assert isinstance(body, str)
        found = json.loads(body)
        assert isinstance(found, dict)
        return found

    assert got(t="zhengcelibrary_gw", type="gwyzcwjk")["searchVO"] == {"totalCount": 0, "listVO": None}
    whole = got(t="zhengcelibrary")["searchVO"]
    assert (whole["totalCount"], [group["totalCount"] for group in whole["catMap"].values()]) == (0, [9, 8])
    second = got(t="zhengcelibrary_gw", p="2", n="50")["searchVO"]
    assert (second["totalCount"], len(second["listVO"])) == (26, 6)
    assert any("<em>" in row["title"] for row in second["listVO"])
