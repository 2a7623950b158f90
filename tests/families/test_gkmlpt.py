"""The gkmlpt family, on pages and answers written from portal-families.md section 5.1."""

import json
from typing import Any

import pytest

from archive.errors import LayoutError
from crawler.families import gkmlpt
from crawler.families.base import Ask, Column, ColumnSpec, Opening
from tests.families.pages import page

ENTRY = "http://www.jiangmen.gov.cn/gkmlpt/index"


def node(number: int, name: str, count: int = 0, *children: dict[str, Any], jump: str = "") -> dict[str, Any]:
    return {"id": number, "name": name, "parent": 0, "children": [*children], "jump_url": jump, "post_count": count}


TREE = [
    node(
        1,
        "政策文件",
        12,
        node(11, "规范性文件", 10),
        node(12, "其他 } ] 文件 \"{'", 2),
        node(13, "政策解读", 0, jump="http://www.jiangmen.gov.cn/zcjd/"),
    ),
    node(
        2, "机构职能", 3, node(21, "领导信息", jump="http://a.gov.cn/"), node(22, "内设机构", jump="http://b.gov.cn/")
    ),
    node(3, "财政预决算", jump="http://czj.jiangmen.gov.cn/"),
    node(4, "人事信息", 0),
]


def shell(tree: list[dict[str, Any]] = TREE, sid: str = "SID: '750001',") -> str:
    literal = json.dumps(tree, ensure_ascii=False)
    return f"""<html><head><title>政府信息公开</title></head><body><div id="app"></div><script>
    window._CONFIG = {{ MULTI: false, {sid} NOTE: 'a {{ brace', TREE: {literal}, SERVICE_AREA_ID: 1, OTHER: {{}} }};
    </script><script src="/gkmlpt/gkml/pc/js/chunk-common.c1553651.js"></script></body></html>"""


def opened(url: str = ENTRY, body: str | None = None, **more: Any) -> Opening:
    return gkmlpt.open(page(body or shell(), url.partition("#")[0]), ColumnSpec("gkmlpt", url, **more))


def test_the_tree_of_a_city() -> None:
    found = opened()
    assert [(column.key, column.name, column.declared) for column in found.columns] == [
        ("11", "政策文件 / 规范性文件", 10),
        ("12", "政策文件 / 其他 } ] 文件 \"{'", 2),
        ("2", "机构职能", 3),  # all its children lead elsewhere
        ("4", "人事信息", 0),
    ]
    assert found.columns[0].first == Ask("http://www.jiangmen.gov.cn/gkmlpt/api/all/11?page=1&sid=750001")
    assert found.columns[0].url == ENTRY + "#11"
    assert found.skipped == (
        ("政策文件 / 政策解读", "leads to http://www.jiangmen.gov.cn/zcjd/"),
        ("机构职能 / 领导信息", "leads to http://a.gov.cn/"),
        ("机构职能 / 内设机构", "leads to http://b.gov.cn/"),
        ("财政预决算", "leads to http://czj.jiangmen.gov.cn/"),
    )


def test_the_entry_page_is_asked_for_without_its_fragment() -> None:
    assert gkmlpt.entry(ColumnSpec("gkmlpt", ENTRY + "#11")) == Ask(ENTRY)


def test_a_department_has_a_place_and_a_number_of_its_own() -> None:
    [column] = opened("https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/index#12", shell(sid="SID:'758019',")).columns
    assert column.key == "zqhjj/12"
    assert column.first == Ask("https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/12?page=1&sid=758019")


def test_a_site_without_sid() -> None:
    assert opened(body=shell(sid="")).columns[0].first == Ask("http://www.jiangmen.gov.cn/gkmlpt/api/all/11?page=1")


def test_a_key_of_ones_own_stands_before_the_category() -> None:
    assert opened(key="zjj").columns[0].key == "zjj/11"


@pytest.mark.parametrize(
    ("url", "categories", "keys"),
    [
        (ENTRY + "#11", None, ["11"]),
        (ENTRY + "#1", None, ["11", "12"]),
        (ENTRY, [1, "4"], ["11", "12", "4"]),
        (ENTRY + "#4", [11], ["11", "4"]),
        (ENTRY + "#/list", None, ["11", "12", "2", "4"]),
        (ENTRY, [4, 999], ["4"]),
    ],
)
def test_categories_that_were_asked_for(url: str, categories: list[object] | None, keys: list[str]) -> None:
    found = opened(url, options={"categories": categories} if categories else None)
    assert [column.key for column in found.columns] == keys
    assert (("999", "not in the catalogue") in found.skipped) == (categories == [4, 999])


@pytest.mark.parametrize(
    ("body", "url", "seen"),
    [
        ("<html><body>系统维护中</body></html>", ENTRY, "no window._CONFIG"),
        ("<script>window._CONFIG = { SID: '1', TREE: [{] }</script>", ENTRY, "no TREE that can be read"),
        ("<script>window._CONFIG = { SID: '1' }</script>", ENTRY, "no TREE that can be read"),
        (shell(), "http://www.jiangmen.gov.cn/index.html", "not a gkmlpt address"),
        (shell(), ENTRY + "#999", "no category 999"),
    ],
)
def test_a_page_that_is_no_catalogue(body: str, url: str, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        opened(url, body)


# --- lists ----------------------------------------------------------------------------------------------------------

COLUMN = Column(
    "721",
    "受理公告",
    "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/index#21023",
    "gkmlpt",
    Ask("https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/21023?page=1&sid=758019"),
    203,
)

ARTICLE: dict[str, Any] = {
    "id": 3255421,
    "title": " 关于某项目的受理公告",
    "document_number": "",
    "identifier": "11441200MB2C91453G/2026-00271",
    "publisher": "肇庆市生态环境局",
    "keywords": None,
    "abstract": "",
    "date": 1783353600,
    "created_at": "2026-07-08 00:11:12",
    "create_time": 1783440672,
    "first_publish_time": 1783440672,
    "display_publish_time": 1783440000,
    "classify_main": 21023,
    "classify_main_name": "受理公告",
    "is_expired": 0,
    "is_abolished": 0,
    "relation": "[]",
    "hits": 17,
    "attachment": [
        {
            "id": 24103,
            "name": "揭府办[2016]76号 (1).pdf",
            "type": "file",
            "mime": "application/pdf",
            "size": "0",
            "url": "http://www.jieyang.gov.cn/attachment/0/24/24103/204269.pdf",
        },
        {"name": "图.jpg", "url": "/zqhjj/attachment/0/1/2/3.jpg"},
        {"name": "nothing"},
    ],
    "url": "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/post_3255421.html",
    "post_url": "//www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/mpost_3255421.html",
}


def answer(count: int = 1, number: int = 1, **more: Any) -> Any:
    classify = {"id": 21023, "name": "受理公告", "parent": 21022, "post_count": 203}
    articles = [ARTICLE | {"id": index, "url": f"{ARTICLE['url']}?{index}"} for index in range(count)]
    body = {"classify": classify, "total": 203, "articles": articles} | more
    return page(
        json.dumps(body, ensure_ascii=False),
        f"https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/21023?page={number}&sid=758019",
        "application/json",
    )


def test_a_row() -> None:
    [row] = gkmlpt.read_list(answer(articles=[ARTICLE]), COLUMN, 1).rows
    assert (row.url, row.title, row.date) == (ARTICLE["url"], "关于某项目的受理公告", "2026-07-08")
    assert row.fields == (
        ("id", "3255421"),
        ("identifier", "11441200MB2C91453G/2026-00271"),
        ("publisher", "肇庆市生态环境局"),
        ("date", "1783353600"),
        ("created_at", "2026-07-08 00:11:12"),
        ("create_time", "1783440672"),
        ("first_publish_time", "1783440672"),
        ("display_publish_time", "1783440000"),
        ("classify_main", "21023"),
        ("classify_main_name", "受理公告"),
        ("is_expired", "0"),
        ("is_abolished", "0"),
        ("post_url", "//www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/mpost_3255421.html"),
    )
    assert row.attachments == (
        ("http://www.jieyang.gov.cn/attachment/0/24/24103/204269.pdf", "揭府办[2016]76号 (1).pdf"),
        ("https://www.zhaoqing.gov.cn/zqhjj/attachment/0/1/2/3.jpg", "图.jpg"),
    )


@pytest.mark.parametrize(
    ("article", "date"),
    [
        ({"display_publish_time": 0, "first_publish_time": 1783440672}, "2026-07-08"),
        ({"date": 1783353600}, "2026-07-07"),  # midnight in China, still the 6th in UTC
        ({"date": "1783353600"}, "2026-07-07"),
        ({"created_at": "2026-07-08 00:11:12"}, "2026-07-08"),
        ({}, ""),
    ],
)
def test_the_date_of_a_row(article: dict[str, Any], date: str) -> None:
    [row] = gkmlpt.read_list(answer(articles=[article]), COLUMN, 1).rows
    assert row.date == date


@pytest.mark.parametrize(
    ("article", "url"),
    [
        ({"url": "//a.gov.cn/x.html"}, "https://a.gov.cn/x.html"),
        ({"url": "", "post_url": "/zqhjj/x.html"}, "https://www.zhaoqing.gov.cn/zqhjj/x.html"),
        ({"id": 3255421}, "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/post_3255421.html"),
        ({"url": "https://mp.weixin.qq.com/s/abc"}, "https://mp.weixin.qq.com/s/abc"),
    ],
)
def test_the_address_of_a_row(article: dict[str, Any], url: str) -> None:
    [row] = gkmlpt.read_list(answer(articles=[article]), COLUMN, 1).rows
    assert row.url == url


@pytest.mark.parametrize(
    ("number", "count", "declared", "following"),
    [
        (1, 88, 203, 2),  # 肇庆: 88 of 203
        (1, 99, 156, 2),
        (1, 100, 203, 2),
        (2, 100, 203, 3),
        (3, 3, 203, 4),  # only an answer without rows is the end
        (4, 0, 203, None),
        (1, 12, 12, None),  # all that is declared stands on page 1
        (1, 0, 0, None),
        (1, 20, None, 2),
    ],
)
def test_the_next_page(number: int, count: int, declared: int | None, following: int | None) -> None:
    classify = {"id": 21023} if declared is None else {"id": 21023, "post_count": declared}
    read = gkmlpt.read_list(answer(count, number, classify=classify, total=declared), COLUMN, number)
    url = f"https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/21023?page={following}&sid=758019"
    assert read.next == (Ask(url) if following else None)
    assert (len(read.rows), read.declared_total) == (count, declared)


def test_the_total_where_the_category_does_not_say() -> None:
    assert gkmlpt.read_list(answer(classify={"id": 21023}, total="203"), COLUMN, 1).declared_total == 203


def test_an_answer_about_another_category() -> None:
    with pytest.raises(LayoutError, match="asked for category 21023, answered with 5"):
        gkmlpt.read_list(answer(classify={"id": 5, "post_count": 3}), COLUMN, 1)


@pytest.mark.parametrize(
    "body", ["<html>没有找到您要访问的页面</html>", "", "[]", '{"message": "no"}', '{"articles": null}']
)
def test_behind_the_last_page_there_is_no_json(body: str) -> None:
    beyond = page(body, "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/21023?page=4&sid=758019", "application/json")
    read = gkmlpt.read_list(beyond, COLUMN, 4)
    assert (read.rows, read.next) == ((), None)
    with pytest.raises(LayoutError, match="not an answer of the gkmlpt API"):
        gkmlpt.read_list(beyond, COLUMN, 1)


def test_detection() -> None:
    assert sum(sign.weight for sign in gkmlpt.detect(page(shell(), ENTRY))) == 6
    assert gkmlpt.detect(page("<html><body>a</body></html>", "http://a.gov.cn/zwgk/")) == ()
