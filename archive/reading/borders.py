"""Where in a text another document begins.

A new document has a head of its own. Known heads: title and attributes as a law database prints them (【发文字号】…);
the head of a 公文 (GB/T 9704-2012: 发文机关标志, 发文字号, 标题, 主送机关), which must be answered by a signature or
say to whom it is sent; the title or the preface of an annual report of another year or organ. An annex has a title, but
no such head: it is no document of its own. A title that only stands in a list has neither addressee nor signature.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.reading import plain
from archive.reading.doc_number import parse_doc_numbers
from archive.reading.labels import simplified
from archive.reading.letterhead import SIGNED, SIGNER, is_number, numbers_of, organs_above
from archive.reading.matter import Matter, matters
from archive.reading.titles import ENDS, FIRST_HEADINGS, Report, is_letter, names, report, run_in
from archive.vocabulary import PartKind


@dataclass(frozen=True, slots=True)
class Border:
    """A line on which something begins. ``key``: what tells the same document again, its number or year and organ."""

    at: int
    kind: PartKind
    title: str = ""
    key: str = ""
    is_weak: bool = False  # counts only beside another head
    ends: int = 0  # first line behind it, of what is no document: what stood before goes on there


MOST = 500
"""Borders of one text. The fullest gazette has some sixty documents."""

_MOST_RUN_IN = 50
_LONGEST_ADDRESS = 200
_ADDRESSED = re.compile(
    r"(?:政府|局|委|办|部|部门|单位|公司|机构|院|会|厅|处|所|代表|委员|同志|先生|女士|中心|企业|银行|校|行|社|馆|站|区|县|市|州|旗|乡"
    r"|镇|街道)[)）]?\s*[:：]"
)
_DUTIES = re.compile(
    r"(?:责任|牵头|主办|承办|协办|配合|联系|发布|申报|填报|编制|采购|招标|建设|施工|监督|主管|实施|印发|抄送|申请|报送|来源)"
    r"[^，,：:]{0,4}[:：]"
)
_LETTERHEAD = re.compile(r"[\u4e00-\u9fff（）()\s]{4,40}(?:文\s?件|令)")
_SPACED = re.compile(r"(?:[\u4e00-\u9fff]\s){5,40}文\s件\s")
_ORGAN_OR_FRAGMENT = re.compile(r"关于.{2,}|[\u4e00-\u9fff（）()、\s]{4,80}(?:政府|办公室|办公厅|委员会|局|厅|部|院)")
_LONGEST_HEAD = 160  # characters of one of its lines
_BEHIND = 3  # lines between the parts of a head
_ABOVE = 3  # lines that a title may take
_ANNEX = re.compile(r"附\s*件\s*[0-9一二三四五六七八九十]{0,3}")
_ENCLOSED = re.compile(r"(?:附\s*[件:：]?\s*)?.{0,20}(?:提案|建议|来信|来函|议案|请示)(?:原文|全文|原件)\s*[:：]?")
_LONGEST_ENCLOSED = 30
_BLANK_YEAR = re.compile(r"_{2,}年|(?<!\d)(?:19|20)年|范本|样本|模板")
_SIGNS_OF_A_SUPPLIER = ("文章属性", "【", "正文", "文 件 ")
_RULED = re.compile(r"正文\s*[:：]?\s*-{3,}")


def find(lines: Sequence[str]) -> list[Border]:
    """The borders, in the order of the text; of several on one line the surest. At most :data:`MOST`."""
    text = "\n".join(lines)
    found = [*_supplied(lines)] if any(sign in text for sign in _SIGNS_OF_A_SUPPLIER) else []
    found += [*_heads(lines, text), *_enclosed(lines)]
    if "报告" in text or "報告" in text:
        found += _reports(lines)
    if any(text.count(first) > text.count(f"\n{first}") + text.startswith(first) for first in FIRST_HEADINGS):
        found += _run_in(lines)
    found += _matter(lines, text)
    if "附" in text:
        found += [Border(at, PartKind.ANNEX) for at, line in enumerate(lines) if is_annex(line)]
    by_line: dict[int, Border] = {}
    for border in found:
        by_line.setdefault(border.at, border)
    return [by_line[at] for at in sorted(by_line)[:MOST]]


def is_annex(line: str) -> bool:
    """Whether a line is 附件, with or without its number, and nothing else."""
    return len(line) < 8 and _ANNEX.fullmatch(line) is not None


def is_signed(lines: Sequence[str]) -> bool:
    """Whether an organ signs in the lines."""
    return _signed(lines, 0, len(lines))


def _supplied(lines: Sequence[str]) -> Iterator[Border]:
    """Title and attributes on one line, as law databases print them."""
    for at, line in enumerate(lines):
        if ("文章属性" in line or line.count("【") > 2 or ("正文" in line and _RULED.search(line))) and (
            title := plain.title(line)
        ):
            yield Border(at, PartKind.REPRINTED, title, title)
        elif "文 件 " in line and _SPACED.search(line):
            numbers = parse_doc_numbers(line[:200]).numbers
            yield Border(at, PartKind.REPRINTED, "", numbers[0].key if numbers else "")


# --- the head of a 公文


@dataclass(slots=True)
class _Head:
    start: int
    end: int  # first line behind it
    title: str = ""
    number: str = ""
    letterhead: bool = False
    addressed: bool = False


def _heads(lines: Sequence[str], text: str) -> Iterator[Border]:
    heads = list(_clusters(lines))
    bounds = [*(head.start for head in heads[1:]), len(lines)]
    for head, bound in zip(heads, bounds, strict=False):
        if (head.number and (head.addressed or head.letterhead)) or _signed(lines, head.end, bound):
            start = head.start - (head.start > 0 and is_annex(lines[head.start - 1]))
            yield Border(start, PartKind.REPRINTED, head.title, head.number)
    if text.count("号") + text.count("號") > 1:
        yield from _untitled(lines, heads)


def _untitled(lines: Sequence[str], heads: Sequence[_Head]) -> Iterator[Border]:
    """Documents that begin with their number, without a title in the text, and are signed: decrees, decisions.

    There must be two: the document of a page begins so on most portals, its title being the page's."""
    if sum("号" in line or "號" in line for line in lines) < 2:
        return
    taken = {at for head in heads for at in range(head.start, head.end)}
    numbers = [(at, number) for at, number in numbers_of(lines) if at not in taken]
    if len(numbers) < 2:
        return
    ends = sorted([*(at for at, _ in numbers), *(head.start for head in heads), len(lines)])
    signed = {
        number.key: at for at, number in reversed(numbers) if _signed(lines, at + 1, ends[bisect_right(ends, at)])
    }
    if len(signed) > 1:
        yield from (Border(at, PartKind.REPRINTED, "", key) for key, at in signed.items())


def _clusters(lines: Sequence[str]) -> Iterator[_Head]:
    """Runs of lines that are a head: a title with a number or an addressee."""
    end = 0
    lasts = [
        at
        for at, line in enumerate(lines)
        if len(line) <= _LONGEST_HEAD and (line[-1:] in ENDS or "号" in line or "號" in line)
    ]
    for at in lasts:
        line = lines[at]
        if at >= end and (is_number(line) or is_letter(line)):
            head = _cluster(lines, at)
            if head.title and (head.number or head.addressed):
                yield head
                end = head.end


def _cluster(lines: Sequence[str], at: int) -> _Head:
    """The head that the line belongs to, being a number or a title."""
    start = at
    while (
        start > 0
        and at - start < _ABOVE
        and _ORGAN_OR_FRAGMENT.fullmatch(lines[start - 1])
        and not _closes(lines, start - 1)
    ):
        start -= 1
    head = _Head(start, at, letterhead=start > 0 and _LETTERHEAD.fullmatch(lines[start - 1]) is not None)
    if head.letterhead:
        head.start -= 1
    pieces: list[str] = []
    here = start
    while here < len(lines):
        line = lines[here]
        if not head.number and is_number(lines[here]):
            head.number = _key(lines, here)
        elif not head.title and len(line) <= _LONGEST_HEAD and is_letter(line):
            head.title = "".join((*pieces, line))
            head.number = head.number or _key(lines, here)
        elif not head.title and _ORGAN_OR_FRAGMENT.fullmatch(line) and len(pieces) < _ABOVE:
            pieces.append(line)
        elif _LETTERHEAD.fullmatch(line) and not head.title:
            head.letterhead = True
        elif head.title and _is_addressed(line):
            head.addressed = True
            here += 1
            break
        elif not (head.title and line.startswith(("（", "(")) and len(line) <= 60):
            break  # a note below the title may stand between
        here += 1
    head.end = max(here, at + 1)
    return head


def _closes(lines: Sequence[str], at: int) -> bool:
    """Whether a line belongs to the signature above: an organ before its day, or a line that a day stands in."""
    return at + 1 < len(lines) and _is_day(lines[at + 1])


def _is_day(line: str) -> bool:
    return line.endswith("日") and len(line) <= 80 and SIGNED.fullmatch(simplified(line)) is not None


def _key(lines: Sequence[str], at: int) -> str:
    numbers = parse_doc_numbers(lines[at]).numbers
    return numbers[-1].key if numbers else ""


def _is_addressed(line: str) -> bool:
    if len(line) > _LONGEST_ADDRESS or line[-1:] not in ("：", ":") or "。" in line:
        return False
    text = simplified(line)
    found = _ADDRESSED.search(text, max(0, len(text) - 6))
    return found is not None and found.end() == len(text) and not _DUTIES.match(text)


def _signed(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether an organ, or the person who signs its decrees, signs between the two lines."""
    for at in range(start, end):
        found = SIGNED.fullmatch(simplified(lines[at])) if lines[at].endswith("日") and len(lines[at]) <= 120 else None
        if found and (found["organ"] or organs_above(lines, at) or (at > start and SIGNER.fullmatch(lines[at - 1]))):
            return True
    return False


def _enclosed(lines: Sequence[str]) -> Iterator[Border]:
    """What a reply answers, below it: 提案原文："""
    for at, line in enumerate(lines):
        if at and len(line) <= _LONGEST_ENCLOSED and ("原" in line or "全文" in line) and _ENCLOSED.fullmatch(line):
            title = lines[at + 1] if at + 1 < len(lines) and "。" not in lines[at + 1] else line
            yield Border(at, PartKind.REPRINTED, title.strip(":： "))


# --- reports, forms, and what is no document


def _reports(lines: Sequence[str]) -> Iterator[Border]:
    """Titles and prefaces of annual reports that cannot be the one before."""
    known: Report | None = None
    title_at = -_BEHIND
    for at, line in enumerate(lines):
        if (found := report(line)) is None:
            continue
        begins = known is not None and found.differs(known) and at - title_at > _BEHIND
        if begins or (known is None and found.is_title_line):
            yield Border(at, PartKind.REPRINTED, found.title, f"{found.year} {found.organ}")
        if begins or known is None:
            known = found
        if found.is_title_line:
            title_at = at


def _run_in(lines: Sequence[str]) -> Iterator[Border]:
    """A title that its first heading follows on the line: a form, or a document that nothing before it speaks of."""
    titles = ((at, title) for at, line in enumerate(lines) if (title := run_in(line)))
    for at, title in islice(titles, _MOST_RUN_IN):
        if _BLANK_YEAR.search(title):
            yield Border(at, PartKind.TEMPLATE, title)
        elif at and not any(names(before, title) for before in lines[:at]):
            yield Border(at, PartKind.REPRINTED, title, title, is_weak=True)


def _matter(lines: Sequence[str], text: str) -> Iterator[Border]:
    """Runs of lines that are of one kind, and no document."""
    found = matters(lines, text)
    starts = [at for at in sorted(found) if found.get(at - 1) is not found[at]]
    for start in starts:
        end = next(at for at in range(start, len(lines) + 1) if found.get(at) is not found[start])
        yield _no_document(found[start], start, end)


def _no_document(found: Matter, start: int, end: int) -> Border:
    if found is Matter.BLANKS:
        return Border(start, PartKind.TEMPLATE)
    kind = PartKind.FURNITURE if found is Matter.FURNITURE else PartKind.FOREIGN
    return Border(start, kind, ends=end)
