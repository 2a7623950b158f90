"""Absence and its proof, change and its proof: what a run must see before the ledger says so."""

from datetime import timedelta

import pytest

from archive.clock import parse_stamp
from archive.events import CatalogueRow
from archive.ledger import questions
from archive.ledger.rechecks import next_check, next_try, soon
from archive.vocabulary import ChangeKind, EntryState, Role, WalkEnd
from tests.ledger.by_hand import PORTAL, Log, doc, reading, row, url

DAYS = [f"2026-11-{day:02d}T18:00:00.000000Z" for day in range(1, 29)]


class Nights:
    """Runs of one column, a day apart. Times of captures are of no matter to what is proven: those of the runs are."""

    def __init__(self, log: Log) -> None:
        self.log, self.number = log, 0

    def night(self, *names: object, end: WalkEnd = WalkEnd.LAST_PAGE, hours: float = 0, **rows: CatalogueRow) -> None:
        """A run that begins on the next day (and so many hours off), walks the column and shows these rows."""
        at = parse_stamp(DAYS[self.number]) + timedelta(hours=hours)
        self.number += 1
        self.log.start(f"{PORTAL}-{self.number}", at=at.isoformat().replace("+00:00", "Z"))
        listed = [row(name) for name in names] + list(rows.values())
        self.log.list(*listed)
        self.log.walked(end, listed=len(listed))

    def changes(self, *, new: bool = False) -> list[tuple[str, str]]:
        found = self.log.rows("SELECT document_id, kind FROM changes ORDER BY rowid")
        return [(document, kind) for document, kind in found if new or kind != ChangeKind.NEW]


@pytest.fixture
def nights(log: Log) -> Nights:
    made = Nights(log)
    made.night(1, 2, 3)
    for name in (1, 2, 3):
        log.document(name, reading(f"第{name}件", title=f"关于{name}的通知"))
    return made


def state(log: Log, name: object) -> tuple[str, str | None, str | None]:
    found: tuple[str, str | None, str | None] = log.row(
        "SELECT state, gone_since, gone_proven FROM entries WHERE url = ?", url(name)
    )
    return found


def test_withdrawn_only_when_row_and_page_are_gone_twice_a_day_apart(nights: Nights, log: Log) -> None:
    nights.night(1, 2)
    assert state(log, 3)[0] == EntryState.GONE
    assert doc(3) in due(log)
    log.document(3, status=404)
    log.document(3, status=404)  # once more in the same run proves nothing
    assert nights.changes() == []
    nights.night(1, 2)
    assert nights.changes() == [], "the walk alone does not tell of the page"
    log.document(3, status=410)
    assert nights.changes() == [(doc(3), ChangeKind.WITHDRAWN)]
    assert log.value("SELECT withdrawn_at FROM documents WHERE id = ?", doc(3))
    assert log.value("SELECT withdrawn FROM runs WHERE id = ?", log.run_id) == 1
    nights.night(1, 2)
    log.document(3, status=404)
    assert len(nights.changes()) == 1, "told once"
    assert log.value("SELECT count(*) FROM versions WHERE document_id = ?", doc(3)) == 1


def test_a_document_that_comes_when_its_row_is_gone_already(nights: Nights, log: Log) -> None:
    """It is new, and stands as its rows do: looked at again soon, delisted at once if they are proven gone."""
    nights.night(1, 2, 3, 4, 5)
    nights.night(1, 2, 3)
    log.document(4, reading("第4件", title="关于4的通知"))
    checked, due = log.row("SELECT last_checked, next_check FROM documents WHERE id = ?", doc(4))
    assert due == soon(checked)
    assert nights.changes() == []
    nights.night(1, 2, 3)
    log.document(5, reading("第5件", title="关于5的通知"))
    assert nights.changes() == [(doc(5), ChangeKind.DELISTED)]
    checked, due = log.row("SELECT delisted_at, next_check FROM documents WHERE id = ?", doc(5))
    assert due == next_check(doc(5), checked, checked)


@pytest.mark.parametrize("reason", ["redirect_home", "soft_404"])
def test_a_page_says_that_it_is_gone_in_other_ways_too(nights: Nights, log: Log, reason: str) -> None:
    for _ in range(2):
        nights.night(1, 2)
        if reason == "redirect_home":
            log.failed(Role.DOCUMENT, url(3), reason, column="tz", entry_url=url(3))
        else:
            log.document(3, refusal=reason)
    assert nights.changes() == [(doc(3), ChangeKind.WITHDRAWN)]


def test_twelve_hours_are_no_day(nights: Nights, log: Log) -> None:
    nights.night(1, 2)
    log.document(3, status=404)
    nights.night(1, 2, hours=-12)
    log.document(3, status=404)
    assert nights.changes() == []
    nights.night(1, 2)
    log.document(3, status=404)
    assert nights.changes() == [(doc(3), ChangeKind.WITHDRAWN)]


@pytest.mark.parametrize("end", [WalkEnd.PAGE_FAILED, WalkEnd.PAGE_MISSING, WalkEnd.STOPPED, WalkEnd.CAUGHT_UP])
def test_a_walk_that_did_not_reach_the_end_proves_nothing(nights: Nights, log: Log, end: WalkEnd) -> None:
    for _ in range(3):
        nights.night(1, end=end)
        log.document(2, status=404)
        log.document(3, status=404)
    assert nights.changes() == []
    assert state(log, 3)[1:] == (None, None)


def test_a_list_that_shows_nothing_at_all_is_not_believed(nights: Nights, log: Log) -> None:
    nights.night()
    nights.night()
    assert [state(log, name)[0] for name in (1, 2, 3)] == [EntryState.DONE] * 3
    assert log.value("SELECT last_complete_walk FROM columns") < "2026-11-22T06:00:10"


@pytest.mark.parametrize("status", [500, 403, 0])
def test_a_page_that_fails_says_nothing(nights: Nights, log: Log, status: int) -> None:
    for _ in range(3):
        nights.night(1, 2)
        log.document(3, status=status)
    assert nights.changes() == []


def test_delisted_while_the_page_lives_and_withdrawn_later(nights: Nights, log: Log) -> None:
    nights.night(1, 2)
    log.document(3, status=304)
    assert nights.changes() == []
    nights.night(1, 2)
    log.document(3, status=304)
    assert nights.changes() == [(doc(3), ChangeKind.DELISTED)]
    nights.night(1, 2)
    log.document(3, status=304)
    log.document(3, status=404)
    nights.night(1, 2)
    log.document(3, status=404)
    assert nights.changes() == [(doc(3), ChangeKind.DELISTED), (doc(3), ChangeKind.WITHDRAWN)]
    assert log.row("SELECT withdrawn_at IS NULL, delisted_at FROM documents WHERE id = ?", doc(3)) == (0, None)


def test_a_row_that_fell_out_for_a_night_is_nothing(nights: Nights, log: Log) -> None:
    nights.night(1, 2)
    log.document(3, status=404)
    nights.night(1, 2, 3)
    log.document(3, reading("第3件", title="关于3的通知"))
    nights.night(1, 2)
    log.document(3, status=304)
    nights.night(1, 2, 3)
    log.document(3, status=304)
    assert nights.changes() == []
    assert state(log, 3) == (EntryState.UNCHANGED, None, None)
    assert log.value("SELECT missing_since FROM documents WHERE id = ?", doc(3)) is None


def test_what_was_withdrawn_or_delisted_returns(nights: Nights, log: Log) -> None:
    for _ in range(2):
        nights.night(1)
        log.document(2, status=304)
        log.document(3, status=404)
    nights.night(1, 2, 3)
    assert {doc(2), doc(3)} <= due(log)
    log.document(2, status=304)
    log.document(3, reading("第3件", title="关于3的通知"))
    kinds = [ChangeKind.DELISTED, ChangeKind.WITHDRAWN, ChangeKind.RETURNED, ChangeKind.RETURNED]
    assert [kind for _, kind in nights.changes()] == kinds
    assert log.rows("SELECT withdrawn_at, delisted_at FROM documents") == [(None, None)] * 3


def test_a_document_in_two_columns_is_not_gone_while_one_lists_it(nights: Nights, log: Log) -> None:
    log.list(row(3), column="gg")
    log.walked(column="gg", listed=1)
    for _ in range(2):
        nights.night(1, 2)
        log.list(row(3), column="gg")
        log.walked(column="gg", listed=1)
        log.document(3, status=404)
    assert nights.changes() == []


def test_moved_is_told_once_and_in_the_place_of_new(nights: Nights, log: Log) -> None:
    nights.night(1, 2, 9)
    log.document(9, reading("第3件", title="关于3的通知"))
    log.document(3, status=404)
    assert nights.changes(new=True)[3:] == [(doc(3), ChangeKind.MOVED)]
    assert log.row("SELECT before, after FROM changes WHERE kind = 'moved'") == (url(3), url(9))
    assert log.value("SELECT new FROM runs WHERE id = ?", log.run_id) == 0
    assert log.row("SELECT moved_to, next_check FROM documents WHERE id = ?", doc(3)) == (doc(9), None)
    nights.night(1, 2, 9)
    log.document(3, status=404)
    assert len(nights.changes()) == 1


@pytest.mark.parametrize("status", [200, 304])
def test_a_redirect_from_the_old_address_to_the_new_is_a_move(nights: Nights, log: Log, status: int) -> None:
    nights.night(1, 2, 9)
    log.document(9, reading("第3件", title="关于3的通知"))
    context = {"role": Role.DOCUMENT, "column": "tz", "entry_url": url(3), "row": row(3)}
    log.capture(
        url(9), context, status=status, reading=reading("第3件", title="关于3的通知") if status == 200 else None
    )
    assert nights.changes() == [(doc(3), ChangeKind.MOVED)]


def test_a_copy_in_another_place_is_new_and_no_move(nights: Nights, log: Log) -> None:
    nights.night(1, 2, 3, 9)
    log.document(9, reading("第3件", title="关于3的通知"))
    log.document(3, status=404)  # its row stands: the page may come back
    assert nights.changes(new=True)[3:] == [(doc(9), ChangeKind.NEW)]


def test_a_row_with_another_title_or_day_has_its_document_looked_at(nights: Nights, log: Log) -> None:
    assert due(log, at="2026-11-22T07:00:00.000000Z") == set()
    nights.night(1, b=row(2, title="关于2的通知（修订）"), c=row(3, date="2026-11-21"))
    assert due(log, at="2026-11-22T07:00:00.000000Z") == {doc(2), doc(3)}


# --- versions ---------------------------------------------------------------------------------------------------------


def test_what_differs_from_one_answer_to_the_next_makes_no_version(nights: Nights, log: Log) -> None:
    nights.night(1, 2, 3)
    log.document(1, reading("第1件\n浏览次数：18 次", title="关于1的通知"))
    assert [due.id for due in questions.unconfirmed(log.ledger, PORTAL, log.run_id, set(), 9)] == [doc(1)]
    log.document(1, reading("第1件\n浏览次数：19 次", title="关于1的通知"))
    assert questions.unconfirmed(log.ledger, PORTAL, log.run_id, set(), 9) == []
    assert log.rows("SELECT part, pattern FROM volatile") == [("line", "浏览次数：# 次")]
    assert log.row("SELECT version, text FROM documents WHERE id = ?", doc(1)) == (1, "第1件")
    assert log.value("SELECT count(*) FROM observations WHERE version = 2") == 0
    assert nights.changes() == []
    assert log.row("SELECT changed, unchanged FROM runs WHERE id = ?", log.run_id) == (0, 1)
    log.ledger.execute("INSERT INTO documents_fts (documents_fts) VALUES ('integrity-check')")
    nights.night(1, 2, 3)
    log.document(2, reading("第2件\n浏览次数：7 次", title="关于2的通知"))  # learnt for the portal
    log.document(1, reading("第1件，改。\n浏览次数：90 次", title="关于1的通知"))
    log.document(1, reading("第1件，改。\n浏览次数：91 次", title="关于1的通知"))
    assert nights.changes() == [(doc(1), ChangeKind.CHANGED)]
    assert log.row("SELECT version, text FROM documents WHERE id = ?", doc(1)) == (2, "第1件，改。\n浏览次数：90 次")


def test_a_change_that_a_second_look_confirms_stays(nights: Nights, log: Log) -> None:
    nights.night(1, 2, 3)
    for _ in range(2):
        log.document(1, reading("第1件，改。", title="关于1的通知"))
    assert nights.changes() == [(doc(1), ChangeKind.CHANGED)]
    assert log.value("SELECT count(*) FROM volatile") == 0


# --- when to look again -----------------------------------------------------------------------------------------------


def due(log: Log, at: str = "2027-12-31T00:00:00.000000Z") -> set[str]:
    return {found.id for found in questions.due_documents(log.ledger, PORTAL, at, set(), 99)}


def test_a_document_is_looked_at_when_its_age_has_doubled() -> None:
    first = parse_stamp("2026-11-01T18:00:00Z")
    at, ages = first, []
    for _ in range(9):
        at = parse_stamp(next_check("zhuhai-0000ffffffff", at.isoformat(), first.isoformat().replace("+00:00", "Z")))
        ages.append((at - first).days)
    assert ages == [1, 2, 4, 8, 16, 32, 64, 128, 218], "doubled, and at most 90 days from one to the next"
    early = next_check("zhuhai-000000000000", first.isoformat(), "2019-03")
    assert (parse_stamp(early) - first).days == 67, "spread by the id"


def test_pauses_double_and_end() -> None:
    at = "2026-11-01T18:00:00.000000Z"
    pauses = [next_try(at, failures) for failures in range(1, 10)]
    days = [(parse_stamp(pause) - parse_stamp(at) + timedelta(hours=6)).days for pause in pauses if pause]
    assert days == [1, 2, 4, 8, 16, 32, 64]
    assert pauses[7:] == [None, None]


@pytest.mark.usefixtures("nights")
def test_a_failed_entry_waits_for_its_pause_at_night_only(log: Log) -> None:
    log.list(row(4))
    for _ in range(3):
        log.document(4, status=500)
    assert log.value("SELECT failures FROM entries WHERE url = ?", url(4)) == 1, "three tries in a run are one"
    failed_at = log.value("SELECT next_try FROM entries WHERE url = ?", url(4))

    def waiting(due: str) -> int:
        return len(questions.waiting_entries(log.ledger, PORTAL, questions.Cursor(), 9, due=due))

    assert (waiting(""), waiting("2026-11-22T07:00:00.000000Z"), waiting(failed_at)) == (1, 0, 1)
    log.document(4, reading())
    assert log.row("SELECT failures, next_try FROM entries WHERE url = ?", url(4)) == (0, None)
