"""One archive goes through all that breaks archives. After the next good night it equals one that nothing happened to.

SIGKILL at random moments, and what may become of the file that was being written: bytes that are others, bytes that are
not there. A network that dies, a database that another process holds, a disk that is full, each in mid-run."""

import os
import random
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crawler import practice
from crawler.practice import Barrier, RunningPortal
from tests.crawl.harness import Bench
from tests.crawl.test_crash import LEFT_OUT, killed

KILLS = int(os.environ.get("GONGKAI_KILLS", "4"))
KILLED, CUT_OFF, KEPT_WAITING = ("gkmlpt", "hanweb"), "trs", "ucap"  # what becomes of which portal
DIFFERS = {**LEFT_OUT, "": [*LEFT_OUT[""], "attempts", "failures"]}

Portals = dict[str, RunningPortal]


@pytest.fixture
def portals() -> Iterator[Portals]:
    with practice.start((*KILLED, CUT_OFF, KEPT_WAITING)) as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path, portals: Portals) -> Iterator[Bench]:
    """An archive on a disk of its own, where this user may mount one."""
    made = Bench(tmp_path / "chaos", portals.values())
    made.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(made.data)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    yield made
    if mounted:
        subprocess.run(["umount", "-l", str(made.data)], check=False)


def test_after_a_good_night_nothing_of_it_is_left(portals: Portals, bench: Bench, tmp_path: Path) -> None:
    undisturbed = Bench(tmp_path / "undisturbed", portals.values())
    undisturbed.gongkai("crawl", *sorted(portals), status=1)
    wanted = undisturbed.tables(DIFFERS)

    told = kill_and_damage(bench, portals, wanted)
    let_the_network_die(bench, portals[CUT_OFF])
    hold_the_database(bench, portals[KEPT_WAITING])
    fill_the_disk(bench)

    bench.gongkai("crawl", *sorted(portals), status=1)
    assert bench.tables(DIFFERS) == wanted
    shown = bench.gongkai("verify")
    assert "all in order" in shown
    assert not bench.query("SELECT 1 FROM runs WHERE verdict IS NULL")
    before = bench.tables()
    bench.gongkai("rebuild")
    assert bench.tables() == before
    assert bench.gongkai("verify") == shown

    told += issues(bench)
    print(f"{KILLS} kills; {sum('forgets' in line for line in told)} times read in again; {shown}")
    assert any("set aside" in line for line in told), "a flipped byte is declared"
    assert any("forgets" in line for line in told), "and what was known of it is not believed"


def kill_and_damage(bench: Bench, portals: Portals, wanted: dict[str, list[tuple[object, ...]]]) -> list[str]:
    """Kill crawls at random moments. After every third kill a byte of the file that was being written is another; after
    every third its end is missing, also some of it that was safe on the disk. Gives what was told of archives that came
    to their end in between: they are begun anew."""
    chance = random.Random(30)
    told: list[str] = []
    kills = 0
    with slow(portals, KILLED, 0.1):
        while kills < KILLS:
            if not killed(bench, KILLED, chance.uniform(0.3, 2.5)):
                bench.gongkai("crawl", *sorted(portals), status=1)
                assert bench.tables(DIFFERS) == wanted
                told += issues(bench)
                empty(bench)
                continue
            for path in bench.data.glob("warc/*/*.open"):
                damage(path, kills % 3, chance)
            kills += 1
    return told


def damage(path: Path, way: int, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if way == 0:
        data[len(data) // 2] ^= 1 << chance.randrange(8)
    elif way == 1:
        del data[chance.randrange(len(data)) :]
    path.write_bytes(data)


def let_the_network_die(bench: Bench, portal: RunningPortal) -> None:
    portal.faults = replace(portal.faults, barrier=Barrier.RESET, barrier_after=25)
    shown = bench.gongkai("crawl", portal.key, status=1)
    assert f"{portal.key}: unreachable" in shown
    assert "connection_lost" in shown
    failed = "SELECT count(*) FROM entries WHERE portal = ? AND state = 'failed' AND state_reason = 'connection_lost'"
    assert bench.value(failed, portal.key)
    portal.faults = replace(portal.faults, barrier=None)


def hold_the_database(bench: Bench, portal: RunningPortal) -> None:
    """Another process (a vacuum, a copy) writes for longer than a run waits for it."""
    with slow({portal.key: portal}, (portal.key,), 0.1):
        process = bench.begin("crawl", portal.key, env={"GONGKAI_BUSY_SECONDS": "0.2"})
        until(lambda: started(bench, portal.key), process)
        with closing(sqlite3.connect(bench.data / "archive.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            shown, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in shown
    (line,) = [line for line in shown.splitlines() if line.startswith(f"{portal.key}: ")]
    assert line.startswith(f"{portal.key}: interrupted: ")
    assert "archive.db: database is locked; another process holds the database" in line
    assert not list(bench.data.glob("warc/*/*.open"))
    assert "facts read into the database" in bench.gongkai("repair")
    (said,) = bench.query("SELECT verdict, reason FROM runs WHERE portal = ?", portal.key)
    assert f"{portal.key}: {said[0]}: {said[1]}" == line


def until(reached: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Let a process run till it has come so far."""
    deadline = time.monotonic() + 60
    while not reached():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)


def started(bench: Bench, portal: str) -> bool:
    """Whether a run of a portal has documents in the database."""
    try:
        return bool(bench.value("SELECT count(*) FROM documents WHERE portal = ?", portal))
    except sqlite3.OperationalError:  # it is only being made
        return False


def fill_the_disk(bench: Bench) -> None:
    """Room for a little more than what is there: of a disk where there is one, else of each file."""
    words = ("crawl", KEPT_WAITING)
    if os.path.ismount(bench.data):
        free = os.statvfs(bench.data)
        used = (free.f_blocks - free.f_bfree) * free.f_frsize // 1024
        remount(bench.data, f"{used + 300}k")
        shown = bench.gongkai(*words, status=1)
        remount(bench.data, "400m")
    else:
        command = ["bash", "-c", 'ulimit -f 150; exec "$@"', "-", *bench.words(*words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        shown = done.stdout + done.stderr
        assert done.returncode == 1
    assert "Traceback" not in shown
    assert f"{KEPT_WAITING}: interrupted: " in shown, shown


def remount(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


@contextmanager
def slow(portals: Portals, keys: tuple[str, ...], latency: float) -> Iterator[None]:
    with ExitStack() as after:
        for key in keys:
            portal = portals[key]
            after.callback(setattr, portal, "faults", portal.faults)
            portal.faults = replace(portal.faults, latency=latency)
        yield


def issues(bench: Bench) -> list[str]:
    return [line for path in bench.data.glob("runs/*/issues.jsonl") for line in path.read_text().splitlines()]


def empty(bench: Bench) -> None:
    for path in sorted(bench.data.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
