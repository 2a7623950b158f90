"""``gongkai reread``: look first, ask, then write; with a word on how it goes."""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TextIO

import click

from archive.errors import GongkaiError, UsageError
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.ledger import rereading
from archive.ledger.schema import Ledger, open_ledger
from archive.place import Place
from archive.reading import model
from archive.reread import Compared, Report, compare, replace_readings
from archive.show import harmless
from crawler import exits


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for. ``every``: also what the present reader read; ``limit``: examples of each kind."""

    every: bool = False
    dry_run: bool = False
    yes: bool = False
    limit: int = 3


def reread(place: Place, keys: Sequence[str], wish: Wish) -> int:
    """Run the command; gives its exit status. Raises ``UsageError``, and ``StorageError`` if there is no archive."""
    asks = not (wish.dry_run or wish.yes)
    if asks and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("reread asks before it writes, and this is no terminal: --dry-run only looks, --yes writes")
    place.require()
    open_ledger(place.database).close()  # brought up to date, if an earlier version made it
    reader = model.READER
    with open_ledger(place.database, readonly=True) as ledger:
        work = _work(ledger, keys, reader, every=wish.every)
        total = sum(work.values())
        if not total:
            click.echo(f"every version was read by {reader}: nothing to read again")
            return exits.OK
        if not wish.yes:
            report = _survey(place, ledger, work, reader, wish)
            _tell(report, written=False)
            if wish.dry_run:
                click.echo("nothing was written; without --dry-run it is")
                return exits.NOT_OK if report.failures else exits.OK
            click.confirm(
                "Write it? Versions keep their numbers; what they said before stays, in the table readings", abort=True
            )
    return _write(place, work, reader, wish)


def _work(ledger: Ledger, keys: Sequence[str], reader: str, *, every: bool) -> dict[str, int]:
    """How many versions there are to read, for each portal that has any."""
    held = rereading.portals_held(ledger)
    if strange := [key for key in keys if key not in held]:
        raise UsageError(f"{', '.join(strange)}: no document of it is held; there are: {', '.join(held) or 'none'}")
    counts = {key: rereading.count_versions(ledger, key, reader, every=every) for key in keys or held}
    return {key: count for key, count in counts.items() if count}


def _survey(place: Place, ledger: Ledger, work: dict[str, int], reader: str, wish: Wish) -> Report:
    report = Report(reader, wish.limit)
    with closing(Workers(place.warc)) as workers, _Line(sys.stderr, sum(work.values()), report) as line:
        for key in work:
            for document in compare(ledger, workers, key, reader, every=wish.every):
                line.saw(key, document)
    return report


def _write(place: Place, work: dict[str, int], reader: str, wish: Wish) -> int:
    report, statuses = Report(reader, wish.limit), [exits.OK]
    with (
        closing(Workers(place.warc)) as workers,
        closing(Scribe(place.database)) as scribe,
        _Line(sys.stderr, sum(work.values()), report) as line,
    ):
        for key in work:
            try:
                replace_readings(
                    *(place, key, reader, workers, scribe),
                    software=f"gongkai reread, {reader}",
                    every=wish.every,
                    watch=_watching(line, key),
                    say=line.say,
                )
            except GongkaiError as error:  # another portal may be free, or whole
                line.say(f"gongkai: {key}: {error}")
                statuses.append(exits.status_of(error))
    _tell(report, written=True)
    return max(*statuses, exits.NOT_OK if report.failures else exits.OK)


def _watching(line: "_Line", key: str) -> Callable[[Sequence[Compared]], None]:
    return lambda document: line.saw(key, document)


def _tell(report: Report, *, written: bool) -> None:
    for line in report.lines(written=written):
        click.echo(harmless(line))


class _Line:
    """How it goes: a line that is written over every second on a terminal, a line each half minute elsewhere."""

    def __init__(self, stream: TextIO, total: int, report: Report) -> None:
        self._stream, self._total, self._report = stream, total, report
        self._tty = stream.isatty()
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def saw(self, key: str, document: Sequence[Compared]) -> None:
        self._report.take(document)
        now = time.monotonic()
        if now - self._told >= (1 if self._tty else 30):
            self._told = now
            done = self._report.versions + self._report.failures
            speed = done / (now - self._begun)
            left = max(0, self._total - done) / speed if speed else 0
            line = f"{key}: {done:,} of {self._total:,} versions read, {speed:,.0f} a second, {left / 60:,.0f} min left"
            self._clear()
            self._stream.write(line if self._tty else f"{line}\n")
            self._stream.flush()

    def say(self, line: str) -> None:
        self._clear()
        self._stream.write(f"{harmless(line)}\n")

    def _clear(self) -> None:
        if self._tty:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
