"""Keeps the ledger level with the log while a run is writing it: a thread that hands on, and does no work itself."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
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
        """``told`` hears at once, in this thread, what makes it impossible to go on."""
        super().__init__(name="bookkeeper", daemon=True)
        self._told = told
        self._log, self._workers, self._scribe = log, workers, scribe
        self._wanted = threading.Condition()
        self._asked = 0  # how often `level` was asked for, and how often it was reached
        self._reached = 0
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
        try:
            self._follow()
        except GongkaiError as error:
            self.failure = error
        except BaseException as error:
            self.failure = StorageError(f"the bookkeeper failed: {type(error).__name__}: {error}")
            raise
        finally:
            if self.failure is not None:
                self._told(self.failure)
            with self._wanted:
                self._wanted.notify_all()

    def _follow(self) -> None:
        pending: deque[tuple[Span, Future[list[Packed]]]] = deque()
        known: dict[str, int] = {}
        while True:
            with self._wanted:
                asked, stop = self._asked, self._ending
            for position in self._log.sync():
                start = known.get(position.file, 0)
                if position.end > start:
                    span = Span(position.file, start, position.end)
                    pending.append((span, self._workers.read(span)))
                    known[position.file] = position.end
            eager = stop or asked > self._reached  # somebody waits: go on until nothing is pending
            while pending and (eager or pending[0][1].done()):
                span, future = pending.popleft()
                self._scribe.write(future.result(), file=span.file, end=span.end)
                self.written += 1
            with self._wanted:
                if not pending:
                    self._reached = max(self._reached, asked)
                    self._wanted.notify_all()
                if stop and not pending:
                    return
                self._wanted.wait_for(lambda: self._ending or self._asked > self._reached, timeout=BREATH)
