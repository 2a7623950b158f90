"""SIGKILL at random moments, then the same command again: nothing is lost, and nothing differs."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler.practice import RunningPortal
from tests.crawl.harness import Bench

KILLS = int(os.environ.get("GONGKAI_KILLS", "20"))
TIMES = ["first_seen", "last_seen", "last_checked", "last_complete_walk", "seen_at", "at", "fetched_at", "run_id"]
PLACES = ["capture_id", "walk_detail"]
LEFT_OUT = {"": TIMES + PLACES, "runs": ["*"], "captures": ["*"], "warc_files": ["*"], "portals": ["updated_at"]}


def test_killed_twenty_times_and_still_the_same(
    portals: dict[str, RunningPortal], crawled: Bench, tmp_path: Path
) -> None:
    """Twenty kills, spread over a crawl that is begun again each time; the last one is let finish."""
    bench = Bench(tmp_path, portals.values())
    chance = random.Random(20)
    keys = sorted(portals)
    kills = 0
    for _ in range(KILLS):
        process = bench.begin("crawl", *keys)
        try:
            process.wait(chance.uniform(0.8, 3.5))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
    assert kills >= KILLS // 2, "the crawl is over too soon for this test to mean anything"
    bench.gongkai("crawl", *keys, status=1)
    assert "all in order" in bench.gongkai("verify")
    assert bench.tables(LEFT_OUT) == crawled.tables(LEFT_OUT)
    verdicts = {row[0] for row in bench.query("SELECT DISTINCT verdict FROM runs")}
    assert "interrupted" in verdicts
    assert None not in verdicts


def test_a_signal_ends_a_run_in_order(portals: dict[str, RunningPortal], tmp_path: Path) -> None:
    bench = Bench(tmp_path, portals.values())
    key = sorted(portals)[0]
    slow = portals[key].portal_file().replace("delay = 0", "delay = 0.5")
    bench.portal(key, slow)
    process = bench.begin("crawl", key)
    warc = bench.data / "warc" / key
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not list(warc.glob("*.open")):
        process.poll()
    process.send_signal(signal.SIGTERM)
    shown, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in shown
    assert "Traceback" not in shown
    assert not list(warc.glob("*.open"))
    assert bench.value("SELECT verdict FROM runs") == "interrupted"


@pytest.mark.parametrize("command", ["rebuild", "repair"])
def test_the_database_is_made_again_from_the_warc_files_alone(
    command: str, portals: dict[str, RunningPortal], tmp_path: Path
) -> None:
    bench = Bench(tmp_path, portals.values())
    keys = sorted(portals)
    bench.gongkai("crawl", *keys, status=1)
    bench.gongkai("crawl", keys[0], "--full", status=None)
    before = bench.tables()
    assert before["documents"]
    for path in bench.data.glob("archive.db*"):
        path.unlink()
    bench.gongkai(command)
    assert bench.tables() == before
