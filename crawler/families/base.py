"""What a family is: pure functions from a page to columns and rows. A family is a wire dialect, not a vendor.

A family is a module with the members of :class:`Family`. It does no I/O: it says what to ask for (:class:`Ask`), the
spider asks. The names of all families stand in ``crawler.families.FAMILIES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from archive.events import CatalogueRow
from archive.reading.page import Page


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that a family wants made. ``url`` is absolute."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A ``[[column]]`` of a portal file: where to enter, and what the family needs to be told."""

    family: str
    url: str
    key: str = ""  # empty: the family derives it
    name: str = ""
    options: Mapping[str, object] | None = None  # the sub-table of the family's name


@dataclass(frozen=True, slots=True)
class Column:
    """A catalogue column (栏目) to walk."""

    key: str  # unique within the portal, stable over years
    name: str
    url: str  # what a human opens
    family: str
    first: Ask | None  # its first list page; None: the entry page itself is that page
    declared: int | None = None  # how many entries the portal says it has
    options: Mapping[str, object] | None = None  # as in its ``ColumnSpec``: ``read_list`` may need them


@dataclass(frozen=True, slots=True)
class Opening:
    """What an entry page offers."""

    columns: tuple[Column, ...]
    skipped: tuple[tuple[str, str], ...] = ()  # (name, why): jump nodes and the like


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one list page says."""

    rows: tuple[CatalogueRow, ...]
    next: Ask | None  # None: this is the last page, by the page's own word
    declared_total: int | None = None
    declared_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sign that a page belongs to a family. Two independent signs decide; ``weight`` 3 is decisive, 1 a hint."""

    sign: str
    weight: int


class Family(Protocol):
    """The members of a family module."""

    NAME: str

    def detect(self, page: Page) -> tuple[Evidence, ...]:
        """Signs of this family on a page; empty if there is none."""

    def entry(self, spec: ColumnSpec) -> Ask:
        """The request for a column's entry page."""

    def open(self, page: Page, spec: ColumnSpec) -> Opening:
        """The columns behind an entry page. Raises ``LayoutError`` if it is not this family's page."""

    def read_list(self, page: Page, column: Column, number: int) -> ListPage:
        """Rows and continuation of list page ``number`` (1-based). ``page`` may be any answer with status 200.

        Raises ``LayoutError`` if it is not a list of this family. A page that is a list but holds no row gives an
        empty ``rows``."""
