"""The words of a command, as an order."""

import pytest

from archive.errors import UsageError
from archive.vocabulary import Mode
from crawler.order import Order


def test_modes() -> None:
    assert Order.parse("p").mode is Mode.NORMAL
    assert Order.parse("p", full="1").mode is Mode.FULL
    assert Order.parse("p", full="0").mode is Mode.NORMAL
    assert Order.parse("p", column="a, b").columns == ("a", "b")
    assert Order.parse("p", limit="3").mode is Order.parse("p", since="2026-11-01").mode is Mode.PART


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"portal": ""}, "no portal"),
        ({"portal": "p", "limit": "many"}, "limit 'many'"),
        ({"portal": "p", "limit": "0"}, "limit '0'"),
        ({"portal": "p", "since": "yesterday"}, "since 'yesterday'"),
    ],
)
def test_wrong_words_are_named(words: dict[str, str], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        Order.parse(**words)
