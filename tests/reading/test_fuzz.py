"""A slice of ``python -m tests.reading.fuzz``: mutated pages raise nothing that is not in the exception family."""

from collections.abc import Sequence

import pytest

from archive.reading.charset import decode
from archive.reading.read import read
from archive.reading.values import normalise
from tests.reading.fuzz import DAMAGES, Tally, faults, made, mutant, mutants, saved
from tests.reading.pages import page

_SLICE = 400  # of each stock; the whole is 20,000


def _wrong(stock: Sequence[bytes]) -> list[str]:
    tally = Tally()
    for one in mutants(stock, _SLICE):
        tally.add(one)
    assert tally.read == _SLICE
    return tally.wrong


def test_mutants_of_practice_pages() -> None:
    assert _wrong(made()) == []


def test_mutants_of_saved_pages() -> None:
    stock = saved()
    if not stock:
        pytest.skip("no saved pages of real portals beside the checkout")
    assert _wrong(stock) == []


def test_the_same_seed_gives_the_same_mutants() -> None:
    stock = made()
    assert mutant(stock, 7) == mutant(stock, 7) != mutant(stock, 7, seed=1)
    assert {name for one in mutants(stock, 200) for name in one.damages} == {f.__name__.strip("_") for f in DAMAGES}


def test_what_is_unsound_is_seen() -> None:
    found = read(page("<title>关于绿化工作的通知</title><div class='TRS_Editor'><p>现将有关事项通知如下。</p></div>"))
    assert faults(found) == []
    object.__setattr__(found, "fields", (("title", ""), ("title", "通知")))
    object.__setattr__(found, "text", "")
    assert [fault.partition(":")[0] for fault in faults(found)] == [
        "fields unknown, double or out of order",
        "a chosen value is empty",
        "no text, though its status is ok",
    ]


# --- what it found


@pytest.mark.parametrize(
    "charset", ["idna", "rot13", "punycode", "unicode_escape", "utf-7", "hex", "mbcs", "undefined"]
)
def test_a_codec_of_python_is_no_charset(charset: str) -> None:
    body = "<p>关于绿化工作的通知</p>".encode("gb18030")
    assert decode(body, f"text/html; charset={charset}").text == "<p>关于绿化工作的通知</p>"


def test_a_title_of_nothing_but_a_tag_is_none() -> None:
    assert normalise("title", "\\<base href='//['>") == ""
