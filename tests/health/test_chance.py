"""The binomial tail is exact."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive.health.chance import at_most


@given(some.integers(1, 60), some.floats(0.01, 0.99), some.data())
def test_it_is_the_sum_of_its_terms(tries: int, share: float, data: some.DataObject) -> None:
    hits = data.draw(some.integers(0, tries))
    exact = sum(comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(hits + 1))
    assert at_most(hits, tries, share) == pytest.approx(exact, rel=1e-9, abs=1e-12)


def test_its_ends() -> None:
    assert at_most(8, 8, 0.9) == 1
    assert at_most(-1, 8, 0.9) == 0
    assert at_most(7, 8, 1.0) == 0
    assert at_most(0, 8, 0.0) == 1


def test_thousands_of_documents_neither_overflow_nor_vanish() -> None:
    assert at_most(4900, 5000, 0.98) == pytest.approx(0.53, abs=0.02)
    assert at_most(0, 5000, 0.98) == 0
