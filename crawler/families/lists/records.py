"""Records of a JSON answer, read without trust in their types: numbers come as text, keys in any case, text with tags.

What the services of UCAP, TRS IRS, NFCMS and the State Council's library have in common.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from archive.errors import LayoutError, ReadingError
from archive.reading.dates import DateStatus, parse_date
from archive.reading.page import Page
from archive.reading.values import is_null
from crawler.families.lists.printed import squeeze

Record = Mapping[str, Any]

LONGEST = 400
"""Characters of a value that describes a document; what is longer is the document (Guizhou's tax bureau sends it)."""

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def answer_of(page: Page, service: str) -> Any:
    """The page as JSON. Raises ``LayoutError`` if it is none."""
    try:
        return page.json
    except ReadingError as error:
        raise LayoutError(f"{page.url}: not an answer of {service}: {error}") from error


def text(value: object) -> str:
    """A scalar as one line of plain text: markup (``<em>``) and entities resolved; null, ``"null"`` and the like give
    the empty string, as do lists and objects."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    found = squeeze(unescape(_TAG.sub("", str(value))))
    return "" if is_null(found) else found


def count(value: object) -> int | None:
    """A whole number, given as a number or as text."""
    found = text(value)
    return int(found) if found.isdecimal() else None


def pick(record: Record, *names: str) -> str:
    """The first of the named values that has any text, names taken in any case."""
    values = {name.lower(): value for name, value in record.items()}
    return next(filter(None, (text(values.get(name.lower())) for name in names)), "")


def day(*values: str) -> str:
    """The first value that is a date, as printed; one that counts seconds or milliseconds as the day it means."""
    for value in values:
        parsed = parse_date(value)
        if parsed.day:
            return parsed.day if parsed.status is DateStatus.EPOCH else value
    return ""


def stated(record: Record, *but: str) -> Iterator[tuple[str, str]]:
    """Name and value of all that a record states in a line; ``but``: names (in any case) left out."""
    left_out = {name.lower() for name in but}
    for name, value in record.items():
        if name.lower() not in left_out and 0 < len(found := text(value)) <= LONGEST:
            yield name, found


def mappings(value: object) -> list[Record]:
    """The records in a list; none if ``value`` is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def holder(answer: object, names: Iterable[str], depth: int = 3) -> Record | None:
    """The outermost object, at most ``depth`` levels down, in which one of the names stands for a list."""
    if not isinstance(answer, dict):
        return None
    wanted = set(names)
    if any(name in wanted and isinstance(value, list) for name, value in answer.items()):
        return answer
    inner = (holder(value, wanted, depth - 1) for value in answer.values()) if depth else ()
    return next((found for found in inner if found is not None), None)
