"""Runs, columns and rows of the catalogue, as events make them."""

import pytest

from archive.vocabulary import Mode, Role, Verdict, WalkEnd
from tests.ledger.by_hand import HOME, PORTAL, Log, doc, reading, row, url


def test_a_run_from_start_to_end(log: Log) -> None:
    log.start(mode=Mode.FULL, software="gongkai 0.1")
    log.end(Verdict.PARTIAL, reason="2 entries failed", requests=7, bytes=123)
    assert log.row("SELECT key, name, family, home, division FROM portals") == (
        PORTAL,
        "珠海市人民政府",
        "gkmlpt, static",
        HOME,
        "440400",
    )
    assert log.row("SELECT mode, started_at, finished_at, verdict, reason, requests, bytes, software FROM runs") == (
        "full",
        "2026-11-22T06:00:00.000000Z",
        "2026-11-22T06:00:01.000000Z",
        "partial",
        "2 entries failed",
        7,
        123,
        "gongkai 0.1",
    )


def test_a_killed_run_keeps_the_count_of_its_captures(log: Log) -> None:
    log.start()
    log.document(1, reading())
    log.document(2, status=404)
    log.end(Verdict.INTERRUPTED, reason="killed")  # says 0 requests, 0 bytes: nobody counted
    assert log.row("SELECT requests, bytes FROM runs") == (2, 2000)


def test_a_portal_is_as_its_last_run_described_it(log: Log) -> None:
    log.start("zhuhai-1", name="珠海")
    log.start("zhuhai-2", name="珠海市人民政府")
    assert log.row("SELECT name FROM portals") == ("珠海市人民政府",)


def test_columns_and_their_declared_totals(log: Log) -> None:
    log.start()
    log.columns("tz", "gg", declared=30)
    log.columns("tz")  # a total that is not stated leaves the one known
    log.list(row(1), declared=31)
    found = log.rows("SELECT key, name, url, family, declared_total FROM columns ORDER BY key")
    assert found == [
        ("gg", "栏目gg", f"{HOME}gg", "static", 30),
        ("tz", "栏目tz", f"{HOME}tz", "static", 31),
    ]
    assert log.value("SELECT declared FROM runs") == 31, "only columns that were walked count"


def test_rows_of_a_list_become_entries(log: Log) -> None:
    log.start()
    log.list(row(1), row(2, external=True), row(3, date="昨天"), row(4, date="2026年11月2日"))
    found = log.rows("SELECT url, title, listed_date, state, attempts, document_id FROM entries ORDER BY url")
    assert found == [
        (url(1), "关于1的通知", "2026-11-20", "listed", 0, None),
        (url(2), "关于2的通知", "2026-11-20", "external", 0, None),
        (url(3), "关于3的通知", None, "listed", 0, None),
        (url(4), "关于4的通知", "2026-11-02", "listed", 0, None),
    ]


def test_a_known_row_keeps_its_state_and_takes_the_rest(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.document(1, status=500)
    first = log.value("SELECT last_seen FROM entries")
    log.list(row(1, url=url(1).replace("http:", "https:"), title="改了的标题", date=""))
    found = log.row("SELECT url, title, listed_date, state, first_seen, last_seen > first_seen FROM entries")
    assert found == (url(1).replace("http:", "https:"), "改了的标题", "2026-11-20", "failed", first, 1)


def test_one_address_in_other_words_is_one_row(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.list(row(1, url="https://www.zhuhai.gov.cn:443/gk/content/post_1.html;jsessionid=A1#top"))
    assert log.value("SELECT count(*) FROM entries") == 1
    assert log.value("SELECT listed FROM runs") == 1


def test_a_row_that_turns_external_and_back(log: Log) -> None:
    log.start()
    for external, state in ((False, "listed"), (True, "external"), (False, "listed")):
        log.list(row(1, external=external))
        assert log.value("SELECT state FROM entries") == state


def test_a_redirect_off_the_portal_is_not_forgotten_by_the_next_list(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.failed(Role.DOCUMENT, url(1), "redirect_external", column="tz", entry_url=url(1), detail="to mp.weixin.qq.com")
    log.list(row(1))
    found = log.row("SELECT state, state_reason, state_detail FROM entries")
    assert found == ("external", "redirect_external", "to mp.weixin.qq.com")


def test_listed_counts_distinct_rows_of_the_run(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1), row(2))
    log.list(row(2), row(3))  # a row slid to the next page
    log.start("zhuhai-2")
    log.list(row(3))
    assert log.rows("SELECT id, listed FROM runs ORDER BY id") == [("zhuhai-1", 3), ("zhuhai-2", 1)]
    assert log.value("SELECT listed FROM columns") == 1, "of a column: what its latest walk showed"


@pytest.mark.parametrize("end", WalkEnd)
def test_only_a_complete_walk_counts_as_one(log: Log, end: WalkEnd) -> None:
    log.start()
    log.walked(end, detail="page 3 answered 404", declared_total=9)
    at = "2026-11-22T06:00:01.000000Z" if end.complete or end is WalkEnd.RESUMED else None
    found = log.row("SELECT walk_end, walk_detail, last_complete_walk, declared_total, listed FROM columns")
    assert found == (end.value, "page 3 answered 404", at, 9, 0)


def test_a_broken_walk_does_not_undo_a_complete_one(log: Log) -> None:
    log.start()
    log.walked(WalkEnd.LAST_PAGE)
    log.walked(WalkEnd.STOPPED)
    assert log.row("SELECT walk_end, last_complete_walk FROM columns") == ("stopped", "2026-11-22T06:00:01.000000Z")


def test_a_row_whose_page_is_held_by_way_of_another_column(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.document(1, reading())
    log.list(row(1), column="gg")
    found = log.rows("SELECT column_key, state, document_id FROM entries ORDER BY column_key")
    assert found == [("gg", "done", doc(1)), ("tz", "done", doc(1))]
    assert log.rows("SELECT key, held FROM columns ORDER BY key") == [("gg", 1), ("tz", 1)]


def test_a_log_whose_beginning_is_lost(log: Log) -> None:
    """No run was started, no column found, no list read: what the rest says is taken."""
    log.run_id = "zhuhai-0"
    log.document(1, reading())
    log.failed(Role.DOCUMENT, url(2), "timeout", column="tz", entry_url=url(2))
    assert log.row("SELECT id, portal, mode, started_at, new, failed FROM runs") == (
        "zhuhai-0",
        PORTAL,
        None,
        None,
        1,
        1,
    )
    assert log.rows("SELECT url, title, state FROM entries ORDER BY url") == [
        (url(1), "关于1的通知", "done"),
        (url(2), "", "failed"),
    ]
