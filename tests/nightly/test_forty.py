"""Forty portals in one night, three of them hanging, two blocked, one of garbage: the others are complete, and none of
them waits for another. ``pytest -s`` shows how long it took, and in how much memory."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.clock import parse_stamp
from crawler import practice
from crawler.practice import PORTALS, Barrier, Faults, Robots, RunningPortal, Trouble
from tests.crawl.harness import Bench

MEMORY = 500  # MB: of the night, its readers and its scribe together
SLOWEST = "trs-0"
HANGING = ("ucap-1", "irs-1", "vsb-1")
BLOCKED = {"lonsun-1": Barrier.REFERER_403, "epoint-1": Barrier.WZWS_403}
GARBAGE = "gkmlpt-1"
ROT = (Trouble.BINARY, Trouble.EMPTY, Trouble.WRONG_CHARSET, Trouble.SOFT_GONE)


@pytest.fixture
def forty() -> Iterator[dict[str, RunningPortal]]:
    """Every family twice and some three times, in other skins."""
    with ExitStack() as held:
        running: dict[str, RunningPortal] = {}
        for variation, keys in enumerate((list(PORTALS), list(PORTALS), list(PORTALS)[:4])):
            served = held.enter_context(practice.start(keys, variation=variation))
            running |= {f"{key}-{variation}": portal for key, portal in served.items()}
        for key in HANGING:
            running[key].faults = Faults(robots=Robots.HANG)
        for key, barrier in BLOCKED.items():
            running[key].faults = Faults(barrier=barrier)
        documents = [truth.document.key for truth in running[GARBAGE].truth.documents]
        running[GARBAGE].faults = Faults(troubles={key: ROT[place % len(ROT)] for place, key in enumerate(documents)})
        yield running


def test_forty_portals_in_one_night(forty: Mapping[str, RunningPortal], tmp_path: Path) -> None:
    assert len(forty) == 40
    bench = Bench(tmp_path)
    for number, (key, portal) in enumerate(forty.items(), 1):
        whole = key in (SLOWEST, GARBAGE)
        text = portal.portal_file() if whole else portal.portal_file(portal.truth.columns[0].name)
        text = re.sub(r'division = "\d+"', f'division = "45{number:02}00"', text)  # a prefecture each
        delay = 0 if key == GARBAGE else 0.2
        bench.portal(key, text.replace("delay = 0 ", f"delay = {delay} "))
    shown, megabytes = _measured(bench, "nightly", *forty)
    (kept,) = (bench.data / "nights").glob("*/summary.json")
    night = json.loads(kept.read_text(encoding="utf-8"))
    ran = {line["portal"]: line for line in night["portals"]}
    assert ran.keys() == forty.keys(), shown
    verdicts = {key: line["verdict"] for key, line in ran.items()}
    assert {key for key, verdict in verdicts.items() if verdict == "unreachable"} == set(HANGING)
    assert {key for key, verdict in verdicts.items() if verdict == "blocked"} == set(BLOCKED)
    polite = forty.keys() - set(HANGING) - BLOCKED.keys() - {GARBAGE}
    for key in polite:
        assert verdicts[key] in ("ok", "partial"), (key, ran[key])  # partial: the traps of the practice portals
        assert ran[key]["failed"] == 0, (key, ran[key])
        assert ran[key]["new"] > 0, key
    assert ran[SLOWEST]["new"] == len(forty[SLOWEST].truth.documents)
    assert verdicts[GARBAGE] == "partial"
    assert not bench.query("SELECT 1 FROM entries WHERE state = 'listed'")
    total = (parse_stamp(night["finished_at"]) - parse_stamp(night["started_at"])).total_seconds()
    slowest = max(ran[key]["seconds"] for key in polite)
    print(f"\n{total:.1f} s in all, {slowest:.1f} s the slowest polite portal: {total / slowest:.2f}; {megabytes} MB")
    assert megabytes < MEMORY
    assert "all in order" in bench.gongkai("verify")


def _measured(bench: Bench, *words: str) -> tuple[str, int]:
    """Run a command to its end; gives what it said, and the most memory that it and its children held, in MB."""
    process = subprocess.Popen(
        bench.words(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"GONGKAI_STALL": "10", "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    most = 0
    while True:
        most = max(most, sum(map(_resident, _family(process.pid))))
        try:
            shown, _ = process.communicate(timeout=0.25)
        except subprocess.TimeoutExpired:
            continue
        assert process.returncode == 1, shown
        assert "Traceback" not in shown, shown
        return shown, most >> 20


def _family(pid: int) -> Iterator[int]:
    """A process and its children. Those that have ended meanwhile have none."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        threads = [int(each.name) for each in Path(f"/proc/{pid}/task").iterdir() if each.name != str(pid)]
        for thread in threads:
            children += Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(pid: int) -> int:
    """Bytes of a process's memory; what it shares with others counts by its part."""
    try:
        found = re.search(
            r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"), re.MULTILINE
        )
    except OSError:
        return 0
    return int(found[1]) << 10 if found else 0
