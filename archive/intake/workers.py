"""Worker processes that turn spans into facts. A page that crashes or hangs one costs one reading, nothing else."""

import os
import queue
import resource
import select
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from archive import garbage
from archive.errors import GongkaiError, ReadingError
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.intake.spans import Span, facts
from archive.warc.read import portal_of

PATIENCE = 30.0
"""Seconds that a worker may spend on one capture. The slowest honest page known to us takes about one."""

WAKING = 60.0
"""Seconds that a worker may take to start, on a machine that is busy with something else."""

MEMORY = 3 * 1024**3
"""Bytes of address space of a worker: a page that wants more kills its worker, not the machine."""

MODULE = "archive.intake.workers"
"""What a child runs; a test puts a reader of its own there."""

Packed = bytes
"""A fact as a worker sent it, still a pickle: most go on to the scribe unopened."""

_FACT, _MARK, _AWAKE, _ERROR, _END = b"fmaex"


class Workers:
    """A fixed number of reader processes. ``read`` may be called from any thread; results come as futures.

    A portal whose pages have killed a reader is a suspect: all suspects together never have the last reader, so that
    the others need not wait for its patience to end."""

    def __init__(self, folder: Path, *, count: int | None = None, patience: float = PATIENCE) -> None:
        """``folder`` holds the portals' WARC folders. ``count``: by default a process a processor, four at most."""
        self._folder = folder
        self._patience = patience
        self.count = count or min(4, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="reader")
        self._aside = ThreadPoolExecutor(max(1, self.count - 1), thread_name_prefix="suspect")
        self._suspects: set[str] = set()
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for _ in range(self.count):
            self._idle.put(_Worker(folder))

    def read(self, span: Span) -> "Future[list[Packed]]":
        """The facts of a span. The future raises ``WarcError`` if the file is damaged there."""
        threads = self._aside if portal_of(span.file) in self._suspects else self._threads
        return threads.submit(self._read, span)

    def close(self) -> None:
        for threads in (self._threads, self._aside):
            threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().stop()

    def _read(self, span: Span) -> list[Packed]:
        worker = self._idle.get()
        found: list[Packed] = []
        try:
            while True:
                died = worker.read(span, self._patience, found.append)
                if died is None:
                    return found
                self._suspects.add(portal_of(span.file))
                worker.stop()
                worker = _Worker(self._folder)
                group, offset, why = died
                if (offset, why) in span.skip or offset < 0:
                    raise ReadingError(f"{span.file} at byte {offset}: the reader fails even without reading: {why}")
                span = replace(span, start=group, skip=(*span.skip, (offset, why)))
        finally:
            self._idle.put(worker)


class _Worker:
    """One child process, started when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: Child | None = None
        self._awake = False

    def read(self, span: Span, patience: float, take: Callable[[Packed], None]) -> tuple[int, int, str] | None:
        """Hand each fact to ``take``. ``None`` when all is read; else where and why the worker died."""
        if self._child is None:
            self._child = Child(MODULE)
        child = self._child
        group, offset = span.start, -1
        try:
            send(child.sink, pack((self._folder, span)))
            while True:
                limit = patience if self._awake else max(patience, WAKING)
                spoke, _, _ = select.select([child.source], [], [], limit)
                if not spoke:
                    return group, offset, f"reader_timed_out after {limit:g} s"
                message = receive(child.source)
                kind, body = message[0], message[1:]
                if kind == _FACT:
                    take(body)
                elif kind == _MARK:
                    group, offset = unpack(body)
                elif kind == _AWAKE:
                    self._awake = True
                elif kind == _ERROR:
                    raise unpack(body)
                else:
                    return None
        except (EOFError, BrokenPipeError):
            code = child.process.wait()
            return group, offset, f"reader_crashed ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def main() -> None:
    """The child: spans come in, marks and facts go out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = parent()

    def say(kind: int, body: object) -> None:
        send(sink, bytes((kind,)) + pack(body))

    garbage.settle()
    say(_AWAKE, None)
    while True:
        try:
            folder, span = unpack(receive(source))
        except EOFError:
            return
        try:
            for fact in facts(folder, span, lambda group, offset: say(_MARK, (group, offset))):
                say(_FACT, fact)
        except GongkaiError as error:
            say(_ERROR, error)
        else:
            say(_END, None)


if __name__ == "__main__":
    main()
