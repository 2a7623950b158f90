"""What a reread stands on: its events, its tables, what a worker does when the log comes to it."""

from contextlib import closing

import pytest

from archive.events import Location, Replaced, Reread, RereadBegun, from_json, to_json
from archive.intake import spans
from archive.intake.spans import Span
from archive.ledger.content import READ, overlaid, read_columns
from archive.ledger.facts import RereadFact
from archive.ledger.schema import open_ledger
from archive.vocabulary import TextStatus
from archive.warc.records import subject
from tests.ledger.by_hand import link, reading
from tests.reread.lab import PORTAL, Lab, Reader


def test_events_go_into_the_log_and_come_back() -> None:
    item = Replaced(
        *("p-1", 2, "urn:uuid:1", Location("f.warc.gz", 7, 9), "test/1"),
        was=(("title", "旧"), ("remarks", None)),
        changed=(("title", None, "旧"),),
    )
    for event in (
        Reread("p", "2026-11-22T00:00:00Z", "test/2", (item, Replaced("p-1", 1, "urn:uuid:0", item.lies, "test/2"))),
        RereadBegun("p", "2026-11-22T00:00:00Z", "test/2", (("urn:uuid:3", "soft_404"),)),
    ):
        assert from_json(to_json(event)) == event
        assert subject(event, "") == f"urn:gongkai:{event.kind}:p"


def test_what_is_replaced_can_be_laid_over_again() -> None:
    old = reading("旧的。", attachments=(link("a.doc"),), flags=("one", "two"), charset="gb18030")
    new = reading("新的。", title="", fields=(("genre", "通知"),), text_status=TextStatus.EMPTY, reader="test/2")
    before, after = read_columns(old), read_columns(new)
    was = {name: before[name] for name in READ if before[name] != after[name]}
    assert read_columns(overlaid(new, was)) == before
    assert read_columns(overlaid(None, before)) == before
    assert read_columns(overlaid(new, {})) == after


def test_an_older_database_gets_its_tables(lab: Lab) -> None:
    lab.use(Reader("test/1", "t"))
    lab.run({"a": {"t": "一"}})
    with closing(open_ledger(lab.place.database)) as ledger:
        for table in ("readings", "foreseen"):
            ledger.execute(f"DROP TABLE {table}")
        ledger.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%_readings'")
    lab.use(Reader("test/2", "b"))
    with closing(open_ledger(lab.place.database)) as ledger:
        assert ledger.execute("SELECT count(*) FROM readings").fetchone() == (0,)
    lab.reread()
    assert len(lab.tables()["readings"]) == 1


@pytest.fixture
def reread(lab: Lab) -> Span:
    """The log of a reread of three versions."""
    lab.use(Reader("test/1", "t"))
    lab.run({name: {"t": name, "b": name} for name in "abc"})
    lab.use(Reader("test/2", "b"))
    lab.reread()
    path = max((lab.place.warc / PORTAL).glob("*.gz"))
    return Span(path.name, 0, path.stat().st_size)


def test_a_worker_that_dies_over_a_capture_leaves_that_version_alone(lab: Lab, reread: Span) -> None:
    marks: list[tuple[int, int]] = []
    (fact,) = (
        fact
        for fact in spans.facts(lab.place.warc, reread, lambda group, at: marks.append((group, at)))
        if isinstance(fact, RereadFact)
    )
    assert [read and read.text for read in fact.readings] == ["a", "b", "c"]
    assert [group for group, _ in marks] == [fact.location.offset] * 3
    assert len({at for _, at in marks}) == 3
    skipped = Span(reread.file, fact.location.offset, reread.end, skip=((marks[1][1], "reader_crashed (SIGSEGV)"),))
    (again,) = spans.facts(lab.place.warc, skipped)
    assert isinstance(again, RereadFact)
    assert [read and read.text for read in again.readings] == ["a", None, "c"]


def test_a_capture_that_is_damaged_by_now_does_not_stop_the_reading(lab: Lab, reread: Span) -> None:
    ((file, offset),) = lab.rows("SELECT warc_file, warc_offset FROM captures ORDER BY rowid LIMIT 1")
    path = lab.place.warc / PORTAL / str(file)
    raw = bytearray(path.read_bytes())
    raw[int(str(offset)) + 40] ^= 255
    path.write_bytes(raw)
    (fact,) = (fact for fact in spans.facts(lab.place.warc, reread) if isinstance(fact, RereadFact))
    assert [read and read.text for read in fact.readings] == [None, "b", "c"]
