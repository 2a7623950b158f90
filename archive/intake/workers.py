"""Worker processes that turn spans into facts. A page that crashes or hangs one costs one reading, nothing else."""

import gc
import os
import pickle
import queue
import resource
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from archive.errors import GongkaiError, ReadingError
from archive.intake.spans import Span, facts
from archive.ledger.facts import Fact

PATIENCE = 30.0
"""Seconds that a worker may spend on one capture. The slowest honest page known to us takes about one."""

WAKING = 60.0
"""Seconds that a worker may take to start, on a machine that is busy with something else."""

MEMORY = 3 * 1024**3
"""Bytes of address space of a worker: a page that wants more kills its worker, not the machine."""

MODULE = "archive.intake.workers"
"""What a child runs; a test puts a reader of its own there."""

_FRAME = struct.Struct(">I")


class Workers:
    """A fixed number of reader processes. ``read`` may be called from any thread; results come as futures."""

    def __init__(self, folder: Path, *, count: int | None = None, patience: float = PATIENCE) -> None:
        """``folder`` holds the portals' WARC folders. ``count``: by default a process a processor, four at most."""
        self._folder = folder
        self._patience = patience
        count = count or min(4, os.cpu_count() or 1)
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for _ in range(count):
            self._idle.put(_Worker(folder))

    def read(self, span: Span) -> "Future[list[Fact]]":
        """The facts of a span. The future raises ``WarcError`` if the file is damaged there."""
        return self._threads.submit(self._read, span)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().stop()

    def _read(self, span: Span) -> list[Fact]:
        worker = self._idle.get()
        found: list[Fact] = []
        try:
            while True:
                died = worker.read(span, self._patience, found.append)
                if died is None:
                    return found
                worker.stop()
                worker = _Worker(self._folder)
                group, offset, why = died
                if (offset, why) in span.skip or offset < 0:
                    raise ReadingError(f"{span.file} at byte {offset}: the reader fails even without reading: {why}")
                span = replace(span, start=group, skip=(*span.skip, (offset, why)))
        finally:
            self._idle.put(worker)


class _Worker:
    """One child process, started when it is first needed, and the pipes to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._awake = False

    def read(self, span: Span, patience: float, take: Callable[[Fact], None]) -> tuple[int, int, str] | None:
        """Hand each fact to ``take``. ``None`` when all is read; else where and why the worker died."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        group, offset = span.start, -1
        try:
            _send(process.stdin, (self._folder, span))
            while True:
                limit = patience if self._awake else max(patience, WAKING)
                spoke, _, _ = select.select([process.stdout], [], [], limit)
                if not spoke:
                    return group, offset, f"reader_timed_out after {limit:g} s"
                kind, value = _receive(process.stdout)
                if kind == "fact":
                    take(value)
                elif kind == "awake":
                    self._awake = True
                elif kind == "mark":
                    group, offset = value
                elif kind == "error":
                    raise value
                else:
                    return None
        except (EOFError, BrokenPipeError):
            code = process.wait()
            return group, offset, f"reader_crashed ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for the parent, which then ends its workers in order
            )
        return self._process


def _send(pipe: IO[bytes], message: object) -> None:
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    view = memoryview(_FRAME.pack(len(body)) + body)
    while view:
        view = view[pipe.write(view) :]
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[str, Any]:
    """The next message. Raises ``EOFError`` if the other end is gone."""
    message: tuple[str, Any] = pickle.loads(_exactly(pipe, _FRAME.unpack(_exactly(pipe, _FRAME.size))[0]))
    return message


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    parts = []
    while size:
        part = pipe.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    """The child: spans come in, marks and facts go out. Ends with its parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    sys.stdout = sys.stderr  # nothing that a library prints may get between the frames
    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    _send(sink, ("awake", None))
    while True:
        try:
            folder, span = pickle.loads(_exactly(source, _FRAME.unpack(_exactly(source, _FRAME.size))[0]))
        except EOFError:
            return
        try:
            for fact in facts(folder, span, lambda group, offset: _send(sink, ("mark", (group, offset)))):
                _send(sink, ("fact", fact))
        except GongkaiError as error:
            _send(sink, ("error", error))
        else:
            _send(sink, ("end", None))


if __name__ == "__main__":
    main()
