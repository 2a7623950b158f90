"""Object literals of inline scripts as values: what a page's own script sends to a service.

JavaScript, not JSON: names without quotes, quotes of either kind, variables. A part that would have to be computed is
:data:`COMPUTED`; whoever takes the literal decides whether it can do without.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from crawler.families.lists.script import Token, Value


class _Computed(Enum):
    COMPUTED = "computed"


COMPUTED = _Computed.COMPUTED
"""Stands for a value that only a browser knows."""

_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "undefined": None}


def objects(stream: Sequence[Token], name: str, variables: Mapping[str, Value]) -> Iterator[dict[str, object]]:
    """The objects in which a property of this name stands directly. ``variables``: names whose value is known."""
    for place, token in enumerate(stream[:-1]):
        if name in (token.text, token.value) and stream[place + 1].text == ":":
            value, _ = _Reader(stream, variables).expression(_opening(stream, place))
            if isinstance(value, dict):
                yield value


def _opening(stream: Sequence[Token], place: int) -> int:
    """Where the object begins in which a token stands."""
    depth = 0
    for number in range(place - 1, -1, -1):
        depth += _depth(stream[number])
        if depth > 0:
            return number
    return place


def _depth(token: Token) -> int:
    """1 for an opening bracket, -1 for a closing one."""
    return {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}.get(token.text, 0)


class _Reader:
    """Each method takes the place where something begins, and gives its value and the place behind it."""

    def __init__(self, stream: Sequence[Token], variables: Mapping[str, Value]) -> None:
        self._stream, self._variables = stream, variables

    def expression(self, place: int) -> tuple[object, int]:
        value: object = COMPUTED
        behind = place
        if self._text(place) == "{":
            value, behind = self._object(place + 1)
        elif self._text(place) == "[":
            value, behind = self._array(place + 1)
        elif place < len(self._stream) and self._stream[place].kind != "mark":
            value, behind = self._atom(self._stream[place]), place + 1
        end = self._end(behind)
        return (value if end == behind else COMPUTED), end

    def _atom(self, token: Token) -> object:
        if token.kind == "name":
            return _WORDS[token.text] if token.text in _WORDS else self._variables.get(token.text, COMPUTED)
        return COMPUTED if token.value is None else token.value

    def _object(self, place: int) -> tuple[dict[str, object], int]:
        found: dict[str, object] = {}
        while self._text(place) not in ("}", ""):
            if self._text(place + 1) == ":":
                name = self._stream[place]
                found[str(name.value if name.kind != "name" else name.text)], place = self.expression(place + 2)
            else:  # a short form, a method: nothing that is sent
                place = max(self._end(place), place + 1)
            place += self._text(place) == ","
        return found, place + 1

    def _array(self, place: int) -> tuple[list[object], int]:
        found: list[object] = []
        while self._text(place) not in ("]", ""):
            value, behind = self.expression(place)
            found.append(value)
            place = max(behind + (self._text(behind) == ","), place + 1)
        return found, place + 1

    def _end(self, place: int) -> int:
        """The place of the comma, semicolon or bracket that ends an expression."""
        depth = 0
        while text := self._text(place):
            if depth == 0 and (text in (",", ";") or _depth(self._stream[place]) < 0):
                break
            depth += _depth(self._stream[place])
            place += 1
        return place

    def _text(self, place: int) -> str:
        return self._stream[place].text if place < len(self._stream) else ""
