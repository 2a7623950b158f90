"""Worker processes that turn spans into facts. A page that crashes or hangs one costs one reading, nothing else."""

import os
import queue
import resource
import select
import signal
import struct
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from archive import garbage
from archive.errors import GongkaiError, ReadingError
from archive.intake.bundles import Packed, bundle
from archive.intake.mark import Mark, room
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.intake.spans import Span, facts
from archive.ledger.facts import Fact
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

TOGETHER, BYTES, SECONDS = 64, 1_000_000, 0.5
"""When facts that were read are sent: when there are so many of them, or their records have so many bytes, or the first
was read so long ago. Those that were not are read again should the worker die, so this bounds what a death costs."""

_NO_MEMORY = 99
"""Exit status of a worker that a page wanted more memory from than it has."""

_FACTS, _LAST, _AWAKE, _ERROR, _FAULT = b"flaex"

_SENT = struct.Struct(">IQ")
"""Before facts: how many they are, and where the last of their records ends."""


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

    def wake(self) -> None:
        """Start all readers, to be called before any is needed: each takes half a second until it can read."""
        for _ in range(self.count):
            worker = self._idle.get()
            worker.wake()
            self._idle.put(worker)

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
    """One child process, started when it is first needed, or by :meth:`wake`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: Child | None = None
        self._mark: Mark | None = None
        self._room = -1
        self._awake = False

    def read(self, span: Span, patience: float, take: Callable[[Packed], None]) -> tuple[int, int, str] | None:
        """Hand the facts to ``take``, some at a time. ``None`` when all is read; else where to go on with the span,
        where the capture lies that the worker died over (-1: none was begun), and why it died."""
        child, mark = self._begun()
        done = span.start  # what lies before has been taken
        mark.set(span.start, -1)
        try:
            send(child.sink, pack((self._folder, span, self._room)))
            while True:
                limit = patience if self._awake else max(patience, WAKING)
                if not _speaks(child, mark, limit):
                    return *_place(mark, done), f"{TIMED_OUT} after {limit:g} s"
                message = receive(child.source)
                kind = message[0]
                if kind in (_FACTS, _LAST):
                    number, done = _SENT.unpack_from(message, 1)
                    take(Packed(number, message[1 + _SENT.size :]))
                    if kind == _LAST:
                        return None
                elif kind == _AWAKE:
                    self._awake = True
                elif kind == _ERROR:
                    raise unpack(message[1:])
                else:
                    return *_place(mark, done), f"reader_crashed ({unpack(message[1:])})"
        except (EOFError, BrokenPipeError):
            why = _death(child.process.wait())
            return *_place(mark, done), why

    def wake(self) -> None:
        self._begun()

    def _begun(self) -> tuple[Child, Mark]:
        if self._child is None or self._mark is None:
            self._room = room()
            self._mark = Mark(self._room)
            self._child = Child(MODULE, shared=(self._room,))
        return self._child, self._mark

    def stop(self) -> None:
        if self._child is not None and self._mark is not None:
            self._child.stop()
            self._mark.close()
            os.close(self._room)
            self._child = self._mark = None


def _speaks(child: Child, mark: Mark, limit: float) -> bool:
    """Wait for a message. ``False`` if none came, and no capture was begun, for so many seconds."""
    heard = time.monotonic()
    while (left := max(heard, mark.get()[2]) + limit - time.monotonic()) > 0:
        if select.select([child.source], [], [], left)[0]:
            return True
    return False


def _place(mark: Mark, done: int) -> tuple[int, int]:
    """Where to go on after a death, and the capture that was being read: facts that were read since ``done`` died with
    the worker, or the capture begins before it."""
    group, offset, _ = mark.get()
    return min(group, done), offset


def _death(code: int) -> str:
    """Why a worker died, by the exit status that ``subprocess`` reports."""
    if code == -signal.SIGPROF:
        return f"reader_timed_out after {LIMIT:g} s of work"
    if code == _NO_MEMORY:
        return f"reader_out_of_memory with {MEMORY >> 20} MB"
    return f"reader_crashed ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"


class _Outbox:
    """For the child: facts that are read but not sent yet."""

    def __init__(self, say: Callable[[int, bytes], None]) -> None:
        self._say = say
        self._facts: list[Fact] = []
        self._bytes = 0
        self._since = 0.0

    def put(self, fact: Fact) -> None:
        now = time.monotonic()
        self._since = self._since if self._facts else now
        self._facts.append(fact)
        self._bytes += fact.location.length
        if len(self._facts) >= TOGETHER or self._bytes >= BYTES or now - self._since >= SECONDS:
            self.send(_FACTS)

    def send(self, kind: int) -> None:
        lies = self._facts[-1].location if self._facts else None
        number, body = bundle(self._facts)
        self._say(kind, _SENT.pack(number, lies.offset + lies.length if lies else 0) + body)
        self._facts.clear()
        self._bytes = 0


def main() -> None:
    """The child: spans come in, facts go out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = parent()
    garbage.settle()
    with suppress(EOFError, BrokenPipeError):  # the parent has gone, be it while it is spoken to
        _serve(source, sink)


def _serve(source: IO[bytes], sink: IO[bytes]) -> NoReturn:
    """Read span after span. Raises ``EOFError``, ``BrokenPipeError`` when nobody wants more."""
    shared: Mark | None = None

    def say(kind: int, body: bytes) -> None:
        send(sink, bytes((kind,)) + body)

    say(_AWAKE, b"")
    while True:
        folder, span, file = unpack(receive(source))
        place = shared = shared or Mark(file)

        def mark(group: int, offset: int, place: Mark = place) -> None:
            place.set(group, offset)
            signal.setitimer(signal.ITIMER_PROF, LIMIT)  # nobody handles its signal: it ends the process

        outbox = _Outbox(say)
        try:
            for fact in facts(folder, span, mark):
                outbox.put(fact)
            outbox.send(_LAST)
        except MemoryError:
            os._exit(_NO_MEMORY)
        except GongkaiError as error:
            say(_ERROR, pack(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours; it is named in what the reading becomes
            say(_FAULT, pack(" ".join(f"{type(error).__name__}: {error}".split())[:200]))


if __name__ == "__main__":
    main()
