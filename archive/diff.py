"""What differs between two Chinese texts, sentence by sentence, the changed characters marked. Pure.

A sentence that was edited is shown once, with what went and what came in place::

      第三条　本办法自公布之日起施行。
    ~ 第四条　有效期至[-2025-]{+2027+}年12月31日。
    - 第五条　由市财政局负责解释。
    + 第五条　由市政府办公室负责解释，具体工作由市财政局承担。

``[-…-]`` and ``{+…+}`` are the marks of wdiff; on a terminal they are red and green as well. Numbers and Latin words
are never cut in two. Sentences that have less than half of their characters in common are two sentences.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from archive.terminal import harmless

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？]+[”’」』）)]*|[^。；！？\n]+")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|\s+|.", re.DOTALL)

_ALIKE = 0.5
"""Share of characters in common, from which on two sentences are one that was edited."""

_ISLAND = 2
"""So many equal characters between two changes are no sign of anything: they are taken into the change."""

_WIDEST_PAIRING = 3_000
"""Sentences removed times sentences added, up to which each is held against each."""

_MANY = 4_000_000
"""Sentences of one text times those of the other, from which on those that stand everywhere (0, 是) are no anchors."""

_LONGEST_SENTENCE = 4_000
"""Characters up to which it is looked what of a sentence changed; a table that was glued into one is longer."""

_CONTEXT = 18
"""Unchanged characters that are shown before and behind a change."""


class What(StrEnum):
    """What became of a piece or a sentence; the value is its mark in front of a line."""

    SAME = " "
    EDITED = "~"
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters: the same in both texts, removed or added."""

    what: What
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, in the order of reading. Only an edited one has several pieces. ``skipped``: how many unchanged
    sentences that are not shown lie before it."""

    what: What
    pieces: tuple[Piece, ...]
    skipped: int = 0


def text_diff(old: str, new: str, *, around: int = 1) -> list[Sentence]:
    """What changed between two texts, each change with so many unchanged sentences ``around`` it.

    White space at the ends of lines and sentences does not count; equal texts give an empty list."""
    before, after = _sentences(old), _sentences(new)
    found: list[Sentence] = []
    many = len(before) * len(after) > _MANY
    for tag, low, high, start, stop in SequenceMatcher(None, before, after, autojunk=many).get_opcodes():
        if tag == "equal":
            found += (Sentence(What.SAME, (Piece(What.SAME, text),)) for text in before[low:high])
        else:
            found += _replaced(before[low:high], after[start:stop])
    return _near_changes(found, around)


def value_diff(old: str, new: str) -> tuple[Piece, ...]:
    """What changed between two values of a field, as the pieces of one edited text."""
    return tuple(_pieces(old, new))


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _near_changes(sentences: Sequence[Sentence], around: int) -> list[Sentence]:
    changed = [at for at, one in enumerate(sentences) if one.what is not What.SAME]
    wanted = sorted({at for one in changed for at in range(max(0, one - around), one + around + 1)})
    shown, last = [], -1
    for at in wanted:
        if at < len(sentences):
            one = sentences[at]
            shown.append(Sentence(one.what, one.pieces, at - last - 1))
            last = at
    return shown


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Sentence]:
    """A stretch of sentences that became another: those that were edited as one, the others as gone or come."""
    done_old = done_new = 0
    for at, to in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Sentence(What.REMOVED, (Piece(What.REMOVED, text),)) for text in old[done_old:at])
        yield from (Sentence(What.ADDED, (Piece(What.ADDED, text),)) for text in new[done_new:to])
        if at < len(old):
            yield Sentence(What.EDITED, tuple(_pieces(old[at], new[to])))
        done_old, done_new = at + 1, to + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which sentences are one that was edited: the pairs, in their order, that have most in common together."""
    if not old or not new:
        return []
    if len(old) * len(new) > _WIDEST_PAIRING:
        side_by_side = zip(map(Counter, old), map(Counter, new), strict=False)
        return [(at, at) for at, (one, other) in enumerate(side_by_side) if _alike(one, other) >= _ALIKE]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]  # of old[i:] and new[j:]
    others = [Counter(other) for other in new]
    likeness = [[_alike(one, other) for other in others] for one in map(Counter, old)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            pair = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] >= _ALIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """Share of the characters that two sentences have in common, whatever their order: 0 to 1."""
    return 2 * (one & other).total() / (one.total() + other.total())


def _pieces(old: str, new: str) -> list[Piece]:
    """What of one sentence changed, small islands between two changes taken into them."""
    if len(old) > _LONGEST_SENTENCE or len(new) > _LONGEST_SENTENCE:
        return [Piece(What.REMOVED, old), Piece(What.ADDED, new)]
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found: list[tuple[str, str, str]] = []  # same, or ("", removed, added)
    for at, (tag, low, high, start, stop) in enumerate(steps):
        same = "".join(before[low:high]) if tag == "equal" else ""
        island = 0 < at < len(steps) - 1 and 0 < len(same) <= _ISLAND
        gone, come = (same, same) if island else ("".join(before[low:high]), "".join(after[start:stop]))
        if same and not island:
            found.append((same, "", ""))
        elif found and not found[-1][0]:
            found[-1] = ("", found[-1][1] + gone, found[-1][2] + come)
        else:
            found.append(("", gone, come))
    pieces = []
    for same, gone, come in found:
        pieces += [Piece(what, text) for what, text in zip(_ORDER, (same, gone, come), strict=True) if text]
    return pieces


_ORDER = (What.SAME, What.REMOVED, What.ADDED)


# --- for a terminal ---------------------------------------------------------------------------------------------------

_MARKS = {What.SAME: ("", ""), What.REMOVED: ("[-", "-]"), What.ADDED: ("{+", "+}")}
_COLOURS = {What.REMOVED: "\x1b[31m", What.ADDED: "\x1b[32m"}
_PLAIN = "\x1b[0m"


def in_lines(sentences: Sequence[Sentence], *, colour: bool = False, longest: int = 60) -> Iterator[str]:
    """A line a sentence, harmless to a terminal; behind ``longest`` lines, one that says how many follow."""
    for number, one in enumerate(sentences):
        if number == longest:
            yield f"  … {len(sentences) - longest} further sentences"
            return
        if one.skipped:
            yield "  …"
        text = in_line(one.pieces, colour=colour) if one.what is What.EDITED else _whole(one, colour=colour)
        yield f"{one.what} {text}"


def in_line(pieces: Sequence[Piece], *, colour: bool = False) -> str:
    """One text with its changes marked; of long unchanged stretches only what is near them."""
    shown = []
    for at, piece in enumerate(pieces):
        text = _flat(piece.text)
        if piece.what is What.SAME:
            text = _shortened(text, head=at > 0, tail=at < len(pieces) - 1)
        opening, closing = _MARKS[piece.what]
        shown.append(_painted(f"{opening}{text}{closing}", piece.what, colour=colour))
    return "".join(shown)


def _whole(one: Sentence, *, colour: bool) -> str:
    text = _flat("".join(piece.text for piece in one.pieces))
    if one.what is What.SAME:
        return _shortened(text, head=True, tail=True)
    return _painted(text, one.what, colour=colour)


def _shortened(text: str, *, head: bool, tail: bool) -> str:
    """Only the ends that lie next to a change; in the middle, the part of both."""
    if len(text) <= _CONTEXT * (head + tail) + 3:
        return text
    return (text[:_CONTEXT] if head else "") + "…" + (text[-_CONTEXT:] if tail else "")


def _flat(text: str) -> str:
    return harmless(text).replace("\n", "⏎").replace("\t", " | ")


def _painted(text: str, what: What, *, colour: bool) -> str:
    return f"{_COLOURS[what]}{text}{_PLAIN}" if colour and what in _COLOURS else text
