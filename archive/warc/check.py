"""Proves WARC files: every byte belongs to a whole record, every digest is right, every link leads somewhere."""

import hashlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.events import Captured, Location, from_json
from archive.warc import http
from archive.warc.hole import Hole, declared
from archive.warc.read import Damage, Record, salvage
from archive.warc.records import SAME_PAYLOAD

ALGORITHMS = frozenset(("sha256", "sha1", "sha512", "md5"))  # sha256 is ours, the others are met in foreign files


class Kind(StrEnum):
    """What can be wrong with a WARC file; the first three are those of ``read.Fault``."""

    TORN = "torn"
    GZIP = "gzip"
    RECORD = "record"
    WARCINFO = "warcinfo"  # the file does not begin with one
    BLOCK_DIGEST = "block_digest"
    PAYLOAD_DIGEST = "payload_digest"
    REPEATED_ID = "repeated_id"
    DANGLING = "dangling"  # a link to a record that is not there
    PAYLOAD_DIFFERS = "payload_differs"  # a revisit and its original do not have the same payload digest


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the record or the bytes at an offset of a file."""

    file: str
    offset: int
    kind: str  # a Kind, or the word of a caller that compares the files with something else
    detail: str


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record, for who wants to count them or to compare them with the database."""

    id: str  # "urn:uuid:…"
    type: str
    offset: int
    length: int
    payload_digest: str  # as stated; "" if there is none


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was lost, and that the log itself says is: a damaged stretch that was mended, or a record that
    refers to one in such a stretch."""

    file: str
    offset: int
    bytes: int  # of the stretch; 0 for a record that refers to it
    detail: str
    record: str = ""  # id of the record that refers to it

    def __str__(self) -> str:
        what = f"{self.bytes} bytes" if self.bytes else "what a record refers to"
        return f"{what} at {self.offset} of {self.file}, {self.detail}"


@dataclass(frozen=True, slots=True)
class _Link:
    file: str
    offset: int
    field: str
    target: str
    source: str  # id of the record that has it
    payload: str = ""  # the digest that the target's payload should have, if any
    excused: bool = False  # whether its target may lie in a declared hole


class Checker:
    """Checks files that belong together (a portal's), one after the other.

    What it keeps in mind of a record is its id and the payload digest of a response: some 0.3 kB."""

    def __init__(self) -> None:
        self._payloads: dict[str, str] = {}  # record id → payload digest
        self._pending: list[_Link] = []
        self._holes: dict[str, list[Hole]] = {}  # sealed file name → what it declares lost

    def check(self, path: Path) -> Iterator[Found | Problem | Loss]:
        """Each whole record of a file, each problem, each known loss. Raises ``StorageError`` if the file cannot be
        read."""
        file = path.name
        first = True
        last: Record | None = None
        concurrent: list[_Link] = []
        unanswered: set[str] = set()  # responses that were lost behind what was written before them
        original: Location | None = None  # of the revisit that the latest event is about
        for item in salvage(path):
            if isinstance(item, Damage):
                last = None
                size = item.end - item.start
                yield Problem(file, item.start, Kind(item.fault), f"{size} bytes without a whole record: {item.why}")
            else:
                if (hole := declared(item)) is not None:
                    unanswered |= {record.link("WARC-Concurrent-To") for record in (last, item) if record is not None}
                    self._holes.setdefault(hole.file, []).append(hole)
                    aside = f"set aside in {hole.aside}" if hole.aside else "kept nowhere"
                    yield Loss(file, hole.offset, hole.bytes, f"{aside} ({hole.why})")
                last = item
                stated = item.header("WARC-Payload-Digest")
                yield Found(item.id, item.type, item.location.offset, item.location.length, stated)
                for kind, detail in self._faults(item, first):
                    yield Problem(file, item.location.offset, kind, detail)
                if target := item.link("WARC-Concurrent-To"):
                    concurrent.append(_Link(file, item.location.offset, "WARC-Concurrent-To", target, item.id))
                    if item.type == "metadata":
                        event = from_json(item.block)
                        original = event.original if isinstance(event, Captured) else None
                if target := item.link("WARC-Refers-To"):
                    payload = stated if item.header("WARC-Profile") == SAME_PAYLOAD else ""
                    # An event refers to a capture that was recorded before it; a revisit's event says where it lies.
                    excused = bool(self._holes) if item.type == "metadata" else self._is_lost(original)
                    link = _Link(file, item.location.offset, "WARC-Refers-To", target, item.id, payload, excused)
                    self._pending += [link] if self._loose(link) else []
            first = False
        if first:
            yield Problem(file, 0, Kind.WARCINFO, "the file is empty")
        # A killed writer may leave a last group without its response; mending keeps what is whole of it.
        unanswered.add(last.link("WARC-Concurrent-To") if last is not None else "")
        for link in concurrent:
            if link.target not in unanswered and (problem := self._loose(link)):
                yield problem

    def links(self) -> Iterator[Problem | Loss]:
        """Once all files are checked: references to records that none of them holds, or that hold something else."""
        for link in self._pending:
            if problem := self._loose(link):
                lost = link.excused and problem.kind == Kind.DANGLING
                detail = f"{link.field} names {link.target}, lost in a damaged stretch"
                yield Loss(link.file, link.offset, 0, detail, link.source) if lost else problem
        self._pending.clear()

    def _is_lost(self, place: Location | None) -> bool:
        """Whether a record began in a stretch that is declared lost."""
        holes = self._holes.get(place.file, ()) if place is not None else ()
        return any(place is not None and hole.offset <= place.offset < hole.offset + hole.bytes for hole in holes)

    def _loose(self, link: _Link) -> Problem | None:
        """What is wrong with a link, as far as is known by now."""
        known = self._payloads.get(link.target)
        if known is None:
            detail = f"{link.field} names {link.target}, which is not there"
            return Problem(link.file, link.offset, Kind.DANGLING, detail)
        if link.payload and link.payload != known:
            detail = f"the payload has digest {link.payload}, but that of {link.target} has {known or 'none'}"
            return Problem(link.file, link.offset, Kind.PAYLOAD_DIFFERS, detail)
        return None

    def _faults(self, record: Record, first: bool) -> Iterator[tuple[Kind, str]]:
        if first and record.type != "warcinfo" and declared(record) is None:
            yield Kind.WARCINFO, f"the file begins with a {record.type} record"
        if record.id in self._payloads:
            yield Kind.REPEATED_ID, f"{record.id} names an earlier record too"
        payload_digest = record.header("WARC-Payload-Digest")
        self._payloads[record.id] = payload_digest if record.type == "response" else ""
        if wrong := _disagreement(record.header("WARC-Block-Digest"), record.block):
            yield Kind.BLOCK_DIGEST, wrong
        if record.type == "revisit":
            return  # its payload lies elsewhere: see links()
        if (payload_digest or record.type == "response") and (wrong := _disagreement(payload_digest, payload(record))):
            yield Kind.PAYLOAD_DIGEST, wrong


def check_file(path: Path) -> Iterator[Found | Problem | Loss]:
    """Each whole record of one file, each problem and each known loss; references to other files are not followed.

    Raises ``StorageError`` if it cannot be read."""
    return Checker().check(path)


def payload(record: Record) -> bytes:
    """The bytes that ``WARC-Payload-Digest`` is about: an HTTP body without chunk framing, or else the whole block."""
    if record.header("Content-Type").partition(";")[0] != "application/http":
        return record.block
    if record.type == "request":
        return record.block[http.head_length(record.block) :]
    return http.payload(http.split(record.block))


def _disagreement(stated: str, data: bytes) -> str:
    """Why a digest does not fit; "" if it does. Hex and Base32 are both in use (warc-1.1-annotated)."""
    if not stated:
        return "no digest is stated"
    algorithm, _, value = stated.partition(":")
    if algorithm.lower() not in ALGORITHMS:
        return f"{stated!r} is no digest that can be checked"
    found = hashlib.new(algorithm.lower(), data).digest()
    if value.lower() == found.hex() or value.upper() == b32encode(found).decode():
        return ""
    return f"stated {stated}, found {algorithm}:{found.hex()}"
