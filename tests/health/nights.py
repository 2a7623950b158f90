"""A log that lives through nights: a run a night, at two in the morning in China."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.clock import stamp
from archive.events import CatalogueRow
from archive.reading.model import Reading
from archive.vocabulary import Verdict, WalkEnd
from tests.ledger.by_hand import Log, reading, row

FIRST = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""The night of the first run, which is 2 March in China."""


class Nights(Log):
    """``night`` counts from 0; within a night time goes on by a second with each fact."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.night = 0
        self._dusk = 0  # facts before the night
        self._shown: tuple[CatalogueRow, ...] = ()  # what the list shows on a night without news

    @property
    def now(self) -> str:
        return stamp(FIRST + timedelta(days=self.night, seconds=len(self.facts) - self._dusk))

    @property
    def instant(self) -> datetime:
        """The morning after the night, at five."""
        return FIRST + timedelta(days=self.night, hours=3)

    @property
    def day(self) -> str:
        """The night's day in China."""
        return (FIRST + timedelta(days=self.night, hours=8)).date().isoformat()

    def sleep(self, nights: int = 1) -> None:
        """Go on to a later night."""
        self.night += nights
        self._dusk = len(self.facts)

    def begin(self) -> str:
        """The night's run begins; gives its id."""
        run = f"zhuhai-{self.night:03d}"
        self.start(run)
        return run

    def run(
        self,
        names: Iterable[object] = (),
        *,
        column: str = "tz",
        declared: int | None = None,
        end: WalkEnd | None = None,
        verdict: Verdict = Verdict.OK,
        reason: str = "",
        reads: Reading | None = None,
    ) -> str:
        """A whole run: one column that lists documents of these names, dated today, and each of them fetched; without
        any, what it showed before. The first night's walk reaches the end of the column, later ones catch up."""
        run = self.begin()
        end = end or (WalkEnd.CAUGHT_UP if self.night else WalkEnd.LAST_PAGE)
        rows = tuple(self.shown(name) for name in names) or self._shown
        self._shown = rows[:1]
        self.columns(column, declared=declared)
        self.list(*rows, column=column, declared=declared)
        self.walked(end, column, listed=len(rows))
        for name in names:
            self.document(name, reads or reading(f"正文{name}。"), column=column)
        self.end(verdict, reason=reason)
        return run

    def shown(self, name: object) -> CatalogueRow:
        return row(name, date=self.day)
