"""What a run leaves of columns and fields, and that counting on from the last run is counting all."""

from pathlib import Path

from archive.ledger import tallies
from archive.ledger.schema import open_ledger
from archive.vocabulary import Mode, Role, Verdict, WalkEnd
from tests.health.nights import Nights
from tests.ledger.by_hand import PORTAL, reading, row, url

NUMBERED = reading()
PLAIN = reading(fields=(("publisher", "珠海市人民政府办公室"),))


def columns(nights: Nights, run: str) -> list[tuple[object, ...]]:
    return nights.rows(
        "SELECT column_key, name, declared, listed, standing, held, failed, gone, walk_end FROM run_columns "
        "WHERE run_id = ? ORDER BY column_key",
        run,
    )


def fill(nights: Nights, run: str) -> dict[str, tuple[int, ...]]:
    rows = nights.rows("SELECT field, documents, stated, fresh, fresh_stated FROM run_fill WHERE run_id = ?", run)
    return {field: tuple(counts) for field, *counts in rows}


def test_a_column_is_put_down_as_the_run_left_it(nights: Nights) -> None:
    run = nights.begin()
    nights.columns("tz", "gg", declared=5)
    nights.list(row(1), row(2), row(3))
    nights.walked(WalkEnd.PAGE_MISSING)
    nights.document(1, NUMBERED)
    nights.failed(Role.DOCUMENT, url(2), "timeout", column="tz", entry_url=url(2))
    nights.end(Verdict.PARTIAL)
    assert columns(nights, run) == [
        ("gg", "栏目gg", 5, 0, 0, 0, 0, 0, None),
        ("tz", "栏目tz", 5, 3, 3, 1, 1, 0, "page_missing"),
    ]


def test_rows_that_are_gone_do_not_stand(nights: Nights) -> None:
    nights.run([1, 2, 3])
    nights.sleep(7)
    run = nights.run([1, 2], end=WalkEnd.LAST_PAGE)
    assert columns(nights, run)[0][3:8] == (2, 2, 2, 0, 1)


def test_a_killed_run_does_not_pass_off_the_walk_before_as_its_own(nights: Nights) -> None:
    nights.run([1])
    nights.sleep()
    run = nights.begin()
    nights.columns("tz")
    nights.list(row(2))
    nights.end(Verdict.INTERRUPTED)
    assert columns(nights, run)[0][-1] is None


def test_a_column_that_was_not_offered_is_in_no_row(nights: Nights) -> None:
    nights.run([1])
    nights.sleep()
    run = nights.begin()
    nights.end(Verdict.BLOCKED)
    assert not columns(nights, run)


def test_a_probe_leaves_nothing(nights: Nights) -> None:
    nights.run([1])
    nights.sleep()
    nights.start("zhuhai-p", mode=Mode.PROBE)
    nights.columns("tz")
    nights.end()
    assert not columns(nights, "zhuhai-p")


def test_the_fill_of_all_documents_and_of_the_new_ones(nights: Nights) -> None:
    first = nights.run([1, 2, 3], reads=NUMBERED)
    nights.sleep()
    second = nights.run([4], reads=PLAIN)
    assert fill(nights, first)["doc_number"] == (3, 3, 3, 3)
    assert fill(nights, second) == {
        "title": (4, 4, 1, 1),
        "text": (4, 4, 1, 1),
        "publisher": (4, 1, 1, 1),
        "doc_number": (4, 3, 1, 0),
        "doc_number_key": (4, 3, 1, 0),
    }


def test_a_quiet_run_leaves_no_fill_and_the_next_counts_on(nights: Nights) -> None:
    nights.run([1, 2], reads=NUMBERED)
    nights.sleep()
    quiet = nights.run()
    nights.sleep()
    run = nights.run([3], reads=PLAIN)
    assert not fill(nights, quiet)
    assert fill(nights, run)["doc_number"] == (3, 2, 1, 0)


def test_a_document_that_changed_counts_as_it_stands(nights: Nights) -> None:
    nights.run([1, 2], reads=NUMBERED)
    nights.sleep()
    run = nights.run([1], reads=PLAIN)
    assert fill(nights, run)["doc_number"] == (2, 1, 1, 0)
    assert fill(nights, run)["publisher"] == (2, 1, 1, 1)


def test_counting_on_is_counting_all(nights: Nights) -> None:
    """Whatever happened: news, changes back and forth, twice in a run, captures that no run explains."""
    for night, (names, read) in enumerate([([1, 2], PLAIN), ([2, 3, 3], NUMBERED), ([1], NUMBERED), ([3, 4], PLAIN)]):
        run = nights.run(names, reads=read)
        if night == 1:
            nights.run_id = ""
            nights.document(99, NUMBERED)
        nights.sleep()
        counted = dict(
            nights.rows(
                "SELECT 'doc_number', coalesce(sum(doc_number <> ''), 0) FROM documents "
                "UNION SELECT 'publisher', coalesce(sum(publisher <> ''), 0) FROM documents"
            )
        )
        found = tallies.fill_at(nights.ledger, PORTAL, run)
        assert {name: found.stated.get(name, 0) for name in counted} == counted, night


def test_one_batch_or_many_make_the_same_rows(nights: Nights, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Nights(tmp_path / "other")
    other.hold()
    for log in (nights, other):
        for night, read in enumerate((PLAIN, NUMBERED, PLAIN)):
            log.run([night, night + 1], reads=read)
            log.sleep()
    other.release()
    for name in ("run_columns", "run_fill"):
        assert other.rows(f"SELECT * FROM {name} ORDER BY 1, 2") == nights.rows(f"SELECT * FROM {name} ORDER BY 1, 2")
    other.ledger.close()


def test_documents_that_were_read_again_are_counted_anew(nights: Nights) -> None:
    nights.run([1, 2], reads=PLAIN)
    nights.ledger.execute("UPDATE documents SET issuer = '市府办', publisher = NULL")
    nights.ledger.execute("UPDATE versions SET issuer = '市府办', publisher = NULL")
    at = nights.value("SELECT max(finished_at) FROM runs")
    nights.ledger.execute(
        "INSERT INTO readings SELECT document_id, 1, ? || '~', '', '', '{}', '', 0 FROM versions LIMIT 1", (at,)
    )
    nights.sleep()
    run = nights.run([3], reads=PLAIN)
    assert fill(nights, run)["issuer"] == (3, 2, 1, 0)
    assert fill(nights, run)["publisher"] == (3, 1, 1, 1)


def test_an_older_database_begins_with_empty_tables_and_counts_on(nights: Nights) -> None:
    nights.run([1, 2], reads=NUMBERED)
    for name in ("run_columns", "run_fill"):
        nights.ledger.execute(f"DROP TABLE {name}")
    nights.ledger.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%history_of_runs'")
    path = nights.value("SELECT file FROM pragma_database_list")
    with open_ledger(path) as ledger:
        assert ledger.execute("SELECT count(*) FROM run_fill").fetchone() == (0,)
    nights.sleep()
    run = nights.run([3], reads=PLAIN)
    assert fill(nights, run)["doc_number"] == (3, 2, 1, 0)
