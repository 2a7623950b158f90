"""Exports of the last good run: what later runs brought in is held back, in every dataset alike."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from archive.about import notes
from archive.events import CatalogueRow
from archive.export import DATASETS, export
from archive.ledger.asof import portal_states, standing
from archive.ledger.schema import open_ledger
from archive.urls import document_id
from archive.vocabulary import ChangeKind, Mode, Role, Verdict
from tests.changes.test_changes import happened
from tests.ledger.by_hand import HOME, Log, doc, link, reading, row, url

BAD = [verdict for verdict in Verdict if verdict not in (Verdict.OK, Verdict.PARTIAL)]


def dataset(log: Log, folder: Path, name: str, *, latest: bool = False) -> list[dict[str, Any]]:
    path = folder / f"{name}.jsonl"
    export(log.ledger, name, path, latest=latest)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def everything(log: Log, folder: Path, *, latest: bool = False) -> dict[str, list[dict[str, Any]]]:
    return {name: dataset(log, folder, name, latest=latest) for name in DATASETS}


def said(log: Log) -> list[str]:
    with standing(log.ledger) as what:
        return list(notes(what))


@pytest.fixture
def good(log: Log) -> Log:
    """A run that ended ok: three documents, one with a file; a row that failed, one that is waiting."""
    log.start("zhuhai-1", software="gongkai 0.1")
    log.columns("tz")
    log.list(*(row(name) for name in range(1, 6)))
    log.document(1, reading("一。", attachments=(link("a.doc"),)))
    log.file(f"{HOME}files/a.doc", 1)
    log.document(2, reading("二。"))
    log.document(3, reading("三。"))
    log.failed(Role.DOCUMENT, url(4), "timeout", column="tz", entry_url=url(4))
    log.walked(listed=5)
    log.end()
    return log


def bad_run(log: Log, verdict: Verdict | None = Verdict.BLOCKED) -> None:
    """A run that does everything that a run can do, and does not end well."""
    log.start("zhuhai-2")
    log.columns("tz", "new")
    log.list(row(1), row(2), row(5), row(6))
    log.list(row(7), column="new")
    log.document(1, reading("一改。", title="改", attachments=(link("a.doc"), link("b.doc"))))
    log.file(f"{HOME}files/b.doc", 1)
    log.file(f"{HOME}files/a.doc", 1, sha256="cd" * 32, decoded_bytes=10)
    log.document(2, reading("二。"))
    log.document(5, reading("五。"))
    log.document(6, reading("六。", attachments=(link("c.doc"),)))
    log.failed(Role.DOCUMENT, url(7), "http_500", column="new", entry_url=url(7))
    log.ledger.execute("UPDATE documents SET withdrawn_at = ? WHERE id = ?", (log.now, doc(3)))
    happened(log, 3, ChangeKind.WITHDRAWN, log.now)
    log.ledger.execute(
        "UPDATE entries SET state = 'gone', gone_since = ?, gone_run = 'zhuhai-2', gone_proven = ? WHERE url = ?",
        (log.now, log.now, url(3)),
    )
    if verdict is not None:
        log.end(verdict, reason="said no")


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_which_runs_are_good(good: Log, verdict: Verdict | None) -> None:
    bad_run(good, verdict)
    (state,) = portal_states(good.ledger)
    found = (state.good.id if state.good else "", [run.id for run in state.later])
    assert found == (("zhuhai-1", ["zhuhai-2"]) if verdict in (*BAD, None) else ("zhuhai-2", []))


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, None])
def test_what_a_later_run_brought_in_is_not_there(good: Log, tmp_path: Path, verdict: Verdict | None) -> None:
    before = everything(good, tmp_path)
    assert before == everything(good, tmp_path, latest=True)
    bad_run(good, verdict)
    after = everything(good, tmp_path)
    for line in before["entries"]:  # a later run has seen them: when they were seen before it is not known any more
        if line["url"] in (url(1), url(2), url(5)):
            line["last_seen"] = line["run_id"] = None
            line["attempts"] = {url(1): 2, url(2): 2, url(5): 1}[line["url"]]
    (entry,) = (line for line in after["entries"] if line["url"] == url(2))
    assert entry["state"] in ("done", "unchanged")
    entry["state"] = "done"
    (file,) = (line for line in after["attachments"] if line["url"].endswith("a.doc"))
    assert (file["sha256"], file["bytes"], file["attempts"]) == ("ab" * 32, None, 2)
    file |= {"bytes": 9, "text_status": "no_converter", "attempts": 1}
    assert after == before


def test_latest_takes_everything(good: Log, tmp_path: Path) -> None:
    bad_run(good)
    for name, rows in everything(good, tmp_path, latest=True).items():
        if name != "gaps":
            assert len(rows) == good.value(f"SELECT count(*) FROM {name}"), name
    assert [line["version"] for line in dataset(good, tmp_path, "documents", latest=True) if line["id"] == doc(1)] == [
        2
    ]


def test_a_later_good_run_stands_behind_what_bad_ones_brought(good: Log, tmp_path: Path) -> None:
    bad_run(good)
    good.start("zhuhai-3", mode=Mode.PART)
    good.end(Verdict.PARTIAL)
    assert everything(good, tmp_path) == everything(good, tmp_path, latest=True)
    assert said(good) == ["as of the last good run of 1 portal, 2026-11-22"]


def test_a_probe_is_neither_good_nor_later(good: Log, tmp_path: Path) -> None:
    good.start("zhuhai-2", mode=Mode.PROBE)
    good.end()
    (state,) = portal_states(good.ledger)
    assert (state.good.id if state.good else "", state.later) == ("zhuhai-1", ())
    assert [line["id"] for line in dataset(good, tmp_path, "runs")] == ["zhuhai-1", "zhuhai-2"]


def test_the_evidence_is_that_of_the_version_exported(good: Log, tmp_path: Path) -> None:
    (before,) = (line for line in dataset(good, tmp_path, "documents") if line["id"] == doc(1))
    bad_run(good)
    (after,) = (line for line in dataset(good, tmp_path, "documents") if line["id"] == doc(1))
    assert (after["version"], after["text"], after["title"]) == (1, "一。", "关于财政预算的通知")
    evidence = ("capture_id", "content_digest", "warc_file", "warc_offset", "payload_digest")
    assert [after[name] for name in evidence] == [before[name] for name in evidence]


def test_what_was_withdrawn_before_and_came_back_later_is_withdrawn(good: Log, tmp_path: Path) -> None:
    good.start("zhuhai-2")
    happened(good, 2, ChangeKind.DELISTED, "2026-11-22T06:00:58.000000Z")
    happened(good, 3, ChangeKind.WITHDRAWN, "2026-11-22T06:00:59.000000Z")
    happened(good, 1, ChangeKind.MOVED, "2026-11-22T06:00:59.500000Z", url(9))
    good.end()
    good.start("zhuhai-3")
    for name in (1, 2, 3):
        happened(good, name, ChangeKind.RETURNED, f"2026-11-23T06:00:0{name}.000000Z")
    good.end(Verdict.LAYOUT_CHANGED)
    found = {line["id"]: line for line in dataset(good, tmp_path, "documents")}
    assert found[doc(2)]["delisted_at"] == "2026-11-22T06:00:58.000000Z"
    assert found[doc(3)]["withdrawn_at"] == "2026-11-22T06:00:59.000000Z"
    assert found[doc(1)]["moved_to"] == doc(9)
    assert {line["withdrawn_at"] for line in dataset(good, tmp_path, "documents", latest=True)} == {None}


def test_a_document_is_last_seen_when_an_earlier_run_saw_it(good: Log, tmp_path: Path) -> None:
    good.start("zhuhai-2")
    good.document(2, reading("二。"))
    good.document(3, None, status=304)
    good.end()
    before = dataset(good, tmp_path, "documents")
    good.start("zhuhai-3")
    good.document(2, reading("二。"))
    good.document(3, reading("三改。"))
    good.end(Verdict.INTERRUPTED)
    assert dataset(good, tmp_path, "documents") == before
    assert len({line["last_checked"] for line in before} | {line["last_seen"] for line in before}) == 4


def test_a_portal_without_a_good_run_is_left_out_and_named(good: Log, tmp_path: Path) -> None:
    good.start("heshan-1", portal="heshan", name="鹤山市人民政府")
    there = "http://www.heshan.gov.cn/1.html"
    context = {
        "role": Role.DOCUMENT,
        "portal": "heshan",
        "column": "tz",
        "entry_url": there,
        "row": CatalogueRow(there),
    }
    good.capture(there, context, reading=reading())
    good.end(Verdict.BLOCKED, portal="heshan", reason="a challenge")
    for name, rows in everything(good, tmp_path).items():
        assert not [line for line in rows if "heshan" in json.dumps(line)], name
    assert said(good) == [
        "heshan: left out, as it never had a good run: 1 run (blocked); --latest takes what there is",
        "as of the last good run of 1 portal, 2026-11-22",
    ]
    ids = [line["id"] for line in dataset(good, tmp_path, "documents", latest=True)]
    assert document_id("heshan", there) in ids


def test_documents_of_which_no_run_tells_are_left_out_and_named(log: Log, tmp_path: Path) -> None:
    log.document(1, reading())
    assert dataset(log, tmp_path, "documents") == []
    assert said(log) == [
        "zhuhai: left out, as it never had a good run: no run (the log tells of none); --latest takes what there is",
        "no portal has a good run yet",
    ]


def test_what_was_left_out_is_said(good: Log) -> None:
    bad_run(good)
    good.start("zhuhai-3")
    assert said(good) == [
        "zhuhai: as of 2026-11-22; what 2 runs (blocked, unfinished) brought in since is left out; "
        "--latest takes it too",
        "as of the last good run of 1 portal, 2026-11-22",
    ]


def test_the_file_beside_it_says_what_it_is(good: Log, tmp_path: Path) -> None:
    bad_run(good)
    export(good.ledger, "documents", tmp_path / "d.csv", labels="zh")
    about = json.loads((tmp_path / "d.csv.about.json").read_text(encoding="utf-8"))
    assert (about["file"], about["dataset"], about["rows"], about["as_of"]) == (
        "d.csv",
        "documents",
        3,
        "last good run",
    )
    (portal,) = about["portals"]
    assert (portal["portal"], portal["run"], portal["verdict"]) == ("zhuhai", "zhuhai-1", "ok")
    assert [(run["run"], run["verdict"], run["reason"]) for run in portal["left_out"]] == [
        ("zhuhai-2", "blocked", "said no")
    ]
    with (tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == [column["zh"] for column in about["columns"]]
    assert about["bytes"] == (tmp_path / "d.csv").stat().st_size
    export(good.ledger, "documents", tmp_path / "d.csv", latest=True)
    assert json.loads((tmp_path / "d.csv.about.json").read_text(encoding="utf-8"))["as_of"] == "latest"


def test_an_archive_that_may_not_be_written(good: Log, tmp_path: Path) -> None:
    bad_run(good)
    with open_ledger(tmp_path / "archive.db", readonly=True) as ledger:
        assert export(ledger, "documents", tmp_path / "d.jsonl").rows == 3
        assert export(ledger, "documents", tmp_path / "d.jsonl", latest=True).rows == 5


def test_rows_come_without_sorting(good: Log) -> None:
    """100,000 documents with their texts must not be sorted: SQLite walks the key."""
    with standing(good.ledger) as what:
        for name in ("documents", "versions", "changes", "attachments", "entries"):
            (key,) = good.rows(f"SELECT group_concat('t.' || name) FROM pragma_table_info('{name}') WHERE pk = 1")
            plan = good.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {what.source(name)} AS t ORDER BY {key[0]}")
            assert not [step for *_, step in plan if "ORDER BY" in step], name
