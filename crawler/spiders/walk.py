"""The walk through one column's list pages: when to go on, when to stop, and what the end means. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.clock import parse_stamp
from archive.events import NextPage
from archive.ledger.presence import A_DAY
from archive.ledger.questions import ColumnMemory, News
from archive.reading.page import Page
from archive.urls import identity
from archive.vocabulary import WalkEnd
from crawler.families.base import Ask, Column, ListPage

LONGEST = 5000
"""Pages of one column. No catalogue known to us has a tenth of it; more is a pager that runs in a circle."""


STUB = 1024
"""Bytes below which a further list page that cannot be read is a stub (portal-families.md 5.4: 300 to 400 in deep TRS
lists)."""


OVERLAP = 1
"""Pages without news that are read behind the first such page, before a walk believes that it has caught up: a row that
slipped from one page to the next while the list was read, or a pinned row, must not end it."""


def may_stop_early(memory: ColumnMemory, now: datetime, audit: timedelta) -> bool:
    """Whether a walk may stop where it meets what is known: the column was read as far as it goes within the last
    ``audit``, the latest walk came to its end, and no row waits for the proof that it is gone; or a walk that was
    stopped left word where to go on."""
    if memory.front and memory.next is not None:
        return True
    if not memory.walked or not memory.unbroken or not memory.front:
        return False
    due = bool(memory.doubt) and not _within(memory.doubt, now, A_DAY)
    return not due and _within(memory.walked, now, audit)


def _within(at: str, now: datetime, span: timedelta) -> bool:
    """Whether so little time has passed since then; not if it lies ahead, for then a clock was wrong."""
    return timedelta() <= now - parse_stamp(at) < span


def is_stub(page: Page, number: int) -> bool:
    """Whether a list page that its family cannot read is one of the stubs that stand deep in some lists."""
    return number > 1 and len(page.body) < STUB


@dataclass(slots=True)
class Walk:
    """The state of one walk. Feed it pages; when ``end`` is set it is over."""

    column: Column
    number: int = 1  # of the page that is awaited, 1-based
    pages: int = 0
    declared_total: int | None = None
    declared_pages: int | None = None
    end: WalkEnd | None = None
    detail: str = ""
    guessed: bool = False  # whether the awaited page was asked for without a word of it
    seen: set[str] = field(default_factory=set)
    memory: ColumnMemory | None = None  # of a walk that may stop where it meets what is known
    new: int = 0  # rows met that the archive did not know
    quiet: int = 0  # pages in a row that held nothing new
    awaited: Ask | None = None  # the page that was asked for last
    resumed: bool = False  # whether it went on where an earlier run was stopped

    def __post_init__(self) -> None:
        self.declared_total = self.column.declared

    @property
    def listed(self) -> int:
        """Distinct rows met so far."""
        return len(self.seen)

    def feed(self, page: ListPage, news: News | None = None) -> Ask | None:
        """Take a page in. Gives the next request, or ``None`` with ``end`` set. ``news``: what the archive did not know
        of the page's rows; needed where the walk has a memory."""
        self.pages += 1
        self.guessed = page.guess
        self.declared_total = page.declared_total if page.declared_total is not None else self.declared_total
        self.declared_pages = page.declared_pages if page.declared_pages is not None else self.declared_pages
        before = len(self.seen)
        addresses = [identity(row.url) for row in page.rows]
        caught_up = self._caught_up(addresses, news)
        self.seen.update(addresses)
        nothing_new = len(self.seen) == before
        if page.next is None:
            if self.declared_pages is not None and self.number < self.declared_pages:
                self.stop(WalkEnd.PAGE_FAILED, f"page {self.number} of {self.declared_pages} leads no further")
            self.stop(WalkEnd.LAST_PAGE)
            return None
        if self.declared_pages is None and self.declared_total is not None and self._known >= self.declared_total:
            self.stop(WalkEnd.LAST_PAGE)  # the family asks on by number; all that is declared was met
            return None
        if caught_up:
            return self._resume()
        if nothing_new and self.number > 1 and not page.sparse:
            end = WalkEnd.NOTHING_NEW if self.met else WalkEnd.STUB_PAGE
            self.stop(end, f"page {self.number} has no new row")
            return None
        if self.number >= LONGEST:
            self.stop(WalkEnd.PAGE_FAILED, f"more than {LONGEST} pages: the pager runs in a circle")
            return None
        self.number += 1
        self.awaited = page.next
        return page.next

    def _resume(self) -> Ask | None:
        """What lies behind is as an earlier walk left it; if that one was stopped, this goes on at its next page."""
        page = self.memory.next if self.memory else None
        if page is None or self.resumed or page.number <= self.number:
            self.stop(WalkEnd.CAUGHT_UP)
            return None
        self.number, self.resumed, self.quiet = page.number, True, 0
        self.awaited = Ask(page.url, page.method, page.headers, page.body.encode())
        return self.awaited

    @property
    def stopped_at(self) -> NextPage | None:
        """Where another run may go on, if this walk was stopped. Not behind a page that only a browser can turn."""
        ask = self.awaited
        if self.end is not WalkEnd.STOPPED or ask is None or ask.press:
            return None
        return NextPage(self.number, ask.url, ask.method, ask.headers, ask.body.decode("utf-8", "replace"))

    def _caught_up(self, addresses: list[str], news: News | None) -> bool:
        """Whether all that lies behind this page is as an earlier walk left it.

        On the first page: its rows are the ones that stood there, in their order. Further on: all that stood on the
        first page was met again, and pages without news followed. Neither, if the portal declares more or less than the
        new rows explain: something happened elsewhere in the list."""
        memory = self.memory
        if memory is None or news is None:
            return False
        self.new += len(news.new.difference(self.seen))
        if self.resumed:
            return False
        declared, before = self.declared_total, memory.declared
        if declared is not None and before is not None and declared != before + self.new:
            return False
        if self.number == 1:
            return tuple(addresses) == memory.front and not news.new
        self.quiet = 0 if news.new or news.altered else self.quiet + 1
        return self.quiet > OVERLAP and self.seen.union(addresses).issuperset(memory.front)

    @property
    def _known(self) -> int:
        """Distinct rows met, those of the part that an earlier run read included."""
        return max(self.listed, self.memory.standing + self.new) if self.resumed and self.memory else self.listed

    @property
    def met(self) -> bool:
        """Whether all that the portal declares, rows and pages, was met; true where it declares nothing."""
        rows = self.declared_total is None or self._known >= self.declared_total
        return rows and (self.declared_pages is None or self.number >= self.declared_pages)

    def missing(self, detail: str) -> None:
        """The awaited page does not exist (404, 410, soft 404). Harmless only if no row can be on it."""
        everything = self.declared_total is not None and 0 < self.declared_total <= self._known
        unheard_of = self.guessed and self.declared_total is None and self.pages >= (self.declared_pages or 0)
        self.stop(WalkEnd.LAST_PAGE if everything or unheard_of else WalkEnd.PAGE_MISSING, detail)

    def failed(self, detail: str) -> None:
        """The awaited page could not be fetched, or is no list."""
        self.stop(WalkEnd.PAGE_FAILED, detail)

    def stop(self, end: WalkEnd, detail: str = "") -> None:
        """End it; the first end counts."""
        if self.end is None:
            self.end, self.detail = WalkEnd.RESUMED if self.resumed and end.complete else end, detail
