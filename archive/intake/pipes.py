"""Messages between this process and its children: a length, then a pickle. Both ends are this program."""

import fcntl
import os
import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any

_FRAME = struct.Struct(">I")

_WIDE = 1 << 20
"""Bytes that a pipe holds, the most that Linux lets any user have."""


class Child:
    """A child process that runs a module and answers on its standard output. Ends with its parent."""

    def __init__(self, module: str, shared: Sequence[int] = ()) -> None:
        """``shared``: descriptors of files that it has too, under the same numbers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            pass_fds=shared,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends its children in order
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.sink, self.source = self.process.stdin, self.process.stdout
        for pipe in (self.sink, self.source):
            _widen(pipe)

    def end(self, patience: float) -> None:
        """Tell it that nothing more comes, and wait so many seconds for its end; then :meth:`stop` it."""
        self.sink.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.stop()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.sink.close()
        self.source.close()


def parent() -> tuple[IO[bytes], IO[bytes]]:
    """For a child: where its messages come from and go to. What a library prints goes to standard error instead.

    The child steps back behind its parent, whose timers and time-outs must not slip because a page is hard to read. It
    ends with its parent alone: systemd sends SIGTERM to every process of a service, and a run that closes needs it."""
    os.nice(5)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    sys.stdout = sys.stderr
    return source, sink


def pack(message: object) -> bytes:
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def send(pipe: IO[bytes], body: bytes) -> None:
    """Write one packed message. Raises ``BrokenPipeError`` if the other end is gone."""
    view = memoryview(_FRAME.pack(len(body)) + body)
    while view:
        view = view[pipe.write(view) :]


def receive(pipe: IO[bytes]) -> bytes:
    """Read one packed message. Raises ``EOFError`` if the other end is gone."""
    return _exactly(pipe, _FRAME.unpack(_exactly(pipe, _FRAME.size))[0])


def unpack(body: bytes) -> Any:
    return pickle.loads(body)


def _widen(pipe: IO[bytes]) -> None:
    """Let a whole message lie in the pipe, where the system knows how: each time that it is full both ends have to wait
    for one another, and a thread of the parent's for those that talk to portals."""
    with suppress(AttributeError, OSError):  # another system; or this user's pipes together are large enough
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDE)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    message = bytearray(size)
    view = memoryview(message)
    while view:
        count = pipe.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return bytes(message)
