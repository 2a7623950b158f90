"""``gongkai nightly`` as cron and systemd start it: the lock, a signal, exit statuses, what stands in the folder."""

import json
import signal
from collections.abc import Iterator

import pytest

from crawler import practice
from crawler.practice import RunningPortal
from tests.crawl.harness import Bench

SLOW, QUICK = "trs", "ilist"


@pytest.fixture
def served() -> Iterator[dict[str, RunningPortal]]:
    with practice.start([SLOW, QUICK]) as running:
        yield running


def test_one_at_a_time_beside_runs_by_hand_and_ended_in_order(bench: Bench, served: dict[str, RunningPortal]) -> None:
    bench.portal(SLOW, served[SLOW].portal_file().replace("delay = 0 ", "delay = 1 "))
    bench.portal(QUICK, served[QUICK].portal_file())
    process = bench.begin("nightly", SLOW, "--budget", "1h")
    warc = bench.data / "warc" / SLOW
    while not list(warc.glob("*.open")):
        assert process.poll() is None
    second = bench.gongkai("nightly", SLOW, status=3)
    assert f"a night is at work already (process {process.pid}, since " in second
    assert f"process {process.pid}" in bench.gongkai("crawl", SLOW, status=3)
    by_hand = bench.gongkai("crawl", QUICK, status=1)  # another writer, while the night goes on
    assert f"{QUICK}: partial" in by_hand
    assert bench.value("SELECT count(*) FROM documents WHERE portal = ?", QUICK) == 38
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    shown, _ = process.communicate(timeout=60)
    assert process.returncode == 1, shown
    assert "Traceback" not in shown
    assert "the night was stopped (SIGTERM)" in shown
    assert not list(bench.data.glob("warc/*/*.open"))
    assert bench.value("SELECT verdict FROM runs WHERE portal = ?", SLOW) == "interrupted"
    (kept,) = (bench.data / "nights").glob("*/summary.json")
    night = json.loads(kept.read_text(encoding="utf-8"))
    assert night["ended"] == "stopped"
    assert night["attention"] == []
    assert f"This is kept in {kept.parent}" in shown


def test_wrong_usage(bench: Bench) -> None:
    assert "no portal nowhere" in bench.gongkai("nightly", "nowhere", status=2)
    assert "write it as 12h, 1d or 7d" in bench.gongkai("nightly", "--budget", "5", status=2)


def test_a_night_with_nothing_to_do_is_a_good_one(bench: Bench, served: dict[str, RunningPortal]) -> None:
    text = served[QUICK].portal_file().replace("[fetch]", '[schedule]\nevery = "never"\n\n[fetch]')
    bench.portal(QUICK, text)
    assert "nothing ran; 1 not due" in bench.gongkai("nightly", QUICK)
