"""What is done before a run begins: mend what a crash left, read what the ledger has not read, end what never ended."""

from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

from archive import clock
from archive.errors import WarcError
from archive.events import Event, Reread, RereadBegun, RunEnded, from_json
from archive.intake.bundles import Packed
from archive.intake.scribe import Scribe
from archive.intake.spans import Span
from archive.intake.workers import Workers
from archive.ledger import questions
from archive.ledger.foresight import foresee
from archive.ledger.schema import Ledger, open_ledger, transaction
from archive.place import Place
from archive.vocabulary import Verdict
from archive.warc.read import Damage, salvage, stretches, walk
from archive.warc.repair import leftovers, mend
from archive.warc.segment import OPEN

STRETCH = 2_000_000
"""Bytes of a WARC file that one worker reads at a time, about 300 captures: enough to keep it busy, few to hold."""

_AGAIN = "the database forgets this portal and reads all its files in again"


def mend_leftovers(place: Place, portal: str, scribe: Scribe | None) -> list[str]:
    """Repair and seal the ``.open`` files of a killed run. Gives a line for each, saying what was cut or is lost.

    Where that changes what the database has read already, ``scribe`` has it forget the portal, to be read in again by
    :func:`catch_up`; ``None`` for a database that is about to be made anew. The caller holds the portal's lock. Raises
    ``StorageError``, ``WarcError``."""
    notes = []
    for path in leftovers(place.warc / portal):
        known = _known(place, path.name.removesuffix(OPEN)) if scribe is not None else 0
        forget = (lambda: None) if scribe is None else partial(scribe.forget, portal)
        mended = mend(path, known=known, forget=forget)
        lost = f", {mended.cut_bytes} bytes of a torn record cut off" if mended.cut_bytes else ""
        aside = f", damaged bytes set aside in {', '.join(p.name for p in mended.damaged)}" if mended.damaged else ""
        why = f" ({mended.reason})" if mended.reason else ""
        kept = f"{mended.kept_records} whole records kept"
        again = f"; {_AGAIN}" if mended.forgotten else ""
        notes.append(f"{path.name}: left open by an interrupted run; {kept}{lost}{aside}{why}{again}")
    return notes


def mend_lapses(place: Place, portal: str, scribe: Scribe) -> list[str]:
    """Compare the sealed files of a portal with what the database has read of them.

    One that has become shorter, but holds whole records alone, makes it forget the portal. One that is damaged can only
    come back from a backup, and till then the database knows best. A file that is not there at all is for ``gongkai
    verify`` to tell.

    Gives a line for each such file. The caller holds the portal's lock. Raises ``StorageError``."""
    notes: list[str] = []
    if not place.database.is_file():
        return notes
    with open_ledger(place.database, readonly=True) as ledger:
        paths = sorted((place.warc / portal).glob("*.warc.gz"))
        short = [
            (path, size, known)
            for path in paths
            if (size := path.stat().st_size) < (known := questions.ingested_to(ledger, path.name))
        ]
    for path, size, known in short:
        what = f"{path.name}: has {size} bytes, where {known} were read in"
        damage = next((item for item in salvage(path) if isinstance(item, Damage)), None)
        if damage is not None:
            notes.append(f"{what}; {damage.why}: put it back from a backup")
            continue
        scribe.forget(portal)
        notes.append(f"{what}; {_AGAIN}")
    return notes


def _known(place: Place, file: str) -> int:
    """Up to where the database has read a file."""
    if not place.database.is_file():
        return 0
    with open_ledger(place.database, readonly=True) as ledger:
        return questions.ingested_to(ledger, file)


def catch_up(place: Place, portal: str, workers: Workers, scribe: Scribe) -> int:
    """Read into the ledger what the sealed WARC files of a portal hold beyond what it knows. Gives the number of facts.

    Raises ``WarcError`` if a file is damaged in the part that is read, ``StorageError``."""
    count = 0
    pending: deque[tuple[Span, Future[list[Packed]]]] = deque()
    with open_ledger(place.database, readonly=True) as ledger:
        files = [(path, questions.ingested_to(ledger, path.name)) for path in _files(place, portal)]
        files = [(path, known) for path, known in files if path.stat().st_size > known]
        _look_ahead(place, files)
        for path, known in files:
            for start, end in stretches(path, known, STRETCH):
                span = Span(path.name, start, end)
                pending.append((span, workers.read(span)))
                while len(pending) > workers.count + 1 or (pending and pending[0][1].done()):
                    count += _write_first(scribe, pending)
    while pending:
        count += _write_first(scribe, pending)
    return count


def _files(place: Place, portal: str) -> list[Path]:
    """The sealed WARC files of a portal, in the order of its log."""
    return sorted((place.warc / portal).glob("*.warc.gz"))


def _look_ahead(place: Place, files: list[tuple[Path, int]]) -> None:
    """Before captures are read in: what rereads behind them say of how they were read at their time.

    Rereads have files of their own, so this costs a look at the beginning of each. Raises ``StorageError``."""
    rereads = [(path, known) for path, known in files if _is_reread(path)]
    if not rereads:
        return
    with open_ledger(place.database) as ledger:
        for path, known in rereads:
            with suppress(WarcError):  # the reading that follows comes to the same place, and says it
                for record in walk(path, known):
                    event = from_json(record.block) if record.type == "metadata" else None
                    if isinstance(event, Reread | RereadBegun):
                        with transaction(ledger):
                            foresee(ledger, event, record.location)


def _is_reread(path: Path) -> bool:
    """Whether the first record behind a file's warcinfo is one of a reread. What is damaged is found by the reading."""
    try:
        first = next(islice(walk(path), 1, 2), None)
        event = from_json(first.block) if first is not None and first.type == "metadata" else None
        return isinstance(event, Reread | RereadBegun)
    except WarcError:
        return False


def _write_first(scribe: Scribe, pending: "deque[tuple[Span, Future[list[Packed]]]]") -> int:
    span, future = pending.popleft()
    try:
        found = future.result()
    except WarcError as error:
        raise WarcError(f"{error}; run `gongkai verify` to see how much is damaged, then `gongkai rebuild`") from error
    scribe.write(found, file=span.file, end=span.end)
    return sum(packed.number for packed in found)


class EventLog(Protocol):
    def event(self, event: Event, *, refers_to: str = "") -> str: ...


def close_interrupted(ledger: Ledger, log: EventLog, portal: str) -> int:
    """Write the end of runs that never wrote it themselves: they were killed. Gives their number."""
    runs = questions.unfinished_runs(ledger, portal)
    for run in runs:
        at = clock.stamp(clock.now())
        reason = "the run ended without a word (killed, power lost, or the disk was full)"
        log.event(RunEnded(run=run, portal=portal, at=at, verdict=Verdict.INTERRUPTED, reason=reason))
    return len(runs)
