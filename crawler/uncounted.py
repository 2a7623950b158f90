"""Nobody reads Scrapy's statistics here: what is worth knowing of a run stands in its log, and in
``stats.json``."""

from scrapy.statscollectors import DummyStatsCollector


class NoStats(DummyStatsCollector):
    """Counts nothing. Scrapy's own wraps each of its methods, to warn of callers that are none of ours."""

    __getattribute__ = object.__getattribute__
