"""Fields that the newest documents no longer state: a portal was rebuilt, and the reader misses it. Pure.

A field is compared within its column, because columns differ: 公示 never had a 文号. What the newest documents state is
held against what those before them stated, by the exact chance of so few (:mod:`archive.health.chance`). An alarm needs
a long way below what was usual as well as an unlikely one: thresholds that are crossed by a hair teach people to look
away (codebases.md section 3, item 7).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.health.chance import at_most
from archive.ledger.past import NEWEST, ColumnNews, Loss, Sample

UNLIKELY = 0.0001
"""The chance of a count that is no accident. Each night compares a dozen fields in each column that had news: at 0.001
an archive of 400 portals would raise a false alarm every other night."""

FEWER = 2 / 3
"""Less than this part of what was usual has to be left of it."""

USUAL = 0.25
"""Fields that fewer of the earlier documents stated are not compared: there is too little to miss."""

ENOUGH = 20
"""Documents before, at least, to know what is usual."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A field that the newest documents state far more seldom than those before them."""

    field: str
    documents: int  # the newest
    stated: int  # of these
    usual: float  # share of those before, 0 to 1
    columns: tuple[str, ...]  # names of the columns where it shows; empty: in none of them alone

    def __str__(self) -> str:
        where = f" ({', '.join(self.columns[:3])}{' …' if len(self.columns) > 3 else ''})" if self.columns else ""
        return (
            f"{self.field} is stated by {self.stated} of the {self.documents} newest documents{where}, "
            f"by {self.usual:.0%} of those before"
        )


def shifts(columns: Sequence[ColumnNews]) -> list[Shift]:
    """The fields that got lost, each once; those of which most is missing first."""
    found: dict[str, Shift] = {}
    known = [column for column in columns if column.earlier >= ENOUGH]
    for column in known:
        for shift in _in(column.newest, [column], (column.name or column.key,)):
            one = found.get(shift.field)
            found[shift.field] = shift if one is None else _joined(one, shift)
    for shift in _in(_newest(known), known, ()):
        found.setdefault(shift.field, shift)
    return sorted(found.values(), key=lambda shift: (shift.stated / shift.documents - shift.usual, shift.field))


def losses(changed: Iterable[Loss]) -> list[str]:
    """Fields that documents lost as they changed: half of those that stated it, and not just a few."""
    return [
        f"{loss.field} is gone from {loss.lost} of {loss.stated} changed documents that stated it"
        for loss in changed
        if loss.lost >= NEWEST and loss.lost * 2 >= loss.stated
    ]


def _in(newest: Sequence[Sample], columns: Sequence[ColumnNews], names: tuple[str, ...]) -> Iterator[Shift]:
    """What is missing in these documents, which are of these columns."""
    if len(newest) < NEWEST:
        return
    home = {sample.id: column for column in columns for sample in column.newest}
    fields = sorted({field for column in columns for field, count in column.stated.items() if count})
    for field in fields:
        expected = sum(_share(home[sample.id], field) for sample in newest) / len(newest)
        stated = sum(field in sample.states for sample in newest)
        if expected < USUAL or stated >= FEWER * expected * len(newest):
            continue
        if at_most(stated, len(newest), expected) < UNLIKELY:
            yield Shift(field, len(newest), stated, expected, names)


def _share(column: ColumnNews, field: str) -> float:
    """How likely a document of the column is to state the field, if nothing has changed: of few, nothing is certain
    (Laplace's rule of succession)."""
    return (column.stated.get(field, 0) + 1) / (column.earlier + 2)


def _newest(columns: Sequence[ColumnNews]) -> list[Sample]:
    """The newest documents of all columns together: those of the run, and of those before enough to judge by. One that
    stands in several columns counts once."""
    each = {sample.id: sample for column in columns for sample in column.newest}
    latest = sorted(each.values(), key=lambda sample: (sample.first_seen, sample.id), reverse=True)
    return [sample for number, sample in enumerate(latest) if sample.own or number < NEWEST]


def _joined(one: Shift, other: Shift) -> Shift:
    documents = one.documents + other.documents
    usual = (one.usual * one.documents + other.usual * other.documents) / documents
    return Shift(one.field, documents, one.stated + other.stated, usual, one.columns + other.columns)
