"""When to ask, when to ask again, when to leave a portal alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy.exceptions import DownloadFailedError
from scrapy.http import HtmlResponse, Request, Response

from archive.clock import stamp
from archive.events import Captured
from archive.ledger.questions import EndedRun
from archive.reading.refusal import Refusal, refusal
from archive.rest import FIRST, LONGEST, pause, resting
from archive.vocabulary import Role, Verdict
from crawler.answers import ALIKE, SILENT, SURELY_A_PAGE, TURNED_AWAY, Judge, page_of
from crawler.failures import Reason, named, verdict_of
from crawler.middlewares.retry import retry_after
from crawler.middlewares.robots import RobotsDenied, RobotsReason, permission
from crawler.practice import PORTALS
from crawler.practice.barriers import ANSWERS, Barrier
from crawler.practice.model import Plan, Visit

RULES = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 7\n"


def test_rules_are_read() -> None:
    found = permission(200, "text/plain", RULES)
    assert found.rules is not None
    assert not found.rules.can_fetch("http://p.example/secret/1", "Gongkai")
    assert found.rules.can_fetch("http://p.example/open", "Gongkai")
    assert found.rules.crawl_delay("Gongkai") == 7


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_robots_txt_means_no(status: int) -> None:
    assert permission(status, "text/plain", b"").refusal is RobotsReason.REFUSED


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_broken_robots_txt_means_not_this_run(status: int) -> None:
    assert permission(status, "text/plain", b"").refusal is RobotsReason.UNREACHABLE


@pytest.mark.parametrize(
    ("status", "mime", "body"),
    [
        (404, "text/html", b"<html>404</html>"),
        (410, "", b""),
        (200, "text/html;charset=utf-8", "<html>页面不存在</html>".encode()),
        (200, "text/plain", b"\n <!DOCTYPE html><html>"),
    ],
)
def test_a_page_in_its_place_counts_as_none(status: int, mime: str, body: bytes) -> None:
    found = permission(status, mime, body)
    assert found.refusal is None
    assert found.rules is None


def test_retry_after() -> None:
    now = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)
    assert retry_after(b"120", now) == 120
    assert retry_after(b"Sun, 22 Nov 2026 08:01:00 GMT", now) == 60
    assert retry_after(b"Sun, 22 Nov 2026 07:00:00 GMT", now) == 0
    assert retry_after(b"soon", now) is None
    assert retry_after(None, now) is None


# --- the judge of answers ---------------------------------------------------------------------------------------------

HOME = "http://p.example/"


@dataclass
class FakeRun:
    """As much of a run as its judge knows."""

    portal: Any = field(default_factory=lambda: SimpleNamespace(home=HOME, columns=()))
    stop: tuple[Verdict, str] | None = None

    def stop_for(self, verdict: Verdict, reason: str) -> None:
        self.stop = self.stop or (verdict, reason)


@pytest.fixture
def run() -> FakeRun:
    return FakeRun()


@pytest.fixture
def judge(run: FakeRun) -> Judge:
    return Judge(run)  # type: ignore[arg-type]


def answer(
    path: str, role: Role, body: str | bytes = b"", status: int = 200, mime: str = "text/html", **meta: Any
) -> Response:
    context = Captured(run="r", portal="p", role=role)
    url = HOME + path
    return HtmlResponse(
        url,
        status=status,
        headers={"Content-Type": mime},
        body=body if isinstance(body, bytes) else body.encode(),
        request=Request(url, meta={"context": context, **meta}),
        encoding="utf-8",
    )


NAMES = {
    Barrier.RUISHU_412: "ruishu_412",
    Barrier.RUISHU_202: "ruishu_202",
    Barrier.JIASULE_521: "jiasule_521",
    Barrier.CHUANGYU_418: "chuangyu_418",
    Barrier.WANGSU_403: "wangsu_403",
    Barrier.WZWS_403: "wzws_403",
    Barrier.REFERER_403: "referer_403",
    Barrier.FORBIDDEN_403: "forbidden_403",
    Barrier.WAF_405: "waf_405",
    Barrier.WAF_422: "waf_422",
    Barrier.WAF_468: "waf_468",
    Barrier.WAF_493: "waf_493",
    Barrier.BUSY_429: "rate_limited_429",
    Barrier.BUSY_WORDS: "rate_limited",
    Barrier.BYTES_42: "stub",
    Barrier.STUB: "stub",
    Barrier.SLIDER: "captcha",
    Barrier.CAPTCHA_IMAGE: "captcha",
    Barrier.CAPTCHA_JSON: "captcha",
    Barrier.COOKIE_SCRIPT: "cookie_script",
}
"""Barriers that end a run before its first list. The others: tests/crawl/test_refusals.py."""
ANOTHER_WAY = {Barrier.BAD_REQUEST_400, Barrier.COOKIE_GATE, Barrier.INTRANET, Barrier.SHELL, Barrier.HOME}


def test_every_barrier_is_tried() -> None:
    assert {*NAMES, *ANOTHER_WAY, Barrier.RESET} == set(Barrier)
    assert len(ANSWERS[Barrier.BYTES_42].body) == 42
    assert len(ANSWERS[Barrier.STUB].body) == 1166


@pytest.mark.parametrize("barrier", NAMES, ids=lambda barrier: barrier.name)
def test_a_barrier_before_the_entry_ends_the_run(run: FakeRun, judge: Judge, barrier: Barrier) -> None:
    shown = ANSWERS[barrier]
    response = answer("zw/", Role.ENTRY, shown.body, shown.status, shown.mime)
    for name, value in shown.headers:
        response.headers[name] = value
    assert judge.wrong(response, page_of(response)) == NAMES[barrier]
    assert run.stop == (Verdict.BLOCKED, f"{HOME}zw/ answered {shown.status} ({NAMES[barrier]}); left alone")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("$_ts=window['$_ts']", "ruishu"),
        ("请拖动滑块完成验证", "captcha"),
        ("安全验证", "captcha"),
        ("captcha", "captcha"),
        ("nwaf", "captcha"),
        ("waf-cgi", "captcha"),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_challenge_may_be_as_large_as_a_page(judge: Judge, words: str, name: str, charset: str) -> None:
    page = f"<p>{words}</p><!-- {'x' * SURELY_A_PAGE} -->".encode(charset)
    response = answer("1.html", Role.DOCUMENT, page, 200, f"text/html; charset={charset}")
    assert judge.glance(response) == name


def test_robots_txt_may_be_a_barrier(run: FakeRun, judge: Judge) -> None:
    judge.robots(answer("robots.txt", Role.ROBOTS, "404", 405))
    judge.robots(answer("robots.txt", Role.ROBOTS, "# none"))
    assert run.stop is None
    judge.robots(answer("robots.txt", Role.ROBOTS, "", 412))
    assert run.stop is not None
    assert run.stop[0] is Verdict.BLOCKED


def test_single_documents_may_be_forbidden(run: FakeRun, judge: Judge) -> None:
    page = "<p>" + "正文" * 4000
    for number in range(3 * TURNED_AWAY):
        judge.glance(answer(f"{number}.html", Role.DOCUMENT, "", 403))
        judge.glance(answer(f"good/{number}.html", Role.DOCUMENT, f"{page}{number}"))
    assert run.stop is None, "one after each that came"
    for number in range(TURNED_AWAY):
        assert run.stop is None
        assert judge.glance(answer(f"{number}.html", Role.DOCUMENT, "", 403)) == "forbidden_403"
    assert run.stop is not None
    assert run.stop[0] is Verdict.BLOCKED


@pytest.mark.parametrize("size", [100, 10_000])
def test_what_stands_in_the_place_of_robots_txt_is_no_page_of_its_own(judge: Judge, size: int) -> None:
    home = "<html><body><p>" + "示例市人民政府" * size
    judge.robots(answer("robots.txt", Role.ROBOTS, home))
    assert judge.glance(answer("t1.html", Role.DOCUMENT, home)) == "catch_all"
    entry = answer("zw/", Role.ENTRY, home)
    assert judge.wrong(entry, page_of(entry)) == "catch_all"
    assert judge.glance(answer("", Role.DOCUMENT, home)) == "", "the home page itself may be what is wanted"
    assert judge.glance(answer("t2.html", Role.DOCUMENT, home + "。")) == ""


def test_documents_that_are_all_the_same_page(run: FakeRun, judge: Judge) -> None:
    gone = "<html><p>您访问的页面不存在</p></html>"
    for number in range(2 * ALIKE):
        judge.glance(answer(f"gone/{number}.html", Role.DOCUMENT, gone))
        judge.glance(answer("same.html", Role.DOCUMENT, "<p>" + "正文" * 5000))
    for number in range(2 * ALIKE):
        judge.glance(answer(f"gone/{number}.html", Role.DOCUMENT, gone))
    assert run.stop is None, "what says that it is gone may say so often"
    for number in range(ALIKE):
        judge.glance(answer(f"{number}.html", Role.DOCUMENT, "<p>" + "首页" * 5000))
    assert run.stop is not None
    assert run.stop[0] is Verdict.LAYOUT_CHANGED
    assert "catch_all" in run.stop[1]


def test_a_host_that_falls_silent(run: FakeRun, judge: Judge) -> None:
    for number in range(3 * SILENT):
        judge.silent(f"http://files.example/{number}", "timeout")
    assert run.stop is None, "not a host that the portal lives on"
    for number in range(SILENT - 1):
        judge.silent(f"{HOME}{number}", "timeout")
    judge.glance(answer("x.html", Role.DOCUMENT, "", 404))
    for number in range(SILENT):
        assert run.stop is None
        judge.silent(f"{HOME}{number}", "timeout")
    assert run.stop is not None
    assert run.stop[0] is Verdict.UNREACHABLE


@pytest.mark.parametrize("variation", [0, 2])
@pytest.mark.parametrize("key", sorted(PORTALS))
def test_no_page_of_an_open_portal_is_taken_for_a_refusal(key: str, variation: int) -> None:
    site = PORTALS[key].build(Plan(HOME.rstrip("/"), variation=variation))
    wanted = [*sorted(site.keys)[:12], "/", *(urlsplit(url).path for _, url in site.entries)]
    for path in wanted:
        shown = site.pages[path](Visit(path=path))
        body = shown.body if isinstance(shown.body, bytes) else shown.body.encode()
        if shown.status == 200:
            assert refusal(200, (("Content-Type", shown.mime),), body) in ("", Refusal.SHELL), path


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("[('SSL routines', '', 'certificate verify failed')]", Reason.CERTIFICATE),
        ("VerificationError(errors=[DNSMismatch(mismatched_id=DNS_ID(hostname=b'p.example'))])", Reason.CERTIFICATE),
        ("[('SSL routines', '', 'unsafe legacy renegotiation disabled')]", Reason.TLS_LEGACY),
        ("[('SSL routines', '', 'bad ecpoint')]", Reason.TLS),
        ("Connection to the other side was lost in a non-clean fashion.", Reason.CONNECTION_LOST),
    ],
)
def test_what_is_wrong_with_a_connection_is_told_apart(said: str, reason: Reason) -> None:
    error = DownloadFailedError(f"[<twisted.python.failure.Failure {'OpenSSL.' * ('SSL' in said)}{said}>]")
    assert named(error)[0] == reason
    denied = RobotsDenied(RobotsReason.UNREACHABLE, "no answer")
    denied.__cause__ = error
    assert named(denied)[0] == reason, "robots.txt is only the first that cannot be asked for"
    assert verdict_of(reason) is Verdict.UNREACHABLE


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("robots_forbidden", Verdict.DISALLOWED),
        ("robots_refused", Verdict.DISALLOWED),
        ("robots_unreachable", Verdict.UNREACHABLE),
        ("restricted", Verdict.BLOCKED),
        ("404", Verdict.LAYOUT_CHANGED),
        ("soft_404", Verdict.LAYOUT_CHANGED),
        ("shell", Verdict.LAYOUT_CHANGED),
        ("503", Verdict.UNREACHABLE),
    ],
)
def test_a_closed_door_is_a_verdict(reason: str, verdict: Verdict) -> None:
    assert verdict_of(reason) is verdict


# --- resting ----------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def ended(portal: str, hours: float, verdict: Verdict, division: str = "510100") -> EndedRun:
    """A run that ended so many hours before noon."""
    return EndedRun(portal, division, verdict, stamp(NOON - timedelta(hours=hours)), f"because of {verdict}")


def test_pauses_double_up_to_a_week() -> None:
    assert [pause(times) // timedelta(hours=1) for times in range(1, 9)] == [6, 12, 24, 48, 96, 168, 168, 168]
    assert pause(10_000) == LONGEST


def test_a_blocked_portal_rests() -> None:
    rest = resting("chengdu", "510100", [ended("chengdu", 2, Verdict.BLOCKED)], NOON)
    assert rest is not None
    assert (rest.until, rest.times) == (NOON - timedelta(hours=2) + FIRST, 1)
    assert rest.line("chengdu") == "chengdu rests until 2026-11-22 16:00 UTC: it was blocked: because of blocked"
    assert resting("chengdu", "510100", [ended("chengdu", 6, Verdict.BLOCKED)], NOON) is None


def test_each_further_block_doubles_the_rest_until_a_run_is_let_in() -> None:
    runs = [ended("chengdu", hours, Verdict.BLOCKED) for hours in (40, 20, 5)]
    rest = resting("chengdu", "510100", runs, NOON)
    assert rest is not None
    assert rest.times == 3
    assert rest.until == NOON + timedelta(hours=19)
    runs.insert(2, ended("chengdu", 10, Verdict.UNREACHABLE))
    assert resting("chengdu", "510100", runs, NOON) == rest, "a silent host says nothing of its barrier"
    runs.insert(3, ended("chengdu", 8, Verdict.PARTIAL))
    rest = resting("chengdu", "510100", runs, NOON)
    assert rest is not None
    assert rest.times == 1
    assert resting("chengdu", "510100", [*runs, ended("chengdu", 1, Verdict.OK)], NOON) is None


def test_the_prefecture_rests_too() -> None:
    runs = [ended("chengdu", 2, Verdict.BLOCKED), ended("xindu", 1, Verdict.OK, "510114")]
    rest = resting("xindu", "510114", runs, NOON)
    assert rest is not None
    assert "chengdu, of the same prefecture, was blocked" in rest.line("xindu")
    assert resting("mianyang", "510700", runs, NOON) is None
    assert resting("most", "", [ended("moe", 2, Verdict.BLOCKED, "")], NOON) is None, "ministries share nothing"


def test_the_longest_rest_counts() -> None:
    runs = [
        *(ended("chengdu", hours, Verdict.BLOCKED) for hours in (30, 9)),
        ended("xindu", 1, Verdict.BLOCKED, "510114"),
    ]
    for key in ("chengdu", "xindu", "jinniu"):
        rest = resting(key, "510106", runs, NOON)
        assert rest is not None
        assert (rest.portal, rest.until) == ("xindu", NOON + timedelta(hours=5))
