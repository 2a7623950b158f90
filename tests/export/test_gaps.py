"""Series of 文号 and their holes: what may be called missing, and what may not."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.events import CatalogueRow
from archive.export import export
from archive.gaps import Series, find_gaps, gaps_rows, in_words, missing_between, notes, sure_numbers
from archive.ledger.asof import standing
from archive.reading.model import Observation
from archive.vocabulary import ChangeKind, Coverage, Role, Source, Verdict, WalkEnd
from tests.changes.test_changes import happened
from tests.ledger.by_hand import Log, doc, reading, row, url


def numbered(log: Log, name: object, number: str, day: str = "", *, written: str = "", **more: Any) -> None:
    """A document of that number, as its page has it written."""
    fields = (("doc_number", number), ("date_made", day), ("issuer", "珠海市人民政府；市财政局"))
    seen = Observation("doc_number", "文号", written or number, number, Source.TABLE, chosen=True)
    log.document(name, reading(fields=fields, observations=(seen,)), **more)


def series(log: Log, **asked: Any) -> dict[tuple[str, int | None], Series]:
    with standing(log.ledger, latest=True) as what:
        return {(one.code, one.year): one for one in find_gaps(log.ledger, what, **asked)}


@pytest.fixture
def archive(log: Log) -> Log:
    """珠府办〔2026〕1, 2, 5, 6 and 9, in a column read to its end; documents of the years before."""
    log.start()
    log.columns("tz")
    log.list(*(row(name) for name in (1, 2, 5, 6, 9, 2023, 2024, 2025)))
    for number in (1, 2, 5, 6, 9):
        numbered(log, number, f"珠府办〔2026〕{number}号", f"2026-0{number}-01")
    for year in (2023, 2024, 2025):
        numbered(log, year, f"珠府办〔{year}〕1号", f"{year}-05-05")
    log.walked(listed=8)
    log.end()
    return log


def test_the_holes_of_a_series(archive: Log) -> None:
    one = series(archive)[("珠府办", 2026)]
    assert (one.seen, one.lowest, one.highest, one.missing_count) == (5, 1, 9, 4)
    assert in_words(one.missing or ()) == "3-4, 7-8"
    assert (one.coverage, one.share, one.issuer) == (Coverage.COMPLETE, 0.556, "珠海市人民政府")
    assert (one.first_day, one.last_day) == ("2026-01-01", "2026-09-01")


@pytest.mark.parametrize(
    ("first", "serials", "ranges"),
    [
        (1, [1, 2, 3], ()),
        (1, [3], ((1, 2),)),
        (1, [2, 9, 4], ((1, 1), (3, 3), (5, 8))),
        (5, [2, 5, 7], ((6, 6),)),
        (1, [], ()),
    ],
)
def test_missing_between(first: int, serials: list[int], ranges: tuple[tuple[int, int], ...]) -> None:
    assert missing_between(first, serials) == ranges


def test_nothing_is_missing_below_where_a_portals_publishing_begins(log: Log) -> None:
    log.start()
    log.list(row(40), row(41), row(43))
    for number in (40, 41, 43):
        numbered(log, number, f"珠府办〔2026〕{number}号", "2026-07-01")
    log.walked(listed=3)
    one = series(log)[("珠府办", 2026)]
    assert (one.coverage, in_words(one.missing or ()), one.share) == (Coverage.BEGINS, "42", 0.75)


def test_a_series_that_is_anothers_has_no_holes(archive: Log) -> None:
    """国办发 on a city's portal: two of three hundred numbers, passed on. 298 are not missing."""
    numbered(archive, "a", "国办发〔2026〕1号", "2026-01-01")
    numbered(archive, "b", "国办发〔2026〕47号", "2026-09-01")
    one = series(archive)[("国办发", 2026)]
    assert (one.coverage, one.missing, one.missing_count) == (Coverage.SPARSE, None, None)


def test_a_column_that_was_not_read_to_its_end_makes_it_partial(archive: Log) -> None:
    archive.columns("other")
    archive.list(row("x"), column="other")
    numbered(archive, "x", "珠府办〔2026〕10号", "2026-10-01", column="other")
    assert series(archive)[("珠府办", 2026)].coverage is Coverage.PARTIAL
    archive.walked(WalkEnd.PAGE_FAILED, "other", listed=1)
    assert series(archive)[("珠府办", 2026)].coverage is Coverage.PARTIAL
    archive.walked(column="other", listed=1)
    assert series(archive)[("珠府办", 2026)].coverage is Coverage.COMPLETE


@pytest.mark.parametrize(
    ("date", "coverage"),
    [
        ("2026-03-01", Coverage.PARTIAL),
        ("", Coverage.PARTIAL),
        ("2027-01-05", Coverage.PARTIAL),
        ("2025-12-31", Coverage.COMPLETE),
        ("2028-01-01", Coverage.COMPLETE),
    ],
)
def test_rows_of_its_time_that_are_not_held_make_it_partial(archive: Log, date: str, coverage: Coverage) -> None:
    archive.list(row("x", date=date))
    archive.failed(Role.DOCUMENT, url("x"), "timeout", column="tz", entry_url=url("x"))
    assert series(archive)[("珠府办", 2026)].coverage is coverage


def test_a_document_counts_for_each_of_its_numbers(archive: Log) -> None:
    numbered(archive, "x", "珠府办〔2026〕3号、珠府办〔2026〕4号", "2026-03-01")
    assert in_words(series(archive)[("珠府办", 2026)].missing or ()) == "7-8"


@pytest.mark.parametrize("written", ["珠府办〔20263号", "珠府办,2026,3号", "珠府办〔20261234号"])
def test_a_damaged_number_counts_for_nothing(archive: Log, written: str) -> None:
    numbered(archive, "x", "珠府办〔2026〕3号", "2026-03-01", written=written)
    assert in_words(series(archive)[("珠府办", 2026)].missing or ()) == "3-4, 7-8"
    assert sure_numbers("珠府办〔2026〕3号", written) == ()


def test_what_was_withdrawn_was_seen(archive: Log) -> None:
    archive.ledger.execute("UPDATE documents SET withdrawn_at = ? WHERE id = ?", (archive.now, doc(2)))
    happened(archive, 2, ChangeKind.WITHDRAWN, archive.now)
    assert in_words(series(archive)[("珠府办", 2026)].missing or ()) == "3-4, 7-8"


def test_a_number_that_was_corrected_counts_as_it_stands(archive: Log) -> None:
    numbered(archive, 9, "珠府办〔2026〕7号", "2026-09-01")
    one = series(archive)[("珠府办", 2026)]
    assert (one.highest, in_words(one.missing or ())) == (7, "3-4")


def test_announcements_and_decrees(archive: Log) -> None:
    for number in (3, 4, 6):
        numbered(archive, f"a{number}", f"珠海市公告2026年第{number}号", "2026-01-01")
        numbered(archive, f"d{number}", f"珠海市人民政府令第{number}号", f"202{number}-01-01")
    assert in_words(series(archive)[("珠海市公告", 2026)].missing or ()) == "1-2, 5"
    decrees = series(archive)[("珠海市人民政府令", None)]
    assert (decrees.coverage, in_words(decrees.missing or ())) == (Coverage.BEGINS, "5")


def test_only_some(archive: Log) -> None:
    assert set(series(archive, years=[2026])) == {("珠府办", 2026)}
    assert set(series(archive, issuers=["珠府"], years=[2025])) == {("珠府办", 2025)}
    assert len(series(archive, issuers=["珠海市人民政府"])) == 4
    assert series(archive, issuers=["江府办"]) == series(archive, portals=["heshan"]) == {}


def test_portals_do_not_share_a_series(archive: Log) -> None:
    there = "http://www.heshan.gov.cn/1.html"
    context = {
        "role": Role.DOCUMENT,
        "portal": "heshan",
        "column": "tz",
        "entry_url": there,
        "row": CatalogueRow(there),
    }
    archive.capture(there, context, reading=reading(fields=(("doc_number", "珠府办〔2026〕3号"),), observations=()))
    with standing(archive.ledger, latest=True) as what:
        found = find_gaps(archive.ledger, what, years=[2026])
    assert [(one.portal, one.seen) for one in found] == [("heshan", 1), ("zhuhai", 5)]


def test_what_a_later_bad_run_brought_in_fills_no_hole(archive: Log, tmp_path: Path) -> None:
    archive.start("zhuhai-2")
    numbered(archive, "x", "珠府办〔2026〕3号", "2026-03-01")
    numbered(archive, 9, "珠府办〔2026〕8号", "2026-09-01")
    archive.end(Verdict.LAYOUT_CHANGED)
    for latest, missing in ((False, "3-4, 7-8"), (True, "4, 7")):
        export(archive.ledger, "gaps", tmp_path / "g.jsonl", latest=latest)
        rows = [json.loads(line) for line in (tmp_path / "g.jsonl").read_text(encoding="utf-8").splitlines()]
        assert [line["missing"] for line in rows if line["year"] == 2026] == [missing]


def test_a_cell_of_ranges_is_no_date(archive: Log, tmp_path: Path) -> None:
    numbered(archive, "x", "珠府办〔2026〕4号", "2026-03-01")
    numbered(archive, "y", "珠府办〔2026〕3号", "2026-03-01")
    export(archive.ledger, "gaps", tmp_path / "g.csv", latest=True)
    assert ",9,2,'7-8,0.778,complete,2026-01-01,2026-09-01\r\n" in (tmp_path / "g.csv").read_bytes().decode("utf-8")


def test_for_a_terminal(archive: Log) -> None:
    numbered(archive, "x", "珠府办〔2026〕12号", "2026-12-01")
    found = list(series(archive).values())
    header, *rows = gaps_rows(found)
    assert header[0] == "portal"
    assert rows[-1] == (
        *("zhuhai", "珠府办〔2026〕", "6 of 1-12", "6: 3-4, 7-8, 10-11"),
        *("complete", "2026-01-01 to 2026-12-01"),
    )
    assert next(iter(notes(found, found[1:]))).startswith("1 series are not shown")
    assert list(notes([], [])) == ["no 文号 series"]
