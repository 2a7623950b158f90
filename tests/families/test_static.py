"""Lists of several products in several skins: which rows they have, and what options of a portal file do."""

import json
from urllib.parse import urljoin

import pytest

from archive.errors import LayoutError
from crawler.families import static
from crawler.families.base import Ask
from tests.families.lists import (
    DATES,
    FIRST,
    LIST,
    SECOND,
    THIRD,
    TRS,
    TRS_URLS,
    UCAP,
    UCAP_URLS,
    URL,
    framed,
    read,
    skin,
)
from tests.families.pages import column


@pytest.mark.parametrize("name", TRS)
def test_a_trs_list(name: str) -> None:
    assert read(skin(name)) == [*zip(TRS_URLS, (FIRST, SECOND, THIRD), DATES, strict=True)]


@pytest.mark.parametrize("name", UCAP)
def test_a_ucap_list(name: str) -> None:
    rows = read(skin(name), "http://www.example.gov.cn/sls/c1001/list.shtml")
    assert rows == [*zip(UCAP_URLS, (FIRST, SECOND, THIRD), DATES, strict=True)]


WRITTEN = ["wuhan-written", "chongqing-item"]


@pytest.mark.parametrize("name", WRITTEN)
def test_further_lists_of_trs(name: str) -> None:
    """武汉 writes its rows with ``document.writeln``; 重庆 has a list in each link."""
    urls = [url.replace(".html", ".shtml") if name == "wuhan-written" else url for url in TRS_URLS]
    rows = static.read_list(framed(skin(name)), column(), 1).rows
    assert [(row.url, row.title, row.date[:10]) for row in rows] == [*zip(urls, (FIRST, SECOND), DATES, strict=False)]


def test_what_a_script_writes_beside_a_row_is_read() -> None:
    found = static.read_list(framed(skin("wuhan-written")), column(), 1)
    assert [dict(row.fields)["文号"] for row in found.rows] == ["示政规〔2026〕4号", "示政办〔2026〕9号"]
    assert (found.next, found.declared_pages) == (Ask(URL + "index_1.shtml"), 25)


def test_a_vsb_list_whose_row_is_a_link() -> None:
    """辽宁铁道职业技术学院: a picture, a heading, the day and the first words of the text in one link."""
    rows = read(skin("vsb-box"), "http://www.example.gov.cn/zwgk/zfwj.htm")
    assert rows == [
        ("http://www.example.gov.cn/info/1039/3201.htm", FIRST, "2026-05-08"),
        ("http://www.example.gov.cn/info/1039/3194.htm", SECOND, "2026-04-02"),
    ]


def test_a_mark_beside_the_title_is_not_the_title() -> None:
    """九江's search marks each row; the attribute says which of both is the title."""
    mark = '<span class="type_title">政务信息</span> '
    body = LIST.replace('html">', 'html" title="{2}">').replace("市政府", mark + "市政<em>府</em>", 1)
    assert read(body.format("", "", FIRST))[0][1] == FIRST


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


SLICED = "<script>var totalCount={};var perSize=1;var startPage=1;var endPage=2;var logicTotalPage=2;</script>"
PRESSED = (
    '<div class="page"><a class="cur" href="#">1</a><a href="#">2</a><a href="#" onclick="turn(2)">下一页</a></div>'
)


@pytest.mark.parametrize(("count", "pages"), [(2, None), (3, 2)])
@pytest.mark.parametrize("pager", ["", PRESSED])
def test_a_page_that_holds_all_rows_and_shows_some(count: int, pages: int | None, pager: str) -> None:
    """山东人社 has its 470 rows in one page. With fewer rows than are declared, the walk must not look whole."""
    found = static.read_list(framed(LIST.format("", pager + SLICED.format(count))), column(), 1)
    assert (len(found.rows), found.next, found.declared_total, found.declared_pages) == (2, None, count, pages)


def test_rows_that_stand_as_json_in_a_script() -> None:
    """湖州: ``dataList`` holds ten pages at most, ``pageTotal`` says how many there are."""
    rows = [
        {"infolist": [{"channelid": 68873, "title": FIRST, "daytime": "2026-05-08", "url": TRS_URLS[0]}]},
        {"infolist": [{"channelid": 68873, "title": SECOND, "daytime": "2026-04-02", "url": TRS_URLS[1]}]},
    ]
    body = f'<script>var dataList={json.dumps(rows)};var pagesData={{"curPageNo":1,"pageTotal":{{}}}};</script>'
    wanted = [(TRS_URLS[0], FIRST, "2026-05-08"), (TRS_URLS[1], SECOND, "2026-04-02")]
    for total, pages in ((2, None), (12, 12)):
        found = static.read_list(framed(body.replace("{}", str(total))), column(), 1)
        assert [(row.url, row.title, row.date) for row in found.rows] == wanted
        assert (found.next, found.declared_pages) == (None, pages)


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


def test_a_selector_that_has_gone_stale_is_no_empty_list() -> None:
    with pytest.raises(LayoutError, match=r"no row matches 'ul\.old > li', though 2 can be seen"):
        read(LIST.format("", ""), rows="ul.old > li")


def test_a_pattern_that_no_document_matches() -> None:
    with pytest.raises(LayoutError, match="none of 2 rows matches"):
        read(LIST.format("", ""), detail=r"/content/post_")
    deep = static.read_list(framed(LIST.format("", "")), column(detail=r"/content/post_"), 2)
    assert (deep.rows, deep.sparse) == ((), True)  # a page of rows that are not wanted is not the end


@pytest.mark.parametrize(
    ("pager", "number", "form", "following", "pages", "guess"),
    [
        ("", 1, "index_{n}.html", "index_2.html", None, True),
        ("", 4, "index_{n-1}.html", "index_4.html", None, True),
        ("", 1, "/was5/list?p={n}", "/was5/list?p=2", None, True),
        (
            "<div id='pageDec' pagesize='24' pagecount='51'></div>",
            50,
            "index_{n}.html",
            "index_51.html",
            51,
            False,
        ),  # 河南
        ("<div id='pageDec' pagesize='24' pagecount='51'></div>", 51, "index_{n}.html", None, 51, False),
        ("<script>createPageHTML(3, 0, 'list', 'html')</script>", 1, "index_{n}.html", "list_1.html", 3, False),
    ],
)
def test_further_pages_as_the_portal_file_has_them(
    pager: str, number: int, form: str, following: str | None, pages: int | None, guess: bool
) -> None:
    """Where the page's own pager says nothing of an address. A page that was a guess may be missing."""
    found = static.read_list(framed(LIST.format("", pager)), column(page=form), number)
    assert found.next == (Ask(urljoin(URL, following)) if following else None)
    assert (found.declared_pages, found.guess) == (pages, guess)


def test_copies_of_other_sites_documents_are_theirs() -> None:
    """UCAP's 宜春 lists 丰城's documents at 丰城's path, which is 404 on its own host (section 5.5)."""
    row = '<li><a href="/fcsrmzf/c1/202604/t20260409_1.shtml">丰城市的一份通知文件</a><span>2026-04-09</span></li>'
    sites = {"fcsrmzf": "www.jxfc.gov.cn", "zwgk": "www.example.gov.cn"}
    [*_, last] = sorted(read(LIST.format(row, ""), sites=sites))
    assert last[0] == "http://www.jxfc.gov.cn/fcsrmzf/c1/202604/t20260409_1.shtml"


@pytest.mark.parametrize(
    ("option", "value", "what"),
    [
        *[("rows", value, "") for value in ("ul > li", "tr.row")],
        ("rows", "ul >> li", "is no CSS selector"),
        ("rows", 3, "is no CSS selector"),
        ("detail", r"/t\d+_", ""),
        ("detail", "(", "is no regular expression"),
        ("detail", ["x"], "must be a regular expression"),
        ("page", "index_{n}.html", ""),
        ("page", "index_{n-1}.html", ""),
        ("page", "index_2.html", "must be an address"),
        ("page", 2, "must be an address"),
        ("sites", {"fcsrmzf": "www.jxfc.gov.cn", "local": "127.0.0.1:8801"}, ""),
        ("sites", {"fcsrmzf": "http://www.jxfc.gov.cn/"}, "must be a table"),
        ("sites", {}, "must be a table"),
        ("sites", "www.jxfc.gov.cn", "must be a table"),
    ],
)
def test_options_are_looked_at(option: str, value: object, what: str) -> None:
    assert static.OPTIONS[option](value).startswith(what)
    assert bool(static.OPTIONS[option](value)) is bool(what)
