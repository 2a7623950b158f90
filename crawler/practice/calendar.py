"""The nights of a chronicle: what the archive's clock shows on each. Pure.

A portal lives by the right time; the machine that crawls it may not. A night is a number, 0 the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
"""When the first night's run begins: half past two in China's morning."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """So many nights in a row; ``jumps``: by how many days the archive's clock is wrong on some of them."""

    nights: int
    jumps: Mapping[int, int] = field(default_factory=dict)

    def true_time(self, night: int) -> datetime:
        """The time by which the portal lives, UTC."""
        return START + timedelta(days=night)

    def clock(self, night: int) -> datetime:
        """The time that the archive's machine shows when the night's run begins, UTC."""
        return self.true_time(night) + timedelta(days=self.jumps.get(night, 0))

    def day(self, night: int) -> int:
        """Days between the first night and this one, by the archive's clock."""
        return night + self.jumps.get(night, 0)
