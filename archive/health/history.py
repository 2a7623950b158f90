"""A portal's history, made small: verdicts by day, fields by month. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from archive.clock import CHINA, parse_stamp
from archive.ledger.portraits import FieldPoint
from archive.ledger.questions import RunRow
from archive.ledger.tallies import FIELDS
from archive.vocabulary import Verdict

SEVERITY = (
    *(Verdict.WRONG_SITE, Verdict.LAYOUT_CHANGED, Verdict.BLOCKED, Verdict.DISALLOWED, Verdict.UNREACHABLE),
    *(Verdict.EMPTY, Verdict.INTERRUPTED, Verdict.PARTIAL, Verdict.OK),
)
"""Verdicts, the worst first: of several portals, that one is told first."""


@dataclass(frozen=True, slots=True)
class FieldFill:
    """The fill of one field; shares from 0 to 1, ``None`` where there is no document to tell."""

    name: str
    all: float | None  # of the documents held
    recent: float | None  # of those new or changed lately
    before: float | None  # of those new or changed before that
    least: float | None  # by [expect]


def by_day(runs: Iterable[RunRow]) -> dict[date, Verdict | None]:
    """China's days with the verdict of their last run; ``None`` where it has none yet. ``runs``: in their order."""
    return {china_day(run.started_at): Verdict(run.verdict) if run.verdict else None for run in runs if run.started_at}


def by_week(runs: Iterable[RunRow], today: date, weeks: int) -> list[int]:
    """New documents in each of the last weeks; the last of them ends today."""
    found = [0] * weeks
    for run in runs:
        if run.new and run.started_at:
            back = (today - china_day(run.started_at)).days // 7
            if 0 <= back < weeks:
                found[weeks - 1 - back] += run.new
    return found


def china_day(at: str) -> date:
    """The day in China at a UTC time stamp."""
    return parse_stamp(at).astimezone(CHINA).date()


def fills(
    share: Mapping[str, float], points: Sequence[FieldPoint], least: Mapping[str, float], since: str
) -> list[FieldFill]:
    """The fields that are stated or expected, the fullest first; of 文号 not its key, which follows from it.

    ``since``: UTC time stamp from which on is lately."""
    wanted = [name for name in FIELDS if (share.get(name) and name != "doc_number_key") or name in least]
    recent, before = Counter[str](), Counter[str]()  # documents that stated a field; under "" all
    for point in points:
        sums = recent if point.at >= since else before
        sums[point.field] += point.fresh_stated
        sums[""] += point.fresh if point.field == "title" else 0  # every run that brought any has a point of the title
    found = [
        FieldFill(name, share.get(name), _share(recent, name), _share(before, name), least.get(name)) for name in wanted
    ]
    return sorted(found, key=lambda one: -(one.all or 0))


def _share(stated: Mapping[str, int], name: str) -> float | None:
    return stated.get(name, 0) / stated[""] if stated.get("") else None
