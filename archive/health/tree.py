"""What happened to a portal's columns since the week before: gone from its tree, renamed, shrunk. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from archive.ledger.past import ColumnThen

ENOUGH = 10
"""Rows that a column had, at least, for its going or shrinking to be a fault."""

_NAMED = 3


class ColumnNow(Protocol):
    """What is asked of a column as it stands."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def declared(self) -> int | None: ...
    @property
    def listed(self) -> int: ...


def faults(columns: Sequence[ColumnNow], before: Sequence[ColumnThen]) -> Iterator[str]:
    """Columns of ten rows or more that are gone, or that lost more than half at once."""
    now = {column.key: column for column in columns}
    names = {column.name for column in columns if column.name}
    for then in before:
        name = then.name or then.key
        column = now.get(then.key)
        if column is None:
            if then.standing >= ENOUGH and then.name not in names:
                yield f"{name}: the portal no longer offers this column, in which {then.standing} entries stood"
        elif then.standing >= ENOUGH and column.listed * 2 < then.standing:
            yield f"{name}: {column.listed} entries stand where {then.standing} stood"
        elif then.declared is not None and then.declared >= ENOUGH and _halved(column.declared, then.declared):
            yield f"{name}: {column.declared} declared, {then.declared} in the week before"


def notes(columns: Sequence[ColumnNow], before: Sequence[ColumnThen]) -> Iterator[str]:
    """What else is new in the tree, and no fault."""
    now = {column.key: column for column in columns}
    known = {then.key for then in before}
    for then in before:
        column = now.get(then.key)
        if column is not None and column.name and then.name and column.name != then.name:
            yield f"{then.name} is called {column.name} now"
        elif column is None and (other := _of_that_name(then.name, columns, known)):
            yield f"{then.name} is another column than before ({other.key}, not {then.key})"
        elif column is None and then.standing < ENOUGH:
            yield f"{then.name or then.key} is offered no more"
    fresh = [column.name or column.key for column in columns if column.key not in known]
    if fresh and before:
        more = f" and {len(fresh) - _NAMED} more" if len(fresh) > _NAMED else ""
        yield f"new in the tree: {', '.join(fresh[:_NAMED])}{more}"


def _halved(now: int | None, then: int) -> bool:
    return now is not None and now * 2 < then


def _of_that_name(name: str, columns: Sequence[ColumnNow], known: set[str]) -> ColumnNow | None:
    return next((column for column in columns if column.name and column.name == name and column.key not in known), None)
