"""Scrapy's HTTP/1.1 download handler, which hands every exchange to the crawler's recorder before it answers."""

from asyncio import CancelledError
from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, StopDownload
from scrapy.http import Request, Response
from twisted.web.iweb import IPolicyForHTTPS

from archive.errors import StorageError
from archive.events import Captured
from archive.vocabulary import Truncation
from archive.warc.exchange import Recorder
from crawler.recorder import recorder_of
from crawler.recorder.tape import Tape
from crawler.recorder.tls import Connector, Peer, is_bad_ecpoint
from crawler.recorder.wire import ADVICE, TAPE, RecordingPool, require

require(HTTP11DownloadHandler, "download_request")
for name in ("_pool", "_contextFactory"):  # attributes, so not found on the class
    if name not in HTTP11DownloadHandler.download_request.__code__.co_names:
        raise ImportError(f"HTTP11DownloadHandler does not take its connections from {name} any more: {ADVICE}")


class RecordingHandler(HTTP11DownloadHandler):
    """For ``http`` and ``https`` in ``DOWNLOAD_HANDLERS``.

    ``request.meta["context"]`` (a ``Captured``) tells the log why the request is made. ``meta["capture_id"]`` is the
    record id of the answer, set before the callback or errback runs; it is missing if no byte of an answer came. Where
    a download fails in mid-answer, the bytes that did arrive are recorded, then the failure goes on. A host that sends
    a bad point on an elliptic curve is asked once more, on P-256 alone (see :mod:`crawler.recorder.tls`).

    Raises ``StorageError`` if there is no recorder, or if it cannot write."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor  # not at import: that would choose a reactor for the whole process

        pool = RecordingPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        pool.maxPersistentPerHost = self._pool.maxPersistentPerHost
        self._pool = pool
        self._tls = Connector(crawler.settings)
        self._contextFactory = cast("IPolicyForHTTPS", self._tls)

    async def download_request(self, request: Request) -> Response:
        recorder = recorder_of(self._crawler)
        request.meta.pop("capture_id", None)  # a redirect or retry comes with the one of the exchange before it
        peer = peer_of(request.url) if request.url.startswith("https:") else None
        narrow = peer is not None and self._tls.is_narrow(peer)
        tape = Tape()
        TAPE.set(tape)
        try:
            response = await super().download_request(request)
        except (Exception, CancelledError) as error:
            if (
                peer is not None and not narrow and is_bad_ecpoint(error)
            ):  # the handshake failed: nothing of HTTP has crossed the wire
                self._tls.narrow(peer)
                return await self.download_request(request)
            keep(recorder, request, tape, error, self._tls.exceptions(peer) if peer is not None else ())
            raise
        keep(recorder, request, tape, response, self._tls.exceptions(peer) if peer is not None else ())
        return response


def peer_of(url: str) -> Peer:
    """Whom a request to ``url`` asks."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def keep(
    recorder: Recorder,
    request: Request,
    tape: Tape,
    outcome: Response | BaseException,
    tls_exceptions: tuple[str, ...] = (),
) -> None:
    """Record what is on the tape, if an answer has begun, and put the record's id into ``request.meta``.

    Raises ``StorageError`` if it cannot be written, or if there is an answer and the tape has no bytes of it."""
    if not any(tape.received):
        if isinstance(outcome, Response):
            raise StorageError(
                f"{request.url}: the answer came without its bytes; crawler/recorder/wire.py does not fit the installed"
                " Scrapy and Twisted"
            )
        return
    context: Captured | None = request.meta.get("context")
    if context is not None:
        attempt, exceptions = request.meta.get("retry_times", 0) + 1, tls_exceptions if tape.tls else ()
        if (attempt, exceptions) != (context.attempt, context.tls_exceptions):
            context = replace(context, attempt=attempt, tls_exceptions=exceptions)
    url = request.url.partition("#")[0]
    request.meta["capture_id"] = recorder.record(tape.take(url, why_cut(tape, outcome), context))


def why_cut(tape: Tape, outcome: Response | BaseException) -> Truncation | None:
    """Why the bytes end where they do; ``None`` if the response is whole.

    Where it was us who ended it, our reason counts, even for a body that has no other end than its connection's."""
    if not tape.whole or tape.lost:
        if isinstance(outcome, DownloadTimeoutError):
            return Truncation.TIME
        if isinstance(outcome, DownloadCancelledError):  # Scrapy's word for more than DOWNLOAD_MAXSIZE
            return Truncation.LENGTH
        if isinstance(outcome, StopDownload | CancelledError):
            return Truncation.UNSPECIFIED
        if isinstance(outcome, Response) and "download_stopped" in outcome.flags:
            return Truncation.UNSPECIFIED
    if tape.whole:
        return None
    return Truncation.DISCONNECT if tape.lost else Truncation.UNSPECIFIED
