"""A portal that turns us away: the run says which way, keeps the page, makes no document of it, and lets it rest."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from crawler import practice
from crawler.answers import ALIKE
from crawler.practice import Barrier, Faults, Robots, RunningPortal, Trouble
from tests.crawl.harness import Bench

KEY = "trs"
COLUMN = "政府文件"
BEFORE = 10
"""Requests that a portal answers before its barrier: robots.txt, the lists of one column, some documents."""

AMID = {  # one of each kind, in the midst of a run: verdict, and the name in its reason; 瑞数: test_bad_input.py
    Barrier.WANGSU_403: ("blocked", "wangsu_403"),
    Barrier.BAD_REQUEST_400: ("blocked", "bad_request_400"),
    Barrier.BYTES_42: ("blocked", "stub"),
    Barrier.CAPTCHA_JSON: ("blocked", "captcha"),
    Barrier.COOKIE_GATE: ("blocked", "cookie_gate"),
    Barrier.INTRANET: ("partial", "restricted"),  # some pages of an open portal are
    Barrier.SHELL: ("layout_changed", "catch_all"),
    Barrier.HOME: ("layout_changed", "catch_all"),
    Barrier.RESET: ("unreachable", "connection_lost"),
}
NO_PAGE = {Barrier.COOKIE_GATE, Barrier.HOME, Barrier.RESET}
"""Barriers whose answers have no name of their own: a redirect, an ordinary page, none."""

AT_ONCE = {  # before everything; the others of the kind: tests/unit/test_policy.py
    Barrier.FORBIDDEN_403: ("disallowed", "robots_refused"),
    Barrier.INTRANET: ("blocked", "restricted"),
    Barrier.SHELL: ("layout_changed", "shell"),
    Barrier.HOME: ("layout_changed", "catch_all"),
}


@dataclass(frozen=True)
class Refused:
    bench: Bench
    asked: Mapping[Barrier, int]  # requests that came to each portal
    documents: Mapping[Barrier, int]  # that it gave before its barrier


def crawl(bench: Bench, barriers: Iterable[Barrier], before: int) -> Refused:
    """Each barrier, one portal after the other in one command, each in a prefecture of its own."""
    with ExitStack() as held:
        portals = {
            barrier: held.enter_context(
                practice.start([KEY], faults={KEY: Faults(barrier=barrier, barrier_after=before)})
            )[KEY]
            for barrier in barriers
        }
        for number, (barrier, portal) in enumerate(portals.items(), 1):
            # At 0 Scrapy asks several at once; otherwise it waits for seconds before it tries again.
            delay = 0 if barrier is Barrier.RESET else 0.001
            bench.portal(key(barrier), portal_file(portal, f"44{number:02}00", delay=delay))
        bench.gongkai("crawl", *map(key, portals), status=1)
        return Refused(
            bench,
            {barrier: len(portal.requests) for barrier, portal in portals.items()},
            {
                barrier: sum(request.path in portal.site.keys for request in portal.requests[:before])
                for barrier, portal in portals.items()
            },
        )


def key(barrier: Barrier) -> str:
    return barrier.name.lower().replace("_", "-")


def portal_file(portal: RunningPortal, division: str, *, delay: float = 0) -> str:
    changed = {"division": f'division = "{division}"', "delay": f"delay = {delay}\ntimeout = 2"}
    lines = portal.portal_file(COLUMN).splitlines()
    return "\n".join(changed.get(line.partition(" ")[0], line) for line in lines)


@pytest.fixture(scope="module")
def amid(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    return crawl(Bench(tmp_path_factory.mktemp("amid")), AMID, BEFORE)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    return crawl(Bench(tmp_path_factory.mktemp("at-once")), AT_ONCE, 0)


def issues(bench: Bench, portal: str) -> str:
    (run,) = bench.query("SELECT id FROM runs WHERE portal = ?", portal)[0]
    return (bench.data / "runs" / str(run) / "issues.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("barrier", AMID, ids=lambda barrier: barrier.name)
def test_a_refusal_gets_its_name_and_ends_the_run(amid: Refused, barrier: Barrier) -> None:
    verdict, name = AMID[barrier]
    found, reason = amid.bench.query("SELECT verdict, reason FROM runs WHERE portal = ?", key(barrier))[0]
    assert (found, name in str(reason)) == (verdict, True), reason
    assert name in issues(amid.bench, key(barrier))
    if verdict != "partial":
        few = 70 if barrier is Barrier.RESET else 7  # connections that are reset are tried again
        assert amid.asked[barrier] <= BEFORE + few, "then it is left alone"
        assert amid.bench.value("SELECT count(*) FROM entries WHERE portal = ? AND state = 'listed'", key(barrier))


@pytest.mark.parametrize("barrier", AMID, ids=lambda barrier: barrier.name)
def test_no_document_comes_of_a_refusal(amid: Refused, barrier: Barrier) -> None:
    held = amid.bench.value("SELECT count(*) FROM documents WHERE portal = ?", key(barrier))
    # Only after some documents that are the same page is it clear that the host has one page for any path.
    taken_in = range(ALIKE, ALIKE + 3) if barrier is Barrier.HOME else (0,)
    assert held in [amid.documents[barrier] + count for count in taken_in]
    assert amid.documents[barrier] >= 3


@pytest.mark.parametrize("barrier", [b for b in AMID if b not in NO_PAGE], ids=lambda barrier: barrier.name)
def test_the_page_is_archived_under_its_name(amid: Refused, barrier: Barrier) -> None:
    name = "shell" if barrier is Barrier.SHELL else AMID[barrier][1]
    kept = "SELECT count(*) FROM captures WHERE portal = ? AND refusal = ? AND warc_length > 0"
    assert amid.bench.value(kept, key(barrier), name)
    failed = "SELECT count(*) FROM entries WHERE portal = ? AND state = 'failed' AND state_reason = ?"
    assert amid.bench.value(failed, key(barrier), name)


@pytest.mark.parametrize("barrier", AT_ONCE, ids=lambda barrier: barrier.name)
def test_a_portal_that_never_opens(at_once: Refused, barrier: Barrier) -> None:
    verdict, name = AT_ONCE[barrier]
    found, reason = at_once.bench.query("SELECT verdict, reason FROM runs WHERE portal = ?", key(barrier))[0]
    assert (found, name in str(reason)) == (verdict, True), reason
    assert at_once.asked[barrier] <= 2, "robots.txt, and the entry page"
    assert at_once.bench.value("SELECT count(*) FROM documents WHERE portal = ?", key(barrier)) == 0


def test_the_archive_is_whole(amid: Refused) -> None:
    assert "all in order" in amid.bench.gongkai("verify")


# --- what is no barrier to an honest client --------------------------------------------------------------------------


@contextmanager
def served(bench: Bench, faults: Faults) -> Iterator[RunningPortal]:
    with practice.start([KEY], faults={KEY: faults}) as portals:
        bench.portal(KEY, portal_file(portals[KEY], "440499"))
        yield portals[KEY]


def test_gates_that_open(bench: Bench) -> None:
    """A plain cookie, an honest Referer, a name of one's own, a second try: nothing is pretended."""
    gates = Faults(cookie_gate=True, referer_gate=True, resets_python=True, reset_once=True)
    with served(bench, gates) as portal:
        bench.gongkai("crawl", KEY, status=0)
        wanted = [document for document in portal.truth.documents if COLUMN in document.columns]
    assert bench.value("SELECT count(*) FROM documents") == len(wanted)
    assert bench.value("SELECT count(*) FROM attachments WHERE state = 'done'") == sum(
        len(document.attachments) for document in wanted
    )
    assert bench.value("SELECT count(*) FROM captures WHERE status = 302") == 1, "one cookie, for the whole run"
    assert {request.header("Cookie") for request in portal.requests[2:]} == {"CT6T=practice"}


def test_a_home_page_is_no_document(bench: Bench) -> None:
    """It is what stands in the place of robots.txt, or what the portal redirects to: no further request is needed."""
    troubles = {Trouble.HOME: "catch_all", Trouble.TO_HOME: "redirect_home"}
    with served(bench, Faults()) as portal:
        gone = [document for document in portal.truth.documents if COLUMN in document.columns][:2]
        named = {document.document.key: trouble for document, trouble in zip(gone, troubles, strict=True)}
        portal.faults = Faults(robots=Robots.HOME, troubles=named)
        bench.gongkai("crawl", KEY, status=1)
    for document, reason in zip(gone, troubles.values(), strict=True):
        found = bench.query("SELECT state, state_reason FROM entries WHERE url = ?", document.url)
        assert found == [("failed", reason)]
        assert not bench.query("SELECT 1 FROM documents WHERE url = ?", document.url)
    before = bench.tables()
    bench.gongkai("rebuild")
    assert bench.tables() == before


# --- resting ---------------------------------------------------------------------------------------------------------


def test_a_portal_that_blocks_rests_and_its_prefecture_with_it(bench: Bench) -> None:
    with served(bench, Faults(barrier=Barrier.RUISHU_412)) as portal:
        bench.portal("mate", portal_file(portal, "440403"))
        bench.portal("stranger", portal_file(portal, "440500"))
        first = bench.gongkai("crawl", KEY, "mate", status=1)
        assert len(portal.requests) == 1, "robots.txt of the first: the second is not asked any more"
        assert "mate rests until" in first
        shown = bench.gongkai("crawl", KEY, status=1).strip()
        assert len(shown.splitlines()) == 1
        for word in (f"{KEY} rests until", "UTC", "blocked", "ruishu_412", "--anyway"):
            assert word in shown
        assert len(portal.requests) == 1
        assert bench.value("SELECT count(*) FROM runs") == 1, "and no run was begun"
        assert len(list((bench.data / "runs").iterdir())) == 1
        listed = {line.split()[0]: line for line in bench.gongkai("portals").splitlines()}
        assert ["until" in listed[name] for name in (KEY, "mate", "stranger")] == [True, True, False]
        bench.gongkai("crawl", KEY, "--anyway", status=1)
        assert bench.value("SELECT count(*) FROM runs WHERE verdict = 'blocked'") == 2
        assert "blocked 2 times in a row" in bench.gongkai("crawl", KEY, "stranger", status=1)
        assert len(portal.requests) == 3, "one of the stranger"
