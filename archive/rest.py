"""Resting: a portal that turned us away is left alone for hours, then longer, and its whole prefecture with it. Pure.

One prefecture has one firewall policy: all its districts behave alike, and probing brings blocks back
(portal-families.md 9.1, 成都 with its 21 districts). What rests follows from the runs that the log tells of; nothing
else is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.clock import parse_stamp
from archive.ledger.questions import EndedRun
from archive.vocabulary import Verdict

FIRST = timedelta(hours=6)
"""The pause after one blocked run; doubled for each further one in a row."""

LONGEST = timedelta(days=7)

_LET_IN = frozenset({Verdict.OK, Verdict.PARTIAL, Verdict.EMPTY, Verdict.LAYOUT_CHANGED, Verdict.WRONG_SITE})
"""Verdicts of runs that met no barrier. The others tell nothing of it: a host may be silent because it blocks us."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when a portal is left alone, and why."""

    until: datetime  # UTC
    portal: str  # whose barrier it is: the portal itself, or another of its prefecture
    times: int  # blocked runs in a row
    reason: str  # of the last of them

    @property
    def time(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M} UTC"

    def line(self, key: str) -> str:
        """For the portal ``key``, in one line."""
        whose = "it was" if self.portal == key else f"{self.portal}, of the same prefecture, was"
        times = "" if self.times == 1 else f" {self.times} times in a row"
        return f"{key} rests until {self.time}: {whose} blocked{times}: {self.reason}"


def resting(portal: str, division: str, runs: Iterable[EndedRun], now: datetime) -> Rest | None:
    """The longest rest that holds a portal at ``now``; ``None`` if it may be asked.

    ``division``: its 行政区划代码, "" for a ministry; ``runs``: of any portals, in the order of their ends."""
    blocked: dict[str, list[EndedRun]] = {}
    for run in runs:
        if run.portal != portal and not _same_prefecture(run.division, division):
            continue
        if run.verdict is Verdict.BLOCKED:
            blocked.setdefault(run.portal, []).append(run)
        elif run.verdict in _LET_IN:
            blocked.pop(run.portal, None)
    rests = [
        Rest(parse_stamp(row[-1].finished_at) + pause(len(row)), key, len(row), row[-1].reason)
        for key, row in blocked.items()
    ]
    longest = max(rests, key=lambda rest: rest.until, default=None)
    return longest if longest is not None and longest.until > now else None


def pause(times: int) -> timedelta:
    """How long a portal is left alone after so many blocked runs in a row."""
    return min(LONGEST, FIRST * (1 << min(times - 1, 10)))


def _same_prefecture(one: str, other: str) -> bool:
    return len(one) >= 4 and one[:4] == other[:4]
