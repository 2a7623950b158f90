"""Plain text: its lines, and the title that a law database prints before the attributes of a document."""

import re
from html import escape

from archive.reading.letterhead import SIGNED

_ATTRIBUTES = re.compile(r"【|文章属性|正文\s*[:：]?\s*(?:-{3,}|$)")
_SHORTEST_TITLE, _LONGEST_TITLE = 8, 150
_OF_A_TITLE = 5  # characters that tell one
_MARKUP = re.compile(r"</?[a-zA-Z!]")
_LINE_ENDS = re.compile(r"[\r\n]+")


def is_plain(mime: str, text: str) -> bool:
    """Whether an answer is plain text, and not HTML that is declared as such."""
    return mime == "text/plain" and not _MARKUP.search(text)


def lines(text: str) -> list[str]:
    """The lines of a text; outer white space removed, empty ones left out."""
    return list(filter(None, map(str.strip, _LINE_ENDS.split(text))))


def unglued(found: list[str]) -> list[str]:
    """The lines with a break behind a signature that what it covers follows at once: …办公室2020年8月28日甲市全面….

    The title of that stands in the first line too, as what is issued (印发…的通知)."""
    parts: list[str] = []
    for line in found:
        signed = SIGNED.match(line)
        end = signed.end() if signed else 0
        covered = line[end : end + _OF_A_TITLE]
        parts += [line[:end], line[end:]] if end and len(covered) == _OF_A_TITLE and covered in found[0] else [line]
    return parts


def title(first: str) -> str:
    """What stands before 【法规类别】…, 文章属性 or 正文 on the first line of a text, or ``""``."""
    found = _ATTRIBUTES.search(first)
    before = first[: found.start()].strip() if found else ""
    return before if _SHORTEST_TITLE <= len(before) <= _LONGEST_TITLE and "。" not in before else ""


def as_html(found: list[str]) -> bytes:
    """The lines as paragraphs of an HTML page in UTF-8: from there on a text is read like any page."""
    return "".join(f"<p>{escape(line)}</p>" for line in found).encode("utf-8", "replace")
