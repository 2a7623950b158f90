"""Raw HTTP/1.x taken apart leniently. Pure; it runs for each page, so it is also quick.

Three layers, as RFC 9110 and WARC 1.1 name them: the *body* as it crossed the wire, the *payload* (transfer encoding
removed, what ``WARC-Payload-Digest`` is about), the *entity* (content encoding removed as well, what a reader wants).
Nothing here raises anything but ``WarcError``, and only :func:`entity` does.
"""

import re
import zlib
from dataclasses import dataclass

from archive.errors import WarcError

Headers = tuple[tuple[str, str], ...]

ENTITY_LIMIT = 256 * 1024 * 1024
"""Bytes. No page or attachment of a portal decodes to more; a bomb does."""

_BLANK_LINE = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"(HTTP(?:/[0-9.]+)?)[ \t]+([0-9]{3})(?![0-9])[ \t]*([^\r\n]*)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]*)?\r?(?:\n|\Z)")
_LINE_END = re.compile(rb"\r?(?:\n|\Z)")
_GZIP, _ZLIB, _RAW_DEFLATE = zlib.MAX_WBITS + 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 65536
_NOT_OURS = frozenset(("br", "zstd", "compress", "x-compress", "dcb", "dcz"))


@dataclass(frozen=True, slots=True)
class Message:
    """A response in its parts: ``head + body`` are the raw bytes again.

    ``status`` is 0 where there is no status line that can be read; if the bytes are no HTTP at all, ``head`` is empty.
    Header names keep their case, values are Latin-1 (each character one byte), folds are joined by a space; lines
    without a colon stand in ``head`` only."""

    status: int
    reason: str
    version: str  # "HTTP/1.1"
    headers: Headers
    head: bytes  # with the blank line; everything there is if no blank line arrived
    body: bytes

    def values(self, name: str) -> list[str]:
        """All values of a header, whatever its case."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]


def head_length(raw: bytes) -> int:
    """Where the head of a request or response ends and its body begins; a line may end in LF alone."""
    blank = _BLANK_LINE.search(raw)
    return blank.end() if blank else len(raw)


def fields(lines: bytes, encoding: str = "latin-1") -> Headers:
    """The ``name: value`` lines of an HTTP or WARC head (without its first line).

    Only space and tab are white space here: 0x85 and 0xA0 are white space to ``str.strip`` but half of a character
    in GBK."""
    found: list[tuple[str, str]] = []
    named = False
    for line in lines.decode(encoding, "replace").split("\n"):
        text = line.rstrip("\r")
        if text.startswith((" ", "\t")):
            if named and (more := text.strip(" \t")):
                name, value = found[-1]
                found[-1] = (name, f"{value} {more}" if value else more)
            continue
        name, colon, value = text.partition(":")
        name = name.strip(" \t")
        named = bool(colon and name)
        if named:
            found.append((name, value.strip(" \t")))
    return tuple(found)


def split(raw: bytes) -> Message:
    """Takes a raw response apart. Never raises: a cut or mangled one gives what can be recognised."""
    if raw[:4].upper() != b"HTTP":
        return Message(0, "", "", (), b"", raw)
    end = head_length(raw)
    head = raw[:end]
    line, _, rest = head.partition(b"\n")
    headers = fields(rest)
    status = _STATUS_LINE.match(line)
    if status is None:
        return Message(0, "", "", headers, head, raw[end:])
    version, code, reason = (part.decode("latin-1") for part in status.groups())
    return Message(int(code), reason.rstrip(" \t"), version, headers, head, raw[end:])


def outline(raw: bytes) -> tuple[int, int, bytes]:
    """Status, length of the head, and payload of a raw response, as :func:`split` and :func:`payload` give them.

    The head is taken apart only where a chunked body asks for it, which most have not."""
    end = head_length(raw)
    if raw[:4].upper() != b"HTTP" or b"chunked" in raw[:end].lower():
        message = split(raw)
        return message.status, end, payload(message)
    status = _STATUS_LINE.match(raw)
    return int(status[2]) if status else 0, end, raw[end:]


def payload(message: Message) -> bytes:
    """The body without its chunk framing (RFC 9112, section 7.1); extensions and trailers are dropped.

    A body that was cut gives what had arrived. One that claims to be chunked and is not is returned as it is."""
    chunked = "chunked" in _codings(message, "transfer-encoding")
    return _dechunk(message.body) if chunked else message.body


def entity(message: Message, limit: int = ENTITY_LIMIT) -> bytes:
    """The payload without its content encodings: gzip and deflate (zlib or bare), several in a row undone backwards.

    A cut or broken stream gives what could be decoded, and a body that is not encoded as its header claims is returned
    as it is. Names that are no coding are passed over, as browsers do: portals write a charset into this header.
    Raises ``WarcError`` for a coding that we do not ask for and cannot undo (br, zstd, compress), and where decoding
    would give more than ``limit`` bytes."""
    body = payload(message)
    for coding in reversed(_codings(message, "content-encoding")):
        if coding in ("gzip", "x-gzip"):
            body = _inflate(body, _GZIP, limit) if body.startswith(_GZIP_MAGIC) else body
        elif coding == "deflate":
            # RFC 9110 means zlib; some servers send bare deflate instead. A zlib header is a multiple of 31.
            zlib_header = body[:1] and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            body = _inflate(body, _ZLIB if zlib_header else _RAW_DEFLATE, limit) or body
        elif coding in _NOT_OURS:
            raise WarcError(f"content encoding {coding!r} cannot be undone here: ask the server for gzip only")
    return body


def _codings(message: Message, name: str) -> list[str]:
    return [item.strip(" \t").lower() for value in message.values(name) for item in value.split(",")]


def _dechunk(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while line := _CHUNK_SIZE.match(body, at):
        size = int(line[1], 16)
        if size == 0:
            return b"".join(parts)
        start = line.end()
        parts.append(body[start : start + size])
        end = _LINE_END.match(body, start + size)
        if end is None:
            if len(parts) == 1:
                return body  # the first line only looked like a size
            break
        at = end.end()
    return b"".join(parts) if parts else body


def _inflate(data: bytes, wbits: int, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits)
    try:
        whole = stream.decompress(data, limit + 1)
    except zlib.error:
        pass
    else:
        if stream.eof and not stream.unused_data and len(whole) <= limit:
            return whole  # nearly always
    return _inflate_piecemeal(data, wbits, limit)


def _inflate_piecemeal(data: bytes, wbits: int, limit: int) -> bytes:
    """The same for what is cut, broken, too large, or more than one gzip member."""
    out = bytearray()
    stream = zlib.decompressobj(wbits)
    at = 0
    while at < len(data):
        piece = data[at : at + _PIECE]
        before = stream.copy()
        try:
            out += stream.decompress(piece, limit + 1 - len(out))
            at += len(piece) - len(stream.unused_data)
        except zlib.error:
            out += _crumbs(before, piece)  # zlib drops what it had decoded when it meets the fault
            at = len(data)
        if len(out) > limit:
            raise WarcError(f"a body of {len(data)} bytes decodes to more than {limit}: not decoded")
        if stream.eof:
            if wbits != _GZIP or not data.startswith(_GZIP_MAGIC, at):
                break
            stream = zlib.decompressobj(wbits)  # a further gzip member
    return bytes(out)


def _crumbs(stream: "zlib._Decompress", piece: bytes) -> bytes:
    """What can be decoded of a piece that has a fault in it."""
    out = bytearray()
    try:
        for at in range(len(piece)):
            out += stream.decompress(piece[at : at + 1])
    except zlib.error:
        return bytes(out)
    return bytes(out)
