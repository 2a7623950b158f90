"""First contact: what a run shows of that which a portal file has only from others (``unconfirmed = true``).

Every run of such a portal tells it, at the end of ``gongkai crawl`` and in ``first_contact.json`` of the run's folder,
until the file drops its marks. The spider notes what it meets in a :class:`Contact`; the rest is pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.errors import ReadingError
from archive.ledger.questions import ColumnBalance
from archive.reading.page import Page
from archive.reading.site import site_id_code
from archive.vocabulary import WalkEnd
from crawler.detection import signs
from crawler.families import FAMILIES
from crawler.families.base import Column, ColumnSpec
from crawler.portal import Portal
from crawler.spiders.walk import Walk

SHOWN = (
    *("title", "publisher", "doc_number", "index_number", "date_made", "date_published", "disclosure_method", "text"),
)
"""Fields whose fill is told on the terminal; the file has all of them."""

_DROP = "drop its `unconfirmed = true`"
_PRINTED = re.compile(r"网站标识码(?:\s|&nbsp;|[:：]|<[^>]*>)*(\d{10}|bm\d{8})(?!\d)", re.IGNORECASE)
_GONE = frozenset({"404", "410", "soft_404", "catch_all"})
_ENOUGH = 3  # the weight that is decisive, or two independent signs (crawler.families.base.Evidence)
_TOLD = 5  # doubts of a column that are told; a tree has many columns with the same fault


# --- what the spider notes --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Entry:
    """What came of one column's entry."""

    signs: dict[str, int] = field(default_factory=dict)  # family → weight of its signs on the entry page
    opened: bool = False  # the family read the entry page
    keys: list[str] = field(default_factory=list)  # of the columns behind it
    closed: tuple[str, str] | None = None  # why it did not open: reason, detail


@dataclass(slots=True)
class Contact:
    """What a run meets of a portal. Entries are told apart by the address in the portal file."""

    portal: Portal
    entries: dict[str, _Entry] = field(default_factory=dict)
    walks: dict[str, Walk] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)  # a set in the order of meeting
    codes: dict[str, None] = field(default_factory=dict)

    def arrived(self, spec: ColumnSpec, page: Page) -> None:
        """An entry page came. Nothing is noted of a portal that has nothing to confirm."""
        if self.portal.to_confirm:
            self._entry(spec).signs |= _signs(page)
            self.names |= dict.fromkeys(site_names(page))
            self.codes |= dict.fromkeys(site_codes(page))

    def opened(self, spec: ColumnSpec, columns: Iterable[Column]) -> None:
        """The family found these columns behind an entry; there may be none, and a further page to read."""
        entry = self._entry(spec)
        entry.opened = True
        entry.keys += [column.key for column in columns]

    def closed(self, spec: ColumnSpec, reason: str, detail: str) -> None:
        """An entry did not open."""
        self._entry(spec).closed = reason, detail

    def walked(self, walk: Walk) -> None:
        """A column's walk is over."""
        self.walks[walk.column.key] = walk

    def _entry(self, spec: ColumnSpec) -> _Entry:
        return self.entries.setdefault(spec.url, _Entry())


def site_codes(page: Page) -> tuple[str, ...]:
    """The 网站标识码 that a page states, in its meta tag or printed in its footer (domain.md 1.8), lower case."""
    codes = [site_id_code(page), *(code.lower() for code in _PRINTED.findall(page.text))]
    return tuple(dict.fromkeys(code for code in codes if code))


def site_names(page: Page) -> Iterator[str]:
    """The names in a page's ``SiteName`` meta tags."""
    try:
        metas = page.tree.iter("meta")
    except ReadingError:
        return
    for meta in metas:
        if (meta.get("name") or "").lower() == "sitename" and (name := " ".join((meta.get("content") or "").split())):
            yield name


def _signs(page: Page) -> dict[str, int]:
    found = {name: sum(sign.weight for sign in signs(name, page)) for name in FAMILIES}
    return {name: weight for name, weight in found.items() if weight}


# --- what it comes to -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """One unconfirmed ``[[column]]``."""

    number: int  # in the file, 1-based
    family: str
    url: str
    confirmed: bool
    opened: bool
    pages: int  # list pages read
    rows: int
    declared: int | None
    held: int
    signs: Mapping[str, int]  # family → weight of its signs on the entry page
    doubts: tuple[str, ...]
    change: str  # what to do in the file


@dataclass(frozen=True, slots=True)
class SiteFinding:
    """Whose pages they are, by their own word and by the file's."""

    agrees: bool | None  # None: the pages do not say
    names: tuple[str, ...]
    codes: tuple[str, ...]
    change: str


@dataclass(frozen=True, slots=True)
class FirstContact:
    """What a run showed of a portal file's unconfirmed facts."""

    portal: str
    columns: tuple[ColumnFinding, ...]
    site: SiteFinding
    held: int
    fill: Mapping[str, float]  # field → share of the portal's documents that state it, 0 to 1
    change: str  # what to do under [portal]

    def lines(self) -> Iterator[str]:
        """The finding as it is told on a terminal."""
        confirmed = sum(column.confirmed for column in self.columns)
        yield f"{self.portal}: first contact: {confirmed} of {len(self.columns)} unconfirmed columns confirmed"
        for column in self.columns:
            yield f"  column {column.number}: {column.family} {column.url}"
            if column.opened:
                declared = "no total declared" if column.declared is None else f"{column.declared} declared"
                pages = "1 list page" if column.pages == 1 else f"{column.pages} list pages"
                yield f"    {column.rows} rows on {pages}, {declared}, {column.held} held"
            yield from (f"    ? {doubt}" for doubt in column.doubts)
            yield f"    → {column.change}"
        stated = ", ".join((*self.site.names, *self.site.codes)) or "nothing of whose they are"
        yield f"  site: the pages say {stated}"
        yield from (f"    → {change}" for change in (self.site.change, self.change) if change)
        shares = ", ".join(f"{name} {self.fill.get(name, 0):.0%}" for name in SHOWN)
        yield f"  fields of the {self.held} entries held: {shares}" if self.held else "  no document is held yet"


def report(contact: Contact, balance: Sequence[ColumnBalance], fill: Mapping[str, float]) -> FirstContact:
    """What a run's notes and the ledger's answers (declared against held, fill of fields) come to."""
    portal = contact.portal
    held = {column.key: column.held for column in balance}
    columns = tuple(
        _column(number, spec, contact, held)
        for number, spec in enumerate(portal.columns, 1)
        if spec in portal.to_confirm
    )
    site = _site(portal, tuple(contact.names), tuple(contact.codes))
    change = ""
    if portal.unconfirmed:
        whole = site.agrees and all(column.confirmed for column in columns)
        change = "[portal]: drop `unconfirmed = true`" if whole else "[portal]: keep `unconfirmed = true`"
    return FirstContact(portal.key, columns, site, sum(held.values()), dict(fill), change)


def _column(number: int, spec: ColumnSpec, contact: Contact, held: Mapping[str, int]) -> ColumnFinding:
    entry = contact.entries.get(spec.url, _Entry())
    walks = [contact.walks[key] for key in dict.fromkeys(entry.keys) if key in contact.walks]
    declared = [walk.declared_total for walk in walks if walk.declared_total is not None]
    doubts = [*_entry_doubts(spec, entry, walks), *filter(None, map(_walk_doubt, walks))]
    more = [f"and {len(doubts) - _TOLD} more"] if len(doubts) > _TOLD else []
    confirmed = entry.closed is None and any(map(_proves, walks))
    return ColumnFinding(
        number=number,
        family=spec.family,
        url=spec.url,
        confirmed=confirmed,
        opened=bool(entry.keys),
        pages=sum(walk.pages for walk in walks),
        rows=sum(walk.listed for walk in walks),
        declared=sum(declared) if declared else None,
        held=sum(held.get(walk.column.key, 0) for walk in walks),
        signs=entry.signs,
        doubts=(*doubts[:_TOLD], *more),
        change=_change(spec, entry, walks) if not confirmed else _DROP if spec.unconfirmed else "confirmed",
    )


def _entry_doubts(spec: ColumnSpec, entry: _Entry, walks: Sequence[Walk]) -> Iterator[str]:
    if entry.closed is not None:
        reason, detail = entry.closed
        what = f"{spec.family} does not fit" if reason == "layout" else f"the entry did not open: {reason}"
        yield f"{what}: {detail}" if detail else what
    elif not entry.opened:
        yield "not read: the run ended before"
    elif not entry.keys:
        yield "no column behind the entry"
    elif not walks:
        yield "not walked"
    elif not any(walk.listed for walk in walks):
        yield "no row was listed"


def _proves(walk: Walk) -> bool:
    """Whether a walk shows that its file is right: its rows were all that there are, or its pager led on. What is still
    missing behind that, and what ails other columns of a tree, the run's verdict is about."""
    idle = walk.end in (WalkEnd.NOTHING_NEW, WalkEnd.STUB_PAGE)  # the last page brought nothing
    return walk.listed > 0 and (walk.pages - idle > 1 or not _walk_doubt(walk))


def _walk_doubt(walk: Walk) -> str:
    """What is wanting in a walk, or ""."""
    name = walk.column.name or walk.column.key
    if walk.end is None or not walk.end.complete:
        return f"{name}: not read to its end ({walk.end or 'stopped'}{': ' if walk.detail else ''}{walk.detail})"
    if walk.declared_total is not None and walk.listed < walk.declared_total:
        return f"{name}: {walk.declared_total} declared, {walk.listed} listed"
    return f"{name}: {walk.listed} rows on one page, and no pager was found" if _is_lonely(walk) else ""


def _is_lonely(walk: Walk) -> bool:
    """One page, and neither it nor a pager says that it is all there is."""
    return walk.pages == 1 and walk.listed > 0 and walk.declared_total is None and walk.declared_pages is None


def _change(spec: ColumnSpec, entry: _Entry, walks: Sequence[Walk]) -> str:
    """What to do in the file about a column that is in doubt."""
    reason, detail = entry.closed or ("", "")
    others = {name: weight for name, weight in entry.signs.items() if name != spec.family and weight >= _ENOUGH}
    if reason.startswith("redirect_"):
        return f"home, hosts, url: its pages have moved {detail}".rstrip()
    if reason in _GONE:
        return "url: find the column's present address from the home page"
    if reason != "layout" and not entry.opened:
        return "keep the mark; nothing is known of the column yet"
    if others and not any(walk.listed for walk in walks):
        return f'family = "{max(others, key=lambda name: others[name])}": its signs are on the entry page'
    if reason or (walks and not any(walk.listed for walk in walks)):
        return "look at the entry page: no other family's signs are on it"
    if walks and all(_is_lonely(walk) for walk in walks):
        return f"look at the entry page in a browser: if these are all its rows, {_DROP}"
    return "keep the mark, and look at what is missing"


def _site(portal: Portal, names: tuple[str, ...], codes: tuple[str, ...]) -> SiteFinding:
    if not names and not codes:
        return SiteFinding(None, names, codes, "")
    changes = []
    strange = not any(_same(portal.name, name) for name in names) if names else False
    if strange:
        changes.append(f"name: compare with {portal.name}")
    if codes and portal.site_id_code not in codes:
        known = f", not {portal.site_id_code}" if portal.site_id_code else ""
        changes.append(f'site_id_code = "{codes[0]}"{known}' if len(codes) == 1 else "site_id_code: which of these?")
    foreign = [code for code in codes if portal.division and code[:1].isdigit() and code[:6] != portal.division]
    if foreign:
        changes.append(f"division: compare {portal.division} with {foreign[0][:6]}")
    mistaken = strange or bool(foreign) or bool(codes and portal.site_id_code and portal.site_id_code not in codes)
    return SiteFinding(not mistaken, names, codes, "; ".join(changes))


def _same(ours: str, theirs: str) -> bool:
    """Whether two names of a portal may mean the same: 荆门市人民政府, 中国·荆门."""
    place = re.sub(r"(?:人民政府)?$", "", ours, count=1)
    short = place[:-1] if len(place) > 2 and place[-1] in "省市县区州" else place
    return short in theirs or theirs in ours
