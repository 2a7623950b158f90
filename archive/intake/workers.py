"""Worker processes that turn spans into facts. A page that crashes or hangs one costs one reading, nothing else."""

import os
import queue
import resource
import select
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from archive import garbage
from archive.errors import GongkaiError, ReadingError
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.intake.spans import Span, facts
from archive.warc.read import portal_of

LIMIT = 8.0
"""Seconds of processor time that a worker may spend on one capture. The slowest honest page known to us takes about
one; a machine that is busy with something else changes nothing about it. The kernel keeps it, so that it holds within
a parser or a pattern too."""

PATIENCE = 60.0
"""Seconds on the clock that a worker may be silent, whatever it waits for."""

WAKING = 60.0
"""Seconds that a worker may take to start, on a machine that is busy with something else."""

MEMORY = 3 * 1024**3
"""Bytes of address space of a worker: a page that wants more kills its worker, not the machine."""

MODULE = "archive.intake.workers"
"""What a child runs; a test puts a reader of its own there."""

TIMED_OUT, CRASHED = "reader_timed_out", "reader_crashed"
"""How the flag of a reading begins that a worker died over."""

Packed = bytes
"""A fact as a worker sent it, still a pickle: most go on to the scribe unopened."""

_NO_MEMORY = 99
"""Exit status of a worker that a page wanted more memory from than it has."""

_FACT, _MARK, _AWAKE, _ERROR, _FAULT, _END = b"fmaelx"


def died(flags: Iterable[str]) -> str:
    """Of the flags of a reading: why a worker died over it; "" if none did."""
    return next((flag for flag in flags if flag.startswith((TIMED_OUT, CRASHED))), "")


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
                    return group, offset, f"{TIMED_OUT} after {limit:g} s"
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
                elif kind == _FAULT:
                    return group, offset, f"reader_crashed ({unpack(body)})"
                else:
                    return None
        except (EOFError, BrokenPipeError):
            return group, offset, _death(child.process.wait())

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def _death(code: int) -> str:
    """Why a worker died, by the exit status that ``subprocess`` reports."""
    if code == -signal.SIGPROF:
        return f"reader_timed_out after {LIMIT:g} s of work"
    if code == _NO_MEMORY:
        return f"reader_out_of_memory with {MEMORY >> 20} MB"
    return f"reader_crashed ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"


def main() -> None:
    """The child: spans come in, marks and facts go out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = parent()

    def say(kind: int, body: object) -> None:
        send(sink, bytes((kind,)) + pack(body))

    def mark(group: int, offset: int) -> None:
        say(_MARK, (group, offset))
        signal.setitimer(signal.ITIMER_PROF, LIMIT)  # nobody handles its signal: it ends the process

    garbage.settle()
    say(_AWAKE, None)
    while True:
        try:
            folder, span = unpack(receive(source))
        except EOFError:
            return
        try:
            for fact in facts(folder, span, mark):
                say(_FACT, fact)
        except MemoryError:
            os._exit(_NO_MEMORY)
        except GongkaiError as error:
            say(_ERROR, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours; it is named in what the reading becomes
            say(_FAULT, " ".join(f"{type(error).__name__}: {error}".split())[:200])
        else:
            say(_END, None)


if __name__ == "__main__":
    main()
