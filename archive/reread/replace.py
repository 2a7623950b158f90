"""Put new readings in the place of old ones: into the log, and from there into the database.

Each step is one ``reread`` event of some dozens of versions: written, made durable, read back, and applied in one short
transaction, so that a crash leaves whole steps only. The next start of anything reads in what the log holds beyond the
database, and a second ``reread`` finds what is left to do by the reader that stands in each version.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from archive import clock
from archive.errors import WarcError
from archive.events import Event, Replaced, Reread, RereadBegun, from_json
from archive.intake.bundles import bundle
from archive.intake.catchup import catch_up, mend_lapses, mend_leftovers
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.ledger.facts import EventFact, RereadFact
from archive.ledger.rereading import differences_of, observations_of, refusals_of
from archive.ledger.schema import Ledger, open_ledger
from archive.ledger.volatile import volatile_of
from archive.place import Place
from archive.reading.model import Reading
from archive.reread.compare import Compared, compare
from archive.warc.read import Record, resolve, walk
from archive.warc.write import WarcWriter

STEP = 64
"""Versions that one event speaks of."""

STEP_SIZE = 500_000
"""Characters of old values in one event, about."""


def replace_readings(
    place: Place,
    portal: str,
    reader: str,
    workers: Workers,
    scribe: Scribe,
    *,
    software: str,
    every: bool = False,
    watch: Callable[[Sequence[Compared]], None] = lambda _document: None,
    say: Callable[[str], None] = lambda _line: None,
) -> None:
    """Read a portal's versions again and write what differs. ``reader``: the present one, whose readings the workers
    give. ``watch`` is shown every document that was compared, ``say`` is told what was mended first.

    Holds the portal's lock. Raises ``LockedError``, ``StorageError``, ``WarcError``; what was written until then stays,
    and counts."""
    with ExitStack() as held:
        held.enter_context(place.lock(portal))
        for note in (*mend_leftovers(place, portal, scribe), *mend_lapses(place, portal, scribe)):
            say(f"{portal}: {note}")
        catch_up(place, portal, workers, scribe)
        ledger = held.enter_context(open_ledger(place.database, readonly=True))
        log = held.enter_context(WarcWriter(place.warc, portal, software=software, find=lambda _digest, _url: None))
        step = _Step(place, portal, reader, ledger, log, scribe)
        for document in compare(ledger, workers, portal, reader, every=every):
            step.take(document)
            watch(document)
        step.write()


class _Step:
    """Gathers documents until they are worth an event; the documents of an event are whole."""

    def __init__(self, place: Place, portal: str, reader: str, ledger: Ledger, log: WarcWriter, scribe: Scribe) -> None:
        self._place, self._portal, self._reader = place, portal, reader
        self._ledger, self._log, self._scribe = ledger, log, scribe
        self._items: list[Replaced] = []
        self._readings: list[Reading | None] = []
        self._size = 0
        self._read_to: dict[str, int] = {}  # WARC file → how far it is in the database

    def take(self, document: Sequence[Compared]) -> None:
        if not any(version.was or version.why for version in document):
            return
        for version in document:
            item = self._item(version)
            self._items.append(item)
            self._readings.append(version.reading if item.is_read else None)
            self._size += sum(len(value or "") for _, value in item.was)
        if len(self._items) >= STEP or self._size >= STEP_SIZE:
            self.write()

    def write(self) -> None:
        """Write the event of what has gathered, and apply it."""
        if not self._items:
            return
        if not self._read_to:
            refusals = refusals_of(self._ledger, self._portal)
            parts = volatile_of(self._ledger, self._portal)
            self._put(RereadBegun(self._portal, clock.stamp(clock.now()), self._reader, refusals, parts))
        self._put(
            Reread(self._portal, clock.stamp(clock.now()), self._reader, tuple(self._items)), tuple(self._readings)
        )
        self._items.clear()
        self._readings.clear()
        self._size = 0

    def _item(self, version: Compared) -> Replaced:
        held = version.held
        what = Replaced(held.document, held.version, held.capture, held.lies, held.reader, version.was)
        if held.version > 1:
            what = replace(what, changed=differences_of(self._ledger, held.document, held.version))
        if version.why:
            observations = observations_of(self._ledger, held.document, held.version)
            what = replace(what, was=tuple(held.columns.items()), kept=version.why, observations=observations)
        return what

    def _put(self, event: Event, readings: tuple[Reading | None, ...] = ()) -> None:
        """What goes into the database is what is read back from the log."""
        self._log.event(event)
        file, end = self._log.sync()[-1]
        record = self._last(file, end)
        event = from_json(record.block) or event
        fact = (
            RereadFact(event, record.date, record.location, readings)
            if isinstance(event, Reread)
            else EventFact(event, record.date, record.location)
        )
        self._scribe.write([bundle([fact])], file=file, end=end)
        self._read_to[file] = end

    def _last(self, file: str, end: int) -> Record:
        fresh = deque(walk(resolve(self._place.warc, file), self._read_to.get(file, 0), end), maxlen=1)
        if not fresh:
            raise WarcError(f"{file}: the record that was written last is not there; run `gongkai verify`")
        return fresh[0]
