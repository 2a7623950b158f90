"""Dates as Chinese portals write them → ISO 8601. Every date is a date in China; a date without a time stays a date.

Formats met: 2021年01月22日, 2020.08.28, 2020/12/31 14:29:32, 2026-10-04 01:39:11.0, 二〇一〇年四月十一日 with any sign
for zero (〇 ○ ◯ 零 Ｏ O o 0), 2OO8年五月23日 with any mixture of the two, 20200828, Unix seconds or milliseconds
(gkmlpt, UCAP), and dates that lost a 年 or 月. A day is never made of other digits than those that stand there, but for
an epoch and for a time that names another zone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from archive.clock import CHINA


class DateStatus(StrEnum):
    """How a date was understood."""

    OK = "ok"
    COMPACT = "compact"  # 20200828
    EPOCH = "epoch"
    REPAIRED = "repaired"  # 2021926: 年 or 月 lost, one valid reading
    AMBIGUOUS = "ambiguous"  # 2021111: more than one
    INVALID = "invalid"  # 2021年2月30日
    UNPARSED = "unparsed"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """``value`` is ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM[:SS]+08:00``, empty where there is no date."""

    value: str
    status: DateStatus

    @property
    def day(self) -> str:
        """The day in China, ``YYYY-MM-DD``, or the empty string."""
        return self.value[:10]


_YEARS = range(1900, 2101)
_ZEROS = "〇○◯零OoＯ0"
_DIGITS = {
    **dict.fromkeys(_ZEROS, 0),
    **{sign: value % 9 + 1 for value, sign in enumerate("一二三四五六七八九123456789")},
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_ONES = "一二三四五六七八九"

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
# 10:00-12:00 is a period, and no zone: a zone to the west is believed in the strict form only, with T.
_TIME = (
    r"(?:\s*日?\s*T?\s*(?P<h>[01]?\d|2[0-4])\s*[:时]\s*(?P<m>[0-5]\d)(?:\s*[:分]\s*(?P<s>[0-5]\d)(?:\.\d+)?)?"
    r"\s*(?P<z>Z(?![A-Za-z])|\+(?:0\d|1[0-4]):?[0-5]\d|(?<=T\d\d:\d\d:\d\d)-(?:0\d|1[0-2]):[0-5]\d)?)?"
)
_NUMERIC = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s*[年./\-]\s*(?P<mo>\d{1,2})\s*[月./\-]\s*(?P<d>\d{1,2})(?!\d)" + _TIME,
    re.ASCII,  # int() takes the digits of any script, but a date is written in ours
)
_DIGIT = rf"[{_ZEROS}{_ONES}1-9]"
_NUMBER = rf"(?:[一二三]?十[{_ONES}]?|{_DIGIT}{{1,2}})"  # 十一, 二十三; 一一, 二三, 〇五 digit by digit
_CHINESE = re.compile(
    rf"(?<!{_DIGIT})(?P<y>{_DIGIT}{{4}})\s*年\s*(?P<mo>{_NUMBER})\s*月\s*(?P<d>{_NUMBER})\s*日", re.ASCII
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)(?:(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d))?", re.ASCII)
_DAMAGED = re.compile(r"(?P<y>\d{4})\s?年?\s?(?P<rest>\d{2,4})\s?[月日]?", re.ASCII)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
_UNPARSED = ParsedDate("", DateStatus.UNPARSED)


def parse_date(text: str) -> ParsedDate:
    """The first date in ``text``; a compact, damaged or epoch date only if it is all there is. Never raises."""
    found = parse_dates(text)
    return found[0] if found else _UNPARSED


def parse_dates(text: str) -> list[ParsedDate]:
    """Every date in ``text``, in order; empty if there is none."""
    copy = _SPACES.sub(" ", unicodedata.normalize("NFKC", text[:2000])).strip()
    found = {match.start(): _numeric(match) for match in _NUMERIC.finditer(copy)}
    if "月" in copy:
        found = {match.start(): _chinese(match) for match in _CHINESE.finditer(copy)} | found
    if found:
        return [found[at] for at in sorted(found)]
    if match := _COMPACT.fullmatch(copy):
        return [_compact(match)]
    if _EPOCH.fullmatch(copy):
        return [_epoch(copy)]
    if match := _DAMAGED.fullmatch(copy):
        return [_damaged(match)]
    return []


def chinese_number(text: str) -> int:
    """二〇一〇 → 2010, 三十一 → 31, 一百零三 → 103, 2O一0 → 2010; 0 for what is none."""
    if not any(sign in _TENS for sign in text):
        digits = [_DIGITS.get(sign, -1) for sign in text]
        return int("".join(map(str, digits))) if digits and min(digits) >= 0 else 0
    total, digit = 0, 0
    for sign in text:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        elif sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            return 0
    return total + digit


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else ""
    except ValueError:
        return ""


def _dated(day: str, status: DateStatus) -> ParsedDate:
    return ParsedDate(day, status) if day else ParsedDate("", DateStatus.INVALID)


def _numeric(match: re.Match[str]) -> ParsedDate:
    day = _day(int(match["y"]), int(match["mo"]), int(match["d"]))
    if not day or match["h"] is None or int(match["h"]) > 23:
        return _dated(day, DateStatus.OK)
    clock = time(int(match["h"]), int(match["m"]), int(match["s"] or 0)).isoformat(
        "seconds" if match["s"] else "minutes"
    )
    if match["z"] and match["z"] not in ("+08:00", "+0800"):
        zone = match["z"].replace("Z", "+00:00")
        moment = datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(CHINA)
        return ParsedDate(moment.isoformat(timespec="seconds" if match["s"] else "minutes"), DateStatus.OK)
    return ParsedDate(f"{day}T{clock}+08:00", DateStatus.OK)


def _chinese(match: re.Match[str]) -> ParsedDate:
    numbers = (chinese_number(match["y"]), chinese_number(match["mo"]), chinese_number(match["d"]))
    return _dated(_day(*numbers), DateStatus.OK)


def _compact(match: re.Match[str]) -> ParsedDate:
    day = _day(int(match["y"]), int(match["mo"]), int(match["d"]))
    if day and match["h"] and int(match["h"]) < 24 and int(match["m"]) < 60 and int(match["s"]) < 60:
        return ParsedDate(f"{day}T{match['h']}:{match['m']}:{match['s']}+08:00", DateStatus.COMPACT)
    return _dated(day, DateStatus.COMPACT)


def _epoch(digits: str) -> ParsedDate:
    seconds = int(digits) // (1000 if len(digits) == 13 else 1)
    moment = datetime.fromtimestamp(seconds, CHINA)
    return ParsedDate(moment.isoformat(timespec="seconds"), DateStatus.EPOCH) if moment.year in _YEARS else _UNPARSED


def _damaged(match: re.Match[str]) -> ParsedDate:
    """2021926 can only be 9/26. Readings without a leading zero come first, as 年 was lost from 2020年1月1日."""
    year, rest = int(match["y"]), match["rest"]
    splits = [(rest[:cut], rest[cut:]) for cut in (1, 2) if 1 <= len(rest) - cut <= 2]
    plain = [pair for pair in splits if not any(part.startswith("0") for part in pair)]
    readings = {day for month, dom in plain or splits if (day := _day(year, int(month), int(dom)))}
    if len(readings) == 1:
        return ParsedDate(readings.pop(), DateStatus.REPAIRED)
    return ParsedDate("", DateStatus.AMBIGUOUS if readings else DateStatus.INVALID)
