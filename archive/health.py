"""The verdict of a run, from what the ledger holds. Pure. "No error" is not success: green means proven."""

from collections.abc import Mapping, Sequence
from typing import Protocol

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
) -> tuple[Verdict, str]:
    """The verdict and its reason in one line.

    ``closed_doors``: entry pages that did not open. ``files_failed``: attachments that are not held. ``fill``: share of
    this portal's documents that state a field, 0 to 1. A stop (a barrier, a signal, a full disk) decides at once;
    otherwise every column must have been read to its end, every listed entry be held or lead off the portal, and the
    portal's own declaration be met."""
    if stop is not None:
        return stop
    if mode is Mode.PROBE:  # walks no catalogue: nothing can be missing
        return Verdict.OK, "a few pages were looked at"
    listed, shown = sum(column.listed for column in columns), sum(column.shown for column in columns)
    if not columns or (shown == 0 and all(column.walk_end == WalkEnd.LAST_PAGE for column in columns)):
        return Verdict.EMPTY, "the catalogue shows no entry"
    asked_for_less = mode is Mode.PART
    faults = list(closed_doors)
    faults += [fault for column in columns for fault in _faults(column, asked_for_less=asked_for_less)]
    if files_failed:
        faults.append(f"{files_failed} attachments are not held")
    if not asked_for_less:
        held = sum(column.held for column in columns)
        if entries_min is not None and held < entries_min:
            faults.append(f"{held} entries held, at least {entries_min} expected")
        faults += [
            f"{field} is stated by {fill.get(field, 0):.0%} of the documents, at least {least:.0%} expected"
            for field, least in fill_min.items()
            if fill.get(field, 0) < least
        ]
    if faults:
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        return Verdict.PARTIAL, "; ".join(faults[:5]) + more
    held = sum(column.held for column in columns)
    scope = "as far as it was asked for" if asked_for_less else f"{len(columns)} columns read to their end"
    return Verdict.OK, f"{scope}: {held} of {listed} entries held, {sum(c.external for c in columns)} lead elsewhere"


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
