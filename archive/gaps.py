"""文号 series and the numbers that are missing from them.

Serials run 1, 2, 3 … for each issuer code (机关代字) and year (党政机关公文处理工作条例 art. 9), so that a hole shows
what was not published, or was taken down. What is said here is said within the archive's coverage only:

- a hole is a number *not seen*. That it does not exist, or was withheld, is more than an archive can know: the document
  may be for applicants only (依申请公开), stand elsewhere, or have gone before the archive came;
- nothing is missing above the highest number seen, nor below the lowest where what the portal publishes begins within
  the series;
- where less than a third of the numbers was seen, the series is not published here (it is another's, cited or passed
  on): none is called missing;
- a number that lost a bracket, or has more than one reading, counts for nothing; a document with several numbers counts
  for each of them; one that was withdrawn was seen.

A series belongs to a portal: codes without a place (市政办发) stand for many offices. Decrees (令) run on over the
years: their series has no year.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.ledger import series
from archive.ledger.asof import Standing
from archive.ledger.definition import Column, Table, must
from archive.reading.doc_number import DocNumber, NumberStatus, parse_doc_numbers
from archive.vocabulary import Coverage

SPARSE = 1 / 3
"""Below this share of seen numbers none is called missing."""

FEWEST = 3
"""So many numbers make a series; of fewer none is called missing between them."""

FOOTING = 3
"""So many documents of earlier years show that a portal's publishing does not begin with this one."""

_SURE = frozenset({NumberStatus.OK, NumberStatus.YEAR_WORD, NumberStatus.DECREE})

Range = tuple[int, int]

GAPS = Table(
    "gaps",
    "文号缺号",
    "a 文号 series of a portal: an issuer code and a year",
    ("portal", "issuer_code", "year"),
    (
        must("portal", "门户", "the portal"),
        must("issuer_code", "机关代字", "issuer code, its kind included: 珠府办函; for decrees the name of the series"),
        Column("issuer", "发文机关", "the issuer that most of its documents state"),
        Column("year", "年份", "year of the series; NULL for decrees, which run on over the years", "INTEGER"),
        must("seen", "已见", "numbers seen, each once", "INTEGER"),
        must("lowest", "最小号", "lowest number seen", "INTEGER"),
        must("highest", "最大号", "highest number seen", "INTEGER"),
        Column("missing_count", "缺号数", "numbers not seen within the coverage; NULL where it is sparse", "INTEGER"),
        Column("missing", "缺号", "those numbers, 3, 5-8; not seen is not the same as not there"),
        must("share", "已见比例", "numbers seen, of those from the first that counts to the highest; 0 to 1"),
        must("coverage", "覆盖", "how far the missing can be called so", values=Coverage),
        Column("first_date", "最早日期", "earliest day that a document of the series states"),
        Column("last_date", "最晚日期", "latest such day"),
    ),
)
"""The dataset ``gaps``: no table of the database, it is counted anew for each export."""


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one portal, issuer code and year. ``missing`` is ``None`` where nothing can be said."""

    portal: str
    code: str
    issuer: str | None
    year: int | None  # None: decrees
    seen: int
    lowest: int
    highest: int
    missing: tuple[Range, ...] | None
    share: float
    coverage: Coverage
    first_day: str | None
    last_day: str | None

    @property
    def missing_count(self) -> int | None:
        return None if self.missing is None else sum(last - first + 1 for first, last in self.missing)

    def row(self) -> tuple[str | int | float | None, ...]:
        """A row of the dataset, in the order of :data:`GAPS`."""
        return (
            *(self.portal, self.code, self.issuer, self.year, self.seen, self.lowest, self.highest),
            *(self.missing_count, None if self.missing is None else in_words(self.missing)),
            *(self.share, self.coverage, self.first_day, self.last_day),
        )


@dataclass(slots=True)
class _Met:
    """What was met of a series."""

    serials: set[int] = field(default_factory=set)
    issuers: Counter[str] = field(default_factory=Counter)
    days: list[str] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)


_Key = tuple[str, str, int]


def find_gaps(
    ledger: sqlite3.Connection,
    standing: Standing,
    *,
    portals: Collection[str] = (),
    issuers: Sequence[str] = (),
    years: Collection[int] = (),
) -> list[Series]:
    """The series of the archive, by portal, code and year (decrees first).

    ``portals``, ``years``: only these; ``issuers``: only codes that begin so, or issuers whose name has that in it."""
    met: dict[_Key, _Met] = {}
    homes: dict[str, list[_Met]] = {}  # document → its series
    for document in series.numbered_documents(ledger, standing):
        if portals and document.portal not in portals:
            continue
        for number in sure_numbers(document.doc_number, document.as_written):
            if years and number.year not in years:
                continue
            one = met.setdefault((document.portal, number.code, number.year), _Met())
            one.serials.add(number.serial)
            one.issuers.update([document.issuer.partition("；")[0]] if document.issuer else [])
            one.days += [document.day] if document.day else []
            homes.setdefault(document.document, []).append(one)
    for held, column in series.columns_of_documents(ledger, standing):
        for one in homes.get(held, ()):
            one.columns.add(column)
    ground = _Ground(
        series.documents_by_year(ledger, standing),
        series.unread_columns(ledger),
        series.rows_not_held(ledger, standing),
    )
    found = (_series(key, one, ground) for key, one in sorted(met.items()))
    return [one for one in found if not issuers or _of_issuer(one, issuers)]


def sure_numbers(doc_number: str, as_written: str) -> tuple[DocNumber, ...]:
    """The numbers of a document, in canonical form; none if the words they were read from leave a doubt."""
    found = parse_doc_numbers(as_written)
    if found.status not in _SURE:
        return ()
    as_read = "、".join(map(str, found.numbers)) == doc_number  # as a rule; then there is no need to read it again
    return found.numbers if as_read else parse_doc_numbers(doc_number).numbers


def missing_between(first: int, serials: Iterable[int]) -> tuple[Range, ...]:
    """The ranges of numbers from ``first`` to the highest of ``serials`` that are not among them."""
    holes, expected = [], first
    for serial in sorted(serial for serial in set(serials) if serial >= first):
        if serial > expected:
            holes.append((expected, serial - 1))
        expected = serial + 1
    return tuple(holes)


def in_words(ranges: Iterable[Range]) -> str:
    """``3, 5-8``."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the archive holds of the catalogues, by which a hole can be called one."""

    years: dict[str, dict[int, int]]
    unread: set[tuple[str, str]]
    not_held: set[tuple[str, str, int | None]]

    def begins_within(self, portal: str, year: int) -> bool:
        """Whether the portal's documents begin with the year of a series; decrees always began before."""
        return year == 0 or sum(count for one, count in self.years.get(portal, {}).items() if one < year) < FOOTING

    def is_partial(self, portal: str, year: int, columns: Iterable[str], until: int) -> bool:
        """Whether documents of the series may stand in rows that the archive has not read or does not hold.

        A document of a year is listed in that year or the next; ``until``: the last year of a decree series."""
        listed = range(year or 1949, (year or until) + 2)
        return any(
            (portal, column) in self.unread or any((portal, column, one) in self.not_held for one in (None, *listed))
            for column in columns
        )


def _series(key: _Key, met: _Met, ground: _Ground) -> Series:
    portal, code, year = key
    lowest, highest = min(met.serials), max(met.serials)
    begins = ground.begins_within(portal, year) and lowest > 1
    first = lowest if begins else 1
    share = sum(serial >= first for serial in met.serials) / (highest - first + 1)
    until = max((int(day[:4]) for day in met.days), default=2100)
    if share < SPARSE or (len(met.serials) < FEWEST and (share < 1 or begins)):
        coverage = Coverage.SPARSE
    elif not met.columns or ground.is_partial(portal, year, met.columns, until):
        coverage = Coverage.PARTIAL
    else:
        coverage = Coverage.BEGINS if begins else Coverage.COMPLETE
    return Series(
        portal,
        code,
        max(met.issuers, key=lambda name: (met.issuers[name], name), default=None),
        year or None,
        len(met.serials),
        lowest,
        highest,
        None if coverage is Coverage.SPARSE else missing_between(first, met.serials),
        round(share, 3),
        coverage,
        min(met.days, default=None),
        max(met.days, default=None),
    )


def _of_issuer(one: Series, wanted: Sequence[str]) -> bool:
    return any(one.code.startswith(name) or name in (one.issuer or "") for name in wanted)


# --- for a terminal ---------------------------------------------------------------------------------------------------

_WIDEST = 60


def gaps_rows(found: Sequence[Series]) -> Iterator[tuple[str, ...]]:
    """Rows of a table for a terminal, its header first."""
    yield ("portal", "series", "numbers seen", "missing", "coverage", "dated")
    for one in found:
        numbers = f"{one.seen} of {one.lowest}-{one.highest}" if one.seen > 1 else str(one.lowest)
        yield (
            one.portal,
            f"{one.code}〔{one.year}〕" if one.year else one.code,
            numbers,
            _missing(one),
            one.coverage,
            " to ".join(dict.fromkeys(day for day in (one.first_day, one.last_day) if day)),
        )


def notes(found: Sequence[Series], shown: Sequence[Series]) -> Iterator[str]:
    """What a person should know of the list: how to read it, and what it leaves out."""
    if hidden := len(found) - len(shown):
        yield f"{hidden} series are not shown, as too little of them was seen to speak of missing numbers; --all does"
    if any(one.missing for one in shown):
        yield "missing: not seen; such a document may be unpublished, for applicants only, or gone before it was seen"
    if any(one.coverage is Coverage.PARTIAL for one in shown):
        yield "partial: a column of the series is not read to its end, or rows of its time are not held"
    if any(one.coverage is Coverage.BEGINS for one in shown):
        yield "begins: what the portal publishes begins within the series; nothing is said of numbers below the lowest"
    if not found:
        yield "no 文号 series"


def _missing(one: Series) -> str:
    if one.missing is None:
        return "-"
    if not one.missing:
        return "none"
    words = in_words(one.missing)
    if len(words) > _WIDEST:
        words = words[:_WIDEST].rpartition(", ")[0] + " …"
    return f"{one.missing_count}: {words}"
