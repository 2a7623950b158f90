"""The Epoint family, on pages and answers written from portal-families.md section 5.9."""

import json
from typing import Any

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import epoint
from crawler.families.base import Ask, Column, ColumnSpec, ListPage, Opening
from crawler.spiders.walk import Walk
from tests.families.pages import page

HOST = "https://ws.xz.gov.cn"
URL = f"{HOST}/dynamic/zwgk/govInfoPub.html?categorynum=003001003&deptcode="
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
SHELL = '<html><script src="/js/webBuilderCommon.js?v=1"></script><div class="ewb-catalog"></div></html>'
COMMON = f'var siteInfo={{"siteGuid":"{GUID}","projectName":"/EWB-FRONT"}};'


def opened(body: str, place: str = URL, url: str = URL, **options: object) -> Opening:
    mime = "application/javascript" if place.endswith(".js") else "text/html"
    return epoint.open(page(body, place, mime), ColumnSpec("epoint", url, options=options or None))


def column(body: str = COMMON, url: str = URL, **options: object) -> Column:
    [found] = opened(body, f"{HOST}/js/webBuilderCommon.js", url, **options).columns
    return found


def asked(found: Ask | None) -> Any:
    assert found is not None
    return json.loads(found.body)


def answer(*numbers: int, total: object = 45, **more: object) -> Page:
    rows = [{"title": f"第{n}号通知", "infourl": f"/003001/{n}.html", "infodate": "2026-09-12"} for n in numbers]
    body = {"custom": {"total": total, "data": rows}} | more
    return page(json.dumps(body), f"{HOST}/EWB-FRONT/rest/lightfrontaction/getgovinfolist", "application/json")


def read(found: Page, number: int = 1) -> ListPage:
    return epoint.read_list(found, column(), number)


def test_the_site_is_looked_for_in_the_scripts_of_the_page() -> None:
    assert opened(SHELL) == Opening((), further=Ask(f"{HOST}/js/webBuilderCommon.js?v=1"))
    nested = SHELL.replace("/js/web", "/shengbenji/js/web")
    assert opened(nested).further == Ask(f"{HOST}/shengbenji/js/webBuilderCommon.js?v=1")
    assert opened("<html></html>").further == Ask(f"{HOST}/js/webBuilderCommon.js")
    older = SHELL.replace("webBuilderCommon", "ajaxReq")
    assert opened(older).further == Ask(f"{HOST}/js/ajaxReq.js?v=1")
    assert opened("var a = 1;", f"{HOST}/js/webBuilderCommon.js").further == Ask(f"{HOST}/js/ajaxReq.js")


def test_the_request_for_the_first_page() -> None:
    found = column()
    assert found.first is not None
    assert (found.first.method, found.first.url) == (
        "POST",
        f"{HOST}/EWB-FRONT/rest/lightfrontaction/getgovinfolist",
    )
    assert ("Referer", URL) in found.first.headers
    assert asked(found.first) == {
        "deptcode": "",
        "categorynum": "003001003",
        "pageIndex": 0,
        "pageSize": 20,
        "siteGuid": GUID,
    }


@pytest.mark.parametrize(
    ("script", "options", "project", "wrapped"),
    [
        (COMMON.replace("/EWB-FRONT", "/EWB_YK_Mid"), {}, "EWB_YK_Mid", True),  # 营口
        (f"siteGuid:'{GUID}'; post('/Epoint-MiddleForWeb/rest/lightfrontaction/x')", {}, "Epoint-MiddleForWeb", False),
        (f'"siteGuid" : "{GUID}"', {}, "EWB-FRONT", False),
        (COMMON, {"project": "/EWB_DD", "params": True}, "EWB_DD", True),
        ("nothing", {"site_guid": GUID}, "EWB-FRONT", False),
    ],
)
def test_where_the_service_lives(script: str, options: dict[str, object], project: str, wrapped: bool) -> None:
    found = column(script, **options)
    assert found.first is not None
    assert found.first.url == f"{HOST}/{project}/rest/lightfrontaction/getgovinfolist"
    body = asked(found.first)
    assert ("params" in body) == wrapped
    assert body.get("params", body)["siteGuid"] == GUID


@pytest.mark.parametrize(
    ("body", "place", "url", "seen"),
    [
        ("<html><p>404</p></html>", f"{HOST}/404.html", URL, "no siteGuid"),
        ("var a = 1;", f"{HOST}/js/ajaxReq.js", URL, "no siteGuid"),
        (SHELL, URL, f"{HOST}/dynamic/zwgk/govInfoPub.html", "no categorynum"),
    ],
)
def test_a_page_that_leads_nowhere(body: str, place: str, url: str, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        opened(body, place, url)


def test_pages_count_from_0() -> None:
    found = read(answer(1, 2))
    assert [(row.url, row.title, row.date) for row in found.rows] == [
        (f"{HOST}/003001/1.html", "第1号通知", "2026-09-12"),
        (f"{HOST}/003001/2.html", "第2号通知", "2026-09-12"),
    ]
    assert found.declared_total == 45
    assert asked(found.next)["pageIndex"] == 1
    wrapped = epoint.read_list(answer(1), column(params=True), 4)
    assert asked(wrapped.next)["params"]["pageIndex"] == 4


@pytest.mark.parametrize(
    "record",
    [
        {"realtitle": "关于某事的通知", "title": "关于…", "visiturl": "/a.html", "handsdate": "2026-09-12"},
        {
            "title": "<font color='red'>关于某事的通知</font>",
            "infourl": "",
            "linkurl": "/a.html",
            "infodate": "2026-09-12",
        },
        {"Title": "关于某事的通知", "InfoUrl": f"{HOST}/a.html", "InfoDate": "2026-09-12"},
    ],
)
def test_rows_of_other_makes(record: dict[str, str]) -> None:
    body = json.dumps({"Custom": json.dumps({"Total": "1", "Data": [record]})})
    [row] = read(page(body, HOST, "application/json")).rows
    assert (row.url, row.title, row.date) == (f"{HOST}/a.html", "关于某事的通知", "2026-09-12")


def test_a_page_that_comes_twice_ends_the_walk() -> None:
    walk = Walk(column())
    walk.feed(read(answer(1, 2, 3)))
    assert walk.feed(read(answer(1, 2, 3), 2)) is None
    assert walk.end is WalkEnd.STUB_PAGE  # 45 are declared
    whole = Walk(column())
    assert whole.feed(read(answer(1, 2, 3, total=3))) is None
    assert whole.end is WalkEnd.LAST_PAGE


def test_an_empty_column() -> None:
    assert read(answer(total=0)) == ListPage((), None, 0)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<html>403</html>", "not an answer of EWB"),
        ('{"status": {"code": "500"}}', "params = true"),
        ('{"custom": "no JSON"}', "no list named data"),
        ('{"custom": {"total": 9, "data": []}}', "9 rows declared"),
        ('{"custom": {"total": 1, "data": [{"title": "a"}]}}', "none with an address"),
    ],
)
def test_answers_that_are_none(body: str, seen: str) -> None:
    with pytest.raises(LayoutError, match=seen):
        read(page(body, HOST, "application/json"))


def test_keys_and_options() -> None:
    assert epoint.key(ColumnSpec("epoint", URL)) == "003001003"
    assert epoint.key(ColumnSpec("epoint", f"{URL}XZ012")) == "XZ012/003001003"
    assert epoint.key(ColumnSpec("epoint", URL, key="wj")) == "wj"
    good = {"site_guid": GUID, "project": "/EWB-FRONT", "params": True}
    assert [rule(good[name]) for name, rule in epoint.OPTIONS.items()] == ["", "", ""]
    assert all(rule(7) for rule in epoint.OPTIONS.values())


def test_its_signs() -> None:
    assert sum(sign.weight for sign in epoint.detect(page(SHELL, URL))) == 5
    assert epoint.detect(page("<html><div class='news'></div></html>")) == ()
