"""Each seed as one text, and as the body of a page: are its pieces told apart, and is each item said of its own piece?

A seed of several documents has no document of its own: whatever the page is then said to be, is taken from a piece."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from archive.reading.damage import LOST
from archive.reading.fields import FIELDS
from archive.reading.model import Part, Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.vocabulary import PartKind
from tests.eval import gold
from tests.eval.case import squeeze
from tests.eval.gold import Segment

_DOCUMENT = {PartKind.OWN, PartKind.REPRINTED}
_KINDS = {
    "annual_report": _DOCUMENT, "official_document": _DOCUMENT, "report_excerpt": _DOCUMENT, "document": _DOCUMENT,
    "noise_snippet": {PartKind.FOREIGN}, "noise_forum": {PartKind.FOREIGN}, "noise_template": {PartKind.TEMPLATE},
    "attachment_form": {PartKind.ANNEX},
}  # fmt: skip
_FRAME = {PartKind.FURNITURE, PartKind.FOREIGN}  # the other kinds: chrome of the page that the text was taken from
_OF_A_PAGE = _DOCUMENT | {PartKind.FURNITURE}

CARRIER = "某市政务公开学习资料"
"""Title of the page that a seed is the body of."""


@dataclass(frozen=True)
class Whole:
    """A seed read at one go, and its pieces by gold."""

    name: str
    reading: Reading
    lines: tuple[int, ...]  # line of the seed of each line of the text
    segments: tuple[tuple[Segment, int, int], ...]  # first and last line, in lines that are not blank
    damaged: bool  # characters were lost, by gold

    def part(self, first: int, last: int) -> Part | None:
        """The part between two lines of the seed, if there is one between exactly these."""
        return next(
            (p for p in self.reading.parts if (self.lines[p.first - 1], self.lines[p.last - 1]) == (first, last)), None
        )

    def fields(self, part: Part) -> dict[str, str]:
        """What is said of the document that a part belongs to."""
        if part.kind is PartKind.REPRINTED:
            return next(dict(p.fields) for p in self.reading.parts if p.document == part.document)
        return dict(self.reading.fields) if part.kind in _OF_A_PAGE else {}


@cache
def texts(shared: Path) -> tuple[Whole, ...]:
    """The five seeds as plain text."""
    return tuple(_whole(shared, path, _as_text) for path in _seeds(shared))


@cache
def bodies(shared: Path) -> tuple[Whole, ...]:
    """The five seeds, each a paragraph a line in the body of one page."""
    return tuple(_whole(shared, path, _as_body) for path in _seeds(shared))


def of_several(wholes: Sequence[Whole]) -> list[Whole]:
    """Those of several documents by gold. Of a page of one, the labels and buttons are no matter of its body."""
    return [whole for whole in wholes if len({segment.document or segment.key for segment, *_ in whole.segments}) > 3]


def segments(wholes: Sequence[Whole]) -> Iterator[tuple[bool, str]]:
    """Each piece: told apart, by its lines, as what it is."""
    for whole in wholes:
        for segment, first, last in whole.segments:
            part = whole.part(first, last)
            yield (
                bool(part and part.kind in _KINDS.get(segment.kind, _FRAME)),
                f"{segment.key} ({segment.kind}): {part}",
            )


def items(wholes: Sequence[Whole]) -> Iterator[tuple[bool, str]]:
    """Each metadata item: said of the piece that it stands in."""
    for whole in wholes:
        for segment, first, last in whole.segments:
            part = whole.part(first, last)
            given = whole.fields(part) if part else {}
            for item in segment.items:
                if item.field in FIELDS:
                    value = squeeze(given.get(item.field, ""))
                    fits = value in map(squeeze, item.values) if item.values else not value
                    yield fits, f"{segment.key} {item.field}: {value or 'none'}, not {item.values or 'none'}"


def stolen(wholes: Sequence[Whole]) -> Iterator[tuple[bool, str]]:
    """Each field of a document that the page is given although it belongs to one of several; right if there is none."""
    for whole in wholes:
        if any(part.kind is PartKind.REPRINTED for part in whole.reading.parts):
            taken = {
                name: value for name, value in whole.reading.fields if FIELDS[name].of_document and value != CARRIER
            }
            yield not taken, f"{whole.name}: {taken}"


def damage(wholes: Sequence[Whole]) -> Iterator[tuple[bool, str]]:
    """Each seed: flagged if gold knows of characters that it lost, and only then."""
    for whole in wholes:
        flagged = any(flag.startswith(LOST) for flag in whole.reading.flags)
        yield flagged == whole.damaged, f"{whole.name}: {whole.reading.flags}"


def _seeds(shared: Path) -> list[Path]:
    return sorted((shared / "gold").glob("00?_*.json"))


def _as_text(lines: Sequence[str]) -> Page:
    header = ("Content-Type", "text/plain; charset=utf-8")
    return Page("http://www.seed.example/seed.txt", 200, (header,), "\n".join(lines).encode())


def _as_body(lines: Sequence[str]) -> Page:
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = f"<html><body><h1>{CARRIER}</h1><div class='TRS_Editor'>{text}</div></body></html>"
    return Page("http://www.seed.example/1.html", 200, (("Content-Type", "text/html; charset=utf-8"),), html.encode())


def _whole(shared: Path, path: Path, page: Callable[[Sequence[str]], Page]) -> Whole:
    known = json.loads(path.read_text("utf-8"))
    lines = (shared / "seeds" / known["seed"]).read_text("utf-8").split("\n")
    filled = tuple(number for number, line in enumerate(lines, 1) if line.strip())
    found = []
    for segment in gold.segments(shared):
        within = [number for number in filled if segment.first <= number <= segment.last]
        if segment.key[:3] == path.name[:3]:
            found.append((segment, within[0], within[-1]))
    reading = read(page([lines[number - 1].strip() for number in filled]))
    return Whole(path.name[:3], reading, filled, tuple(found), "dropped_characters" in known)
