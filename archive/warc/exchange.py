"""One HTTP exchange as it crossed the wire, and what takes it in. The recorder makes it, the WARC writer keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from archive.events import Captured
from archive.vocabulary import Truncation


@dataclass(slots=True)
class Exchange:
    """Raw bytes of both directions, below TLS, above TCP.

    ``request`` and ``response`` are what was sent and received, unchanged: status line, header case and order, folds,
    chunk framing, content encoding. Interim (1xx) responses have been split off. For a cut body ``response`` is what
    had arrived, and ``truncated`` says why it ended."""

    url: str  # absolute, as asked for; the target URI even where a proxy made the request line absolute
    request: bytes
    response: bytes
    started_at: datetime  # when the request was begun, UTC
    elapsed_ms: int
    ip: str = ""
    protocol: str = "http/1.1"  # as WARC-Protocol names it
    tls: str = ""  # e.g. "tls/1.3"
    truncated: Truncation | None = None
    context: Captured | None = None  # why it was made; None for a request that nothing explains
    notes: dict[str, str] = field(default_factory=dict)


DOM, VIEW, PAGEINFO = "urn:dom:", "urn:view:", "urn:pageinfo:"
"""What stands before a page's URL in the names of its rendering's records. The last two are Browsertrix's, whose
viewers know them; it has none for the document, which it does not keep."""


@dataclass(slots=True)
class Rendering:
    """A page as a browser showed it. It is derived: what it was made of are exchanges, records of their own."""

    url: str  # absolute, without fragment: where the browser ended up
    dom: bytes  # the document as HTML, UTF-8
    screenshot: bytes  # of the window, WebP without loss
    info: bytes  # JSON: what the browser asked for, and what it was given
    at: datetime  # when it was taken down, UTC
    context: Captured


class Recorder(Protocol):
    """What the download handler hands exchanges to. Called in the reactor thread."""

    def record(self, exchange: Exchange) -> str:
        """Take the exchange for the log; gives the WARC-Record-ID of its response.

        Raises ``StorageError`` if the log cannot be written: the download must then fail, and the run end, since others
        that were taken before may be lost as well."""
