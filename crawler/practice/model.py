"""What a practice portal is made of, and what a perfect crawl of it would hold. Pure data."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from archive.vocabulary import EntryState, WalkEnd

_TABLE = re.compile(r"\{table (\d+)\}")
_DIGITS = "○一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell with its spans, counted in columns and rows."""

    text: str
    columns: int = 1
    rows: int = 1


Table = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PracticeDocument:
    """A document before any portal has dressed it. Field names are the canonical ones; an empty string means none.

    ``body`` holds a paragraph a line; ``{doc_number}``, ``{issuer}``, ``{date}`` (2020年8月28日), ``{date_zh}``
    (二○二○年八月二十八日) and ``{table N}`` stand for what they name, so that a further edition stays consistent."""

    key: str
    title: str
    issuer: str
    publisher: str
    date_made: str  # YYYY-MM-DD
    date_published: str  # YYYY-MM-DD HH:MM, China's time
    body: tuple[str, ...]
    doc_number: str = ""
    index_number: str = ""
    date_effective: str = ""
    disclosure_method: str = ""
    disclosure_scope: str = ""
    disclosure_time_limit: str = ""
    topic_category: str = ""
    genre: str = ""
    catalogue_category: str = ""
    keywords: str = ""
    validity: str = ""
    abstract: str = ""
    tables: tuple[Table, ...] = ()
    attachments: tuple[str, ...] = ()  # file names
    number: int = 0  # running number within a portal; addresses are made of it

    @property
    def day_published(self) -> str:
        """``YYYY-MM-DD``"""
        return self.date_published[:10]

    @property
    def blocks(self) -> tuple[str | Table, ...]:
        """Paragraphs and tables in their order, placeholders filled; a paragraph left empty is dropped."""
        made = date.fromisoformat(self.date_made)
        words = {
            "{doc_number}": self.doc_number,
            "{issuer}": self.issuer,
            "{date}": f"{made.year}年{made.month}月{made.day}日",
            "{date_zh}": f"{digits_zh(made.year)}年{number_zh(made.month)}月{number_zh(made.day)}日",
        }
        found: list[str | Table] = []
        for line in self.body:
            table = _TABLE.fullmatch(line)
            block = self.tables[int(table[1]) - 1] if table else words.get(line, line)
            if block:
                found.append(block)
        return tuple(found)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text blocks alone, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, str))


def digits_zh(number: int) -> str:
    """Digit by digit, as years are written: 2007 → 二○○七 (with U+25CB, as the seed documents have it)."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def number_zh(number: int) -> str:
    """1 to 99 as words (十一, 二十, 三十一); from 100 on digit by digit."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return digits_zh(number)
    head = {0: "", 1: "十"}.get(tens, _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class AttachmentTruth:
    url: str  # as the page links it
    filename: str
    sha256: str  # hex, of the file's bytes


@dataclass(frozen=True, slots=True)
class DocumentTruth:
    """A document that the catalogue lists and the portal serves.

    ``fields`` holds what the portal states by label, meta tag or catalogue row: canonical field → value; dates as
    ``YYYY-MM-DD``, everything else as printed. A reader may find more (a signature's date in the body)."""

    document: PracticeDocument
    url: str
    columns: tuple[str, ...]  # names of the columns that list it
    fields: Mapping[str, str]
    attachments: tuple[AttachmentTruth, ...] = ()
    state: EntryState = EntryState.DONE


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """A catalogue row that leads off the portal: recorded, never asked for."""

    url: str
    title: str
    column: str


@dataclass(frozen=True, slots=True)
class ColumnTruth:
    """A column, how its walk must end, and why.

    ``name`` is the column's own, without those of the nodes above it; in a tree ``url`` ends in ``#<id of the node>``.
    """

    name: str
    url: str  # what a human opens
    declared_total: int | None  # entries by the portal's own word; None: it does not say
    listed: int  # distinct rows that can be met, external ones included
    end: WalkEnd
    why: str

    @property
    def complete(self) -> bool:
        return self.end.complete


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect crawl holds."""

    columns: tuple[ColumnTruth, ...]
    documents: tuple[DocumentTruth, ...]
    external: tuple[ExternalRow, ...] = ()

    @property
    def complete(self) -> bool:
        return all(column.complete for column in self.columns)

    def column(self, name: str) -> ColumnTruth:
        """Raises ``KeyError``."""
        return {column.name: column for column in self.columns}[name]

    def document(self, key: str) -> DocumentTruth:
        """Raises ``KeyError``."""
        return {truth.document.key: truth for truth in self.documents}[key]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page gives. The server encodes a ``str``; ``bytes`` go out as they are."""

    body: str | bytes
    status: int = 200
    mime: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()  # besides those of the entity


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as a page sees it."""

    method: str = "GET"
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of an ``application/x-www-form-urlencoded`` body, empty ones included."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self) -> Mapping[str, Any]:
        """The object that the body is; empty if it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


Page = Callable[[Visit], Answer]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site is built from. Its pages and its truth follow from this alone."""

    origin: str  # "http://127.0.0.1:8801", no final slash
    scale: int = 1
    variation: int = 0  # of the markup: 0 is the usual one, 1 to 3 are others that the same family may have
    withdrawn: frozenset[str] = frozenset()  # keys of documents that are neither listed nor served
    edited: frozenset[str] = frozenset()  # keys of documents that have a further paragraph
    emptied: frozenset[str] = frozenset()  # names of columns whose list pages hold no row


@dataclass(frozen=True, slots=True)
class Site:
    """A portal as it is served at an origin."""

    pages: Mapping[str, Page]  # by path; the visit goes to the page
    keys: Mapping[str, str]  # path of a detail page → key of its document
    entries: tuple[tuple[str, str], ...]  # (family, URL): the [[column]] tables of the portal file
    truth: Truth
    posts: frozenset[str] = frozenset()  # paths that may be posted to; 405 elsewhere
    browser: Mapping[str, str | bool] = field(default_factory=dict)  # entry URL → what its column says of the browser


@dataclass(frozen=True, slots=True)
class PracticePortal:
    key: str
    name: str
    division: str  # 行政区划代码; 440499 and the like are not assigned
    site_id_code: str
    build: Callable[[Plan], Site]
