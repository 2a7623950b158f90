"""What is said of a night."""

import json
from dataclasses import replace

import pytest

from archive.ledger.nights import News
from archive.summary import REMEDIES, Ended, Night, NotRun, Ran, Why, headline, to_json, to_text
from archive.vocabulary import Verdict


def ran(portal: str, verdict: Verdict = Verdict.OK, before: Verdict | None = None, **more: object) -> Ran:
    made = Ran(portal, f"{portal} 政府", verdict, before, f"why {portal}", f"{portal}-1", News(), 10, 90.0)
    return replace(made, **more)  # type: ignore[arg-type]


NIGHT = Night(
    stamp="20261122T180000Z",
    started_at="2026-11-22T18:00:00.000000Z",
    finished_at="2026-11-22T20:13:00.000000Z",
    ended=Ended.DONE,
    jobs=40,
    budget_seconds=18000.0,
    ran=(
        ran("zhuhai", before=Verdict.OK, news=News(new=3, changed=1, moved=2)),
        ran("hechi", Verdict.PARTIAL, Verdict.OK, news=News(new=1, failed=4)),
        ran("moved-away", Verdict.WRONG_SITE, Verdict.WRONG_SITE),
        ran("silent", Verdict.UNREACHABLE, Verdict.OK),
        ran("late", Verdict.INTERRUPTED, Verdict.OK, cut=True),
        ran("known-to-be-down", Verdict.UNREACHABLE, Verdict.UNREACHABLE, paused=True),
    ),
    not_run=(
        NotRun("chengdu", "成都", Why.RESTS, "rests until 2026-11-23 06:00 UTC"),
        NotRun("broken", "", Why.PORTAL_FILE, "broken.toml: portal.name: is missing"),
    ),
    not_due=7,
    notes=("mail: could not be told",),
)


def test_the_most_urgent_comes_first_and_each_has_a_remedy() -> None:
    found = [(each.portal, each.what) for each in NIGHT.attention]
    assert found == [("broken", "portal_file"), ("moved-away", "wrong_site"), ("silent", "unreachable")]
    assert all(each.remedy for each in NIGHT.attention)


def test_every_verdict_needs_nobody_or_has_a_remedy() -> None:
    assert set(Verdict) - REMEDIES.keys() == {Verdict.OK, Verdict.PARTIAL}


def test_changes_of_state_are_those_of_portals_not_of_the_night() -> None:
    assert [line.portal for line in NIGHT.changed_state] == ["hechi", "silent"]


def test_ok_is_every_portal_ok() -> None:
    good = replace(NIGHT, ran=(ran("a"), ran("b")), not_run=())
    assert good.ok
    assert replace(good, ran=()).ok
    assert not replace(good, ran=(*good.ran, ran("c", Verdict.PARTIAL))).ok
    assert not replace(good, not_run=NIGHT.not_run).ok


def test_the_text() -> None:
    text = to_text(NIGHT)
    lines = text.splitlines()
    assert lines[0] == (
        "The night of 2026-11-22, 18:00 to 20:13 UTC (133 min): 1 ok, 1 partial, 2 unreachable, 1 wrong_site, "
        "1 interrupted; 2 due and not run; 7 not due"
    )
    assert lines[1] == "Documents: 4 new, 1 changed, 2 moved"
    assert "mail: could not be told" in lines
    assert text.index("Needs a human:") < text.index("Not as it was") < text.index("\nportal ") < text.index("Due, and")
    (header,) = (line.split() for line in lines if line.startswith("portal "))
    assert header == ["portal", "verdict", "new", "changed", "moved", "failed", "requests", "min", "why"]
    assert "  broken: see above" in lines
    assert "  chengdu: rests until 2026-11-23 06:00 UTC" in lines
    assert text.endswith("\n")


@pytest.mark.parametrize("ended", Ended)
def test_the_headline_says_how_it_ended(ended: Ended) -> None:
    told = {Ended.DONE: "(133 min)", Ended.BUDGET: "its budget used up", Ended.STOPPED: "stopped by a signal"}
    assert told[ended] in to_text(replace(NIGHT, ended=ended)).splitlines()[0]
    assert headline(replace(NIGHT, ran=(), not_run=())) == "nothing ran"


def test_a_night_without_any_answer_asks_after_the_network() -> None:
    hint = "look first whether this machine has a network"
    silent = (ran("a", Verdict.UNREACHABLE), ran("b", Verdict.UNREACHABLE))
    assert hint in to_text(replace(NIGHT, ran=silent))
    assert hint not in to_text(replace(NIGHT, ran=(*silent, ran("c"))))


def test_what_a_page_says_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in to_text(replace(NIGHT, ran=(ran("a", reason="\x1b[2Jgone"),)))


def test_the_keys_of_the_json_are_a_contract() -> None:
    told = json.loads(json.dumps(to_json(NIGHT)))
    assert list(told) == [
        *("schema", "night", "started_at", "finished_at", "ended", "ok", "jobs", "budget_seconds", "totals"),
        *("attention", "changed_state", "portals", "not_run", "not_due", "notes"),
    ]
    assert list(told["portals"][0]) == [
        *("portal", "name", "verdict", "before", "reason", "run", "requests"),
        *("new", "changed", "withdrawn", "delisted", "returned", "moved", "failed", "seconds", "cut", "paused"),
    ]
    assert list(told["not_run"][0]) == ["portal", "name", "why", "reason"]
    assert list(told["attention"][0]) == ["portal", "what", "reason", "remedy"]
    assert told["changed_state"][0] == {"portal": "hechi", "before": "ok", "after": "partial"}
    assert told["totals"]["new"] == 4
