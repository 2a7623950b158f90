"""What must not be lost: every figure has a floor in ``floors.toml``, and a floor only rises.

A figure is a share or a mean, from 0 to 1 (a margin may be less than 0): higher is better. ``WANTED`` is the aim; where
a floor lies below it, it is not reached yet."""

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.eval.pairs import Check
from tests.eval.report import SCOPES, families, html_only, of_family
from tests.eval.run import Evaluation
from tests.eval.score import Summary
from tests.eval.table import Row, Table

PATH = Path(__file__).parent / "floors.toml"

MARGIN = 0.03
"""How much better our text is to be than trafilatura's alone. The floor stops here: its next release may do better."""

WANTED: dict[str, float] = {
    "known.recall": 0.98,
    "known.precision": 0.99,
    "known.uninvented": 1.0,
    "unknown.uninvented": 1.0,
    "plain.uninvented": 1.0,
    "known.text": 0.97,
    "unknown.text": 0.93,
    "known.margin": MARGIN,
    "unknown.margin": MARGIN,
    "labelled.text": 0.97,
    "seeds.文号 pairs": 1.0,
    "seeds.date pairs": 1.0,
    "seeds.文号 in their lines": 1.0,
    "seeds.metadata items": 1.0,
    "seeds.segments": 1.0,
    "seeds.segments of whole seeds": 1.0,
    "seeds.items of whole seeds": 1.0,
    "seeds.segments of a page's body": 1.0,
    "seeds.items of a page's body": 1.0,
    "seeds.nothing of a part given to the page": 1.0,
    "seeds.lost characters flagged": 1.0,
}

_PARTS = 10_000  # floors have four digits


def figures(evaluation: Evaluation, checks: list[Check]) -> dict[str, float]:
    """Every figure by its name, ``table.key``."""
    found: dict[str, float] = {}
    for scope, fits in SCOPES.items():
        found |= _of(scope, evaluation.of("ours", fits))
        pages = [one for one in evaluation.scores["ours"] if fits(one.case)]
        clean = [one for one in pages if not any(tally.invented for tally in one.fields.values())]
        found[f"{scope}.uninvented"] = len(clean) / len(pages)
    for scope in ("known", "unknown"):
        ours, theirs = (evaluation.of(reader, html_only(SCOPES[scope])) for reader in ("ours", "trafilatura"))
        found[f"{scope}.margin"] = (ours.text or 0) - (theirs.text or 0)
    for family in families(evaluation):
        found |= _of(f"family {family}", evaluation.of("ours", of_family(family)))
    for name, tally in evaluation.of("ours", SCOPES["known"]).fields.items():
        found |= {f"field {name}.recall": tally.recall, f"field {name}.precision": tally.precision}
    return found | {f"seeds.{check.name}": check.share for check in checks}


def _of(name: str, summary: Summary) -> dict[str, float]:
    found = {f"{name}.recall": summary.all.recall, f"{name}.precision": summary.all.precision}
    texts = {f"{name}.text": summary.text, f"{name}.prose": summary.prose}
    return found | {key: value for key, value in texts.items() if value is not None}


def load(path: Path = PATH) -> dict[str, float]:
    tables = tomllib.loads(path.read_text("utf-8"))
    return {f"{table}.{key}": float(value) for table, entries in tables.items() for key, value in entries.items()}


def below(found: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What is below its floor, or not measured any more, in words."""
    return [
        f"{name}: {found[name]:.4f} is below its floor, {floor}" if name in found else f"{name}: not measured"
        for name, floor in floors.items()
        if found.get(name, -math.inf) < floor
    ]


def raised(found: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """The floors after a run: the old ones, raised to what was found. None is lowered, none goes away."""
    reached = {name: _floor(min(value, MARGIN) if name.endswith(".margin") else value) for name, value in found.items()}
    return {name: max(floors.get(name, -math.inf), reached.get(name, -math.inf)) for name in {**reached, **floors}}


def save(floors: Mapping[str, float], path: Path = PATH) -> None:
    tables: dict[str, list[str]] = {}
    for name, value in floors.items():
        table, _, key = name.rpartition(".")
        tables.setdefault(table, []).append(f'"{key}" = {value}')
    head = "# What `make eval` reached. `python -m tests.eval --update` raises these floors; it refuses to lower one.\n"
    path.write_text(
        head + "".join(f'\n["{name}"]\n' + "\n".join(lines) + "\n" for name, lines in tables.items()), "utf-8"
    )


def targets(found: Mapping[str, float]) -> Table:
    """Wanted and reached, as a table."""
    rows: list[Row] = [
        [name, f"{wanted:.2f}", f"{found[name]:.4f}", "yes" if found[name] >= wanted else "no"]
        for name, wanted in WANTED.items()
    ]
    return ["", "wanted", "reached", ""], rows


def _floor(value: float) -> float:
    return float(math.floor(value * _PARTS) / _PARTS)
