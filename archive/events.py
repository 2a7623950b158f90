"""What a reader of the log needs besides the bytes: the JSON bodies of our WARC ``metadata`` records.

Each event is one dataclass, written as one ``metadata`` record of content type ``application/json``. The key
``gongkai`` names the kind. Unknown keys are ignored when reading, so that a newer writer does not break an older
reader; a missing key takes the field's default.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, cast

from archive.errors import WarcError
from archive.lean import lean
from archive.vocabulary import Mode, Role, Verdict, WalkEnd

CONTENT_TYPE = "application/json"

Pairs = tuple[tuple[str, str], ...]

Difference = tuple[str, str | None, str | None]
"""Column, value before, value after."""


@lean
@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row of a catalogue list, as the list states it. URLs are absolute, everything else is as printed."""

    url: str
    title: str = ""
    date: str = ""
    fields: Pairs = ()  # (label, value): further columns of the row, or the fields of an API's answer
    attachments: Pairs = ()  # (url, file name)
    external: bool = False  # leads off the portal's hosts; recorded, never asked for


@lean
@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lies: file name (without folder), first byte and length of its gzip member."""

    file: str
    offset: int
    length: int


@lean
@dataclass(frozen=True, slots=True)
class RunStarted:
    kind: ClassVar[str] = "run_started"
    run: str
    portal: str
    at: str
    mode: Mode
    name: str = ""
    home: str = ""
    division: str = ""
    site_id_code: str = ""
    families: tuple[str, ...] = ()
    portal_file: str = ""  # the TOML as it was run
    settings: Pairs = ()
    software: str = ""
    expect: Pairs = ()


@lean
@dataclass(frozen=True, slots=True)
class Captured:
    """Why the exchange beside this record was made. Written before its request and response."""

    kind: ClassVar[str] = "captured"
    run: str
    portal: str
    role: Role
    column: str = ""
    entry_url: str = ""  # address in the catalogue row, or of the file's link; after a redirect the capture has another
    document_url: str = ""  # for an attachment: address of the document's catalogue row
    filename: str = ""  # for an attachment: the name that its link gives
    row: CatalogueRow | None = None
    via: str = ""
    attempt: int = 1
    elapsed_ms: int = 0
    original: Location | None = None  # for a revisit: where the record with the payload lies
    tls_exceptions: tuple[str, ...] = ()  # in what its connection departed from the strict way: TlsException
    rendered: bool = False  # wanted as a browser renders it; that page is a ``resource`` record of its own


@lean
@dataclass(frozen=True, slots=True)
class ColumnFound:
    key: str
    name: str
    url: str
    family: str
    declared: int | None = None


@lean
@dataclass(frozen=True, slots=True)
class ColumnsFound:
    """The columns that an entry page offers."""

    kind: ClassVar[str] = "columns_found"
    run: str
    portal: str
    at: str
    url: str
    columns: tuple[ColumnFound, ...] = ()
    skipped: Pairs = ()  # (name, why)


@lean
@dataclass(frozen=True, slots=True)
class ListRead:
    """What a family read from one list page; its record refers to the page's capture."""

    kind: ClassVar[str] = "list_read"
    run: str
    portal: str
    at: str
    column: str
    number: int  # 1-based
    url: str
    rows: tuple[CatalogueRow, ...] = ()
    declared_total: int | None = None
    declared_pages: int | None = None


@lean
@dataclass(frozen=True, slots=True)
class NextPage:
    """The list page that a stopped walk would have asked for."""

    number: int
    url: str
    method: str = "GET"
    headers: Pairs = ()
    body: str = ""


@lean
@dataclass(frozen=True, slots=True)
class WalkEnded:
    kind: ClassVar[str] = "walk_ended"
    run: str
    portal: str
    at: str
    column: str
    end: WalkEnd
    detail: str = ""
    pages: int = 0
    listed: int = 0  # distinct rows met
    declared_total: int | None = None
    next: NextPage | None = None  # where a later run goes on, if this one was stopped


@lean
@dataclass(frozen=True, slots=True)
class FetchFailed:
    """A page that was wanted and is not held, with its reason, where no capture says it by its status."""

    kind: ClassVar[str] = "fetch_failed"
    run: str
    portal: str
    at: str
    role: Role
    url: str
    reason: str
    detail: str = ""
    column: str = ""
    entry_url: str = ""
    document_url: str = ""
    filename: str = ""
    attempt: int = 1


@lean
@dataclass(frozen=True, slots=True)
class RunEnded:
    kind: ClassVar[str] = "run_ended"
    run: str
    portal: str
    at: str
    verdict: Verdict
    reason: str = ""
    requests: int = 0
    bytes: int = 0  # entity bytes received, before content decoding


@lean
@dataclass(frozen=True, slots=True)
class RereadBegun:
    """A newer reader is run over what a portal's files hold so far; ``Reread`` events follow it.

    ``refusals``: every capture of the portal that counts as refused, as (capture id, named refusal). A newer reader may
    judge otherwise; what followed from the refusal at that time stays true. ``volatile``: what was learnt by then of
    parts that change by themselves, as (part, pattern, when, run): a rebuild sees no second looks."""

    kind: ClassVar[str] = "reread_begun"
    portal: str
    at: str
    reader: str
    refusals: Pairs = ()
    volatile: tuple[tuple[str, str, str, str | None], ...] = ()


@lean
@dataclass(frozen=True, slots=True)
class Replaced:
    """A version of a document and its reading before the newer one.

    ``was``: columns of ``versions`` as they stood, those that the new reading gives otherwise. With ``kept``, the
    reason why the new reading was not taken, all of them, and in ``observations`` the old ones as JSON: the old reading
    goes on to count then. ``changed``: (column, before, after) of each row of ``changes`` that led to the version."""

    document: str
    version: int
    capture: str
    lies: Location  # the capture and what stands before it: the event that explains it, its request
    reader: str
    was: tuple[tuple[str, str | None], ...] = ()
    kept: str = ""
    observations: str = ""
    changed: tuple[Difference, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether a new reading takes the place of the old one; else the version is named so that the log tells which
        captures were versions."""
        return bool(self.was) and not self.kept


@lean
@dataclass(frozen=True, slots=True)
class Reread:
    """What a newer reader replaced. It names every version of each document that it touches: at that time these
    captures were the versions, and no others, whatever a still newer reader would make of them."""

    kind: ClassVar[str] = "reread"
    portal: str
    at: str
    reader: str  # the newer one
    readings: tuple[Replaced, ...] = ()


Event = RunStarted | Captured | ColumnsFound | ListRead | WalkEnded | FetchFailed | RunEnded | RereadBegun | Reread

_KINDS: dict[str, type[Event]] = {
    cls.kind: cls
    for cls in (
        *(RunStarted, Captured, ColumnsFound, ListRead, WalkEnded, FetchFailed, RunEnded),
        *(RereadBegun, Reread),
    )
}
_Record = TypeVar("_Record")
_NOTHING: Mapping[str, object] = {}


def to_json(event: Event, learnt: Mapping[str, object] = _NOTHING) -> bytes:
    """The body of the event's ``metadata`` record: UTF-8 JSON, defaults left out, keys in the order of the class.

    ``learnt``: fields that were not known when the event was made; they come last."""
    return _ENCODER.encode({"gongkai": event.kind, **_plain(event), **learnt}).encode()


def from_json(body: bytes) -> Event | None:
    """The event in a ``metadata`` record's body; ``None`` if the record is not one of ours.

    Raises ``WarcError`` if it claims to be ours and does not fit."""
    try:
        data = json.loads(body)
    except ValueError:
        return None
    cls = _KINDS.get(data.get("gongkai", "")) if isinstance(data, dict) else None
    if cls is None:
        return None
    try:
        return _build(cls, data)
    except (TypeError, ValueError, KeyError) as error:
        raise WarcError(f"metadata record of kind {cls.kind} does not fit: {error}") from error


def _plain(value: object) -> dict[str, object]:
    """A dataclass as what differs from its defaults."""
    names, defaults, values = _specs(cast("Any", type(value)))
    return {name: item for name, default, item in zip(names, defaults, values(value), strict=True) if item != default}


@cache
def _specs(cls: type[Any]) -> tuple[tuple[str, ...], tuple[object, ...], Callable[[object], tuple[object, ...]]]:
    """Names and defaults of the fields of a dataclass, two at least, and what takes their values from an instance."""
    specs = fields(cls)
    names = tuple(spec.name for spec in specs)
    return names, tuple(spec.default for spec in specs), attrgetter(*names)


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_plain, separators=(",", ":"))


def _build(cls: type[_Record], data: dict[str, Any]) -> _Record:
    names, _, _ = _specs(cast("Any", cls))
    return cls(**{name: _FIELD.get(name, _same)(data[name]) for name in names if name in data})


def _same(value: Any) -> Any:
    return value


def _pairs(value: list[list[str]]) -> Pairs:
    return tuple((str(first), str(second)) for first, second in value)


# How a field is brought back from JSON, by its name: a name means the same thing in every event.
_FIELD: dict[str, Callable[[Any], Any]] = {
    "mode": Mode,
    "role": Role,
    "end": WalkEnd,
    "verdict": Verdict,
    "families": tuple,
    "tls_exceptions": tuple,
    "settings": _pairs,
    "expect": _pairs,
    "skipped": _pairs,
    "fields": _pairs,
    "headers": _pairs,
    "attachments": _pairs,
    "next": lambda value: _build(NextPage, value),
    "row": lambda value: _build(CatalogueRow, value),
    "rows": lambda value: tuple(_build(CatalogueRow, item) for item in value),
    "columns": lambda value: tuple(_build(ColumnFound, item) for item in value),
    "original": lambda value: _build(Location, value),
    "lies": lambda value: _build(Location, value),
    "was": lambda value: tuple((str(name), None if old is None else str(old)) for name, old in value),
    "changed": lambda value: tuple((str(name), before, after) for name, before, after in value),
    "refusals": _pairs,
    "volatile": lambda value: tuple(tuple(item) for item in value),
    "readings": lambda value: tuple(_build(Replaced, item) for item in value),
}
