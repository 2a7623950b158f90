import json
import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.clock import CHINA
from archive.reading.dates import DateStatus, ParsedDate, chinese_number, parse_date, parse_dates
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
    ("二〇二五日", "", "unparsed"),
    ("2OO8年5月23日", "2008-05-23", "ok"),
    ("二〇一〇年4月十一日", "2010-04-11", "ok"),
    ("二○○七年一一月〇八日", "2007-11-08", "ok"),
    ("一二〇一〇年四月十一日", "", "unparsed"),  # a year of five digits
    ("二〇一〇年十三月一日", "", "invalid"),
    ("二〇一〇年二三十月一日", "", "unparsed"),
    ("2020-01-01 10:00-12:00", "2020-01-01T10:00+08:00", "ok"),  # a period of time, no zone
    ("2026-03-01T20:00:00-05:00", "2026-03-02T09:00:00+08:00", "ok"),
    ("2026-10-04 01:39:11+08:00", "2026-10-04T01:39:11+08:00", "ok"),
    ("2020-01-01 10:00 Zhuhai", "2020-01-01T10:00+08:00", "ok"),
    ("٢٠٢٠٠٨٢٨١٠١١١٢", "", "unparsed"),
    ("٢٠٢٠-٠٨-٢٨", "", "unparsed"),
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


def test_dates_in_words_and_in_figures_keep_their_order() -> None:
    text = "二〇一〇年四月十一日签发，2010-04-12印发，二〇一〇年五月一日施行"
    assert [found.day for found in parse_dates(text)] == ["2010-04-11", "2010-04-12", "2010-05-01"]


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


_WIDE = str.maketrans("0123456789-/.:", "０１２３４５６７８９－／．：")
_SPACE = st.sampled_from(["", "", " ", "\u3000", "\xa0", " \u2003 ", "\t"])
_ONES = "一二三四五六七八九"


def _in_words(number: int) -> str:
    """1 to 31: 一, 十, 十一, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    head = ("", "十", "二十", "三十")[tens]
    return head + (_ONES[ones - 1] if ones else "")


@given(_DAYS, st.sampled_from("年-./－．／"), st.booleans(), st.booleans(), _SPACE)
def test_figures_of_any_width_and_spacing(day: date, sign: str, wide: bool, padded: bool, space: str) -> None:
    month, dom = (f"{day.month:02}", f"{day.day:02}") if padded else (str(day.month), str(day.day))
    signs = ("年", "月", "日") if sign == "年" else (sign, sign, "")
    text = f"{day.year}{space}{signs[0]}{space}{month}{space}{signs[1]}{space}{dom}{space}{signs[2]}"
    assert parse_date(text.translate(_WIDE) if wide else text).value == day.isoformat()


@given(_DAYS, st.lists(st.sampled_from("〇○◯零ＯOo0０"), min_size=4, max_size=4), st.integers(0, 7), _SPACE)
def test_words_with_any_sign_for_zero(day: date, zeros: list[str], kinds: int, space: str) -> None:
    """Year, month and day each in words, or each in figures; the year digit by digit."""

    def written(number: int, in_words: int) -> str:
        return _in_words(number) if in_words else str(number)

    year = "".join(
        zeros[at] if digit == "0" else _ONES[int(digit) - 1] if kinds & 1 else digit
        for at, digit in enumerate(str(day.year))
    )
    text = f"{year}{space}年{space}{written(day.month, kinds & 2)}月{space}{written(day.day, kinds & 4)}{space}日"
    assert parse_date(f"（{text}）").value == day.isoformat()


@given(
    _DAYS, st.times(), st.sampled_from(["{d} {h:02}:{m:02}:{s:02}", "{d}T{h:02}:{m:02}:{s:02}.123", "{d}　{h}:{m:02}"])
)
def test_times_stay(day: date, at: time, form: str) -> None:
    found = parse_date(form.format(d=day.isoformat(), h=at.hour, m=at.minute, s=at.second))
    clock = at.replace(microsecond=0, second=at.second if "{s" in form else 0)
    assert found.value == f"{day}T{clock.isoformat('seconds' if '{s' in form else 'minutes')}+08:00"


@given(_DAYS, st.times())
def test_compact_ones(day: date, at: time) -> None:
    assert parse_date(f"{day:%Y%m%d}") == ParsedDate(day.isoformat(), DateStatus.COMPACT)
    written = f"{day:%Y%m%d}{at:%H%M%S}"
    assert parse_date(written) == ParsedDate(f"{day}T{at:%H:%M:%S}+08:00", DateStatus.COMPACT)


@given(st.integers(10**9, 4_102_415_999), st.integers(0, 999))  # to the end of 2099 in China
def test_epochs_in_seconds_and_milliseconds(seconds: int, milliseconds: int) -> None:
    wanted = datetime.fromtimestamp(seconds, CHINA).isoformat(timespec="seconds")
    assert parse_date(str(seconds)) == ParsedDate(wanted, DateStatus.EPOCH)
    assert parse_date(f"{seconds}{milliseconds:03}") == ParsedDate(wanted, DateStatus.EPOCH)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 30)), st.sampled_from([0, 1, 8, 9, -5, -11]))
def test_a_time_of_another_zone_is_chinas(moment: datetime, hours: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert parse_date(aware.isoformat()).value == aware.astimezone(CHINA).isoformat()


# Made of the signs that dates are made of, so that near misses are frequent.
_GARBAGE = st.text("0123456789２０〇○零十一二三年月日时分:./-－ TZ+～至\u3000x", max_size=40)


@settings(max_examples=500)
@given(_GARBAGE)
def test_no_day_is_made_of_digits_that_do_not_stand_there(text: str) -> None:
    """The digits of year, month and day stand in the text, in this order."""
    copy = unicodedata.normalize("NFKC", text)
    for found in parse_dates(text):
        if found.status in (DateStatus.EPOCH,) or "Z" in copy or "+" in copy or not found.day:
            continue
        year, month, dom = map(int, found.day.split("-"))
        assert any(
            re.search(f"{first}.*?{second}.*?{third}", copy)
            for first in (
                str(year),
                _any_zero("".join("0" if d == "0" else f"[{d}{_ONES[int(d) - 1]}]" for d in str(year))),
            )
            for second in _ways(month)
            for third in _ways(dom)
        ), (text, found)


def _any_zero(pattern: str) -> str:
    return pattern.replace("0", "[〇○◯零OoＯ0]")


def _ways(number: int) -> list[str]:
    """Patterns of a month or a day: 3, 03, 三, 〇三; 23, 二十三, 二三."""
    digits = "".join("0" if d == "0" else f"[{d}{_ONES[int(d) - 1]}]" for d in str(number))
    tens, ones = divmod(number, 10)
    words = ["一十" + _in_words(ones)] if tens == 1 and ones else ["一十"] if tens == 1 else []
    return [_any_zero(digits), _in_words(number), *words]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), _GARBAGE))
def test_never_raises(text: str) -> None:
    found = parse_date(text)
    assert (found.value == "") == (found.status in (DateStatus.UNPARSED, DateStatus.INVALID, DateStatus.AMBIGUOUS))
