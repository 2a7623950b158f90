"""What practice portals share that answer in JSON: pages of a list, times, keys in another order; their details."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from archive.clock import CHINA
from crawler.practice.markup import file_page, lazily
from crawler.practice.model import Answer, Page, PracticeDocument

Object = dict[str, object]
_Row = TypeVar("_Row")


def as_json(value: object) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False), mime="application/json")


def page_of(rows: Sequence[_Row], number: str, size: int) -> Sequence[_Row]:
    """Page ``number``, counted from 1, as the request has it; what is no number means the first."""
    start = (max(int(number), 1) - 1) * size if number.isdecimal() else 0
    return rows[start : start + size]


def seconds(local: str) -> int:
    """``YYYY-MM-DD HH:MM`` or ``YYYY-MM-DD`` in China → Unix seconds."""
    return int(datetime.fromisoformat(local).replace(tzinfo=CHINA).timestamp())


def backwards(value: object) -> object:
    """The same JSON with the keys of each object in reverse order."""
    if isinstance(value, dict):
        return {key: backwards(item) for key, item in reversed(value.items())}
    return [backwards(item) for item in value] if isinstance(value, list) else value


def detail_pages(
    documents: Iterable[PracticeDocument],
    address: Callable[[PracticeDocument], str],
    file_address: Callable[[PracticeDocument, int], str],
    write: Callable[[PracticeDocument], str],
) -> dict[str, Page]:
    """Each document at its path, its files at theirs; a page is written when it is asked for."""
    pages: dict[str, Page] = {}
    for document in documents:
        pages[address(document)] = lazily(partial(write, document))
        for number, name in enumerate(document.attachments):
            pages[file_address(document, number)] = file_page(document, name)
    return pages
