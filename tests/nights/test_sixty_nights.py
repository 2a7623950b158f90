"""Sixty nights of a portal, against its own record of what an honest archive reports of them.

Documents are added, edited, withdrawn, returned, renumbered and moved, lists reordered, a column renamed, the site
redesigned; nights are blocked, walks half fail, pages fail for a night, the clock jumps (``crawler.practice``)."""

from collections import Counter
from datetime import date
from itertools import pairwise
from math import log

from archive.vocabulary import ChangeKind, Verdict
from crawler.practice.calendar import START
from crawler.practice.chronicle import Deed
from crawler.practice.verity import open_questions, silent, versions
from tests.nights.compare import differences
from tests.nights.conftest import PORTAL, Lived

LEAST_COST = 1.2
"""Requests a column on a night when nothing happens, rechecks apart."""
RECHECK_BYTES = 2_000


def test_every_change_is_reported_once_with_its_kind_and_in_time_and_nothing_else(lived: Lived) -> None:
    found = differences(lived.truth, lived.nights, PORTAL)
    assert not found, "\n".join(found)


def test_a_full_run_after_them_finds_nothing_that_was_missed(lived: Lived) -> None:
    assert lived.full.reported == []
    assert lived.full.verdict == Verdict.OK, lived.full.reason
    assert len(lived.full.documents) >= len(lived.chronicle.cast()) - 10


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
    verdicts = {night.number: (night.verdict, night.reason) for night in lived.nights}
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
        most = night.due + open_questions(lived.chronicle, night.number)
        assert len(night.documents) + night.files <= most, night.number
        assert set(night.lists) == {shelf.key for shelf in lived.chronicle.shelves}, "every column is looked at"
        deep = [key for key, asked in night.lists.items() if asked > 1]  # read to its end, as once a week must be
        walked = night.robots + sum(asked for key, asked in night.lists.items() if key not in deep) + len(deep)
        assert walked <= LEAST_COST * columns, night.number
    week = [night for night in nights if night.number >= 53]
    assert len(week) == 7
    assert sum(night.robots + sum(night.lists.values()) for night in week) <= LEAST_COST * columns * 7


def test_each_column_is_read_to_its_end_every_week(lived: Lived) -> None:
    deep = [night.number for night in lived.nights if night.lists.get("zfwj", 0) >= 4]
    lost = {*lived.chronicle.nights_of(Deed.BLOCKED), *lived.chronicle.nights_of(Deed.LIST_BROKEN)}
    gaps = [later - earlier - sum(earlier < n < later for n in lost) for earlier, later in pairwise(deep)]
    usual = [gap for gap, night in zip(gaps, deep, strict=False) if night not in lived.chronicle.calendar.jumps]
    assert max(usual) <= 8, deep
    assert max(gaps) <= 15, deep
    assert len(deep) <= 25, f"incremental walks read it to its end too often: {deep}"


def test_an_unchanged_recheck_adds_less_than_2_kb(lived: Lived) -> None:
    rechecks = [recheck for night in (*lived.nights, lived.full) for recheck in night.rechecks]
    same = [recheck for recheck in rechecks if not recheck.fresh_payload]
    assert len(same) > 200
    assert max(recheck.bytes for recheck in same) < RECHECK_BYTES


def test_pages_that_can_answer_304_do(lived: Lived) -> None:
    kinds = Counter(
        (recheck.url.split("/zwgk/")[1].partition("/")[0], recheck.status)
        for night in lived.nights[:38]  # the redesign is new to everyone
        for recheck in night.rechecks
    )
    assert kinds["zfwj", 304] > 10
    assert kinds["tzgg", 304] > 10
    assert kinds["zfwj", 200] + kinds["tzgg", 200] <= 10, "the moved and the returned"
    assert kinds["ghjh", 200] > 5
    assert kinds["ghjh", 304] == 0


def test_an_undisturbed_document_is_looked_at_when_its_age_has_doubled(lived: Lived) -> None:
    """Or a quarter of that time earlier. What its column suffers may ask for a look more, and so may a clock that
    jumps."""
    asked = Counter(recheck.url for night in lived.nights for recheck in night.rechecks)
    touched = {act.subject for act in lived.chronicle.acts}
    wrong = {}
    for expected in lived.truth:
        if expected.last == 0 and expected.key not in touched:
            published = date.fromisoformat(lived.chronicle.cast()[expected.key].day_published)
            before = (START.date() - published).days
            growth = (before + len(lived.nights)) / before
            least, most = int(log(growth, 2)) - 1, log(growth, 1.75) + 3
            times = asked[lived.nights[0].origin + expected.path]
            if not least <= times <= most:
                wrong[expected.key] = f"{times} times, not {least} to {most:.1f}"
    assert wrong == {}


def test_a_page_that_fails_for_good_is_asked_for_ever_more_seldom(lived: Lived) -> None:
    for act in lived.chronicle.acts:
        if act.deed is Deed.BREAK_OFF:
            path = next(e.path for e in lived.truth if e.key == act.subject)
            asked = [night.number for night in lived.nights[act.night :] if path in night.documents]
            assert asked, "it is looked at"
            assert len(asked) <= 12, asked


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
