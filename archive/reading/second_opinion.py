"""Where no body container is known, trafilatura is asked as well. The text that is kept stays ours; that the two
disagree is said, for a reader of the dataset to know and for us to look at."""

from collections import Counter
from collections.abc import Sequence

DISPUTED = "text_disputed"
"""Flag: the container is not known, and trafilatura takes a different stretch of the page for the text."""

UNDECIDED = "text_second_opinion_failed"
"""Flag: the container is not known, and trafilatura could not say anything."""

LONGEST = 300_000
"""Characters of a page that trafilatura is shown: beyond, a hostile table can keep it busy for minutes."""

_AGREEMENT = 0.6  # F1 over characters; on saved pages with the container hidden the two agree at 0.8 and more


def flags(page: str, lines: Sequence[str]) -> tuple[str, ...]:
    """What trafilatura's reading of a page says of ours. Empty if they agree, or if the page is too long to ask."""
    if len(page) > LONGEST:
        return ()
    from trafilatura import extract  # half a second to import, and few pages need it

    try:
        other = extract(page, fast=True, include_tables=True, include_comments=False, deduplicate=False) or ""
    except Exception:  # noqa: BLE001 - whatever it raises, a second opinion must not cost the first
        return (UNDECIDED,)
    return () if agreement("".join(lines), other) >= _AGREEMENT else (DISPUTED,)


def agreement(ours: str, other: str) -> float:
    """F1 over characters, white space left out, order not looked at; 1.0 for two empty texts."""
    left, right = Counter("".join(ours.split())), Counter("".join(other.split()))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0
