"""Nights in one event loop: what one portal does is no other's business, and the next night begins where it must."""

import json
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.events import RunEnded
from archive.intake.spans import Span, facts
from archive.ledger.facts import EventFact

Results = dict[str, Any]


def verdicts(results: Results, night: str) -> dict[str, str]:
    return {ran["portal"]: ran["verdict"] for ran in results["nights"][night]["portals"]}


def not_run(results: Results, night: str) -> dict[str, str]:
    return {left["portal"]: left["why"] for left in results["nights"][night]["not_run"]}


def reason(results: Results, night: str, portal: str) -> str:
    night_ = results["nights"][night]
    return str(next(line["reason"] for line in night_["portals"] + night_["not_run"] if line["portal"] == portal))


def test_what_hangs_crashes_or_blocks_harms_no_other(results: Results) -> None:
    assert verdicts(results, "first") == {
        "trs": "interrupted",
        "pclist": "blocked",
        "vsb": "unreachable",
        "ilist": "partial",
        "ucap": "partial",
    }
    assert not_run(results, "first") == {"broken": "portal_file"}
    first = {ran["portal"]: ran for ran in results["nights"]["first"]["portals"]}
    assert (first["ilist"]["new"], first["ucap"]["new"]) == (38, 40)
    assert "no answer for 5 s" in first["vsb"]["reason"]


def test_a_crash_is_named_and_kept(results: Results, lived: Path) -> None:
    told = reason(results, "first", "trs")
    assert "a fault of this program: RuntimeError: a fault of two lines at http://127.0.0.1:" in told
    (run,) = (ran["run"] for ran in results["nights"]["first"]["portals"] if ran["portal"] == "trs")
    folder = lived / "data" / "runs" / run
    assert 'raise RuntimeError("a fault\\nof two lines")' in (folder / "crash.txt").read_text(encoding="utf-8")
    issues = [json.loads(line) for line in (folder / "issues.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [issue["message"] for issue in issues if issue.get("verdict") == "interrupted"] == [told]
    assert json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["verdict"] == "interrupted"


def test_a_run_that_was_closed_over_its_crawlers_head_is_whole(lived: Path) -> None:
    """The hanging portal: its log is sealed, and ends with its verdict."""
    folder = lived / "data" / "warc"
    assert not list(folder.glob("*/*.open"))
    (path,) = (folder / "vsb").glob("*.warc.gz")
    *_, last = facts(folder, Span(path.name, 0, path.stat().st_size))
    assert isinstance(last, EventFact)
    assert isinstance(last.event, RunEnded)


def test_every_run_has_its_verdict_in_the_database(results: Results, lived: Path) -> None:
    with closing(sqlite3.connect(lived / "data" / "archive.db")) as db:
        known = dict(db.execute("SELECT id, verdict FROM runs").fetchall())
    told = {ran["run"]: ran["verdict"] for night in results["nights"].values() for ran in night["portals"]}
    assert known == told


def test_an_hour_later_only_what_did_not_complete_is_due(results: Results) -> None:
    assert verdicts(results, "an hour later") == {"trs": "interrupted"}
    assert not_run(results, "an hour later") == {"broken": "portal_file", "pclist": "rests"}
    assert reason(results, "an hour later", "pclist").startswith("rests until 2026-11-23 00:0")
    assert results["nights"]["an hour later"]["not_due"] == 2


def test_the_next_night_all_are_due_but_the_weekly_one(results: Results) -> None:
    assert verdicts(results, "second") == {"trs": "interrupted", "pclist": "blocked", "ilist": "ok"}
    assert results["nights"]["second"]["not_due"] == 1
    assert verdicts(results, "by hand meanwhile") == {"ucap": "partial"}


def test_a_column_that_is_not_due_is_not_entered(results: Results, lived: Path) -> None:
    runs = [
        next(ran["run"] for ran in results["nights"][night]["portals"] if ran["portal"] == "ilist")
        for night in ("first", "second")
    ]
    with closing(sqlite3.connect(lived / "data" / "archive.db")) as db:
        entered = [
            {url for (url,) in db.execute("SELECT url FROM captures WHERE run_id = ? AND role = 'entry'", (run,))}
            for run in runs
        ]
        modes = {mode for (mode,) in db.execute("SELECT mode FROM runs WHERE portal = 'ilist'")}
    columns = tomllib.loads((lived / "portals" / "ilist.toml").read_text(encoding="utf-8"))["column"]
    assert entered[0] == {column["url"] for column in columns}
    assert entered[1] == {column["url"] for column in columns[:-1]}
    assert modes == {"normal"}
    assert verdicts(results, "second")["ilist"] == "ok"  # the trap is in the last column


def test_the_budget_ends_in_time_and_the_next_night_carries_on(results: Results) -> None:
    cut = results["nights"]["cut"]
    assert cut["ended"] == "budget"
    assert verdicts(results, "cut") == {"gkmlpt": "interrupted"}
    assert "the night's budget of 6 s was used up" in reason(results, "cut", "gkmlpt")
    assert not_run(results, "cut") == {"irs": "budget", "ilist": "budget"}
    assert cut["attention"] == []  # nothing is wrong with any of them
    assert list(verdicts(results, "after the cut")) == ["irs", "gkmlpt", "ilist"]  # never begun, cut young, done before


def test_a_portal_may_have_a_budget_of_its_own(results: Results) -> None:
    told = verdicts(results, "its own budget")
    assert (told["gkmlpt"], told["irs"]) == ("interrupted", "partial")
    assert "its budget of 4 s was used up; the next night carries on here" in reason(
        results, "its own budget", "gkmlpt"
    )
    assert results["nights"]["its own budget"]["attention"] == []


def test_a_portal_that_is_run_by_hand_is_left_to_that(results: Results) -> None:
    assert not_run(results, "by hand meanwhile") == {"ilist": "locked"}
    assert "another run (process " in reason(results, "by hand meanwhile", "ilist")


def test_one_night_at_a_time_and_no_unknown_portal(results: Results) -> None:
    assert results["errors"]["locked"].startswith("LockedError: ")
    assert "since 2026-11-22T18:00:00Z" in results["errors"]["locked"]
    assert results["errors"]["unknown"] == (
        "UsageError: no portal nowhere; `gongkai portals` lists those that there are"
    )


def test_what_needs_a_human_stands_first_with_a_remedy(results: Results, lived: Path) -> None:
    needs = results["nights"]["first"]["attention"]
    assert [(each["portal"], each["what"]) for each in needs] == [
        ("broken", "portal_file"),
        ("pclist", "blocked"),
        ("trs", "interrupted"),
        ("vsb", "unreachable"),
    ]
    assert all(each["remedy"] for each in needs)
    text = (lived / "data" / "nights" / "20261122T180000Z" / "summary.txt").read_text(encoding="utf-8")
    assert text.index("Needs a human:") < text.index("portal  verdict")
    assert {path.stem for path in (lived / "data" / "feeds").glob("*.atom")} > {"all"}
    kept = json.loads((lived / "data" / "nights" / "20261122T180000Z" / "summary.json").read_text(encoding="utf-8"))
    assert kept == results["nights"]["first"]
