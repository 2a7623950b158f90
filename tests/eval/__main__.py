"""``python -m tests.eval``: judges, prints, and writes ``RESULTS.md``; fails below a floor of ``floors.toml``.

``--misses`` prints instead what was misread, the worst first, as JSON. ``--update`` raises the floors to what is
reached; it fails, and lowers none, where something got worse."""

import argparse
import json
import sys
import time
from pathlib import Path

from tests.eval import floors, report, table
from tests.eval.pairs import checks
from tests.eval.run import SHARED, evaluate
from tests.eval.score import worst_first

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    words.add_argument("--misses", action="store_true", help="what was misread, the worst first, as JSON")
    words.add_argument("--update", action="store_true", help="raise the floors to what is reached")
    chosen = words.parse_args()
    if not (SHARED / "gold").is_dir():
        print(f"eval: nothing to judge by: there is no {SHARED.name}/gold beside the checkout", file=sys.stderr)
        return 2
    if chosen.misses:
        misses = [miss.as_dict() for miss in worst_first(evaluate("ours").scores["ours"])]
        print(json.dumps(misses, ensure_ascii=False, indent=1))
        return 0
    begun = time.process_time()
    evaluation = evaluate()
    tried = checks(SHARED, evaluation.scores["ours"])
    found = floors.figures(evaluation, tried)
    print(report.terminal(evaluation, tried))
    print("\nWanted and reached\n" + table.aligned(*floors.targets(found)))
    RESULTS.write_text(report.results(evaluation, tried, floors.targets(found)), "utf-8")
    known = floors.load() if floors.PATH.exists() else {}
    worse = floors.below(found, known)
    if chosen.update:
        floors.save(floors.raised(found, known))
    print(f"\n{len(evaluation.cases)} pages, {time.process_time() - begun:.0f} s of CPU")
    for line in worse:
        print(f"FAIL {line}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
