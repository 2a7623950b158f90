"""The columns in which ``versions`` holds a reading: from a reading to them, and back. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from archive.ledger.batch import plain
from archive.ledger.tables import METADATA
from archive.reading.model import AttachmentLink, Observation, Part, Reading
from archive.vocabulary import PartKind, Source, TextStatus

Values = Mapping[str, str | None]
"""Column of ``versions`` → value."""

CONTENT = (*METADATA, "text", "text_status")
"""The columns that ``documents`` and ``versions`` share."""

READ = (*CONTENT, "attachments", "content_digest", "reader", "charset", "flags", "parts")
"""The columns of ``versions`` that follow from its reading."""

OBSERVATIONS = "observations"
"""Beside columns: the observations of a reading, as JSON."""

_NOTHING = Reading("", (), (), "", TextStatus.EMPTY, ())


def content_of(reading: Reading) -> dict[str, str | None]:
    """The columns that ``documents`` and ``versions`` share."""
    content: dict[str, str | None] = dict.fromkeys(CONTENT)
    content |= {name: plain(value) or None for name, value in reading.fields if name in content}
    return content | {
        "title": plain(reading.title),
        "text": plain(reading.text),
        "text_status": str(reading.text_status),
    }


def links_of(reading: Reading) -> str:
    """The attachments that a reading links to, as ``versions`` holds them: JSON."""
    if not reading.attachments:
        return "[]"
    return plain(json.dumps([(link.url, link.filename) for link in reading.attachments], ensure_ascii=False))


def parts_of(reading: Reading) -> str | None:
    """The parts of a text that holds several documents, as ``versions`` holds them: JSON."""
    parts = [asdict(part) | {"fields": dict(part.fields)} for part in reading.parts]
    return plain(json.dumps(parts, ensure_ascii=False)) if parts else None


def read_columns(reading: Reading, content: dict[str, str | None] | None = None) -> dict[str, str | None]:
    """All columns of ``versions`` that follow from a reading, in the order of :data:`READ`. ``content``: what
    :func:`content_of` makes of it, where that is known already."""
    return (content_of(reading) if content is None else content) | {
        "attachments": links_of(reading),
        "content_digest": reading.content_digest,
        "reader": reading.reader,
        "charset": reading.charset,
        "flags": plain(", ".join(reading.flags)),
        "parts": parts_of(reading),
    }


def overlaid(reading: Reading | None, was: Values) -> Reading:
    """A reading with some of its columns as they stood once. Without a reading the columns are all there is."""
    reading = reading or _NOTHING
    fields = dict(reading.fields) | {name: was[name] or "" for name in METADATA if name in was}
    flags, seen = was.get("flags"), was.get(OBSERVATIONS)
    links = reading.attachments
    if (told := was.get("attachments")) is not None:
        links = tuple(AttachmentLink(url, name) for url, name in json.loads(told))
    return replace(
        reading,
        title=was.get("title") or "" if "title" in was else reading.title,
        fields=tuple(fields.items()),
        text=was.get("text") or "" if "text" in was else reading.text,
        text_status=TextStatus(was.get("text_status") or reading.text_status),
        attachments=links,
        flags=reading.flags if flags is None else tuple(filter(None, (flags,))),
        charset=was.get("charset") or "" if "charset" in was else reading.charset,
        content_digest=was.get("content_digest") or reading.content_digest,
        reader=was.get("reader") or reading.reader,
        parts=_parts(was["parts"]) if "parts" in was else reading.parts,
        observations=reading.observations if seen is None else _observations(seen),
    )


def _parts(text: str | None) -> tuple[Part, ...]:
    return tuple(
        Part(**(part | {"kind": PartKind(part["kind"]), "fields": tuple(part["fields"].items())}))
        for part in json.loads(text or "[]")
    )


def _observations(text: str) -> tuple[Observation, ...]:
    return tuple(
        Observation(field or "", label, value, normalised or "", Source(source), bool(chosen))
        for field, label, value, normalised, source, chosen in json.loads(text)
    )


def observation_rows(
    document: str, version: int, reading: Reading
) -> list[tuple[str, int, int, str | None, str, str, str | None, str, int]]:
    """The rows of ``observations`` that a reading gives, in the order of its columns."""
    return [
        (
            document,
            version,
            number,
            seen.field or None,
            plain(seen.label),
            plain(seen.value),
            plain(seen.normalised) or None,
            str(seen.source),  # of an enum's member SQLite's driver asks several times what it is
            int(seen.chosen),
        )
        for number, seen in enumerate(reading.observations, 1)
    ]
