"""What one line of text says: its labels, their values, and what the labels mean there.

Rules from real pages: an empty value is common and the next label follows at once; several pairs share a line; a label
may be spaced out (索 引 号) or traditional; a value never begins with another known label; buttons follow it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from archive.reading.doc_number import parse_doc_numbers
from archive.reading.fields import FIELDS, Kind
from archive.reading.labels import GENERIC, LABELS, NOISE, known_label, simplified
from archive.reading.values import LONGEST, WORDS, normalise
from archive.vocabulary import Source

COLONS = "：:﹕"
"""Signs that end a label."""

_MOST = 400  # pairs of one line
_MOST_COLONS = 1000  # looked at in one line
_COLON = re.compile(f"[{COLONS}]")
SIGNS = re.compile(rf"[{COLONS}】\]］]")
"""A line without one of these has neither a label with a colon nor one in brackets."""

_LONGEST_LABEL = max(map(len, LABELS))
_LABEL_ENDS = frozenset(label[at:] for label in LABELS for at in range(len(label)))
"""What a label may end in: what is none of these cannot become one by what stands before it."""

_WORD = re.compile(r"[\w\u3007\u3400-\u9fff]")
_NEXT_UNKNOWN = re.compile(rf"[\s|｜；;,，]{{1,9}}[\u4e00-\u9fff]{{2,8}}\s?[{COLONS}].*$", re.DOTALL)
_FURNITURE = re.compile(
    r"[\s\[【(（|｜]{1,9}(?:字体|字号|打印|我要打印|分享|收藏|关闭|点击数|点击量|浏览|阅读|访问量|扫一扫|责任编辑|大\s?中\s?小)"
    r"[^。]{0,60}$"
)
_DATE_BEHIND = re.compile(r"\s(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}.{0,20}$")  # 来源：市政府办  2020-01-02 10:11
_DATE = re.compile(r"\s*(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}")
_DATE_ENDS = re.compile(r"\d[-:]\d{1,2}$|\d日$")
_LONGEST_DATE = 24
_SPACES = re.compile(r"[^\S\u3000]+")
_OPENERS = "【[［（("
_BRACKETS = (("（", "）"), ("(", ")"), ("[", "]"), ("【", "】"))
_CLOSING = tuple(closing for _, closing in _BRACKETS)
_BANNER = re.compile(r"[【\[［]([^】\]］【\[［]{2,24})[】\]］]")
_BANNER_END = re.compile(r"[•·●]|正文")
_LEVELS = sorted(WORDS["legal_level"], key=len, reverse=True)


def split_line(text: str) -> list[tuple[str, str]]:
    """The pairs of one line: split at every known label that a colon follows, not at spaces."""
    return [(text[start:colon].strip(), text[colon + 1 : end].strip()) for start, colon, end in marks(text)]


def marks(text: str) -> list[tuple[int, int, int]]:
    """(start of label, its colon, end of value) of every known label with a colon."""
    if not any(colon in text for colon in COLONS):
        return []
    found: list[tuple[int, int]] = []
    for match in islice(_COLON.finditer(text), _MOST_COLONS):
        start = _label_before(text, match.start(), found[-1][1] + 1 if found else 0)
        if start is not None:
            found.append((start, match.start()))
    ends = [start for start, _ in found] + [len(text)]
    return [(start, colon, end) for (start, colon), end in zip(found, ends[1:], strict=True)]


def _label_before(text: str, colon: int, floor: int) -> int | None:
    """Where the longest known label that ends at ``colon`` begins; it must not continue a word."""
    label, start = "", None
    for at in range(colon - 1, max(floor, colon - 3 * _LONGEST_LABEL) - 1, -1):
        sign = _sign(text[at])
        if sign.isspace():
            continue
        label = sign + label
        if label not in _LABEL_ENDS:
            break
        if label in LABELS and (at == floor or not _WORD.match(text[at - 1]) or _is_date(text[floor:at])):
            start = at
    return start


@lru_cache(maxsize=4096)
def _sign(written: str) -> str:
    """One character as labels have it; some are several under NFKC."""
    return simplified(unicodedata.normalize("NFKC", written))


def _is_date(text: str) -> bool:
    """Whether a value that nothing parts from the label behind it is a date or time: 2020-01-02 09:00来源：…"""
    return len(text) <= _LONGEST_DATE and _DATE_ENDS.search(text) is not None


def labels_apart(text: str, pieces: Sequence[str]) -> str:
    """A line as ``text``, with a space before each of its inline elements that begins with a label or a date.

    ``<span>来源：市政府办公室</span><span>浏览次数：3</span>`` is one word to the eye of a parser only."""
    if not any(map(_stands_apart, islice(pieces, 1, _MOST))):
        return text
    return _SPACES.sub(" ", "".join(f" {piece}" if _stands_apart(piece) else piece for piece in pieces)).strip()


def _stands_apart(piece: str) -> bool:
    if _DATE.match(piece):
        return True
    colon = _COLON.search(piece, 0, 3 * _LONGEST_LABEL)
    return bool(known_label(piece[: colon.start()] if colon else piece))


def meaning(label: str, value: str, source: Source) -> str:
    """The field that a known label stands for, where that depends on its value or on where it stands.

    字号 is also the font-size widget. 公开形式 is a method (主动公开) or a channel (政府网站). The 【】 blocks of law
    databases call the promulgation 发布日期 and the issuer 发布部门; portals use both for the publication."""
    if label == "字号":
        return "doc_number" if parse_doc_numbers(value).numbers else NOISE
    if label == "公开形式" and not normalise("disclosure_method", value):
        return "disclosure_channel"
    if source is Source.BANNER and label in ("发布日期", "发布部门"):
        return {"发布日期": "date_promulgated", "发布部门": "issuer"}[label]
    return LABELS[label]


def trim(field: str, value: str) -> str:
    """``value`` without what follows it on the line: buttons, and pairs whose label is not known."""
    value = value[:LONGEST]
    if field in FIELDS and FIELDS[field].kind is not Kind.TITLE and field not in ("abstract", "breadcrumb"):
        if SIGNS.search(value):
            value = _NEXT_UNKNOWN.sub("", value)
        value = _FURNITURE.sub("", value)
    if field in ("source", "publisher"):
        value = _DATE_BEHIND.sub("", value)
    value = value.strip(" \u3000|｜;；").rstrip(_OPENERS + " \u3000")  # 【字体：大 中 小】 was behind it
    for opening, closing in _BRACKETS if value.endswith(_CLOSING) else ():
        if value.endswith(closing) and value.count(opening) < value.count(closing):
            value = value[:-1].rstrip()
    return value


def banners(text: str) -> Iterator[tuple[str, str]]:
    """【label】value …: a value ends at the next 【, at • or at 正文; 效力级别 at the end of a known word."""
    brackets = [match for match in islice(_BANNER.finditer(text), _MOST) if not match[1].isdecimal()]
    for number, match in enumerate(brackets):
        name = known_label(match[1])
        if not name or LABELS[name] == NOISE or (name in GENERIC and len(brackets) == 1):
            continue
        end = brackets[number + 1].start() if number + 1 < len(brackets) else len(text)
        value = text[match.end() : end].lstrip(COLONS + " ")
        if stop := _BANNER_END.search(value):
            value = value[: stop.start()]
        if LABELS[name] == "legal_level":
            value = next((word for word in _LEVELS if simplified(value).startswith(word)), value)
        yield match[1].strip(), value.strip()
