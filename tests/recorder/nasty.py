"""A server on bare sockets that says exactly what it is told to, plain or under TLS, and logs the bytes of both ways.

It is also an HTTP proxy: it answers requests in absolute form as its own, and joins CONNECT tunnels."""

import contextlib
import re
import select
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from archive.vocabulary import Truncation

PATIENCE = 20.0  # seconds that a socket may be silent before the test is given up


class End(Enum):
    """What the server does after its answer."""

    KEEP = auto()  # await the next request
    CLOSE = auto()  # in order; under TLS with close_notify
    RAGGED = auto()  # under TLS without close_notify, as many servers do
    HANG = auto()  # fall silent until the client goes


@dataclass(frozen=True)
class Answer:
    response: bytes
    interim: bytes = b""  # sent before it
    stray: bytes = b""  # sent after it, and not part of it
    end: End = End.KEEP
    truncated: Truncation | None = None  # how the recorder should call it
    partial: bool = False  # the client will not take all of it


@dataclass(frozen=True)
class Served:
    """One request and what it was answered. ``turn`` counts the requests of a connection, from 0."""

    path: str
    turn: int
    request: bytes
    answer: Answer


class Nasty:
    """Serves ``answers[path]``: the n-th request of a path gets its n-th answer, later ones the last."""

    def __init__(self, answers: Mapping[str, tuple[Answer, ...]], tls: ssl.SSLContext | None = None) -> None:
        self.log: list[Served] = []
        self._answers = answers
        self._tls = tls
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self._threads = [threading.Thread(target=self._accept)]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # the listener was shut down
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(PATIENCE)
        with plain, contextlib.suppress(OSError):  # the client may leave at any time
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with connection:
                turn = 0
                while request := _read_request(connection):
                    if not self._reply(connection, request, turn):
                        return
                    turn += 1

    def _reply(self, connection: socket.socket, request: bytes, turn: int) -> bool:
        """Answer one request; says whether to await another."""
        method, target, _ = request.split(b"\r\n", 1)[0].decode().split(" ")
        if method == "CONNECT":
            _tunnel(connection, target)
            return False
        path = urlsplit(target).path
        with self._lock:
            earlier = sum(served.path == path for served in self.log)
            answers = self._answers[path]
            answer = answers[min(earlier, len(answers) - 1)]
            self.log.append(Served(path, turn, request, answer))
        connection.sendall(answer.interim + answer.response + answer.stray)
        if answer.end is End.HANG:
            while connection.recv(65536):
                pass
        elif answer.end is End.CLOSE and isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
        return answer.end is End.KEEP


def _read_request(connection: socket.socket) -> bytes:
    """A whole request; empty if the client closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return b""
        data += more
    length = re.search(rb"(?im)^content-length: *(\d+)", data)
    wanted = data.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(data) < wanted:
        data += connection.recv(65536)
    assert len(data) == wanted, "the client pipelines"
    return data


def _tunnel(client: socket.socket, target: str) -> None:
    host, _, port = target.rpartition(":")
    with socket.create_connection((host, int(port)), PATIENCE) as server:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        other = {client: server, server: client}
        while True:
            for source in select.select([client, server], [], [], PATIENCE)[0] or [client]:
                if not (data := source.recv(65536)):
                    return
                other[source].sendall(data)
