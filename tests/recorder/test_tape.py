"""The parts of the recorder, one by one, without a network."""

from asyncio import CancelledError
from collections.abc import Callable
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Request, Response
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.http_headers import Headers

from archive.errors import StorageError
from archive.vocabulary import Truncation
from archive.warc.exchange import Exchange
from crawler.recorder import attach, recorder_of
from crawler.recorder.handler import keep, why_cut
from crawler.recorder.tape import Tape, split_interim
from crawler.recorder.wire import RecordingProtocol, TapedRequest, require

from .cases import CONTINUE, GZIPPED, HINTS, OK, plain

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"


class Transport(StringTransport):
    def getHandle(self) -> object:  # noqa: N802
        return self

    def abortConnection(self) -> None:  # noqa: N802
        self.aborting = True


class Body(Protocol):
    ended: Failure | None = None

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802
        self.ended = reason


class Wire:
    """A recording connection with one request under way and nothing behind it."""

    def __init__(self, method: bytes = b"GET") -> None:
        self.idle: list[object] = []
        self.protocol = RecordingProtocol(self.idle.append)
        self.transport = Transport()
        self.protocol.makeConnection(self.transport)
        self.ask(method)

    def ask(self, method: bytes = b"GET") -> None:
        self.tape = Tape()
        self.body = Body()
        request = TapedRequest(method, b"/a", Headers({b"Host": [b"a.gov.cn"]}), None, persistent=True)
        request.tape = self.tape
        self.failures: list[Failure] = []
        answered = self.protocol.request(request)
        answered.addCallbacks(lambda response: response.deliverBody(self.body), self.failures.append)


class Listing:
    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def record(self, exchange: Exchange) -> str:
        self.exchanges.append(exchange)
        return f"urn:test:{len(self.exchanges)}"


@pytest.mark.parametrize(
    ("response", "method"),
    [(plain(b"body"), b"GET"), (CHUNKED, b"GET"), (plain(b""), b"GET"), (OK + b"Content-Length: 9\r\n\r\n", b"HEAD")],
)
def test_a_response_ends_where_it_ends_however_it_is_cut_up(response: bytes, method: bytes) -> None:
    stream = response + plain(b"of nobody")
    for at in range(1, len(stream)):
        wire = Wire(method)
        wire.protocol.dataReceived(stream[:at])
        if wire.protocol.state == "WAITING":
            wire.protocol.dataReceived(stream[at:])
        wire.protocol.connectionLost(Failure(ConnectionDone()))
        assert wire.tape.answer() == response
        assert wire.tape.whole
        assert not wire.tape.lost


def test_two_exchanges_on_one_connection_are_told_apart() -> None:
    wire = Wire()
    first = wire.tape
    wire.protocol.dataReceived(plain(b"one"))
    wire.ask()
    wire.protocol.dataReceived(plain(b"two"))
    assert (first.answer(), wire.tape.answer()) == (plain(b"one"), plain(b"two"))
    assert b"".join(first.sent) == b"".join(wire.tape.sent) == b"GET /a HTTP/1.1\r\nHost: a.gov.cn\r\n\r\n"
    assert wire.transport.value() == b"".join(first.sent) * 2
    assert len(wire.idle) == 2


def test_a_request_written_again_starts_its_tape_afresh() -> None:
    wire = Wire()
    wire.protocol.connectionLost(Failure(ConnectionDone()))
    assert wire.tape.lost
    again = TapedRequest(b"GET", b"/b", Headers({b"Host": [b"a.gov.cn"]}), None, persistent=True)
    again.tape = wire.tape
    again.writeTo(wire.transport)
    assert b"".join(wire.tape.sent).startswith(b"GET /b ")
    assert not wire.tape.lost


@pytest.mark.parametrize(
    ("reason", "tls", "truncated"),
    [
        (ConnectionDone, "", None),
        (ConnectionLost, "", Truncation.DISCONNECT),
        (ConnectionAborted, "", Truncation.DISCONNECT),
        (ConnectionDone, "tls/1.3", None),
        (ConnectionLost, "tls/1.3", None),  # no close_notify
    ],
)
def test_a_body_that_ends_with_its_connection(
    reason: Callable[[], Exception], tls: str, truncated: Truncation | None
) -> None:
    wire = Wire()
    wire.protocol.dataReceived(OK + b"\r\nuntil I close")
    wire.tape.tls = tls
    wire.protocol.connectionLost(Failure(reason()))
    assert wire.body.ended is not None
    assert why_cut(wire.tape, Response("http://a.gov.cn/")) is truncated


def test_a_framed_body_that_is_cut() -> None:
    wire = Wire()
    wire.protocol.dataReceived(OK + b"Content-Length: 9\r\n\r\nhalf")
    wire.protocol.connectionLost(Failure(ConnectionDone()))
    assert why_cut(wire.tape, ResponseDataLossError()) is Truncation.DISCONNECT
    assert why_cut(wire.tape, Response("http://a.gov.cn/", flags=["dataloss"])) is Truncation.DISCONNECT


def test_what_is_not_http_is_not_blamed_on_the_line() -> None:
    wire = Wire()
    wire.protocol.dataReceived(b"220 mail.gov.cn ESMTP\r\n")
    assert wire.transport.disconnecting
    wire.protocol.connectionLost(Failure(ConnectionDone()))
    assert wire.failures
    assert why_cut(wire.tape, DownloadFailedError()) is Truncation.UNSPECIFIED


@pytest.mark.parametrize(
    ("outcome", "truncated"),
    [
        (DownloadTimeoutError(), Truncation.TIME),
        (DownloadCancelledError(), Truncation.LENGTH),
        (StopDownload(), Truncation.UNSPECIFIED),
        (CancelledError(), Truncation.UNSPECIFIED),
        (Response("http://a.gov.cn/", flags=["download_stopped"]), Truncation.UNSPECIFIED),
    ],
)
@pytest.mark.parametrize("unframed", [False, True])
def test_what_we_ended_ourselves_has_our_reason(
    outcome: Response | BaseException, truncated: Truncation, unframed: bool
) -> None:
    assert why_cut(Tape(whole=unframed, lost=True), outcome) is truncated
    assert why_cut(Tape(whole=True), outcome) is None


@pytest.mark.parametrize(
    ("interim", "response"),
    [
        (b"", plain(b"a")),
        (HINTS, plain(b"a")),
        (CONTINUE + HINTS, plain(b"a")),
        (HINTS.replace(b"\r\n", b"\n"), b"HTTP/1.1 200 OK\n\n"),
        (b"HTTP/1.1 100\r\n\r\n", plain(GZIPPED)),
        (b"HTTP/1.1 103 Hints\r\nLink: a\r\n folded\r\n\r\n", b"HTTP/1.1 20"),
        (b"", HINTS),
        (b"", HINTS[:-1]),
        (b"", b""),
        (b"", OK + b"\r\nHTTP/1.1 103 in the body\r\n\r\nmore"),
        (b"", b"HTTP/1.1 1000 x\r\n\r\nmore"),
    ],
)
def test_split_interim(interim: bytes, response: bytes) -> None:
    assert split_interim(interim + response) == (interim, response)


def test_an_answer_without_its_bytes_is_refused() -> None:
    request, recorder = Request("http://a.gov.cn/"), Listing()
    with pytest.raises(StorageError, match="without its bytes"):
        keep(recorder, request, Tape(), Response(request.url))
    assert not recorder.exchanges


def test_a_failure_before_the_first_byte_leaves_nothing_to_record() -> None:
    request, recorder = Request("http://a.gov.cn/"), Listing()
    keep(recorder, request, Tape(), DownloadTimeoutError())
    assert not recorder.exchanges
    assert "capture_id" not in request.meta


def test_a_tape_is_empty_once_it_was_taken() -> None:
    wire = Wire()
    wire.protocol.dataReceived(plain(b"a"))
    exchange = wire.tape.take("http://a.gov.cn/", None, None)
    assert exchange.response == plain(b"a")
    assert not wire.tape.answer()
    assert not b"".join(wire.tape.sent)


def test_a_name_that_is_gone_is_named() -> None:
    with pytest.raises(ImportError, match=r"Tape has no rewind any more.*Scrapy 2\.19"):
        require(Tape, "take", "rewind")


def test_a_crawler_has_the_recorder_that_was_attached_to_it() -> None:
    crawler, recorder = Crawler(Spider), Listing()
    with pytest.raises(StorageError, match="no recorder"):
        recorder_of(crawler)
    attach(crawler, recorder)
    assert recorder_of(crawler) is recorder
