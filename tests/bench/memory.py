"""``python -m tests.bench.memory``: reads 20,000 pages in one process, and prints what it holds meanwhile.

Fails if the process grows by more than ``MOST`` between the first thousand, when all caches are full, and the last."""

import argparse
import re
import sys
import time
from pathlib import Path

from archive import garbage
from archive.reading.read import read
from tests.bench.pages import endless

PAGES = 20_000
MARKS = (100, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000)
MOST = 5.0
"""MB."""


def resident() -> float:
    """MB of memory that this process has in use. Linux."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    return int(found[1]) / 1024 if found else 0.0


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    words.add_argument("--pages", type=int, default=PAGES)
    chosen = words.parse_args()
    garbage.settle()
    held: dict[int, float] = {}
    begun, size = time.process_time(), 0
    for number, page in enumerate(endless(chosen.pages), 1):
        size += len(page.body)
        read(page)
        if number in MARKS or number == chosen.pages:
            held[number] = resident()
            print(
                f"{number:>7,} pages  {held[number]:6.1f} MB  {time.process_time() - begun:6.1f} s of CPU", flush=True
            )
    first = held.get(1_000, min(held.values()))
    grown = held[chosen.pages] - first
    print(
        f"{'ok  ' if grown <= MOST else 'FAIL'} grown by {grown:.1f} MB since the first thousand; {size >> 20} MB read"
    )
    return 0 if grown <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
