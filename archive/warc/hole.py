"""Holes: damaged stretches of a WARC file, filled so that every other record stays where it is.

In the place of the bytes that were lost stands a record of exactly their length, which says what is missing: every
validator reads the file again, and offsets that the database or a revisit has noted stay true. It is stored, not
deflated, with blanks behind its JSON; what no number of blanks can reach, and what is too short for that, the comment
in the head of its gzip member makes up for (RFC 1952, section 2.3: any number of bytes, ended by a zero). A stretch too
short for any record goes into the comment of the record in front of it, whose content does not change. Pure.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial

from archive.warc import records
from archive.warc.member import deflated, stored
from archive.warc.read import Record

KIND = "damaged"
PREFIX = f"urn:gongkai:{KIND}:"

LARGEST = 16_000_000
"""Bytes of one such record: a reader has each of them in memory. What is longer becomes several."""

_FLAGS, _HEAD = 3, 10  # of a gzip member: where its flags stand, and the length of its head without a comment
_COMMENT = 0x10


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of a WARC file whose bytes were lost, as far as the log is concerned."""

    file: str  # sealed name
    offset: int
    bytes: int
    why: str
    aside: str = ""  # name of the file beside it that keeps the damaged bytes; "" if none does


def fill(hole: Hole, at: str) -> bytes:
    """Whole records in the place of a hole, exactly as long; empty if it is too short for one. ``at``: UTC stamp."""
    return b"".join(_member(piece, at) for piece in _pieces(hole))


def pad(member: bytes, size: int) -> bytes:
    """A gzip member of ours, longer by ``size`` bytes (at least 1) and of the same content: blanks in its comment.

    Empty if its head is none that this program writes."""
    flags = member[_FLAGS]
    if flags not in (0, _COMMENT):
        return b""
    comment = b" " * size if flags else b" " * (size - 1) + b"\0"
    return member[:_FLAGS] + bytes((_COMMENT,)) + member[_FLAGS + 1 : _HEAD] + comment + member[_HEAD:]


def declared(record: Record) -> Hole | None:
    """The hole that a record fills, or that its comment does; ``None`` for an ordinary record."""
    if record.type == "metadata" and record.uri.startswith(PREFIX):
        try:
            said = json.loads(record.block)
            return Hole(*(said[name] for name in Hole.__slots__))
        except (ValueError, KeyError, TypeError):
            return None  # somebody else's, whatever it is called
    if not record.padding:
        return None
    file, end = record.location.file, record.location.offset + record.location.length
    return Hole(file, end - record.padding, record.padding, "too short for a record", aside(file, end - record.padding))


def aside(file: str, offset: int) -> str:
    """Name of the file that keeps the damaged bytes that stood at an offset."""
    return f"{file}.damaged-{offset}"


def _pieces(hole: Hole) -> Iterator[Hole]:
    """A hole cut into such as one record can fill."""
    while hole.bytes > 2 * LARGEST:
        yield replace(hole, bytes=LARGEST)
        hole = replace(hole, offset=hole.offset + LARGEST, bytes=hole.bytes - LARGEST)
    yield hole


def _member(hole: Hole, at: str) -> bytes:
    body = json.dumps({"gongkai": KIND} | asdict(hole), ensure_ascii=False, separators=(",", ":")).encode()
    name = f"{PREFIX}{hole.file}:{hole.offset}"
    made = partial(records.note, name, records.new_id(), at)
    member = _blanked(lambda blanks: made(body + b" " * blanks, stored), hole.bytes) or made(body, deflated)
    missing = hole.bytes - len(member)
    if missing < 0:
        return b""
    return pad(member, missing) if missing else member


def _blanked(make: Callable[[int], bytes], size: int) -> bytes:
    """The longest member of at most ``size`` bytes; empty if none is that short."""
    blanks = size - len(make(0))
    while blanks >= 0:
        member = make(blanks)
        if len(member) <= size:
            return member
        blanks -= len(member) - size  # further blocks, and further digits of Content-Length
    return b""
