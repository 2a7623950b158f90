"""First contact: what a run shows of the facts that a portal file has only from others."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.events import CatalogueRow
from archive.ledger.questions import ColumnBalance
from archive.reading.page import Page
from crawler import practice
from crawler.cli import main
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.first_contact import Contact, FirstContact, report, site_codes
from crawler.portal import Expect, Fetch, Portal
from crawler.spiders.walk import Walk
from tests.crawl.harness import Bench

LIST = ColumnSpec("static", "http://www.example.gov.cn/zwgk/zfwj/", unconfirmed=True)
PORTAL = Portal(
    key="example",
    name="示例市人民政府",
    home="http://www.example.gov.cn/",
    division="440400",
    site_id_code="",
    hosts=(),
    columns=(LIST,),
    fetch=Fetch(),
    expect=Expect(),
    text="",
    path=Path("example.toml"),
)
FILL = {"title": 1.0, "publisher": 0.5}


def page(body: str, url: str = LIST.url) -> Page:
    return Page(url, 200, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


def site_page(name: str = "示例市人民政府门户网站", code: str = "4404000041") -> Page:
    return page(
        f'<html><meta name="SiteName" content="{name}"><meta name="SiteIDCode" content="{code}"><p>。</p></html>'
    )


def walk(*sizes: int, total: int | None = None, pages: int | None = None, spec: ColumnSpec = LIST) -> Walk:
    """A walk over list pages with so many rows each."""
    found = Walk(Column("zwgk/zfwj", "政府文件", spec.url, spec.family, None))
    for number, size in enumerate(sizes, 1):
        rows = tuple(CatalogueRow(f"{spec.url}t{number}_{row}.html") for row in range(size))
        following = Ask(f"{spec.url}index_{number}.html") if number < len(sizes) else None
        found.feed(ListPage(rows, following, total, pages))
    return found


def held(number: int) -> ColumnBalance:
    counts = (number, number, number, 0, 0, 0)
    return ColumnBalance("zwgk/zfwj", "政府文件", LIST.url, None, *counts, {}, "last_page", "", "")


def contact(*walks: Walk, portal: Portal = PORTAL, entry: Page | None = None) -> Contact:
    """A run that opened the one column and walked it."""
    met = Contact(portal)
    met.arrived(LIST, entry or site_page())
    met.opened(LIST, [each.column for each in walks])
    for each in walks:
        met.walked(each)
    return met


def told(met: Contact, fill: Mapping[str, float] = FILL) -> FirstContact:
    return report(met, [held(sum(each.listed for each in met.walks.values()))], fill)


def test_a_column_that_is_as_its_file_says() -> None:
    found = told(contact(walk(20, 20, 5, pages=3)))
    [column] = found.columns
    assert column.confirmed
    assert column.opened
    assert (column.number, column.pages, column.rows, column.declared, column.held) == (1, 3, 45, None, 45)
    assert column.change == "drop its `unconfirmed = true`"
    assert found.site.agrees
    assert found.site.change == 'site_id_code = "4404000041"'
    assert found.fill == FILL
    assert [*found.lines()] == [
        "example: first contact: 1 of 1 unconfirmed columns confirmed",
        "  column 1: static http://www.example.gov.cn/zwgk/zfwj/",
        "    45 rows on 3 list pages, no total declared, 45 held",
        "    → drop its `unconfirmed = true`",
        "  site: the pages say 示例市人民政府门户网站, 4404000041",
        '    → site_id_code = "4404000041"',
        "  fields of the 45 entries held: title 100%, publisher 50%, doc_number 0%, index_number 0%, date_made 0%, "
        "date_published 0%, disclosure_method 0%, text 0%",
    ]
    assert json.loads(json.dumps(asdict(found)))["columns"][0]["rows"] == 45


@pytest.mark.parametrize(
    ("walked", "doubt", "change"),
    [
        (walk(20), "政府文件: 20 rows on one page, and no pager was found", "look at the entry page in a browser"),
        (walk(20, total=45), "政府文件: 45 declared, 20 listed", "keep the mark, and look at what is missing"),
        (
            walk(20, pages=3),
            "政府文件: not read to its end (page_failed: page 1 of 3 leads no further)",
            "keep the mark",
        ),
        (walk(0, pages=1), "no row was listed", "look at the entry page: no other family's signs are on it"),
    ],
)
def test_a_walk_that_proves_nothing(walked: Walk, doubt: str, change: str) -> None:
    [column] = told(contact(walked)).columns
    assert not column.confirmed
    assert column.doubts == (doubt,)
    assert column.change.startswith(change)


@pytest.mark.parametrize("walked", [walk(3, total=3), walk(3, pages=1)])
def test_one_page_that_says_it_is_all(walked: Walk) -> None:
    assert told(contact(walked)).columns[0].confirmed


def test_a_family_that_does_not_fit_and_the_one_that_would() -> None:
    met = Contact(PORTAL)
    shell = "window._CONFIG = { SID: '756001', TREE: [], SERVICE_AREA_ID: 1 }"
    met.arrived(LIST, page(f"<html><script>{shell}</script></html>", "http://www.example.gov.cn/gkmlpt/index"))
    met.closed(LIST, "layout", "no list on this page")
    found = told(met)
    [column] = found.columns
    assert not column.opened
    assert column.signs["gkmlpt"] == 5
    assert column.doubts == ("static does not fit: no list on this page",)
    assert column.change == 'family = "gkmlpt": its signs are on the entry page'
    assert found.site.agrees is None
    assert "  no document is held yet" in [*found.lines()]


@pytest.mark.parametrize(
    ("reason", "detail", "change"),
    [
        ("404", "", "url: find the column's present address from the home page"),
        ("ruishu_412", "", "keep the mark; nothing is known of the column yet"),
        ("timeout", "no answer in time", "keep the mark; nothing is known of the column yet"),
        (
            "redirect_external",
            "to https://zwgk.example.gov.cn/",
            "home, hosts, url: its pages have moved to https://zw",
        ),
    ],
)
def test_an_entry_that_did_not_open(reason: str, detail: str, change: str) -> None:
    met = Contact(PORTAL)
    met.closed(LIST, reason, detail)
    [column] = told(met).columns
    assert column.doubts == (f"the entry did not open: {reason}{': ' if detail else ''}{detail}",)
    assert column.change.startswith(change)


def test_what_a_stopped_or_narrowed_run_did_not_ask() -> None:
    met = Contact(PORTAL)
    assert told(met).columns[0].doubts == ("not read: the run ended before",)
    met.arrived(LIST, site_page())  # and it was another site's
    assert told(met).columns[0].doubts == ("not read: the run ended before",)
    met.opened(LIST, [])
    assert told(met).columns[0].doubts == ("no column behind the entry",)
    met.opened(LIST, [walk(20).column])
    assert told(met).columns[0].doubts == ("not walked",)


def test_a_pager_that_led_on_is_proof_though_the_last_page_is_missing() -> None:
    walked = walk(20, 20, pages=5)
    [column] = told(contact(walked)).columns
    assert column.confirmed
    assert column.doubts == ("政府文件: not read to its end (page_failed: page 2 of 5 leads no further)",)


def test_a_pager_that_gives_the_same_page_again_is_none() -> None:
    walked = Walk(Column("zwgk/zfwj", "政府文件", LIST.url, "static", None))
    for _ in range(2):
        row = CatalogueRow(f"{LIST.url}t1.html")
        walked.feed(ListPage((row,), Ask(f"{LIST.url}index_1.html"), declared_total=40))
    [column] = told(contact(walked)).columns
    assert not column.confirmed
    assert column.doubts == ("政府文件: not read to its end (stub_page: page 2 has no new row)",)


def test_of_a_tree_one_column_is_proof() -> None:
    sound, torn = walk(20, 20, pages=2), walk(20, total=45)
    torn.column = replace(torn.column, key="2", name="公示公告")
    [column] = told(contact(sound, torn)).columns
    assert column.confirmed
    assert column.doubts == ("公示公告: 45 declared, 20 listed",)
    assert (column.pages, column.rows, column.declared) == (3, 60, 45)


def test_only_what_is_marked_is_told() -> None:
    sure = replace(LIST, url="http://www.example.gov.cn/zwgk/ghjh/", unconfirmed=False)
    met = Contact(replace(PORTAL, columns=(sure, LIST)))
    met.closed(sure, "404", "")
    assert [column.number for column in told(met).columns] == [2]


def test_many_columns_with_one_fault_are_told_in_a_few_lines() -> None:
    walks = [walk(20) for _ in range(9)]
    for number, each in enumerate(walks):
        each.column = replace(each.column, key=str(number))
    assert told(contact(*walks)).columns[0].doubts[4:] == (
        "政府文件: 20 rows on one page, and no pager was found",
        "and 4 more",
    )


@pytest.mark.parametrize(
    ("entry", "code", "agrees", "change"),
    [
        (site_page(code="4404000041"), "4404000041", True, ""),
        (site_page(code="4404000041"), "4404000099", False, 'site_id_code = "4404000041", not 4404000099'),
        (
            site_page(code="4407000041"),
            "",
            False,
            'site_id_code = "4407000041"; division: compare 440400 with 440700',
        ),
        (site_page("样板市人民政府", "null"), "", False, "name: compare with 示例市人民政府"),
        (site_page("中国·示例", "null"), "", True, ""),
        (page("<html><p>。</p></html>"), "4404000041", None, ""),
        (page(""), "", None, ""),
    ],
)
def test_whose_pages_they_are(entry: Page, code: str, agrees: bool | None, change: str) -> None:
    met = contact(walk(3, total=3), portal=replace(PORTAL, site_id_code=code), entry=entry)
    found = told(met).site
    assert (found.agrees, found.change) == (agrees, change)


@pytest.mark.parametrize(
    ("portal", "change"),
    [
        (replace(PORTAL, unconfirmed=True, site_id_code="4404000041"), "[portal]: drop `unconfirmed = true`"),
        (replace(PORTAL, unconfirmed=True, name="样板市人民政府"), "[portal]: keep `unconfirmed = true`"),
        (PORTAL, ""),
    ],
)
def test_the_mark_of_the_portal_as_a_whole(portal: Portal, change: str) -> None:
    found = told(contact(walk(3, total=3), portal=portal))
    assert found.change == change
    assert sum(change in line for line in found.lines() if change) == bool(change)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("<p>网站标识码：4404000041　粤ICP备</p>", ("4404000041",)),
        ("<p>网站标识码bm01000001</p>", ("bm01000001",)),
        ("<p>网站标识码：&nbsp;<a href='#'>4404000041</a></p>", ("4404000041",)),
        ('<meta name="SiteIDCode" content="4404000041"><p>网站标识码: 4404000041</p>', ("4404000041",)),
        ("<p>网站标识码：44040000411</p>", ()),
        ("<p>粤ICP备4404000041号</p>", ()),
    ],
)
def test_site_codes_of_a_page(body: str, codes: tuple[str, ...]) -> None:
    assert site_codes(page(f"<html>{body}</html>")) == codes


# --- the way through the command --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, str]:
    """A portal with its file, marked as not confirmed; with a wrong one; with a sure one. And what the command said."""
    bench = Bench(tmp_path_factory.mktemp("contact"))
    with practice.start() as running:
        sure = running["gkmlpt"].portal_file()
        marked = sure.replace("\nurl =", "\nunconfirmed = true\nurl =")
        bench.portal("right", marked)
        bench.portal("wrong", marked.replace('"gkmlpt"', '"static"'))
        bench.portal("sure", sure)
        return bench, bench.gongkai("crawl", "right", "wrong", "sure", "--limit", "3", status=1)


def test_a_crawl_tells_what_it_confirmed(crawled: tuple[Bench, str]) -> None:
    bench, shown = crawled
    assert "right: first contact: 2 of 2 unconfirmed columns confirmed" in shown
    assert "wrong: first contact: 0 of 2 unconfirmed columns confirmed" in shown
    assert "sure: first contact" not in shown
    assert '→ family = "gkmlpt": its signs are on the entry page' in shown
    files = {path.parent.name.partition("-")[0]: path for path in (bench.data / "runs").glob("*/first_contact.json")}
    assert set(files) == {"right", "wrong"}
    right = json.loads(files["right"].read_text(encoding="utf-8"))
    assert right["site"]["agrees"]
    assert right["columns"][0]["opened"]
    assert right["columns"][0]["rows"] > 20
    assert right["fill"]["title"] == 1.0


def test_the_list_of_portals_is_aligned(crawled: tuple[Bench, str]) -> None:
    bench, _ = crawled
    lines = gongkai(bench, "portals")
    assert lines[0].split() == ["key", "name", "family", "division", "last", "verdict", "home"]
    shown = {line.split()[0]: line.split()[1:-1] for line in lines[1:]}
    name = "示例市人民政府（练习）"
    assert shown["right"] == [name, "gkmlpt", "440499", "unconfirmed", "partial"]
    assert shown["wrong"] == [name, "static", "440499", "unconfirmed", "layout_changed"]
    assert shown["sure"] == [name, "gkmlpt", "440499", "partial"]
    assert shown["hechi"] == ["河池市人民政府", "static", "451200", "unconfirmed", "-"]
    assert shown["ndrc"] == ["中华人民共和国国家发展和改革委员会", "static", "-", "-"]
    ends = {len(line[: line.index("http")].encode("gb18030")) for line in lines[1:]}
    assert len(ends) == 1  # in GB 18030 a Han character takes two bytes, as it takes two cells of a terminal


def test_the_check_counts_what_is_not_confirmed(crawled: tuple[Bench, str]) -> None:
    assert re.search(
        r"\d+ portal files are in order; \d+ portals have facts", gongkai(crawled[0], "portals", "--check")[-1]
    )


def gongkai(bench: Bench, *words: str) -> list[str]:
    """A command that needs no process of its own."""
    done = CliRunner().invoke(main, ["--data", str(bench.data), "--portals", str(bench.files), *words])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()
