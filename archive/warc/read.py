"""Reads WARC files record by record. Strict: a file is what it should be to the last byte, or ``WarcError`` says where.

A member is read with its own ``pread``, so nothing is shared between records, and any record is as near as the next.
"""

import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from archive.errors import StorageError, WarcError
from archive.events import Location
from archive.place import explain
from archive.vocabulary import Truncation
from archive.warc import http
from archive.warc.exchange import DOM
from archive.warc.segment import OPEN

MEMBER_LIMIT = 1_000_000_000
"""Bytes that a record may have, unpacked. The recorder stops an answer long before; a bomb does not."""

_MAGIC = b"\x1f\x8b\x08"
_FLAGS, _HEAD, _COMMENT = 3, 10, b"\x10"  # of a gzip member (RFC 1952): where its flags stand, its head, one of them
_FIRST, _NEXT = 16_384, 262_144  # bytes read at a time: most records fit the first
_WINDOW = 1_048_576
_VERSION = re.compile(rb"WARC/1\.[01]\r\n")
_ENDS = b"\r\n\r\n"


class Fault(StrEnum):
    """What is wrong with the bytes at an offset."""

    TORN = "torn"  # the file ends before the record does
    GZIP = "gzip"  # not a gzip member, or a damaged one
    RECORD = "record"  # a whole member that is not exactly one WARC record


class DamageError(WarcError):
    """There is no whole record at an offset."""

    def __init__(self, fault: Fault, file: str, offset: int, why: str) -> None:
        super().__init__(f"{file}, byte {offset}: {why}")
        self.fault, self.file, self.offset, self.why = fault, file, offset, why

    def __reduce__(self) -> tuple[type["DamageError"], tuple[Fault, str, int, str]]:
        return type(self), (self.fault, self.file, self.offset, self.why)  # it crosses process borders


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record. Ids and the URI come without angle brackets; header values as UTF-8."""

    type: str
    id: str
    date: str
    uri: str
    headers: http.Headers
    block: bytes = field(repr=False)
    location: Location
    padding: int = 0  # bytes of a comment in the head of its gzip member: they fill a hole behind it

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; the empty string if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def page(self) -> str:
        """The URL of the page that the record is a capture of."""
        return self.uri.removeprefix(DOM)

    @property
    def message(self) -> http.Message:
        """The answer that the record holds. A rendered page counts as one that came with status 200."""
        if self.type != "resource":
            return http.split(self.block)
        return http.Message(200, "", "", (("Content-Type", self.header("Content-Type")),), b"", self.block)

    def link(self, name: str) -> str:
        """A header that holds a record id, without its angle brackets."""
        return self.header(name).strip("<>")

    @property
    def truncated(self) -> Truncation | None:
        """Why the answer was cut, if it was. In a ``revisit`` the header says only that the payload lies elsewhere."""
        value = self.header("WARC-Truncated").lower()
        if not value or self.type == "revisit":
            return None
        return Truncation(value) if value in set(Truncation) else Truncation.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes ``start`` to ``end`` of a file that hold no whole record."""

    start: int
    end: int
    fault: Fault
    why: str


def portal_of(file: str) -> str:
    """The portal in a WARC file's name: ``<portal>-<UTC time>-<serial>.warc.gz``."""
    return file.rpartition("-")[0].rpartition("-")[0]


def resolve(folder: Path, file: str) -> Path:
    """Where a WARC file of a :class:`Location` lies, sealed or still open. ``folder`` holds the portals' folders.

    Raises ``StorageError`` if it is in neither form."""
    sealed = folder / portal_of(file) / file
    path = sealed.with_name(file + OPEN)
    if path.exists():  # asked first: it may be sealed at any moment
        return path
    if not sealed.exists():
        raise StorageError(f"{sealed}: no such WARC file, sealed or open")
    return sealed


def read_at(path: Path, offset: int) -> Record:
    """The record whose gzip member begins at ``offset``. Raises ``WarcError``, ``StorageError``."""
    with _opened(path) as (fd, name, _size):
        return _record(fd, name, offset)


def walk(path: Path, start: int = 0, end: int | None = None) -> Iterator[Record]:
    """The records of a file that begin from byte ``start`` to before byte ``end`` (default: what the file holds now).

    Raises ``WarcError`` with file and offset at the first byte that does not belong to a whole record,
    ``StorageError`` if the file cannot be read."""
    with _opened(path) as (fd, name, size):
        offset, stop = start, size if end is None else end
        while offset < stop:
            record = _record(fd, name, offset)
            yield record
            offset += record.location.length


def stretches(path: Path, start: int, size: int) -> Iterator[tuple[int, int]]:
    """Cuts what a file holds from byte ``start`` on into stretches of at least ``size`` bytes (but the last).

    An exchange stays in one stretch: its captured event and request, which are concurrent to what follows them, are
    never the last records of one. Raises as :func:`walk`."""
    begin = end = start
    for record in walk(path, start):
        end = record.location.offset + record.location.length
        if end - begin >= size and not record.header("WARC-Concurrent-To"):
            yield begin, end
            begin = end
    if end > begin:
        yield begin, end


def salvage(path: Path) -> Iterator[Record | Damage]:
    """Everything a file holds: whole records, and the stretches between them that hold none.

    Behind damage the next member is found by the gzip magic and by trying. Raises ``StorageError``."""
    with _opened(path) as (fd, name, size):
        offset = 0
        while offset < size:
            try:
                record = _record(fd, name, offset)
            except DamageError as damage:
                following = _next_whole(fd, name, offset + 1, size)
                yield Damage(offset, following, damage.fault, damage.why)
                offset = following
            else:
                yield record
                offset += record.location.length


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, str, int]]:
    """Descriptor, sealed name and present size of a file; what goes wrong with it becomes ``StorageError``."""
    try:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            if path.suffix != OPEN:
                raise
            fd = os.open(path.with_suffix(""), os.O_RDONLY | os.O_CLOEXEC)  # sealed since its name was looked up
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {explain(error)}") from error
    try:
        yield fd, path.name.removesuffix(OPEN), os.fstat(fd).st_size
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {explain(error)}") from error
    finally:
        os.close(fd)


def _next_whole(fd: int, name: str, at: int, size: int) -> int:
    """Where the next whole record begins; ``size`` if there is none."""
    while window := os.pread(fd, _WINDOW, at):
        found = window.find(_MAGIC)
        if found < 0:
            at += max(1, len(window) - len(_MAGIC) + 1)
            continue
        try:
            _record(fd, name, at + found)
        except DamageError:
            at += found + 1
        else:
            return at + found
    return size


def _record(fd: int, name: str, offset: int) -> Record:
    data, length, padding = _member(fd, name, offset)

    def wrong(why: str) -> DamageError:
        return DamageError(Fault.RECORD, name, offset, why)

    version = _VERSION.match(data)
    cut = data.find(_ENDS)
    if version is None or cut < 0:
        raise wrong("the gzip member does not begin with the head of a WARC/1 record")
    headers = http.fields(data[version.end() : cut], "utf-8")
    known = {key.lower(): value for key, value in reversed(headers)}
    stated = known.get("content-length", "")
    if not (stated.isascii() and stated.isdigit() and len(stated) < 16):
        raise wrong("the record does not state its length")
    start = cut + len(_ENDS)
    end = start + int(stated)
    if len(data) < end + len(_ENDS):
        raise wrong(f"the gzip member ends before the {stated} bytes of its record")
    if len(data) > end + len(_ENDS) or not data.endswith(_ENDS):
        raise wrong(f"the gzip member holds more than the {stated} bytes of one record")
    kind, record_id = known.get("warc-type", ""), known.get("warc-record-id", "").strip("<>")
    if not kind or not record_id:
        raise wrong("the record has no WARC-Type or no WARC-Record-ID")
    uri = known.get("warc-target-uri", "").strip("<>")
    location = Location(name, offset, length)
    return Record(kind, record_id, known.get("warc-date", ""), uri, headers, data[start:end], location, padding)


def _member(fd: int, name: str, offset: int) -> tuple[bytes, int, int]:
    """The unpacked gzip member at an offset, its length in the file, and how much of that is a comment."""
    stream = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts: list[bytes] = []
    unpacked = padding = 0
    at, size = offset, _FIRST
    while not stream.eof:
        packed = os.pread(fd, size, at)
        if not packed:
            raise DamageError(Fault.TORN, name, offset, "the file ends in the middle of this record")
        if at == offset and not _MAGIC.startswith(packed[:3]):
            raise DamageError(Fault.GZIP, name, offset, "no gzip member begins here")
        if at == offset and packed[_FLAGS : _FLAGS + 1] == _COMMENT:
            padding = packed.find(b"\0", _HEAD) + 1 - _HEAD
        try:
            part = stream.decompress(packed)
        except zlib.error as error:
            raise DamageError(Fault.GZIP, name, offset, f"damaged gzip member: {error}") from error
        if not unpacked and part and not part.startswith(b"WARC/"[: len(part)]):
            raise DamageError(Fault.RECORD, name, offset, "the gzip member does not hold a WARC record")
        parts.append(part)
        unpacked += len(part)
        if unpacked > MEMBER_LIMIT:
            raise DamageError(Fault.RECORD, name, offset, f"the record unpacks to more than {MEMBER_LIMIT} bytes")
        at, size = at + len(packed), _NEXT
    data = parts[0] if len(parts) == 1 else b"".join(parts)
    return data, at - len(stream.unused_data) - offset, max(padding, 0)
