"""Hanweb's classic columns: datastores, and dataproxy.jsp in its moods (portal-families.md 5.2)."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import FAMILIES, hanweb
from crawler.families.base import Column, ColumnSpec, ListPage
from crawler.families.hanweb_units import ask, records, rows, units
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from crawler.spiders.walk import Walk
from tests.families.datastores import (
    CALL,
    HOST,
    NAMES,
    PARAM,
    PROXY,
    TITLE,
    URL,
    answer,
    column_page,
    embedded,
    next_url,
    opened,
    row,
    said,
    store,
)
from tests.families.pages import compare, saved
from tests.families.stroll import ORIGIN, stroll

# --- what is real -----------------------------------------------------------------------------------------------------


def test_rows_of_a_saved_answer() -> None:
    """定西: four records of a real answer; one points to another host, one title is cut short."""
    url = f"http://zwgk.dingxi.gov.cn{PROXY}?page=1&columnid=12377&unitid=38486"
    home = "http://zwgk.dingxi.gov.cn/col/col12377/index.html"
    column = Column("col/col12377", "公示公告", home, "hanweb", ask(url, 1, 1, home))
    compare("dingxi", hanweb.read_list(saved("dingxi-jpage/dataproxy.xml", url), column, 1))


def test_the_link_of_a_saved_answer_is_kept_as_it_is_written() -> None:
    text = saved("dingxi-jpage/dataproxy.xml", HOST).text
    [unit] = units(column_page(f'<div id="38486"><script type="text/xml">{text}</script></div>', url=URL))
    assert (unit.id, unit.column, len(unit.records), unit.total) == ("38486", "12377", 4, None)
    assert "&webname=%25E5%25AE%259A%25E8%25A5%25BF%25E5%25B8%2582" in unit.more


# --- what a page says of its units ------------------------------------------------------------------------------------


def test_records_in_a_page_are_its_first_list_page_and_the_service_has_the_rest() -> None:
    found = column_page(embedded(store(1, 2, 3, total=7, link=f"{PROXY}?page=1&{NAMES}")))
    column = opened(found)
    assert (column.key, column.name, column.first, column.declared) == ("col/col26014", "政府文件", None, 7)
    read = hanweb.read_list(found, column, 1)
    assert [r.title for r in read.rows] == [f"关于第{number}号事项的通知" for number in (1, 2, 3)]
    assert read.next is not None
    assert read.next.headers == (("Referer", URL),)
    asked = said(read.next.url)
    assert (asked["columnid"], asked["unitid"], asked["webid"]) == ("26014", "18498", "110")
    assert [asked[name] for name in ("page", "startrecord", "endrecord", "perpage")] == ["1", "1", "100", "100"]


@pytest.mark.parametrize(
    "link", ["", f"{PROXY}?page=1&{NAMES}"], ids=["without a link", "though there is a link to more"]
)
def test_nothing_is_asked_for_where_all_stands_in_the_page(link: str) -> None:
    found = column_page(embedded(store(1, 2, total=2, link=link)))
    assert hanweb.read_list(found, opened(found), 1).next is None


@pytest.mark.parametrize(
    "script",
    [CALL % (61, PARAM), f"var param_18498 = {PARAM};\n{CALL % (61, 'param_18498')}"],
    ids=["inside the call", "in a variable"],
)
def test_a_page_whose_script_alone_knows_the_service(script: str) -> None:
    found = column_page(f'<div id="18498"></div><script>{script}</script>')
    column = opened(found)
    assert column.declared == 61
    assert column.first is not None
    assert column.first.url.startswith(f"{HOST}/module/jpage/dataproxy.jsp?page=1&col=1&appid=1&webid=60&")
    assert said(column.first.url)["webname"] == "定西市"


def test_the_script_s_plain_names_are_taken_before_the_link_s_encrypted_ones() -> None:
    """国家医保局: its nextgroup is encrypted, what its own script asks for is not."""
    link = f"{PROXY}?page=1&webid=1&columnid=kQ9%2B&unitid=Zx8%3D"
    script = f"var param_18498 = {PARAM};\n{CALL % (61, 'param_18498')}"
    found = column_page(embedded(store(1, 2, link=link)), f"<script>{script}</script>")
    [unit] = units(found)
    assert (unit.id, len(unit.records), unit.total) == ("18498", 2, 61)
    assert said(unit.more)["columnid"] == "26014"


def test_the_unit_that_an_address_names_or_that_is_the_column_s_own() -> None:
    other = embedded(store(9, 8, 7, total=99, link=f"{PROXY}?page=1&columnid=26999&unitid=27258"), "27258")
    found = column_page(other, embedded(store(1, 2, total=2, link=f"{PROXY}?page=1&{NAMES}")))
    opening = hanweb.open(found, ColumnSpec("hanweb", URL))
    assert [column.declared for column in opening.columns] == [2]
    assert opening.skipped == (("unit 27258", "another list of the page"),)
    named = f"{URL}?uid=27258&pageNum=3"
    assert opened(found, named).declared == 99
    assert len(hanweb.read_list(found, opened(found, named), 1).rows) == 3
    with pytest.raises(LayoutError, match="has no unit 50649, but: 27258, 18498"):
        opened(found, f"{URL}?uid=50649")


def test_keys_are_the_column_s_and_catalogues_know_their_unit() -> None:
    plain, unit = ColumnSpec("hanweb", URL), ColumnSpec("hanweb", f"{URL}?uid=27258&pageNum=3")
    assert hanweb.key(plain) == hanweb.key(unit) == "col/col26014"
    assert hanweb.catalogue(plain) != hanweb.catalogue(unit)
    assert hanweb.catalogue(unit) == hanweb.catalogue(ColumnSpec("hanweb", f"{URL}?uid=27258"))
    assert hanweb.key(ColumnSpec("hanweb", URL, key="wj")) == "wj"
    module = f"{HOST}/col/col33381/index.html?vc_xxgkarea=11370800004312466C-ZF&number=B0303"
    assert hanweb.key(ColumnSpec("hanweb", module)) == "col/col33381?vc_xxgkarea=11370800004312466C-ZF&number=B0303"


# --- what the service answers -----------------------------------------------------------------------------------------

COLUMN = Column("col/col26014", "政府文件", URL, "hanweb", None, 250)


def asking(page_number: int, start: int) -> str:
    return ask(f"{HOST}{PROXY}?page=1&{NAMES}", page_number, start, URL).url


def test_the_next_batch_begins_behind_what_came_whatever_was_asked_for() -> None:
    read = hanweb.read_list(answer(store(*range(1, 46), total=250), asking(1, 1)), COLUMN, 2)
    asked = said(next_url(read))
    assert [asked[name] for name in ("page", "startrecord", "endrecord")] == ["2", "46", "145"]
    assert read.sparse  # the same 45 may have stood in the page
    further = hanweb.read_list(answer(store(*range(46, 92), total=250), next_url(read)), COLUMN, 3)
    asked = said(next_url(further))
    assert (asked["page"], asked["startrecord"], further.sparse) == ("3", "92", False)
    last = hanweb.read_list(answer(store(250, total=250), asking(9, 250)), COLUMN, 9)
    assert last.next is None


def test_a_service_that_begins_with_what_stood_in_the_page_is_read_on() -> None:
    walk = Walk(COLUMN)
    first = ListPage(rows([row(n) for n in range(1, 46)], URL), ask(f"{HOST}{PROXY}?{NAMES}", 1, 1, URL), 90)
    following = walk.feed(first)
    for numbers in (range(1, 46), range(46, 91)):
        assert following is not None
        following = walk.feed(hanweb.read_list(answer(store(*numbers, total=90), following.url), COLUMN, walk.number))
    assert (walk.end, walk.listed) == (WalkEnd.LAST_PAGE, 90)


@pytest.mark.parametrize(("total", "end"), [(90, WalkEnd.STUB_PAGE), (None, WalkEnd.NOTHING_NEW)])
def test_an_empty_batch_is_an_end_only_where_no_more_is_declared(total: int | None, end: WalkEnd) -> None:
    column = replace(COLUMN, declared=None)
    walk = Walk(column)
    walk.feed(ListPage(rows([row(n) for n in range(1, 46)], URL), ask(f"{HOST}{PROXY}?{NAMES}", 1, 1, URL), total))
    walk.feed(hanweb.read_list(answer(store(*range(1, 61), total=total), asking(1, 1)), column, 2))
    assert walk.end is None
    walk.feed(hanweb.read_list(answer(store(total=total), asking(2, 61)), column, 3))
    assert walk.end is end


@pytest.mark.parametrize(
    "text",
    [
        "<datastore>\r\n<recordset>\r\n</recordset>\r\n</datastore>\r\n",
        "",
        "<html><body><h1>系统繁忙</h1></body></html>",
    ],
    ids=["54 bytes", "nothing", "an error page"],
)
def test_a_service_that_has_nothing_to_say_is_no_end(text: str) -> None:
    for column in (COLUMN, replace(COLUMN, declared=None)):
        with pytest.raises(LayoutError, match=f"{len(text.encode())} bytes without a record"):
            hanweb.read_list(answer(text, asking(1, 1)), column, 2)


def test_the_walk_through_an_encrypted_column_does_not_end_as_a_whole_one() -> None:
    [walk] = [walk for walk in stroll("hanweb").walks if walk.column.name == "财政预决算"]
    assert walk.end is WalkEnd.STUB_PAGE
    assert not walk.end.complete
    assert (walk.listed, walk.declared_total) == (12, 15)


def test_records_without_any_link_are_no_list() -> None:
    text = "<datastore><recordset><record><![CDATA[<li>暂无</li>]]></record></recordset></datastore>"
    with pytest.raises(LayoutError, match="none of its 1 records has a link"):
        hanweb.read_list(answer(text, asking(1, 1)), COLUMN, 2)


def test_an_empty_column_is_a_list() -> None:
    found = column_page(embedded(store(total=0, link=f"{PROXY}?page=1&{NAMES}")))
    column = opened(found)
    assert column.first is not None
    read = hanweb.read_list(answer(store(total=0), column.first.url), column, 1)
    assert (read.rows, read.next, read.declared_total) == ((), None, 0)


ART = "/art/2021/3/5/art_1_2.html"


@pytest.mark.parametrize(
    ("record", "day"),
    [
        (f"<tr><td>[2021-03-05]</td><td><a href='{ART}'>{TITLE}</a></td></tr>", "2021-03-05"),
        (f"<li style=<br/><a href='{ART}' title='{TITLE}'>关于公…</a><span>2021-03-05", "2021-03-05"),
        (f"<li><span>\n<b>05</b>\n2021-03\n</span><a href='//www.example.gov.cn{ART}'>{TITLE}</a></li>", "2021-03-05"),
        (
            f"<table><tr><td width=620><a href='../..{ART}'>{TITLE}</a><td width=100>2021年3月5日</table>",
            "2021年3月5日",
        ),
    ],
    ids=["tr, date first", "torn", "day apart from month", "a table, address relative to the column page"],
)
def test_a_record_in_any_shape(record: str, day: str) -> None:
    text = f"<recordset>\n<record>\n<![CDATA[\n{record}]]>\n</record></recordset>"
    [found] = rows(records(text), URL)
    assert (found.url, found.title, found.date) == (HOST + ART, TITLE, day)


def test_a_record_with_its_brackets_escaped() -> None:
    text = f"<record>&lt;a href='{ART}'&gt;{TITLE}&lt;/a&gt;</record>"
    assert [found.title for found in rows(records(text), URL)] == [TITLE]


# --- detection, options -----------------------------------------------------------------------------------------------


def test_a_page_without_a_script_s_list_is_refused() -> None:
    with pytest.raises(LayoutError, match="neither a datastore nor /module/xxgk/"):
        hanweb.open(
            column_page("<ul><li><a href='/art/2020/1/2/art_1_2.html'>关于公布目录的通知</a></li></ul>"),
            ColumnSpec("hanweb", URL),
        )


@pytest.mark.parametrize("key", PORTALS)
def test_entry_pages_of_this_family_alone_are_recognised(key: str) -> None:
    site = PORTALS[key].build(Plan(ORIGIN))
    for family, url in site.entries:
        parts = urlsplit(url)
        got = site.pages[parts.path](Visit("GET", parts.path, said(url), {}, b""))
        body = got.body if isinstance(got.body, bytes) else got.body.encode()
        weight = sum(sign.weight for sign in hanweb.detect(Page(url, 200, (("Content-Type", got.mime),), body)))
        assert (weight >= 3) == (family == "hanweb"), (url, weight)
        if family != "hanweb":
            assert weight == 0


def test_truecms_pages_are_another_family_s() -> None:
    """南通: a datastore too, but put together by the script, and asked for from getMessage.do."""
    script = (
        "var initData = '<datastore><totalrecord>9</totalrecord><recordset>'; $('#msgList').jpage({dataStore:initData,"
        "totalRecord:9,proxyUrl:'/TrueCMS/messageController/getMessage.do',ajaxParam:{columnId:'ab-12'}});"
    )
    assert hanweb.detect(column_page(f"<script>{script}</script>")) == ()


@pytest.mark.parametrize(("value", "good"), [(["A02"], True), (["*"], True), ([], False), ("A02", False), ([7], False)])
def test_the_option_is_checked(value: object, good: bool) -> None:
    assert FAMILIES["hanweb"].OPTIONS.keys() == {"categories"}
    assert (hanweb.OPTIONS["categories"](value) == "") is good
