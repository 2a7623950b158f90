"""Sixty nights of a portal, against its own record of what an honest archive reports of them.

Documents are added, edited, withdrawn, returned, renumbered and moved, lists reordered, a column renamed, the site
redesigned; nights are blocked, walks half fail, pages fail for a night, the clock jumps (``crawler.practice``)."""

from collections import Counter
from itertools import pairwise

from archive.vocabulary import ChangeKind, Verdict
from crawler.practice.chronicle import Deed
from crawler.practice.verity import open_questions, silent, versions
from tests.nights.compare import differences
from tests.nights.conftest import PORTAL, Lived

LEAST_COST = 1.2
"""Requests a column on a night when nothing happens, rechecks apart."""
RECHECK_BYTES = 2_000
RECHECKS = 8
"""Of a document that stays as it is, in sixty nights: after 1, 2, 4, 8, 16 and 32 days; two for jumps of the clock."""


def test_every_change_is_reported_once_with_its_kind_and_in_time_and_nothing_else(lived: Lived) -> None:
    found = differences(lived.truth, lived.nights, PORTAL)
    assert not found, "\n".join(found)


def test_a_full_run_after_them_finds_nothing_that_was_missed(lived: Lived) -> None:
    assert lived.full.reported == []
    assert lived.full.verdict == Verdict.OK, lived.full.reason
    assert lived.full.documents >= len(lived.chronicle.cast()) - 10


def test_no_false_version(lived: Lived) -> None:
    wanted = {lived.id(path): count for path, count in versions(lived.chronicle).items()}
    assert lived.bench.query("SELECT document_id, count(*) FROM versions GROUP BY 1 ORDER BY 1") == sorted(
        wanted.items()
    )
    assert lived.bench.query("SELECT id, version FROM documents ORDER BY 1") == sorted(wanted.items())


def test_documents_stand_as_the_last_change_left_them(lived: Lived) -> None:
    wanted: dict[str, tuple[bool, bool, str | None]] = {
        lived.id(path): (False, False, None) for path in versions(lived.chronicle)
    }
    for expected in sorted(lived.truth, key=lambda e: e.first):
        document = lived.id(expected.path)
        if expected.kind is ChangeKind.MOVED:
            wanted[document] = (False, False, lived.id(expected.after))
        elif expected.kind in (ChangeKind.WITHDRAWN, ChangeKind.DELISTED, ChangeKind.RETURNED):
            wanted[document] = (expected.kind is ChangeKind.WITHDRAWN, expected.kind is ChangeKind.DELISTED, None)
    query = "SELECT id, withdrawn_at IS NOT NULL, delisted_at IS NOT NULL, moved_to FROM documents"
    held = {id_: (bool(withdrawn), bool(delisted), to) for id_, withdrawn, delisted, to in lived.bench.query(query)}
    assert {id_: (held.get(id_), state) for id_, state in wanted.items() if held.get(id_) != state} == {}


def test_nights_end_in_the_verdict_they_deserve(lived: Lived) -> None:
    verdicts = {night.night: (night.verdict, night.reason) for night in lived.nights}
    blocked, broken = lived.chronicle.nights_of(Deed.BLOCKED), lived.chronicle.nights_of(Deed.LIST_BROKEN)
    assert [verdicts[night][0] for night in blocked] == [Verdict.BLOCKED] * 2
    assert [verdicts[night][0] for night in broken] == [Verdict.PARTIAL]
    assert "政府文件" in verdicts[broken[0]][1]
    unwell = {
        act.night for act in lived.chronicle.acts if act.deed in (Deed.PAGES_500, Deed.PAGES_404, Deed.LIST_EMPTY)
    }
    well = {n: told for n, told in verdicts.items() if n not in {*blocked, *broken, *unwell}}
    assert {n: told for n, told in well.items() if told[0] != Verdict.OK} == {}


def test_a_quiet_night_costs_next_to_nothing(lived: Lived) -> None:
    columns = len(lived.chronicle.shelves)
    nights = [lived.nights[night] for night in silent(lived.chronicle)]
    for night in nights:
        assert night.documents + night.files <= night.due + open_questions(lived.chronicle, night.night), night.night
        assert set(night.lists) == {shelf.key for shelf in lived.chronicle.shelves}, "every column is looked at"
        deep = [key for key, asked in night.lists.items() if asked > 1]  # read to its end, as once a week must be
        walked = night.robots + sum(asked for key, asked in night.lists.items() if key not in deep) + len(deep)
        assert walked <= LEAST_COST * columns, night.night
    week = [night for night in nights if night.night >= 53]
    assert len(week) == 7
    assert sum(night.robots + sum(night.lists.values()) for night in week) <= LEAST_COST * columns * 7


def test_each_column_is_read_to_its_end_every_week(lived: Lived) -> None:
    deep = [night.night for night in lived.nights if night.lists.get("zfwj", 0) >= 4]
    lost = {*lived.chronicle.nights_of(Deed.BLOCKED), *lived.chronicle.nights_of(Deed.LIST_BROKEN)}
    gaps = [later - earlier - sum(earlier < n < later for n in lost) for earlier, later in pairwise(deep)]
    usual = [gap for gap, night in zip(gaps, deep, strict=False) if night not in lived.chronicle.calendar.jumps]
    assert max(usual) <= 8, deep
    assert max(gaps) <= 15, deep
    assert len(deep) <= 25, f"incremental walks read it to its end too often: {deep}"


def test_an_unchanged_recheck_adds_less_than_2_kb(lived: Lived) -> None:
    rechecks = [recheck for night in (*lived.nights, lived.full) for recheck in night.rechecks]
    same = [recheck for recheck in rechecks if not recheck.fresh_payload]
    assert len(same) > 300
    assert max(recheck.bytes for recheck in same) < RECHECK_BYTES
    quiet = [recheck for night in silent(lived.chronicle) for recheck in lived.nights[night].rechecks]
    assert sum(recheck.bytes for recheck in quiet) < RECHECK_BYTES * max(1, len(quiet))


def test_pages_that_can_answer_304_do(lived: Lived) -> None:
    kinds = Counter(
        (recheck.url.split("/zwgk/")[1].partition("/")[0], recheck.status)
        for night in lived.nights[:38]  # the redesign is new to everyone
        for recheck in night.rechecks
    )
    assert kinds["zfwj", 304] > 50
    assert kinds["tzgg", 304] > 30
    assert kinds["zfwj", 200] + kinds["tzgg", 200] <= 10, "the moved and the returned"
    assert kinds["ghjh", 200] > 20
    assert kinds["ghjh", 304] == 0


def test_an_undisturbed_document_is_rechecked_at_growing_ages(lived: Lived) -> None:
    asked = Counter(recheck.url for night in lived.nights for recheck in night.rechecks)
    touched = {act.subject for act in lived.chronicle.acts}
    calm = {e.path for e in lived.truth if e.last == 0 and e.key not in touched}
    times = {path: asked[lived.nights[0].origin + path] for path in calm}
    assert {path: n for path, n in times.items() if not 4 <= n <= RECHECKS} == {}


def test_the_archive_proves_whole(lived: Lived) -> None:
    assert "all in order" in lived.bench.gongkai("verify")


def test_the_warc_files_alone_give_the_same_database(lived: Lived) -> None:
    """Last of all: it replaces the database."""
    before = lived.bench.tables()
    assert len(before["changes"]) >= len(lived.truth)
    lived.bench.gongkai("rebuild")
    after = lived.bench.tables()
    for table, rows in before.items():
        assert after[table] == rows, table
