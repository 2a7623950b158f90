"""Lists that a page's scripts draw out of the page itself (portal-families.md sections 5.4 and 5.16).

武汉 writes each row with ``document.writeln``, from variables set just before; 湖州 keeps its rows as JSON in
``dataList``. Nothing is run here: literals and the last values of variables are put together, and the page is given
back as a browser would have it after its scripts.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any

from archive.reading.page import Page
from crawler.families.lists.printed import is_date
from crawler.families.lists.script import tokens

_SCRIPT = re.compile(r"(<script\b[^>]*>)(.*?)(</script\s*>)", re.DOTALL | re.IGNORECASE)
_JSON = re.compile(r"=\s*(?=[\[{])")
_DEEPEST = 20
_HEAD = 40  # tokens between ``function`` and its body, at most
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


def drawn(page: Page) -> Page | None:
    """The page with what its scripts write in their places; ``None`` if they write no link.

    What a function would write is left out: it is called from elsewhere, and seldom for the list."""
    values: dict[str, str] = {}

    def written(script: re.Match[str]) -> str:
        html = "\n".join(_Reader(script[2], values).written()) + _rows(script[2])
        return html if "<a " in html.lower() else script[0]

    text = _SCRIPT.sub(written, page.text)
    if text == page.text:
        return None
    return replace(page, headers=(("Content-Type", "text/html; charset=utf-8"),), body=text.encode("utf-8", "replace"))


class _Reader:
    """Follows a script's assignments and its ``document.write``, both branches of every ``if``. ``values`` are the
    variables so far, as text; they go on to the next script."""

    def __init__(self, source: str, values: dict[str, str]) -> None:
        self._tokens = [*tokens(source)]
        self._words = [token.text for token in self._tokens]
        self._values = values
        self._place = 0
        self._depth = 0  # of parentheses

    def written(self) -> Iterator[str]:
        words = self._words
        while self._place < len(words):
            here = self._place
            if words[here] == "function":
                self._place = words.index("{", here) if "{" in words[here : here + _HEAD] else here
                self._skip()
            elif words[here : here + 2] == ["document", "."] and words[here + 2 : here + 3] in (["write"], ["writeln"]):
                self._place += 3
                while self._place < len(words) and words[self._place] in ("(", ","):
                    self._place += 1
                    yield self._sum()
            elif (
                self._tokens[here].kind == "name" and words[here + 1 : here + 2] == ["="] != words[here + 2 : here + 3]
            ):
                self._place += 2
                self._values[words[here]] = self._sum()
            else:
                self._place += 1

    def _sum(self) -> str:
        """The text of ``term + term + …``."""
        text = self._term()
        while self._words[self._place : self._place + 1] == ["+"]:
            self._place += 1
            text += self._term()
        return text

    def _term(self) -> str:
        """A literal, or the value of a variable whatever is done to it (``title.substring(0, 30)``); else nothing."""
        word = self._words[self._place] if self._place < len(self._words) else ";"
        if word in (*_CLOSE, ",", ";"):
            return ""
        if word == "(":
            end = self._behind()
            self._place += 1
            self._depth += 1
            text = self._sum() if self._depth < _DEEPEST else ""
            self._depth -= 1
            self._place = end
            return text
        token = self._tokens[self._place]
        self._place += 1
        while self._words[self._place : self._place + 1] in (["."], ["("], ["["]):
            if self._words[self._place] == ".":
                self._place += 2
            else:
                self._skip()
        return self._values.get(token.text, "") if token.kind == "name" else str(token.value or "")

    def _skip(self) -> None:
        """Go behind the bracket that closes the one here."""
        self._place = self._behind()

    def _behind(self) -> int:
        depth = 0
        for place in range(self._place, len(self._words)):
            depth += (self._words[place] in _OPEN) - (self._words[place] in _CLOSE)
            if depth <= 0:
                return place + 1
        return len(self._words)


def _rows(source: str) -> str:
    """The records with a title and an address that stand as JSON in a script, as rows of a list."""
    found: list[str] = []
    place = 0
    while start := _JSON.search(source, place):
        try:
            value, place = json.JSONDecoder().raw_decode(source, start.end())
        except ValueError:
            place = start.end()
            continue
        for record in _records(value):
            day = next((text for text in record.values() if isinstance(text, str) and is_date(text)), "")
            link = f'<a href="{escape(record["url"])}">{escape(record["title"])}</a>'
            found.append(f"<li>{link}<span>{escape(day)}</span></li>")
    return f"<ul>{''.join(found)}</ul>" if found else ""


def _records(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("title", "url")):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _records(inner)
