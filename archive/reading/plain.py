"""Plain text: its lines, taken apart where a program has glued them, and the titles in them.

Law databases print a title and the attributes of a document on its first line; programs that read PDF files run the
head of a document into one line, a space between the characters of its letterhead.
"""

import re
from html import escape

from archive.reading.doc_number import parse_doc_numbers
from archive.reading.letterhead import DAY, SIGNED, is_number
from archive.reading.titles import is_title, report

_ATTRIBUTES = re.compile(r"【|文章属性|正文\s*[:：]?\s*(?:-{3,}|$)")
_SHORTEST_TITLE, _LONGEST_TITLE = 8, 150
_OF_A_TITLE = 5  # characters that tell one
_MARKUP = re.compile(r"</?[a-zA-Z!]")
_ANNEX = re.compile(r"附\s*件\s*[0-9一二三四五六七八九十]{0,3}")
_TITLE_STANDS_IN, _PREFACE_STANDS_IN = 6, 20  # lines
_UP_TO_NUMBER = re.compile(r"\s*[（(]?([^（()）。，,：:]{2,30}?\d\s*号)")
_SPACED_HEAD = re.compile(
    r"[\s\d\-—]*(?P<letterhead>(?:[\u4e00-\u9fff]\s){5,40}文\s件)\s+(?P<number>\S.{4,40}?号)\s+"
    r"(?P<title>[^：:。]{6,150}?(?:通知|意见|决定|通报|公告|通告|批复|函))\s+(?P<addressees>[^：:。]{2,200})[：:]"
)
_DAY_APART = re.compile(rf"(?<=[。.])\s*({DAY})(?=\s|$)")
_SPACES = re.compile(r"\s+")
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


def headings(found: list[str]) -> list[str]:
    """The titles of a document by its lines, the best first: one with attributes behind it, lines of their own (a
    report may have two, in other words), the preface of an annual report. An annex has none that is the document's."""
    if not found or _ANNEX.fullmatch(found[0]):
        return []
    if before := title(found[0]):
        return [before]
    titles: dict[str, None] = {}
    for line in found[:_TITLE_STANDS_IN]:
        if is_title(line):
            titles[line] = None
        elif len(line) > _LONGEST_TITLE or line.endswith("。"):
            break
    if titles:
        return list(titles)
    prefaces = filter(None, map(report, found[:_PREFACE_STANDS_IN]))
    return [preface.title for preface in prefaces][:1]


def number_behind_title(first: str) -> str:
    """The number that follows the title where a first line repeats it behind the attributes, or ``""``."""
    repeated = title(first)[-_OF_A_TITLE * 2 :]
    at = first.rfind(repeated) if repeated else -1
    if at <= first.find(repeated):
        return ""
    found = _UP_TO_NUMBER.match(first, at + len(repeated))
    return found[1] if found and is_number(found[1]) else ""


def unfolded(line: str) -> tuple[list[str], str]:
    """The lines of the head of a document that are one line, and to whom it is sent (主送机关); or the line alone.

    甲 市 人 民 政 府 文 件 甲政发〔2010〕1号 甲市人民政府 关于…的通知 各县区人民政府: …。 二〇一〇年四月十一日 2 …"""
    found = _SPACED_HEAD.match(line) if "文" in line else None
    if found is None or not parse_doc_numbers(found["number"]).numbers:
        return [line], ""
    parts = [_joined(found[name]) for name in ("letterhead", "number", "title", "addressees")]
    text = line[found.end() :]
    day = _DAY_APART.search(text)
    rest = [text[: day.start()], day[1], text[day.end() :]] if day else [text]
    lines_ = [*parts[:3], f"{parts[3]}：", *(part.strip() for part in rest)]
    return list(filter(None, lines_)), parts[3]


def _joined(text: str) -> str:
    """Without the spaces that a program has put between Han characters, digits and signs."""
    return _SPACES.sub("", text)


def as_html(found: list[str]) -> bytes:
    """The lines as paragraphs of an HTML page in UTF-8: from there on a text is read like any page."""
    return "".join(f"<p>{escape(line)}</p>" for line in found).encode("utf-8", "replace")
