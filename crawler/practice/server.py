"""The HTTP/1.1 server of the practice portals: a thread a connection, a port a portal, loopback only by default."""

import os
import selectors
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar

from crawler.practice.faults import HUGE_BYTES, Faults, Trouble
from crawler.practice.model import Answer
from crawler.practice.portal import PORTALS, WITH_BROWSER, Request, RunningPortal, encode

_TLS_HANDSHAKE = b"\x16"
_BLOCK = ("<p>" + "练习" * 2000 + "</p>\n").encode()
_CHUNK = 1000  # octets


class Served(Protocol):
    """What the server needs of a portal."""

    requests: list[Request]
    faults: Faults

    def reply(self, request: Request) -> tuple[Answer, Trouble | None]: ...


_Portal = TypeVar("_Portal", bound=Served)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined at the end: nothing is left behind
    request_queue_size = 64
    timeout = 0  # of handle_request(): whoever calls it knows that somebody is there
    portal: Served

    def __init__(self, address: tuple[str, int]) -> None:
        self.stopping = threading.Event()
        self.errors: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._guard:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A client that leaves is no error. Anything else is kept, and raised when the portals stop."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, (ConnectionError, ssl.SSLError)):
            self.errors.append(error)

    def stop(self) -> None:
        self.shutdown()
        self.hang_up()

    def hang_up(self) -> None:
        """End every conversation. New ones are no more taken by now."""
        self.stopping.set()
        with self._guard:
            connections = tuple(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "practice"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        plain = not isinstance(self.connection, ssl.SSLSocket)
        if plain and self.connection.recv(1, socket.MSG_PEEK) == _TLS_HANDSHAKE:
            return  # no TLS here: an https address finds nobody
        super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: :attr:`RunningPortal.requests` is the log."""

    def do_GET(self) -> None:
        request = self._note()
        stopping, faults = self.server.stopping, self.server.portal.faults
        if faults.latency and stopping.wait(faults.latency):
            self.close_connection = True
            return
        answer, trouble = self.server.portal.reply(request)
        body, headers = encode(answer, faults, wrong_charset=trouble is Trouble.WRONG_CHARSET)
        if trouble in (Trouble.HANG, Trouble.RESET, Trouble.HUGE, Trouble.CUT):
            self.close_connection = True
        if trouble is Trouble.HANG:
            stopping.wait()
        elif trouble is Trouble.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # a reset, where shutdown() would end the stream in good order
        elif trouble is Trouble.HUGE:
            self._head(200, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(HUGE_BYTES))])
            left = HUGE_BYTES
            while left and not stopping.is_set():
                left -= self.wfile.write(_BLOCK[:left])
        elif trouble is Trouble.CUT:
            self._head(answer.status, [*headers, ("Content-Length", str(len(body)))])
            self.wfile.write(body[: len(body) // 2])
        elif faults.chunked:
            self._head(answer.status, [*headers, ("Transfer-Encoding", "chunked")])
            pieces = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
            self.wfile.write(b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""]))
        else:
            self._head(answer.status, [*headers, ("Content-Length", str(len(body)))])
            self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def do_HEAD(self) -> None:
        """Refused, but noted: nobody has a reason to ask so."""
        self._note()
        self.close_connection = True
        self._head(405, [("Allow", "GET"), ("Content-Length", "0"), ("Connection", "close")])

    do_PUT = do_DELETE = do_HEAD  # noqa: N815

    def _note(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, tuple(self.headers.items()), body)
        self.server.portal.requests.append(request)
        return request

    def _head(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def start(
    keys: Iterable[str] | None = None,
    *,
    faults: Mapping[str, Faults] | None = None,
    scale: int = 1,
    variation: int = 0,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[dict[str, RunningPortal]]:
    """Serve portals (all of them by default) until the context ends.

    ``faults`` by portal key; ``scale`` multiplies the number of documents in the growing columns; ``variation`` changes
    the markup (1 to 3: rows, dates and addresses written otherwise); ``port`` is the first of consecutive ports, 0 for
    free ones; with ``tls`` they speak https alone. Raises ``KeyError`` for an unknown key, ``OSError`` for a port in
    use, and at the end whatever a page raised."""
    with ExitStack() as stack:
        running: dict[str, RunningPortal] = {}
        servers: list[_Server] = []
        for number, key in enumerate(PORTALS if keys is None else keys):
            portal = (PORTALS | WITH_BROWSER)[key]
            server = stack.enter_context(_Server((host, port + number if port else 0)))
            origin = f"{'https' if tls else 'http'}://{host}:{server.server_address[1]}"
            if tls is not None:  # shaking hands is for the connection's own thread
                server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            server.portal = running[key] = RunningPortal(
                portal, origin, scale, (faults or {}).get(key, Faults()), variation
            )
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=f"practice-{key}")
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.stop)
            servers.append(server)
        yield running
    errors = [error for server in servers for error in server.errors]
    if errors:
        raise errors[0]


@contextmanager
def serve(
    builders: Sequence[Callable[[str], _Portal]], *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[tuple[_Portal, ...]]:
    """Serve portals of any kind until the context ends, all of them from one thread: dozens cost next to nothing.

    ``builders`` make them from their origins, ``http://127.0.0.1:40123``. ``port`` as for :func:`start`. Raises
    ``OSError`` for a port in use, and at the end whatever a page raised."""
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        ended, end = (stack.enter_context(side) for side in socket.socketpair())
        selector.register(ended, selectors.EVENT_READ)
        servers, portals = [], []
        for number, build in enumerate(builders):
            server = stack.enter_context(_Server((host, port + number if port else 0)))
            server.portal = portal = build(f"http://{host}:{server.server_address[1]}")
            selector.register(server, selectors.EVENT_READ, server)
            stack.callback(server.hang_up)
            servers.append(server)
            portals.append(portal)
        thread = threading.Thread(target=_take_turns, args=(selector,), name="practice")
        thread.start()
        stack.callback(thread.join)
        stack.callback(end.send, b"x")
        yield tuple(portals)
    errors = [error for server in servers for error in server.errors]
    if errors:
        raise errors[0]


def _take_turns(selector: selectors.BaseSelector) -> None:
    """Take every connection that comes, until the socket that belongs to no server has something to say."""
    while True:
        for key, _ in selector.select():
            if not isinstance(key.data, _Server):
                return
            key.data.handle_request()
