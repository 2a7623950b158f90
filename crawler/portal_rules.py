"""What a portal file may say. Pure: from parsed TOML to faults, each with its place, what is wrong, what is allowed."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any
from urllib.parse import urldefrag, urlsplit

from archive.ledger.tables import METADATA
from archive.urls import host, identity
from crawler import duration, families
from crawler.families.base import ColumnSpec

Rule = Callable[[object], str]
"""What is wrong with a value and what is allowed; the empty string if nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` is the key as one would write it: ``fetch.delay``, ``column 2: url``."""

    place: str
    what: str


def key_fault(key: str) -> str:
    """A portal's key is its file's name."""
    if re.fullmatch(r"[a-z][a-z0-9-]*", key):
        return ""
    return f"{key!r} cannot be a portal's key; name the file with a-z, 0-9 and -, a letter first, such as zhuhai.toml"


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """All faults of a portal file's content, in the order of the file's tables."""
    for name in data:
        if name not in _TABLES:
            yield Fault(name, _unknown(name, _TABLES, "table"))
    portal = data.get("portal")
    if not isinstance(portal, dict):
        yield Fault("portal", "is missing; a file starts with [portal], its name and its home")
    else:
        yield from _table("portal.", portal, _PORTAL, required=("name", "home"))
        if "division" not in portal and not str(portal.get("site_id_code", "")).startswith("bm"):
            yield Fault("portal.division", "is missing; the 行政区划代码 (only a ministry, site_id_code bm…, has none)")
    columns = data.get("column")
    if not isinstance(columns, list) or not columns or not all(isinstance(column, dict) for column in columns):
        yield Fault("column", "is missing; there must be at least one [[column]] with family and url")
        columns = []
    for number, column in enumerate(columns, 1):
        yield from _column(f"column {number}: ", column)
    yield from _collisions(columns)
    for name, rules in (("fetch", _FETCH), ("schedule", _SCHEDULE), ("expect", _EXPECT)):
        table = data.get(name, {})
        if isinstance(table, dict):
            yield from _table(f"{name}.", table, rules)
        else:
            yield Fault(name, f"must be a table: [{name}]")
    expect = data.get("expect", {})
    if isinstance(expect, dict) and "pause_until" in expect and "pause_reason" not in expect:
        yield Fault("expect.pause_reason", "is missing; a pause says why")


def is_loopback(place: str) -> bool:
    """Whether a host (with or without port) is this machine."""
    name = urlsplit(f"//{place}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _table(
    place: str, table: Mapping[str, Any], rules: Mapping[str, Rule], required: tuple[str, ...] = ()
) -> Iterator[Fault]:
    for name in required:
        if name not in table:
            yield Fault(place + name, "is missing")
    for name, value in table.items():
        if name not in rules:
            yield Fault(place + name, _unknown(name, tuple(rules), "key"))
        elif what := rules[name](value):
            yield Fault(place + name, what)


def _column(place: str, column: Mapping[str, Any]) -> Iterator[Fault]:
    family = column.get("family")
    own = families.FAMILIES[family].OPTIONS if isinstance(family, str) and family in families.FAMILIES else {}
    yield from _table(
        place, {k: v for k, v in column.items() if k not in families.FAMILIES}, _COLUMN, ("family", "url")
    )
    for name in families.FAMILIES:
        options = column.get(name)
        if options is None:
            continue
        if name != family:
            yield Fault(place + name, f"options of another family than this column's, {family!r}")
        elif not isinstance(options, dict):
            yield Fault(place + name, f"must be a table: [column.{name}]")
        else:
            yield from _table(f"{place}{name}.", options, own)


def _collisions(columns: list[dict[str, Any]]) -> Iterator[Fault]:
    """Columns that say the same twice, or whose keys would be one."""
    urls: dict[str, int] = {}
    keys: dict[str, tuple[int, str]] = {}
    for number, column in enumerate(columns, 1):
        url, family, key = (column.get(name, "") for name in ("url", "family", "key"))
        if _family(family) or not isinstance(key, str) or _url(url):
            continue
        page, fragment = urldefrag(url)
        first = urls.setdefault(f"{identity(page)}#{fragment}", number)
        if first != number:
            yield Fault(f"column {number}: url", f"is the url of column {first} already")
            continue
        own, catalogue = families.key_and_catalogue(ColumnSpec(family, url, key))
        other, known = keys.setdefault(own, (number, catalogue))
        if catalogue != known:
            yield Fault(f"column {number}: key", f"{own!r} is the key of column {other} already; give this one its own")


def _unknown(name: str, known: tuple[str, ...], what: str) -> str:
    close = get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known) or 'none'}"
    return f"is no {what} of a portal file here; {hint}"


# --- rules for single values ----------------------------------------------------------------------------------------


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else f"{value!r} must be text in quotes"


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else f"{value!r} must be true or false"


def _browser(value: object) -> str:
    return "" if value is True or value is False or value == "lists" else f'{value!r} must be true, false or "lists"'


def _url(value: object) -> str:
    what = f"{value!r} is no address; write it whole, such as http://www.zhuhai.gov.cn/gkmlpt/index"
    if not isinstance(value, str) or re.search(r"[\s<>\"]", value):
        return what
    try:
        parts = urlsplit(value)
        sound = parts.hostname and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:
        return what
    if parts.scheme not in ("http", "https"):
        return what if not parts.scheme or not parts.netloc else f"{value!r}: only http and https can be crawled"
    return "" if sound and host(value) else what


def _host_or_url(value: object) -> str:
    text = value if isinstance(value, str) else ""
    if not _url(text if "://" in text else f"http://{text}/") and (text.count("/") == 0 or "://" in text):
        return ""
    return f"{value!r} is neither an address nor a host name, such as zjj.zhuhai.gov.cn"


def _hosts(value: object) -> str:
    if not isinstance(value, list):
        return 'must be a list of addresses or host names, such as ["zjj.zhuhai.gov.cn"]'
    return "; ".join(what for item in value if (what := _host_or_url(item)))


def _matching(pattern: str, allowed: str) -> Rule:
    return lambda value: "" if isinstance(value, str) and re.fullmatch(pattern, value) else f"{value!r} is no {allowed}"


def _division(value: object) -> str:
    """A 行政区划代码 as GB/T 2260 builds it: two digits each of province, prefecture and county."""
    what = _matching(r"\d{6}", '行政区划代码; write six digits in quotes, such as "440400"')(value)
    code = str(value)
    if not what and not _PROVINCE.match(code):
        return f"{value!r} is no 行政区划代码: no province is {code[:2]}"
    if not what and code[2:4] == "00" != code[4:]:
        return f"{value!r} is no 行政区划代码: a county without its prefecture"
    return what


def _number(
    allowed: str, *, least: float, most: float = float("inf"), above: bool = False, whole: bool = False
) -> Rule:
    def rule(value: object) -> str:
        kinds = (int,) if whole else (int, float)
        good = isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value)
        if good and isinstance(value, (int, float)) and least <= value <= most and not (above and value == least):
            return ""
        return f"{value!r} must be {allowed}"

    return rule


def _day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return ""
    return f"{value!r} must be a day without quotes, such as 2027-03-01"


def _span(value: object) -> str:
    what = f'{value!r} is no span of time; write it in quotes, as "12h", "1d" or "7d"; "never": only by hand'
    try:
        return "" if isinstance(value, str) and duration.parse(value) else what
    except ValueError:
        return what


def _family(value: object) -> str:
    if isinstance(value, str) and value in families.FAMILIES:
        return ""
    close = get_close_matches(str(value), families.FAMILIES, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(families.FAMILIES)}"
    return f"{value!r} is no family; {hint}"


def _fill_min(value: object) -> str:
    if not isinstance(value, dict):
        return "must be a table of fields, such as { title = 1.0, doc_number = 0.4 }"
    share = _number("a share between 0 and 1", least=0, most=1)
    wrong = [f"{name}: {what}" for name, least in value.items() if name in _FILLED and (what := share(least))]
    for name in value:
        if name not in _FILLED:
            close = get_close_matches(name, _FILLED, 1)
            wrong.append(f"{name} is no field" + (f"; did you mean {close[0]}?" if close else ""))
    return "; ".join(wrong)


_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
"""The first two digits of every 行政区划代码 (GB/T 2260)."""

_FILLED = (*METADATA, "text")
_TABLES = ("portal", "column", "fetch", "schedule", "expect")
_PORTAL: Mapping[str, Rule] = {
    "name": _text,
    "home": _url,
    "division": _division,
    "site_id_code": _matching(r"\d{10}|bm\d{8}", "网站标识码; it has ten digits, or bm and eight digits, in quotes"),
    "hosts": _hosts,
    "unconfirmed": _flag,
}
_COLUMN: Mapping[str, Rule] = {
    "family": _family,
    "url": _url,
    "key": _text,
    "name": _text,
    "browser": _browser,
    "unconfirmed": _flag,
    "every": _span,
}
_FETCH: Mapping[str, Rule] = {
    "delay": _number("seconds, 0 or more", least=0),
    "timeout": _number("seconds, more than 0", least=0, above=True),
    "concurrency": _number("a whole number, 1 to 16", least=1, most=16, whole=True),
    "browser_hosts": _hosts,
    "verify": _flag,
    "tls_legacy": _flag,
}
_SCHEDULE: Mapping[str, Rule] = {"every": _span, "audit": _span, "budget": _span}
_EXPECT: Mapping[str, Rule] = {
    "entries_min": _number("a whole number, 0 or more", least=0, whole=True),
    "fill_min": _fill_min,
    "pause_until": _day,
    "pause_reason": _text,
}
