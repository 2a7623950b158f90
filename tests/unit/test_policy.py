"""robots.txt in the strict reading, and patience."""

from datetime import UTC, datetime

import pytest

from crawler.middlewares.retry import retry_after
from crawler.middlewares.robots import RobotsReason, permission

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
