"""The versions that another reader read, beside what the present one makes of the same captures."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from archive.intake.again import begin, finish
from archive.intake.bundles import Packed
from archive.intake.workers import Workers
from archive.ledger.content import READ, read_columns
from archive.ledger.rereading import HeldVersion, documents_to_read
from archive.reading.model import Reading

AHEAD = 16
"""Captures that each worker has before it: enough to keep it busy, few enough to hold."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A version as it stands, and its new reading; without one, ``why``, or "" for a version that need not be read."""

    held: HeldVersion
    reading: Reading | None = None
    why: str = ""
    was: tuple[tuple[str, str | None], ...] = field(init=False)
    """The columns of the version that the new reading gives otherwise, as they stand."""

    def __post_init__(self) -> None:
        new = read_columns(self.reading) if self.reading is not None else self.held.columns
        differing = tuple((name, self.held.columns[name]) for name in READ if new[name] != self.held.columns[name])
        object.__setattr__(self, "was", differing)


def compare(
    ledger: sqlite3.Connection, workers: Workers, portal: str, reader: str, *, every: bool = False
) -> Iterator[list[Compared]]:
    """The documents of a portal of which a version was read by another reader than ``reader``, the present one; with
    ``every``, all. Each with all its versions.

    A page that crashes or hangs its reader, and a record that is damaged, cost the reading of one version."""
    ahead: deque[list[tuple[HeldVersion, Future[list[Packed]] | None]]] = deque()
    waiting = 0
    for document in documents_to_read(ledger, portal, reader, every=every):
        ahead.append(
            [(held, begin(workers, held.lies) if every or held.reader != reader else None) for held in document]
        )
        waiting += len(document)
        while waiting > AHEAD * workers.count:
            waiting -= len(ahead[0])
            yield [_compared(*version) for version in ahead.popleft()]
    while ahead:
        yield [_compared(*version) for version in ahead.popleft()]


def _compared(held: HeldVersion, reading: "Future[list[Packed]] | None") -> Compared:
    return Compared(held, *finish(reading, held.capture)) if reading is not None else Compared(held)
