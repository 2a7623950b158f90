"""One run of one portal: its lock, its log, its place in the ledger, its verdict.

Runs of one process that write the same archive sit at one desk (:mod:`archive.intake.desk`): its readers and its scribe
are shared, everything else is a run's own, so that what happens to one run is no other's business.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from traceback import format_exception
from typing import Any

from scrapy.crawler import Crawler

from archive import clock, health
from archive.errors import GongkaiError, RestingError, StorageError
from archive.events import Captured, CatalogueRow, Event, RunEnded, RunStarted
from archive.intake.bookkeeper import Bookkeeper
from archive.intake.catchup import catch_up, close_interrupted, mend_lapses, mend_leftovers
from archive.intake.desk import Desk, desk_at
from archive.ledger import questions
from archive.ledger.past import past
from archive.ledger.schema import open_ledger
from archive.ledger.stats import run_stats
from archive.ledger.tallies import fill_at
from archive.place import Place, explain, write_json, write_text
from archive.rest import resting
from archive.vocabulary import Role, Verdict
from archive.warc.exchange import Exchange, Rendering
from archive.warc.records import Original
from archive.warc.write import MEMORY, WarcWriter
from crawler import first_contact
from crawler.first_contact import Contact, FirstContact
from crawler.order import Order
from crawler.portal import Portal, origins, reach
from crawler.portal_rules import is_loopback
from crawler.scope import Judgement, Scope

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ends before its work does."""

    verdict: Verdict
    reason: str


class Run:
    """From the lock to the verdict. Used in the reactor's thread; what blocks is done in a thread of its own."""

    def __init__(
        self,
        portal: Portal,
        order: Order,
        place: Place,
        *,
        software: str,
        contact: str = "",
        settings: Mapping[str, object] | None = None,
    ) -> None:
        """``settings``: those of Scrapy that shall stand in the log."""
        self.portal, self.order, self.place = portal, order, place
        self.scope = Scope(origins(portal))
        self.reach = Scope(reach(portal))
        self.met = Contact(portal)
        self.first_contact: FirstContact | None = None  # once the run is over, if the portal file asks for it
        self.stop: Stop | None = None
        self.id = ""
        self.verdict: Verdict | None = None
        self.reason = ""
        self.requests = 0
        self.bytes = 0
        self._software, self._contact, self._settings = software, contact, dict(settings or {})
        self._held = ExitStack()
        self._opening: asyncio.Future[None] | None = None
        self._closing: asyncio.Future[None] | None = None
        self._started_at = ""
        self._events = 0
        self._is_first = False  # whether the archive has nothing of this portal but what this run records

    # --- beginning ----------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Lock, mend what a crash left, bring the ledger level, write the start of the run.

        Raises ``LockedError``, ``RestingError``, ``StorageError``, ``WarcError``."""
        self._opening = asyncio.ensure_future(self._open())
        await asyncio.shield(self._opening)  # a signal may end the waiting, not the opening: close() needs it whole

    async def _open(self) -> None:
        self._desk = self._held.enter_context(desk_at(self.place))
        try:
            await self._at_desk(self._begin, self._desk)
        except BaseException as error:
            await asyncio.to_thread(self._held.close)
            if isinstance(error, Exception) and not isinstance(error, GongkaiError):
                raise StorageError(f"{self.portal.key}: its run could not be opened: {self._crash(error)}") from error
            raise

    def _begin(self, desk: Desk) -> None:
        portal = self.portal
        self.place.prepare()
        self._held.enter_context(self.place.lock(portal.key))
        begun = clock.now()
        if not self.order.anyway:
            self._refuse_if_resting(begun)
        self.id = f"{portal.key}-{clock.file_stamp(begun)}-{secrets.token_hex(2)}"
        self.place.run_folder(self.id)
        write_text(self.folder / "portal.toml", portal.text)
        write_json(self.folder / "settings.json", self._settings)
        workers, scribe = desk.workers, desk.scribe
        if not portal.fetch.verify:
            self.issue("warning", "verify = false: the certificates of this portal's hosts are not looked at")
        if not self._contact and not all(is_loopback(host) for _, host in origins(portal)):
            self.issue("warning", "GONGKAI_CONTACT is not set: the portal's operator has no way to reach you")
        for note in mend_leftovers(self.place, portal.key, scribe):
            self.issue("warning", note)
        for note in mend_lapses(self.place, portal.key, scribe):
            self.issue("error", note)
        catch_up(self.place, portal.key, workers, scribe)
        # For the questions of the reactor's thread; the scribe has the writing connection.
        self.ledger = open_ledger(self.place.database, readonly=True)
        self._held.callback(self.ledger.close)
        self._is_first = not questions.holds_payloads(self.ledger, portal.key)
        # For those of the log, which asks from whatever thread has it append, but from one at a time.
        self._kept = open_ledger(self.place.database, readonly=True)
        self._held.callback(self._kept.close)
        self._log = WarcWriter(
            self.place.warc,
            portal.key,
            software=self._software,
            operator=self._contact,
            find=self._earlier,
            find_latest=lambda url: questions.latest_capture(self._kept, portal.key, url),
        )
        self._held.callback(self._log.close)
        close_interrupted(self.ledger, self._log, portal.key)
        self._books = Bookkeeper(
            self._log, workers, scribe, told=lambda error: self.stop_for(Verdict.INTERRUPTED, str(error))
        )
        self._started_at = clock.stamp(begun)
        self.note(
            RunStarted,
            at=self._started_at,
            mode=self.order.mode,
            name=portal.name,
            home=portal.home,
            division=portal.division,
            site_id_code=portal.site_id_code,
            families=tuple(dict.fromkeys(spec.family for spec in portal.columns)),
            portal_file=portal.text,
            settings=tuple((name, str(value)) for name, value in self._settings.items()),
            software=self._software,
        )
        self._books.start()

    def _refuse_if_resting(self, now: datetime) -> None:
        """Before anything is asked for. Raises ``RestingError``."""
        with open_ledger(self.place.database) as ledger:
            ended = questions.ended_runs(ledger)
        if rest := resting(self.portal.key, self.portal.division, ended, now):
            remedy = "" if self.order.night else "; --anyway asks it nevertheless"
            raise RestingError(f"{rest.line(self.portal.key)}{remedy}")

    # --- during -------------------------------------------------------------------------------------------------

    def record(self, exchange: Exchange) -> str:
        """Keep an exchange (this is the recorder's end). Raises ``StorageError``, and then stops the run."""
        try:
            capture = self._log.record(exchange)
        except GongkaiError as error:
            self.stop_for(Verdict.INTERRUPTED, str(error))
            raise
        self.requests += 1
        self.bytes += len(exchange.response)
        return capture

    def _earlier(self, digest: str, _url: str) -> Original | None:
        """The record that holds a payload already, of those that the log does not remember by itself."""
        if self._is_first and self.requests < MEMORY:  # all that the archive has of this portal is what it remembers
            return None
        return questions.find_payload(self._kept, self.portal.key, digest)

    def record_rendering(self, shown: Rendering) -> str:
        """Keep a rendered page. Raises ``StorageError``, and then stops the run."""
        self._is_first = False  # the log does not remember these
        try:
            return self._log.rendering(shown)
        except GongkaiError as error:
            self.stop_for(Verdict.INTERRUPTED, str(error))
            raise

    def note(self, kind: type[Event], *, refers_to: str = "", **values: Any) -> None:
        """Write an event of this run into the log. Raises ``StorageError``, and then stops the run."""
        common = {"run": self.id, "portal": self.portal.key, "at": clock.stamp(clock.now())}
        try:
            self._log.event(kind(**(common | values)), refers_to=refers_to)
            self._events += 1
        except GongkaiError as error:
            self.stop_for(Verdict.INTERRUPTED, str(error))
            raise

    def context(self, role: Role, **more: Any) -> Captured:
        """Why a request is made; goes into the log beside it."""
        return Captured(run=self.id, portal=self.portal.key, role=role, **more)

    def bounds(self, role: Role) -> Scope:
        """Where a request of this role may go: what a page loads, and robots.txt before it, also to allowed hosts."""
        return self.reach if role in (Role.OTHER, Role.ROBOTS) else self.scope

    def judged(self, row: CatalogueRow) -> CatalogueRow:
        """A catalogue row with its scope judged."""
        return row if self.scope.link(row.url) is Judgement.INSIDE else replace(row, external=True)

    def stop_for(self, verdict: Verdict, reason: str) -> None:
        """Ask the run to end. The first reason counts."""
        if self.stop is None:
            self.stop = Stop(verdict, reason)
            if verdict is not Verdict.OK:  # a probe has found what it was to find
                self.issue("error", reason, verdict=verdict.value)

    def issue(self, level: str, message: str, **data: str) -> None:
        """One line of ``issues.jsonl``: what a person should know of this run."""
        at = clock.stamp(clock.now())
        line = json.dumps({"at": at, "level": level, **data, "message": message}, ensure_ascii=False)
        if not self.id:  # stopped before it was open
            logger.warning("%s: %s", self.portal.key, message)
            return
        try:
            with (self.folder / "issues.jsonl").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            logger.warning("%s: not written down (%s): %s", self.portal.key, explain(error), message)

    def crashed(self, error: BaseException, url: str = "") -> None:
        """An error that nobody foresaw ends the run, and is named: a bug must not look like a portal without news."""
        what = str(error) if isinstance(error, GongkaiError) else f"a fault of this program: {self._crash(error, url)}"
        self.stop_for(Verdict.INTERRUPTED, what)

    def _crash(self, error: BaseException, url: str = "") -> str:
        """The error in one line; the rest of what is known of it goes to ``crash.txt`` in the run's folder."""
        kept, file = "", self.folder / "crash.txt"
        if self.id:
            with suppress(StorageError):  # there may be no room for it
                if not file.exists():  # the first is the one to look at
                    write_text(file, f"{url}\n{''.join(format_exception(error))}")
                kept = f"; please report {file}"
        words = " ".join(str(error).split())
        return f"{type(error).__name__}{f': {words}' if words else ''}{f' at {url}' if url else ''}{kept}"

    async def level(self) -> None:
        """Wait until the ledger holds everything that was recorded, or until the run is stopped because it cannot.

        Raises ``StorageError`` if the run is over."""
        if self._closing is not None:
            raise StorageError(f"{self.portal.key}: the run is over")
        with suppress(GongkaiError):  # the bookkeeper has told it
            await self._at_desk(self._books.level)

    @property
    def pulse(self) -> tuple[int, int, int]:
        """Something else whenever the run has got on: answers recorded, events written, spans read in."""
        return self.requests, self._events, self._books.written if self._started_at else 0

    async def _at_desk(self, work: Callable[..., None], *values: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._desk.threads, work, *values)

    @property
    def folder(self) -> Path:
        """The run's folder; it is there once the run has an id."""
        return self.place.folder / "runs" / self.id

    @property
    def started_at(self) -> str:
        """UTC time stamp; "" before the run is open."""
        return self._started_at

    @property
    def began(self) -> datetime:
        """The same as an instant; only of an open run."""
        return clock.parse_stamp(self._started_at)

    # --- end ----------------------------------------------------------------------------------------------------

    async def close(self, closed_doors: Sequence[str] = ()) -> None:
        """Judge, write the end, seal the file, give the lock back. Does nothing if the run was never opened; the second
        time it waits for the first.

        ``closed_doors``: entry pages that did not open, a line each."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._end(closed_doors))
        await asyncio.shield(self._closing)

    async def _end(self, closed_doors: Sequence[str]) -> None:
        if self._opening is not None:
            await asyncio.wait([self._opening])
        if not self._started_at:
            return
        try:
            await self._at_desk(self._close, closed_doors)
        finally:
            await asyncio.to_thread(self._held.close)  # not at the desk, which may be cleared away with this

    def _close(self, closed_doors: Sequence[str]) -> None:
        try:
            self._books.level()
            balance = questions.column_balance(self.ledger, self.portal.key)
            fill = fill_at(self.ledger, self.portal.key, self.id).shares
            self.verdict, self.reason = health.judge(
                balance,
                closed_doors=closed_doors,
                files_failed=questions.files_failed(self.ledger, self.portal.key),
                fill=fill,
                mode=self.order.mode,
                stop=(self.stop.verdict, self.stop.reason) if self.stop else None,
                entries_min=self.portal.expect.entries_min if not self.order.entries else None,
                fill_min=self.portal.expect.fill_min,
                past=past(self.ledger, self.portal.key, self.id),
            )
            self.note(RunEnded, verdict=self.verdict, reason=self.reason, requests=self.requests, bytes=self.bytes)
            self._books.close()
            self._write_verdict(self.verdict)
            write_json(self.folder / "stats.json", asdict(run_stats(self.ledger, self.id)))
            if self.portal.to_confirm:
                self.first_contact = first_contact.report(self.met, balance, fill)
                write_json(self.folder / "first_contact.json", asdict(self.first_contact))
        except GongkaiError as error:  # a full disk, a broken database
            stop = self.stop or Stop(Verdict.INTERRUPTED, str(error))
            self._broke_off(stop.verdict, stop.reason)
        except Exception as error:  # noqa: BLE001 - named in the verdict, with its traceback in the run's folder
            self._broke_off(Verdict.INTERRUPTED, f"a fault of this program: {self._crash(error)}")

    def _broke_off(self, verdict: Verdict, reason: str) -> None:
        """The ledger cannot be brought level. What can be said is said; the next start does the rest."""
        self.verdict, self.reason = verdict, reason
        with suppress(StorageError):  # there may be no room for it; the command says it, and so does the next start
            self._write_verdict(verdict)
            self.note(RunEnded, verdict=verdict, reason=reason, requests=self.requests, bytes=self.bytes)

    def _write_verdict(self, verdict: Verdict) -> None:
        write_json(self.folder / "verdict.json", {"run": self.id, "verdict": verdict.value, "reason": self.reason})


def run_of(crawler: Crawler) -> Run:
    """The run that a crawler's spider carries."""
    run = getattr(crawler.spider, "run", None)
    assert isinstance(run, Run)
    return run
