"""What reading a capture gives: observations, the values chosen among them, text, attachments."""

from dataclasses import dataclass
from typing import NamedTuple

from archive.lean import lean
from archive.vocabulary import PartKind, Source, TextStatus

READER = "gongkai-reader/3"
"""Name and version of the reader; it stands in every version of a document. Raise it when its results change: then
``gongkai reread`` finds what older ones have read, and a recheck does not take two readers' difference for a change."""


class Observation(NamedTuple):  # thirty on a page: a frozen dataclass takes three times as long to make
    """A label/value pair met, whether or not it was chosen, known or understood."""

    field: str  # canonical field (``fields.FIELDS``), or "" for a label that is not known
    label: str  # as written
    value: str  # as written, outer white space removed
    normalised: str  # canonical form, or "" where the value could not be normalised
    source: Source
    chosen: bool = False


@lean
@dataclass(frozen=True, slots=True)
class AttachmentLink:
    """A file that a page links to as belonging to the document. ``url`` is absolute."""

    url: str
    filename: str


@lean
@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that holds more than one document, or something that is none."""

    kind: PartKind
    first: int  # its lines in the text of the reading, counted from 1, both included
    last: int
    document: int  # parts with the same number are one document, which something foreign parts; 0: no document
    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()  # what a reprinted document says of itself; ordered as ``fields.FIELDS``


@lean
@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of one document capture. Everything in it follows from the capture and its catalogue row."""

    title: str
    fields: tuple[tuple[str, str], ...]  # canonical field → chosen normalised value; ordered as ``fields.FIELDS``
    observations: tuple[Observation, ...]
    text: str  # paragraphs and table rows, a line each; cells of a row separated by a tab, blank cells kept
    text_status: TextStatus
    attachments: tuple[AttachmentLink, ...]
    charset: str = ""
    site_id_code: str = ""
    refusal: str = ""  # named refusal (``refusal.py``): the page is not the document that was asked for
    flags: tuple[str, ...] = ()  # e.g. "charset_overridden", "title_from_row"
    parts: tuple[Part, ...] = ()  # without a gap, where the text is not one document and its annexes; else empty
    content_digest: str = ""  # sha256 over title, fields, text and attachments: equal digests, same content
    reader: str = READER
