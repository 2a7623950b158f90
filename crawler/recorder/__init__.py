"""What records the wire: download handlers that keep every exchange, byte for byte, before anybody reads it."""

from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from archive.errors import StorageError
from archive.warc.exchange import Recorder

_RECORDERS: WeakKeyDictionary[Crawler, Recorder] = WeakKeyDictionary()


def attach(crawler: Crawler, recorder: Recorder) -> None:
    """Let every exchange of ``crawler`` go to ``recorder``. To be called before its first request."""
    _RECORDERS[crawler] = recorder


def recorder_of(crawler: Crawler) -> Recorder:
    """The recorder of ``crawler``. Raises ``StorageError`` if there is none: nothing is fetched that is not kept."""
    try:
        return _RECORDERS[crawler]
    except KeyError:
        raise StorageError(
            "nothing was asked for, because this crawler has no recorder: call crawler.recorder.attach() first"
        ) from None
