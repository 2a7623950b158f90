"""The program with a newer reader, for tests: ``python -m tests.reread.newer COMMAND…``; without words, its worker.

``GONGKAI_TEST_KILL=N``: the program is killed when it writes its N-th span of facts."""

import hashlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from archive.events import CatalogueRow
from archive.intake import scribe, spans, workers
from archive.reading import model
from archive.reading.model import Reading
from archive.reading.page import Page

NAME = "test/next"
POISON = "毒"


def newer(read: Callable[[Page, CatalogueRow | None], Reading]) -> Callable[[Page, CatalogueRow | None], Reading]:
    """The present reader, but that it names a genre, sees no 文号, and dies over one page."""

    def reader(page: Page, row: CatalogueRow | None) -> Reading:
        if POISON.encode() in page.body:
            os.kill(os.getpid(), signal.SIGSEGV)
        reading = read(page, row)
        fields = {name: value for name, value in reading.fields if not name.startswith("doc_number")}
        digest = hashlib.sha256(f"next {reading.content_digest}".encode()).hexdigest()
        fields |= {"genre": "通知"}
        return replace(reading, fields=tuple(fields.items()), content_digest=digest, reader=NAME)

    return reader


def _dies(write: Callable[..., None], spans_left: int) -> Callable[..., None]:
    def written(*args: Any, **kwargs: Any) -> None:
        nonlocal spans_left
        spans_left -= 1
        if not spans_left:
            os.kill(os.getpid(), signal.SIGKILL)
        write(*args, **kwargs)

    return written


if __name__ == "__main__":
    if sys.argv[1:]:
        from crawler.cli import main

        workers.MODULE = "tests.reread.newer"
        model.READER = NAME
        if number := os.environ.get("GONGKAI_TEST_KILL"):
            scribe.Scribe.write = _dies(scribe.Scribe.write, int(number))  # type: ignore[method-assign]
        main()
    else:
        spans.read = newer(spans.read)
        workers.main()
