"""robots.txt in the strict reading (domain.md section 5): rules are obeyed, a refused file means no.

404, 410 and an HTML page in its place mean that there are no rules; 401 and 403 that permission is not established;
5xx and time-outs that it cannot be known in this run.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.vocabulary import Role
from crawler.answers import judge_of
from crawler.middlewares.gate import RunStopped
from crawler.run import run_of


class RobotsReason(StrEnum):
    """Why robots.txt keeps us out; also the reason written into the database."""

    FORBIDDEN = "robots_forbidden"  # a rule says no
    REFUSED = "robots_refused"  # robots.txt itself answered 401 or 403
    UNREACHABLE = "robots_unreachable"  # no answer, or 5xx: not this run


class RobotsDenied(IgnoreRequest):
    """Raised from :class:`RobotsMiddleware`."""

    def __init__(self, reason: RobotsReason, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Permission:
    """What a host's robots.txt lets us do."""

    rules: Protego | None = None  # None: no rules
    refusal: RobotsReason | None = None
    detail: str = ""
    error: Exception | None = None  # why there was no answer


def permission(status: int, mime: str, body: bytes) -> Permission:
    """Read an answer to robots.txt. Pure."""
    if status in (401, 403):
        return Permission(refusal=RobotsReason.REFUSED, detail=f"answered {status}")
    if status >= 500 or status == 429:
        return Permission(refusal=RobotsReason.UNREACHABLE, detail=f"answered {status}")
    if status != 200 or "html" in mime or body.lstrip()[:1] == b"<":
        return Permission()
    return Permission(rules=Protego.parse(body.decode("utf-8", "replace")))


class RobotsMiddleware:
    """Asks each origin's robots.txt once a run; the answer is recorded like any other."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = crawler.settings["USER_AGENT"]
        self._asked: dict[str, asyncio.Task[Permission]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots_exempt"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._ask(origin))
        found = await self._asked[origin]
        if (stop := run_of(self._crawler).stop) is not None:  # robots.txt itself may be a barrier
            raise RunStopped(stop.reason)
        if found.refusal is not None:
            raise RobotsDenied(found.refusal, found.detail) from found.error
        if found.rules is not None and not found.rules.can_fetch(request.url, self._agent):
            raise RobotsDenied(RobotsReason.FORBIDDEN)
        self._slow_down(request, found)

    async def _ask(self, origin: str) -> Permission:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            meta={"robots_exempt": True, "context": run_of(self._crawler).context(Role.ROBOTS), "max_retry_times": 1},
        )
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever kept the file from us, it is not known what it allows
            return Permission(refusal=RobotsReason.UNREACHABLE, detail=str(error).partition("\n")[0], error=error)
        judge_of(self._crawler).robots(response)
        mime = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        return permission(response.status, mime, response.body)

    def _slow_down(self, request: Request, found: Permission) -> None:
        """A ``Crawl-delay`` longer than ours is kept."""
        wanted = found.rules.crawl_delay(self._agent) if found.rules is not None else None
        if not wanted:
            return
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        if key in downloader.slots:
            slot = downloader.slots[key]
            slot.delay = max(slot.delay, float(wanted))
