"""Whatever happened between portals, readers and crashes: once all is read again, a rebuild gives the same rows."""

import random
from pathlib import Path

import pytest

from archive.errors import ReadingError
from tests.reread.lab import Lab, Reader

SEEDS = range(8)


def page(chance: random.Random) -> dict[str, str] | int:
    if chance.random() < 0.15:
        return 404
    said = {key: f"{key}{chance.randrange(3)}" for key in "tnrb" if chance.random() < 0.8}
    said["f"] = " ".join(name for name in ("a.doc", "b.pdf") if chance.random() < 0.5)
    return said | {key: "1" for key in "xy" if chance.random() < 0.1}


def reader(chance: random.Random, number: int) -> Reader:
    sees = "t" + "".join(key for key in "nrbf" if chance.random() < 0.6)
    return Reader(f"test/{number}", sees, "".join(key for key in "xy" if chance.random() < 0.4))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuild_is_the_same(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    lab = Lab(tmp_path, monkeypatch)
    readers = 1
    lab.use(reader(chance, readers))
    for _ in range(chance.randrange(4, 12)):
        match chance.choice(("run", "run", "run", "upgrade", "reread", "crash")):
            case "run":
                lab.run({name: page(chance) for name in "abcd" if chance.random() < 0.7}, chance.randrange(4))
            case "upgrade":
                readers += 1
                lab.use(reader(chance, readers))
            case "reread" if lab.place.database.exists():
                lab.reread(every=chance.random() < 0.2)
            case "crash" if lab.place.database.exists():
                try:
                    lab.reread(broken_after=chance.randrange(3))
                except ReadingError:
                    lab.catch_up()
    if lab.place.database.exists() and lab.rows("SELECT 1 FROM versions"):
        lab.reread()
        kept = lab.tables()
        fresh = lab.rebuilt()
        for name, rows in kept.items():
            assert fresh[name] == rows, name
