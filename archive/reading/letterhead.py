"""What the body text itself says of the document: its number under the title, its signature, the note （此件公开发布）.

Layout of a 公文: GB/T 9704-2012. The signature names the organs, then the day of signing, which is the 成文日期.
"""

import re
from collections.abc import Iterator, Sequence

from archive.reading.dates import parse_date
from archive.reading.doc_number import parse_doc_numbers
from archive.reading.pairs import Pair
from archive.vocabulary import Source

_HEAD, _TAIL = 12, 15  # lines
_LONGEST_NUMBER = 40
_LONGEST_NOTE = 60  # a signature may stand before it on the same line
_WHITE = re.compile(r"\s+")
_DATE = (
    r"(?P<date>[12]\d{3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|[二一][〇○◯零OＯ0一二三四五六七八九]{3}年[十一二三四五六七八九]{1,3}月[十一二三四五六七八九]{1,3}日)"
)
_ORGAN = (
    r"(?P<organ>[\u4e00-\u9fff（）()、\s]{2,60}?(?:政府|办公室|办公厅|委员会|局|厅|部|院|署|处|会|中心|公司|学校|大学|法院"
    r"|指挥部|领导小组|街道办事处|银行))"
)
_SIGNED = re.compile(rf"(?:{_ORGAN})?\s*{_DATE}")
_ORGAN_LINE = re.compile(_ORGAN)
_NOTE = re.compile(r"[（(]\s*(此件[^（()）]{2,12}?)\s*[）)]")


def statements(text: Sequence[str]) -> Iterator[Pair]:
    """The pairs in the lines of a body text; their labels are the terms of the parts: 发文字号, 落款, 附注."""
    for line in text[:_HEAD]:
        if _is_number(line):
            yield Pair("doc_number", "发文字号", line, Source.BODY)
            break
    yield from _signature(text)
    for line in text:
        if len(line) <= _LONGEST_NOTE and "此件" in line and (note := _NOTE.search(line)):
            yield Pair("disclosure_method", "附注", note[1], Source.BODY)
            break


def _is_number(line: str) -> bool:
    """Whether a line holds a document number and nothing else."""
    if len(line) > _LONGEST_NUMBER or "号" not in line:
        return False
    numbers = parse_doc_numbers(line).numbers
    return len(numbers) == 1 and len(_WHITE.sub("", line)) <= len(str(numbers[0])) + 3


def _signature(text: Sequence[str]) -> Iterator[Pair]:
    for at in range(len(text) - 1, max(-1, len(text) - 1 - _TAIL), -1):
        line = text[at].strip()
        signed = _SIGNED.fullmatch(line) if line.endswith("日") else None
        if signed is None or not parse_date(signed["date"]).day:
            continue
        organs = [signed["organ"]] if signed["organ"] else _organs_above(text, at)
        if organs:
            yield Pair("issuer", "落款", "；".join(organs), Source.BODY)
        yield Pair("date_made", "落款", signed["date"], Source.BODY)
        return


def _organs_above(text: Sequence[str], at: int) -> list[str]:
    organs: list[str] = []
    while at > 0 and len(organs) < 10 and _ORGAN_LINE.fullmatch(text[at - 1].strip()):
        organs.insert(0, text[at - 1].strip())
        at -= 1
    return organs
