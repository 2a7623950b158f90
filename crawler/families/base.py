"""What a family is: pure functions from a page to columns and rows. A family is a wire dialect, not a vendor.

A family is a module with the members of :class:`Family`. It does no I/O: it says what to ask for (:class:`Ask`), the
spider asks. The names of all families stand in ``crawler.families.FAMILIES``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from archive.events import CatalogueRow
from archive.reading.page import Page
from archive.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that a family wants made. ``url`` is absolute."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    press: tuple[str, ...] = ()  # Playwright selectors: what a browser presses, one after the other, once it is there


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A ``[[column]]`` of a portal file: where to enter, and what the family needs to be told."""

    family: str
    url: str
    key: str = ""  # empty: the family derives it
    name: str = ""
    options: Mapping[str, object] | None = None  # the sub-table of the family's name
    unconfirmed: bool = False  # no run has shown yet that it is so (crawler.first_contact)
    browser: frozenset[Role] = frozenset()  # pages that only scripts fill: a browser renders them (crawler.browser)
    every: timedelta | None = None  # between two walks by itself; None: as the portal


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
    browser: bool = False  # a browser has its list pages open: what turns a page may be pressed


@dataclass(frozen=True, slots=True)
class Opening:
    """What an entry page offers."""

    columns: tuple[Column, ...]
    skipped: tuple[tuple[str, str], ...] = ()  # (name, why): jump nodes and the like
    further: Ask | None = None  # a page that has to be read as well: its answer goes to ``open`` as this one did
    branches: tuple[Ask, ...] = ()  # nodes below, where a tree comes node by node: each answer goes to ``open`` too


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one list page says."""

    rows: tuple[CatalogueRow, ...]
    next: Ask | None  # None: this is the last page, by the page's own word
    declared_total: int | None = None
    declared_pages: int | None = None
    sparse: bool = False  # may hold no new row though it is not the end: a list that repeats itself, or is sifted
    guess: bool = False  # nothing on the page speaks of ``next``: if it is not there, this page was the last


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sign that a page belongs to a family. Two independent signs decide; ``weight`` 3 is decisive, 1 a hint."""

    sign: str
    weight: int


class Family(Protocol):
    """The members of a family module."""

    NAME: str
    OPTIONS: Mapping[str, Callable[[object], str]]
    """The keys of the family's sub-table in a portal file, each with what says what is wrong with a value (the empty
    string if nothing is)."""

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

    def key(self, spec: ColumnSpec) -> str:
        """What the keys of the columns behind an entry begin with: as given in the portal file, else derived."""

    def catalogue(self, spec: ColumnSpec) -> str:
        """What names the catalogue that an entry leads to. Two entries of one catalogue may share their columns."""
