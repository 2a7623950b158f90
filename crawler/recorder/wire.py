"""The tee at the connection: Scrapy's own HTTP/1.1 client protocol, which copies what it writes and reads to a tape.

It sits above TLS and below HTTP parsing, so that the bytes are those of the wire, in the clear. It stands on private
names of Scrapy 2.19 and Twisted 26.10; :func:`require` says at import which of them is gone.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, cast

from OpenSSL import SSL
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool

from crawler.recorder.tape import Tape

ADVICE = "the recorder is made for Scrapy 2.19 and Twisted 26.10; install these, or adapt crawler/recorder/wire.py"

try:
    from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
    from twisted.web._newclient import Request
except ImportError as error:
    raise ImportError(f"{error}: {ADVICE}") from error


def require(owner: type, *names: str) -> None:
    """Raises ``ImportError`` if ``owner`` lacks one of ``names``."""
    for name in names:
        if not hasattr(owner, name):
            raise ImportError(f"{owner.__module__}.{owner.__qualname__} has no {name} any more: {ADVICE}")


require(_LenientHTTP11ClientProtocol, "request", "dataReceived", "connectionLost", "_finishResponse", "_parser")
require(_LenientHTTP11ClientFactory, "buildProtocol")
require(HTTPConnectionPool, "getConnection", "_newConnection", "_factory", "maxPersistentPerHost")
require(Request, "writeTo")

# The tape of the download that is being started. A connection is asked for in the same stretch of code, without
# an ``await`` between; from there on the tape goes by hand.
TAPE: ContextVar[Tape] = ContextVar("tape")

# Names of WARC-Protocol (iipc/warc-specifications#42) for those of OpenSSL.
_TLS = {"TLSv1": "tls/1.0", "TLSv1.1": "tls/1.1", "TLSv1.2": "tls/1.2", "TLSv1.3": "tls/1.3"}


class _Tee:
    """The part of a transport that a request is written to."""

    __slots__ = ("_copy", "_transport")

    def __init__(self, transport: Any, copy: Callable[[bytes], object]) -> None:
        self._transport = transport
        self._copy = copy

    def registerProducer(self, producer: Any, streaming: bool) -> None:  # noqa: N802
        self._transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:  # noqa: N802
        self._transport.unregisterProducer()

    def write(self, data: bytes) -> None:
        self._copy(data)
        self._transport.write(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:  # noqa: N802
        self.write(b"".join(parts))


class TapedRequest(Request):
    """A request that copies itself to a tape while it is written.

    Twisted writes it once more if a kept-alive connection turns out to be dead: the tape then starts afresh, so that
    it holds the exchange that was answered."""

    tape: Tape
    peer = ""  # the address of the other end, if it is known already

    def writeTo(self, transport: Any) -> Any:  # noqa: N802
        tape = self.tape
        tape.begin(self.peer or transport.getPeer().host)
        return super().writeTo(_Tee(transport, tape.sent.append))  # type: ignore[no-untyped-call]


class RecordingProtocol(_LenientHTTP11ClientProtocol):
    """A connection that copies what it receives to the tape of the request under way."""

    _tape: Tape | None = None
    _peer = ""  # the address of the other end, from the first request on
    _tls: str | None = None  # of the connection; known once it has brought data

    def request(self, request: Request) -> Deferred[Any]:
        taped, transport = cast("TapedRequest", request), cast("Any", self.transport)
        self._tape = taped.tape
        taped.peer = self._peer = self._peer or transport.getPeer().host
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        tape = self._tape
        if tape is not None:
            if self._tls is None:
                self._tls = _tls_version(self.transport)
            tape.tls = self._tls
            tape.received.append(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None:
            self._tape = None  # not HTTP: Twisted gave up on it, and the close that follows is ours

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        tape, self._tape = self._tape, None  # the next request may be under way before this call returns
        if tape is not None:
            tape.end(excess=len(rest))
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if self._tape is not None:
            self._tape.lost = True
            if not (isinstance(reason.value, ConnectionDone) or self._tape.tls):
                # A reset is no proper end, even of a body that ends with its connection. Over TLS it looks the same
                # as a close without close_notify, which is too common among servers to be called one.
                self._tape = None
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


class _RecordingFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> RecordingProtocol:  # noqa: ARG002, N802
        return RecordingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Taped:
    """A connection of the pool, lent for one request, which it makes a taped one."""

    __slots__ = ("_connection", "_tape")

    def __init__(self, connection: Any, tape: Tape) -> None:
        self._connection = connection
        self._tape = tape

    def request(self, request: Request) -> Deferred[Any]:
        # Made anew it would be checked anew. Twisted's class has no slots, and ours adds nothing but the tape.
        request.__class__ = TapedRequest
        cast("TapedRequest", request).tape = self._tape
        return cast("Deferred[Any]", self._connection.request(request))


class RecordingPool(HTTPConnectionPool):
    """A pool of recording connections. Asked for one, it binds it to the tape in :data:`TAPE`."""

    _factory = _RecordingFactory

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:  # noqa: N802
        return super().getConnection(key, endpoint).addCallback(_Taped, TAPE.get())


def _tls_version(transport: Any) -> str:
    """How the peer and we agreed to speak, as WARC-Protocol names it; empty without TLS."""
    handle = transport.getHandle()
    if not isinstance(handle, SSL.Connection):
        return ""
    name = handle.get_protocol_version_name()
    return _TLS.get(name, name.lower())
