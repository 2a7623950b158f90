"""``python -m tests.bench.reading``: our reader beside trafilatura alone, on the same pages of known families.

In turn by tens, in one process, so that both meet the same machine; processor time, the median of some rounds, of which
the first warms up. The figures on the pages are others in each round: nobody meets the same page twice. Fails if the
ratio over all pages is below its floor in ``floors.toml``; ``make bench`` runs it."""

import os
import statistics
import sys
import time
import tomllib
from pathlib import Path

import trafilatura

from archive import garbage
from archive.reading.page import Page
from archive.reading.read import read
from tests.bench.pages import by_kind, varied

FLOORS = Path(__file__).parent / "floors.toml"
NAME = "reading_pages_per_second"
ROUNDS = int(os.environ.get("GONGKAI_BENCH_ROUNDS", "3"))


def race(pages: list[Page]) -> tuple[float, float]:
    """Seconds of CPU that we take for the pages, and that trafilatura does: its defaults, with metadata."""
    ours = theirs = 0.0
    for start in range(0, len(pages), 10):
        some = pages[start : start + 10]
        begun = time.process_time()
        for page in some:
            read(page)
        between = time.process_time()
        for page in some:
            trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
        ours, theirs = ours + between - begun, theirs + time.process_time() - between
    return ours, theirs


def main() -> int:
    kinds = by_kind()
    garbage.settle()
    rounds = [
        {name: race([varied(page, number) for page in pages]) for name, pages in kinds.items()}
        for number in range(ROUNDS + 1)
    ][1:]
    for name, pages in kinds.items():
        mean = sum(len(page.body) for page in pages) / len(pages) / 1000
        ours, theirs = (statistics.median(found[name][reader] for found in rounds) for reader in (0, 1))
        print(
            f"{name:<16} {len(pages):>4} pages of {mean:5.1f} kB  ours {1000 * ours / len(pages):5.2f} ms  "
            f"trafilatura {1000 * theirs / len(pages):6.2f} ms  ratio {theirs / ours:5.2f}",
            flush=True,
        )
    totals = [[sum(found[name][reader] for name in kinds) for reader in (0, 1)] for found in rounds]
    ratio = statistics.median(theirs / ours for ours, theirs in totals)
    floor = tomllib.loads(FLOORS.read_text(encoding="utf-8"))[NAME]
    fine = ratio >= floor["at_least"]
    print(f"{'ok  ' if fine else 'FAIL'} {NAME} {ratio:.2f}  wanted: {floor['wanted']}  floor: {floor['at_least']}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
