"""Read a stretch of a WARC file into facts. Pure but for reading the file."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import ReadingError, StorageError, WarcError
from archive.events import Captured, CatalogueRow, Location, Reread, from_json
from archive.ledger.facts import CaptureFact, EventFact, Fact, RereadFact
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.refusal import refusal
from archive.reading.rendered import is_for_browser
from archive.vocabulary import Role, TextStatus, Truncation
from archive.warc import http
from archive.warc.read import Record, portal_of, read_at, resolve, walk

ENTITY_LIMIT = 64_000_000
"""Bytes of a decoded document that a reader will look at; more is a decompression bomb or not a page."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes ``start`` to ``end`` of a WARC file, both at record borders. ``skip``: offsets of captures not to be read
    for their meaning, each with the reason, because a worker died over them."""

    file: str
    start: int
    end: int
    skip: tuple[tuple[int, str], ...] = ()


Mark = Callable[[int, int], None]


def facts(folder: Path, span: Span, mark: Mark = lambda _group, _offset: None) -> Iterator[Fact]:
    """The facts of a span, in order. Raises ``WarcError`` if the file is damaged there.

    ``mark(group, offset)`` is called before a capture is read for its meaning: ``group`` is where its first record
    begins, ``offset`` the capture itself. Should the reading kill this process, the caller knows where to go on."""
    skip = dict(span.skip)
    contexts: dict[str, tuple[Captured, int]] = {}
    for record in walk(resolve(folder, span.file), span.start, span.end):
        if record.type == "metadata":
            event = from_json(record.block)
            if isinstance(event, Captured):
                contexts = {record.link("WARC-Concurrent-To"): (event, record.location.offset)}
            elif isinstance(event, Reread):
                yield RereadFact(event, record.date, record.location, _read_again(folder, event, record, skip, mark))
            elif event is not None:
                yield EventFact(event, record.date, record.location)
        elif record.type in ("response", "revisit") or record.id in contexts:  # of a rendering, the document alone
            context, group = contexts.pop(record.id, (_unexplained(span.file), record.location.offset))
            mark(group, record.location.offset)
            yield _capture(folder, record, context, skip.get(record.location.offset, ""))


def capture_at(folder: Path, lies: Location, capture: str) -> CaptureFact | None:
    """One capture, read for its meaning now. ``lies``: where it and the records that explain it are, at record borders.

    Raises ``WarcError`` if the file is damaged there, ``StorageError``."""
    return named(facts(folder, span_of(lies)), capture)


def span_of(lies: Location) -> Span:
    """The stretch that a location covers."""
    return Span(lies.file, lies.offset, lies.offset + lies.length)


def named(found: Iterable[Fact], capture: str) -> CaptureFact | None:
    """The capture of that id among facts."""
    return next((fact for fact in found if isinstance(fact, CaptureFact) and fact.id == capture), None)


def _read_again(
    folder: Path, event: Reread, record: Record, skip: dict[int, str], mark: Mark
) -> tuple[Reading | None, ...]:
    """What the present reader makes of the captures that a ``reread`` event names.

    Each has a place of its own for ``mark`` and ``skip``: the event's offset and, within its record, its number."""
    readings: list[Reading | None] = []
    for number, item in enumerate(event.readings, 1):
        reading, place = None, record.location.offset + number
        if item.is_read and place not in skip:
            mark(record.location.offset, place)
            try:
                fact = capture_at(folder, item.lies, item.capture)
            except (WarcError, StorageError):  # the version stays as it is, and the next `gongkai reread` names it
                fact = None
            reading = fact.reading if fact is not None else None
        readings.append(reading)
    return tuple(readings)


def _unexplained(file: str) -> Captured:
    """The context of a capture that nothing in the log explains: its bytes are kept, it leads to no document."""
    return Captured(run="", portal=portal_of(file), role=Role.OTHER)


def _capture(folder: Path, record: Record, context: Captured, skip: str) -> CaptureFact:
    message, made = record.message, record.type == "resource"
    source = message  # of the payload: a revisit holds the head only, the payload lies with the original
    truncated, lost = record.truncated, False
    if context.original is not None:
        original = _original(folder, record, context.original)
        if original is not None:
            source = original.message
        else:  # what came is not known any more: it counts as cut, and so will be asked for again
            truncated, lost = Truncation.UNSPECIFIED, True
    reading: Reading | None = None
    sha256, decoded_bytes, refused = "", 0, ""
    if context.role is not Role.ROBOTS and message.status != 304 and not lost:
        try:
            body = http.entity(source, limit=ENTITY_LIMIT)
        except WarcError as error:  # a coding that nobody asked for, or a decompression bomb
            body, skip = http.payload(source), skip or str(error)
        page = Page(record.page, message.status, message.headers, body)
        if context.rendered and not made and truncated is None and is_for_browser(page):
            context = replace(context, role=Role.OTHER)  # what counts is the page that a browser makes of it
        if context.role is Role.DOCUMENT and page.status == 200 and truncated is None:
            reading = _unreadable(context.row, skip) if skip else _read(page, context.row)
            refused = reading.refusal
        elif context.role is not Role.OTHER or page.status != 200:
            refused = refusal(page.status, page.headers, page.body)
        if context.role is Role.ATTACHMENT:
            sha256, decoded_bytes = hashlib.sha256(page.body).hexdigest(), len(page.body)
    return CaptureFact(
        id=record.id,
        url=record.page,
        fetched_at=record.date,
        status=message.status,
        mime=Page(record.page, message.status, message.headers, b"").mime,
        payload_digest=record.header("WARC-Payload-Digest"),
        payload_bytes=len(http.payload(source)),
        location=record.location,
        revisit_of=record.link("WARC-Refers-To") if record.type == "revisit" else "",
        truncated=truncated,
        context=context,
        reading=None if refused else reading,
        refusal=refused,
        sha256=sha256,
        decoded_bytes=decoded_bytes,
        etag=_header(message, "etag"),
        last_modified=_header(message, "last-modified"),
        made=made,
    )


def _original(folder: Path, record: Record, place: Location) -> Record | None:
    """The record with a revisit's payload; ``None`` if it is lost: its file is not there, it lies in a damaged stretch,
    or another record stands in its place. Raises ``StorageError`` if the file is there and cannot be read."""
    try:
        path = resolve(folder, place.file)
    except StorageError:
        return None
    try:
        found = read_at(path, place.offset)
    except WarcError:
        return None
    return found if found.id == record.link("WARC-Refers-To") else None


def _header(message: http.Message, name: str) -> str:
    """A header of an answer 200, for the request that will ask whether it still holds."""
    if message.status != 200:
        return ""
    return next((value for known, value in message.headers if known.lower() == name), "").strip()


def _read(page: Page, row: CatalogueRow | None) -> Reading:
    try:
        return read(page, row)
    except ReadingError as error:
        return _unreadable(row, str(error))


def _unreadable(row: CatalogueRow | None, why: str) -> Reading:
    """What is known of a document whose page no reader can read: what its catalogue row says."""
    title = row.title if row else ""
    digest = hashlib.sha256(f"unreadable\n{title}".encode()).hexdigest()
    return Reading(title, (), (), "", TextStatus.UNREADABLE, (), flags=(why,), content_digest=digest)
