"""How often a portal publishes, and whether it has been silent for longer than it ever was. Pure.

The measure is the portal's own: the longest pause of two years. A portal that really publishes seldom raises no alarm
(codebases.md section 3, item 7: querido-diario#826), and the holidays in which nobody publishes do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

PAUSES = 10
"""Pauses that must be known before a silence is remarked on."""

MANY_PAUSES = 20
"""Pauses that must be known before a silence makes a run ``partial``."""

REMARKED = 1.5
"""Times the longest pause: a silence of that length is told."""

FAR_BEYOND = 3
"""Times the longest pause: a silence of that length is a fault."""

SHORT = 7
"""Days: a shorter silence is never remarked on."""

LONG = 30
"""Days: a shorter silence is never a fault."""

_DAY = timedelta(days=1)

_SPRING_FESTIVAL = {
    year: date(year, day // 100, day % 100)
    for year, day in enumerate(
        (
            *(123, 210, 131, 219, 208, 128, 216, 205, 125, 212),  # 2012 to 2021
            *(201, 122, 210, 129, 217, 206, 126, 213, 203, 123),  # 2022 to 2031
            *(211, 131, 219, 208, 128, 215, 204, 124, 212),  # 2032 to 2040
        ),
        2012,
    )
}
"""The first day of the lunar year (春节), by the Hong Kong Observatory's conversion tables."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A portal's days of news. All lengths in days, those of holidays left out."""

    last: date
    days: int  # on which it published, in the two years before the last of them
    usual: int  # a pause of that length or less came before nine of ten days of news
    longest: int
    silence: int  # since the last
    witnessed: bool = True  # whether the portal published while the archive was looking; if not, it was silent before

    @property
    def remarkable(self) -> bool:
        """Whether the silence is longer than one would think."""
        return self.witnessed and self.days > PAUSES and self.silence > SHORT and self.silence > REMARKED * self.longest

    @property
    def far_beyond(self) -> bool:
        """Whether the silence is so long that something is likely to be broken."""
        return (
            self.witnessed
            and self.days > MANY_PAUSES
            and self.silence > LONG
            and self.silence > FAR_BEYOND * self.longest
        )

    def __str__(self) -> str:
        return (
            f"nothing new since {self.last} ({self.silence} days), while no pause before was longer than {self.longest}"
        )


def rhythm(days: Sequence[date], today: date, known_since: date = date.min) -> Rhythm | None:
    """The rhythm of a portal that published on these days, oldest first; ``None`` if there are fewer than two.

    ``known_since``: when it was first crawled."""
    if len(days) < 2:
        return None
    pauses = sorted(pause(one, other) for one, other in pairwise(days))
    return Rhythm(
        days[-1],
        len(days),
        usual=pauses[(9 * len(pauses) - 1) // 10],
        longest=pauses[-1],
        silence=pause(days[-1], max(today, days[-1])),
        witnessed=days[-1] >= known_since,
    )


def pause(one: date, other: date) -> int:
    """The days from one day to a later one, those of holidays left out."""
    return sum(not is_holiday(one + number * _DAY) for number in range(1, (other - one).days + 1))


def is_holiday(day: date) -> bool:
    """Whether offices publish nothing on that day: from three days before 春节 to ten after it, for many leave early
    and return late; and the week of 国庆节."""
    if day.month == 10:
        return day.day <= 8
    festival = _SPRING_FESTIVAL.get(day.year)
    return festival is not None and -3 <= (day - festival).days <= 10
