"""Lists that TRS IRS fills, on pages and answers written from portal-families.md section 5.4."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families import irs
from crawler.families.base import Ask, Column, ColumnSpec, ListPage, Opening
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from tests.families.pages import page, saved

ENTRY = "http://rst.gxzf.gov.cn/zwgk/gfxwj/index.shtml"
SERVICE = "http://rst.gxzf.gov.cn/irs/front/list"
QUERY: dict[str, Any] = {
    "code": "189682f495f",
    "tableName": "t_18797a40156",
    "pageNo": 1,
    "pageSize": 20,
    "searchFields": [{"fieldName": "f_2023420956721", "searchWord": "有效", "withHighLight": False}],
    "sorts": [{"sortField": "f_2023419659396", "sortOrder": "DESC"}],
    "customFilter": {
        "operator": "and",
        "properties": [],
        "filters": [{"operator": "or", "properties": [{"property": "channel_id", "operator": "eq", "value": "59993"}]}],
    },
}
LITERAL = json.dumps(QUERY, ensure_ascii=False)


def opened(script: str, url: str = ENTRY, **more: Any) -> Opening:
    body = f"<html><meta name='ColumnName' content='规范性文件'><ul id='list'></ul><script>{script}</script></html>"
    return irs.open(page(body, url), ColumnSpec("irs", url, **more))


def sent(opening: Opening) -> dict[str, Any]:
    ask = opening.columns[0].first
    assert ask is not None
    body = json.loads(ask.body)
    assert isinstance(body, dict)
    return body


def test_the_query_of_a_page() -> None:
    opening = opened(f"$.ajax({{url: '/irs/front/list', data: JSON.stringify({LITERAL})}})")
    [column] = opening.columns
    assert (column.key, column.name, column.url) == ("zwgk/gfxwj", "规范性文件", ENTRY)
    assert column.first is not None
    assert (column.first.method, column.first.url) == ("POST", SERVICE)
    assert ("Content-Type", "application/json;charset=UTF-8") in column.first.headers
    assert ("Referer", ENTRY) in column.first.headers
    assert sent(opening) == QUERY


@pytest.mark.parametrize(
    "script",
    [
        f"var param = '{LITERAL}';",  # JSON in a string
        f"var q = {LITERAL.replace('1, ' + chr(34) + 'pageSize', 'page, ' + chr(34) + 'pageSize')};",
        "var channel = '59993', old = 1; var q = "
        + LITERAL.replace('"59993"', "channel /* 栏目 */").replace('"code"', "code").replace('"有效"', "'有效'"),
    ],
)
def test_the_query_in_other_notations(script: str) -> None:
    assert sent(opened(script)) == QUERY


def test_an_older_query_by_tenant_at_the_address_of_the_page() -> None:
    script = """// {tableName: "t_0", tenantId: "0"}
    var url = "https://rst.guizhou.gov.cn/irs/front/list?orderBy=startTime_desc";
    post(url, {tenantId: 303, tableName: "t_179d1430e47", isPage: true, searchFields: [{searchWord: "5818754"}]});"""
    opening = opened(script)
    [column] = opening.columns
    assert column.first is not None
    assert column.first.url == "https://rst.guizhou.gov.cn/irs/front/list?orderBy=startTime_desc"
    assert sent(opening) == {
        "tenantId": 303,
        "tableName": "t_179d1430e47",
        "isPage": True,
        "searchFields": [{"searchWord": "5818754"}],
        "pageNo": 1,
        "pageSize": 20,
    }


def test_options_stand_in_for_what_a_page_computes_or_lacks() -> None:
    script = 'list({tableName: "t_1", code: getCode(), customFilter: {value: $("#c").val()}, pageSize: 15})'
    with pytest.raises(LayoutError, match=r"the page computes code, customFilter; give it in \[column\.irs\] query"):
        opened(script)
    given = {"code": "18c", "customFilter": {"value": "7"}}
    assert sent(opened(script, options={"query": given})) == {
        "tableName": "t_1",
        **given,
        "pageSize": 15,
        "pageNo": 1,
    }
    assert sent(opened("", options={"query": QUERY})) == QUERY


def test_further_queries_of_a_page_are_named() -> None:
    second = {"tenantId": "9", "tableName": "t_b"}
    script = f"a({LITERAL}); b({json.dumps(second)})"
    assert opened(script).skipped == (("t_b", "a further query of the page"),)
    opening = opened(script, options={"query": second | {"code": "9"}})
    assert opening.skipped == ()
    assert sent(opening)["tableName"] == "t_b"


@pytest.mark.parametrize("script", ["", "f({code: '1'})", "f({tableName: 't_1'})", "f('{tableName')", "tableName: {"])
def test_a_page_without_a_query(script: str) -> None:
    with pytest.raises(LayoutError, match="no query with tableName, and code or tenantId; give it in"):
        opened(script)


def test_the_service_itself_may_be_the_entry() -> None:
    spec = ColumnSpec("irs", SERVICE + "#59993", key="gfxwj", name="规范性文件", options={"query": QUERY})
    ask = irs.entry(spec)
    assert (ask.method, ask.url, json.loads(ask.body)) == ("POST", SERVICE, QUERY)
    answer = page(json.dumps({"data": {"list": [ROW], "pager": {"total": 30}}}), SERVICE, "application/json")
    [column] = irs.open(answer, spec).columns
    assert (column.key, column.first) == ("gfxwj", None)
    following = irs.read_list(answer, column, 1).next
    assert following is not None
    assert (following.url, json.loads(following.body)) == (SERVICE, QUERY | {"pageNo": 2})


# --- answers --------------------------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "f_2023419305471": "关于<em>人才</em>评价的通知",
    "f_2023419200318": "桂人社规〔2023〕5号",
    "f_202161645127": "<p>正文</p>" * 300,
    "f_20211013721943": 0,
    "doc_pub_url": "./t18618540.shtml",
    "save_time": "2023-05-06 10:15:36",
    "rec_id": 40001,
    "synonym": None,
}
FIRST = Ask(SERVICE, "POST", (("Referer", ENTRY),), json.dumps(QUERY).encode())
COLUMN = Column("zwgk/gfxwj", "规范性文件", ENTRY, "irs", FIRST)


def read(answer: object, number: int = 1, **options: object) -> ListPage:
    column = Column("k", "n", ENTRY, "irs", FIRST, options=options or None)
    body = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return irs.read_list(page(body, SERVICE, "application/json"), column, number)


def data(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"success": True, "code": 200, "data": {"list": [*rows], **more}}


def test_rows_under_opaque_names() -> None:
    found = read(data(ROW, pager={"total": 41, "pageNo": 1, "pageSize": 20, "pageCount": 3}))
    assert found.declared_total == 41
    assert found.next is not None
    assert json.loads(found.next.body) == QUERY | {"pageNo": 2}
    assert (found.next.method, found.next.headers) == ("POST", FIRST.headers)
    [row] = found.rows
    assert (row.url, row.title, row.date) == (
        "http://rst.gxzf.gov.cn/zwgk/gfxwj/t18618540.shtml",
        "",
        "2023-05-06 10:15:36",
    )
    assert row.fields == (
        ("f_2023419305471", "关于人才评价的通知"),
        ("f_2023419200318", "桂人社规〔2023〕5号"),
        ("f_20211013721943", "0"),
        ("save_time", "2023-05-06 10:15:36"),
        ("rec_id", "40001"),
    )


def test_a_map_of_names_says_what_they_are() -> None:
    names = {"f_2023419305471": "标题", "f_2023419200318": "发文字号", "f_9": "发布日期"}
    [row] = read(data(ROW | {"f_9": "2023-04-28"}), columns=names).rows
    assert (row.title, row.date) == ("关于人才评价的通知", "2023-04-28")
    assert ("发文字号", "桂人社规〔2023〕5号") in row.fields


@pytest.mark.parametrize(
    ("given", "url", "title"),
    [
        ({"DOCPUBURL": "//a.gov.cn/t1.shtml", "DOCTITLE": "甲"}, "http://a.gov.cn/t1.shtml", "甲"),
        ({"doc_pub_url": "null", "f_2023419200054": "http://a.gov.cn/x/t2.html", "doctitle": "乙"},
         "http://a.gov.cn/x/t2.html", "乙"),
        ({"Doc_Pub_Url": "/zwgk/t3.shtml"}, "http://rst.gxzf.gov.cn/zwgk/t3.shtml", ""),
    ],
)  # fmt: skip
def test_addresses_and_titles_under_other_names(given: dict[str, Any], url: str, title: str) -> None:
    [row] = read(data(given)).rows
    assert (row.url, row.title) == (url, title)


def test_totals_and_ends() -> None:
    assert read(data(ROW, total="7")).declared_total == 7
    assert read(data(pager={"total": 41}), 3).next is not None
    assert read(data(pager={"total": 0})) == ListPage((), None, 0)


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("<html>维护</html>", "not an answer of IRS: .*not JSON"),
        ({"success": False, "code": 500, "msg": "没有查询权限"}, "no list in it, it says 没有查询权限"),
        ({"success": True, "data": None}, "no list in it"),  # too large a pageSize
        ([1], "no list in it"),
        (data(pager={"total": 3}), "3 rows declared, and none with an address among 0"),
        (data({"DOCTITLE": "无地址"}), "none with an address among 1"),
    ],
)
def test_what_is_no_list(answer: object, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen) as error:
        read(answer)
    assert "\n" not in str(error.value)


# --- the rest of a family -------------------------------------------------------------------------------------------


def weight(found: Page) -> int:
    return sum(sign.weight for sign in irs.detect(found))


def test_its_own_pages_are_told_and_a_site_search_is_no_list() -> None:
    assert weight(page(f"<script>post('/irs/front/list', {LITERAL})</script>", ENTRY)) == 6
    assert weight(page(json.dumps(data(ROW)), SERVICE, "application/json")) == 1
    assert weight(page('<form action="/irs-c-web/search.shtml"></form>', ENTRY)) == 1
    assert weight(saved("jiujiang-search/index.html", "https://www.jiujiang.gov.cn/irs-c-web/search.shtml")) <= 2


@pytest.mark.parametrize("key", [key for key in PORTALS if key != "irs"])
def test_entries_of_other_families_are_not_taken_for_it(key: str) -> None:
    site = PORTALS[key].build(Plan("http://127.0.0.1:8801"))
    for _, url in site.entries:
        parts = urlsplit(url)
        answer = site.pages[parts.path](Visit(path=parts.path, query=dict(parse_qsl(parts.query))))
        assert isinstance(answer.body, str)
        assert weight(page(answer.body, url, answer.mime)) == 0


def test_two_columns_of_one_page_have_keys_of_their_own() -> None:
    one, two = (ColumnSpec("irs", f"{ENTRY}#{channel}") for channel in (59993, 59994))
    assert (irs.key(one), irs.key(two)) == ("zwgk/gfxwj#59993", "zwgk/gfxwj#59994")
    assert irs.catalogue(one) != irs.catalogue(two)
    assert irs.entry(one) == Ask(ENTRY)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("query", {"code": "1"}, True),
        ("query", {}, False),
        ("query", "code=1", False),
        ("columns", {"f_1": "标题"}, True),
        ("columns", {"f_1": ""}, False),
        ("columns", ["f_1"], False),
    ],
)
def test_options_are_checked(name: str, value: object, good: bool) -> None:
    assert (irs.OPTIONS[name](value) == "") is good


# --- traps of the practice portal -----------------------------------------------------------------------------------


def test_the_service_wants_a_right_a_filter_and_small_pages() -> None:
    site = PORTALS["irs"].build(Plan("http://127.0.0.1:8801"))
    site_wide = {"code": "189682f495f", "tableName": "t_18797a40156", "pageNo": 1, "pageSize": 20}

    def got(query: dict[str, Any], mime: str = "application/json") -> dict[str, Any]:
        visit = Visit("POST", "/irs/front/list", headers={"content-type": mime}, body=json.dumps(query).encode())
        body = site.pages[visit.path](visit).body
        assert isinstance(body, str)
        answer = json.loads(body)
        assert isinstance(answer, dict)
        return answer

    assert got(site_wide, "application/x-www-form-urlencoded")["success"] is False
    assert got(site_wide | {"code": "0"})["success"] is False
    assert got(site_wide | {"pageSize": 100})["data"] is None
    columns = {column.name: column.declared_total for column in site.truth.columns}
    assert columns["规范性文件"] == 28
    assert got(site_wide)["data"]["pager"]["total"] == 28 + 12  # two columns share the table
    assert got(site_wide | {"customFilter": QUERY["customFilter"]})["data"]["pager"]["total"] == 28
