"""What is said of a night: text for a person, JSON for programs. Pure.

``data/nights/<UTC stamp>/summary.json`` has these keys; further ones may come, these stay:

* ``schema``: 1. ``night``: the stamp. ``started_at``, ``finished_at``: UTC time stamps.
* ``ended``: ``done``, ``budget`` (it was used up) or ``stopped`` (by a signal).
* ``ok``: whether every portal that was due ran, and is ``ok``. ``jobs``; ``budget_seconds``, null for none.
* ``portals``: those that ran, in the order of their ends. Each with ``portal``, ``name``, ``verdict``, ``before`` (the
  verdict of its latest run before this night that was not interrupted, null for none), ``reason``, ``run``, ``new``,
  ``changed``, ``withdrawn``, ``delisted``, ``returned``, ``moved`` (documents), ``failed`` (entries of the portal),
  ``requests``, ``seconds``, ``cut`` (the night ended it), ``paused`` (``[expect] pause_until``).
* ``not_run``: those that were due and did not run: ``portal``, ``name``, ``why`` (``rests``, ``locked``, ``refused``,
  ``portal_file``, ``budget``, ``stopped``), ``reason``.
* ``attention``: what needs a human, the most urgent first: ``portal``, ``what`` (a verdict or a ``why``), ``reason``,
  ``remedy``.
* ``changed_state``: ``portal``, ``before``, ``after`` (verdicts).
* ``not_due``: how many portals had no turn. ``totals``: the sums of the counts. ``notes``: of the night itself, such as
  a message that could not be sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from archive.clock import parse_stamp
from archive.ledger.nights import News
from archive.show import harmless, table
from archive.vocabulary import Verdict

SCHEMA = 1


class Ended(StrEnum):
    """Why a night was over."""

    DONE = "done"
    BUDGET = "budget"
    STOPPED = "stopped"


class Why(StrEnum):
    """Why a portal that was due did not run."""

    RESTS = "rests"  # it turned us away, and is left alone for a while
    LOCKED = "locked"  # another run of it is at work
    REFUSED = "refused"  # its run could not begin: no browser, no room on the disk
    PORTAL_FILE = "portal_file"  # its file is no good
    BUDGET = "budget"  # the night was over before its turn
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ran:
    """A portal that ran. ``cut``: the night ended it; its verdict says nothing of the portal. ``paused``: its file says
    that it is known to be down; nobody is called for it."""

    portal: str
    name: str
    verdict: Verdict
    before: Verdict | None
    reason: str
    run: str
    news: News
    requests: int
    seconds: float
    cut: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class NotRun:
    """A portal that was due and did not run."""

    portal: str
    name: str
    why: Why
    reason: str


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs a human. ``remedy``: what to do, in words."""

    portal: str
    what: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Night:
    """A night, once it is over."""

    stamp: str  # UTC, as in file names
    started_at: str
    finished_at: str
    ended: Ended
    jobs: int
    budget_seconds: float | None
    ran: tuple[Ran, ...]
    not_run: tuple[NotRun, ...]
    not_due: int
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.not_run and all(ran.verdict is Verdict.OK for ran in self.ran)

    @property
    def changed_state(self) -> list[Ran]:
        """Those whose verdict is another than before; that the night cut one says nothing of it."""
        return [ran for ran in self.ran if ran.before is not None and ran.verdict is not ran.before and not ran.cut]

    @property
    def attention(self) -> list[Attention]:
        found = [
            Attention(ran.portal, ran.verdict, ran.reason, REMEDIES[ran.verdict])
            for ran in self.ran
            if ran.verdict in REMEDIES and not ran.cut and not ran.paused
        ]
        found += [
            Attention(left.portal, left.why, left.reason, _REMEDIES_NOT_RUN[left.why])
            for left in self.not_run
            if left.why in _REMEDIES_NOT_RUN
        ]
        urgency = [*_REMEDIES_NOT_RUN, *REMEDIES]
        return sorted(found, key=lambda each: (urgency.index(each.what), each.portal))

    @property
    def totals(self) -> dict[str, int]:
        names = asdict(News())
        return {name: sum(getattr(ran.news, name) for ran in self.ran) for name in names}


REMEDIES: dict[str, str] = {
    Verdict.WRONG_SITE: "the address leads to another site: find the portal's present home, correct its portal file",
    Verdict.LAYOUT_CHANGED: "look at the column in a browser, then `gongkai probe` its address: it may want "
    "another family, or the family a correction",
    Verdict.EMPTY: "look at the column in a browser: the list may have moved, or a script fills it; `gongkai probe` it",
    Verdict.BLOCKED: "nothing at once: it is left alone and tried again when it has rested; if that goes on, ask the "
    "portal's operator, or give it a longer [fetch] delay",
    Verdict.DISALLOWED: "read its robots.txt: if it means us, take the portal out or ask its operator for permission",
    Verdict.INTERRUPTED: "follow the reason; the next night carries on where the run stopped",
    Verdict.UNREACHABLE: "open its home page in a browser: if that works for several days and this does not, the "
    "address has changed or the host drops what comes from here",
}
"""For each verdict that needs a human, the most urgent first: what to do. ``ok`` needs nobody; ``partial`` names what
is missing, and is most often the portal's own doing."""

_REMEDIES_NOT_RUN: dict[str, str] = {
    Why.PORTAL_FILE: "correct the file; `gongkai portals --check` names every fault",
    Why.REFUSED: "follow the reason, then `gongkai crawl` the portal or wait for the next night",
}


def to_json(night: Night) -> dict[str, Any]:
    """The content of ``summary.json``; its schema stands above."""
    return {
        "schema": SCHEMA,
        "night": night.stamp,
        "started_at": night.started_at,
        "finished_at": night.finished_at,
        "ended": night.ended,
        "ok": night.ok,
        "jobs": night.jobs,
        "budget_seconds": night.budget_seconds,
        "totals": night.totals,
        "attention": [asdict(each) for each in night.attention],
        "changed_state": [
            {"portal": ran.portal, "before": ran.before, "after": ran.verdict} for ran in night.changed_state
        ],
        "portals": [_ran_as_json(ran) for ran in night.ran],
        "not_run": [asdict(left) for left in night.not_run],
        "not_due": night.not_due,
        "notes": list(night.notes),
    }


def _ran_as_json(ran: Ran) -> dict[str, Any]:
    values = {name: getattr(ran, name) for name in ("portal", "name", "verdict", "before", "reason", "run", "requests")}
    return values | asdict(ran.news) | {"seconds": round(ran.seconds, 1), "cut": ran.cut, "paused": ran.paused}


def to_text(night: Night) -> str:
    """For a terminal, a mail, ``summary.txt``. Ends with a line feed."""
    return harmless("\n\n".join(part.rstrip("\n") for part in _parts(night)) + "\n")


def headline(night: Night) -> str:
    """The night in one line."""
    counts = {verdict: sum(ran.verdict is verdict for ran in night.ran) for verdict in Verdict}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) or "nothing ran"
    left = f"; {len(night.not_run)} due and not run" if night.not_run else ""
    return f"{told}{left}"


def _parts(night: Night) -> Iterator[str]:
    start, end = parse_stamp(night.started_at), parse_stamp(night.finished_at)
    over = {Ended.DONE: "", Ended.BUDGET: ", its budget used up", Ended.STOPPED: ", stopped by a signal"}[night.ended]
    yield (
        f"The night of {start:%Y-%m-%d}, {start:%H:%M} to {end:%H:%M} UTC ({_minutes(start, end)} min{over}): "
        f"{headline(night)}; {night.not_due} not due\n{_totals(night)}"
    )
    if night.notes:
        yield "\n".join(night.notes)
    if len(night.ran) > 1 and all(ran.verdict is Verdict.UNREACHABLE for ran in night.ran):
        yield "Not one portal answered: look first whether this machine has a network."
    if night.attention:
        lines = [f"  {each.portal}: {each.what}: {each.reason}\n    → {each.remedy}" for each in night.attention]
        yield "\n".join(["Needs a human:", *lines])
    if night.changed_state:
        lines = [f"  {ran.portal}: {ran.before} → {ran.verdict}: {ran.reason}" for ran in night.changed_state]
        yield "\n".join(["Not as it was the time before:", *lines])
    if night.ran:
        told = [name for name in _COUNTS if name in _ALWAYS or any(getattr(ran.news, name) for ran in night.ran)]
        header = ("portal", "verdict", *told, "requests", "min", "why")
        yield table(header, [_row(ran, told) for ran in sorted(night.ran, key=lambda ran: ran.portal)])
    if night.not_run:
        above = {each.portal for each in night.attention}
        lines = [
            f"  {left.portal}: {'see above' if left.portal in above else left.reason}"
            for left in sorted(night.not_run, key=lambda left: (left.why, left.portal))
        ]
        yield "\n".join(["Due, and not run:", *lines])


_COUNTS = ("new", "changed", "withdrawn", "delisted", "returned", "moved", "failed")
_ALWAYS = ("new", "changed", "failed")


def _row(ran: Ran, told: Sequence[str]) -> Sequence[str]:
    counts = [str(getattr(ran.news, name) or "·") for name in told]
    return ran.portal, ran.verdict, *counts, str(ran.requests), f"{ran.seconds / 60:.1f}", ran.reason


def _totals(night: Night) -> str:
    counts = [f"{count} {name}" for name, count in night.totals.items() if count and name != "failed"]
    return f"Documents: {', '.join(counts) or 'nothing new'}"


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
