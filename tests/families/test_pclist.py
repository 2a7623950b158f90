"""The pc-list family, on pages written from portal-families.md section 5.6, and its firewall."""

import json

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.reading.refusal import Refusal, refusal
from archive.vocabulary import WalkEnd
from crawler.families import pclist
from crawler.families.base import Column, ColumnSpec, ListPage
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from crawler.settings import USER_AGENT
from crawler.spiders.walk import Walk
from tests.families.pages import page

URL = "https://www.zg.gov.cn/zgsrmzf/c00145/pc/list.html"
COLUMN = Column("zgsrmzf/c00145", "材料价格", URL, "pclist", None)

ROW = {
    "title": "材料价格信息（2026年5月）",
    "pubDate": "2026-05-25 11:06",
    "urls": '{"pc":"/zgsrmzf/c00145/pc/content/content_2058746804822818816.html"}',
    "contentSource": "自贡市住房和城乡建设局",
    "articleFiles": [
        {
            "fileName": "材料信息价 第5期#电子版.zip",
            "domainName": "https://www.zg.gov.cn",
            "filePath": "/zgsrmzf/c00145/2058746804822818816/2FdI LM#d.zip",
            "fileId": "2058746566540996608",
        }
    ],
    "metadata": {"wh": "自建发〔2026〕5号", "viewcommen": None},
    "id": "2058746804822818816",
}


def listing(rows: object, script: str = "var listData = {{ articleList: {0} }};", url: str = URL) -> Page:
    literal = json.dumps(rows, ensure_ascii=False)
    return page(f"<html><title>材料价格-自贡市</title><script>{script.format(literal)}</script></html>", url)


def read(rows: object, script: str = "var listData = {{ articleList: {0} }};") -> ListPage:
    return pclist.read_list(listing(rows, script), COLUMN, 1)


def test_a_row_says_address_source_and_files() -> None:
    [row] = read([ROW]).rows
    assert row.url == "https://www.zg.gov.cn/zgsrmzf/c00145/pc/content/content_2058746804822818816.html"
    assert (row.title, row.date) == ("材料价格信息（2026年5月）", "2026-05-25 11:06")
    assert ("contentSource", "自贡市住房和城乡建设局") in row.fields
    assert ("wh", "自建发〔2026〕5号") in row.fields
    assert row.attachments == (
        (
            "https://www.zg.gov.cn/zgsrmzf/c00145/2058746804822818816/2FdI%20LM%23d.zip",
            "材料信息价 第5期#电子版.zip",
        ),
    )


@pytest.mark.parametrize(
    ("change", "url", "file"),
    [
        ({"articleFiles": [{"cover": "/niccs/a.zip"}]}, "", "https://www.zg.gov.cn/niccs/a.zip"),  # niccs.org.cn
        ({"urls": {"pc": "/a/pc/content/content_1.html"}}, "/a/pc/content/content_1.html", ""),
        ({"urls": "//www.zg.gov.cn/b/pc/content/content_2.html"}, "/b/pc/content/content_2.html", ""),
        ({"urls": "{}"}, "/zgsrmzf/c00145/2058746804822818816/2FdI%20LM%23d.zip", ""),  # a row that is only its file
        ({"articleFiles": None, "metadata": None, "pubDate": None, "contentSource": None}, "", ""),
    ],
)
def test_rows_of_other_makes(change: dict[str, object], url: str, file: str) -> None:
    [row] = read([ROW | change]).rows
    assert row.url == "https://www.zg.gov.cn" + (url or "/zgsrmzf/c00145/pc/content/content_2058746804822818816.html")
    assert not file or [found for found, _ in row.attachments] == [file]


@pytest.mark.parametrize(
    "script",
    [
        "var articleList = {0};",
        'window.data = {{"page": 1, "articleList": {0}}};',
        "const a = {{ 'articleList' : {0} }}",
        "var side = {{articleList: []}}; var listData = {{ articleList: {0} }};",
        'var broken = {{articleList: [{{title: "no JSON"}}]}}; var listData = {{ articleList: {0} }};',
    ],
)
def test_the_list_is_found_wherever_it_stands(script: str) -> None:
    assert [row.title for row in read([ROW], script).rows] == [ROW["title"]]


def test_a_page_that_holds_all_its_rows_is_the_whole_column() -> None:
    walk = Walk(COLUMN)
    assert walk.feed(read([ROW])) is None
    assert walk.end is WalkEnd.LAST_PAGE
    assert read([]) == ListPage((), None)


@pytest.mark.parametrize("more", ["total: 40", '"totalCount" : "40"', "totalPage:3", "pageCount = 3"])
def test_a_page_that_has_more_than_it_shows_is_not(more: str) -> None:
    walk = Walk(COLUMN)
    assert walk.feed(read([ROW], f"var listData = {{{{ articleList: {{0}}, {more} }}}};")) is None
    assert walk.end is WalkEnd.PAGE_FAILED


def test_a_row_that_leads_nowhere_is_counted() -> None:
    found = read([ROW, {"title": "没有地址", "urls": "{}"}])
    assert (len(found.rows), found.declared_total) == (1, 2)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<html><body>系统维护中</body></html>", "no articleList"),
        ("<script>var listData = { articleList: [{title: 1}] };</script>", "no articleList that can be read"),
        ('<script>var listData = { articleList: [{"title": "a"}] };</script>', "none of the 1 rows"),
    ],
)
def test_a_page_that_is_no_list(body: str, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        pclist.read_list(page(body, URL), COLUMN, 1)


def test_the_column_of_a_page() -> None:
    [column] = pclist.open(listing([ROW]), ColumnSpec("pclist", URL)).columns
    assert (column.key, column.name, column.first) == ("zgsrmzf/c00145", "材料价格", None)
    with pytest.raises(LayoutError, match="no articleList"):
        pclist.open(page("<html></html>", URL), ColumnSpec("pclist", URL))


def test_its_signs() -> None:
    assert sum(sign.weight for sign in pclist.detect(listing([ROW]))) == 5
    assert pclist.detect(page('{"articleList": [{"title": "a"}]}', "http://a.cn/api", "application/json")) == ()
    assert pclist.detect(page("<html><ul><li><a href='/a.html'>通知</a></ul></html>")) == ()


@pytest.mark.parametrize("agent", ["python-requests/2.31.0", "Scrapy/2.12 (+https://scrapy.org)", "Python-urllib/3.11"])
def test_the_practice_portal_turns_the_libraries_of_python_away(agent: str) -> None:
    site = PORTALS["pclist"].build(Plan("http://127.0.0.1:1"))
    for path in ("/", "/flsrmzf/gfxwj/pc/list.html"):
        answer = site.pages[path](Visit(path=path, headers={"user-agent": agent}))
        assert isinstance(answer.body, str)
        named = refusal(answer.status, [("Content-Type", answer.mime)], answer.body.encode())
        assert (answer.status, named) == (405, Refusal.WAF_405)
        assert site.pages[path](Visit(path=path, headers={"user-agent": USER_AGENT})).status == 200
