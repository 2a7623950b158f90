"""SIGKILL at random moments, then the same command again: nothing is lost, and nothing differs."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crawler import practice
from crawler.practice import RunningPortal
from tests.crawl.harness import TIMES, Bench

KILLS = int(os.environ.get("GONGKAI_KILLS", "20"))
PLACES = ["capture_id", "walk_detail"]
LATEST_WALK = ["walk_end", "walk_detail", "listed"]  # one that came after another stops where nothing is new
OF_RUNS = ("runs", "run_columns", "run_fill", "captures", "warc_files")
LEFT_OUT = {"": TIMES + PLACES, "columns": LATEST_WALK} | {table: ["*"] for table in OF_RUNS}


KEYS = ("gkmlpt", "hanweb", "trs", "ucap")  # JSON, a service, pages by file and pages by address


@pytest.fixture
def portals() -> Iterator[dict[str, RunningPortal]]:
    with practice.start(KEYS) as running:
        yield running


def test_ended_twenty_times_and_still_the_same(portals: dict[str, RunningPortal], tmp_path: Path) -> None:
    """Twenty kills at random moments. A crawl that was killed is begun again, until one comes to its end; then it is
    compared with the undisturbed one, and a new archive is begun, until there have been enough."""
    chance = random.Random(20)
    keys = sorted(portals)
    undisturbed = Bench(tmp_path / "undisturbed", portals.values())
    undisturbed.gongkai("crawl", *keys, status=1)
    wanted = undisturbed.tables(LEFT_OUT)
    kills = archives = interrupted = 0
    for portal in portals.values():
        portal.faults = replace(portal.faults, latency=0.02)
    try:
        while kills < KILLS or archives == 0:
            bench = Bench(tmp_path / str(archives), portals.values())
            while killed(bench, keys, chance.uniform(0.0, 3.5) if kills < KILLS else 120):
                kills += 1
            archives += 1
            assert "all in order" in bench.gongkai("verify")
            assert bench.tables(LEFT_OUT) == wanted
            assert not bench.query("SELECT 1 FROM runs WHERE verdict IS NULL")
            interrupted += len(bench.query("SELECT 1 FROM runs WHERE verdict = 'interrupted'"))
    finally:
        for portal in portals.values():
            portal.faults = replace(portal.faults, latency=0)
    print(f"{kills} kills over {archives} archives, {interrupted} runs interrupted")
    assert interrupted >= KILLS // 2, "the kills came when nothing was at work"


def killed(bench: Bench, keys: Sequence[str], seconds: float) -> bool:
    """Let a crawl run so long from the beginning of its first run on, then kill it. ``False`` if it came to its end
    before.

    Until then Python is only starting, which on a busy machine takes long."""
    runs = bench.data / "runs"
    before = len(list(runs.glob("*")))
    process = bench.begin("crawl", *keys)
    try:
        while process.poll() is None and len(list(runs.glob("*"))) == before:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        return True
    finally:
        process.communicate()
    return False


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
