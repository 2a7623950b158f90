"""Hanweb's jpaas: build units, paging inside paramJson, HTML in JSON, policy libraries (portal-families.md 5.3)."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import FAMILIES, jpaas
from crawler.families.base import Ask, Column, ColumnSpec
from crawler.practice import PORTALS
from crawler.practice.model import Answer, Plan, Visit
from crawler.spiders.walk import Walk
from tests.families.pages import page
from tests.families.stroll import ORIGIN, stroll

HOST = "https://www.example.gov.cn"
URL = f"{HOST}/col/col1229123351/index.html"
ARTICLES = "/col/col1229123351/art/2024/"
SERVICE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = (
    "{'parseType':'bulidstatic','webId':'3185','tplSetId':'abc','pageType':'column','tagId':'%s','editType':'null',"
    "'pageId':'1229123351'}"
)


def unit(tag: str = "当前栏目list", query: str = QUERY, service: str = SERVICE) -> str:
    said = query % tag if "%s" in query else query
    return f'<script src="/script/AuthorizedRead/unitbuild.js?v=3" url="{service}" queryData="{said}"></script>'


def column_page(*units: str, url: str = URL) -> Page:
    return page(
        f"<html><head><meta name='ColumnName' content='政策文件'></head><body>{''.join(units)}</body></html>", url
    )


def opened(*units: str, url: str = URL, **options: object) -> Column:
    [column] = jpaas.open(column_page(*units, url=url), ColumnSpec("jpaas", url, options=options or None)).columns
    return column


def said(ask: Ask | None) -> dict[str, str]:
    assert ask is not None
    return {name: values[-1] for name, values in parse_qs(urlsplit(ask.url).query).items()}


def param(ask: Ask | None) -> object:
    return json.loads(said(ask)["paramJson"])


def html(*numbers: int, pager: str = "") -> str:
    items = "".join(
        f'<li class="clearfix"><a href="{ARTICLES}art_{number:032x}.html">关于第{number}号事项的通知</a>'
        f'<span class="bt-right">2024-01-{number % 28 + 1:02}</span></li>'
        for number in numbers
    )
    return f'<div class="default_pgContainer"><ul>{items}</ul></div>{pager}'


def answer(markup: object, url: str = f"{HOST}{SERVICE}?tagId=x", **more: object) -> Page:
    body = json.dumps({"success": True, "data": {"html": markup, "count": "8"}} | more, ensure_ascii=False)
    return Page(url, 200, (("Content-Type", "application/json"),), body.encode())


def pager(rows: int, count: int, number: int = 1) -> str:
    return f'<div class="pagination" rows="{rows}" count="{count}" pageNo="{number}" queryData="{{}}"></div>'


# --- the column page --------------------------------------------------------------------------------------------------


def test_the_service_is_asked_what_the_page_says_and_told_who_refers() -> None:
    column = opened(unit())
    assert (column.key, column.name) == ("col/col1229123351", "政策文件")
    assert column.first is not None
    assert column.first.url.startswith(f"{HOST}{SERVICE}?parseType=bulidstatic&webId=3185&")
    assert column.first.headers == (("Referer", URL),)
    asked = said(column.first)
    assert (asked["tagId"], asked["pageId"], asked["editType"]) == ("当前栏目list", "1229123351", "null")
    assert "paramJson" not in asked


@pytest.mark.parametrize(
    "query",
    [
        "{&quot;tagId&quot;:&quot;信息列表&quot;,&quot;pageId&quot;:&quot;c52d88&quot;}",
        "{ 'pageId' : 'c52d88' , 'tagId' : '信息列表', 'webId': 3185, 'editType': null }",
        "{pageId:'c52d88',tagId:'信息列表'}",
    ],
    ids=["double quotes", "blanks, numbers, null", "bare names"],
)
def test_pseudo_json_in_any_hand(query: str) -> None:
    asked = said(opened(unit(query=query)).first)
    assert (asked["pageId"], asked["tagId"]) == ("c52d88", "信息列表")


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        (["网站导航", "当前栏目list", "底部"], "当前栏目list"),
        (["头部", "ajax分页"], "ajax分页"),
        (["右侧内容", "规章库列表"], "规章库列表"),
        (["导航", "内容区域"], "内容区域"),
        (["全部"], "全部"),
    ],
)
def test_which_of_several_units_is_the_list(tags: list[str], chosen: str) -> None:
    opening = jpaas.open(column_page(*map(unit, tags)), ColumnSpec("jpaas", URL))
    assert said(opening.columns[0].first)["tagId"] == chosen
    assert len(opening.skipped) == len(tags) - 1


def test_the_tag_may_be_told() -> None:
    assert said(opened(unit("信息列表"), unit("文件"), tag="文件").first)["tagId"] == "文件"
    with pytest.raises(LayoutError, match="no build unit has the tagId 别的; there are: 信息列表"):
        opened(unit("信息列表"), tag="别的")


def test_a_page_without_a_unit_is_refused() -> None:
    with pytest.raises(LayoutError, match="no build unit with queryData"):
        opened("<ul><li><a href='/art/2024/1/2/art_1_2.html'>关于公布目录的通知</a></li></ul>")


# --- answers ----------------------------------------------------------------------------------------------------------


def test_pages_are_turned_inside_param_json_in_the_portal_s_own_size() -> None:
    column = opened(unit())
    read = jpaas.read_list(answer(html(*range(1, 16), pager=pager(15, 386))), column, 1)
    assert (len(read.rows), read.declared_total, read.declared_pages, read.guess) == (15, 386, 26, False)
    assert read.rows[0].url == f"{HOST}/col/col1229123351/art/2024/art_{1:032x}.html"
    assert (read.rows[0].title, read.rows[0].date) == ("关于第1号事项的通知", "2024-01-02")
    assert param(read.next) == {"pageNo": 2, "pageSize": 15}
    assert "pageNo" not in said(read.next)
    assert read.next is not None
    assert read.next.headers == (("Referer", URL),)
    last = jpaas.read_list(answer(html(386, pager=pager(15, 386, 26))), column, 26)
    assert last.next is None


def test_the_pager_may_say_it_in_its_query_data() -> None:
    """工业和信息化部: ``<div id="autUDB_pagination" queryData="{'rows':'20','count':'31','pageNo':'1'}">``."""
    there = "<div id='autUDB_pagination' queryData=\"{'rows':'20','count':'31','pageNo':'1'}\"></div>"
    read = jpaas.read_list(answer(html(*range(20), pager=there)), opened(unit()), 1)
    assert (read.declared_total, read.declared_pages, param(read.next)) == (31, 2, {"pageNo": 2, "pageSize": 20})


def test_without_a_pager_pages_are_asked_for_until_one_brings_nothing() -> None:
    column = opened(unit())
    walk = Walk(column)
    ask = walk.feed(jpaas.read_list(answer(html(*range(8))), column, 1))
    assert param(ask) == {"pageNo": 2, "pageSize": 8}
    assert ask is not None
    ask = walk.feed(jpaas.read_list(answer(html(8, 9), ask.url), column, 2))
    assert param(ask) == {"pageNo": 3, "pageSize": 8}  # not 2: a page's size stays
    walk.feed(jpaas.read_list(answer(""), column, 3))
    assert (walk.end, walk.listed) == (WalkEnd.NOTHING_NEW, 10)


def test_a_page_without_a_pager_asks_for_no_more_than_is_usual() -> None:
    """A page that is larger than the portal's own would leave rows out."""
    read = jpaas.read_list(answer(html(*range(40))), opened(unit()), 1)
    assert param(read.next) == {"pageNo": 2, "pageSize": jpaas.USUAL}


@pytest.mark.parametrize("markup", ["", "   ", html()])
def test_a_page_that_brings_nothing_while_rows_are_counted_is_no_whole_end(markup: str) -> None:
    column = opened(unit())
    walk = Walk(column)
    walk.feed(jpaas.read_list(answer(html(*range(5), pager=pager(5, 11))), column, 1))
    walk.feed(jpaas.read_list(answer(markup), column, 2))
    assert walk.end is WalkEnd.STUB_PAGE


def test_a_size_that_was_told_is_asked_for_from_the_first_page_on() -> None:
    column = opened(unit(), page_size=50)
    assert param(column.first) == {"pageNo": 1, "pageSize": 50}
    read = jpaas.read_list(answer(html(*range(50), pager=pager(50, 386))), column, 1)
    assert param(read.next) == {"pageNo": 2, "pageSize": 50}
    assert read.next is not None
    assert read.next.url.count("paramJson") == 1


def test_data_may_be_the_html_itself() -> None:
    body = json.dumps({"success": True, "data": html(1, 2, 3)}).encode()
    read = jpaas.read_list(Page(f"{HOST}{SERVICE}", 200, (), body), opened(unit()), 1)
    assert len(read.rows) == 3


def test_rows_may_be_told_by_a_selector() -> None:
    markup = "<div class='x'><a href='/a/1.html'>简介</a></div><div class='x'><a href='/a/2.html'>职能</a></div>"
    with pytest.raises(LayoutError, match="no list in an answer"):
        jpaas.read_list(answer(markup), opened(unit()), 1)
    read = jpaas.read_list(answer(markup), opened(unit(), rows="div.x"), 1)
    assert [row.title for row in read.rows] == ["简介", "职能"]


def test_an_empty_list_is_one() -> None:
    read = jpaas.read_list(
        answer(html(pager=pager(15, 0) + "<a href='javascript:void(0)'>下一页</a>")), opened(unit()), 1
    )
    assert (read.rows, read.next, read.declared_total) == ((), None, 0)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<html>403</html>", "not an answer of jpaas-publish-server"),
        ('{"success":false,"message":"构建单元不存在","data":null}', "gave no HTML, but says: 构建单元不存在"),
        ('{"success":true,"data":{"list":[]}}', "gave no HTML"),
        ("[1]", "gave no HTML"),
        ('{"success":true,"data":{"html":" "}}', "an answer without any HTML"),
    ],
)
def test_a_malformed_answer_is_refused(body: str, says: str) -> None:
    with pytest.raises(LayoutError, match=says):
        jpaas.read_list(Page(f"{HOST}{SERVICE}", 200, (), body.encode()), opened(unit()), 1)


# --- the practice portal's traps --------------------------------------------------------------------------------------


def practice(ask: Ask, **headers: str) -> Answer:
    parts = urlsplit(ask.url)
    site = PORTALS["jpaas"].build(Plan(ORIGIN))
    return site.pages[parts.path](Visit("GET", parts.path, said(ask), headers))


def test_the_practice_service_is_as_strict_as_the_real_one() -> None:
    first = next(column for column in stroll("jpaas").columns if column.name == "政策文件").first
    assert first is not None
    assert practice(first).status == 403
    plain = practice(first, referer=ORIGIN).body
    assert practice(Ask(f"{first.url}&pageNo=2"), referer=ORIGIN).body == plain
    assert practice(Ask(f"{first.url}&paramJson=%7B%22pageNo%22%3A2%7D"), referer=ORIGIN).body != plain


# --- policy libraries -------------------------------------------------------------------------------------------------

LIBRARY = f"{HOST}/api-gateway/jpaas-jpolicy-web-server/front/info/list?titles="
CONSOLE = "/jpaas-jpolicy-console-server/interface/getPolicyByOrgId?orgId=a,b&sortKey=publish_date"


def test_a_policy_library_is_read_from_the_service_that_it_is_told() -> None:
    column = opened(url=LIBRARY, policy=CONSOLE)
    assert column.first is not None
    assert (column.first.method, column.first.url) == ("POST", HOST + CONSOLE)
    assert column.first.body == b"pageNo=1&pageSize=15"
    items = [
        {"title": "山东省人民政府关于印发规划的通知", "iid": "5f0e", "publishDate": "2024-01-02"},
        {"title": "山东省行政规范性文件管理办法", "iid": "1_22", "publishDate": 1704153600000},
    ]
    body = json.dumps({"code": 200, "data": {"list": items}}).encode()
    read = jpaas.read_list(Page(column.first.url, 200, (), body), column, 1)
    assert [(row.url, row.date) for row in read.rows] == [
        (f"{HOST}/api-gateway/jpaas-jpolicy-web-server/front/info/detail?iid=5f0e", "2024-01-02"),
        (f"{HOST}/api-gateway/jpaas-jpolicy-web-server/front/info/detail?iid=1_22", "2024-01-02"),
    ]
    assert read.next is not None
    assert (read.next.body, read.guess) == (b"pageNo=2&pageSize=15", True)


def test_what_a_library_says_of_a_document_is_kept_under_its_own_names() -> None:
    """济南: ``data.bean.results``, the 文号 as ``issue``."""
    column = opened(url=LIBRARY, policy="/jpolicy/list")
    said = {"infoid": "77", "issue": "济政发〔2023〕4号", "publishunit": "市政府", "publishdate": "2023-05-06"}
    item = said | {"title": "关于公布目录的通知", "url": None}
    body = json.dumps({"data": {"bean": {"total": 1, "results": [item]}}}).encode()
    read = jpaas.read_list(Page(HOST, 200, (), body), column, 1)
    assert (read.next, read.declared_total, read.guess) == (None, 1, False)
    assert dict(read.rows[0].fields) == said
    assert (read.rows[0].date, read.rows[0].title) == ("2023-05-06", "关于公布目录的通知")


def test_a_policy_library_without_its_service_and_an_answer_without_a_list_are_refused() -> None:
    with pytest.raises(LayoutError, match="say policy = its list service"):
        opened(unit(), url=LIBRARY)
    with pytest.raises(LayoutError, match="without a list"):
        jpaas.read_list(Page(HOST, 200, (), b'{"data":null}'), opened(url=LIBRARY, policy=CONSOLE), 1)


# --- detection, options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PORTALS)
def test_entry_pages_of_this_family_alone_are_recognised(key: str) -> None:
    site = PORTALS[key].build(Plan(ORIGIN))
    for family, url in site.entries:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        got = site.pages[parts.path](Visit("GET", parts.path, query, {}, b""))
        body = got.body if isinstance(got.body, bytes) else got.body.encode()
        weight = sum(sign.weight for sign in jpaas.detect(Page(url, 200, (("Content-Type", got.mime),), body)))
        assert weight >= 3 if family == "jpaas" else weight == 0, (url, weight)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("tag", "信息列表", True), ("tag", "", False), ("tag", 7, False),
        ("page_size", 50, True), ("page_size", 0, False), ("page_size", True, False), ("page_size", 500, False),
        ("rows", "li.clearfix", True), ("rows", "li[", False), ("policy", CONSOLE, True), ("policy", [], False),
    ],
)  # fmt: skip
def test_options_are_checked(name: str, value: object, good: bool) -> None:
    assert FAMILIES["jpaas"].OPTIONS.keys() == {"tag", "page_size", "rows", "policy"}
    assert (jpaas.OPTIONS[name](value) == "") is good
