"""Which family a page is of: the signs of all families are weighed, and what each can make of the page is tried. Pure.

A family is named if two independent signs of its own agree, or a decisive one and a proof, and if it can read the page;
where its signs leave no doubt, also if it cannot. A specific family goes before ``static``, which reads whatever is
there to be seen. Detection is of an entry address, not of a host: one portal often mixes families (portal-families.md
sections 4.1 and 4.2).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urlsplit

from archive.errors import LayoutError, ReadingError
from archive.reading.fields import FIELDS
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.urls import identity
from archive.vocabulary import Source
from crawler.families import FAMILIES, static
from crawler.families.base import Ask, ColumnSpec, Evidence

DECISIVE = 3
"""Weight of a sign that no other family has (:class:`crawler.families.base.Evidence`)."""

ENTRY = "entry"
"""Where a sign was seen; the others are named by what they show: ``list``, ``page 2``, ``document``."""

_LABELLED = frozenset({Source.META, Source.TABLE, Source.LIST, Source.LINE, Source.BANNER, Source.API})
_OF_ANY_PAGE = frozenset({"title", "keywords", "abstract"})  # list pages have them too, as words for search engines


@dataclass(frozen=True, slots=True)
class Clue:
    """A sign, and the page that bears it."""

    where: str
    sign: str
    weight: int


@dataclass(frozen=True, slots=True)
class Case:
    """What speaks for one family."""

    family: str
    signs: tuple[Clue, ...]  # its own; of one kind only the first
    proofs: tuple[Clue, ...] = ()  # what came of reading the pages as this family's
    fault: str = ""  # why it could not read them

    @property
    def weight(self) -> int:
        return sum(clue.weight for clue in (*self.signs, *self.proofs))

    @property
    def decisive(self) -> bool:
        """Whether one of its signs is no other family's."""
        return any(sign.weight >= DECISIVE for sign in self.signs)

    @property
    def holds(self) -> bool:
        """Whether the family is to be named."""
        if len(self.signs) > 1:
            return self.decisive or not self.fault
        plain = self.decisive or (self.family == static.NAME and any(sign.weight > 1 for sign in self.signs))
        return plain and bool(self.proofs) and not self.fault


def signs(family: str, page: Page) -> tuple[Evidence, ...]:
    """The signs of a family on a page; none on what is no page at all."""
    try:
        return FAMILIES[family].detect(page)
    except (LayoutError, ReadingError):
        return ()


def weigh(case: Case, pages: Iterable[tuple[str, Page]]) -> Case:
    """The case with the signs of further pages, each with where it was met. The same sign again is not another one."""
    kinds = {_kind(clue.sign): clue for clue in case.signs}
    for where, page in pages:
        for found in signs(case.family, page):
            kinds.setdefault(_kind(found.sign), Clue(where, found.sign, found.weight))
    return replace(case, signs=tuple(kinds.values()))


def _kind(sign: str) -> str:
    return re.sub(r"\d+", "", sign)


def suspects(page: Page, url: str) -> list[Case]:
    """The families of which an entry page bears signs, the likeliest first. ``url``: its address, fragment included."""
    found = (weigh(Case(name, ()), [(ENTRY, page)]) for name in FAMILIES)
    cases = [replace(case, fault=fault_of(case.family, page, url)) for case in found if case.signs]
    return sorted(cases, key=lambda case: (not case.holds, case.family == static.NAME, -case.weight))


def fault_of(family: str, page: Page, url: str) -> str:
    """Why a family cannot open an entry page and read what stands in it; "" if it can, or if it would ask for another
    page than this one."""
    found, spec = FAMILIES[family], ColumnSpec(family, url)
    if found.entry(spec) != Ask(urldefrag(url).url):
        return ""
    try:
        here = (column for column in found.open(page, spec).columns if column.first is None)
        for column in here:
            found.read_list(page, column, 1)
    except (LayoutError, ReadingError) as error:
        return str(error)
    return ""


def stated(reading: Reading) -> tuple[str, ...]:
    """The fields of a document that a page states of itself, by label or meta tag. No list page known to us states more
    than one, and but for a few old ones every document states two. What a page states over and over, each time
    otherwise, it states of its rows."""
    labelled = [seen for seen in reading.observations if seen.source in _LABELLED and _is_of_document(seen.field)]
    values = Counter(field for field, _ in {(seen.field, seen.value) for seen in labelled if seen.value})
    return tuple(seen.field for seen in labelled if seen.chosen and values[seen.field] < _OF_ROWS)


_OF_ROWS = 4
"""Different values of one field on a page that are those of a list's rows."""


def is_document(page: Page) -> bool:
    """Whether a page is a document rather than a list of documents."""
    return page.body.lstrip()[:1] not in (b"{", b"[") and len(stated(read(page))) > 1


def is_home(url: str) -> bool:
    """Whether an address is that of a whole site: its page shows rows of many columns, and is none."""
    parts = urlsplit(f"//{identity(url)}")
    return parts.path in ("", "/") and not parts.query


def _is_of_document(field: str) -> bool:
    return field in FIELDS and FIELDS[field].of_document and field not in _OF_ANY_PAGE
