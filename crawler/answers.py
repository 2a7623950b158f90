"""What an answer is to a run: the page that was asked for, something else, or a portal that turns us away."""

from scrapy.http import Response

from archive.reading.page import Page
from archive.reading.refusal import Refusal, is_barrier, refusal
from archive.vocabulary import Role, Verdict
from crawler.run import Run

SURELY_A_PAGE = 8_000
"""Bytes above which an answer with status 200 is a page, or a challenge of 瑞数, which its script gives away."""

ONE_MAY_BE = frozenset({Refusal.FORBIDDEN_403, Refusal.WAF_405, Refusal.STUB})
TURNED_AWAY = 3
"""A single document may be forbidden, or be a stub, on a portal that is otherwise open; so many in a row are a barrier.
A challenge, or any barrier before a list, is one at once."""


class Judge:
    """Looks at the answers of one run, and stops it before a barrier."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turned_away = 0  # answers in a row that were barriers

    def wrong(self, response: Response, page: Page) -> str:
        """Why an answer is not the page that was asked for, or ""; a barrier also ends the run."""
        if refused := response.meta.get("redirect_refused"):
            return str(refused)
        named = refusal(page.status, page.headers, page.body)
        if not is_barrier(named):
            self._turned_away = 0
            return named if response.status == 200 else str(response.status)
        self._turned_away += 1
        single = response.meta["context"].role in (Role.DOCUMENT, Role.ATTACHMENT) and named in ONE_MAY_BE
        if not single or self._turned_away >= TURNED_AWAY:
            self._run.stop_for(Verdict.BLOCKED, f"{response.url} answered {response.status} ({named}); left alone")
        return named

    def glance(self, response: Response) -> None:
        """:meth:`wrong` for a document or a file, whose meaning is read elsewhere: only what may be a barrier is
        looked at here."""
        if response.status != 200 or len(response.body) < SURELY_A_PAGE or b"$_ts" in response.body:
            self.wrong(response, page_of(response))


def page_of(response: Response) -> Page:
    """A Scrapy response as the pure functions of families and readers take it."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(response.url, response.status, headers, response.body)
