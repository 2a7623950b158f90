"""List pages that are lost to damage in the log: the walk that read them proves nothing."""

import pytest

from archive.ledger.questions import column_memory
from archive.vocabulary import WalkEnd
from tests.ledger.by_hand import PORTAL, Log, row


def walk(log: Log, *names: int, listed: int, end: WalkEnd = WalkEnd.LAST_PAGE) -> None:
    log.start(f"zhuhai-{len(log.facts)}")
    log.list(*map(row, names))
    log.walked(end, listed=listed)
    log.end()


def test_a_walk_that_shows_fewer_rows_than_it_read_takes_none_away(log: Log) -> None:
    walk(log, 1, 2, 3, listed=3)
    complete = log.value("SELECT last_complete_walk FROM columns")
    walk(log, 1, listed=3)
    assert log.rows("SELECT state FROM entries") == [("listed",)] * 3
    assert log.row("SELECT walk_end, walk_detail, last_complete_walk FROM columns") == (
        "page_failed",
        "2 of 3 rows that were read are lost in a damaged stretch of the log",
        complete,
    )
    walk(log, 1, listed=1)
    assert [state for (state,) in log.rows("SELECT state FROM entries ORDER BY address")] == ["listed", "gone", "gone"]


@pytest.mark.parametrize("end", [WalkEnd.LAST_PAGE, WalkEnd.CAUGHT_UP])
def test_the_next_walk_does_not_stop_early(end: WalkEnd, log: Log) -> None:
    walk(log, 1, 2, 3, listed=3)
    assert column_memory(log.ledger, PORTAL, "tz").unbroken
    walk(log, 1, listed=3, end=end)
    assert not column_memory(log.ledger, PORTAL, "tz").unbroken
    walk(log, 1, 2, 3, listed=3, end=end)
    assert column_memory(log.ledger, PORTAL, "tz").unbroken
