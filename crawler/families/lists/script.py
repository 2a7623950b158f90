"""Just enough JavaScript to read what a portal's inline scripts say: calls with literal arguments, and assignments.

A tokenizer, not a set of regular expressions: pagers are called with four to six arguments, in either kind of quotes,
and half of them stand beside a call that is commented out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

Value = str | int | None
"""A literal; ``None`` for anything that would have to be computed."""

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|<!--[^\n]*|/\*.*?\*/)   # in a script, an opening <!-- comments out its own line only
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = frozenset("+-*/%.?[(<>=&|")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # string, number, name, mark
    text: str

    @property
    def value(self) -> Value:
        """The literal's value; a decimal fraction counts as computed."""
        if self.kind == "string":
            return _ESCAPE.sub(_unescape, self.text[1:-1])
        return int(self.text) if self.kind == "number" and "." not in self.text else None


@dataclass(frozen=True, slots=True)
class Call:
    """``name(args…)``; the properties of an object literal among the arguments stand in ``named``."""

    name: str
    args: tuple[Value, ...]
    named: Mapping[str, Value]


class Script:
    """The live inline scripts of a page."""

    def __init__(self, *sources: str) -> None:
        self._sources = sources

    @cached_property
    def _tokens(self) -> list[list[Token]]:
        """Made when asked for: most scripts have none of the words that anybody looks for."""
        return [[*tokens(source)] for source in self._sources]

    def says(self, *words: str) -> bool:
        """Whether one of these words stands anywhere in the scripts."""
        return any(word in source for source in self._sources for word in words)

    @classmethod
    def of(cls, tree: etree._Element) -> "Script":
        return cls(*(element.text or "" for element in tree.iter("script")))

    @cached_property
    def variables(self) -> Mapping[str, Value]:
        """``name = literal`` and ``name = parseInt(literal, 10)``; the first assignment of a name counts."""
        found: dict[str, Value] = {}
        for stream in self._tokens:
            for place, token in enumerate(stream[:-2]):
                if token.kind == "name" and stream[place + 1].text == "=":
                    value = _assigned(stream[place + 2 : place + 9])
                    if value is not None:
                        found.setdefault(token.text, value)
        return found

    @cached_property
    def properties(self) -> Mapping[str, Value]:
        """``name: literal`` in object literals, JSON among them; the first value of a name counts."""
        found: dict[str, Value] = {}
        for stream in self._tokens:
            for name, colon, value in zip(stream, stream[1:], stream[2:], strict=False):
                if colon.text == ":" and name.kind in ("name", "string") and value.value is not None:
                    found.setdefault(str(name.value or name.text), value.value)
        return found

    def names(self, name: str) -> int:
        """How often a name, or a string that is nothing else, stands in the scripts."""
        return sum(token.text.strip("'\"") == name for stream in self._tokens for token in stream)

    def calls(self, name: str) -> Iterator[Call]:
        """Calls of a function or method of this name; not its definition."""
        for stream in self._tokens if self.says(name) else ():
            for place, token in enumerate(stream[:-1]):
                called = token.text == name and token.kind == "name" and stream[place + 1].text == "("
                if called and (place == 0 or stream[place - 1].text != "function"):
                    yield self._call(name, _arguments(stream, place + 2))

    def _call(self, name: str, arguments: Sequence[Sequence[Token]]) -> Call:
        args: list[Value] = []
        named: dict[str, Value] = {}
        for argument in arguments:
            inner = [token for token in argument if token.text not in ("{", "}")]
            if len(inner) == 3 and inner[1].text == ":":
                named[str(inner[0].value or inner[0].text)] = self._value(inner[2:])
            else:
                args.append(self._value(inner))
        return Call(name, tuple(args), named)

    def _value(self, argument: Sequence[Token]) -> Value:
        if len(argument) == 1 and argument[0].kind == "name":
            return self.variables.get(argument[0].text)
        return _literal(argument)


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a script, white space and comments left out. A regular expression literal comes out in pieces."""
    for match in _TOKEN.finditer(source):
        if match.lastgroup and match.lastgroup != "skip":
            yield Token(match.lastgroup, match.group())


def _arguments(stream: Sequence[Token], start: int) -> list[list[Token]]:
    """The arguments from just behind the opening parenthesis, split at commas outside inner parentheses."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in stream[start:]:
        if token.kind == "mark" and token.text == ")" and depth == 0:
            break
        if token.kind == "mark" and token.text in "()":
            depth += 1 if token.text == "(" else -1
        if token.kind == "mark" and token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found if found != [[]] else []


def _assigned(tokens: Sequence[Token]) -> Value:
    """The literal that an expression consists of. There may be no semicolon behind it: TRS writes none."""
    for length in (1, 4, 6):
        value = _literal(tokens[:length])
        if value is not None and (len(tokens) <= length or tokens[length].text not in _OPERATORS):
            return value
    return None


def _literal(argument: Sequence[Token]) -> Value:
    """The value of ``literal``, ``parseInt(literal)`` or ``parseInt(literal, 10)``."""
    if len(argument) == 1:
        return argument[0].value
    if len(argument) in (4, 6) and argument[0].text == "parseInt" and argument[-1].text == ")":
        value = argument[2].value
        return int(value) if isinstance(value, str) and value.isdigit() else value
    return None


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)
