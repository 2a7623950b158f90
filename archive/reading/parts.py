"""What a text consists of, where it is more than one document.

Most texts are one document and its annexes: of those nothing is said. Otherwise each line belongs to one part, and of
each part it is said whether it is the page's own document, one that the page reprints, or no document at all. Nothing
that a part says of itself is ever said of another.

Whose page it is: the title of the page tells, or else the text before the first head; a gazette reprints all that it
holds. A text without a page around it (plain text) is its first document's only if that passes the others on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from archive.reading import borders
from archive.reading.borders import Border
from archive.reading.line import marks
from archive.reading.matter import is_file_name, is_furniture, shared_head
from archive.reading.model import Part
from archive.reading.titles import alike, is_collection, names, report
from archive.vocabulary import PartKind

SEVERAL = "several_documents"
"""Flag: the text holds documents besides the page's own; see ``Reading.parts``."""

FOREIGN = "foreign_matter"
"""Flag: the text holds what is no document, or a form, among documents."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose the page is. ``leads``: the lines at the top are the page's own; ``head``: the head of its own document."""

    leads: bool
    head: Border | None = None


_HEAD = 12  # lines in which the labels of a page may stand
_SENTENCE = 10  # characters
_NO_DOCUMENT = (PartKind.FOREIGN, PartKind.TEMPLATE)


def divide(lines: Sequence[str], page_title: str | None) -> tuple[Part, ...]:
    """The parts of a text, without gap or overlap; empty if it is one document and its annexes.

    ``page_title``: the title that the page around the text gives; ``None`` if there is no page, only text."""
    found = _without_repetition(borders.find(lines))
    if top := shared_head(lines):
        found = [Border(0, PartKind.FOREIGN, ends=top), *(border for border in found if border.at >= top)]
    elif page_title is None:
        found = _with_frame(found, lines)
    if page_title is not None and not any(border.kind is PartKind.REPRINTED and not border.is_weak for border in found):
        # A document on a page may have a form for its annex, or be one; and its container may hold buttons.
        found = [border for border in found if border.kind in (PartKind.FOREIGN, PartKind.ANNEX)]
    if all(border.kind is PartKind.ANNEX for border in found):
        return ()
    parts = _parts(found, lines, _owner(found, lines, page_title))
    kinds = {part.kind for part in parts}
    if page_title is not None and kinds.isdisjoint((PartKind.OWN, PartKind.REPRINTED)):
        return ()  # whatever it is, it is all that the page holds
    return () if len({part.document for part in parts}) == 1 and kinds <= {PartKind.OWN, PartKind.ANNEX} else parts


def flags(parts: Sequence[Part]) -> tuple[str, ...]:
    """What an analyst must know of such a text without looking at its parts."""
    kinds = {part.kind for part in parts}
    several = PartKind.REPRINTED in kinds and len({part.document for part in parts if part.document}) > 1
    mixed = any(kind in kinds for kind in _NO_DOCUMENT) and len(kinds) > 1
    return (SEVERAL,) * several + (FOREIGN,) * mixed


def lines_of(parts: Sequence[Part], lines: Sequence[str], *kinds: PartKind, document: int | None = None) -> list[str]:
    """The lines of the parts of these kinds; ``document``: of this one only."""
    return [
        line
        for part in parts
        if part.kind in kinds and document in (None, part.document)
        for line in lines[part.first - 1 : part.last]
    ]


def _without_repetition(found: Sequence[Border]) -> list[Border]:
    """Borders without those that begin the document again which they stand in: a number or title that is repeated."""
    kept: list[Border] = []
    key = ""
    for border in found:
        if border.kind is PartKind.REPRINTED:
            if border.key and border.key == key:
                continue
            key = border.key
        kept.append(border)
    return kept


def _owner(found: Sequence[Border], lines: Sequence[str], page_title: str | None) -> _Owner:
    heads = [border for border in found if border.kind is PartKind.REPRINTED]
    if not heads:
        return _Owner(not found or found[0].at > 0 or found[0].kind is not PartKind.TEMPLATE)
    before = _before(found, lines, heads[0].at)
    speaks = _has_sentence(before)
    if page_title is None:
        following = heads[0] if speaks else heads[1] if len(heads) > 1 else None
        text = before if speaks else lines[heads[0].at : following.at if following else None]
        if following is None or any(names(line, following.title) for line in text):
            return _Owner(True, None if speaks else heads[0])
        return _Owner(not speaks)
    if speaks and any(one and not alike(page_title, one.title) for one in map(report, before)):
        return _Owner(False)  # the first of several reports
    if is_collection(page_title) or (speaks and borders.is_signed(before)):
        return _Owner(True)
    for head in heads:
        if alike(page_title, head.title):
            return _Owner(True, head)
    begins = not speaks and (len(heads) == 1 or (not heads[0].title and not _are_a_series(heads)))
    return _Owner(True, heads[0] if begins else None)


def _are_a_series(heads: Sequence[Border]) -> bool:
    """Whether documents are of one series and year, and have no titles: decisions that one page makes known."""
    return not any(head.title for head in heads) and len({head.key.rpartition("|")[0] for head in heads}) == 1


def _before(found: Sequence[Border], lines: Sequence[str], end: int) -> list[str]:
    """The lines before the first head that are not foreign to a document."""
    outside = {at for border in found if border.ends for at in range(border.at, border.ends)}
    stop = min((border.at for border in found if border.kind is PartKind.TEMPLATE), default=end)
    return [line for at, line in enumerate(lines[: min(stop, end)]) if at not in outside]


def _has_sentence(lines: Sequence[str]) -> bool:
    return any("。" in line and len(line) >= _SENTENCE for line in lines)


def _parts(found: Sequence[Border], lines: Sequence[str], owner: _Owner) -> tuple[Part, ...]:
    first = next((border for border in found if not border.ends and border.kind is not PartKind.ANNEX), None)
    now = Part(PartKind.OWN if owner.leads else PartKind.REPRINTED, 1, 0, 1)
    made: list[Part] = []
    document = 1
    resumed: Part | None = None  # what goes on behind something foreign
    until = 0
    for border in [*found, Border(len(lines), PartKind.OWN)]:
        if resumed is not None and until <= border.at:
            made.append(replace(now, last=until))
            now, resumed = replace(resumed, first=until + 1), None
        if border is owner.head and border is first:
            now = replace(now, title=border.title)
            continue
        made.append(replace(now, last=border.at))
        if border.ends:
            resumed, until = resumed or now, border.ends
            now = Part(border.kind, border.at + 1, 0, 0)
        elif border.kind is PartKind.ANNEX:
            resumed = None
            before = lines[made[-1].first - 1 : border.at]
            if not any("附件" in line for line in before) and not borders.is_signed(before):
                document += 1  # what stands before it is not whole, and speaks of no annex
            title = lines[border.at + 1] if border.at + 1 < len(lines) and "。" not in lines[border.at + 1] else ""
            now = Part(border.kind, border.at + 1, 0, document, title)
        else:
            resumed = None
            document += any(part.document == document and part.last >= part.first for part in made)
            now = Part(PartKind.OWN if border is owner.head else border.kind, border.at + 1, 0, document, border.title)
    return tuple(part for part in made if part.last >= part.first)


def _with_frame(found: list[Border], lines: Sequence[str]) -> list[Border]:
    """The borders of a plain text, and those of what stood around it on its page: labels above, buttons below."""
    top = 0
    for at, line in enumerate(islice(lines, _HEAD)):
        if "。" in line:
            break
        if is_furniture(line) or any(start == 0 for start, _, _ in marks(line)):
            top = at + 1
    bottom = len(lines)
    while bottom > top and (is_furniture(lines[bottom - 1].strip(" •·")) or is_file_name(lines[bottom - 1])):
        bottom -= 1
    inside = [border for border in found if top <= border.at < bottom]
    if top:
        inside.insert(0, Border(0, PartKind.FURNITURE, ends=top))
    if bottom < len(lines):
        inside.append(Border(bottom, PartKind.FURNITURE, ends=len(lines)))
    return inside
