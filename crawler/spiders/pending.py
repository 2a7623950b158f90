"""Requests that are on their way: made, counted until they are answered, waited for."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import StorageError
from archive.events import Captured

Handle = Callable[..., Iterator[Request] | None]

logger = logging.getLogger(__name__)


class Pending:
    """Counts a spider's requests, so that it can wait for them. ``unanswered`` handles those that bring no answer."""

    def __init__(self, unanswered: Handle) -> None:
        self._unanswered = unanswered
        self._number = 0
        self._awaited = 0  # how many may be left when whoever waits goes on
        self._landed = asyncio.Event()
        self._handlers: dict[Handle, Callable[..., list[Request] | None]] = {}

    def request(self, url: str, context: Captured, callback: Handle, **more: Any) -> Request:
        """A request that is pending until its callback or errback has ended. Always asked for: the ledger, not
        Scrapy's filter, knows what was seen."""
        self._number += 1
        counted, errback = self._counted(callback), self._counted(self._unanswered)
        return Request(url, counted, errback=errback, dont_filter=True, meta={"context": context}, **more)

    def again(self, request: Request, url: str) -> Request:
        """The same request at another address; pending in its own right."""
        self._number += 1
        return request.replace(url=url)

    async def fewer(self, number: int) -> None:
        """Until fewer requests than this are pending. One may wait at a time."""
        while self._number >= number:
            self._awaited = number - 1
            self._landed.clear()
            await self._landed.wait()

    def _counted(self, handle: Handle) -> Callable[..., list[Request] | None]:
        """The handle, counted; the same for all its requests, since Scrapy looks into each callback that is new."""
        if handle not in self._handlers:
            self._handlers[handle] = self._counting(handle)
        return self._handlers[handle]

    def _counting(self, handle: Handle) -> Callable[..., list[Request] | None]:
        def handled(answer: Response | Failure, **kwargs: Any) -> list[Request] | None:
            try:
                following = handle(answer, **kwargs)
                return list(following) if following is not None else None
            except StorageError as error:  # the run has been told, and stops
                logger.error("%s", error)
                return None
            finally:
                self._number -= 1
                if self._number <= self._awaited:
                    self._landed.set()

        return handled
