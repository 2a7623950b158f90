"""What to write under ``[expect]``, from what a portal has shown so far. Pure.

``entries_min`` is a twentieth below what is held: catalogues lose a row now and then. A field is proposed only if its
share has hardly moved and enough documents state it, and with a margin: an expectation that a portal crosses by chance
is a false alarm (codebases.md section 3, item 7: 94.9 % against 95 %)."""

from collections.abc import Sequence
from datetime import date
from math import floor

from archive.health.portrait import Portrait
from archive.ledger.portraits import FieldPoint

HELD = 0.95
"""Part of the entries held that is expected to stay."""

STEADY = 0.1
"""A share that moved by more than that is not proposed."""

LEAST = 0.25
"""A field that a smaller share of documents states is not proposed."""

MARGIN = 0.03
FEW = 20
"""With fewer documents than that no field is proposed."""


def suggestion(one: Portrait, points: Sequence[FieldPoint], today: date) -> str:
    """A block to paste into the portal's file; a comment alone where there is too little to go by."""
    name = f"{one.portal.key} {one.portal.name}".rstrip()
    if one.totals is None or not one.totals.held:
        return f"# {name}: nothing is held yet\n"
    lines = [f"# {name}: {one.totals.held} entries held on {today}"]
    if one.streak and not one.streak.last_ok:
        lines.append("# no run of it was ok yet: look at `gongkai health` before you rely on this")
    lines += ["[expect]", f"entries_min = {_round(one.totals.held * HELD)}"]
    if shares := steady(points):
        lines.append(f"fill_min = {{ {', '.join(f'{field} = {share}' for field, share in shares.items())} }}")
    return "\n".join(lines) + "\n"


def steady(points: Sequence[FieldPoint]) -> dict[str, float]:
    """The least that each steadily stated field is to be expected of; the fullest first."""
    ends = list(dict.fromkeys(point.at for point in points if point.documents >= FEW))
    shares: dict[str, dict[str, float]] = {}
    for point in points:
        shares.setdefault(point.field, {})[point.at] = point.stated / max(point.documents, 1)
    found = {}
    for field, known in shares.items():
        seen = [known.get(at, 0.0) for at in ends]
        if not seen or min(seen) < LEAST or max(seen) - min(seen) > STEADY or field == "doc_number_key":
            continue
        found[field] = 1.0 if field == "title" and min(seen) == 1 else floor((min(seen) - MARGIN) * 20) / 20
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _round(count: float) -> int:
    """Down to three figures that mean something: 3053 is 3050, 47 is 47."""
    step: int = 10 ** max(0, len(str(int(count))) - 3)
    return int(count) // step * step
