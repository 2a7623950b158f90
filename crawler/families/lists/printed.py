"""What is printed on a page: runs of text, the dates and the labelled values among them, all as written."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

_UNSEEN = frozenset({"script", "style", "template", "noscript", "select", "textarea"})
_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*日)?"
_TIME = r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
# A date stands by itself: 2015年10月29日证监会令 and 自2026年1月1日起 are prose.
_DATE = re.compile(rf"(?:^|(?<=[\s\[(（【<：:·|｜]))({_DAY}{_TIME})(?=$|[\s\])）】>,，;；|｜])")
_SHORTEST_DATE = len("2026-1-1")
_MONTH_AND_DAY = re.compile(r"[\s\[(（【]*((?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]))[\s\])）】]*")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d([-/.年])\d{1,2})月?")
_YEAR_ALONE = re.compile(r"((?:19|20)\d\d)年?")
_DAY_ALONE = re.compile(r"(\d{1,2})日?")
# 索引号：  作 者:  发文字号： — at the start of a run of text or behind a gap; Han only, so that 23:06 is none.
_LABEL = re.compile(
    r"(?:^|(?<=[\s|｜;；\])）】]))"
    r"([\u4e00-\u9fff]{2,8}|[\u4e00-\u9fff](?:\s+[\u4e00-\u9fff](?![\u4e00-\u9fff])){1,7})\s*[:：]"
)

_STRING = etree.XPath("string()")


def squeeze(text: str) -> str:
    """Every run of white space, the ideographic and the non-breaking space among it, becomes one space."""
    return " ".join(text.split())


def content(element: etree._Element) -> str:
    """All text in an element, scripts among it, as written; comments left out."""
    return str(_STRING(element))


def runs(element: etree._Element, skip: Collection[etree._Element] = ()) -> Iterator[str]:
    """The text nodes of an element, in order, without scripts, comments and the elements in ``skip``; none is blank."""
    for text in _texts(element, skip):
        if line := squeeze(text):
            yield line


def whole_text(element: etree._Element, skip: Collection[etree._Element] = ()) -> str:
    """The text of an element in one line. Inline markup does not part words; ``<br>`` does."""
    if not len(element) and not _is_unseen(element, skip):
        return squeeze(element.text or "")
    return squeeze("".join(_texts(element, skip)))


def _texts(element: etree._Element, skip: Collection[etree._Element]) -> Iterator[str]:
    """Does not recurse: a page may be nested deeper than Python goes."""
    if _is_unseen(element, skip):
        return
    yield from _begins(element)
    if not len(element):  # as most are
        return
    above = [(element, iter(element))]
    while above:
        parent, children = above[-1]
        child = next(children, None)
        if child is None:
            above.pop()
            child = parent
        elif not _is_unseen(child, skip):
            yield from _begins(child)
            if len(child):
                above.append((child, iter(child)))
                continue
        if above and (tail := child.tail):
            yield tail


def _is_unseen(element: etree._Element, skip: Collection[etree._Element]) -> bool:
    return not isinstance(element.tag, str) or element.tag in _UNSEEN or element in skip


def _begins(element: etree._Element) -> Iterator[str]:
    if element.tag == "br":
        yield " "
    if text := element.text:
        yield text


def is_date(text: str) -> bool:
    """Whether a text is nothing but a date, brackets aside."""
    return _DATE.fullmatch(text.strip(" []()（）【】")) is not None


def dates(texts: Sequence[str]) -> list[str]:
    """The dates that stand by themselves in runs of text, as printed, in order.

    A day in a box of its own, above or below its month, is put together: ``09`` and ``2026-04`` give ``2026-04-09``,
    and so do ``04-09`` and ``2026``. Only where there is no full date, ``04-09`` alone counts."""
    found = [squeeze(match.group(1)) for text in texts if len(text) >= _SHORTEST_DATE for match in _DATE.finditer(text)]
    if found:
        return found
    for first, second in pairwise(texts):
        for small, large in ((first, second), (second, first)):
            number, head = _DAY_ALONE.fullmatch(small), _YEAR_AND_MONTH.fullmatch(large)
            if number and head:
                return [f"{head[1]}月{number[1]}日" if head[2] == "年" else f"{head[1]}{head[2]}{number[1]}"]
            day, year = _MONTH_AND_DAY.fullmatch(small), _YEAR_ALONE.fullmatch(large)
            if day and year:
                return [f"{year[1]}{day[1][2]}{day[1]}"]
    return [match.group(1) for text in texts if (match := _MONTH_AND_DAY.fullmatch(text))]


def labelled(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Values that a label with a colon names, in the same run of text or the next: ``地域：<em>辽宁</em>``."""
    found: list[tuple[str, str]] = []
    waiting = ""
    for text in texts:
        labels = [*_LABEL.finditer(text)] if ":" in text or "：" in text else []
        if waiting and (not labels or labels[0].start() > 0):
            found.append((waiting, squeeze(text[: labels[0].start()] if labels else text)))
        waiting = ""
        for label, following in zip(labels, [*labels[1:], None], strict=False):
            value = squeeze(text[label.end() : following.start() if following else None])
            if value:
                found.append((squeeze(label.group(1)), value))
            waiting = "" if value or following else squeeze(label.group(1))
    return found


@dataclass(frozen=True, slots=True)
class Headline:
    """The title that a link shows: its text, the element that holds it, and dates that stand in boxes of their own."""

    title: str
    box: etree._Element
    stamps: tuple[etree._Element, ...]


_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:tit|til|title|name|bt|biaoti)(?:$|[\s_-])")
_BOXES = ("div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td")
_BULLETS = " ·•●◆■▪►▶"
_CUT = re.compile(r"\s*(?:\.{2,}|…+)$")
_CUT_OFF = (".", "…")  # how a text ends that _CUT finds anything in
_LETTERS = re.compile(r"(?:[^\W\d_].*){2}")


def headline(link: etree._Element) -> Headline:
    """What of a link is its title: all of it, as a rule, whatever inline markup it has.

    Of several boxes in a link it is the one whose class says title (csrc.gov.cn: ``span.til``, not ``span.sub-til``),
    else the first that can be one. The ``title`` attribute completes a title that the list cuts short, and tells it
    from a mark beside it (九江: ``<span class="type_title">政务信息</span>``)."""
    stamps: tuple[etree._Element, ...] = ()
    box, attribute = link, squeeze(link.get("title", ""))
    if len(link):  # most links hold nothing but text
        stamps = tuple(node for node in link.iterdescendants() if is_date(whole_text(node)))
        named = [node for node in link.iterdescendants("span", "b", "strong", "em", *_BOXES) if _says_title(node)]
        plain = [node for node in link.iterdescendants(*_BOXES) if next(node.iterdescendants(*_BOXES), None) is None]
        box = next((node for node in (*named, *plain) if _LETTERS.search(whole_text(node, stamps))), link)
        if box is not link and attribute and attribute == whole_text(link, (box, *stamps)):
            return Headline(attribute, link, stamps)
    text = whole_text(box, stamps).lstrip(_BULLETS)
    stem = _CUT.sub("", text) if text.endswith(_CUT_OFF) else text
    for node in (link,) if box is link else (box, link):
        full = squeeze(node.get("title", ""))
        if full.startswith(stem) and len(full) > len(stem):
            return Headline(full, box, stamps)
    return Headline(text, box, stamps)


def _says_title(node: etree._Element) -> bool:
    name = node.get("class", "")
    return _TITLE_CLASS.search(name) is not None and "sub" not in name
