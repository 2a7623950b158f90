"""Whose turn it is: what is due, in what order, and who may be asked beside whom. Pure.

A portal is due if its latest completed run (``ok``, ``partial`` or ``empty``; normal or full) began ``every`` ago, less
a slack of half of ``every``, twelve hours at most. So with ``every = "1d"`` a run by hand at noon does not make the run
at 02:00 the next night fall out, and one that began a minute late does not either; with ``"7d"`` a portal has its turn
in the same night of each week. Runs that did not come to the end of their work do not count, nor do probes, nor runs
narrowed by ``--column``, ``--limit`` or ``--since``.

First comes who has waited longest for a turn. A run that was interrupted (by the end of the budget, say) within its
first half hour was none (:data:`archive.ledger.nights.TURN`). So what a night did not begin comes first in the next,
what it cut off young comes after that, and a portal that takes a whole night cannot keep the others from theirs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urldefrag

from w3lib.url import safe_url_string

from archive.clock import parse_stamp
from archive.ledger.nights import History
from crawler.duration import NEVER
from crawler.families import FAMILIES
from crawler.families.base import ColumnSpec
from crawler.portal import Portal, origins

SLACK = timedelta(hours=12)

Entered = Callable[[str, str], str]
"""(portal, URL of an entry page) → when a completed run that opened it began, as a time stamp; "" for never."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A portal that is due, and which of its ``[[column]]`` tables are: their numbers from 1, empty for all."""

    portal: Portal
    entries: tuple[int, ...] = ()


def due_turns(
    portals: Iterable[Portal], histories: Mapping[str, History], entered: Entered, now: datetime
) -> list[Turn]:
    """Who is due at ``now``, in the order in which they shall have their turns."""
    turns = [turn for portal in portals if (turn := _turn(portal, histories.get(portal.key), entered, now))]

    def waited_since(turn: Turn) -> tuple[str, str, str]:
        history = histories.get(turn.portal.key)
        return (history.turn, history.begun, history.portal) if history else ("", "", turn.portal.key)

    return sorted(turns, key=waited_since)


def is_due(every: timedelta, last: str, now: datetime) -> bool:
    """Whether so much time has passed since ``last`` (a time stamp, "" for never), less the slack."""
    if every == NEVER:
        return False
    if not last:
        return True
    passed = now - parse_stamp(last)
    return passed < timedelta() or passed >= every - min(every / 2, SLACK)  # a clock that ran ahead silences nobody


def _turn(portal: Portal, history: History | None, entered: Entered, now: datetime) -> Turn | None:
    usual = portal.schedule.every
    if all(spec.every in (None, usual) for spec in portal.columns):
        return Turn(portal) if is_due(usual, history.completed if history else "", now) else None
    entries = tuple(
        number
        for number, spec in enumerate(portal.columns, 1)
        if is_due(spec.every or usual, entered(portal.key, entry_url(spec)), now)
    )
    if len(entries) == len(portal.columns):
        return Turn(portal)
    return Turn(portal, entries) if entries else None


def entry_url(spec: ColumnSpec) -> str:
    """What is asked for to enter a column, as it stands in ``captures``."""
    return safe_url_string(urldefrag(FAMILIES[spec.family].entry(spec).url).url)


def next_turn(waiting: Sequence[Turn], running: Iterable[Turn]) -> Turn | None:
    """The first that may be asked beside those at work; ``None`` if none may."""
    taken = {ground for turn in running for ground in grounds(turn.portal)}
    return next((turn for turn in waiting if not grounds(turn.portal) & taken), None)


def grounds(portal: Portal) -> frozenset[str]:
    """What no two portals stand on at the same time: a prefecture has one firewall (see :mod:`archive.rest`), a host is
    one host whatever lives on it, and one browser is as much as a small machine bears."""
    prefecture = {f"prefecture {portal.division[:4]}"} if len(portal.division) >= 4 else set()
    browser = {"browser"} if any(spec.browser for spec in portal.columns) else set()
    return frozenset(prefecture | browser | {f"host {place}" for _, place in origins(portal)})
