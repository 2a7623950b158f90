"""Lists of several products in several skins. None of the markup here was used to build the reader."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families import static
from crawler.families.base import Ask, ColumnSpec
from tests.families.pages import column, page

URL = "http://www.example.gov.cn/zwgk/zfwj/"
FIRST, SECOND, THIRD = "市政府关于印发工作方案的通知", "市政府办公室关于公布清单的通知", "关于废止部分规范性文件的决定"

SKINS = Path(__file__).parent / "skins"
FRAME = (SKINS / "frame.html").read_text(encoding="utf-8")
"""What stands around every list: navigation, breadcrumb, friends, footer."""

TRS = [
    "trs-li-date-behind",
    "trs-li-date-before",
    "trs-layout-table",
    "trs-dl",
    "trs-several-ul",
    "trs-br",
    "trs-br-before",
    "trs-date-in-link",
]
UCAP = ["ucap-ul-list", "ucap-sibling-table", "ucap-row-is-link", "ucap-day-apart", "ucap-date-first"]
DATES = ["2026-05-08", "2026-04-02", "2026-03-01"]
TRS_URLS = [
    "http://www.example.gov.cn/zwgk/zfwj/202605/t20260508_30011.html",
    "http://www.example.gov.cn/zwgk/zfwj/202604/t20260402_30002.html",
    "http://www.example.gov.cn/zwgk/zcjd/202603/t20260301_29001.html",
]
UCAP_URLS = [
    "http://www.example.gov.cn/sls/c1001/202605/0d1f5a0e6a1b4c0f9a7d3b2c1e4f5a6b.shtml",
    "http://www.example.gov.cn/sls/c1001/202604/a3c1e5f70b2d4968a1b2c3d4e5f60718.shtml",
    "http://www.example.gov.cn/sls/c1001/202603/ffee0011223344556677889900aabbcc.shtml",
]


def framed(body: str, url: str = URL) -> Page:
    return page(FRAME.replace("<!-- list -->", body), url)


def skin(name: str) -> str:
    return (SKINS / f"{name}.html").read_text(encoding="utf-8")


def read(body: str, url: str = URL, **options: object) -> list[tuple[str, str, str]]:
    found = static.read_list(framed(body, url), column(url, **options), 1)
    return [(row.url, row.title, row.date) for row in found.rows]


@pytest.mark.parametrize("name", TRS)
def test_a_trs_list(name: str) -> None:
    assert read(skin(name)) == [*zip(TRS_URLS, (FIRST, SECOND, THIRD), DATES, strict=True)]


@pytest.mark.parametrize("name", UCAP)
def test_a_ucap_list(name: str) -> None:
    rows = read(skin(name), "http://www.example.gov.cn/sls/c1001/list.shtml")
    assert rows == [*zip(UCAP_URLS, (FIRST, SECOND, THIRD), DATES, strict=True)]


LIST = """<ul class="list">
 <li><a href="./202605/t20260508_30011.html">市政府关于印发工作方案的通知</a><span>2026-05-08</span></li>{0}
 <li><a href="./202604/t20260402_30002.html">市政府办公室关于公布清单的通知</a><span>2026-04-02</span></li></ul>{1}"""


def listed(between: str = "", behind: str = "") -> list[tuple[str, str, str]]:
    """What is read beside the two rows of ``LIST``."""
    rows = read(LIST.format(between, behind))
    own = [(TRS_URLS[0], FIRST, "2026-05-08"), (TRS_URLS[1], SECOND, "2026-04-02")]
    assert [row for row in rows if row in own] == own
    return [row for row in rows if row not in own]


@pytest.mark.parametrize(
    "row",
    [
        '<li><a href="http://www.gov.cn/zhengce/content/2026-04/10/content_123.htm">国务院关于某事项的决定</a><span>2026-04-10</span></li>',
        '<li><a href="http://www.gov.cn/zhengce/content/2026-04/10/content_123.htm"><b>国务院关于某事项的决定</b></a><span>2026-04-10</span></li>',
        '<li class="top"><strong><a href="http://www.gov.cn/zhengce/content/2026-04/10/content_123.htm">国务院关于某事项的决定</a></strong>'
        "<span>2026-04-10</span></li>",
        '<li><a href="./zcjd/">[解读]</a><a href="http://www.gov.cn/zhengce/content/2026-04/10/content_123.htm">国务院关于某事项的决定</a>'
        "<span>2026-04-10</span></li>",
    ],
)
def test_a_row_that_leads_elsewhere_is_a_row(row: str) -> None:
    """Scope is the spider's to judge."""
    assert listed(row) == [
        ("http://www.gov.cn/zhengce/content/2026-04/10/content_123.htm", "国务院关于某事项的决定", "2026-04-10")
    ]


def test_a_row_that_leads_to_another_front_page_is_a_row() -> None:
    row = '<li><a href="http://credit.example.org/">信用示例网站</a><span>2026-04-09</span></li>'
    assert listed(row) == [("http://credit.example.org/", "信用示例网站", "2026-04-09")]


@pytest.mark.parametrize(
    ("between", "behind"),
    [
        (
            "",
            '<div class="page"><a href="index_1.html">2</a><a href="index_1.html">下一页</a>'
            '<a href="index_9.html">尾页</a></div>',
        ),
        ("", '<div class="more"><a href="./202601/">更多&gt;&gt;</a></div>'),
        ('<li class="line"></li>', ""),
        ('<li class="page"><a href="index_1.html">下一页</a></li>', ""),
        ("<!-- <li><a href='./202604/t20260410_1.html'>已经撤下的一份通知文件</a><span>2026-04-10</span></li> -->", ""),
        ('<li v-for="it in list"><a href="{{it.url}}">{{it.title}}</a><span>{{it.date}}</span></li>', ""),
        (
            "",
            """<div class="side"><h3>热点信息</h3><ul>
            <li><a href="/xwzx/yw/202605/t20260509_4.html">市长到县区调研农业生产工作</a></li>
            <li><a href="/xwzx/yw/202605/t20260508_5.html">全市经济运行分析会议召开</a></li></ul></div>""",
        ),
        (
            "",
            """<div class="hot"><ul>
            <li><a href="/xwzx/yw/202605/t20260509_4.html">市长到县区调研农业生产工作</a><span>2026-05-09</span></li>
            <li><a href="/xwzx/yw/202605/t20260508_5.html">全市经济运行分析会议召开</a><span>2026-05-08</span></li>
            </ul></div>""",
        ),
    ],
)
def test_what_is_no_row(between: str, behind: str) -> None:
    assert listed(between, behind) == []


def test_pop_ups_in_a_row_are_no_rows() -> None:
    pop = """<div class="jdpop"><h3>相关解读</h3><ul>
        <li><a href="../zcjd/202605/t20260509_7.html">《工作方案》政策解读之一</a></li>
        <li><a href="../zcjd/202605/t20260509_8.html">《工作方案》政策解读之二</a></li></ul></div>"""
    body = LIST.replace("</a><span>2026-05-08", f"</a>{pop}<span>2026-05-08").format("", "")
    assert [row[0] for row in read(body)] == TRS_URLS[:2]


def test_one_row_is_a_list_too() -> None:
    assert read(
        '<ul class="list"><li><a href="./202605/t20260508_30011.html">通知</a><span>2026-05-08</span></li></ul>'
    ) == [(TRS_URLS[0], "通知", "2026-05-08")]


def test_rows_without_dates_below_the_column() -> None:
    body = '<div class="con"><ul>{}</ul></div>'.format(
        "".join(
            f'<li><a href="./content_{number}.html">示例市人民政府令第{number}号办法</a></li>' for number in (1, 2, 3)
        )
    )
    assert [row[2] for row in read(body)] == ["", "", ""]


def test_columns_of_a_table_by_their_head() -> None:
    first, second = static.read_list(framed(skin("table-with-head")), column(), 1).rows
    assert (first.title, first.date) == (FIRST, "2026-05-08")
    assert first.fields == (
        ("索引号", "990004042/2026-00106"),
        ("文号", "示府〔2026〕6号"),
        ("成文日期", "2026-05-01"),
        ("发布日期", "2026-05-08"),
    )
    assert second.fields == (("索引号", "990004042/2026-00090"), ("发布日期", "2026-04-02"))


def test_labels_in_a_row() -> None:
    """重庆 prints 发文字号 and 成文日期 in the list (portal-families.md section 5.4)."""
    first, second = static.read_list(framed(skin("labels-in-row")), column(), 1).rows
    assert (first.title, first.date) == (FIRST, "2026-05-08")
    assert first.fields == (
        ("发文字号", "示府发〔2026〕6号"),
        ("成文日期", "2026-05-01"),
        ("发 布 日 期", "2026-05-08"),
    )
    assert second.fields == (("成文日期", "2026-04-01"), ("发 布 日 期", "2026-04-02"))


def test_files_of_a_row() -> None:
    first, second = static.read_list(framed(skin("files-in-row")), column(), 1).rows
    assert first.attachments == (
        ("http://www.example.gov.cn/attachment/0/131/131339/2020043.pdf", "工作方案.pdf"),
        ("http://www.example.gov.cn/zwgk/zfwj/202605/P020260508.doc", "附件：清单.doc"),
    )
    assert (second.url, second.attachments) == ("http://www.example.gov.cn/attachment/0/1/2/3.pdf", ())


def test_the_same_document_twice_is_one_row() -> None:
    """Once for telephones, once for screens."""
    row = '<li><a href="http://www.example.gov.cn/zwgk/zfwj/202605/t20260508_30011.html#a">市政府关于印发工作方案的通知</a><span>2026-05-08</span></li>'
    assert listed(row) == []


def test_a_next_page_out_of_reach_is_declared() -> None:
    """Else the walk would look whole."""
    pager = "<div class='page'><a href=\"javascript:__doPostBack('x','')\">下一页</a></div>"
    read_page = static.read_list(framed(LIST.format("", pager)), column(), 3)
    assert (read_page.next, read_page.declared_pages) == (None, 4)


# --- options --------------------------------------------------------------------------------------------------------


def test_rows_by_a_selector() -> None:
    body = LIST.format("", '<ol><li><a href="/a/b/1.html">另一处的文件</a></li></ol>')
    assert read(body, rows="ol > li") == [("http://www.example.gov.cn/a/b/1.html", "另一处的文件", "")]


def test_documents_by_a_pattern() -> None:
    assert [row[0] for row in read(LIST.format("", ""), detail=r"/202604/t\d+_")] == [TRS_URLS[1]]


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
        ('<iframe src="./a.html"></iframe><iframe src="./b.html"></iframe>', None),
    ],
)
def test_a_shell_is_followed(shell: str, target: str | None) -> None:
    [found] = static.open(page(shell, URL), ColumnSpec("static", URL)).columns
    assert found.first == (Ask(target) if target else None)


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
