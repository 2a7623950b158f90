"""What a table is made of, for :mod:`archive.ledger.tables`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["TEXT", "INTEGER", "ANY"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``null``: whether it may be unknown; ``refers``: the key that it names, as ``table(column)``;
    ``values``: the only words that stand in it; ``default``: SQL."""

    name: str
    zh: str
    about: str
    kind: Kind = "TEXT"
    null: bool = True
    refers: str = ""
    values: type[StrEnum] | None = None
    default: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An index. ``where`` makes it partial."""

    columns: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A STRICT table. ``key`` is its primary key; ``more`` are further table constraints."""

    name: str
    zh: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()
    more: tuple[str, ...] = ()
    rowid: bool = True


def must(
    name: str, zh: str, about: str, kind: Kind = "TEXT", *, refers: str = "", values: type[StrEnum] | None = None
) -> Column:
    return Column(name, zh, about, kind, False, refers, values)


def count(name: str, zh: str, about: str) -> Column:
    return Column(name, zh, about, "INTEGER", False, default="0")
