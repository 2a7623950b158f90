"""JSON that carries a document: gkmlpt's ``DETAIL`` in a script of the page, or a JSON answer in place of a page."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from archive.reading.labels import API_NAMES

_DETAIL = re.compile(r"""\bDETAIL["']?\s*[:=]\s*(?=\{)""")
_CONTENT_KEYS = ("content", "contentHtml", "docClob")  # gkmlpt and NFCMS, UCAP, 金融监管总局
_FILE_LISTS = ("attachment", "attachments", "articleFiles")
_DECODER = json.JSONDecoder(strict=False)
_DEEPEST = 4
_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """``values`` are (name, value) with names of :data:`archive.reading.labels.API_NAMES`; ``content`` is HTML."""

    values: tuple[tuple[str, str], ...]
    content: str
    attachments: tuple[tuple[str, str], ...]  # (url as written, file name)


def in_script(script: str) -> JsonDocument | None:
    """The document in ``window._CONFIG = {… DETAIL: {…} …}``.

    The outer object is JavaScript, not JSON, and strings in it hold braces: so a JSON decoder starts at ``DETAIL``."""
    for found in islice(_DETAIL.finditer(script), _MOST_TRIES):
        try:
            data, _ = _DECODER.raw_decode(script, found.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            return _document(data)
    return None


def in_answer(text: str) -> JsonDocument | None:
    """The document in a JSON answer: the first object that holds a content, at most four levels down.

    ``None`` if ``text`` is not JSON; an empty document if it is and holds none."""
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    found = next(_with_content(data, 0), None)
    return _document(found or {})


def _with_content(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if any(isinstance(data.get(key), str) for key in _CONTENT_KEYS):
            yield data
        data = list(data.values())
    if isinstance(data, list) and depth < _DEEPEST:
        for item in data[:100]:
            yield from _with_content(item, depth + 1)


def _document(data: dict[str, Any]) -> JsonDocument:
    content = next((data[key] for key in _CONTENT_KEYS if isinstance(data.get(key), str)), "")
    values = tuple((name, _plain(data[name])) for name in data if name in API_NAMES and data[name] is not None)
    return JsonDocument(values, content, tuple(_files(data)))


def _plain(value: Any) -> str:
    return "；".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _files(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in _FILE_LISTS:
        items = data.get(key)
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                url = item.get("url") or f"{item.get('domainName') or ''}{item.get('filePath') or ''}"
                if url:
                    yield str(url), str(item.get("name") or item.get("fileName") or "")
