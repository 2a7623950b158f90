"""What a run asks for once the lists are read: rows without their document, documents due for another look, files.

The ledger says what is wanted, a small batch at a time: rows of this run, rows that an earlier run failed at, documents
whose time has come, files that a document turned out to have. So a resume after a crash is not a special case, and
memory does not grow with a portal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urldefrag

from w3lib.url import safe_url_string

from archive import clock
from archive.events import Captured
from archive.ledger import questions
from archive.vocabulary import Mode, Role
from crawler.browser import is_rendered
from crawler.run import Run

BATCH = 64
"""Rows asked from the ledger at a time: enough to keep any polite portal busy, few enough to hold."""

RECHECKS = 1000
"""Documents that a run asks for again, the most overdue first: at three seconds each less than an hour."""


CONFIRMATIONS = 50
"""Documents that a run looks at twice because they seem to have changed. A site that was redesigned changes all of them
at once; then a sample shows what of it is restless."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request to be made: its address, why, and what stands in its head."""

    url: str
    context: Captured
    headers: dict[str, str]


@dataclass(slots=True)
class Backlog:
    """Hands out each thing once in a run. ``list_of(column)``: the page that names a column's documents, or ""."""

    run: Run
    list_of: Callable[[str], str]
    _entries: questions.Cursor = field(default_factory=questions.Cursor)
    _files: questions.Cursor = field(default_factory=questions.Cursor)
    _documents: int = 0
    _rechecked: set[str] = field(default_factory=set)
    _confirmed: set[str] = field(default_factory=set)

    def documents(self) -> Iterator[Wanted]:
        """The next rows that wait for their document."""
        run, order = self.run, self.run.order
        batch = BATCH if order.limit is None else min(BATCH, order.limit - self._documents)
        if batch < 1:
            return
        for entry in questions.waiting_entries(
            run.ledger,
            run.portal.key,
            self._entries,
            batch,
            again=order.full,
            seen_since="" if order.mode is Mode.NORMAL else run.started_at,
            dated_since=order.since,
            due=clock.stamp(clock.now()) if order.night else "",
        ):
            self._documents += 1
            rendered = is_rendered(run.portal, entry.column, Role.DOCUMENT)
            context = run.context(
                Role.DOCUMENT, column=entry.column, entry_url=entry.url, row=entry.row, rendered=rendered
            )
            yield Wanted(entry.url, context, referer(self.list_of(entry.column), entry.url))

    def rechecks(self) -> Iterator[Wanted]:
        """The next documents that are due for another look; none in a run that was asked for a part."""
        run = self.run
        batch = min(BATCH, RECHECKS - len(self._rechecked))
        if run.order.mode not in (Mode.NORMAL, Mode.FULL) or batch < 1:
            return
        now = clock.stamp(clock.now())
        for due in questions.due_documents(run.ledger, run.portal.key, now, self._rechecked, batch):
            self._rechecked.add(due.id)
            yield self._again(due)

    def confirmations(self) -> Iterator[Wanted]:
        """The next documents that seem to have changed: a second look tells a change from a page that is never the
        same (:mod:`archive.ledger.volatile`)."""
        run, batch = self.run, CONFIRMATIONS - len(self._confirmed)
        if batch < 1:
            return
        for seen in questions.unconfirmed(run.ledger, run.portal.key, run.id, self._confirmed, batch):
            self._confirmed.add(seen.id)
            yield self._again(seen)

    def _again(self, due: questions.DueDocument) -> Wanted:
        run = self.run
        rendered = is_rendered(run.portal, due.column, Role.DOCUMENT)
        context = run.context(Role.DOCUMENT, column=due.column, entry_url=due.url, row=due.row, rendered=rendered)
        headers = referer(self.list_of(due.column), due.url)
        if not rendered:
            conditions = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
            headers |= {name: value for name, value in conditions.items() if value}
        return Wanted(due.url, context, headers)

    def files(self) -> Iterator[Wanted]:
        """The next attachments that are not held."""
        run = self.run
        for file in questions.waiting_files(run.ledger, run.portal.key, self._files, BATCH):
            context = run.context(
                Role.ATTACHMENT, entry_url=file.url, document_url=file.document_url, filename=file.filename
            )
            yield Wanted(file.url, context, referer(file.document_url, file.url))


def referer(page: str, url: str) -> dict[str, str]:
    """The header that names the page whose link is followed, as a browser would send it: some portals give files to
    nobody else (portal-families.md 9.1). Not from https to http."""
    if not page or (page.startswith("https:") and url.startswith("http:")):
        return {}
    return {"Referer": _as_sent(page)}


@lru_cache(maxsize=64)  # one list names many documents
def _as_sent(page: str) -> str:
    return safe_url_string(urldefrag(page).url)
