"""NFCMS, on pages and answers written from portal-families.md section 5.1."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.reading.read import read as read_document
from crawler.families import nfcms
from crawler.families.base import Ask, Column, ColumnSpec, ListPage, Opening
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from tests.families.pages import page, saved

HOST = "http://www.dpxq.gov.cn"
ENTRY = f"{HOST}/ztzl/gfxwjk/index.html"
JSON = f"{HOST}/postmeta/i/150493.json"
ROWS = "".join(
    f'<li><a href="/ztzl/gfxwjk/content/post_{number}.html">关于印发某某管理办法的通知之{number}</a>'
    f"<span>2025-09-{number - 4_000_000:02}</span></li>"
    for number in range(4_000_001, 4_000_006)
)


def html(script: str, rows: str = ROWS) -> str:
    pager = '<a href="index.html">首页</a><a href="index_2.html">下一页</a>'
    return f"""<html><meta name="ColumnName" content="规范性文件库"><ul class="list">{rows}</ul>
    <div class="page">{pager}</div><script>{script}</script></html>"""


def opened(body: object, url: str = ENTRY, **more: Any) -> Opening:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    mime = "text/html" if isinstance(body, str) else "application/json"
    return nfcms.open(page(text, url, mime), ColumnSpec("nfcms", ENTRY, **more))


@pytest.mark.parametrize(
    "script",
    [
        'window.NFCMS_SITE_ID=755038;window.NFCMS_PUB_TYPE="cat";window.NFCMS_CAT_ID="150493";',
        'window.NFCMS_CAT_ID = 150493; $.getJSON("/postmeta/i/99.json")',
        "fetch('/postmeta/i/150493.json?t=1')",
    ],
)
def test_a_list_page_that_names_its_column_leads_to_its_json(script: str) -> None:
    assert opened(html(script)) == Opening((), branches=(Ask(JSON),))


def test_columns_that_are_asked_for() -> None:
    opening = opened(html(""), options={"columns": [150493, "7"]})
    assert opening.branches == (Ask(JSON), Ask(f"{HOST}/postmeta/i/7.json"))


def test_a_page_that_names_none_is_a_static_list() -> None:
    body = html('window.NFCMS_SITE_ID=2;window.NFCMS_PUB_TYPE="page";window.NFCMS_PAGE_ID="1458";')
    [column] = opened(body).columns
    assert (column.key, column.name, column.family, column.first) == ("ztzl/gfxwjk", "规范性文件库", "nfcms", None)
    found = nfcms.read_list(page(body, ENTRY), column, 1)
    assert len(found.rows) == 5
    assert found.next == Ask(f"{HOST}/ztzl/gfxwjk/index_2.html")


def test_a_saved_list_of_the_province() -> None:
    url = "http://www.gd.gov.cn/zwgk/czxx/index.html"
    found = saved("gd/gd_page.txt", url)
    [column] = nfcms.open(found, ColumnSpec("nfcms", url)).columns
    assert column.name == "财政信息"
    assert any("/content/post_4858875.html" in row.url for row in nfcms.read_list(found, column, 1).rows)


def test_a_column_is_its_own_first_page() -> None:
    node = {
        "category": {"id": 150493, "name": "规范性文件库", "publish_count": "42"},
        "articles": [ARTICLE],
        "children": [],
    }
    [column] = opened(node, JSON).columns
    assert (column.key, column.name, column.declared, column.first) == ("150493", "规范性文件库", 42, None)
    assert column.url == f"{ENTRY}#150493"
    [kept] = opened(node, JSON, key="dp").columns
    assert kept.key == "dp/150493"


def test_a_tree_comes_node_by_node() -> None:
    years = [
        {"id": 101700, "name": "2014年", "publish_count": 750},
        {"id": "101800", "name": "2012年"},
        {"name": "无号"},
    ]
    root = {"category": {"id": 150493, "name": "政府公报"}, "children": years, "articles": []}
    assert opened(root, JSON) == Opening(
        (), branches=(Ask(f"{HOST}/postmeta/i/101700.json"), Ask(f"{HOST}/postmeta/i/101800.json"))
    )
    both = opened(root | {"articles": [ARTICLE]}, JSON)
    assert [column.key for column in both.columns] == ["150493"]
    assert len(both.branches) == 2
    assert opened({"children": None, "articles": []}, JSON).columns[0].name == "150493"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<html>页面不存在</html>", "not an answer of NFCMS"),
        ({"code": 404}, "neither articles nor children"),
        ([], "neither articles nor children"),
        ({"category": {"id": 9}, "articles": []}, "asked for column 150493, answered with 9"),
    ],
)
def test_what_is_no_column(body: object, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        opened(body, JSON)


# --- articles -------------------------------------------------------------------------------------------------------

ARTICLE: dict[str, Any] = {
    "id": 12373906,
    "title": "深圳市大鹏新区<br/>关于印发《专项资金管理办法》的通知",
    "source": "大鹏新区",
    "abstract": "",
    "url": "https://www.dpxq.gov.cn/ztzl/gfxwjk/content/post_12373906.html",
    "date": "2025-09-11",
    "visible_publish_time": 1757574664,
    "json_ext": '{"EXT_sx":"有效","EXT_type":"政府规章"}',
    "EXT_sx": "有效",
    "content": "<p>正文</p>",
}
COLUMN = Column("150493", "规范性文件库", ENTRY, "nfcms", None)


def read(*articles: Any, **more: Any) -> ListPage:
    body = json.dumps({"articles": [*articles], "children": [], **more}, ensure_ascii=False)
    return nfcms.read_list(page(body, JSON, "application/json"), COLUMN, 1)


def test_an_article() -> None:
    found = read(ARTICLE, publish_count=1)
    assert (found.next, found.declared_total, found.declared_pages) == (None, 1, None)
    [row] = found.rows
    assert (row.url, row.title, row.date) == (
        ARTICLE["url"],
        "深圳市大鹏新区关于印发《专项资金管理办法》的通知",
        "2025-09-11",
    )
    assert row.fields == (
        ("id", "12373906"),
        ("source", "大鹏新区"),
        ("visible_publish_time", "1757574664"),
        ("EXT_sx", "有效"),
        ("EXT_type", "政府规章"),
    )


@pytest.mark.parametrize("extension", ["[]", "", None, "{", "3"])
def test_an_extension_that_says_nothing(extension: object) -> None:
    assert read(ARTICLE | {"json_ext": extension}).rows[0].fields[-1] == ("EXT_sx", "有效")


def test_days_and_addresses_under_other_names() -> None:
    given = {"id": 1, "post_url": "/a/content/post_1.html", "publish_time": "1157068800"}
    [row] = read(given).rows
    assert (row.url, row.date) == (f"{HOST}/a/content/post_1.html", "2006-09-01")


def test_an_article_without_address_is_there_as_json_and_can_be_read() -> None:
    [row] = read({"id": 9000001, "title": "深圳市行政听证办法"}).rows
    assert row.url == f"{HOST}/postmeta/p/9/9000/9000001.json"
    post = {"id": 9000001, "title": "深圳市行政听证办法", "content": "<p>第一条 为了规范行政听证程序，制定本办法。</p>"}
    found = read_document(Page(row.url, 200, (("Content-Type", "application/json"),), json.dumps(post).encode()), row)
    assert (found.title, found.text) == ("深圳市行政听证办法", "第一条 为了规范行政听证程序，制定本办法。")


def test_a_column_that_counts_more_than_it_holds_is_not_whole() -> None:
    found = read(ARTICLE, category={"id": 150493, "publish_count": 42})
    assert (found.declared_total, found.declared_pages, found.next) == (42, 2, None)
    assert read(category={"publish_count": 0}) == ListPage((), None, 0)
    for articles in ((), ({"title": "无地址"},)):
        with pytest.raises(LayoutError, match=f"42 articles declared, and none with an address among {len(articles)}"):
            read(*articles, publish_count=42)


# --- the rest of a family -------------------------------------------------------------------------------------------


def weight(found: Page) -> int:
    return sum(sign.weight for sign in nfcms.detect(found))


def test_its_own_pages_are_told() -> None:
    assert weight(page(html('window.NFCMS_CAT_ID="150493"'), ENTRY)) == 4
    assert weight(page(html(""), ENTRY)) == 1
    assert weight(page('{"articles": [], "children": []}', f"{HOST}/a.json", "application/json")) == 3
    assert weight(page('{"articles": []}', f"{HOST}/gkmlpt/api/all/1", "application/json")) == 0
    assert weight(saved("gd/gd_page.txt", "http://www.gd.gov.cn/zwgk/czxx/index.html")) == 2


@pytest.mark.parametrize("key", [key for key in PORTALS if key != "nfcms"])
def test_entries_of_other_families_are_not_taken_for_it(key: str) -> None:
    site = PORTALS[key].build(Plan("http://127.0.0.1:8801"))
    for _, url in site.entries:
        parts = urlsplit(url)
        answer = site.pages[parts.path](Visit(path=parts.path, query=dict(parse_qsl(parts.query))))
        assert isinstance(answer.body, str)
        assert weight(page(answer.body, url, answer.mime)) <= 1


def test_two_hosts_are_two_catalogues() -> None:
    one, two, three = (ColumnSpec("nfcms", url) for url in (ENTRY, JSON, "http://gxj.sz.gov.cn/postmeta/i/61057.json"))
    assert nfcms.key(one) == nfcms.key(three) == ""
    assert nfcms.catalogue(one) == nfcms.catalogue(two) != nfcms.catalogue(three)
    assert nfcms.entry(ColumnSpec("nfcms", ENTRY + "#x")) == Ask(ENTRY)


@pytest.mark.parametrize(("value", "good"), [([101619, "7"], True), ([], False), (101619, False), (["a"], False)])
def test_options_are_checked(value: object, good: bool) -> None:
    assert (nfcms.OPTIONS["columns"](value) == "") is good


# --- traps of the practice portal -----------------------------------------------------------------------------------


def test_the_practice_portal_counts_from_1_and_misses_pages() -> None:
    pages = PORTALS["nfcms"].build(Plan("http://127.0.0.1:8801")).pages
    listed = [f"/zwgk/tzgg/{name}.html" for name in ("index", "index_1", "index_2", "index_3")]
    assert [path in pages for path in listed] == [True, False, True, False]
    broken = pages["/zwgk/gsgg/index.html"](Visit()).body
    assert 'href="index_2.html">下一页' in str(broken)
    assert "/zwgk/gsgg/index_2.html" not in pages
    root = json.loads(str(pages["/postmeta/i/101619.json"](Visit()).body))
    assert (root["articles"], [child["id"] for child in root["children"]]) == ([], [101700, 101800])
