"""The desk of an archive: its readers and its scribe, shared by all runs of a process. So forty portals at once take
the memory of one, and one process writes."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from archive.intake import scribe
from archive.intake.pipes import Child
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.place import Place

THREADS = 64
"""Runs that may be opened, brought level or closed at a time; a thread is made when one is needed."""


class Desk:
    """What runs of one archive share. Each part is made when it is first asked for, from any thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._making = threading.Lock()
        self._workers: Workers | None = None
        self._scribe: Scribe | None = None
        self._waiting: Child | None = None  # for what the scribe is to do

    def wake(self) -> None:
        """Start the processes of this desk, which is new: so they are ready when the first page is."""
        self.workers.wake()
        self._waiting = Child(scribe.MODULE)

    @property
    def workers(self) -> Workers:
        with self._making:
            self._workers = self._workers or Workers(self._place.warc)
            return self._workers

    @property
    def scribe(self) -> Scribe:
        """Makes the database or brings it up to date. Raises ``StorageError`` if that cannot be done."""
        with self._making:
            if self._scribe is None:
                self._scribe, self._waiting = Scribe(self._place.database, self._waiting), None
            return self._scribe

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """For what blocks. asyncio's own pool has six threads on two processors, and each wait takes one."""
        return ThreadPoolExecutor(THREADS, thread_name_prefix="desk")

    def close(self) -> None:
        self.threads.shutdown(wait=False)
        if self._workers is not None:
            self._workers.close()
        if self._scribe is not None:
            self._scribe.close()
        if self._waiting is not None:
            self._waiting.stop()


_desks: dict[Path, tuple[Desk, int]] = {}
_guard = threading.Lock()


@contextmanager
def desk_at(place: Place) -> Iterator[Desk]:
    """The desk of an archive: made for the first that asks, kept until the last has gone. Not to be left from one of
    its own threads."""
    folder = place.folder.absolute()
    with _guard:
        desk, users = _desks.get(folder) or (Desk(place), 0)
        _desks[folder] = desk, users + 1
    try:
        yield desk
    finally:
        with _guard:
            desk, users = _desks.pop(folder)
            if users > 1:
                _desks[folder] = desk, users - 1
        if users == 1:
            desk.close()
