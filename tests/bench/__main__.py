"""``python -m tests.bench``: bare Scrapy, recording only, and the whole way, interleaved; prints the ratios.

The whole way stands between two bare runs, and is held against their mean: these machines get faster and slower.
Fails if a ratio is beyond its floor in ``floors.toml``, which holds slack for a noisy machine.
"""

import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import closing
from pathlib import Path

from archive import clock

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROUNDS = int(os.environ.get("GONGKAI_BENCH_ROUNDS", "3"))

PORTAL = """[portal]
name = "示例市人民政府"
home = "http://127.0.0.1:{port}/"
division = "440499"
site_id_code = "4404990009"

[[column]]
family = "static"
url = "http://127.0.0.1:{port}/zwgk/zfwj/"

[fetch]
delay = 0  # a server of our own
"""


def alone(module: str, port: str) -> dict[str, float]:
    """What a program of this folder prints: ``bare``, plain Scrapy, or ``recording``."""
    words = [sys.executable, "-m", f"tests.bench.{module}", port]
    shown = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(shown.stdout)
    return found


def whole(port: str, folder: Path) -> dict[str, float]:
    """``gongkai crawl``: record, read, store, from the opening of the run to its verdict; like the others without the
    time that Python takes to import. Peak memory is the main process's own."""
    portals = folder / "portals"
    portals.mkdir(parents=True)
    (portals / "bench.toml").write_text(PORTAL.format(port=port), encoding="utf-8")
    words = ["--data", str(folder / "data"), "--portals", str(portals), "crawl", "bench"]
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
        if match := re.search(r"VmHWM:\s+(\d+)", status):
            peak = int(match[1])
        time.sleep(0.05)
    verdict = process.communicate()[0].strip()
    if process.returncode:
        raise SystemExit(f"bench: the crawl failed: {verdict}")
    with closing(sqlite3.connect(folder / "data" / "archive.db")) as ledger:
        begun, ended, requests, fetched = ledger.execute(
            "SELECT started_at, finished_at, requests, fetched FROM runs"
        ).fetchone()
    wall = (clock.parse_stamp(ended) - clock.parse_stamp(begun)).total_seconds()
    return {"pages": requests - 1, "fetched": fetched, "wall": wall, "peak_mb": peak / 1024}


def main() -> None:
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    rows: dict[str, list[dict[str, float]]] = {"recording": [], "bare": [], "whole": [], "bare again": []}
    try:
        port = server.stdout.readline().strip()
        for number in range(ROUNDS + 1):  # the first round warms up
            with tempfile.TemporaryDirectory() as name:
                round_ = {
                    "recording": alone("recording", port),
                    "bare": alone("bare", port),
                    "whole": whole(port, Path(name)),
                    "bare again": alone("bare", port),
                }
            for kind, found in round_.items():
                if number:
                    rows[kind].append(found)
                print(
                    f"{'warm-up' if not number else f'round {number}':<8} {kind:<10} "
                    + "  ".join(f"{key} {value:,.2f}" for key, value in found.items()),
                    flush=True,
                )
    finally:
        server.kill()
        server.wait()
    ratios = {
        "recording_cpu": _median(rows, lambda r: r["recording"]["ratio"]),
        "whole_pages_per_second": _median(
            rows, lambda r: (r["bare"]["wall"] + r["bare again"]["wall"]) / 2 / r["whole"]["wall"]
        ),
        "peak_mb": max(found["peak_mb"] for found in rows["whole"]),
    }
    floors = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))
    bad = 0
    for name, value in ratios.items():
        limit = floors[name]
        fine = value <= limit["at_most"] if "at_most" in limit else value >= limit["at_least"]
        bad += not fine
        print(f"{'ok  ' if fine else 'FAIL'} {name} {value:.2f}  wanted: {limit['wanted']}  floor: {limit}")
    raise SystemExit(1 if bad else 0)


def _median(rows, ratio) -> float:  # type: ignore[no-untyped-def]
    rounds = [dict(zip(rows, group, strict=True)) for group in zip(*rows.values(), strict=True)]
    return statistics.median(ratio(round_) for round_ in rounds)


if __name__ == "__main__":
    main()
