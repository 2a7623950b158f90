"""WARC/1.1 records as bytes: one whole gzip member each. Pure but for the random record ids.

The blocks stay untouched: warcio is handed neither parsed HTTP headers (it would rewrite folds, GBK bytes, line ends)
nor a digest to compute. ``WARC-Payload-Digest`` follows WARC 1.1, section 5.9, and
iipc/warc-specifications#22: transfer encoding removed, content encoding kept. ``warcio check`` hashes the chunk framing
as well and so calls the payload digest of each chunked response wrong, until webrecorder/warcio#74 is fixed; on block
digests all tools agree.
"""

import hashlib
import json
import os
import re
import string
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders

from archive import events
from archive.clock import stamp
from archive.warc import http
from archive.warc.exchange import DOM, PAGEINFO, VIEW, Exchange, Rendering
from archive.warc.member import Pack, deflated, packing

VERSION = "WARC/1.1"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
REQUEST = "application/http; msgtype=request"
RESPONSE = "application/http; msgtype=response"
FIELDS = "application/warc-fields"
HTML = "text/html; charset=utf-8"

_AT_ONCE = 64  # ids
_UUID_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_TAIL = b"\r\n\r\n"
_URI = re.compile(r"[!#-;=?-~]*")  # all of ASCII that can be seen, but <, > and "
_URI_SAFE = "".join(set(string.punctuation) - set('<>"'))

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier ``response`` record that a revisit can refer to."""

    record_id: str  # "urn:uuid:…"
    url: str
    date: str  # its WARC-Date
    location: events.Location
    payload_digest: str = ""  # needed for a 304 only, which brings no payload of its own


_names: list[str] = []  # 32 random hex digits each


def new_id() -> str:
    """A fresh WARC-Record-ID, without its angle brackets: a random UUID (RFC 9562, version 4). From any thread."""
    try:
        name = _names.pop()
    except IndexError:  # the system is asked for many at once: to ask it takes as long as the rest
        digits = os.urandom(16 * _AT_ONCE).hex()
        name, *others = (digits[at : at + 32] for at in range(0, len(digits), 32))
        _names.extend(others)
    return f"urn:uuid:{name[:8]}-{name[8:12]}-4{name[13:16]}-{_UUID_VARIANT[name[16]]}{name[17:20]}-{name[20:]}"


def digest(data: bytes) -> str:
    """``sha256:`` and lower-case hex, the community's form for SHA-256 (warc-1.1-annotated)."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@lru_cache(maxsize=16)  # the records of an exchange share their target
def target(url: str) -> str:
    """A URL as ``WARC-Target-URI`` wants it: what is no URI character (space, controls, Chinese) percent-encoded."""
    return url if _URI.fullmatch(url) else quote(url, safe=_URI_SAFE, errors="replace")


def subject(what: events.Event, url: str) -> str:
    """The target URI of an event's record: a name of its own that holds the URL, as Browsertrix's ``urn:pageinfo:``.

    Not the URL itself: pywb and cdxj-indexer list a JSON metadata record as a capture of its target, and would show
    it in the place of the page."""
    run = getattr(what, "run", "")
    if url or not run:
        return f"urn:gongkai:{what.kind}:{target(url or what.portal)}"
    return f"urn:gongkai:run:{target(run)}"


def warcinfo(record_id: str, at: str, file: str, about: list[Header]) -> bytes:
    """The first record of a file. ``about`` are its ``name: value`` lines; empty values are left out."""
    lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in about if value)
    return _member("warcinfo", record_id, at, lines.encode(), FIELDS, [("WARC-Filename", file)])


class Group:
    """The records of one exchange: they share its date, its target, and the id of the record that holds the answer."""

    def __init__(self, exchange: Exchange, info: str, record_id: str, pack: Pack) -> None:
        """``info``: id of the file's warcinfo. ``record_id``: what the answer's record is to be called."""
        self._exchange, self._info, self._id, self._pack = exchange, info, record_id, pack
        self._at = stamp(exchange.started_at)
        self._link = ("WARC-Concurrent-To", f"<{record_id}>")
        self._about = [("WARC-Target-URI", target(exchange.url)), ("WARC-Warcinfo-ID", f"<{info}>")]
        if exchange.ip:
            self._about.append(("WARC-IP-Address", exchange.ip))
        # one field a value: iipc/warc-specifications#42
        self._about += [("WARC-Protocol", name) for name in (exchange.protocol, exchange.tls) if name]

    def captured(self, original: Original | None) -> bytes:
        """The ``metadata`` record that says why the exchange was made; empty if nobody knows. ``original``: the record
        that holds the payload, if the answer is a revisit."""
        context = self._exchange.context
        if context is None:
            return b""
        learnt: dict[str, object] = {"elapsed_ms": elapsed} if (elapsed := self._exchange.elapsed_ms) else {}
        if original is not None:
            learnt["original"] = original.location
        block = events.to_json(context, learnt)
        return _json(context, block, self._exchange.url, self._info, new_id(), self._at, [self._link], self._pack)

    def request(self) -> bytes:
        """The ``request`` record."""
        sent = self._exchange.request
        headers = [*self._about, self._link]
        if body := sent[http.head_length(sent) :]:
            headers.append(("WARC-Payload-Digest", digest(body)))
        return _member("request", new_id(), self._at, sent, REQUEST, headers, self._pack)

    def response(self, payload_digest: str) -> bytes:
        """The ``response`` record."""
        headers = [*self._about, ("WARC-Payload-Digest", payload_digest)]
        if self._exchange.truncated is not None:
            headers.append(("WARC-Truncated", self._exchange.truncated.value))
        headers += self._notes()
        return _member("response", self._id, self._at, self._exchange.response, RESPONSE, headers, self._pack)

    def revisit(self, original: Original, payload_digest: str) -> bytes:
        """The ``revisit`` record of an answer whose payload lies in an earlier record. Its block is the HTTP head.

        The standard then wants ``WARC-Truncated: length`` (WARC 1.1, section 6.7.2): it does not mean a cut answer."""
        more = [("WARC-Payload-Digest", payload_digest), ("WARC-Truncated", "length")]
        return self._revisit(original, SAME_PAYLOAD, more)

    def not_modified(self, original: Original) -> bytes:
        """The ``revisit`` record of a 304: the payload is that of the earlier capture (WARC 1.1, section 6.7.3)."""
        more = [("WARC-Payload-Digest", original.payload_digest)] if original.payload_digest else []
        return self._revisit(original, NOT_MODIFIED, more)

    def _revisit(self, original: Original, profile: str, more: list[Header]) -> bytes:
        headers = [
            *self._about,
            ("WARC-Profile", profile),
            ("WARC-Refers-To", f"<{original.record_id}>"),
            ("WARC-Refers-To-Target-URI", target(original.url)),
            ("WARC-Refers-To-Date", original.date),
            *more,
            *self._notes(),
        ]
        answer = self._exchange.response
        return _member("revisit", self._id, self._at, answer[: http.head_length(answer)], RESPONSE, headers)

    def _notes(self) -> list[Header]:
        """What the recorder noted beside the bytes, in the field that Browsertrix made for such things."""
        notes = self._exchange.notes
        return [("WARC-JSON-Metadata", json.dumps(notes))] if notes else []


def rendering(shown: Rendering, info: str, record_id: str) -> bytes:
    """The records of a rendered page: why it was wanted, what it was made of, how it looked; last, and with the id
    given, the document itself."""
    at = stamp(shown.at)
    link = [("WARC-Concurrent-To", f"<{record_id}>")]
    return b"".join(
        (
            _json(shown.context, events.to_json(shown.context), shown.url, info, new_id(), at, link),
            _resource(new_id(), at, PAGEINFO + shown.url, shown.info, events.CONTENT_TYPE, info, link),
            _resource(new_id(), at, VIEW + shown.url, shown.screenshot, "image/webp", info, link),
            _resource(record_id, at, DOM + shown.url, shown.dom, HTML, info, []),
        )
    )


def event(what: events.Event, info: str, record_id: str, at: str, refers_to: str) -> bytes:
    """The ``metadata`` record of an event. ``refers_to``: id of the record that it speaks of, or ""."""
    link = [("WARC-Refers-To", f"<{refers_to}>")] if refers_to else []
    return _json(what, events.to_json(what), getattr(what, "url", ""), info, record_id, at, link)


def note(name: str, record_id: str, at: str, block: bytes, pack: Pack) -> bytes:
    """A ``metadata`` record about the log itself, of JSON. ``name``: its target URI."""
    return _member("metadata", record_id, at, block, events.CONTENT_TYPE, [("WARC-Target-URI", target(name))], pack)


def _resource(
    record_id: str, at: str, name: str, block: bytes, content_type: str, info: str, link: list[Header]
) -> bytes:
    headers = [
        ("WARC-Target-URI", target(name)),
        ("WARC-Warcinfo-ID", f"<{info}>"),
        *link,
        ("WARC-Payload-Digest", digest(block)),
    ]
    return _member("resource", record_id, at, block, content_type, headers, packing(block))


def _json(
    what: events.Event,
    block: bytes,
    url: str,
    info: str,
    record_id: str,
    at: str,
    link: list[Header],
    pack: Pack = deflated,
) -> bytes:
    headers = [("WARC-Target-URI", subject(what, url)), ("WARC-Warcinfo-ID", f"<{info}>"), *link]
    return _member("metadata", record_id, at, block, events.CONTENT_TYPE, headers, pack)


def _member(
    kind: str, record_id: str, at: str, block: bytes, content_type: str, more: list[Header], pack: Pack = deflated
) -> bytes:
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", at),
        *more,
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    # warcio writes the head of the record; its WARCWriter would do no more for a block that is not to be touched, and
    # took a fifth of the time of recording. Its own class looks for bytes among names and values: there are none.
    head = StatusAndHeaders("", (), protocol=VERSION)
    head.headers = headers
    return pack(b"".join((head.to_bytes(), block, _TAIL)))
