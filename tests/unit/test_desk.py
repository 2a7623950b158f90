"""What runs share: made once, cleared away with the last of them, and no run's fault is another's."""

from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.events import Location, RunStarted
from archive.intake.bundles import Packed, bundle
from archive.intake.desk import desk_at
from archive.intake.pipes import pack
from archive.intake.scribe import Scribe
from archive.ledger.facts import EventFact
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.vocabulary import Mode

AT = "2026-11-22T18:00:00.000000Z"


def started(run: str, file: str) -> Packed:
    return bundle([EventFact(RunStarted(run, "p", AT, Mode.NORMAL), AT, Location(file, 0, 10))])


def test_runs_of_a_process_share_one_desk(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.prepare()
    with desk_at(place) as first:
        workers, scribe = first.workers, first.scribe
        with desk_at(Place(tmp_path)) as second:
            assert (second.workers, second.scribe) == (workers, scribe)
        scribe.write([started("r", "p-1.warc.gz")], file="p-1.warc.gz", end=10)  # still there
    with desk_at(place) as later:
        assert later is not first
    with open_ledger(place.database, readonly=True) as ledger:
        assert ledger.execute("SELECT id FROM runs").fetchall() == [("r",)]


def test_a_scribe_that_dies_costs_one_span(tmp_path: Path) -> None:
    scribe = Scribe(tmp_path / "archive.db")
    try:
        assert scribe._child is not None
        scribe._child.process.kill()
        with pytest.raises(StorageError, match="the process that writes it ended"):
            scribe.write([started("lost", "p-1.warc.gz")], file="p-1.warc.gz", end=10)
        with pytest.raises(StorageError, match=r"cannot take in p-2.warc.gz up to byte 10: AttributeError"):
            scribe.write([Packed(1, pack(["no fact at all"]))], file="p-2.warc.gz", end=10)
        scribe.write([started("kept", "p-3.warc.gz")], file="p-3.warc.gz", end=10)
    finally:
        scribe.close()
    with open_ledger(tmp_path / "archive.db", readonly=True) as ledger:
        assert ledger.execute("SELECT id FROM runs").fetchall() == [("kept",)]
