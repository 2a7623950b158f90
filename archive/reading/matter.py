"""Stretches of a text that are no document: posts of a forum, what a search engine shows, the frame of a site that
shares files, forms in place of documents, the furniture of the page. Precision goes before recall: a page of a
government is its own by default."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from archive.reading.labels import ATTACHMENTS, LABELS, NOISE, simplified


class Matter(Enum):
    """What a line is, if it is no line of a document."""

    SNIPPET = auto()  # cut off in the middle of a sentence: …以及有关法律、法规,...
    POST = auto()  # of a forum
    SHARED = auto()  # - 格式:doc, - 文档页数:11: a site where files are shared
    BLANKS = auto()  # a form in one line, with dots for names
    FURNITURE = auto()


_CUT = re.compile(r"[\u4e00-\u9fff,，、；;](?:\.{3}|…)$")
_LONG = 40  # characters of a line before its end can be one that was cut off
_CALLS = re.compile(
    r"楼上的?(?:说|网友|朋友|兄弟|同学|回答|回复|电话|几位|那位)|问楼上|对楼上|楼主|顶一下|沙发[!！。]|木有|灌水|回帖|跟帖|水军"
)
_CALLING = ("楼", "顶一下", "沙发", "木有", "灌水", "回帖", "跟帖", "水军")  # a call has one, and they are faster found
_ASKS = re.compile(r"吗[?？]")
_MANY = 4  # questions in one line: a complaint, not a document
_SHARED = re.compile(
    r"[\s\-•·*]*(?:文档)?(?:格式|大小|页数|下载次数|上传者|上传时间|浏览次数|下载积分)\s*[:：]\s*\S{0,40}"
)
_HEAD = 8  # lines in which a site says of a file what it shares
_DOTS = re.compile(r"(?<!\.)\.{3,}(?!\.)\s*(?=[\u4e00-\u9fff，、《》])")
_MANY_DOTS = 4

_BUTTONS = (
    "文件正文", "正文", "用户登录", "联系我们", "返回顶部", "关闭本页", "关闭窗口", "打印本页", "我要打印", "我要纠错",
    "扫一扫在手机打开当前页", "网站地图", "设为首页", "加入收藏", "附件下载", "上一条", "下一条",
)  # fmt: skip
_LABELS = [word for word, name in LABELS.items() if name in (NOISE, ATTACHMENTS)]
_LONGEST_BUTTONS = 40


def _run_of(words: Iterable[str]) -> re.Pattern[str]:
    """One or more of the words and nothing else: programs glue the buttons of a page together."""
    by_length = sorted(words, key=len, reverse=True)
    return re.compile(rf"[\s•·|｜]*(?:(?:{'|'.join(map(re.escape, by_length))})[\s:：|｜]*)+")


_BEGIN_BUTTONS = frozenset(" •·|｜" + "".join(word[0] for word in _BUTTONS) + "關聯網設掃")
_BUTTONS_ONLY, _FURNITURE = _run_of(_BUTTONS), _run_of((*_BUTTONS, *_LABELS))
_FILE = re.compile(r".{1,120}\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?)", re.IGNORECASE)


def shared_head(lines: Sequence[str]) -> int:
    """How many lines at the top say that the text comes from a site where files are shared; 0 for none."""
    told = [at for at, line in enumerate(lines[:_HEAD]) if _SHARED.fullmatch(line)]
    return told[-1] + 1 if len(told) >= 2 else 0


def matters(lines: Sequence[str], text: str) -> dict[int, Matter]:
    """What is no line of a document, by its line, from 0. ``text``: the lines joined."""
    found: dict[int, Matter] = {}
    if "..." in text or "…" in text:
        found |= {at: what for at, line in enumerate(lines) if (what := _cut_or_blank(line))}
    if text.count("吗") >= _MANY or (any(word in text for word in _CALLING) and _CALLS.search(text)):
        found |= {at: Matter.POST for at, line in enumerate(lines) if _is_post(line)}
    for at, line in enumerate(lines):
        if len(line) <= _LONGEST_BUTTONS and line[:1] in _BEGIN_BUTTONS and _BUTTONS_ONLY.fullmatch(simplified(line)):
            found[at] = Matter.FURNITURE
    return found


def _cut_or_blank(line: str) -> Matter | None:
    if len(line) >= _LONG and line.endswith((".", "…")) and _CUT.search(line, len(line) - 4):
        return Matter.SNIPPET
    return Matter.BLANKS if "..." in line and len(_DOTS.findall(line)) >= _MANY_DOTS else None


def _is_post(line: str) -> bool:
    return bool(_CALLS.search(line)) or len(_ASKS.findall(line)) >= _MANY


def is_furniture(line: str) -> bool:
    """Whether a line is buttons and empty labels and nothing else: 返回顶部关闭本页, 上篇：, 附件："""
    return len(line) <= _LONGEST_BUTTONS and _FURNITURE.fullmatch(simplified(line)) is not None


def is_file_name(line: str) -> bool:
    """Whether a line is the name of a file."""
    return _FILE.fullmatch(line) is not None
