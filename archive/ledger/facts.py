"""What the ledger is fed: facts that were read from WARC records, in the order of the log."""

from dataclasses import dataclass

from archive.events import Captured, Event, Location, Reread
from archive.lean import lean
from archive.reading.model import Reading
from archive.vocabulary import Truncation


@lean
@dataclass(frozen=True, slots=True)
class CaptureFact:
    """A ``response`` or ``revisit`` record, or the ``resource`` record of a rendered page, with the ``captured`` event
    that was written before it."""

    id: str  # WARC-Record-ID without the angle brackets: "urn:uuid:…"
    url: str
    fetched_at: str  # WARC-Date: when the request was begun
    status: int  # 0 where the response broke off before a status line
    mime: str
    payload_digest: str  # "sha256:…", as in WARC-Payload-Digest; of the original for a revisit
    payload_bytes: int  # length of the payload: transfer encoding removed, content encoding kept
    location: Location
    revisit_of: str  # record id of the original, or ""
    truncated: Truncation | None
    context: Captured
    reading: Reading | None = None  # for a document answered with 200
    refusal: str = ""  # named refusal of any answer (archive.reading.refusal), "" if it is what was asked for
    sha256: str = ""  # for an attachment: hex digest of the decoded body
    decoded_bytes: int = 0  # for an attachment: its length
    etag: str = ""  # ETag of a whole answer 200, as sent
    last_modified: str = ""  # Last-Modified, likewise
    made: bool = False  # by our browser: nothing crossed the wire


@lean
@dataclass(frozen=True, slots=True)
class EventFact:
    """A ``metadata`` record other than ``captured``."""

    event: Event
    at: str  # WARC-Date
    location: Location


@lean
@dataclass(frozen=True, slots=True)
class RereadFact:
    """A ``reread`` event, and what the present reader makes of the captures that it names.

    ``readings`` stand as ``event.readings`` do; ``None`` where there is nothing to take: the version stays as it is."""

    event: Reread
    at: str  # WARC-Date
    location: Location
    readings: tuple[Reading | None, ...]


Fact = CaptureFact | EventFact | RereadFact
