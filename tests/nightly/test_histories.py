"""What the nights ask the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.ledger.nights import History, News, histories, last_entered, news
from archive.ledger.schema import Ledger, open_ledger
from archive.vocabulary import Verdict


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Runs of the portal ``a``, a day apart, and what three of them left."""
    with open_ledger(tmp_path / "archive.db") as made:
        made.execute("PRAGMA foreign_keys = OFF")
        runs = [  # began, minutes, mode, verdict
            ("2026-11-01", 50, "normal", "partial"),
            ("2026-11-02", 50, "full", "ok"),
            ("2026-11-03", 50, "normal", "layout_changed"),
            ("2026-11-04", 45, "normal", "interrupted"),
            ("2026-11-05", 5, "normal", "interrupted"),
            ("2026-11-06", 5, "probe", "ok"),
            ("2026-11-07", 5, "part", "ok"),
        ]
        for day, minutes, mode, verdict in runs:
            made.execute(
                "INSERT INTO runs (id, portal, mode, verdict, started_at, finished_at, failed) "
                "VALUES (?, 'a', ?, ?, ?, ?, 7)",
                (day, mode, verdict, f"{day}T18:00:00.000000Z", f"{day}T18:{minutes:02}:00.000000Z"),
            )
        made.execute("INSERT INTO runs (id, portal, mode, started_at) VALUES ('b', 'b', 'full', '2026-11-08')")
        for run, status in (("2026-11-01", 200), ("2026-11-02", 502), ("2026-11-03", 200), ("2026-11-07", 200)):
            made.execute(
                "INSERT INTO captures (id, url, role, fetched_at, status, mime, payload_digest, warc_file, "
                "warc_offset, warc_length, run_id, portal, payload_bytes) "
                "VALUES (?, 'http://a/', 'entry', '', ?, '', '', '', 0, 0, ?, 'a', 0)",
                (f"capture {run}", status, run),
            )
        for document, kind, field in (
            *(
                ("1", "new", ""),
                ("2", "moved", ""),
                ("3", "delisted", ""),
                ("4", "returned", ""),
                ("5", "withdrawn", ""),
            ),
            *(("6", "changed", "title"), ("6", "changed", "text")),
        ):
            made.execute(
                "INSERT INTO changes (at, run_id, document_id, kind, field, version) "
                "VALUES ('', '2026-11-02', ?, ?, ?, 1)",
                (document, kind, field),
            )
        yield made


def test_whole_runs_alone_tell_when_a_portal_had_its_turn(ledger: Ledger) -> None:
    assert histories(ledger) == {
        "a": History(
            "a",
            Verdict.LAYOUT_CHANGED,  # the latest that was not interrupted
            completed="2026-11-02T18:00:00.000000Z",
            turn="2026-11-04T18:00:00.000000Z",  # interrupted, but after three quarters of an hour
            begun="2026-11-05T18:00:00.000000Z",
        )
    }


def test_an_entry_counts_if_it_answered_and_its_run_came_to_its_end(ledger: Ledger) -> None:
    assert last_entered(ledger, "a", "http://a/") == "2026-11-01T18:00:00.000000Z"
    assert last_entered(ledger, "a", "http://elsewhere/") == ""
    assert last_entered(ledger, "b", "http://a/") == ""


def test_the_news_of_a_run_count_documents_not_fields(ledger: Ledger) -> None:
    assert news(ledger, "2026-11-02") == News(1, 1, 1, 1, 1, 1, failed=7)
    assert news(ledger, "no such run") == News()
