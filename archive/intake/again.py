"""Captures that are held, read again by the present reader."""

from concurrent.futures import Future
from pathlib import Path

from archive.errors import ReadingError, StorageError, WarcError
from archive.events import Location
from archive.intake.bundles import Packed, opened
from archive.intake.spans import named, span_of
from archive.intake.workers import Workers, died
from archive.ledger.facts import CaptureFact
from archive.reading.model import Reading


def begin(workers: Workers, lies: Location) -> "Future[list[Packed]]":
    """Have a worker read the capture that lies there."""
    return workers.read(span_of(lies))


def finish(reading: "Future[list[Packed]]", capture: str) -> tuple[Reading | None, str]:
    """The reading that was begun; or ``None``, and why there is none, in a few words: the record is damaged, the page
    killed its reader or is refused."""
    try:
        fact: CaptureFact | None = named(opened(reading.result()), capture)
    except (WarcError, ReadingError, StorageError) as error:
        return None, str(error)
    if fact is None:
        return None, "its record is not where the database says; see `gongkai verify`"
    if fact.reading is None:
        return None, f"the page is refused: {fact.refusal}" if fact.refusal else f"status {fact.status}"
    if why := died(fact.reading.flags):
        return None, why
    return fact.reading, ""


class ReadAgain:
    """For the ledger (:data:`archive.ledger.batch.Again`): one capture at a time, in a process of its own that is
    started when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workers: Workers | None = None

    def __call__(self, lies: Location, capture: str) -> Reading | None:
        self._workers = self._workers or Workers(self._folder, count=1)
        return finish(begin(self._workers, lies), capture)[0]

    def close(self) -> None:
        if self._workers is not None:
            self._workers.close()
