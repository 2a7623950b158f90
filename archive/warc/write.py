"""The log's pen: exchanges and events become WARC records, some groups an append, a file about a gigabyte."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from archive import clock as clocks
from archive.errors import StorageError
from archive.events import Event, Location
from archive.place import explain
from archive.warc import http, member, records
from archive.warc.exchange import Exchange, Rendering
from archive.warc.read import portal_of
from archive.warc.records import Original
from archive.warc.segment import Segment, sync_folder

__all__ = ["Original", "Position", "WarcWriter"]

FILE_LIMIT = 1_000_000_000  # bytes; WARC 1.1, annex C
REVISIT_MIN = 200  # bytes of payload; below, a revisit record would be the larger one
MEMORY = 10_000  # the latest payloads of this session, which the archive may not have read yet
TOGETHER = 16
"""Exchanges that are appended at once. One by itself takes twice as long: the processor has seen so much else since the
last one that it has to fetch the program and its data anew."""
TOGETHER_BYTES = 1 << 20  # of what waits for it, so that large files are not held
ROBOTS = "obeyed (RFC 9309); a refused robots.txt means no"


class Position(NamedTuple):
    """How far a WARC file is written: its sealed name and the first byte behind its last record."""

    file: str
    end: int


class WarcWriter:
    """Writes the WARC files of one portal, one after the other. The :class:`Recorder` of a run.

    Every method may be called from any thread. A full disk does not end its life: what did not fit is taken back whole,
    and what comes later may succeed."""

    def __init__(
        self,
        folder: Path,
        portal: str,
        *,
        software: str,
        operator: str = "",
        clock: clocks.Clock = clocks.now,
        limit: int = FILE_LIMIT,
        find: Callable[[str, str], Original | None],
        find_latest: Callable[[str], Original | None] | None = None,
    ) -> None:
        """Files are ``<folder>/<portal>/<portal>-<UTC time>-<serial>.warc.gz``, with ``.open`` behind while written.

        ``find(payload_digest, url)``: the full ``response`` record of this portal that holds a payload, if the archive
        knows one. ``find_latest(url)``: the latest capture of a URL, which a 304 is about; without it a 304 becomes a
        plain response. Both are asked by whichever thread has exchanges appended, by one at a time. ``limit``: bytes at
        which a file is sealed. Raises ``StorageError``."""
        self._folder = Path(folder) / portal
        self._portal, self._clock, self._limit = portal, clock, limit
        self._find, self._find_latest = find, find_latest
        self._about = [
            ("software", software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", records.CONFORMS_TO),
            ("isPartOf", portal),
            ("operator", operator),
            ("robots", ROBOTS),
        ]
        self._waiting: list[tuple[Exchange, str]] = []  # to be appended, each with the record id of its answer
        self._bytes = 0  # of the responses among them
        self._known: OrderedDict[str, Original] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False
        self._serial = 0
        self._sealed: list[Position] = []
        self._durable: Position | None = None
        self._segment: Segment | None = None
        self._info = ""  # record id of the file's warcinfo
        self._start = 0  # where its first record behind the warcinfo begins
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder.parent)
            stamps = [path.name[len(portal) + 1 :].partition("-")[0] for path in self._folder.glob(f"{portal}-*")]
        except OSError as error:
            raise StorageError(f"{self._folder}: cannot hold WARC files: {explain(error)}") from error
        self._stamp = max(stamps, default="")  # names sort as the log runs, even if the clock was set back
        self._ready()

    def record(self, exchange: Exchange) -> str:
        """Take an exchange for the log; gives the id of the record that its response becomes.

        It becomes one group: its ``captured`` event, request, response, which is a ``revisit`` if the archive holds its
        payload already. It is appended with others, :data:`TOGETHER` at most; in any case before an event is, by
        :meth:`sync`, and at the end. Raises ``StorageError``: what was waiting to be appended is given up."""
        record_id = records.new_id()
        with self._lock:
            self._refuse_if_closed()
            self._waiting.append((exchange, record_id))
            self._bytes += len(exchange.response)
            if len(self._waiting) >= TOGETHER or self._bytes >= TOGETHER_BYTES:
                self._append()
        return record_id

    def rendering(self, shown: Rendering) -> str:
        """Append a rendered page as one group: its ``captured`` event, its ``resource`` records. Gives the id of the
        document's record. Raises ``StorageError``; nothing of the group is then in the log."""
        record_id = records.new_id()
        with self._lock:
            self._append()
            self._ready().append(records.rendering(shown, self._info, record_id))
        return record_id

    def event(self, event: Event, *, refers_to: str = "") -> str:
        """Append an event; gives its record id. ``refers_to``: id of the capture that it speaks of.

        Raises ``StorageError``."""
        record_id = records.new_id()
        at = getattr(event, "at", "") or clocks.stamp(self._clock())
        with self._lock:
            self._append()
            self._ready().append(records.event(event, self._info, record_id, at, refers_to))
        return record_id

    def position(self) -> Position:
        """How far the log is appended, durable or not. Before the first record: the file it will go to. Raises
        ``StorageError``."""
        with self._lock:
            self._append()
            return self._position()

    def sync(self) -> tuple[Position, ...]:
        """Make durable what was appended before this call. Gives all files of this session, oldest first: the last is
        the position up to which the log is durable now. Empty before the first record.

        For another thread than the one that records, which goes on during the fsync. Raises ``StorageError``."""
        with self._lock:
            self._append()
            sealed = tuple(self._sealed)  # sealing made these durable
            segment = self._segment
            if segment is None or segment.end <= self._start:
                return sealed
            position = self._position()
            if position == self._durable:
                return (*sealed, position)
            fd = segment.duplicate()
        try:
            segment.flush(fd)
        finally:
            os.close(fd)
        self._durable = position
        return (*sealed, position)

    def close(self) -> None:
        """Seal the file; remove it if it holds nothing but its warcinfo.

        Raises ``StorageError``; the file then stays ``.open``, for ``repair``."""
        with self._lock:
            if not self._closed:
                try:
                    self._append()
                finally:
                    self._closed = True
                    self._seal()

    def __enter__(self) -> "WarcWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self) -> None:
        """Append the groups of what waits for it, in one piece. What does not fit is given up."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if not waiting:
            return
        segment = self._ready()
        pieces: list[bytes] = []
        end = segment.end
        new: list[str] = []
        try:
            for exchange, record_id in waiting:
                before, answer, payload_digest = self._group(exchange, record_id)
                if payload_digest:
                    location = Location(segment.sealed.name, end + len(before), len(answer))
                    at = clocks.stamp(exchange.started_at)
                    self._remember(Original(record_id, exchange.url, at, location, payload_digest))
                    new.append(payload_digest)
                pieces += before, answer
                end += len(before) + len(answer)
            segment.append(b"".join(pieces))
        except BaseException:  # whatever it is: nothing may refer to what is not there
            for payload_digest in new:
                self._known.pop(payload_digest, None)
            raise

    def _group(self, exchange: Exchange, record_id: str) -> tuple[bytes, bytes, str]:
        """The records before the answer's, that one, and the digest of its payload if a revisit may refer to it."""
        status, head, payload = http.outline(exchange.response)
        payload_digest = records.digest(payload)
        whole = exchange.truncated is None
        dense = whole and status == 200 and len(payload) >= REVISIT_MIN
        original, same_payload = None, True
        if dense:
            original = self._earlier(payload_digest, exchange.url)
        elif whole and status == 304 and self._find_latest is not None:
            original, same_payload = self._find_latest(exchange.url), False
        pack = member.packing(exchange.response, head) if original is None else member.deflated
        group = records.Group(exchange, self._info, record_id, pack)
        if original is None:
            answer = group.response(payload_digest)
        elif same_payload:
            answer = group.revisit(original, payload_digest)
        else:
            answer = group.not_modified(original)
        return group.captured(original) + group.request(), answer, payload_digest if dense and original is None else ""

    def _earlier(self, payload_digest: str, url: str) -> Original | None:
        original = self._known.get(payload_digest) or self._find(payload_digest, url)
        return original if original is not None and portal_of(original.location.file) == self._portal else None

    def _remember(self, original: Original) -> None:
        self._known[original.payload_digest] = original
        if len(self._known) > MEMORY:
            self._known.popitem(last=False)

    def _position(self) -> Position:
        if self._segment is not None:
            return Position(self._segment.sealed.name, self._segment.end)
        return self._sealed[-1] if self._sealed else Position("", 0)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StorageError(f"{self._folder}: the WARC writer of this portal is closed")

    def _ready(self) -> Segment:
        """The file to append to; a new one if there is none or the limit is reached."""
        self._refuse_if_closed()
        if self._segment is not None and self._segment.end >= max(self._limit, self._start + 1):
            self._seal()
        if self._segment is None:
            self._segment = self._open()
        return self._segment

    def _open(self) -> Segment:
        now = self._clock()
        self._stamp = max(self._stamp, clocks.file_stamp(now))
        while True:
            sealed = self._folder / f"{self._portal}-{self._stamp}-{self._serial:05d}.warc.gz"
            self._serial += 1
            try:
                segment = Segment(sealed)
            except FileExistsError:
                continue
            break
        self._info = records.new_id()
        try:
            segment.append(records.warcinfo(self._info, clocks.stamp(now), sealed.name, self._about))
            sync_folder(self._folder)
        except OSError as error:
            segment.discard()
            raise StorageError(f"{self._folder}: cannot be made durable: {explain(error)}") from error
        except StorageError:
            segment.discard()
            raise
        self._start = segment.end
        return segment

    def _seal(self) -> None:
        segment = self._segment
        if segment is None:
            return
        if segment.end > self._start:
            segment.seal()
            self._sealed.append(Position(segment.sealed.name, segment.end))
        else:
            segment.discard()
        self._segment = None
