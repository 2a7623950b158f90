"""Tables, aligned for a terminal (Han characters are two columns wide) or in Markdown."""

import unicodedata
from collections.abc import Iterable, Sequence

Row = Sequence[str]
Table = tuple[Row, list[Row]]  # head and body


def aligned(head: Row, rows: Iterable[Row]) -> str:
    """The first column to the left, the others to the right; an empty row is a line between."""
    lines = [head, *rows]
    widths = [max(width(line[at]) for line in lines if len(line) > at) for at in range(len(head))]
    printed = [
        "  ".join(_pad(cell, widths[at], left=at == 0) for at, cell in enumerate(line)).rstrip() for line in lines
    ]
    return "\n".join([printed[0], "-" * width(printed[0]), *printed[1:]])


def markdown(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *(row for row in rows if row)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(cell: str, to: int, *, left: bool) -> str:
    space = " " * (to - width(cell))
    return cell + space if left else space + cell
