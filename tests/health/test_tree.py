"""Columns that go, shrink, or take another name."""

from dataclasses import dataclass

from archive.health import tree
from archive.ledger.past import ColumnThen


@dataclass(frozen=True)
class Now:
    key: str
    name: str = ""
    declared: int | None = None
    listed: int = 100


THEN = ColumnThen("tz", "通知", 100, 100, 100)


def test_nothing_happened() -> None:
    for now in (Now("tz", "通知", 101, 101), Now("tz", "通知", 60, 60), Now("tz", "")):
        assert not [*tree.faults([now], [THEN]), *tree.notes([now], [THEN])]


def test_a_column_that_is_gone_is_a_fault_if_it_held_anything() -> None:
    (fault,) = tree.faults([], [THEN, ColumnThen("x", "小栏目", None, 9, 9)])
    assert fault == "通知: the portal no longer offers this column, in which 100 entries stood"
    assert list(tree.notes([], [THEN, ColumnThen("x", "小栏目", None, 9, 9)])) == ["小栏目 is offered no more"]


def test_a_column_that_moved_to_another_key_is_not_gone() -> None:
    moved = [Now("tz2", "通知")]
    assert not list(tree.faults(moved, [THEN]))
    assert list(tree.notes(moved, [THEN])) == [
        "通知 is another column than before (tz2, not tz)",
        "new in the tree: 通知",
    ]


def test_more_than_half_lost_at_once() -> None:
    assert list(tree.faults([Now("tz", listed=49)], [THEN])) == ["通知: 49 entries stand where 100 stood"]
    assert list(tree.faults([Now("tz", declared=49)], [THEN])) == ["通知: 49 declared, 100 in the week before"]
    assert not list(tree.faults([Now("tz", declared=1, listed=1)], [ColumnThen("tz", "", 9, 9, 9)])), "too small"


def test_other_names_and_new_columns_are_told() -> None:
    now = [Now("tz", "通知公告"), *(Now(f"n{n}", f"新{n}") for n in range(5))]
    assert list(tree.notes(now, [THEN])) == ["通知 is called 通知公告 now", "new in the tree: 新0, 新1, 新2 and 2 more"]
    assert not list(tree.notes(now, [])), "on the first run all are new"
