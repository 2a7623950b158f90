"""What is due, in what order, and who may be asked beside whom."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.clock import stamp
from archive.ledger.nights import History
from archive.vocabulary import Role, Verdict
from crawler import duration
from crawler.families.base import ColumnSpec
from crawler.portal import Expect, Fetch, Portal, Schedule
from crawler.portal_rules import faults
from crawler.schedule import Turn, due_turns, entry_url, grounds, is_due, next_turn

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 02:00 in China
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def portal(
    key: str, division: str = "", every: timedelta = DAY, columns: Iterable[ColumnSpec] = (), **more: str
) -> Portal:
    home = more.get("home", f"http://www.{key}.gov.cn/")
    specs = tuple(columns) or (ColumnSpec("static", f"{home}zwgk/"),)
    return Portal(
        key, key, home, division, "", (), specs, Fetch(), Expect(), "", Path(f"{key}.toml"), Schedule(every=every)
    )


def history(
    key: str, completed: datetime | None, turn: datetime | None = None, begun: datetime | None = None
) -> History:
    """Times of a portal; who had a turn has begun, and who completed a run has had a turn."""
    told = [stamp(at) if at else "" for at in (completed, turn or completed, begun or turn or completed)]
    return History(key, Verdict.OK, *told)


def never(_portal: str, _url: str) -> str:
    return ""


@pytest.mark.parametrize(
    ("every", "ago", "due"),
    [
        (DAY, DAY, True),
        (DAY, DAY - timedelta(minutes=9), True),  # the timer was late yesterday
        (DAY, 14 * HOUR, True),  # a run by hand at noon
        (DAY, 6 * HOUR, False),  # a run by hand in the evening
        (DAY, timedelta(minutes=5), False),
        (12 * HOUR, 12 * HOUR, True),
        (12 * HOUR, 5 * HOUR, False),
        (7 * DAY, 7 * DAY - HOUR, True),
        (7 * DAY, 6 * DAY, False),  # not in the sixth night
        (duration.NEVER, 3000 * DAY, False),
    ],
)
def test_due_by_the_time_since_the_last_completed_run(every: timedelta, ago: timedelta, due: bool) -> None:
    assert is_due(every, stamp(NIGHT - ago), NIGHT) is due


def test_what_never_ran_is_due_unless_it_is_run_by_hand_alone() -> None:
    assert is_due(DAY, "", NIGHT)
    assert not is_due(duration.NEVER, "", NIGHT)


def test_who_has_waited_longest_comes_first() -> None:
    portals = [portal(key) for key in ("done", "cut", "new-and-cut", "never", "failed-an-hour-ago")]
    histories = {
        "done": history("done", NIGHT - DAY),
        "cut": history("cut", None, NIGHT - 2 * DAY, NIGHT - DAY),  # had its turn before, last night only minutes
        "new-and-cut": history("new-and-cut", None, None, NIGHT - DAY),
        "failed-an-hour-ago": history("failed-an-hour-ago", None, NIGHT - HOUR),
    }
    turns = due_turns(portals, histories, never, NIGHT)
    assert [turn.portal.key for turn in turns] == ["never", "new-and-cut", "cut", "done", "failed-an-hour-ago"]


def test_a_column_has_its_own_span() -> None:
    weekly, daily = (ColumnSpec("static", f"http://www.a.gov.cn/{name}/") for name in ("weekly", "daily"))
    weekly = ColumnSpec("static", weekly.url, every=7 * DAY)
    both = portal("a", columns=(weekly, daily))
    entered = {entry_url(weekly): stamp(NIGHT - 3 * DAY), entry_url(daily): stamp(NIGHT - DAY)}
    histories = {"a": history("a", NIGHT - DAY)}

    def at(now: datetime) -> list[tuple[int, ...]]:
        return [turn.entries for turn in due_turns([both], histories, lambda _key, url: entered.get(url, ""), now)]

    assert at(NIGHT) == [(2,)]
    assert at(NIGHT - 20 * HOUR) == []
    assert at(NIGHT + 4 * DAY) == [()]  # both: as if neither had one of its own
    assert [turn.entries for turn in due_turns([both], {}, never, NIGHT)] == [()]


def test_never_two_of_a_prefecture_or_of_a_host() -> None:
    city, county, other = portal("city", "440400"), portal("county", "440403"), portal("other", "440700")
    twin = portal("twin", home="http://www.other.gov.cn/")
    ministry, second = portal("ministry"), portal("second")

    def after(*running: Portal) -> str:
        turn = next_turn([Turn(county), Turn(twin), Turn(second)], [Turn(each) for each in running])
        return turn.portal.key if turn else ""

    assert after() == "county"
    assert after(city) == "twin"
    assert after(city, other) == "second"
    assert after(city, other, ministry) == "second"
    assert after(city, other, second) == ""


def test_one_browser_at_a_time() -> None:
    drawn = [
        portal(key, columns=[ColumnSpec("static", f"http://{key}.gov.cn/", browser=frozenset({Role.LIST}))])
        for key in ("one", "two")
    ]
    assert grounds(drawn[0]) & grounds(drawn[1]) == {"browser"}


@pytest.mark.parametrize(
    ("text", "span", "spelt"),
    [
        ("90s", timedelta(seconds=90), "1 min 30 s"),
        ("30m", timedelta(minutes=30), "30 min"),
        ("5h", 5 * HOUR, "5 h"),
        ("1h30m", 1.5 * HOUR, "1 h 30 min"),
        ("7d", 7 * DAY, "7 d"),
        ("2w", 14 * DAY, "14 d"),
        ("never", duration.NEVER, "never"),
    ],
)
def test_spans_of_time(text: str, span: timedelta, spelt: str) -> None:
    assert duration.parse(text) == span
    assert duration.spell(span) == spelt


@pytest.mark.parametrize("text", ["", "5", "h", "1.5h", "-1d", "0d", "1 d", "1y", "daily", "٣d"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        duration.parse(text)


def test_what_a_portal_file_may_say_of_its_schedule() -> None:
    def wrong(schedule: object, every: object = "7d") -> list[str]:
        column = {"family": "static", "url": "http://a.gov.cn/x/", "every": every}
        data = {"portal": {"name": "a", "home": "http://a.gov.cn/", "division": "440400"}, "column": [column]}
        return [f"{fault.place}: {fault.what}" for fault in faults(data | {"schedule": schedule})]

    assert wrong({"every": "12h", "audit": "7d"}) == []
    assert wrong({"every": "never"}, "30d") == []
    told = 'is no span of time; write it in quotes, as "12h", "1d" or "7d"; "never": only by hand'
    assert wrong({"every": 1}) == [f"schedule.every: 1 {told}"]
    assert wrong({}, "daily") == [f"column 1: every: 'daily' {told}"]
    assert wrong({"evry": "1d"}) == ["schedule.evry: is no key of a portal file here; did you mean every?"]
    assert wrong("1d") == ["schedule: must be a table: [schedule]"]
