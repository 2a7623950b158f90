"""What the title of a document looks like where no markup tells: a line that ends in what the document is.

The fifteen kinds of 公文 are those of 党政机关公文处理工作条例 (中办发〔2012〕14号) art. 8; what they issue ends in
办法, 方案 …; reports give their title in their first sentence too: 现公布某市人民政府2020年政府信息公开工作年度报告.
"""

import re
from dataclasses import dataclass

from archive.reading.labels import simplified

_TAIL = r"(?:\s*[（(][^（()）]{2,40}[)）])?[。.]?"


def _ends(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


class _Ending:
    """A title that ends in one of some words; a note in brackets may stand behind them."""

    def __init__(self, words: str) -> None:
        self._words = tuple(words.split())
        self._least = 4 + max(map(len, self._words))
        self._pattern = re.compile(rf"[^。；;：:，,\t]{{4,}}(?:{_ends(words)}){_TAIL}")

    def fits(self, line: str) -> bool:
        """What the pattern says of a whole line without 。，：, and ：; it is asked only where brackets may matter."""
        core = line[:-1] if line[-1] in "。." else line
        if len(core) < self._least or core[-1] in ")）":
            return self._pattern.fullmatch(line) is not None
        return core.endswith(self._words) and not any(sign in core for sign in "；;\t")


_LETTERS = (
    "决议 决定 命令 令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要 答复 提案 建议 决定书 通知书 告知书"
)
_ISSUED = "办法 规定 规则 细则 条例 方案 计划 要点 规划 指南 制度 说明 安排"
_LONGEST = 150

_BEGINS_A_PART = re.compile(
    r"附[件表：:]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|第.{1,4}[条章节部]|《[^》]*》$|[•·●\-]"
)
ENDS = frozenset(
    "）)。." + "".join(word[-1] for word in f"{_LETTERS} {_ISSUED}".split()) + "議報見復請書則細條劃辦"
)  # with their traditional forms
_LETTER = _Ending(_LETTERS)
_ANY = _Ending(f"{_LETTERS} {_ISSUED}")
FIRST_HEADINGS = ("一、", "第一章")
"""How the first heading of a text begins."""

_RUN_IN = re.compile(
    rf"(?P<title>[^\s，,。:：;；、（(]{{6,80}}?(?:{_ends(f'{_LETTERS} {_ISSUED} 范本 样本 模板')}))(?=一、|第一章)"
)
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_ORGAN_BEFORE = re.compile(r"^[^关]{2,40}?(?=关于|转发|印发|批转)")
_PASSES_ON = re.compile("转发|批转|翻印|传达")
_COLLECTION = re.compile("公报|汇编|选编|合集|合订本|文件集")
_CORE, _SHORTEST_CORE = 12, 6  # characters at the end of a title by which it is known
_ALIKE = 0.6  # of the pairs of characters of the shorter title
_NOT_OF_A_WORD = re.compile(r"[^\w]")

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_REPORT = r"(?:政府)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?报告"
_REPORT_TITLE = re.compile(
    rf"(?P<before>[^。，,：:]{{0,40}}?){_YEAR}年?(?:度)?(?P<after>[^。，,：:]{{0,30}}?){_REPORT}[。.]?"
)
_GOVERNMENT = re.compile(r"(?:人民)?政府$")
_PREFACE = re.compile(
    rf"现(?:将|予以?)?(?:公布|发布|公开)?(?P<before>[^。，,：:]{{0,60}}?){_YEAR}年(?:度)?[^。，,：:]{{0,30}}?信息公开[^。，,：:]{{0,8}}?年度报告"
)


def is_letter(line: str) -> bool:
    """Whether a line is the title of something that is sent or made known under a number: 通知, 公告, 复函 …"""
    return _fits(_LETTER, line)


def is_title(line: str) -> bool:
    """Whether a line is the title of such a document, or of what one issues: 办法, 方案 …"""
    return _fits(_ANY, line)


def _fits(ending: _Ending, line: str) -> bool:
    if not 6 <= len(line) <= _LONGEST or line[-1] not in ENDS or "，" in line or "：" in line:
        return False
    if "。" in line[:-1] or "," in line or ":" in line:
        return False
    line = simplified(line)
    return not _BEGINS_A_PART.match(line) and ending.fits(line)


def run_in(line: str) -> str:
    """The title that a line begins with, if its first heading follows at once: 某局工作方案一、总体要求…; or ``""``."""
    found = _RUN_IN.match(line) if any(line.find(first, 6, 100) > 0 for first in FIRST_HEADINGS) else None
    return found["title"] if found else ""


@dataclass(frozen=True, slots=True)
class Report:
    """An annual report by its title line or by the preface that names it; ``organ`` is empty where it is not said."""

    year: str
    organ: str
    title: str
    is_title_line: bool

    def differs(self, other: "Report") -> bool:
        """Whether the two cannot be the same report."""
        return self.year != other.year or bool(self.organ and other.organ and self.organ != other.organ)


def report(line: str) -> Report | None:
    """The annual report (政府信息公开工作年度报告) that a line is the title or the preface of."""
    if "年" not in line or ("报告" not in line and "報告" not in line):
        return None
    text = simplified(line)
    if len(text) <= _LONGEST and (found := _REPORT_TITLE.fullmatch(text)) and not _BEGINS_A_PART.match(text):
        organ = _GOVERNMENT.sub("", found["before"] or found["after"])
        return Report(found["year"], organ, line.rstrip("。."), True)
    if "报告" in text and (found := _PREFACE.search(text)):
        title = _BRACKETS.sub("", line[found.start("before") : found.end()])
        return Report(found["year"], _GOVERNMENT.sub("", _BRACKETS.sub("", found["before"])), title, False)
    return None


def alike(page: str, title: str) -> bool:
    """Whether a title in the text can be the title of the page: portals shorten and reword.

    Never the title of what is passed on for that of the notice that passes it on, nor a document for its gazette."""
    if bool(_PASSES_ON.search(page)) != bool(_PASSES_ON.search(title)) or is_collection(page):
        return False
    ours, theirs = _pairs(page), _pairs(title)
    return bool(ours and theirs) and len(ours & theirs) >= _ALIKE * min(len(ours), len(theirs))


def is_collection(page: str) -> bool:
    """Whether the title of a page is that of a gazette or another collection of documents."""
    return bool(_COLLECTION.search(page)) and "关于" not in page


def names(text: str, title: str) -> bool:
    """Whether a text speaks of a document by its title: what issues it or passes it on does.

    Annual reports share their title with all others."""
    core = title.rpartition("关于")[2].strip("《》的。")[-_CORE:]
    return len(core) >= _SHORTEST_CORE and core in text and report(title) is None


def _pairs(title: str) -> set[str]:
    core = _NOT_OF_A_WORD.sub("", _ORGAN_BEFORE.sub("", _BRACKETS.sub("", simplified(title))))
    return {core[at : at + 2] for at in range(len(core) - 1)}
