"""``gongkai probe`` as a user calls it: what it names, what it tells, what it writes, and what it leaves alone."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from scrapy import Request

from archive import health
from archive.urls import document_id
from archive.vocabulary import Mode, Verdict
from crawler import practice
from crawler.cli import main
from crawler.order import Order
from crawler.practice import PORTALS, Barrier, Faults, Robots, RunningPortal
from crawler.spiders.probe import BUDGET, OutOfBudget, ProbeSpider
from tests.crawl.harness import Bench

NOTHING_THERE = "http://127.0.0.1:9/zwgk/"


def told(shown: str) -> dict[str, str]:
    """What was told of each address: the part of the report that begins with it."""
    parts = re.split(r"(?m)^(?=http)", shown)
    return {part.split("\n", 1)[0]: part for part in parts if part.startswith("http")}


def said(part: str, name: str) -> str:
    """What stands behind a name in a part of the report."""
    found = re.search(rf"(?m)^  {name} +(.*)$", part)
    assert found is not None, (name, part)
    return found[1]


def look(bench: Bench, *words: str) -> str:
    """What a command shows that only looks; it takes no process of its own."""
    done = CliRunner().invoke(main, ["--data", str(bench.data), "--portals", str(bench.files), *words])
    assert done.exit_code == 0, done.output
    return done.output


def ends(portal: RunningPortal) -> tuple[tuple[str, str], tuple[str, str]]:
    """Family and address of a portal's first and last entry."""
    return portal.site.entries[0], portal.site.entries[-1]


# --- all practice portals ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, str, dict[str, RunningPortal]]:
    """The first and the last entry of every practice portal, probed by one command."""
    bench = Bench(tmp_path_factory.mktemp("probed"))
    with practice.start() as running:
        urls = [url for portal in running.values() for _, url in ends(portal)]
        return bench, bench.gongkai("probe", "--key", "everything", *urls), running


def test_every_entry_is_named(everything: tuple[Bench, str, dict[str, RunningPortal]]) -> None:
    _, shown, running = everything
    parts = told(shown)
    for portal in running.values():
        for family, url in ends(portal):
            assert said(parts[url], "family") == family, parts[url]
            assert said(parts[url], "blocked") == "nothing"
    assert len(parts) == 2 * len(PORTALS)


def test_few_requests_and_robots_txt_first(everything: tuple[Bench, str, dict[str, RunningPortal]]) -> None:
    bench, shown, running = everything
    for portal in running.values():
        assert portal.requests[0].path == "/robots.txt"
        assert [request.path for request in portal.requests].count("/robots.txt") == 1
        assert len(portal.requests) <= 2 * 5 + 1 < 2 * BUDGET, "in fact far fewer than may be"
    sent = sum(len(portal.requests) for portal in running.values())
    assert f"{sent} requests, recorded in" in shown
    assert bench.value("SELECT requests FROM runs") == bench.value("SELECT count(*) FROM captures") == sent


def test_a_probe_lists_nothing_and_misses_nothing(everything: tuple[Bench, str, dict[str, RunningPortal]]) -> None:
    bench, shown, _ = everything
    run = "SELECT mode, verdict, declared, listed, fetched, new, changed, withdrawn, failed FROM runs"
    mode, verdict, *counts = bench.query(run)[0]
    assert (mode, verdict) == ("probe", "ok")
    assert not any(counts)
    for table in ("columns", "entries", "documents", "versions", "changes", "attachments"):
        assert bench.value(f"SELECT count(*) FROM {table}") == 0
    assert "everything (probe)" in look(bench, "runs")
    assert shown.splitlines()[-1].startswith("everything: ok: probe: gkmlpt, static, ")


def test_what_was_sent_is_in_the_archive(everything: tuple[Bench, str, dict[str, RunningPortal]]) -> None:
    bench, shown, _ = everything
    [file] = re.findall(r"recorded in (\S+\.warc\.gz)", shown)
    assert Path(file).is_file()
    assert "all in order" in look(bench, "verify")
    before = bench.tables()
    look(bench, "rebuild")
    assert bench.tables() == before


def test_the_report_says_what_was_seen(everything: tuple[Bench, str, dict[str, RunningPortal]]) -> None:
    _, shown, running = everything
    trs = running["trs"]
    part = told(shown)[trs.site.entries[0][1]]
    assert said(part, "site") == "样板市人民政府, 网站标识码 4504990001"
    assert said(part, "robots") == "no rules (answered 404)"
    assert said(part, "rows") == "10 on page 1, 10 further ones on page 2; declared: — entries, 3 pages"
    assert said(part, "attachments") == f"1 on {trs.url.split('/')[2]}"
    assert re.search(r"weight +seen on +sign\n +2 +entry +10 rows of documents", part)
    assert re.search(r"\* +zwgk/zfwj +政府文件 +—", part)
    assert re.search(r"发文字号 +doc_number +荆政办文〔2020〕6号", part)
    assert re.search(r"签发人 +signer +—", part)
    lines = [line for line in part.splitlines() if re.search(r" 20\d\d-\d\d-\d\d ", line) and "http" in line]
    columns = {len(line[: line.index("http")].encode("gb18030")) for line in lines}  # a Han character is two wide
    assert len(lines) == 5
    assert len(columns) == 1, "titles of different length, addresses in one column"


# --- the portal file --------------------------------------------------------------------------------------------------


def test_a_saved_portal_can_be_crawled_at_once_and_probed_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with practice.start(["lonsun"]) as running:
        portal = running["lonsun"]
        urls = [url for _, url in portal.site.entries]
        shown = bench.gongkai("probe", *urls, "--save", "--key", "mine")
        assert f"{bench.files / 'mine.toml'}: written" in shown
        content = tomllib.loads((bench.files / "mine.toml").read_text(encoding="utf-8"))
        assert content["portal"]["division"] == "340999"
        assert [column["url"] for column in content["column"]] == urls
        assert "mine.toml" not in look(bench, "portals", "--check"), "no fault, no warning"
        assert "mine: partial: " in bench.gongkai("crawl", "mine", status=1), "as this portal means it to be"
    held = {row[0] for row in bench.query("SELECT id FROM documents")}
    assert held == {document_id("mine", truth.url) for truth in portal.truth.documents}
    catalogue = ("portals", "columns", "entries", "documents", "versions", "changes")
    before = {table: rows for table, rows in bench.tables().items() if table in catalogue}
    bench.gongkai("probe", urls[0], "--key", "mine", status=1)  # the portal is gone by now
    assert {table: rows for table, rows in bench.tables().items() if table in catalogue} == before
    assert bench.value("SELECT verdict FROM runs ORDER BY started_at DESC") == "unreachable"
    [line] = [line for line in look(bench, "portals").splitlines() if line.startswith("mine ")]
    assert "partial" in line, "a probe's verdict is not the portal's"


# --- what is not to be named ------------------------------------------------------------------------------------------


def test_what_blocks_is_named_address_by_address(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    faults = {
        "trs": Faults(robots=Robots.DISALLOW),
        "ucap": Faults(robots=Robots.FORBIDDEN),
        "hanweb": Faults(barrier=Barrier.SHELL),
        "vsb": Faults(robots=Robots.ALLOW),
    }
    with practice.start([*faults, "javascript"], faults=faults) as running:
        urls = {key: portal.site.entries[0][1] for key, portal in running.items()}
        urls |= {"none": NOTHING_THERE, "home": running["vsb"].url, "gone": f"{running['vsb'].url}gone/"}
        shown = bench.gongkai("probe", *urls.values(), "--save", "--key", "several", status=None)
        parts = {key: told(shown)[url] for key, url in urls.items()}
    assert {key: said(part, "family") for key, part in parts.items() if key != "vsb"} == dict.fromkeys(
        ("trs", "ucap", "hanweb", "javascript", "none", "home", "gone"), "unknown"
    )
    blocked = {key: said(part, "blocked").split()[0].rstrip(";") for key, part in parts.items()}
    assert blocked == {
        "trs": "robots_forbidden",
        "ucap": "robots_refused",
        "hanweb": "catch_all",
        "vsb": "nothing",
        "javascript": "nothing",
        "none": "refused",
        "home": "nothing",
        "gone": "404",
    }
    assert said(parts["trs"], "robots") == "forbids this address"
    assert said(parts["vsb"], "robots") == "allows this address"
    assert "browser = true" in said(parts["javascript"], "browser")
    for key in ("home", "gone"):
        assert "/zfxxgk/zfwj.htm" in said(parts[key], "to probe")
    assert [len(running[key].requests) for key in ("trs", "ucap")] == [1, 1], "a no is a no"
    assert bench.value("SELECT verdict FROM runs") == "disallowed"
    saved = (bench.files / "several.toml").read_text(encoding="utf-8")
    assert len(tomllib.loads(saved)["column"]) == 1
    assert saved.count("no family could be named") == 7


def test_a_portal_that_turns_us_away_is_left_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    faults = Faults(barrier=Barrier.RUISHU_412, barrier_after=2)
    with practice.start(["trs"], faults={"trs": faults}) as running:
        first, second = (url for _, url in running["trs"].site.entries[:2])
        shown = bench.gongkai("probe", first, second, "--key", "turned", status=1)
        assert len(running["trs"].requests) == 3, "nothing more behind the barrier, nor of the second address"
        assert said(told(shown)[first], "blocked").startswith("ruishu_412")
        assert "left alone" in said(told(shown)[second], "blocked")
        assert shown.splitlines()[-1].startswith("turned: blocked: ")
        again = bench.gongkai("probe", first, "--key", "turned", status=1)
        assert len(again.splitlines()) == 1
        assert "rests until" in again
        assert len(running["trs"].requests) == 3


def test_a_probe_cannot_be_partial() -> None:
    """Whatever an earlier run left undone: a probe was not asked for it."""
    assert Order("p", probe=True).mode is Mode.PROBE
    verdict, _ = health.judge(
        (),
        closed_doors=("a door",),
        files_failed=3,
        fill={},
        mode=Mode.PROBE,
        stop=None,
        entries_min=10,
        fill_min={"title": 1.0},
    )
    assert verdict is Verdict.OK


# --- wrong usage ------------------------------------------------------------------------------------------------------


def refused(*words: str) -> str:
    """The one line in which the command refuses, before anything is asked for."""
    done = CliRunner().invoke(main, ["--data", "nowhere", *words])
    assert done.exit_code == 2, done.output
    [line] = done.output.splitlines()
    assert line.startswith("gongkai: ")
    return line


def test_wrong_usage_is_one_line(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("", encoding="utf-8")
    folder = ("--portals", str(tmp_path), "probe")
    assert "is no address" in refused("probe", "www.zhuhai.gov.cn/gkmlpt/index")
    assert "only http and https" in refused("probe", NOTHING_THERE, "ftp://www.zhuhai.gov.cn/")
    assert "cannot be a portal's key" in refused("probe", NOTHING_THERE, "--key", "珠海")
    assert "mine.toml: exists already" in refused(*folder, NOTHING_THERE, "--save", "--key", "mine")
    assert "is the built-in portal zhuhai" in refused(*folder, "http://www.zhuhai.gov.cn/gkmlpt/index", "--save")
    assert mine.read_text(encoding="utf-8") == ""
    assert not Path("nowhere").exists()


def test_there_is_no_thirteenth_request() -> None:
    spider = ProbeSpider((NOTHING_THERE,))
    with pytest.raises(OutOfBudget):
        spider.spend(Request(NOTHING_THERE))
    assert spider.sent == []
