"""One archive goes through all that breaks archives. After the next good night it equals one that nothing happened to.

SIGKILL at random moments, and what may become of the file that was being written: bytes that are others, bytes that are
not there. A network that dies, a database that another process holds, a disk that is full, each in mid-run."""

import os
import random
import re
import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crawler import practice
from crawler.practice import Barrier, RunningPortal
from tests.crawl.harness import Bench
from tests.crawl.test_crash import LEFT_OUT, killed

KILLS = int(os.environ.get("GONGKAI_KILLS", "4"))
PART = 10_000  # bytes of a WARC file that the database has read before something happens
KILLED, CUT_OFF, KEPT_WAITING = ("gkmlpt", "hanweb"), "trs", "ucap"  # what becomes of which portal
DIFFERS = {**LEFT_OUT, "": [*LEFT_OUT[""], "attempts", "failures"]}

Portals = dict[str, RunningPortal]
Env = dict[str, str] | None


@pytest.fixture
def portals() -> Iterator[Portals]:
    with practice.start((*KILLED, CUT_OFF, KEPT_WAITING)) as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path, portals: Portals) -> Iterator[Bench]:
    """An archive on a disk of its own, where this user may mount one."""
    made = Bench(tmp_path / "chaos", portals.values())
    made.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(made.data)]
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
    told += hold_the_database(bench, portals[KEPT_WAITING])
    fill_the_disk(bench, portals[CUT_OFF])

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
    """Kill crawls: at a random moment; when the database has read a part of the file, of which then a byte is another;
    and so, but with that part's end missing. An archive that comes to its end in between is begun anew. Gives what was
    told of those."""
    chance = random.Random(30)
    told: list[str] = []
    kills = 0
    while kills < KILLS:
        if not (hurt_by_chance, flip, cut)[kills % 3](bench, portals, chance):
            bench.gongkai("crawl", *sorted(portals), status=1)
            assert bench.tables(DIFFERS) == wanted
            told += issues(bench)
            empty(bench)
        else:
            kills += 1
    return told


def hurt_by_chance(bench: Bench, portals: Portals, chance: random.Random) -> bool:
    """Whether a crawl was killed before it came to its end."""
    with slow({key: portals[key] for key in KILLED}, 0.1):
        return killed(bench, KILLED, chance.uniform(0.3, 2.5))


def flip(bench: Bench, portals: Portals, chance: random.Random) -> bool:
    """The same, with a byte of what was read already that is another afterwards."""
    if (path := killed_midway(bench, portals[KILLED[0]])) is None:
        return False
    data = bytearray(path.read_bytes())
    data[chance.randrange(known(bench, path))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return True


def cut(bench: Bench, portals: Portals, chance: random.Random) -> bool:
    """The same, with an end that is missing: also some of what was read already."""
    if (path := killed_midway(bench, portals[KILLED[1]])) is None:
        return False
    os.truncate(path, chance.randrange(known(bench, path)))
    return True


def killed_midway(bench: Bench, portal: RunningPortal) -> Path | None:
    """The file that a crawl was writing when it was killed; ``None`` if it came to its end before."""
    with midway(bench, portal) as process:
        if process is None:
            return None
        process.kill()
        process.communicate()
    return max(bench.data.glob(f"warc/{portal.key}/*.open"))


def known(bench: Bench, path: Path) -> int:
    """Up to where the database has read a file."""
    query = "SELECT coalesce(max(ingested_to), 0) FROM warc_files WHERE name = ?"
    try:
        return int(str(bench.value(query, path.name.removesuffix(".open"))))
    except sqlite3.OperationalError:  # it is only being made
        return 0


def let_the_network_die(bench: Bench, portal: RunningPortal) -> None:
    portal.faults = replace(portal.faults, barrier=Barrier.RESET, barrier_after=25)
    shown = bench.gongkai("crawl", portal.key, status=1)
    assert f"{portal.key}: unreachable" in shown
    assert "connection_lost" in shown
    failed = "SELECT count(*) FROM entries WHERE portal = ? AND state = 'failed' AND state_reason = 'connection_lost'"
    assert bench.value(failed, portal.key)
    portal.faults = replace(portal.faults, barrier=None)


def hold_the_database(bench: Bench, portal: RunningPortal) -> list[str]:
    """Another process (a vacuum, a copy) writes for longer than a run waits for it. Gives what ``repair`` then says."""
    with (
        midway(bench, portal, env={"GONGKAI_BUSY_SECONDS": "0.2"}) as process,
        closing(sqlite3.connect(bench.data / "archive.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        line = interrupted(process, portal.key)
    assert "archive.db: database is locked; another process holds the database" in line
    assert not list(bench.data.glob(f"warc/{portal.key}/*.open"))
    repaired = bench.gongkai("repair").splitlines()  # of the portals that were killed as well
    assert any(re.fullmatch(rf"{portal.key}: \d+ facts read into the database", told) for told in repaired)
    (said,) = bench.query("SELECT verdict, reason FROM runs WHERE portal = ?", portal.key)
    assert f"{portal.key}: {said[0]}: {said[1]}" == line
    return repaired


def fill_the_disk(bench: Bench, portal: RunningPortal) -> None:
    """Something else takes all the room there is. Where no disk could be mounted, no file may grow any more."""
    mounted = os.path.ismount(bench.data)
    ballast = bench.data / "ballast"
    with midway(bench, portal) as process:
        assert process is not None
        if mounted:
            with suppress(OSError), ballast.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(65_536))
        else:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (PART, PART))
        line = interrupted(process, portal.key)
    assert ("no space left" if mounted else "larger than files may become") in line
    ballast.unlink(missing_ok=True)


@contextmanager
def midway(bench: Bench, portal: RunningPortal, env: Env = None) -> Iterator["subprocess.Popen[str] | None"]:
    """A crawl of a slow portal of which the database has read a part; ``None`` if it ended before."""
    folder = bench.data / "warc" / portal.key
    earlier = set(folder.glob("*.open"))
    with slow({portal.key: portal}, 0.4):
        process = bench.begin("crawl", portal.key, env=env)
        deadline = time.monotonic() + 60
        while not any(known(bench, path) > PART for path in set(folder.glob("*.open")) - earlier):
            assert time.monotonic() < deadline
            if process.poll() is not None:
                process.communicate()
                yield None
                return
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        yield process


def interrupted(process: "subprocess.Popen[str] | None", portal: str) -> str:
    """The line that a crawl ends with."""
    assert process is not None
    shown, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in shown, shown
    (line,) = [line for line in shown.splitlines() if line.startswith(f"{portal}: ")]
    assert line.startswith(f"{portal}: interrupted: ")
    return line


@contextmanager
def slow(portals: Portals, latency: float) -> Iterator[None]:
    """Portals that take their time; afterwards they are as before."""
    before = {key: portal.faults for key, portal in portals.items()}
    for portal in portals.values():
        portal.faults = replace(portal.faults, latency=latency)
    yield
    for key, portal in portals.items():
        portal.faults = before[key]


def issues(bench: Bench) -> list[str]:
    return [line for path in bench.data.glob("runs/*/issues.jsonl") for line in path.read_text().splitlines()]


def empty(bench: Bench) -> None:
    for path in sorted(bench.data.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
