"""The bookkeeper: what is appended is read and written in the order of the log, and nobody waits for a thread that is
gone."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Any, cast

import pytest

from archive.errors import GongkaiError, StorageError, WarcError
from archive.intake import bookkeeper
from archive.intake.bookkeeper import AHEAD, Bookkeeper
from archive.intake.bundles import Packed
from archive.intake.spans import Span
from archive.warc.write import Position

PATIENCE = 20.0  # seconds: for a machine that is busy; nothing here takes any time


class Log:
    """A log that is a hundred bytes longer at each look, as often as it was told to be."""

    def __init__(self) -> None:
        self.end = 0
        self.left = 0
        self.error: GongkaiError | None = None
        self.looks = threading.Semaphore(0)

    def sync(self) -> Sequence[Position]:
        if self.error is not None:
            raise self.error
        if self.left:
            self.left -= 1
            self.end += 100
        self.looks.release()
        return (Position("p-20261130T000000Z-00000.warc.gz", self.end),)


class Readers:
    """Reads stretches in other threads; ``damaged``: the one at whose end there is an error."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads
        self.begun: list[Span] = []
        self.damaged = -1

    def read(self, span: Span) -> "Future[list[Packed]]":
        self.begun.append(span)
        return self.threads.submit(self._read, span)

    def _read(self, span: Span) -> list[Packed]:
        if span.end == self.damaged:
            raise WarcError("damaged")
        return [Packed(1, str(span.start).encode())]


class Scribe:
    """Writes down what it is given, while it is let."""

    def __init__(self) -> None:
        self.written: list[tuple[bytes, int]] = []
        self.is_let = threading.Event()
        self.is_let.set()
        self.error: GongkaiError | None = None

    def write(self, facts: list[Packed], *, file: str, end: int) -> None:
        assert file.startswith("p-")
        assert self.is_let.wait(PATIENCE)
        if self.error is not None:
            raise self.error
        self.written += [(fact.body, end) for fact in facts]


class Desk:
    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.log, self.readers, self.scribe = Log(), Readers(threads), Scribe()
        self.told: list[GongkaiError] = []
        self.books = Bookkeeper(
            self.log, cast("Any", self.readers), cast("Any", self.scribe), told=lambda error: self.told.append(error)
        )

    def end(self) -> None:
        """Close the books; a thread that hangs fails the test."""
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(PATIENCE)
        assert not closing.is_alive()
        assert not self.books.is_alive()

    def _close(self) -> None:
        with suppress(GongkaiError):  # the test has heard it already
            self.books.close()


@contextmanager
def desk() -> Iterator[Desk]:
    with ThreadPoolExecutor(2) as threads:
        yield Desk(threads)


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookkeeper, "BREATH", 0.001)


def test_what_is_appended_is_written_in_the_order_of_the_log() -> None:
    with desk() as at:
        at.log.left = 50
        at.books.start()
        while at.log.left:
            assert at.log.looks.acquire(timeout=PATIENCE)
        at.books.level()
        assert at.scribe.written == [(str(start).encode(), start + 100) for start in range(0, 5_000, 100)]
        assert at.books.written == 50
        at.end()
        assert at.books.failure is None
        assert not at.told


def test_readers_go_on_while_the_scribe_is_busy_and_no_further_than_a_little_ahead() -> None:
    with desk() as at:
        at.scribe.is_let.clear()
        at.log.left = 3 * AHEAD
        at.books.start()
        while len(at.readers.begun) < AHEAD:
            assert at.log.looks.acquire(timeout=PATIENCE)
        at.scribe.is_let.set()
        at.books.level()
        at.end()
        spans = [(span.start, span.end) for span in at.readers.begun]
        assert spans[0][0] == 0
        assert all(one[1] == following[0] for one, following in pairwise(spans))
        assert [end for _, end in at.scribe.written] == [end for _, end in spans]
        assert at.scribe.written[-1][1] == at.log.end


@pytest.mark.parametrize("where", ["log", "reader", "scribe"])
def test_what_makes_it_impossible_to_go_on_is_told_once_and_nobody_waits(where: str) -> None:
    failure: GongkaiError = WarcError("damaged") if where == "reader" else StorageError("the disk is full")
    with desk() as at:
        at.log.left = 5 * AHEAD  # far more than there is room for
        at.readers.damaged = 100 if where == "reader" else -1  # the first
        at.scribe.error = failure if where == "scribe" else None
        at.log.error = failure if where == "log" else None
        at.books.start()
        with pytest.raises(type(failure), match=str(failure)):
            at.books.level()
        assert [str(error) for error in at.told] == [str(failure)]  # before anybody who waits goes on
        at.end()
        assert len(at.told) == 1
        assert not at.scribe.written


def test_a_fault_of_the_program_is_told_as_one(recwarn: pytest.WarningsRecorder) -> None:
    with desk() as at:
        at.log.left = 1
        at.scribe.write = None  # type: ignore[method-assign, assignment]
        hook, threading.excepthook = threading.excepthook, lambda _: None
        try:
            at.books.start()
            with pytest.raises(StorageError, match="the bookkeeper failed: TypeError"):
                at.books.level()
            at.end()
        finally:
            threading.excepthook = hook
        assert not recwarn
