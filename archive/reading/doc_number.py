"""发文字号 (document numbers): 江府办〔2010〕43号 and its many spellings → issuer code, year, serial.

Rules: 党政机关公文处理工作条例 (中办发〔2012〕14号) art. 9 and GB/T 9704-2012, 7.2.5: issuer code (机关代字), full
year in hexagonal brackets, serial without leading zeros, 号. Decrees (令) run on over the years; announcements (公告)
are counted by the year in words. The text as captured is kept by the caller; here only a matching copy is worked on.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from archive.reading.dates import chinese_number


class NumberStatus(StrEnum):
    """How a number was understood, the surest first; of several numbers in one text, the least certain counts."""

    OK = "ok"
    YEAR_WORD = "year_word"  # CODE2026年第11号
    DECREE = "decree"  # CODE令第711号
    REPAIRED = "repaired"  # a bracket was lost or replaced; one reading only
    AMBIGUOUS = "ambiguous"  # serial of four digits behind a lost bracket: 〔20196061号 may be 60、61号
    UNPARSED = "unparsed"


_CERTAINTIES = tuple(NumberStatus)


@dataclass(frozen=True, slots=True)
class DocNumber:
    """One number. ``year`` is 0 for a decree, whose serials run on over the years."""

    code: str
    year: int
    serial: int
    in_brackets: bool = True

    def __str__(self) -> str:
        """The canonical form: CODE〔YEAR〕N号, CODEYEAR年第N号, or CODE第N号 for a decree."""
        if self.in_brackets:
            return f"{self.code}〔{self.year}〕{self.serial}号"
        return f"{self.code}{f'{self.year}年' if self.year else ''}第{self.serial}号"

    @property
    def key(self) -> str:
        """CODE|YEAR|N; the year is empty for a decree."""
        return f"{self.code}|{self.year or ''}|{self.serial}"


@dataclass(frozen=True, slots=True)
class DocNumbers:
    """The numbers of a text in their order, without repetition."""

    numbers: tuple[DocNumber, ...]
    status: NumberStatus


@dataclass(slots=True)
class _Found:
    at: int
    numbers: list[DocNumber]
    status: NumberStatus


_FIRST_YEAR = 1949
_LAST_YEAR = 2100  # not "next year": reading the same bytes later must give the same
_WIDEST_RANGE = 100

_HAN = r"[\u3007\u3400-\u9fff]"
_CODE = rf"(?P<code>{_HAN}[\u3007\u3400-\u9fff ]{{0,60}}?)"
_OPEN, _CLOSE = r"[〔\[【(〖{]", r"[〕\]】)〗}]"
_LIST = r"第?\s*(?P<serials>\d{1,5}\s*号?(?:\s*[、,\-至~—]\s*第?\s*\d{1,5}\s*号?){0,30})"

# The order matters: but for decrees, a later rule is tried only where no earlier one finds anything.
_BRACKETED = re.compile(rf"{_CODE}\s*{_OPEN}\s*(?P<year>\d{{4}})\s*年?\s*{_CLOSE}\s*{_LIST}")
_ONE_SIDED = re.compile(
    rf"{_CODE}\s*(?:{_OPEN}\s*(?P<year>\d{{4}})\s*(?P<serials>\d{{1,4}})"
    rf"|(?P<year2>\d{{4}})\s*{_CLOSE}\s*(?P<serials2>\d{{1,5}}))\s*号"
)
_REPLACED = re.compile(rf"{_CODE}[,.? ]{{1,3}}(?P<year>\d{{4}})[,.? ]{{1,3}}(?P<serials>\d{{1,5}})\s*号")
_IN_WORDS = re.compile(rf"{_CODE}\s*\(?\s*(?P<year>\d{{4}})\s*年\s*第?\s*(?P<serials>\d{{1,5}})\s*号")
_DECREE = re.compile(rf"{_CODE}令\s*\(?\s*第?\s*(?P<serials>\d{{1,5}}|[〇○零一二三四五六七八九十百]{{1,9}})\s*号")

_LEAD_IN = re.compile(
    r".*(?:通知|意见|办法|方案|规定|决定|细则|批复|公告|通告|通报|依据|根据|按照|依照|遵照|关于|转发|印发|贯彻|落实|执行"
    r"|废止|修订|附件|文号|字号|编号)"
)
_AND = re.compile(r"(?<=号)[和及与]|(?<=号\))[和及与]")
_OWN_SERIES = ("公告", "通告", "令")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_NOT_ESSENTIAL = re.compile(r"[^0-9A-Za-z\u3007\u3400-\u9fff]")


@lru_cache(maxsize=2048)  # a line is asked about by whoever looks for heads, numbers, borders
def parse_doc_numbers(text: str) -> DocNumbers:
    """The document numbers in a value, a title or a short line of text. Never raises.

    A year outside 1949 to 2100 is no year: nothing is made of it. Decrees may count in Chinese numerals. A number that
    lost a bracket is looked for only where none has kept both."""
    copy = _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().replace("號", "号")
    if "号" not in copy:
        return _NOTHING
    copy = _AND.sub("、", copy)
    found = _decrees(copy)
    if found:  # numbers in brackets may stand beside them, and their codes must not reach into a decree
        copy = _DECREE.sub(lambda match: "|" * len(match[0]), copy)
    for rule in (_bracketed, _one_sided, _replaced, _in_words):
        if others := [one for one in rule(copy) if one.numbers]:
            found += others
            break
    found.sort(key=lambda one: one.at)
    numbers = dict.fromkeys(number for one in found for number in one.numbers)
    status = max((one.status for one in found), key=_CERTAINTIES.index, default=NumberStatus.UNPARSED)
    return DocNumbers(tuple(numbers), status)


def loose_key(text: str) -> str:
    """Every character that is no Han character, Latin letter or digit removed: 成办发200898号. Joins foreign data."""
    return _NOT_ESSENTIAL.sub("", unicodedata.normalize("NFKC", text))


_NOTHING = DocNumbers((), NumberStatus.UNPARSED)


def _bracketed(text: str) -> list[_Found]:
    return [
        _Found(match.start(), _make(match["code"], match["year"], _serials(match["serials"])), NumberStatus.OK)
        for match in _BRACKETED.finditer(text)
        if "号" in match["serials"]
    ]


def _one_sided(text: str) -> list[_Found]:
    found = []
    for match in _ONE_SIDED.finditer(text):
        serial = int(match["serials"] or match["serials2"])
        unsure = match["serials"] and serial >= 1000
        status = NumberStatus.AMBIGUOUS if unsure else NumberStatus.REPAIRED
        found.append(_Found(match.start(), _make(match["code"], match["year"] or match["year2"], [serial]), status))
    return found


def _replaced(text: str) -> list[_Found]:
    return [
        _Found(match.start(), _make(match["code"], match["year"], [int(match["serials"])]), NumberStatus.REPAIRED)
        for match in _REPLACED.finditer(text)
    ]


def _in_words(text: str) -> list[_Found]:
    return [
        _Found(
            match.start(),
            _make(match["code"], match["year"], [int(match["serials"])], in_brackets=False),
            NumberStatus.YEAR_WORD,
        )
        for match in _IN_WORDS.finditer(text)
    ]


def _decrees(text: str) -> list[_Found]:
    found = []
    for match in _DECREE.finditer(text):
        serial = match["serials"]
        if number := int(serial) if serial.isdecimal() else chinese_number(serial):
            decree = DocNumber(_code(match["code"]) + "令", 0, number, in_brackets=False)
            found.append(_Found(match.start(), [decree], NumberStatus.DECREE))
    return found


def _make(code: str, year: str, serials: list[int], in_brackets: bool = True) -> list[DocNumber]:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return []
    return [DocNumber(_code(code), int(year), serial, in_brackets) for serial in serials if serial]


def _code(text: str) -> str:
    """The issuer code at the end of ``text``, cut after the last word that leads in to a number.

    市人民政府办公室关于印发…方案的通知荆政办文 → 荆政办文; but 商务部公告 keeps its 公告, which is the series."""
    parts = text.split()
    spaced_out = len(parts[-1]) == 1 or parts[-1] in _OWN_SERIES  # 河 政 办 发; 商务部 公告
    code = "".join(parts) if spaced_out else parts[-1]
    lead_in = _LEAD_IN.match(code)
    return code[lead_in.end() :] if lead_in and lead_in.end() < len(code) else code


def _serials(text: str) -> list[int]:
    """2号、3号、5号 → 2, 3, 5; 12号-13号 → 12, 13. A range wider than a hundred is taken for its two ends."""
    found: list[int] = []
    for sign, digits in re.findall(r"([\-至~—]?)\s*第?\s*(\d+)", text):
        number = int(digits)
        if sign and found and 0 < number - found[-1] <= _WIDEST_RANGE:
            found.extend(range(found[-1] + 1, number))
        found.append(number)
    return found
