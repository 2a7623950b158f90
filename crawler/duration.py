"""Spans of time as people write them: ``90s``, ``30m``, ``12h``, ``7d``, ``2w``, or several in a row, ``1h30m``."""

import re
from datetime import timedelta

NEVER = timedelta.max
"""``never``: not by itself."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WHOLE = re.compile(r"(?:[0-9]{1,6}[smhdw]){1,5}")
_PART = re.compile(r"([0-9]+)([smhdw])")


def parse(text: str) -> timedelta:
    """The span; :data:`NEVER` for ``never``. Raises ``ValueError`` for anything else, and for one of no length."""
    if text == "never":
        return NEVER
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is no span of time; write it as 12h, 1d or 7d")
    span = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in _PART.findall(text)), timedelta())
    if not span:
        raise ValueError(f"{text!r} is no time at all; write it as 12h, 1d or 7d")
    return span


def spell(span: timedelta) -> str:
    """For people: ``5 h``, ``2 h 13 min``, ``1 d 12 h``, ``40 s``."""
    if span == NEVER:
        return "never"
    seconds = round(span.total_seconds())
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(told[:2]) or "0 s"
