"""What a run is asked to do, from the words of a command line."""

from dataclasses import dataclass
from datetime import date

from archive.errors import UsageError
from archive.vocabulary import Mode

_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Order:
    """One portal, and how much of it."""

    portal: str
    full: bool = False
    columns: tuple[str, ...] = ()  # keys or names; empty: all
    limit: int | None = None  # documents
    since: str = ""  # YYYY-MM-DD: rows with an older date are left alone
    anyway: bool = False  # though the portal rests
    night: bool = False  # one of a night's runs: what failed is tried again only when its pause is over
    probe: bool = False  # a look at a few pages: no catalogue is walked
    entries: tuple[int, ...] = ()  # numbers of the [[column]] tables that are due, from 1; empty: all

    @property
    def mode(self) -> Mode:
        if self.probe:
            return Mode.PROBE
        if self.columns or self.limit is not None or self.since:
            return Mode.PART
        return Mode.FULL if self.full else Mode.NORMAL

    @classmethod
    def parse(
        cls,
        portal: str,
        full: str = "",
        column: str = "",
        limit: str = "",
        since: str = "",
        anyway: str = "",
        night: str = "",
        entries: str = "",
    ) -> "Order":
        """From text, as ``scrapy crawl -a`` gives it. Raises ``UsageError``."""
        if not portal:
            raise UsageError("no portal given; say which one, e.g. -a portal=zhuhai")
        try:
            number = int(limit) if limit else None
        except ValueError:
            number = 0
        if number is not None and number < 1:
            raise UsageError(f"limit {limit!r} is not a number of documents; give 1 or more")
        try:
            day = date.fromisoformat(since).isoformat() if since else ""
        except ValueError:
            raise UsageError(f"since {since!r} is not a date; write it as 2026-11-22") from None
        try:
            due = tuple(int(part) for part in entries.split(",") if part)
        except ValueError:
            raise UsageError(f"entries {entries!r} are not numbers of columns; write them as 1,3") from None
        return cls(
            portal,
            full=full.lower() in _TRUE,
            columns=tuple(part.strip() for part in column.split(",") if part.strip()),
            limit=number,
            since=day,
            anyway=anyway.lower() in _TRUE,
            night=night.lower() in _TRUE,
            entries=due,
        )

    def is_due(self, number: int) -> bool:
        """Whether the ``[[column]]`` table of this number (from 1) is to be entered."""
        return not self.entries or number in self.entries
