"""A field that the newest documents no longer state is noticed, and chance is left alone."""

import random

from archive.health.shifts import losses, shifts
from archive.ledger.past import ColumnNews, Loss, Sample


def column(
    key: str = "tz", newest: int = 10, stating: int = 0, earlier: int = 200, stated: int = 196, field: str = "publisher"
) -> ColumnNews:
    samples = tuple(
        Sample(f"{key}-{n}", True, f"2026-11-22T00:00:{n:02d}Z", frozenset({field} if n < stating else ()))
        for n in range(newest)
    )
    return ColumnNews(key, f"栏目{key}", samples, earlier, {field: stated})


def test_a_field_that_got_lost_is_named_with_its_column() -> None:
    (shift,) = shifts([column(stating=1), column("gg", stating=10)])
    assert str(shift) == "publisher is stated by 1 of the 10 newest documents (栏目tz), by 98% of those before"


def test_a_field_that_is_lost_everywhere_is_told_once() -> None:
    (shift,) = shifts([column("tz"), column("gg"), column("zc")])
    assert (shift.documents, shift.stated, len(shift.columns)) == (30, 0, 3)


def test_few_documents_in_each_of_many_columns_are_taken_together() -> None:
    (shift,) = shifts([column(f"c{n}", newest=1) for n in range(10)])
    assert (shift.documents, shift.columns) == (10, ())


def test_what_proves_nothing_is_no_shift() -> None:
    assert not shifts([column(newest=7)]), "too few documents"
    assert not shifts([column(earlier=19, stated=19)]), "too little is known of what is usual"
    assert not shifts([column(stating=7)]), "unlikely, but not far below"
    assert not shifts([column(stated=40)]), "a field that few ever stated"
    assert not shifts([column(stated=100, stating=2)]), "not unlikely enough"
    assert not shifts([])


def test_columns_differ_and_are_compared_with_themselves() -> None:
    """Twenty 公示 without a 文号 are nothing odd, though half of the portal's documents have one."""
    assert not shifts([column("gs", newest=20, stated=2), column("zc", newest=0, stated=200)])


def test_a_document_in_two_columns_counts_once() -> None:
    one, other = column("tz", newest=4), column("gg", newest=4)
    assert not shifts([one, ColumnNews("gg", "", one.newest, other.earlier, other.stated)])


def test_chance_alone_raises_next_to_no_alarm() -> None:
    """A year of nights at forty portals, at shares where chance has most room."""
    rng, alarms = random.Random(4), 0
    for _ in range(40 * 365):
        share = rng.choice((0.3, 0.6, 0.9, 0.99))
        newest = rng.randint(8, 30)
        stating = sum(rng.random() < share for _ in range(newest))
        alarms += bool(shifts([column(newest=newest, stating=stating, stated=round(200 * share))]))
    assert alarms <= 3


def test_fields_that_changed_documents_lost() -> None:
    found = losses([Loss("publisher", 40, 39), Loss("issuer", 40, 7), Loss("text", 100, 9)])
    assert found == ["publisher is gone from 39 of 40 changed documents that stated it"]
