"""Which family a page is of: practice portals in all their skins, saved real pages, and the rule itself."""

import csv
from functools import cache
from pathlib import Path

import pytest

from archive.reading.page import Page
from archive.reading.refusal import Refusal
from crawler.detection import Case, Clue, is_document, is_home, suspects, weigh
from crawler.leads import leads, site_of
from crawler.practice import PORTALS
from crawler.practice.model import Plan
from crawler.spiders.probe import BUDGET
from crawler.trial import Refused
from tests.families.pages import page
from tests.portals.inquiries import ORIGIN, Asked, ask, ask_site, judged

SAVED = Path(__file__).resolve().parents[2] / ".." / "shared" / "pages"
UNNAMED = "http://www.example.gov.cn/list/"
"""Where pages are put whose address was not saved with them."""

REAL = {
    # name of the file: (family, why)
    "csrc_golden_list_1.html": ("static", "UCAP, rows in HTML, createPageHTML('page_div', …)"),
    "most_golden_list_page.html": ("static", "TRS, four blocks of rows, no pager"),
    "ndrc_golden_index.html": ("static", "TRS, createPageHTML(9, …)"),
    "ccgp_list.html": ("static", "TRS, Pager({size: 25 …})"),
    "zhaoqing-gcjs-3e00a0e7.html": ("static", "TRS, createPageHTML(22, 0, …)"),
    "huizhou.html": ("static", "rows in HTML, a pager of links"),
    "shaoguan-zwgk-efedf94b.html": ("static", "rows in HTML, before 韶关 had gkmlpt"),
    "jiangmen-gcjs-c15e43ee.html": ("static", "ASP.NET: rows in HTML, 58 pages that __doPostBack turns"),
    "shaoguan-land-3c8cd6b4.html": ("static", "ASP, ?page=2"),
    "zhuhai-js-8dc89117.html": ("static", "rows in HTML, ?page=2"),
    "page_20251014T112101_200.html": ("static", "NMPA, index_1.html"),
    "page_20251014T112104_200.html": ("static", "NMPA, index_1.html"),
    "index.html": ("static", "九江: a search as a browser rendered it, rows and all; no query of IRS to ask with"),
    "gd_page.txt": ("nfcms", "NFCMS_… in its scripts, addresses /content/post_N.html; family nfcms reads its rows"),
    "dataproxy.xml": ("hanweb", "an answer of dataproxy.jsp; it says so itself"),
    "yangjiang-js-42bf5e6b.html": ("", "a fragment: rows, and no second sign; its documents were not saved"),
    "sz-pnr-f08f94ca.html": ("", "contracts of which none is linked: no row leads to a document"),
    "mof_page.txt": ("", "a map of provinces"),
    "index_651.html": ("", "an include fragment: navigation alone"),
    "index_651.browser-saved.html": ("", "the same, as a browser saved it"),
    "jsggzy_list.json": ("", "an answer of Epoint's full-text search, which no family reads"),
    **{
        f"nfra_golden_{kind}_00{number}.html": ("", "JSON of an application of its own (cbircweb)")
        for kind in ("list", "detail")
        for number in (1, 2, 3, 4)
    },
}  # fmt: skip
"""Every saved list page: its family, or none, and why (pages.tsv, README.md, and the pages themselves)."""


@cache
def saved() -> dict[str, tuple[str, Page]]:
    """Kind and page of every file of pages.tsv that is a page, by its path."""
    table = SAVED / "pages.tsv"
    if not table.is_file():
        pytest.skip("the saved pages of real portals are not beside this checkout")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if not row["file"].endswith(".golden.json")]
    kinds = [row for row in rows if row["kind"] in ("list", "detail", "blocked")]
    return {
        row["file"]: (
            row["kind"],
            Page(row["url"] or UNNAMED, 200, (("Content-Type", "text/html"),), (SAVED / row["file"]).read_bytes()),
        )
        for row in kinds
    }


def ask_saved(name: str) -> Asked:
    """An inquiry into a saved page; what else it wants to see is there only if it was saved too."""
    first = saved()[name][1]
    others = {other.url: other for _, other in saved().values() if other.url != UNNAMED}
    return ask(
        first.url,
        lambda want: first if want.ask.url == first.url else others.get(want.ask.url) or Refused("404"),
    )


# --- practice portals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variation", [1, 2, 3])
@pytest.mark.parametrize("key", PORTALS)
def test_every_entry_in_every_skin_is_named(key: str, variation: int) -> None:
    site = PORTALS[key].build(Plan(ORIGIN, 1, variation))
    for family, url in site.entries:
        asked = ask_site(site, url)
        assert (asked.found.family, asked.found.can_be_read) == (family, True), (url, asked.found)
        assert len(asked.wants) < BUDGET, "robots.txt is asked for too"
        others = [case.family for case in asked.found.suspects if case.holds]
        assert set(others) <= {family, "static"}, "no other family has two signs here"


@pytest.mark.parametrize("key", PORTALS)
def test_what_is_found_is_what_the_portal_says(key: str) -> None:
    portal = PORTALS[key]
    site = portal.build(Plan(ORIGIN))
    found = ask_site(site, site.entries[0][1]).found
    assert [portal.name.removesuffix("（练习）")] == list(found.names)
    assert list(found.codes) == [portal.site_id_code]
    assert found.tried is not None
    assert found.tried.document is not None
    assert dict(found.tried.document.reading.fields)["title"]
    truths = {truth.url for truth in site.truth.documents} | {row.url for row in site.truth.external}
    assert {row.url for row in found.tried.lists[0].rows} <= truths


@pytest.mark.parametrize("key", PORTALS)
def test_a_home_page_is_unknown_and_leads_to_columns(key: str) -> None:
    site = PORTALS[key].build(Plan(ORIGIN))
    asked = ask_site(site, f"{ORIGIN}/")
    assert asked.found.family == ""
    assert asked.urls == [f"{ORIGIN}/"]
    assert "home page" in asked.found.notes[0]


def test_leads_are_the_columns_and_not_the_guide() -> None:
    found = ask_site(PORTALS["trs"].build(Plan(ORIGIN)), f"{ORIGIN}/").found
    assert ("政府文件", f"{ORIGIN}/zwgk/zfwj/") == found.leads[0]
    home = page(
        '<ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/zfxxgk/zfxxgkzn/">信息公开指南</a></li>'
        '<li><a href="/zfxxgk/fdzdgknr/">法定主动公开内容</a></li><li><a href="/zfxxgk/ysqgk/">依申请公开</a></li>'
        '<li><a href="/xxgk/gfxwj/">规范性文件</a></li><li><a href="http://zjj.x.gov.cn/gkmlpt/index">住建局</a></li>'
        '<li><a href="http://www.gd.gov.cn/zwgk/">省政府</a></li><li><a href="/zsyz/">走进</a></li></ul>',
        "http://www.x.gov.cn/",
    )
    assert [text for text, _ in leads(home)] == ["规范性文件", "住建局", "法定主动公开内容", "政务公开"]


# --- real pages -------------------------------------------------------------------------------------------------------


def test_the_table_speaks_of_every_saved_list() -> None:
    files = {Path(name).name for name, (kind, _) in saved().items() if kind == "list"}
    assert files == set(REAL)


@pytest.mark.parametrize("file", REAL)
def test_a_saved_list_is_named_or_unknown(file: str) -> None:
    [name] = [name for name, (kind, _) in saved().items() if kind == "list" and Path(name).name == file]
    family, why = REAL[file]
    assert ask_saved(name).found.family == family, why


def test_no_saved_document_and_no_challenge_is_named() -> None:
    named = {name: ask_saved(name).found.family for name, (kind, _) in saved().items() if kind != "list"}
    assert len(named) > 20
    assert {name for name, family in named.items() if family} == set()


def test_saved_lists_are_no_documents_and_nearly_all_documents_are() -> None:
    kinds = {name: (kind, is_document(page)) for name, (kind, page) in saved().items()}
    assert not [name for name, (kind, so) in kinds.items() if kind == "list" and so]
    missed = [Path(name).name for name, (kind, so) in kinds.items() if kind == "detail" and not so]
    assert sorted(missed) == ["shaoguan-ghj-8170dd19.html", "zhaoqing-gtj-12e7e277.html"]  # they state nothing


def test_a_document_that_was_saved_with_its_list_proves_it() -> None:
    tried = ask_saved("list/ndrc-xiniu/ndrc_golden_index.html").found.tried
    assert tried is not None
    assert tried.document is not None
    assert tried.document.page.url.endswith("/t20260409_1404577.html")
    assert [proof.sign for proof in tried.case.proofs] == ["declares 9 pages", "its document states 2 fields"]
    assert tried.notes == ["page 2: 404"]


# --- the rule ---------------------------------------------------------------------------------------------------------


def clue(weight: int, sign: str = "a sign") -> Clue:
    return Clue("entry", sign, weight)


@pytest.mark.parametrize(
    ("case", "holds"),
    [
        (Case("ucap", (clue(1),)), False),  # a hint
        (Case("ucap", (clue(2),)), False),  # one sign
        (Case("ucap", (clue(3),)), False),  # decisive, and nothing else
        (Case("ucap", (clue(3),), (clue(1),)), True),  # and a proof
        (Case("ucap", (clue(2),), (clue(2),)), False),  # any family would read such rows
        (Case("ucap", (clue(1), clue(1))), True),  # two agree
        (Case("ucap", (clue(1), clue(1)), fault="no list"), False),  # but it cannot be read
        (Case("ucap", (clue(3), clue(1)), fault="no list"), True),  # no doubt what it is
        (Case("static", (clue(2),)), False),
        (Case("static", (clue(2),), (clue(2),)), True),  # rows, and documents behind them
        (Case("static", (clue(1),), (clue(2),)), False),
        (Case("static", ()), False),
    ],
)
def test_what_it_takes_to_be_named(case: Case, holds: bool) -> None:
    assert case.holds is holds


def rows(*more: str, place: str = "/zwgk/zfwj/2026") -> str:
    made = "".join(
        f'<li><a href="{place}{n}.html">关于某事项第{n}号的通知</a><span>2026-01-0{n}</span></li>' for n in range(1, 7)
    )
    return f'<div class="list"><ul>{made}</ul></div>{"".join(more)}'


def test_a_specific_family_goes_before_static() -> None:
    call, word = "<script>createPageHTML(9, 0, 'index', 'html')</script>", "<script>var NFCMS_SITE_ID = '1';</script>"
    own = page(rows(call, word, place="/content/post_"))
    first, second = suspects(own, own.url)
    assert (first.family, second.family) == ("nfcms", "static")
    assert first.holds
    assert second.holds
    assert first.weight < second.weight


def test_the_same_sign_on_a_second_page_is_not_another_one() -> None:
    once = weigh(Case("static", ()), [("entry", page(rows()))])
    assert weigh(once, [("page 2", page(rows().replace("20266.html", "20266.pdf") + "<p>第2页</p>"))]) == once


def test_a_stray_word_names_no_family() -> None:
    found = suspects(page('<div class="ewb-box"><script>var x = "TRS_Editor"</script></div>'), "http://www.x.gov.cn/a/")
    assert [(case.family, case.holds) for case in found] == [("epoint", False)]


@pytest.mark.parametrize(
    "url", ["http://www.x.gov.cn", "https://x.gov.cn/index.html", "http://x.gov.cn/index.shtml#top"]
)
def test_addresses_of_whole_sites(url: str) -> None:
    assert is_home(url)


@pytest.mark.parametrize("url", ["http://www.x.gov.cn/zwgk/", "http://x.gov.cn/?id=3", "http://x.gov.cn/gkmlpt/index"])
def test_addresses_of_pages(url: str) -> None:
    assert not is_home(url)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://zjj.zhuhai.gov.cn/gkmlpt/index", "zhuhai.gov.cn"),
        ("https://www.zhuhai.gov.cn:8443/", "zhuhai.gov.cn"),
        ("https://www.gov.cn/", "www.gov.cn"),
        ("https://sousuo.www.gov.cn/search-gov/data", "www.gov.cn"),
        ("http://www.hbj.cn/", "hbj.cn"),
        ("http://10.1.2.3:8080/x", "10.1.2.3"),
    ],
)
def test_hosts_of_one_site(url: str, site: str) -> None:
    assert site_of(url) == site


# --- the steps --------------------------------------------------------------------------------------------------------

LIST = "http://www.x.gov.cn/zwgk/zfwj/"
DOCUMENT = (
    '<meta name="ArticleTitle" content="关于某事项的通知"><meta name="PubDate" content="2026-01-02 10:00">'
    '<meta name="ContentSource" content="某市人民政府办公室">'
    '<div class="TRS_Editor"><p>各县区人民政府：现将有关事项通知如下。</p></div>'
)


def ask_pages(url: str, pages: dict[str, str]) -> Asked:
    """An inquiry into a few pages that stand here."""
    made = {address: page(text, address) for address, text in pages.items()}
    missing = Page("", 404, (), b"<html><body>404 Not Found</body></html>")
    return ask(url, lambda want: judged(made.get(want.ask.url, missing), want.role))


def test_a_list_on_one_page_is_named_by_its_document() -> None:
    alone = ask_pages(LIST, {LIST: rows()})
    assert alone.found.family == "", "rows, and nothing that agrees with them"
    assert alone.found.suspects[0].family == "static"
    proved = ask_pages(LIST, {LIST: rows(), "http://www.x.gov.cn/zwgk/zfwj/20261.html": DOCUMENT})
    assert proved.found.family == "static"
    assert proved.found.tried is not None
    assert not proved.found.tried.is_whole


@pytest.mark.parametrize(
    "shell",
    [
        '<html><head><meta http-equiv="refresh" content="0; url=list.html"></head><body></body></html>',
        '<html><body><h1>政府文件</h1><iframe src="/zwgk/zfwj/list.html"></iframe></body></html>',
    ],
)
def test_a_shell_is_followed(shell: str) -> None:
    there = f"{LIST}list.html"
    asked = ask_pages(LIST, {LIST: shell, there: rows("<script>createPageHTML(9, 0, 'list', 'html')</script>")})
    assert asked.found.family == "static"
    assert asked.found.address == there
    assert asked.found.url == LIST


def test_an_application_that_answers_any_path_is_no_empty_list() -> None:
    shell = page('<html><head><script src="/app.js"></script></head><body><div id="app"></div></body></html>', LIST)
    asked = ask(LIST, lambda want: judged(shell, want.role))
    assert asked.found.blocked is not None
    assert asked.found.blocked.reason == Refusal.CATCH_ALL
    assert asked.found.wants_browser
    assert len(asked.wants) == 2, "one path that is not there"


def test_rows_that_scripts_bring_want_a_browser() -> None:
    text = (
        '<div id="list"></div><script>load("/api/rows")</script><p>政府文件 信息公开目录 主动公开</p>'
        "<p>本栏目由市政府办公室维护，如有疑问请与其联系</p>"
    )
    found = ask_pages(LIST, {LIST: text, "http://www.x.gov.cn/": "<title>某市人民政府门户网站</title>"}).found
    assert (found.family, found.wants_browser, found.blocked) == ("", True, None)
    assert list(found.names) == ["某市人民政府"]


def test_a_page_that_is_gone_leads_to_the_home_page() -> None:
    home = '<ul><li><a href="/xxgk/gfxwj/">规范性文件</a></li></ul>'
    asked = ask_pages(LIST, {"http://www.x.gov.cn/": home})
    assert asked.urls == [LIST, "http://www.x.gov.cn/"]
    assert asked.found.blocked is not None
    assert asked.found.leads == (("规范性文件", "http://www.x.gov.cn/xxgk/gfxwj/"),)


def test_behind_a_barrier_nothing_more_is_wanted() -> None:
    first = page(rows("<script>createPageHTML(9, 0, 'index', 'html')</script>"), LIST)
    asked = ask(LIST, lambda want: first if want.ask.url == LIST else Refused(Refusal.RUISHU_412))
    assert asked.urls == [LIST, f"{LIST}index_1.html"]
    assert asked.found.family == "static"
    assert asked.found.blocked == Refused(Refusal.RUISHU_412)


def test_a_tree_is_entered_node_by_node_until_there_are_rows() -> None:
    site = PORTALS["nfcms"].build(Plan(ORIGIN))
    [url] = [url for _, url in site.entries if url.endswith("/zfgb/")]
    found = ask_site(site, url).found
    assert found.tried is not None
    assert found.tried.lists[0].rows
    assert found.tried.unopened > 0
