"""Values as portals write them → canonical form, by the kind of the field. Pure; an unusable value gives ``""``.

Vocabularies: 条例 art. 13 (公开方式), law databases (时效性, 效力级别; XP08 and XP10 are codes of a supplier).
"""

import re
import unicodedata
from functools import lru_cache

from archive.reading.dates import parse_date, parse_dates
from archive.reading.doc_number import NumberStatus, parse_doc_numbers
from archive.reading.fields import FIELDS, Kind
from archive.reading.labels import simplified

WORDS: dict[str, dict[str, str]] = {
    "disclosure_method": {
        "主动公开": "proactive",
        "主动": "proactive",
        "公开发布": "proactive",
        "依申请公开": "on_request",
        "依申请": "on_request",
        "不予公开": "not_disclosed",
        "不公开": "not_disclosed",
        "免予公开": "not_disclosed",
        "部分公开": "partial",
        "删减后公开": "partial",
    },
    "validity": {
        "现行有效": "in_force",
        "有效": "in_force",
        "是": "in_force",  # 是否有效：是
        "否": "repealed_or_expired",
        "01": "in_force",
        "失效": "expired",
        "已失效": "expired",
        "废止": "repealed",
        "已废止": "repealed",
        "废止或失效": "repealed_or_expired",
        "无效": "repealed_or_expired",
        "02": "repealed_or_expired",
        "已被修改": "amended",
        "已修改": "amended",
        "已修订": "amended",
        "03": "amended",
        "部分失效": "partly_expired",
        "部分废止": "partly_repealed",
        "尚未施行": "not_yet_in_force",
        "尚未生效": "not_yet_in_force",
    },
    "legal_level": {
        "法律": "law",
        "行政法规": "administrative_regulation",
        "部门规章": "ministry_rule",
        "地方性法规": "local_regulation",
        "地方政府规章": "local_government_rule",
        "地方规范性文件": "local_normative_document",
        "XP08": "local_normative_document",
        "地方工作文件": "local_working_document",
        "XP10": "local_working_document",
    },
    "disclosure_scope": {
        "面向全社会": "public",
        "面向社会": "public",
        "全社会": "public",
        "社会公众": "public",
        "面向申请人": "restricted",
        "特定群体": "restricted",
        "特定群众": "restricted",
    },
}
"""Field → word as written (simplified) → canonical word."""

LONGEST = 4000
"""Characters of a value that are kept; what is longer is a body that has lost its end."""

_SHORT = 100
_SHORTEST_INDEX = 5  # characters of an 索引号
_NULLS = frozenset(("", "无", "暂无", "null", "undefined", "none", "/", "\\", "."))
_DASHES = re.compile(r"[\s\-—–－_]+")
_SPACES = re.compile(r"\s+")
_TAGS = re.compile(r"<[^<>]{1,200}>")
_ORGAN_ENDS = re.compile(r"\s*[、；;,，|]\s*")
_SHORT_GOVERNMENT = re.compile(r"[\u4e00-\u9fff]{2,}(?:[省市县州旗乡镇]|(?<!新)(?<!发)(?<!理)区)政府")
_ITEM_ENDS = re.compile(r"[\s,，;；、|■]+")
_LEVEL_ENDS = re.compile(r"\s*(?:[\\/>＞»｜|]|-+>|>>)+\s*")
_WORKDAYS = re.compile(r"(\d{1,3})个?工作日")
_SITE_ID_CODE = re.compile(r"(?<![0-9A-Za-z])(?:\d{10}|bm\d{8})(?!\d)", re.IGNORECASE)  # GB/T 2260 division or ministry
_PERMANENT = ("长期", "常年", "永久", "长效")


def is_null(value: str) -> bool:
    """Whether a value says that there is none: empty, 无, 暂无, dashes, null, undefined, a lone slash."""
    return value.strip().lower() in _NULLS or _DASHES.fullmatch(value) is not None


def normalise(field: str, value: str) -> str:
    """The canonical form of ``value`` for the canonical ``field``, or ``""`` where it has none. Never raises."""
    return _short(field, value) if len(value) <= _SHORT else _canonical(field, value[:LONGEST])


def _canonical(field: str, value: str) -> str:
    return "" if is_null(value) else _BY_KIND[FIELDS[field].kind](field, value)


_short = lru_cache(maxsize=4096)(_canonical)  # what a page says of its site, its column and its day stands on many


def _text(_field: str, value: str) -> str:
    return _SPACES.sub(" ", value).strip()


def _title(_field: str, value: str) -> str:
    title = _text("", _TAGS.sub("", value))
    if title.startswith("【") and title.endswith("】") and title.count("【") == 1:
        title = title[1:-1].strip()
    title = title.rstrip("。")
    return "" if is_null(title) else title


def _code(field: str, value: str) -> str:
    code = _SPACES.sub("", unicodedata.normalize("NFKC", value))
    if field == "site_id_code":
        found = _SITE_ID_CODE.search(code)
        return found[0].lower() if found else ""
    if field == "index_number" and code.isdecimal() and len(code) < _SHORTEST_INDEX:
        return ""  # the place in a list: JSON calls that index too
    return code


def _organ(_field: str, value: str) -> str:
    return _full_name(_text("", value).strip("，,；;、。"))


def _full_name(organ: str) -> str:
    """成都市政府 → 成都市人民政府. 高新区, 开发区 and their like have no 人民政府."""
    return organ.removesuffix("政府") + "人民政府" if _SHORT_GOVERNMENT.fullmatch(organ) else organ


def _organs(_field: str, value: str) -> str:
    """Split at 、 and ；; at spaces only between full names, since a short part belongs to its neighbour."""
    organs: list[str] = []
    for part in _ORGAN_ENDS.split(_text("", value)):
        names = part.split(" ")
        organs += names if all(len(name) > 2 for name in names) else ["".join(names)]
    return "；".join(dict.fromkeys(map(_full_name, filter(None, organs))))


def _doc_number(_field: str, value: str) -> str:
    """Parsed, or as written where a label says that it is one and it looks like one: 公告第3号, JM-2020-6.

    Nothing if a lost bracket leaves several readings: 〔20196061号 may be 60、61号."""
    found = parse_doc_numbers(value)
    if found.status is NumberStatus.AMBIGUOUS:
        return ""
    if found.numbers:
        return "、".join(map(str, found.numbers))
    text = _text("", unicodedata.normalize("NFKC", value))
    return text if len(text) <= 60 and any(sign.isdecimal() for sign in text) else ""


def _date(_field: str, value: str) -> str:
    return parse_date(value).day


def _last_date(_field: str, value: str) -> str:
    days = [parsed.day for parsed in parse_dates(value) if parsed.day]
    return days[-1] if days else ""


def _word(field: str, value: str) -> str:
    word = simplified(_SPACES.sub("", unicodedata.normalize("NFKC", value))).strip("()[]【】。;,.").removeprefix("此件")
    return WORDS[field].get(word, "")


def _time_limit(_field: str, value: str) -> str:
    text = simplified(unicodedata.normalize("NFKC", value))
    if text.startswith(_PERMANENT):
        return "permanent"
    if days := _WORKDAYS.search(text):
        return f"workdays:{int(days[1])}"
    until = _last_date("", value)
    return f"until:{until}" if until else ""


def _list(_field: str, value: str) -> str:
    return "；".join(dict.fromkeys(filter(None, _ITEM_ENDS.split(value))))


def _path(_field: str, value: str) -> str:
    levels = [level for level in _LEVEL_ENDS.split(_text("", value)) if level and level != "首页"]
    return "\\".join(levels)


_BY_KIND = {
    Kind.TEXT: _text,
    Kind.TITLE: _title,
    Kind.CODE: _code,
    Kind.ORGAN: _organ,
    Kind.ORGANS: _organs,
    Kind.DOC_NUMBER: _doc_number,
    Kind.DATE: _date,
    Kind.LAST_DATE: _last_date,
    Kind.WORD: _word,
    Kind.TIME_LIMIT: _time_limit,
    Kind.LIST: _list,
    Kind.PATH: _path,
    Kind.DERIVED: _text,
}
