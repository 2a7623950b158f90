"""What crossed the wire in one exchange. Bookkeeping only: neither Twisted nor Scrapy is known here."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from archive.clock import now
from archive.events import Captured
from archive.vocabulary import Truncation
from archive.warc.exchange import Exchange

# Lines end with LF, with or without CR, and only an empty one ends a header: as Twisted's parser reads them.
_INTERIM = re.compile(rb"(?:[^ \n]+ 1\d\d(?:[ \r][^\n]*)?\n(?:(?!\r?\n)[^\n]*\n)*\r?\n)+")


def split_interim(received: bytes) -> tuple[bytes, bytes]:
    """The interim (1xx) responses at the front (RFC 9110, section 15.2), and what follows them.

    Where nothing follows, nothing is split off: the bytes are all that was answered."""
    found = _INTERIM.match(received)
    end = found.end() if found and found.end() < len(received) else 0
    return received[:end], received[end:]


@dataclass(slots=True)
class Tape:
    """The bytes of one exchange while it runs, in the pieces in which they came; a body is held once here."""

    sent: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    excess: int = 0  # bytes at the end of what was received that do not belong to the response
    started_at: datetime = field(init=False)  # these two from begin() on, before which there are no bytes
    begun: float = field(init=False)
    ip: str = ""
    tls: str = ""
    whole: bool = False  # the response came to its end, by its framing or by the orderly end of the connection
    lost: bool = False  # the connection went away before the framing said that the response was whole

    def begin(self, ip: str) -> None:
        """Start afresh: a request is about to be written to the peer at ``ip``."""
        self.sent, self.received = [], []
        self.started_at, self.begun = now(), monotonic()
        self.ip, self.tls, self.lost, self.excess = ip, "", False, 0

    def end(self, excess: int) -> None:
        """The response is whole; the last ``excess`` bytes that were received do not belong to it."""
        self.excess = excess
        self.whole = True

    def answer(self) -> bytes:
        """What was received, interim responses included."""
        received = b"".join(self.received)
        return received[: len(received) - self.excess] if self.excess else received

    def take(self, url: str, truncated: Truncation | None, context: Captured | None) -> Exchange:
        """The exchange, with the time until now as its length. Leaves the tape empty.

        Emptied, because Twisted's callbacks on an idle connection may hold the tape long after."""
        elapsed_ms = round((monotonic() - self.begun) * 1000)
        interim, response = split_interim(self.answer())
        exchange = Exchange(
            url=url,
            request=b"".join(self.sent),
            response=response,
            started_at=self.started_at,
            elapsed_ms=elapsed_ms,
            ip=self.ip,
            protocol="http/1.0" if response[:8] == b"HTTP/1.0" else "http/1.1",
            tls=self.tls,
            truncated=truncated,
            context=context,
            notes={"interim": interim.decode("latin-1")} if interim else {},
        )
        self.sent, self.received = [], []
        return exchange
