"""Keeps the ledger level with the log while a run is writing it: two threads that hand on, and do no work themselves.

One looks at the log and has its new stretches read; the other has what was read written, in the order of the log. So
the readers go on while the scribe is busy, and the other way round."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from archive.errors import GongkaiError, StorageError
from archive.intake.bundles import Packed
from archive.intake.scribe import Scribe
from archive.intake.spans import Span
from archive.intake.workers import Workers
from archive.warc.write import Position

BREATH = 0.5
"""Seconds between two looks at the log: it bounds how many fsyncs and transactions a second there are. Who waits for
:meth:`Bookkeeper.level` does not wait for this."""

SHORT_BREATH = 0.1
"""The same while no stretch waits for a reader or the scribe: they need not wait for one either."""

AHEAD = 16
"""Stretches that are being read, or wait to be written. With as many, the next one is let grow."""


class Log(Protocol):
    """What the bookkeeper needs of the WARC writer. Called from its thread."""

    def sync(self) -> Sequence[Position]:
        """Make all that was appended durable; gives how far each file of this session is written, oldest first."""


class Bookkeeper(threading.Thread):
    """Follows a log. The order is: record on disk, then read, then in the database; so a URL counts as done only when
    its bytes are safe."""

    def __init__(
        self, log: Log, workers: Workers, scribe: Scribe, told: Callable[[GongkaiError], None] = lambda _error: None
    ) -> None:
        """``told`` hears at once, in one of the threads, what makes it impossible to go on."""
        super().__init__(name="bookkeeper", daemon=True)
        self._told = told
        self._log, self._workers, self._scribe = log, workers, scribe
        # Stretches on their way, calls of `level` between them by their number, and at last None.
        self._spans: queue.Queue[tuple[Span, Future[list[Packed]]] | int | None] = queue.Queue(AHEAD)
        self._wanted = threading.Condition()
        self._asked = self._handed_on = self._reached = 0  # calls of `level`: made, in the queue, answered
        self._ending = False
        self.written = 0  # spans that are in the database: a sign of life
        self.failure: GongkaiError | None = None

    def level(self) -> None:
        """Wait until everything appended before this call is in the database. Raises what made that impossible."""
        with self._wanted:
            self._asked += 1
            mine = self._asked
            self._wanted.notify_all()
            self._wanted.wait_for(lambda: self._reached >= mine or self.failure is not None)
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        """Bring the ledger level and end. Raises what made that impossible."""
        with self._wanted:
            self._ending = True
            self._wanted.notify_all()
        self.join()
        if self.failure is not None:
            raise self.failure

    def run(self) -> None:
        writing = threading.Thread(target=self._keep_writing, name="bookkeeper-writing", daemon=True)
        writing.start()
        try:
            with self._telling():
                self._follow()
        finally:
            self._spans.put(None)
            self._spans.put(None)
            writing.join()

    def _keep_writing(self) -> None:
        """Up to the first None in the queue; what is left of it after a failure is let go, up to the next: whoever puts
        something there must not wait for room."""
        try:
            with self._telling():
                self._write()
        finally:
            while self._spans.get() is not None:
                pass

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What ends one of the threads is told, and ends the other."""
        try:
            yield
        except GongkaiError as error:
            self._fail(error)
        except BaseException as error:
            self._fail(StorageError(f"the bookkeeper failed: {type(error).__name__}: {error}"))
            raise

    def _fail(self, failure: GongkaiError) -> None:
        with self._wanted:
            if self.failure is None:
                self._told(failure)  # first: whoever waits in `level` goes by what was told
                self.failure = failure
                self._wanted.notify_all()

    def _follow(self) -> None:
        known: dict[str, int] = {}
        while self.failure is None:
            with self._wanted:
                asked, stop = self._asked, self._ending
            for position in self._log.sync():
                start = known.get(position.file, 0)
                if position.end > start:
                    span = Span(position.file, start, position.end)
                    self._spans.put((span, self._workers.read(span)))
                    known[position.file] = position.end
            if asked > self._handed_on:
                self._spans.put(asked)
                self._handed_on = asked
            if stop:
                return
            self._rest()

    def _rest(self) -> None:
        until = monotonic() + BREATH
        with self._wanted:
            while not self._wanted.wait_for(self._is_wanted, SHORT_BREATH):
                if self._spans.empty() or monotonic() >= until:
                    return

    def _is_wanted(self) -> bool:
        return self._ending or self._asked > self._handed_on or self.failure is not None

    def _write(self) -> None:
        while (item := self._spans.get()) is not None and self.failure is None:
            if isinstance(item, int):
                with self._wanted:
                    self._reached = item
                    self._wanted.notify_all()
            else:
                span, reading = item
                self._scribe.write(reading.result(), file=span.file, end=span.end)
                self.written += 1
