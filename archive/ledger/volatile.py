"""What of a page changes by itself: hit counters, tokens, dates of generation. It never makes a version.

Nothing is taken for volatile by its looks. A document that seems to have changed is asked for a second time in the same
run: what differs between these two answers, moments apart, is the page's own restlessness, and from then on it is left
out of every comparison on that portal (courtlistener#4443, #5544: tokens in pages made versions for years).
"""

import json
import re
from collections.abc import Iterator

from archive.ledger.batch import Batch
from archive.ledger.versions import Stood

Part = tuple[str, str]
"""``field`` and a column's name; ``line`` or ``attachment`` and its skeleton: what is left of it where runs of letters
and digits that may vary are masked."""

_VARYING = re.compile(r"[0-9A-Za-z]+")


def known(batch: Batch, portal: str) -> frozenset[Part]:
    """The volatile parts of a portal's pages that have been met."""
    return frozenset(batch.ledger.execute("SELECT part, pattern FROM volatile WHERE portal = ?", (portal,)).fetchall())


def learn(batch: Batch, portal: str, one: Stood, other: Stood, at: str, run: str | None) -> None:
    """Keep what differs between two answers of one page, moments apart."""
    batch.ledger.executemany(
        "INSERT OR IGNORE INTO volatile (portal, part, pattern, seen_at, run_id) VALUES (?, ?, ?, ?, ?)",
        [(portal, part, pattern, at, run) for part, pattern in sorted(differing(one, other))],
    )


def differing(one: Stood, other: Stood) -> set[Part]:
    """The parts in which two versions differ."""
    found: set[Part] = set()
    for name in one:
        if name in _SPLIT:
            left, right = dict(_split(name, one[name])), dict(_split(name, other[name]))
            found.update(left[piece] for piece in left.keys() - right.keys())
            found.update(right[piece] for piece in right.keys() - left.keys())
        elif one[name] != other[name]:
            found.add(("field", name))
    return found


def same(one: Stood, other: Stood, volatile: frozenset[Part]) -> bool:
    """Whether two versions say the same, volatile parts left out."""
    if not volatile:
        return False  # asked about what differs
    return all(_left(name, one[name], volatile) == _left(name, other[name], volatile) for name in one)


def _left(name: str, value: str | None, volatile: frozenset[Part]) -> object:
    if name in _SPLIT:
        return [piece for piece, part in _split(name, value) if part not in volatile]
    return None if ("field", name) in volatile else value


_SPLIT = {"text": "line", "attachments": "attachment"}


def _split(name: str, value: str | None) -> Iterator[tuple[str, Part]]:
    """The pieces of a value that has some, each with the part it is: lines of a text, links."""
    pieces = (value or "").split("\n") if name == "text" else [json.dumps(link) for link in json.loads(value or "[]")]
    for piece in pieces:
        yield piece, (_SPLIT[name], _VARYING.sub("#", piece))
