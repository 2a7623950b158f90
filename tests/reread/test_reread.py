"""What a newer reader gains, loses and changes; that history stays; that a page which did not change did not change."""

import json

import pytest

from archive.errors import ReadingError
from archive.ledger import questions
from archive.ledger.hantext import phrases
from archive.ledger.rereading import columns_at
from archive.ledger.schema import open_ledger
from archive.show import show
from tests.reread.lab import HOME, PORTAL, Lab, Reader, doc

OLD = Reader("test/1", "tnb")
NEW = Reader("test/2", "trbf")  # loses 文号, gains 备注 and attachments

PAGE = {"t": "关于预算的通知", "n": "珠府办〔2026〕7号", "r": "有效", "b": "正文。", "f": "a.doc"}


@pytest.fixture
def held(lab: Lab) -> Lab:
    """A document in two versions and one in one, read by the old reader; then comes the new one."""
    lab.use(OLD)
    lab.run({"a": PAGE, "b": PAGE | {"b": "另一件。", "n": "", "r": "", "f": ""}})
    lab.run({"a": PAGE | {"b": "正文改了。"}})
    lab.use(NEW)
    return lab


def test_the_report_counts_each_field_and_writes_nothing(held: Lab) -> None:
    before, files = held.tables(), sorted(held.place.folder.rglob("*.gz"))
    report = held.look()
    assert (report.versions, report.changed, report.failures) == (3, 2, 0)
    tallies = {
        name: {turn.value: count for turn, count in tally.turns.items()}
        for name, tally in report.tallies.items()
        if tally.turns
    }
    assert tallies == {"doc_number": {"lost": 2}, "remarks": {"gained": 2}, "attachments": {"gained": 2}}
    lines = list(report.lines(written=False))
    assert lines[0] == "3 versions read by test/2, before by test/1 (3): 2 would say something else"
    assert f"    lost    {doc('a')} v1: 「珠府办〔2026〕7号」 → (nothing)" in lines
    assert f"    gained  {doc('a')} v2: 0 → 1 files: 「+a.doc」" in lines
    assert "WARNING: doc_number is lost in 100.0% of the versions that stated it: a worse reader?" in lines
    assert held.tables() == before
    assert sorted(held.place.folder.rglob("*.gz")) == files


def test_a_text_is_shown_where_it_differs(lab: Lab) -> None:
    lab.use(Reader("test/1", "b"))
    lab.run({"a": {"b": "一" * 500 + "旧的说法" + "二" * 500}})
    lab.use(Reader("test/2", "tb"))
    lab.run({"a": {"b": "一" * 500 + "写法" + "二" * 500}})
    lab.use(Reader("test/3", "b"))
    lab.reread()
    (line,) = lab.look(every=True).lines(written=False)
    assert line.endswith("0 would say something else")
    lab.use(Reader("test/4", ""))
    lines = list(lab.look(limit=1).lines(written=False))
    assert sum("characters" in line for line in lines) == 1
    assert any("1,004 → 0 characters" in line for line in lines)


def test_what_is_written(held: Lab) -> None:
    changes = held.rows("SELECT * FROM changes")
    held.reread()
    assert held.rows("SELECT doc_number, remarks, text FROM documents WHERE id = ?", doc("a")) == [
        (None, "有效", "正文改了。")
    ]
    assert held.rows("SELECT document_id, version, reader, remarks FROM versions ORDER BY 1, 2") == sorted(
        [(doc("a"), 1, "test/2", "有效"), (doc("a"), 2, "test/2", "有效"), (doc("b"), 1, "test/2", None)]
    )
    assert held.rows("SELECT DISTINCT label FROM observations ORDER BY 1") == [(f"test/2 {key}",) for key in "bfrt"]
    assert held.rows("SELECT * FROM changes") == changes, "the portal changed nothing"
    assert held.rows("SELECT d.content_digest = v.content_digest FROM documents AS d JOIN versions AS v "
                     "ON v.document_id = d.id AND v.version = d.version") == [(1,), (1,)]  # fmt: skip
    assert not held.rows("SELECT 1 FROM foreseen")
    assert held.rebuilt() == held.tables()
    assert held.look().versions == 0, "nothing is left to read"


def test_history_stays(held: Lab) -> None:
    (seen_at,) = held.rows("SELECT max(seen_at) FROM versions")[0]
    held.reread()
    rows = held.rows(
        "SELECT version, reader, replaced_by, was FROM readings WHERE document_id = ? ORDER BY 1", doc("a")
    )
    assert [row[:3] for row in rows] == [(1, "test/1", "test/2"), (2, "test/1", "test/2")]
    was = json.loads(str(rows[0][3]))
    assert {name: was[name] for name in ("doc_number", "remarks", "attachments", "reader")} == {
        "doc_number": "珠府办〔2026〕7号", "remarks": None, "attachments": "[]", "reader": "test/1"
    }  # fmt: skip
    assert "text" not in was, "only what differs is kept"
    held.use(Reader("test/3", "t"))
    between = held.rows("SELECT max(replaced_at) FROM readings")[0][0]
    held.reread()
    with open_ledger(held.place.database, readonly=True) as ledger:
        at = [columns_at(ledger, doc("a"), 2, str(time)) for time in (seen_at, between, "9999")]
        assert [(stood["reader"], stood["doc_number"], stood["remarks"], stood["text"]) for stood in at] == [
            ("test/1", "珠府办〔2026〕7号", None, "正文改了。"),
            ("test/2", None, "有效", "正文改了。"),
            ("test/3", None, None, ""),
        ]
        with pytest.raises(KeyError):
            columns_at(ledger, doc("a"), 3, "9999")
        shown = str(show(ledger, held.place, doc("a"), "versions")).splitlines()
    assert [line.split()[0] for line in shown if line] == ["version", "1", "2", "As", "version", "1", "1", "2", "2"]
    assert "test/3" in shown[2]
    assert shown[6].endswith("doc_number, remarks, attachments")
    assert held.rebuilt() == held.tables()


def test_the_search_follows(held: Lab) -> None:
    def hits(words: str) -> list[tuple[object, ...]]:
        return held.rows("SELECT rowid FROM documents_fts WHERE documents_fts MATCH ?", phrases(words))

    held.use(Reader("test/2", "b"))
    assert len(hits("预算")) == 2
    held.reread()
    assert hits("预算") == []
    assert len(hits("改了")) == 1
    held.rows("INSERT INTO documents_fts (documents_fts) VALUES ('integrity-check')")


# --- readers differ, the portal does not ----------------------------------------------------------------------------


def test_after_a_reread_the_same_page_is_unchanged(held: Lab) -> None:
    held.reread()
    held.run({"a": PAGE | {"b": "正文改了。", "views": "7"}})
    assert held.rows("SELECT new, changed, unchanged FROM runs ORDER BY started_at DESC LIMIT 1") == [(0, 0, 1)]
    assert held.rows("SELECT max(version) FROM versions") == [(2,)]


def test_without_a_reread_too(held: Lab) -> None:
    """Nobody ran it: both captures are then read by the present reader, and compared."""
    held.run({"a": PAGE | {"b": "正文改了。", "views": "7"}})
    assert held.rows("SELECT new, changed, unchanged FROM runs ORDER BY started_at DESC LIMIT 1") == [(0, 0, 1)]
    assert held.rows("SELECT reader FROM versions WHERE version = 2") == [("test/1",)]
    held.run({"a": PAGE | {"b": "又改了。", "r": "废止"}})
    found = held.rows("SELECT field, before, after FROM changes WHERE version = 3 AND field <> 'text'")
    assert found == [("remarks", "有效", "废止")], "what the readers see otherwise is no change"
    assert held.rows("SELECT version, reader FROM versions WHERE document_id = ? ORDER BY 1", doc("a")) == [
        *((1, "test/1"), (2, "test/1"), (3, "test/2")),
    ]
    held.reread()
    assert held.rebuilt() == held.tables()


def test_a_change_that_only_the_old_reader_made(lab: Lab) -> None:
    lab.use(Reader("test/1", "tr"))
    lab.run({"a": PAGE | {"r": "浏览 1 次"}})
    lab.run({"a": PAGE | {"r": "浏览 2 次"}})
    lab.use(Reader("test/2", "tn"))
    lines = list(lab.look().lines(written=False))
    assert any(line.startswith("1 versions are as the one before them") for line in lines)
    assert f"    {doc('a')} v2 = v1" in lines
    lab.reread()
    assert lab.rows("SELECT version, doc_number FROM versions") == [(1, PAGE["n"]), (2, PAGE["n"])]
    assert lab.rows("SELECT field FROM changes WHERE kind = 'changed'") == [("remarks",)]
    assert lab.rebuilt() == lab.tables()


def test_a_change_that_only_the_new_reader_would_have_made(lab: Lab) -> None:
    """The old reader took both pages for the same: the archive says so for ever, also when it is built again."""
    lab.use(Reader("test/1", "t"))
    lab.run({"a": PAGE})
    lab.run({"a": PAGE | {"b": "别的。"}})
    lab.use(Reader("test/2", "tb"))
    lab.reread()
    assert lab.rows("SELECT version, text FROM versions") == [(1, "正文。")]
    assert lab.rebuilt() == lab.tables()


# --- attachments ------------------------------------------------------------------------------------------------------


def test_new_links_are_wanted_and_lost_ones_are_not(lab: Lab) -> None:
    lab.use(Reader("test/1", "f"))
    lab.run({"a": {"f": "a.doc b.doc"}}, files=1)
    lab.use(Reader("test/2", "nf"))
    lab.run({"a": {"f": "a.doc b.doc"}})
    lab.use(Reader("test/3", "tn"))
    lab.reread()
    assert lab.rows("SELECT filename, state, version FROM attachments") == [("a.doc", "done", 0)], (
        "what is held stays; what was never asked for is forgotten"
    )
    lab.use(Reader("test/4", "f"))
    lab.reread()
    assert lab.rows("SELECT filename, state, version FROM attachments ORDER BY 1") == [
        ("a.doc", "done", 1),
        ("b.doc", "listed", 1),
    ]
    with open_ledger(lab.place.database, readonly=True) as ledger:
        (waiting,) = questions.waiting_files(ledger, PORTAL, questions.Cursor(), 9)
    assert waiting.url == f"{HOME}f/b.doc"
    assert lab.rebuilt() == lab.tables()


def test_an_older_version_takes_nothing_from_the_present_one(lab: Lab) -> None:
    lab.use(Reader("test/1", "tf"))
    lab.run({"a": {"t": "一", "f": "a.doc"}})
    lab.run({"a": {"t": "二", "f": "b.doc"}})
    lab.use(Reader("test/2", "t"))
    lab.reread()
    assert not lab.rows("SELECT * FROM attachments")
    lab.use(Reader("test/3", "tf"))
    lab.reread()
    assert lab.rows("SELECT filename, version FROM attachments ORDER BY 1") == [("a.doc", 1), ("b.doc", 2)]
    assert lab.rebuilt() == lab.tables()


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_page_that_the_new_reader_refuses_stays_as_it_is(held: Lab) -> None:
    held.run({"c": PAGE | {"x": "错误页"}})
    held.use(Reader("test/3", "t", refuses="x"))
    held.reread()
    held.run({"d": PAGE})
    report = held.look()
    assert (report.versions, report.failures) == (0, 1)
    assert f"    {doc('c')} v1: the page is refused: soft_404" in list(report.lines(written=True))
    assert held.rows("SELECT reader, remarks FROM versions WHERE document_id = ?", doc("c")) == [("test/2", "有效")]
    assert held.rows("SELECT DISTINCT reader FROM versions ORDER BY 1") == [("test/2",), ("test/3",)]
    assert held.rebuilt() == held.tables()


@pytest.mark.parametrize("writes", [0, 1, 2, 3])
def test_a_crash_leaves_whole_steps_and_a_second_start_carries_on(
    held: Lab, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.reread.replace.STEP", 1)  # an event for each document
    before = held.tables()
    if writes < 3:
        with pytest.raises(ReadingError, match="killed"):
            held.reread(broken_after=writes)
        readers = {reader for (reader,) in held.rows("SELECT reader FROM versions")}
        assert readers == ({"test/1", "test/2"} if writes == 2 else {"test/1"})
        assert held.rows("PRAGMA integrity_check") == [("ok",)]
        assert len(held.tables()["versions"]) == len(before["versions"])
    held.reread()
    assert held.rows("SELECT DISTINCT reader FROM versions") == [("test/2",)]
    assert held.rows("SELECT count(*), count(DISTINCT document_id) FROM readings") == [(3, 2)]
    assert not held.rows("SELECT 1 FROM foreseen")
    assert held.rebuilt() == held.tables()


def test_an_unfinished_reread_loses_nothing_in_a_rebuild(held: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.reread.replace.STEP", 1)
    with pytest.raises(ReadingError):
        held.reread(broken_after=2)
    numbers = held.rows("SELECT document_id, version, capture_id FROM versions ORDER BY 1, 2")
    held.catch_up()
    assert sorted(row[:3] for row in held.rebuilt()["versions"]) == numbers


def test_a_damaged_record_is_named_and_the_rest_goes_on(held: Lab) -> None:
    ((file, offset),) = held.rows(
        "SELECT warc_file, warc_offset FROM captures JOIN versions ON capture_id = id WHERE document_id = ?", doc("b")
    )
    path = held.place.warc / PORTAL / str(file)
    raw = bytearray(path.read_bytes())
    raw[int(str(offset)) + 40] ^= 255
    path.write_bytes(raw)
    lines = list(held.look().lines(written=False))
    (line,) = [line for line in lines if doc("b") in line]
    assert f"{doc('b')} v1: {file}, byte {offset}: " in line
    held.reread()
    readers = held.rows("SELECT document_id, reader FROM versions WHERE version = 1 ORDER BY reader")
    assert readers == [(doc("b"), "test/1"), (doc("a"), "test/2")]


def test_every_version_if_asked_for(held: Lab) -> None:
    held.reread()
    held.use(Reader("test/2", "tb"))  # other rules, the same name
    assert held.look().versions == 0
    assert held.look(every=True).versions == 3
    held.reread(every=True)
    assert held.rows("SELECT count(remarks) FROM versions") == [(0,)]
    assert held.rebuilt() == held.tables()
    held.reread(every=True)
    assert held.rows("SELECT count(*) FROM readings") == [(5,)], "a reading that is the same replaces none"
