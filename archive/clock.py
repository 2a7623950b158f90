"""Time, in one place, so that a test can set it. Instants are UTC; dates are China's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1992

Clock = Callable[[], datetime]


def _machine() -> datetime:
    return datetime.now(UTC)


_source: Clock = _machine


def now() -> datetime:
    """The present instant, aware, UTC."""
    return _source()


@contextmanager
def running(clock: Clock) -> Iterator[None]:
    """Take the time from ``clock`` within the block, in the whole process: a test lives through nights in seconds."""
    global _source
    before, _source = _source, clock
    try:
        yield
    finally:
        _source = before


@lru_cache(maxsize=64)  # the records of an exchange share their date
def stamp(instant: datetime) -> str:
    """UTC ISO 8601 with microseconds, as WARC-Date and the database want it: ``2026-11-22T06:04:23.000001Z``."""
    at_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return at_utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


def parse_stamp(text: str) -> datetime:
    """The inverse of :func:`stamp`; also accepts whole seconds. Raises ``ValueError``."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def file_stamp(instant: datetime) -> str:
    """UTC time as it stands in file names and run ids: ``20261122T060423Z``."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def china_date(epoch_seconds: float) -> str:
    """The day in China at a Unix time, ``YYYY-MM-DD``: 1630512000 is 2021-09-02, though still the 1st in UTC."""
    return datetime.fromtimestamp(epoch_seconds, CHINA).strftime("%Y-%m-%d")
