"""The pairs and lists of the gold files that need no page: document numbers, dates; and the segments of the seeds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.reading.dates import parse_date
from archive.reading.doc_number import NumberStatus, parse_doc_numbers
from archive.reading.fields import FIELDS
from tests.eval import gold, whole
from tests.eval.score import Scored


@dataclass(frozen=True)
class Check:
    """``right`` of ``total``; what is not right, in words."""

    name: str
    right: int
    total: int
    wrong: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.right / self.total


def checks(shared: Path, scored: Iterable[Scored]) -> list[Check]:
    """``scored``: our own scores, for the segments read as plain text."""
    plain = {one.case.key.partition("/")[2]: one for one in scored if one.case.group == "plain"}
    texts, bodies = whole.texts(shared), whole.bodies(shared)
    return [
        _check("文号 pairs", _numbers(shared)),
        _check("date pairs", _dates(shared)),
        _check("文号 in their lines", _in_lines(shared)),
        _check("metadata items", _items(shared, plain)),
        _check("segments", _segments(shared, plain)),
        _check("segments of whole seeds", whole.segments(texts)),
        _check("items of whole seeds", whole.items(texts)),
        _check("segments of a page's body", whole.segments(whole.of_several(bodies))),
        _check("items of a page's body", whole.items(whole.of_several(bodies))),
        _check("nothing of a part given to the page", whole.stolen((*texts, *bodies))),
        _check("lost characters flagged", whole.damage((*texts, *bodies))),
    ]


def _check(name: str, found: Iterator[tuple[bool, str]]) -> Check:
    all_ = list(found)
    return Check(name, sum(good for good, _ in all_), len(all_), tuple(what for good, what in all_ if not good))


def _numbers(shared: Path) -> Iterator[tuple[bool, str]]:
    for case in _load(shared, "doc_number_cases.json")["cases"]:
        found = parse_doc_numbers(case["input"])
        yield ([str(number) for number in found.numbers], found.status) == (case["expected"], case["status"]), str(case)


def _dates(shared: Path) -> Iterator[tuple[bool, str]]:
    for case in _load(shared, "date_cases.json")["cases"]:
        found = parse_date(case["input"])
        yield (found.value or None, found.status) == (case["expected"], case["status"]), str(case)


def _in_lines(shared: Path) -> Iterator[tuple[bool, str]]:
    """Every number that gold lists, found in its line of the seed; one that gold calls ambiguous must be called so."""
    for path in sorted((shared / "gold").glob("00?_*.json")):
        data = json.loads(path.read_text("utf-8"))
        lines = (shared / "seeds" / data["seed"]).read_text("utf-8").split("\n")
        for entry in data["doc_numbers"]:
            found = parse_doc_numbers(lines[entry["line"] - 1])
            wanted = entry["normalised"]
            good = wanted in map(str, found.numbers) if wanted else found.status is NumberStatus.AMBIGUOUS
            yield good, f"{path.stem[:3]} line {entry['line']}: {entry['raw']}"


def _items(shared: Path, plain: dict[str, Scored]) -> Iterator[tuple[bool, str]]:
    """Items that are fields of a reading: given with a right value, or not given where the label has none."""
    for segment in gold.segments(shared):
        wrong = {miss.field for miss in plain[segment.key].misses}
        for item in segment.items:
            if item.field in FIELDS:
                yield item.field not in wrong, f"{segment.key} {item.field}: {item.values or 'none'}"


def _segments(shared: Path, plain: dict[str, Scored]) -> Iterator[tuple[bool, str]]:
    """A segment is right if all that it states is read and nothing else; from noise nothing may be read."""
    for segment in gold.segments(shared):
        wrong = plain[segment.key].misses
        yield not wrong, f"{segment.key} ({segment.kind}): {', '.join(f'{miss.field} {miss.kind}' for miss in wrong)}"


def _load(shared: Path, name: str) -> Any:
    return json.loads((shared / "gold" / name).read_text("utf-8"))
