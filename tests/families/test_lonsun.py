"""The Lonsun family, on pages written from portal-families.md section 5.8."""

from urllib.parse import parse_qs, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import lonsun
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.spiders.walk import Walk
from tests.families.pages import page

HOST = "http://www.ah.gov.cn"
URL = f"{HOST}/public/column/1681?type=4&catId=6708461&action=list"
ALIAS = "https://hrss.ah.gov.cn/zxzx/ztzl/ahssydwgkzp/index.html"
MORE = "/content/column/6791573?pageIndex="


def row(number: int) -> str:
    return (
        f'<div class="xxgk_navli"><ul><li>{number}</li><li>00298627-2/202003-{number:05}</li>'
        f'<li><a href="/public/1681/82881{number:02}.html">安徽省人民政府关于第{number}号事项的通知</a></li>'
        f"<li>2020-03-{number:02}</li></ul></div>"
    )


def listing(*numbers: int, pager: str = "", url: str = URL) -> Page:
    side = '<ul><li><a href="/public/column/1681?catId=1">规划计划</a></li><li><a href="/openness/">指南</a></li></ul>'
    rows = "".join(row(number) for number in numbers)
    return page(
        f'<html><meta name="ColumnName" content="规章"><body>{side}<div class="xxgk_nav_top"><ul><li>序号</li>'
        f"<li>索引号</li><li>信息名称</li><li>生成日期</li></ul></div>{rows}{pager}</body></html>",
        url,
    )


def script(body: str) -> str:
    return f"<script>(function($){{ {body} }})(jQuery)</script>"


def read(found: Page, number: int = 1, url: str = URL, first: Ask | None = None) -> ListPage:
    return lonsun.read_list(found, Column("a", "规章", url, "lonsun", first), number)


def test_a_row_is_a_list_of_its_own() -> None:
    found = read(listing(1, 2))
    assert [(r.url, r.title, r.date) for r in found.rows] == [
        (f"{HOST}/public/1681/8288101.html", "安徽省人民政府关于第1号事项的通知", "2020-03-01"),
        (f"{HOST}/public/1681/8288102.html", "安徽省人民政府关于第2号事项的通知", "2020-03-02"),
    ]
    assert found.rows[0].fields == (("索引号", "00298627-2/202003-00001"),)


def test_a_date_is_no_index_number() -> None:
    bare = listing(1).text.replace("<li>00298627-2/202003-00001</li>", "")
    assert read(page(bare, URL)).rows[0].fields == ()


@pytest.mark.parametrize(
    "pager",
    [
        script("Ls.pagination({ currPage:1, pageCount:66, listRows:20 });"),
        script("Ls.pagination('#p', function (n) { go(n) }, {'pageCount':'66', \"currPage\" : '1'})"),
        '<div id="page_public_info"><a href="javascript:;" paged="2">2</a><a paged="66">尾页</a></div>',
    ],
)
def test_the_pager_says_how_many_pages(pager: str) -> None:
    found = read(listing(1, pager=pager))
    assert found.declared_pages == 66
    assert found.next == Ask(f"{URL}&pageIndex=2")
    last = listing(3, pager=pager.replace("Page:1", "Page:66").replace("'1'", "'66'"), url=f"{URL}&pageIndex=66")
    assert read(last, 66).next is None


def test_an_alias_has_its_further_pages_elsewhere() -> None:
    pager = script(f"var a = '/content/column/1?x='; Ls.pagination({{url: '{MORE}', currPage: 1, pageCount: 2}});")
    found = read(listing(1, pager=pager, url=ALIAS), url=ALIAS)
    assert found.next == Ask("https://hrss.ah.gov.cn/content/column/6791573?pageIndex=2")


@pytest.mark.parametrize(
    ("pager", "number", "seen"),
    [
        ("currPage: 1, pageCount: 3", 2, "asked for page 2, answered with page 1"),
        ("currPage: 2, pageCount: 3, url: '/public/column/999?pageIndex='", 2, "its pager is of public/999"),
        (
            "currPage: 2, pageCount: 3, url: '/public/column/1681?catId=7&pageIndex='",
            2,
            "its pager is of public/1681/7",
        ),
    ],
)
def test_an_answer_to_another_question(pager: str, number: int, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        read(listing(1, pager=script(f"Ls.pagination({{ {pager} }});")), number)


def test_no_word_of_pages_is_tried() -> None:
    walk = Walk(Column("a", "规章", URL, "lonsun", None))
    assert walk.feed(read(listing(1, 2))) == Ask(f"{URL}&pageIndex=2")
    walk.missing("page 2 answered 404")
    assert walk.end is WalkEnd.LAST_PAGE
    again = Walk(Column("a", "规章", URL, "lonsun", None))
    again.feed(read(listing(1, 2)))
    assert again.feed(read(listing(), 2)) is None
    assert again.end is WalkEnd.LAST_PAGE
    assert read(listing(1, url=ALIAS), url=ALIAS).next is None  # where a number would mean nothing


def test_a_page_that_is_no_list() -> None:
    with pytest.raises(LayoutError, match="no list on this page"):
        read(page("<html><body><p>系统维护中，请稍后再来</p></body></html>", URL))


# --- rows that a script fetches -------------------------------------------------------------------------------------

AJAX = script(
    'function load(pageIndex) { Ls.ajax({ dataType: "html", url: "/site/label/165919", data : { siteId : "4443205",'
    ' pageSize : "16", pageIndex: pageIndex, isDate: true, organId: 4443193, result: "暂无相关信息" } }) }'
)


def test_rows_come_from_a_label() -> None:
    [column] = lonsun.open(listing(pager=AJAX), ColumnSpec("lonsun", URL)).columns
    assert column.first is not None
    parts = urlsplit(column.first.url)
    assert parts.path == "/site/label/165919"
    asked = parse_qs(parts.query)
    expected = {"siteId": "4443205", "isDate": "true", "organId": "4443193", "pageIndex": "1", "IsAjax": "1"}
    assert {name: asked[name] for name in expected} == {name: [value] for name, value in expected.items()}
    walk = Walk(column)
    following = walk.feed(read(page(row(1) + row(2), column.first.url), 1, first=column.first))
    assert following == Ask(column.first.url.replace("pageIndex=1", "pageIndex=2"))
    assert walk.feed(read(page("<p>暂无相关信息</p>", following.url if following else ""), 2)) is None
    assert (walk.end, walk.listed) == (WalkEnd.LAST_PAGE, 2)


def test_a_page_with_rows_of_its_own_needs_no_label() -> None:
    [column] = lonsun.open(listing(1, 2, pager=AJAX), ColumnSpec("lonsun", URL)).columns
    assert (column.first, column.name) == (None, "规章")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (URL, "public/1681/6708461"),
        (f"{HOST}/public/column/1681?siteId=6781961", "public/1681"),
        (f"{HOST}/content/column/6791573", "content/6791573"),
        (ALIAS, "zxzx/ztzl/ahssydwgkzp"),
        ("https://www.hg.gov.cn/zwgk/public/column/6636765?type=4&catId=7025201", "public/6636765/7025201"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert lonsun.key(ColumnSpec("lonsun", url)) == key


def test_its_signs() -> None:
    pager = script("Ls.pagination({ currPage:1, pageCount:66 });")
    assert sum(sign.weight for sign in lonsun.detect(listing(1, pager=pager))) == 5
    assert lonsun.detect(page("<html><script>createPageHTML(3, 0, 'index', 'html')</script></html>")) == ()
