"""A silence is measured by the portal's own pauses."""

from datetime import date, timedelta

from archive.health.rhythm import is_holiday, pause, rhythm

DAY = timedelta(days=1)


def every(days: int, until: date, count: int = 60) -> list[date]:
    return [until - n * days * DAY for n in reversed(range(count))]


def test_a_lively_portal_that_falls_silent() -> None:
    last = date(2026, 6, 15)
    steady = every(3, last)
    for silence, remarkable, far in ((3, False, False), (7, False, False), (9, True, False), (31, True, True)):
        beat = rhythm(steady, last + silence * DAY)
        assert beat is not None
        assert (beat.longest, beat.silence) == (3, silence)
        assert (beat.remarkable, beat.far_beyond) == (remarkable, far), silence


def test_a_portal_that_seldom_publishes_may_be_silent_for_long() -> None:
    beat = rhythm(every(60, date(2026, 6, 1), 12), date(2026, 8, 20))
    assert beat is not None
    assert not beat.remarkable


def test_too_little_is_known_for_an_alarm() -> None:
    assert rhythm([date(2026, 6, 1)], date(2027, 6, 1)) is None
    beat = rhythm(every(1, date(2026, 6, 1), 9), date(2027, 6, 1))
    assert beat is not None
    assert not beat.remarkable
    assert not beat.far_beyond


def test_a_portal_that_was_silent_before_it_was_known_is_none_of_our_news() -> None:
    beat = rhythm(every(1, date(2021, 2, 1)), date(2026, 6, 1), known_since=date(2026, 5, 1))
    assert beat is not None
    assert not beat.witnessed
    assert not beat.remarkable


def test_holidays_do_not_count() -> None:
    assert is_holiday(date(2026, 2, 17))
    assert is_holiday(date(2026, 10, 3))
    assert not is_holiday(date(2026, 9, 30))
    assert not is_holiday(date(2060, 2, 2)), "the table ends; the day is then a day"
    assert pause(date(2026, 9, 30), date(2026, 10, 9)) == 1
    daily = every(1, date(2027, 2, 3))
    beat = rhythm(daily, date(2027, 2, 17))
    assert beat is not None
    assert not beat.remarkable, "春节 2027 is on 6 February"


def test_it_speaks_of_days() -> None:
    beat = rhythm(every(3, date(2026, 6, 15)), date(2026, 7, 16))
    assert str(beat) == "nothing new since 2026-06-15 (31 days), while no pause before was longer than 3"
