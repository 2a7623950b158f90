"""The verdict of a run, from what the ledger holds. Pure. "No error" is not success: green means proven."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Protocol

from archive.health import tree
from archive.health.rhythm import rhythm
from archive.health.shifts import losses, shifts
from archive.ledger.past import Past
from archive.vocabulary import Mode, Verdict, WalkEnd


class ColumnBalance(Protocol):
    """What the ledger says of one column after a run."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def declared(self) -> int | None: ...
    @property
    def shown(self) -> int: ...
    @property
    def listed(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def external(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    @property
    def failed(self) -> Mapping[str, int]: ...
    @property
    def walk_end(self) -> str: ...


def judge(
    columns: Sequence[ColumnBalance],
    *,
    closed_doors: Sequence[str],
    files_failed: int,
    fill: Mapping[str, float],
    mode: Mode,
    stop: tuple[Verdict, str] | None,
    entries_min: int | None,
    fill_min: Mapping[str, float],
    past: Past | None = None,
) -> tuple[Verdict, str]:
    """The verdict and its reason in one line.

    ``closed_doors``: entry pages that did not open. ``files_failed``: attachments that are not held. ``fill``: share of
    this portal's documents that state a field, 0 to 1. ``past``: what the portal was like before; without it nothing is
    compared. A stop (a barrier, a signal, a full disk) decides at once; otherwise every column must have been read to
    its end, every listed entry be held or lead off the portal, the portal's own declaration be met, and the portal be
    what it used to be. What is odd and no fault is told as a note behind the reason."""
    if stop is not None:
        return stop
    if mode is Mode.PROBE:  # walks no catalogue: nothing can be missing
        return Verdict.OK, "a few pages were looked at"
    listed, shown = sum(column.listed for column in columns), sum(column.shown for column in columns)
    if not columns or (shown == 0 and all(column.walk_end == WalkEnd.LAST_PAGE for column in columns)):
        return Verdict.EMPTY, "the catalogue shows no entry"
    asked_for_less = mode is Mode.PART
    faults, notes = list(closed_doors), []
    if past is not None:
        faults += _departures(columns, past, whole=not asked_for_less and not closed_doors)
        notes = _oddities(columns, past) if not asked_for_less and not closed_doors else []
    faults += [fault for column in columns for fault in _faults(column, asked_for_less=asked_for_less)]
    if files_failed:
        faults.append(f"{files_failed} attachments are not held")
    held = sum(column.held for column in columns)
    if not asked_for_less:
        if entries_min is not None and held < entries_min:
            faults.append(f"{held} entries held, at least {entries_min} expected")
        faults += [
            f"{field} is stated by {percent(fill.get(field, 0))} of the documents, at least {percent(least)} expected"
            for field, least in fill_min.items()
            if fill.get(field, 0) < least
        ]
    told = "".join(f"; note: {note}" for note in notes[:_NOTES])
    if faults:
        more = f"; and {len(faults) - _FAULTS} more" if len(faults) > _FAULTS else ""
        return Verdict.PARTIAL, "; ".join(faults[:_FAULTS]) + more + told
    elsewhere = sum(column.external for column in columns)
    scope = "as far as it was asked for" if asked_for_less else _scope(columns)
    return Verdict.OK, f"{scope}: {held} of {listed} entries held, {elsewhere} lead elsewhere{told}"


def percent(share: float) -> str:
    """A share as people read it, rounded down to a tenth: what falls short by a hair does not look as if it did not."""
    return f"{floor(share * 1000 + 1e-9) / 10:g}%"


_FAULTS, _NOTES = 5, 3
"""So many are told in a verdict's reason."""


def _scope(columns: Sequence[ColumnBalance]) -> str:
    caught_up = sum(column.walk_end == WalkEnd.CAUGHT_UP for column in columns)
    if not caught_up:
        return f"{len(columns)} columns read to their end"
    if caught_up == len(columns):
        return f"{len(columns)} columns read as far as they hold news"
    return f"{len(columns)} columns, {caught_up} of them read as far as they hold news, the others to their end"


def _departures(columns: Sequence[ColumnBalance], past: Past, *, whole: bool) -> list[str]:
    """In what the portal is no longer what it was. ``whole``: all of its catalogue was asked for, and opened."""
    found = list(tree.faults(columns, past.columns)) if whole else []
    found += map(str, shifts(past.news))
    found += losses(past.losses)
    beat = rhythm(past.news_days, past.today, past.known_since)
    if whole and beat is not None and beat.far_beyond:
        found.append(str(beat))
    return found


def _oddities(columns: Sequence[ColumnBalance], past: Past) -> list[str]:
    found = list(tree.notes(columns, past.columns))
    beat = rhythm(past.news_days, past.today, past.known_since)
    if beat is not None and beat.remarkable and not beat.far_beyond:
        found.append(str(beat))
    return found


def _faults(column: ColumnBalance, *, asked_for_less: bool) -> list[str]:
    found = []
    end = column.walk_end
    name = column.name or column.key
    if not end:
        if not asked_for_less:
            found.append(f"{name}: not walked")
    elif not WalkEnd(end).harmless and not (asked_for_less and end == WalkEnd.CUT_SHORT):
        found.append(f"{name}: not read to its end ({end})")
    elif column.shown == 0 and column.listed:
        found.append(f"{name}: shows nothing where {column.listed} entries stood")
    if column.declared is not None and column.listed < column.declared and not asked_for_less:
        found.append(f"{name}: {column.declared} declared, {column.listed} listed")
    if column.failed:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(column.failed.items()))
        found.append(f"{name}: {sum(column.failed.values())} entries failed ({reasons})")
    if column.waiting and not asked_for_less:
        found.append(f"{name}: {column.waiting} entries not fetched yet")
    return found
