"""Requests on their way: counted until they are answered."""

import asyncio

import pytest
from scrapy import Request
from scrapy.http import Response

from archive.events import Captured
from archive.vocabulary import Role
from crawler.spiders.pending import Pending

CONTEXT = Captured("run", "portal", Role.DOCUMENT)
URL = "http://www.p.example/"


def test_requests_of_one_kind_share_their_callback() -> None:
    """Scrapy looks into the source of each callback that it has not met."""
    answers: list[Response] = []
    pending = Pending(lambda _failure: None)
    first, second = (pending.request(f"{URL}{number}", CONTEXT, answers.append) for number in (1, 2))
    other = pending.request(URL, CONTEXT, lambda _response: None)
    assert first.callback is second.callback is not other.callback
    assert first.errback is second.errback is other.errback


def test_who_waits_goes_on_when_few_enough_are_left() -> None:
    async def live() -> list[int]:
        pending = Pending(lambda _failure: None)
        requests = [pending.request(f"{URL}{number}", CONTEXT, lambda _response: None) for number in range(5)]
        left = []

        async def wait(number: int) -> None:
            await pending.fewer(number)
            left.append(len(requests))

        waiting = asyncio.ensure_future(wait(3))
        while requests:
            await asyncio.sleep(0)
            if waiting.done():
                break
            answer(requests.pop())
        await pending.fewer(3)  # at once
        rest = asyncio.ensure_future(wait(1))
        while requests:
            answer(requests.pop())
        await asyncio.wait_for(rest, 5)
        return left

    assert asyncio.run(live()) == [2, 0]


def test_a_request_is_done_with_even_if_its_handler_fails() -> None:
    def fail(_response: Response) -> None:
        raise ValueError("a bug")

    async def live() -> None:
        pending = Pending(lambda _failure: None)
        request = pending.request(URL, CONTEXT, fail)
        with pytest.raises(ValueError, match="a bug"):
            answer(request)
        await asyncio.wait_for(pending.fewer(1), 5)

    asyncio.run(live())


def answer(request: Request) -> None:
    assert callable(request.callback)
    request.callback(Response(request.url))
