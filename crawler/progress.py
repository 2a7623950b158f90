"""How a manual run goes, in one line: listed, fetched, new, changed, failed, time left."""

import time
from typing import TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from archive.ledger import questions


class Progress:
    """Prints a line every second on a terminal, every half minute elsewhere."""

    def __init__(self, crawler: Crawler, stream: TextIO) -> None:
        self._crawler, self._stream = crawler, stream
        self._tty = stream.isatty()
        self._begun = time.monotonic()
        self._loop = LoopingCall(self._tell)

    @classmethod
    def watch(cls, crawler: Crawler, stream: TextIO | None) -> None:
        """Follow a crawler until it closes; does nothing without a stream."""
        if stream is None:
            return
        progress = cls(crawler, stream)
        # Strong references: Scrapy's signals hold their receivers weakly.
        crawler.signals.connect(progress._open, signals.spider_opened, weak=False)
        crawler.signals.connect(progress._close, signals.spider_closed, weak=False)

    def _open(self) -> None:
        self._loop.start(1 if self._tty else 30, now=False)

    def _close(self) -> None:
        if self._loop.running:
            self._loop.stop()
        if self._tty:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _tell(self) -> None:
        run = getattr(self._crawler.spider, "run", None)
        if run is None or not run.started_at:
            return
        line = text(questions.run_counts(run.ledger, run.id, run.portal.key), time.monotonic() - self._begun)
        self._stream.write(f"\r\x1b[K{run.portal.key}: {line}" if self._tty else f"{run.portal.key}: {line}\n")
        self._stream.flush()


def text(counts: questions.RunCounts, seconds: float) -> str:
    """The progress line for counts that were reached after so many seconds."""
    asked = counts.fetched + counts.failed
    left = _spell(seconds / asked * counts.waiting) if asked and counts.waiting else "-"
    return (
        f"listed {counts.listed}, fetched {counts.fetched}, new {counts.new}, changed {counts.changed}, "
        f"failed {counts.failed}, waiting {counts.waiting}, time left {left}"
    )


def _spell(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else "under 1 min"
