"""When a document is asked for again, and when a failed entry is tried again. Pure.

A portal corrects what it has just published, and hardly ever what is years old: a document is rechecked when its age
has doubled, at ages of about 1, 2, 4, 8 … days. What failed is tried again after pauses that double as well, and at
last no more (codebases.md section 3: one archive fetched 760 pages without a text every night).
"""

from datetime import timedelta

from archive.clock import parse_stamp, stamp

SOONEST, LATEST = timedelta(days=1), timedelta(days=90)
"""Between two checks of a document."""

SOON = timedelta(hours=12)
"""After a sign that a document may be gone: due in the next night, whenever that begins."""

TRIES = 8
"""Failures in a row after which an entry is left alone, until its list says something new of it or a person asks."""

_EARLY = timedelta(hours=6)
"""Pauses are of nights, and a night may begin earlier than the one before."""


def next_check(document: str, at: str, origin: str) -> str:
    """When a document that was checked at ``at`` is due again; UTC time stamps.

    ``origin``: since when it has been as it is, a time stamp or a day, which may lack its last parts. What was
    published on one day is spread a little by the document's id, so that it does not come due in one night."""
    checked = parse_stamp(at)
    age = checked - parse_stamp(origin if "T" in origin else f"{(origin + '-01-01')[:10]}T00:00:00Z")
    spread = 0.75 + int(document[-4:], 16) / 0xFFFF / 4
    return stamp(checked + min(max(age, SOONEST), LATEST) * spread)


def soon(at: str) -> str:
    """When a document that may be gone is looked at again."""
    return stamp(parse_stamp(at) + SOON)


def next_try(at: str, failures: int) -> str | None:
    """When an entry that failed for the n-th time in a row is tried again; ``None``: not by itself."""
    if failures >= TRIES:
        return None
    return stamp(parse_stamp(at) + timedelta(days=1 << (failures - 1)) - _EARLY)
