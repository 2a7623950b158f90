"""What the body text itself says of the document: its number, the note below its title (题注), its signature, the note
（此件公开发布）.

Layout of a 公文: GB/T 9704-2012. The signature names the organs, then the day of signing, which is the 成文日期; a
decree (令) is signed by a person. Of two signatures the first counts: behind it stands what is issued or passed on,
signed by others. A 题注 says when and by whose decree a law or rule was promulgated, and from when on it is in force.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from archive.reading.dates import parse_date
from archive.reading.doc_number import DocNumber, parse_doc_numbers
from archive.reading.labels import simplified
from archive.reading.pairs import Pair
from archive.vocabulary import Source

_HEAD, _TAIL = 12, 15  # lines
_LONGEST_NUMBER = 40
_LONGEST_NOTE = 60  # a signature may stand before it on the same line
_LONGEST_STATEMENT = 200  # a 题注 or a signature
_TITLE = 5  # lines that a title and the day below it may take
_WHITE = re.compile(r"\s+")
DAY = (
    r"(?:[12]\d{3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|[二一][〇○◯零OＯ0一二三四五六七八九]{3}年[十一二三四五六七八九]{1,3}月[十一二三四五六七八九]{1,3}日)"
)
_ORGAN = (
    r"(?P<organ>[\u4e00-\u9fff（）()、\s]{2,60}?(?:政府|办公室|办公厅|委员会|局|厅|部|院|署|处|会|中心|公司|学校|大学|法院"
    r"|指挥部|领导小组|街道办事处|银行))"
)
SIGNED = re.compile(rf"\s*(?:{_ORGAN})?\s*(?P<date>{DAY})\s*")
"""A signature on one line, or its day."""

_ORGAN_LINE = re.compile(_ORGAN)
SIGNER = re.compile(
    r"\S{0,20}?(?:总\s*理|主\s*席|委员长|(?:部|省|市|州|县|区|局|厅|署|行|院|会)\s*长|主\s*任)[\s:：]\s*\S{1,4}(?:\s+\S{1,4})?"
)
_UNDER_TITLE = re.compile(rf"(?P<organ>)\s*[（(]\s*(?P<date>{DAY})\s*[)）]")
_RED_HEAD = re.compile(rf"{_ORGAN}文件")
_NOTE = re.compile(r"[（(]\s*(此件[^（()）]{2,12}?)\s*[）)]")

_SERIES_ENDS = ("令", "公告", "通告")
_DAY_ENDS = ("日", "日）", "日)")
_BETWEEN = r"[\s，,；;（()）]"  # what parts the clauses of a 题注
_CLAUSE, _CLAUSE_ENDS = rf"(?:^|(?<={_BETWEEN}))", rf"(?={_BETWEEN}|$)"
_NOTE_BEGINS = re.compile(rf"[（(]?\s*自?\s*{DAY}")
_PROMULGATED = re.compile(
    rf"{_CLAUSE}(?P<date>{DAY})\s*(?P<number>[^\s，,；;。]{{2,40}}号)\s*(?:公布|发布|颁布)?{_CLAUSE_ENDS}"
)
_EFFECTIVE = re.compile(rf"{_CLAUSE}自\s*(?P<date>{DAY})\s*起?(?:施行|实施|生效){_CLAUSE_ENDS}")


def statements(text: Sequence[str]) -> Iterator[Pair]:
    """The pairs in the lines of a body text; their labels are the terms of the parts: 发文字号, 题注, 落款, 附注."""
    head = [line.strip() for line in text[:_HEAD]]
    numbers = list(_number(head))
    yield from numbers
    yield from _note_below_title(head, numbers[0].value if numbers else "")
    yield from _signature(text)
    yield from _red_head(head)
    for line in text:
        if len(line) <= _LONGEST_NOTE and "此件" in line and (note := _NOTE.search(line)):
            yield Pair("disclosure_method", "附注", note[1], Source.BODY)
            break


def _number(head: Sequence[str]) -> Iterator[Pair]:
    """A line that is a number and nothing else. Series and number may stand on a line each: …部令, 第41号."""
    for _, written, _ in _numbers(head):
        yield Pair("doc_number", "发文字号", written, Source.BODY)
        return


def numbers_of(text: Sequence[str]) -> Iterator[tuple[int, DocNumber]]:
    """Each line that is a number and nothing else, or the series of one that the next line gives; counted from 0."""
    return ((at, number) for at, _, number in _numbers(text))


def _numbers(text: Sequence[str]) -> Iterator[tuple[int, str, DocNumber]]:
    for at, (line, following) in enumerate(zip_longest(text, text[1:], fillvalue="")):
        whole = line + following if line.endswith(_SERIES_ENDS) and following.endswith("号") else line
        if is_number(whole) and not _NOTE_BEGINS.match(whole):
            yield at, whole, parse_doc_numbers(whole).numbers[0]


def _red_head(head: Sequence[str]) -> Iterator[Pair]:
    """The organ of 某市人民政府文件, above the number (发文机关标志); the signature comes before it."""
    for line, *following in zip(head, head[1:], head[2:], strict=False):
        if (
            line.endswith("文件")
            and (found := _RED_HEAD.fullmatch(simplified(line)))
            and any(map(is_number, following))
        ):
            yield Pair("issuer", "发文机关标志", line[: found.end("organ")], Source.BODY)
            return


def is_number(line: str) -> bool:
    """Whether a line holds a document number and nothing else, brackets around it apart."""
    if len(line) > _LONGEST_NUMBER or not ("号" in line or "號" in line):
        return False
    numbers = parse_doc_numbers(line).numbers
    return len(numbers) == 1 and len(_WHITE.sub("", line)) <= len(str(numbers[0])) + 3


def _note_below_title(head: Sequence[str], number: str) -> Iterator[Pair]:
    """（2021年10月30日证监会令第187号公布 自2021年11月15日起施行）, on one line or a clause a line.

    The days of other clauses (…通过, 根据…修订) are no promulgation. Below a decree with a ``number`` of its own, the
    note of what it amends names the decree that first promulgated that: it says nothing of this one."""
    promulgated = None
    for line in head:
        if not _NOTE_BEGINS.match(line) or len(line) > _LONGEST_STATEMENT or "。" in line:
            continue
        if promulgated is None and (promulgated := _PROMULGATED.search(line)):
            if number and _serials(number) != _serials(promulgated["number"]):
                return
            yield Pair("doc_number", "题注", promulgated["number"], Source.BODY)
            yield Pair("date_promulgated", "题注", promulgated["date"], Source.BODY)
        if promulgated and (effective := _EFFECTIVE.search(line)):
            yield Pair("date_effective", "题注", effective["date"], Source.BODY)
            return


def _serials(number: str) -> list[tuple[int, int]]:
    """Year and serial of each number: 中国证监会令 and 证监会令 are one series."""
    return [(found.year, found.serial) for found in parse_doc_numbers(number).numbers]


def _signature(text: Sequence[str]) -> Iterator[Pair]:
    last = ""
    for at, written in enumerate(text):
        if not written.endswith(_DAY_ENDS) or len(written) > _LONGEST_STATEMENT or "\t" in written:
            continue  # among them the rows of tables
        line = simplified(written)
        signed = SIGNED.fullmatch(line) or (_UNDER_TITLE.fullmatch(line) if at < _TITLE else None)
        if signed is None or not parse_date(signed["date"]).day:
            continue
        start, end = signed.span("organ")
        organs = [written[start:end]] if start < end else organs_above(text, at)
        if organs:
            yield Pair("issuer", "落款", "；".join(organs), Source.BODY)
        if organs or signed.re is _UNDER_TITLE or _ends_a_letter(text, at):
            yield Pair("date_made", "落款", signed["date"], Source.BODY)
            return
        if at >= len(text) - _TAIL:
            last = signed["date"]
    if last:
        yield Pair("date_made", "落款", last, Source.BODY)


def _ends_a_letter(text: Sequence[str], at: int) -> bool:
    """Whether the day on a line in the head, signed by no organ, is a signature: of a person, or below the last
    sentence of a covering letter, which the title of what it covers follows."""
    if not 0 < at < _HEAD:
        return False
    above, below = text[at - 1].strip(), text[at + 1].strip() if at + 1 < len(text) else ""
    return bool(SIGNER.fullmatch(above)) or (above.endswith("。") and not below.endswith("。"))


def organs_above(text: Sequence[str], at: int) -> list[str]:
    """The organs that sign, a line each, above the day on line ``at``."""
    organs: list[str] = []
    while at > 0 and len(organs) < 10 and _ORGAN_LINE.fullmatch(simplified(text[at - 1].strip())):
        organs.insert(0, text[at - 1].strip())
        at -= 1
    return organs
