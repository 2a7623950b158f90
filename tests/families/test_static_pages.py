"""Pages of static portals that are no list, or not only: empty lists, stubs, entry pages; and which are detected."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, ColumnSpec
from tests.families.lists import LIST, TRS, UCAP, URL, framed, read, skin
from tests.families.pages import column, page

# --- no rows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '<ul class="news_list"></ul>',
        '<div id="list"><p>  </p></div>',
        '<table class="infolist"><tr><th>标题</th><th>日期</th></tr></table>',
        "<p>暂无相关信息！</p>",
        '<ul class="gl"></ul><script>createPageHTML(0, 0, "index", "html");</script>',
    ],
)
def test_a_list_that_holds_nothing(body: str) -> None:
    assert read(body) == []


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<div class='intro'>机构职能</div>", "no list on this page"),
        (
            "<ul class='list'></ul><script>createPageHTML(9, 0, 'index', 'html')</script>",
            "9 pages declared, and no row",
        ),
        (
            "<ul class='list'><li v-for='it in list'><a>{{it.title}}</a></li></ul><p>暂无数据</p>",
            "a script fills the list$",
        ),
        ("<ul class='list'></ul><a href='/module/web/jpage/dataproxy.jsp?page=1'></a>", "family hanweb"),
        ("<ul class='list'></ul><script>$.get('/searchList/' + id)</script>", "family ucap"),
        ("<ul id='list'></ul><script>axios.post('/irs/front/list', q)</script>", "family irs"),
    ],
)
def test_a_page_that_is_no_list(body: str, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        read(body)


def test_a_stub_page() -> None:
    body = b"<html><body><ul class='list'></ul></body></html>"
    with pytest.raises(LayoutError, match=f"stub page of {len(body)} bytes"):
        static.read_list(Page(URL + "index_7.html", 200, (), body), column(), 8)


@pytest.mark.parametrize("body", [b"", b'{"rows": []}'])
def test_what_is_no_page_at_all(body: bytes) -> None:
    answer = Page(URL, 200, (), body)
    with pytest.raises(LayoutError):
        static.open(answer, ColumnSpec("static", URL))
    with pytest.raises(LayoutError):
        static.read_list(answer, column(), 1)
    assert static.detect(answer) == ()


_PIECES = st.sampled_from(
    [
        *(
            "<ul class='list'>",
            "</ul>",
            "<li>",
            "<table>",
            "<tr><td colspan='x'>",
            "<dl><dt>",
            "<a>",
            "</a>",
            "<!--",
            "-->",
        ),
        *(
            "<a href='./202605/t1_2.html'>某通知文件",
            "<a href='http://[x'>坏地址",
            "<a href='http://a:b/'>坏端口",
            "2026-05-08",
        ),
        *(
            "<a href='javascript:f(\"/a.html\")'>脚本地址",
            "<script>createPageHTML(",
            "</script>",
            "下一页",
            "共3页",
            "：",
            "\x00",
        ),
        *(
            "<script>var url = './202605/t1_2.html'; title = '某通知文件' + (url);",
            "document.writeln('<a href=' + url + '>' + title.substring(0, (9)) + '</a>');",
            "document.write(\"<li><a href='/a/1.html'>某通知文件</a>",
            "function f(a) { ",
            'dataList=[{"title": "某通知文件", "url": "/a/2.html"}, ',
            "(((",
            "<div class='page'><a href='?p=2'>2</a>",
        ),
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_whatever_the_page_it_is_read_or_refused(body: str) -> None:
    answer = page(body, URL)
    static.detect(answer)
    with suppress(LayoutError):
        rows = static.read_list(answer, column(), 1).rows
        assert all(row.url.startswith("http") and row.title for row in rows)


def test_brackets_without_end() -> None:
    script = f"<script>x = {'(' * 50_000}; document.write({'(' * 50_000}'<a href=1>');</script>"
    with pytest.raises(LayoutError):
        read(script)


# --- the entry page -------------------------------------------------------------------------------------------------


def test_the_column_of_an_entry_page() -> None:
    [found] = static.open(framed(LIST.format("", "")), ColumnSpec("static", URL)).columns
    assert (found.key, found.name, found.url, found.first) == ("zwgk/zfwj", "政府文件", URL, None)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta name="columnname" content=" 规章 "><title>某某网</title>', "规章"),
        ("<title>通知公告_示例市财政局</title>", "通知公告"),
        ("<p>您的位置：首页 &gt; 政策 &gt; 公告 &gt;</p>", "公告"),
        ("", "zwgk/zfwj"),
    ],
)
def test_the_name_of_a_column(head: str, name: str) -> None:
    [found] = static.open(page(head + LIST.format("", ""), URL), ColumnSpec("static", URL)).columns
    assert found.name == name


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.gov.cn/xxgk/zcfb/fzggwl/", "xxgk/zcfb/fzggwl"),
        ("http://a.gov.cn/xxgk/zcfb/fzggwl/index.html", "xxgk/zcfb/fzggwl"),
        ("https://a.gov.cn/csrc/c106256/fg.shtml", "csrc/c106256/fg"),
        ("http://a.gov.cn/list.jsp?urltype=tree&wbtreeid=1066", "list?urltype=tree&wbtreeid=1066"),
        ("http://a.gov.cn/", "root"),
        ("https://a.gov.cn/zfxxgk/fdzdgknr/zfwj/1.html", "zfxxgk/fdzdgknr/zfwj"),
        ("https://a.gov.cn/gk/zc/hzgfxwj", "gk/zc/hzgfxwj"),
    ],
)
def test_the_key_of_a_column(url: str, key: str) -> None:
    assert static.key(ColumnSpec("static", url)) == key


@pytest.mark.parametrize(
    ("shell", "target"),
    [
        (
            '<iframe src="/nkqxxgk/nk1291/navs_list.shtml"></iframe>',
            "http://www.example.gov.cn/nkqxxgk/nk1291/navs_list.shtml",
        ),
        ('<meta http-equiv="refresh" content="0; url=./gfxwj/">', "http://www.example.gov.cn/zwgk/zfwj/gfxwj/"),
        ('<iframe src="http://weather.example.com/"></iframe>', None),
        ('<iframe id="list"></iframe>', None),
        ('<iframe src="./a.html"></iframe><iframe src="./b.html"></iframe>', None),
    ],
)
def test_a_shell_is_followed(shell: str, target: str | None) -> None:
    [found] = static.open(page(shell, URL), ColumnSpec("static", URL)).columns
    assert found.first == (Ask(target) if target else None)


def test_a_list_that_the_query_names_is_followed() -> None:
    """宜春: a script puts the department's list into the frame (idx:9732238494)."""
    url = "http://www.example.gov.cn/nkqxxgk/nk104/xxgk_bmtt.shtml?code=nk1291&temp=navs_list"
    [found] = static.open(page('<iframe id="main"></iframe>', url), ColumnSpec("static", url)).columns
    assert found.first == Ask("http://www.example.gov.cn/nkqxxgk/nk1291/navs_list.shtml")


def test_a_one_line_script_is_followed() -> None:
    answer = Page(URL, 200, (), b"<script>window.location.href='list.shtml';</script>")
    [found] = static.open(answer, ColumnSpec("static", URL)).columns
    assert found.first == Ask("http://www.example.gov.cn/zwgk/zfwj/list.shtml")


# --- detection ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRS + UCAP)
def test_a_list_is_detected(name: str) -> None:
    found = static.detect(framed(skin(name)))
    assert sum(sign.weight for sign in found) >= 4, found


def test_navigation_is_no_list() -> None:
    assert static.detect(framed("")) == ()
