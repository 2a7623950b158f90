import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.dates import DateStatus, chinese_number, parse_date, parse_dates
from tests.reading.pages import shared

CASES = [
    ("2021年01月22日", "2021-01-22", "ok"),
    ("2020年 1 月 1 日", "2020-01-01", "ok"),
    ("2020.08.28", "2020-08-28", "ok"),
    ("2026/04/09", "2026-04-09", "ok"),
    ("２０２１年１月５日", "2021-01-05", "ok"),
    ("二〇一〇年四月十一日", "2010-04-11", "ok"),
    ("二○○七年十一月八日", "2007-11-08", "ok"),
    ("二OO八年五月二十三日", "2008-05-23", "ok"),
    ("二零二零年十二月三十一日", "2020-12-31", "ok"),
    ("2021-10-08 15:47", "2021-10-08T15:47+08:00", "ok"),
    ("2020/12/31 14:29:32", "2020-12-31T14:29:32+08:00", "ok"),
    ("2026-10-04 01:39:11.0", "2026-10-04T01:39:11+08:00", "ok"),
    ("2026-03-01T20:00:00Z", "2026-03-02T04:00:00+08:00", "ok"),
    ("发布时间：2015-7-2    字体：大", "2015-07-02", "ok"),
    ("20200828", "2020-08-28", "compact"),
    ("20200828101112", "2020-08-28T10:11:12+08:00", "compact"),
    ("1630512000", "2021-09-02T00:00:00+08:00", "epoch"),
    ("1783353600000", "2026-07-07T00:00:00+08:00", "epoch"),
    ("2021926", "2021-09-26", "repaired"),
    ("202011日", "2020-01-01", "repaired"),
    ("20201231日", "2020-12-31", "repaired"),
    ("2021111", "", "ambiguous"),
    ("2021年2月30日", "", "invalid"),
    ("20211345", "", "invalid"),
    ("年 月 日", "", "unparsed"),
    ("____年", "", "unparsed"),
    ("2021年4月", "", "unparsed"),
    ("", "", "unparsed"),
    ("99999999999", "", "unparsed"),
]


@pytest.mark.parametrize(("text", "value", "status"), CASES)
def test_case(text: str, value: str, status: str) -> None:
    found = parse_date(text)
    assert (found.value, found.status) == (value, status)


def test_gold() -> None:
    for case in json.loads(shared("gold/date_cases.json").read_text("utf-8"))["cases"]:
        found = parse_date(case["input"])
        assert (found.value or None, found.status) == (case["expected"], case["status"]), case


def test_the_day_is_chinas() -> None:
    assert parse_date("1630512000").day == "2021-09-02"  # still the 1st in UTC


def test_a_period_holds_two_dates() -> None:
    assert [found.day for found in parse_dates("2020年1月1日至2025年1月1日")] == ["2020-01-01", "2025-01-01"]


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("十一", 11), ("三十一", 31), ("二〇一〇", 2010), ("一百零三", 103), ("号", 0)]
)
def test_chinese_number(text: str, number: int) -> None:
    assert chinese_number(text) == number


_DAYS = st.dates(min_value=date(1949, 10, 1), max_value=date(2099, 12, 31))


@given(
    _DAYS,
    st.sampled_from(
        ["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}", "{y}/{m:02}/{d:02} 09:05", " {y} 年 {m} 月 {d} 日 "]
    ),
)
def test_every_day_in_every_form(day: date, form: str) -> None:
    assert parse_date(form.format(y=day.year, m=day.month, d=day.day)).day == day.isoformat()


@given(_DAYS)
def test_an_epoch_is_local_midnight(day: date) -> None:
    seconds = (day - date(1970, 1, 1)) // timedelta(seconds=1) - 8 * 3600
    if 10**9 <= seconds < 10**10:
        assert parse_date(str(seconds)).day == day.isoformat()


@given(st.text(max_size=60))
def test_never_raises(text: str) -> None:
    found = parse_date(text)
    assert (found.value == "") == (found.status in (DateStatus.UNPARSED, DateStatus.INVALID, DateStatus.AMBIGUOUS))
