"""What stands beside an export: of which runs its rows are, what its columns mean, how to know the file again.

``FILE.about.json``, UTF-8::

    {"file", "sha256", "bytes", "dataset", "about", "rows", "labels", "made_at", "software",
     "as_of": "last good run" | "latest",
     "columns": [{"name", "zh", "about"} …],                  in the order of the file
     "portals": [{"portal", "name", "run", "mode", "verdict", "reason", "finished_at",
                  "left_out": [{"run", "began", "verdict", "reason"} …]} …],
     "left_out": [{"portal", "name", "runs": [{"run", "began", "verdict", "reason"} …]} …]}   never had a good run

Times are UTC. ``portals`` and ``left_out`` are empty for the latest state, which asks nothing of runs.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from archive import clock
from archive.errors import StorageError
from archive.ledger.asof import PortalState, RunEnd, Standing
from archive.ledger.definition import Column, Table
from archive.place import explain


def describe(
    path: Path, table: Table, columns: Sequence[Column], rows: int, standing: Standing, labels: str
) -> dict[str, object]:
    """The content of ``FILE.about.json``. Raises ``StorageError`` if the file cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {explain(error)}") from error
    return {
        "file": path.name,
        "sha256": digest,
        "bytes": size,
        "dataset": table.name,
        "about": table.about,
        "rows": rows,
        "labels": labels,
        "made_at": clock.stamp(clock.now()),
        "software": f"Gongkai/{version('gongkai')}",
        "as_of": "latest" if standing.latest else "last good run",
        "columns": [{"name": column.name, "zh": column.zh, "about": column.about} for column in columns],
        "portals": [_portal(state, state.good) for state in standing.portals if state.good],
        "left_out": [
            {"portal": state.portal, "name": state.name, "runs": [_later(run) for run in state.later]}
            for state in standing.portals
            if state.good is None
        ],
    }


def notes(standing: Standing, only: Collection[str] = ()) -> Iterator[str]:
    """For a person: a line for each portal of which something was left out, and one that says of when the rest is.

    ``only``: of these portals, all if empty."""
    if standing.latest:
        yield "as the archive is now, whatever became of the runs (--latest)"
        return
    ends = []
    for state in standing.portals:
        if only and state.portal not in only:
            continue
        met = f"{_times(len(state.later))} ({_verdicts(state.later)})"
        if state.good is None:
            yield f"{state.portal}: left out, as it never had a good run: {met}; --latest takes what there is"
            continue
        ends.append(day := _day(state.good))
        if state.later:
            yield f"{state.portal}: as of {day}; what {met} brought in since is left out; --latest takes it too"
    if not ends:
        yield "no portal has a good run yet"
        return
    portals = "1 portal" if len(ends) == 1 else f"{len(ends)} portals"
    yield f"as of the last good run of {portals}, {' to '.join(dict.fromkeys((min(ends), max(ends))))}"


def _times(runs: int) -> str:
    return "no run" if not runs else "1 run" if runs == 1 else f"{runs} runs"


def _verdicts(runs: Sequence[RunEnd]) -> str:
    found = [run.verdict or "unfinished" for run in runs]
    return ", ".join(dict.fromkeys(found)) or "the log tells of none"


def _day(run: RunEnd) -> str:
    """The day in China on which a run ended."""
    return clock.china_date(clock.parse_stamp(run.finished_at or run.began).timestamp())


def _portal(state: PortalState, good: RunEnd) -> dict[str, object]:
    return {
        "portal": state.portal,
        "name": state.name,
        "run": good.id,
        "mode": good.mode,
        "verdict": good.verdict,
        "reason": good.reason,
        "finished_at": good.finished_at,
        "left_out": [_later(run) for run in state.later],
    }


def _later(run: RunEnd) -> dict[str, object]:
    return {"run": run.id, "began": run.began, "verdict": run.verdict, "reason": run.reason}
