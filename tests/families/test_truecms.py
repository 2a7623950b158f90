"""The TrueCMS family, on pages and answers written from portal-families.md section 5.14."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import truecms
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.spiders.walk import Walk
from tests.families.pages import page

URL = "https://www.nantong.gov.cn/ntsrmzf/szfbwj/szfbwj.html"
PATH = "/truecms/messageController/getMessage.do"
ID = "754f6db5-d294-46d5-b25c-da3a86d102cd"
CALL = (
    "$('#msgList').jpage({ dataStore:initData, totalRecord:%d, proxyUrl:'%s', perPage:2, groupSize:2,"
    " barPosition:'bottom', ajaxParam:{ columnId:'%s' } });"
)


def row(number: int) -> str:
    return (
        f'<li><span>[2026-03-{number:02}]</span><a href="/ntsrmzf/szfbwj/content/{number:032x}.html"'
        f' title="市政府办公室关于印发第{number}号方案的通知">市政府办公室关于…</a></li>'
    )


def listing(*rows: str, total: int = 7, proxy: str = PATH, script: str = "") -> Page:
    call = script or CALL % (total, proxy, ID)
    return page(
        f'<html><meta name="ColumnName" content="政府办文件"><div id="msgList"></div>'
        f'<div id="initData" style="display:none"><ul>{"".join(rows)}</ul></div><script>{call}</script></html>',
        URL,
    )


def answer(
    *numbers: int, total: object = 7, start: int = 5, wrap: str = "cb(%s);", tag: str = "<![CDATA[%s]]>"
) -> Page:
    records = "".join(f"<record>{tag % row(number)}</record>" for number in numbers)
    result = f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"
    query = f"startrecord={start}&endrecord={start + 3}&perpage=2&columnId={ID}&callback=cb"
    url = f"https://www.nantong.gov.cn{PATH}?{query}"
    return page(wrap % json.dumps({"result": result}), url, "text/javascript")


def column(declared: int | None = 7) -> Column:
    return Column("a", "政府办文件", URL, "truecms", None, declared)


def read(found: Page, number: int = 1) -> ListPage:
    return truecms.read_list(found, column(), number)


def asked(found: Ask | None) -> dict[str, str]:
    assert found is not None
    return {name: values[-1] for name, values in parse_qs(urlsplit(found.url).query, keep_blank_values=True).items()}


FIRST = tuple(row(number) for number in (1, 2, 3, 4))


def test_the_first_records_stand_in_the_page() -> None:
    found = read(listing(*FIRST))
    assert [(row.title, row.date) for row in found.rows[:2]] == [
        ("市政府办公室关于印发第1号方案的通知", "2026-03-01"),
        ("市政府办公室关于印发第2号方案的通知", "2026-03-02"),
    ]
    assert found.declared_total == 7
    assert asked(found.next) == {
        "startrecord": "5",
        "endrecord": "8",
        "perpage": "2",
        "contentTemplate": "",
        "columnId": ID,
        "callback": "cb",
    }
    assert found.next is not None
    assert ("Referer", URL) in found.next.headers


def test_a_walk_in_windows() -> None:
    walk = Walk(column(9))
    walk.feed(read(listing(*FIRST, total=9)))
    following = walk.feed(truecms.read_list(answer(5, 6, 7, 8, total=9), column(9), 2))
    assert (asked(following)["startrecord"], asked(following)["endrecord"]) == ("9", "12")
    assert following is not None
    assert ("Referer", URL) in following.headers
    assert walk.feed(truecms.read_list(answer(9, total=9, start=9), column(9), 3)) is None
    assert (walk.end, walk.listed) == (WalkEnd.LAST_PAGE, 9)


def test_all_records_in_the_page() -> None:
    assert read(listing(*FIRST, total=4)).next is None
    assert read(listing(total=0)) == ListPage((), None, 0)


@pytest.mark.parametrize("proxy", ["http://210.29.65.177:8001/TrueCMS/messageController/getMessage.do", PATH])
def test_the_service_is_asked_at_the_pages_own_host(proxy: str) -> None:
    found = read(listing(*FIRST, proxy=proxy)).next
    assert found is not None
    assert found.url.startswith(f"https://www.nantong.gov.cn{urlsplit(proxy).path}?")


def test_a_service_that_is_switched_off() -> None:
    """连云港: links in click handlers, and 404 for what lies behind the first records."""
    clicked = [
        f"<li onclick=\"name2('/sgaj/zcfg/content/{n:032x}.html')\"><p>市公安局关于第{n}号事项的通知</p>"
        f"<span>2026-03-0{n}</span></li>"
        for n in (1, 2, 3, 4)
    ]
    found = read(listing(*clicked))
    assert [row.url for row in found.rows][:1] == [f"https://www.nantong.gov.cn/sgaj/zcfg/content/{1:032x}.html"]
    assert (found.rows[0].title, found.rows[0].date) == ("市公安局关于第1号事项的通知", "2026-03-01")
    walk = Walk(column())
    walk.feed(found)
    walk.missing("page 2 answered 404")
    assert walk.end is WalkEnd.PAGE_MISSING


def test_records_without_a_service() -> None:
    """That there are more is known, how to ask for them is not: the walk is no whole one."""
    script = CALL.replace("columnId", "channel") % (7, PATH, ID)
    walk = Walk(column())
    assert walk.feed(read(listing(*FIRST, script=script))) is None
    assert walk.end is WalkEnd.PAGE_FAILED


@pytest.mark.parametrize(
    "found",
    [
        answer(5, 6, 7),
        answer(5, 6, 7, wrap="%s"),  # 上海人大 answers in plain JSON
        answer(5, 6, 7, wrap="jQuery1124_1(%s)\n"),
        answer(5, 6, 7, total=""),
        answer(5, 6, 7, total="${totalRecord}"),
    ],
)
def test_answers_of_the_service(found: Page) -> None:
    got = read(found, 2)
    assert [row.date for row in got.rows] == ["2026-03-05", "2026-03-06", "2026-03-07"]
    assert (got.next, got.declared_total) == (None, 7)


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        (answer(), "no record, though 7 are declared"),  # 南通: a window of 100
        (answer(5, wrap="<html>%.0s</html>"), "not an answer of getMessage.do"),
        (answer(5, wrap="cb({%.0s});"), "no result in it"),
        (answer(5, tag="<![CDATA[<li>无链接%.0s</li>]]>"), "none of its 1 records"),
    ],
)
def test_answers_that_are_none(found: Page, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        read(found, 2)


def test_the_column_of_a_page() -> None:
    [found] = truecms.open(listing(*FIRST), ColumnSpec("truecms", URL)).columns
    assert (found.key, found.name, found.declared, found.first) == ("ntsrmzf/szfbwj/szfbwj", "政府办文件", 7, None)
    with pytest.raises(LayoutError, match="no #initData"):
        truecms.open(page("<html><body>系统维护中</body></html>", URL), ColumnSpec("truecms", URL))


def test_its_signs() -> None:
    assert sum(sign.weight for sign in truecms.detect(listing(*FIRST))) == 5
    hanweb = page("<script>$('#1').jpage({proxyUrl:'/module/jpage/dataproxy.jsp'})</script>")
    assert truecms.detect(hanweb) == ()
