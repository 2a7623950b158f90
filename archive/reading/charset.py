"""Bytes to text. A declaration is a claim; the bytes decide.

Order of evidence: BOM, valid UTF-8, HTTP charset, ``<meta charset>``, and last how well the bytes fit. Seen on real
portals: UTF-8 pages that still declare gb2312, GBK pages sent as UTF-8, Tomcat's ``ISO-8859-1`` in front of either, and
a character cut in half by a database column. ``gb2312`` and ``gbk`` mean GB18030, ``big5`` means Big5-HKSCS, as in
browsers.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

OVERRIDDEN = "charset_overridden"
"""Flag: the page declares a charset and is not written in it."""

BAD_BYTES = "bad_bytes"
"""Flag: some bytes fit no charset; each became U+FFFD."""

_SAMPLE = 1 << 13  # bytes
_TWO_BYTE = ("gb18030", "big5hkscs")
_WIDE = re.compile(rb"[\x80-\xff]")
_WIDE_TEXT = re.compile(r"[^\x00-\x7f]")
_HAN_IN_UTF8 = re.compile(rb"[\xe3-\xef][\x80-\xbf]{2}")
_COMMON = re.compile("[的一是在有和为為年月日公府市人政关關号號通知]")
_OF_THE_WEB = frozenset(
    (
        *(
            "utf-8",
            "utf-16-le",
            "utf-16-be",
            "utf-16",
            "gb18030",
            "big5hkscs",
            "cp932",
            "cp949",
            "euc_jp",
            "iso2022_jp",
        ),
        *("koi8-r", "koi8-u", "cp866", "cp874", "mac-roman", "mac-cyrillic"),
        *(f"cp{number}" for number in (1250, 1251, *range(1253, 1259))),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)
"""The charsets of the WHATWG Encoding Standard that Python has, by its names for them. Others that it has are no
charsets of pages: a page in ``idna`` or ``rot13`` makes its decoder raise. Left out is cp1252, Latin-1 to browsers:
it is what servers say when nobody told them."""

_DECLARED_BONUS = 0.05


@dataclass(frozen=True, slots=True)
class Decoded:
    """``charset`` is Python's name of the codec that ``text`` was read with, ``""`` for an empty body."""

    text: str
    charset: str
    flags: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of a page. ``content_type`` is the HTTP header as sent, possibly empty. Never raises."""
    if not body:
        return Decoded("", "")
    marked, mark = read_bom(body)
    if marked and mark:
        return _read(body[len(mark) :], marked)
    header = _of_header(content_type)
    if header == "utf-8":  # then the page's own word would count for nothing
        with suppress(UnicodeDecodeError):
            return Decoded(body.decode("utf-8"), "utf-8")
    declared = tuple(name for name in (header, html_body_declared_encoding(body[:8192])) if name in _OF_THE_WEB)
    charset, text = _by_bytes(body, declared)
    flags = (OVERRIDDEN,) if declared and declared[0] != charset else ()
    return _read(body, charset, flags) if text is None else Decoded(text, charset, flags)


@lru_cache(maxsize=256)
def _of_header(content_type: str) -> str | None:
    return http_content_type_encoding(content_type)


def _read(body: bytes, charset: str, flags: tuple[str, ...] = ()) -> Decoded:
    try:
        return Decoded(body.decode(charset), charset, flags)
    except UnicodeDecodeError:
        return Decoded(body.decode(charset, "replace"), charset, (*flags, BAD_BYTES))


def _by_bytes(body: bytes, declared: tuple[str, ...]) -> tuple[str, str | None]:
    """The charset, and the text if looking for the one has given the other."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _best_fit(body, declared), None
    # Two-byte UTF-8 alone may be GBK by accident; the three bytes of a Han character are not.
    if declared and declared[0] in _TWO_BYTE and not _HAN_IN_UTF8.search(body):
        return declared[0], None
    return "utf-8", text


def _best_fit(body: bytes, declared: tuple[str, ...]) -> str:
    """Judged on 8 kB from the first byte beyond ASCII, so that ten megabytes of binary cost little."""
    first = _WIDE.search(body)
    start = first.start() if first else 0
    sample = body[start : start + _SAMPLE]
    candidates = dict.fromkeys((*declared, "gb18030", "utf-8", "big5hkscs"))
    return max(candidates, key=lambda name: _fit(sample, name) + _DECLARED_BONUS * (name in declared))


def _fit(sample: bytes, charset: str) -> float:
    """Share of very common characters minus share of undecodable ones, among the characters beyond ASCII."""
    text = sample.decode(charset, "replace")
    wide = len(_WIDE_TEXT.findall(text))
    return (len(_COMMON.findall(text)) - text.count("\ufffd")) / wide if wide else 0.0
