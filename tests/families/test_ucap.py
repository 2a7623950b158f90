"""Lists that UCAP fills by script, on pages and answers written from portal-families.md section 5.5."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families import ucap
from crawler.families.base import Ask, Column, ColumnSpec, ListPage, Opening
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from tests.families.pages import page, saved

CHANNEL = "a1a078ee0bc54721ab6b148884c784a8"
ENTRY = "http://www.csrc.gov.cn/csrc/c106256/fg.shtml"
META = f'<meta name="channelid" content="{CHANNEL}"><meta name="ColumnName" content="规章">'
ANSWER = f"http://www.csrc.gov.cn/searchList/{CHANNEL}?_isJson=true&_pageSize=20&page=1"


def opened(body: str, url: str = ENTRY, spec_url: str = "", **more: Any) -> Opening:
    return ucap.open(page(f"<html>{body}</html>", url), ColumnSpec("ucap", spec_url or url, **more))


def first(opening: Opening) -> Ask:
    [column] = opening.columns
    assert column.first is not None
    return column.first


def query(ask: Ask) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(ask.url).query, keep_blank_values=True))


def test_a_channel_whose_service_only_an_external_script_knows() -> None:
    opening = opened(META + '<script src="/csrc/xhtml/js/render.js"></script>')
    ask = first(opening)
    assert ask.url.startswith(f"http://www.csrc.gov.cn/searchList/{CHANNEL}?_isAgg=true&_isJson=true&_pageSize=20&")
    assert query(ask)["page"] == "1"
    assert ("Referer", ENTRY) in ask.headers
    assert (opening.columns[0].key, opening.columns[0].name, opening.columns[0].url) == (
        "csrc/c106256/fg",
        "规章",
        ENTRY,
    )


def test_the_service_and_its_query_are_read_from_a_script() -> None:
    script = """<script>$.get('/es-search/search/' + $('meta[name="channelId"]').attr("content")
        + '?_template=ucap/cdtf&_pageSize=' + size + '&SORTED_TIME=DESC&page=' + cur, function (res) { show('?a=b') });
    </script>"""
    ask = first(opened(META + script))
    assert urlsplit(ask.url).path == f"/es-search/search/{CHANNEL}"
    assert query(ask) == {"_template": "ucap/cdtf", "_pageSize": "20", "SORTED_TIME": "DESC", "page": "1"}


def test_a_channel_in_a_script_and_a_service_on_another_host() -> None:
    ask = first(
        opened('<script>var channelId = "main-001"; load("//so.a.gov.cn/common/search/" + channelId);</script>')
    )
    assert ask.url.startswith("http://so.a.gov.cn/common/search/main-001?_isAgg=true&")


def test_options_say_what_the_page_does_not() -> None:
    spec: dict[str, Any] = {
        "options": {"api": "/common/search", "channels": ["aa", "bb"]},
        "name": "政策文件",
        "key": "zc",
    }
    columns = opened("<h1>政策</h1>", **spec).columns
    assert [(column.key, column.name) for column in columns] == [("zc/aa", "政策文件 / aa"), ("zc/bb", "政策文件 / bb")]
    assert [urlsplit(column.first.url).path for column in columns if column.first] == [
        "/common/search/aa",
        "/common/search/bb",
    ]
    assert len({column.url for column in columns}) == 2


def test_suzhou_asks_by_post() -> None:
    script = """<script>$.post("/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=15", {pageIndex: 1});</script>"""
    for body, options in ((META + script, None), (META, {"api": "/szinf/xxgk/interfacesWebZcwj/loadData"})):
        ask = first(opened(body, options=options))
        assert (ask.method, ask.url) == (
            "POST",
            "http://www.csrc.gov.cn/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=20",
        )
        assert ask.body == f"pageIndex=1&channel_id={CHANNEL}".encode()
        assert ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8") in ask.headers


@pytest.mark.parametrize(
    ("url", "body", "target"),
    [
        (
            "http://www.yichun.gov.cn/nkqxxgk/nk104/xxgk_bmtt.shtml?code=nk1291&temp=navs_list",
            META,
            "http://www.yichun.gov.cn/nkqxxgk/nk1291/navs_list.shtml",
        ),
        (ENTRY, '<iframe src="../c106257/list.shtml"></iframe>', "http://www.csrc.gov.cn/csrc/c106257/list.shtml"),
    ],
)
def test_a_shell_leads_on(url: str, body: str, target: str) -> None:
    opening = opened(body, url)
    assert opening == Opening((), further=Ask(target))


def test_behind_a_shell_the_column_is_still_that_of_the_entry() -> None:
    entry = "http://www.yichun.gov.cn/nkqxxgk/nk104/xxgk_bmtt.shtml?code=nk1291&temp=navs_list"
    [column] = opened(META, "http://www.yichun.gov.cn/nkqxxgk/nk1291/navs_list.shtml", entry).columns
    assert column.url == entry
    assert column.key == "nkqxxgk/nk104/xxgk_bmtt?code=nk1291&temp=navs_list"


@pytest.mark.parametrize(
    "body", ["<p>系统维护中</p>", '<meta name="channelId" content=""><p>维护</p>', META.replace("channelid", "c")]
)
def test_a_page_that_names_no_channel(body: str) -> None:
    with pytest.raises(LayoutError, match=rf"{ENTRY}: no channel id on this page; name it"):
        opened(body)


def test_the_service_itself_may_be_the_entry() -> None:
    answer = page(json.dumps({"data": {"total": 40, "results": [ROW]}}), ANSWER, "application/json")
    [column] = ucap.open(answer, ColumnSpec("ucap", ANSWER)).columns
    assert column.first is None
    following = ucap.read_list(answer, column, 1).next
    assert following is not None
    assert following.url == ANSWER.replace("page=1", "page=2")
    bare = Column("k", "n", ANSWER.partition("?")[0], "ucap", Ask(ANSWER.partition("?")[0]))
    assert ucap.read_list(answer, bare, 1).next == Ask(ANSWER.partition("?")[0] + "?page=2")


# --- answers --------------------------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "title": "关于修改部分规章的决定",
    "subTitle": "",
    "content": "正文" * 500,
    "url": "//www.csrc.gov.cn/csrc/c106256/c3217074/content.shtml",
    "publishedTime": 1783390272000,
    "publishedTimeStr": "2026-07-07 10:11:12",
    "channelName": "规章",
    "manuscriptId": "c3217074",
    "resList": [],
    "domainMetaList": [
        {
            "domainMetadataName": "默认元数据集",
            "resultList": [
                {"name": "来源", "value": "法律部", "key": "source"},
                {"name": "作者", "value": "", "key": "author"},
                {"name": "文件编号甲", "value": "证监会令第200号", "key": "refno"},
                {"name": "", "value": "null", "key": "writedate"},
            ],
        },
        {"resultList": [{"name": "发文字号", "value": "证监会令第200号", "key": "writtentext"}, None]},
        {"resultList": None},
    ],
}
COLUMN = Column("fg", "规章", ENTRY, "ucap", Ask(ANSWER, headers=(("Referer", ENTRY),)))


def read(answer: object, number: int = 1, column: Column = COLUMN, url: str = ANSWER) -> ListPage:
    body = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return ucap.read_list(page(body, url, "application/json"), column, number)


@pytest.mark.parametrize("wrap", [lambda b: {"data": b}, lambda b: b, lambda b: {"results": {"data": b}}])
def test_rows_and_metadata_in_each_wrapping(wrap: Any) -> None:
    found = read(wrap({"page": 1, "rows": 20, "channelId": CHANNEL, "total": "41", "results": [ROW]}))
    assert found.declared_total == 41
    assert found.next == Ask(ANSWER.replace("page=1", "page=2"), headers=(("Referer", ENTRY),))
    [row] = found.rows
    assert (row.url, row.title) == ("http://www.csrc.gov.cn/csrc/c106256/c3217074/content.shtml", ROW["title"])
    assert row.date == "2026-07-07 10:11:12"
    assert row.fields == (
        ("publishedTimeStr", "2026-07-07 10:11:12"),
        ("channelName", "规章"),
        ("manuscriptId", "c3217074"),
        ("来源", "法律部"),
        ("refno", "证监会令第200号"),
        ("发文字号", "证监会令第200号"),
    )


def test_a_row_of_little() -> None:
    given = {"titleHtml": "测试<em>暂行条例</em>", "url": "/zcfgk/c1/c2/content.html", "publishedTime": "1783390272000"}
    [row] = read({"data": {"results": [given]}}).rows
    assert (row.url, row.title, row.date, row.fields) == (
        "http://www.csrc.gov.cn/zcfgk/c1/c2/content.html",
        "测试暂行条例",
        "2026-07-07",
        (),
    )


def test_the_rows_of_suzhou() -> None:
    given = {"TITLE": "标题", "URL": "http://www.suzhou.gov.cn/a.shtml", "C_WJBH": "苏府〔2026〕1号",
             "C_SYH": "014/2026-1", "C_FWRQ_FORMAT": "2026-07-01", "PUBLISHED_TIME_FORMAT": "2026-07-07"}  # fmt: skip
    ask = Ask("http://www.suzhou.gov.cn/l/loadData?pageSize=20", "POST", (), b"pageIndex=1&channel_id=abc")
    column = Column("zc", "政策", "http://www.suzhou.gov.cn/", "ucap", ask)
    found = read({"data": {"allRow": 5005, "totalPage": 334, "list": [given]}}, 7, column, ask.url)
    assert (found.declared_total, found.rows[0].date, dict(found.rows[0].fields)["C_WJBH"]) == (
        5005,
        "2026-07-07",
        "苏府〔2026〕1号",
    )
    assert found.next == Ask(ask.url, "POST", (), b"pageIndex=8&channel_id=abc")


def test_an_empty_page_is_not_the_end_by_itself() -> None:
    assert read({"data": {"total": 41, "results": []}}, 3).next is not None
    assert read({"data": {"total": 0, "results": []}}, 1) == ListPage((), None, 0)


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("<html>维护</html>", "not an answer of UCAP's list service: .*not JSON"),
        ({"data": {"total": 3, "results": None}}, "no list named results or list"),
        ([], "no list named results or list"),
        ({"data": {"channelId": "b" * 32, "results": [ROW]}}, f"asked for channel {CHANNEL}, answered with b+"),
        ({"data": {"total": 3, "results": []}}, "3 rows declared, and none with an address among 0"),
        ({"data": {"total": 3, "results": [{"title": "无地址"}]}}, "none with an address among 1"),
    ],
)
def test_what_is_no_list_of_the_channel(answer: object, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen) as error:
        read(answer)
    assert "\n" not in str(error.value)


# --- the rest of a family -------------------------------------------------------------------------------------------


def weight(found: Page) -> int:
    return sum(sign.weight for sign in ucap.detect(found))


def test_its_own_pages_are_told() -> None:
    script = '<script>$.get("/common/search/" + channelId);</script>'
    assert weight(page(f"<html>{META}{script}</html>", ENTRY)) == 3
    assert weight(page(json.dumps({"data": {"results": [ROW]}}), ANSWER, "application/json")) == 3
    assert weight(page(json.dumps({"data": {"list": []}}), ANSWER, "application/json")) == 0
    assert weight(page("", ENTRY)) == 0


def test_a_list_in_html_is_no_more_than_a_hint() -> None:
    assert weight(saved("csrc-xiniu/csrc_golden_list_1.html", ENTRY)) == 1
    assert weight(page('<a href="/common/search?keyword=x">搜索</a>', "http://www.a.gov.cn/")) == 0


@pytest.mark.parametrize("key", [key for key in PORTALS if key != "ucap-json"])
def test_entries_of_other_families_are_not_taken_for_it(key: str) -> None:
    site = PORTALS[key].build(Plan("http://127.0.0.1:8801"))
    for _, url in site.entries:
        parts = urlsplit(url)
        answer = site.pages[parts.path](Visit(path=parts.path, query=dict(parse_qsl(parts.query))))
        assert isinstance(answer.body, str)
        assert weight(page(answer.body, url, answer.mime)) <= 1


def test_keys_and_catalogues() -> None:
    one, two = (ColumnSpec("ucap", ENTRY + tail) for tail in ("", "#b"))
    assert (ucap.key(one), ucap.key(two)) == ("csrc/c106256/fg", "csrc/c106256/fg#b")
    assert ucap.catalogue(one) != ucap.catalogue(two)
    assert ucap.entry(two) == Ask(ENTRY)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("api", "/searchList", True),
        ("api", "/common/search/", True),
        ("api", "/szinf/xxgk/interfacesWebZcwj/loadData", True),
        ("api", "/list", False),
        ("api", 3, False),
        ("channels", [CHANNEL], True),
        ("channels", [], False),
        ("channels", CHANNEL, False),
        ("channels", ["a b"], False),
    ],
)
def test_options_are_checked(name: str, value: object, good: bool) -> None:
    assert (ucap.OPTIONS[name](value) == "") is good


# --- traps of the practice portal -----------------------------------------------------------------------------------


def test_services_answer_only_who_asks_as_a_browser_does() -> None:
    site = PORTALS["ucap-json"].build(Plan("http://127.0.0.1:8801"))

    def got(path: str, **query: str) -> str:
        body = site.pages[path](Visit(path=path, query=query)).body
        assert isinstance(body, str)
        return body

    [listed] = [path for path in site.pages if path.startswith("/common/search/")]
    assert got(listed).startswith("<html>")
    assert json.loads(got(listed, _isJson="true"))["data"]["total"] == 7
    [listed] = [path for path in site.pages if path.startswith("/es-search/")]
    assert json.loads(got(listed, page="1"))["results"] == []
    assert len(json.loads(got(listed, _template="ucap/cdtf", _pageSize="20"))["results"]) == 10
    assert got("/szinf/xxgk/interfacesWebZcwj/loadData").startswith("<html>")
    first = json.loads(got(sorted(path for path in site.pages if path.startswith("/searchList/"))[0], _isJson="true"))
    assert first["data"]["results"][0]["url"].startswith("//127.0.0.1:8801/dfsrmzf/")
