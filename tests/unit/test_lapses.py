"""WARC files that are no longer what the database has read: it forgets, and reads again; or it knows best."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import rebuild as rebuilding
from archive.errors import StorageError
from archive.events import Captured, CatalogueRow, ListRead, RunEnded, RunStarted
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.rebuild import rebuild
from archive.repair import repair
from archive.verify import verify
from archive.vocabulary import Mode, Role, Verdict
from archive.warc.check import Problem
from archive.warc.exchange import Exchange
from archive.warc.read import Record, walk
from archive.warc.write import WarcWriter

KEY, RUN, AT = "p", "p-1", datetime(2026, 11, 22, tzinfo=UTC)
ROWS = tuple(CatalogueRow(f"http://p.example/{number}.html", f"关于第{number}号事项的通知") for number in range(4))


def exchange(row: CatalogueRow) -> Exchange:
    page = f"<html><body><h1>{row.title}</h1><p>现将有关事项通知如下，请认真贯彻执行。</p></body></html>"
    return Exchange(
        url=row.url,
        request=b"GET / HTTP/1.1\r\nHost: p.example\r\n\r\n",
        response=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode(),
        started_at=AT,
        elapsed_ms=1,
        context=Captured(run=RUN, portal=KEY, role=Role.DOCUMENT, column="c", entry_url=row.url, row=row),
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An archive of four documents, level with its one sealed file."""
    made = Place(tmp_path / "data")
    made.prepare()
    common: dict[str, Any] = {"run": RUN, "portal": KEY, "at": "2026-11-22T00:00:00.000000Z"}
    with WarcWriter(made.warc, KEY, software="test", find=lambda _digest, _url: None, clock=lambda: AT) as log:
        log.event(RunStarted(**common, mode=Mode.NORMAL))
        log.event(ListRead(**common, column="c", number=1, url="http://p.example/", rows=ROWS))
        for row in ROWS:
            log.record(exchange(row))
        log.event(RunEnded(**common, verdict=Verdict.OK))
    assert repair(made) == ["p: 7 facts read into the database"]
    return made


def file(place: Place) -> Path:
    (path,) = (place.warc / KEY).glob("*.warc.gz*")
    return path


def responses(place: Place) -> list[Record]:
    return [record for record in walk(file(place)) if record.type == "response"]


def held(place: Place) -> list[str]:
    with open_ledger(place.database, readonly=True) as ledger:
        return [title for (title,) in ledger.execute("SELECT title FROM documents ORDER BY url")]


def stands(place: Place) -> Iterator[list[tuple[object, ...]]]:
    with open_ledger(place.database, readonly=True) as ledger:
        for table in ("runs", "captures", "documents", "versions", "entries", "changes", "warc_files"):
            yield sorted(ledger.execute(f"SELECT * FROM {table}").fetchall(), key=repr)


def test_a_file_that_lost_its_last_records(place: Place) -> None:
    os.truncate(file(place), responses(place)[2].location.offset)
    forgets, again = repair(place)
    assert forgets.startswith(f"p: {file(place).name}: has ")
    assert forgets.endswith("the database forgets this portal and reads all its files in again")
    assert again == "p: 4 facts read into the database"
    assert held(place) == [row.title for row in ROWS[:2]]
    assert repair(place) == ["nothing to repair"]


def test_a_file_that_ends_in_the_middle_of_a_record(place: Place) -> None:
    """What the database holds of it was true; only a backup can bring the bytes back."""
    whole = file(place).read_bytes()
    os.truncate(file(place), responses(place)[2].location.offset + 50)
    (told,) = repair(place)
    assert told.endswith("the file ends in the middle of this record: put it back from a backup")
    assert held(place) == [row.title for row in ROWS]
    file(place).write_bytes(whole)
    assert repair(place) == ["nothing to repair"]
    assert not verify(place).problems


def damage(place: Place) -> Record:
    """A flipped bit in the second document's page, in a file that was left open."""
    record = responses(place)[1]
    data = bytearray(file(place).read_bytes())
    data[record.location.offset + record.location.length // 2] ^= 4
    path = file(place).rename(f"{file(place)}.open")
    path.write_bytes(data)
    return record


def test_a_hole_is_forgotten_declared_and_the_same_in_a_rebuild(place: Place) -> None:
    lost = damage(place).location
    forgets, again = repair(place)
    assert f"{lost.length} bytes at {lost.offset}" in forgets
    assert f"set aside in {lost.file}.damaged-{lost.offset}" in forgets
    assert again == "p: 6 facts read into the database"
    assert held(place) == [row.title for row in (ROWS[0], *ROWS[2:])]
    with open_ledger(place.database, readonly=True) as ledger:
        assert ledger.execute("SELECT url FROM entries WHERE state = 'listed'").fetchall() == [(ROWS[1].url,)]
    report = verify(place)
    assert (report.problems, [loss.bytes for loss in report.losses]) == ([], [lost.length])
    assert report.summary().startswith(f"all in order, {lost.length} bytes known to be lost: ")
    before = list(stands(place))
    rebuild(place)
    assert list(stands(place)) == before


def test_a_rebuild_that_fails_leaves_no_old_database_that_speaks_of_a_hole(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(place)

    def full(*_: object) -> int:
        raise StorageError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "catch_up", full)
        with pytest.raises(StorageError, match="no space left"):
            rebuild(place)
    assert held(place) == []
    assert repair(place) == ["p: 6 facts read into the database"]
    assert not [problem for problem in verify(place).problems if isinstance(problem, Problem)]


def test_a_rebuild_mends_though_the_old_database_is_rubbish(place: Place) -> None:
    damage(place)
    for path in place.folder.glob("archive.db*"):
        path.write_bytes(b"rubbish" * 1000)
    said: list[str] = []
    assert rebuild(place, said.append) == 6
    assert said[0].startswith("the old database cannot be used any more: ")
    assert len(held(place)) == 3
