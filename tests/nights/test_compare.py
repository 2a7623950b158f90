"""The comparison finds each way in which a report can be wrong."""

import pytest

from archive.urls import document_id
from archive.vocabulary import ChangeKind
from crawler.practice.verity import Expected
from tests.nights.compare import differences
from tests.nights.harness import Night, Reported

ORIGIN = "http://127.0.0.1:1"
TRUTH = (
    Expected(ChangeKind.CHANGED, "a", "/a.html", 2, 4, frozenset({"doc_number", "text"})),
    Expected(ChangeKind.MOVED, "b", "/b.html", 1, 3, after="/c.html"),
)
CHANGED = [(3, "/a.html", "changed", "doc_number", ""), (3, "/a.html", "changed", "text", "")]
MOVED = [(1, "/b.html", "moved", "", f"{ORIGIN}/c.html")]


def nights(rows: list[tuple[int, str, str, str, str]]) -> list[Night]:
    return [
        Night(
            night, ORIGIN, "ok", "", 0, {}, {}, 0, 0,
            [Reported(document_id("p", ORIGIN + path), *rest) for at, path, *rest in rows if at == night],
        )
        for night in range(6)
    ]  # fmt: skip


def test_what_is_right_gives_no_line() -> None:
    assert differences(TRUTH, nights(CHANGED + MOVED), "p") == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (CHANGED, ["wanted moved of b"]),
        (CHANGED + MOVED + MOVED, ["not wanted: moved to"]),
        (CHANGED + MOVED + [CHANGED[0]], ["not wanted: changed doc_number on night 3 of a"]),
        ([CHANGED[0], *MOVED], ["wanted changed doc_number, text of a", "not wanted: changed doc_number"]),
        ([(5, *row[1:]) for row in CHANGED] + MOVED, ["instead changed doc_number, text on night 5", "not wanted"]),
        ([(1, *row[1:]) for row in CHANGED] + MOVED, ["instead changed doc_number, text on night 1", "not wanted"]),
        ([*CHANGED, (1, "/b.html", "moved", "", "elsewhere")], ["wanted moved", "not wanted: moved to elsewhere"]),
        ([*CHANGED, *MOVED, (1, "/c.html", "new", "", "")], ["not wanted: new on night 1 of b at its new address"]),
        ([*CHANGED, *MOVED, (2, "/b.html", "withdrawn", "", "")], ["not wanted: withdrawn on night 2 of b"]),
    ],
)
def test_what_is_wrong_is_said(rows: list[tuple[int, str, str, str, str]], words: list[str]) -> None:
    found = differences(TRUTH, nights(rows), "p")
    assert len(found) == len(words)
    assert all(word in line for word, line in zip(words, found, strict=True)), found
