"""When a walk goes on, when it stops, and what its end means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from archive.clock import parse_stamp
from archive.events import CatalogueRow, NextPage
from archive.ledger.questions import ColumnMemory, News
from archive.vocabulary import WalkEnd
from crawler.families.base import Ask, Column, ListPage
from crawler.spiders.walk import Walk, may_stop_early

NEXT = Ask("http://p.example/index_1.html")


def walk(declared: int | None = None) -> Walk:
    return Walk(Column("k", "n", "http://p.example/", "static", None, declared))


def page(*numbers: int, more: bool = True, total: int | None = None, pages: int | None = None) -> ListPage:
    rows = tuple(CatalogueRow(f"http://p.example/{number}.html") for number in numbers)
    return ListPage(rows, NEXT if more else None, total, pages)


def test_goes_on_while_pages_bring_rows_and_ends_by_the_page_s_own_word() -> None:
    it = walk()
    assert it.feed(page(1, 2)) is NEXT
    assert it.feed(page(3, more=False)) is None
    assert (it.end, it.listed, it.pages) == (WalkEnd.LAST_PAGE, 3, 2)
    assert it.end.complete


def test_a_page_without_a_new_row_ends_it() -> None:
    it = walk()
    it.feed(page(1, 2))
    assert it.feed(page(2, 1)) is None
    assert it.end is WalkEnd.NOTHING_NEW


def test_a_page_without_a_new_row_is_no_complete_end_while_more_is_declared() -> None:
    it = walk()
    it.feed(page(1, 2, total=5))
    it.feed(page(1, 2, total=5))
    assert it.end is WalkEnd.STUB_PAGE
    assert not it.end.complete


def test_declared_pages_count_too() -> None:
    it = walk()
    it.feed(page(1, pages=9))
    it.feed(page(pages=9))
    assert it.end is WalkEnd.STUB_PAGE


def test_a_missing_page_is_harmless_only_when_every_declared_row_was_met() -> None:
    met, short, silent = walk(declared=2), walk(declared=3), walk()
    for it in (met, short, silent):
        it.feed(page(1, 2))
        it.missing("404")
    assert (met.end, short.end, silent.end) == (WalkEnd.LAST_PAGE, WalkEnd.PAGE_MISSING, WalkEnd.PAGE_MISSING)


def test_http_and_https_of_a_row_are_one_row() -> None:
    it = walk()
    it.feed(ListPage((CatalogueRow("http://p.example/1"), CatalogueRow("https://p.example/1#top")), NEXT))
    assert it.listed == 1


def test_a_pager_that_runs_in_a_circle_is_left() -> None:
    it = walk()
    number = 0
    while it.end is None:
        number += 1
        it.feed(page(number))
    assert it.end is WalkEnd.PAGE_FAILED
    assert "circle" in it.detail


def test_an_end_from_outside_does_not_overwrite_the_first() -> None:
    it = walk()
    it.feed(page(1, more=False))
    it.stop(WalkEnd.STOPPED)
    assert it.end is WalkEnd.LAST_PAGE


# --- walks that may stop where nothing is new -------------------------------------------------------------------------


NOW = parse_stamp("2026-11-22T18:00:00Z")
NO_NEWS = News(frozenset(), frozenset())


def at(*numbers: int) -> frozenset[str]:
    return frozenset(f"p.example/{number}.html" for number in numbers)


def memory(*front: int, **more: Any) -> ColumnMemory:
    known = ColumnMemory(
        tuple(f"p.example/{number}.html" for number in front), None, "2026-11-20T18:00:00Z", True, 0, None, ""
    )
    return replace(known, **more)


def again(*front: int, **more: Any) -> Walk:
    return Walk(walk().column, memory=memory(*front, **more))


def test_a_first_page_as_it_stood_ends_a_walk() -> None:
    it = again(3, 2, 1)
    assert it.feed(page(3, 2, 1), NO_NEWS) is None
    assert (it.end, it.pages) == (WalkEnd.CAUGHT_UP, 1)
    assert it.end.harmless
    assert not it.end.complete


def test_new_rows_lead_on_until_pages_without_news_follow() -> None:
    it = again(3, 2, 1)
    assert it.feed(page(5, 4, 3), News(at(5, 4), frozenset()))
    assert it.feed(page(2, 1, 0), NO_NEWS), "an overlap is kept"
    assert it.feed(page(-1, -2, -3), NO_NEWS) is None
    assert (it.end, it.pages) == (WalkEnd.CAUGHT_UP, 3)


def test_pinned_rows_stand_above_what_is_new() -> None:
    it = again(90, 91, 2)  # two pinned rows
    assert it.feed(page(90, 91, 3), News(at(3), frozenset()))
    assert it.feed(page(2, 1, 0), NO_NEWS)
    assert it.feed(page(-1, -2, -3), NO_NEWS) is None
    assert it.end is WalkEnd.CAUGHT_UP


def test_a_row_that_left_the_first_page_makes_the_walk_a_whole_one() -> None:
    it = again(3, 2, 1)
    assert it.feed(page(3, 1, 0), NO_NEWS)
    assert it.feed(page(-1, -2, -3), NO_NEWS)
    assert it.feed(page(-4, -5, -6), NO_NEWS), "row 2 was not met yet"
    assert it.feed(page(-7, more=False), NO_NEWS) is None
    assert it.end is WalkEnd.LAST_PAGE


def test_rows_in_another_order_are_looked_through() -> None:
    it = again(3, 2, 1)
    assert it.feed(page(1, 3, 2), NO_NEWS)
    assert it.feed(page(0, -1, -2), NO_NEWS)
    assert it.feed(page(-3, -4, -5), NO_NEWS) is None
    assert it.end is WalkEnd.CAUGHT_UP


def test_a_declared_total_that_the_new_rows_do_not_explain_is_looked_into() -> None:
    it = again(3, 2, 1, declared=40)
    assert it.feed(page(3, 2, 1, total=41), NO_NEWS), "a row came in elsewhere: a list may grow at its end"
    one_new = again(3, 2, 1, declared=40)
    assert one_new.feed(page(4, 3, 2, total=41), News(at(4), frozenset()))
    assert one_new.feed(page(1, 0, -1, total=41), NO_NEWS)
    assert one_new.feed(page(-2, -3, -4, total=41), NO_NEWS) is None
    assert one_new.end is WalkEnd.CAUGHT_UP


def test_when_a_walk_may_stop_early() -> None:
    week = timedelta(days=7)
    assert may_stop_early(memory(1), NOW, week)
    assert not may_stop_early(memory(), NOW, week)
    assert not may_stop_early(memory(1, walked=""), NOW, week), "never read to its end"
    assert not may_stop_early(memory(1, walked="2026-11-15T18:00:00Z"), NOW, week), "an audit is due"
    assert not may_stop_early(memory(1, unbroken=False), NOW, week), "the last walk broke off"
    assert may_stop_early(memory(1, doubt="2026-11-22T12:00:00Z"), NOW, week)
    assert not may_stop_early(memory(1, doubt="2026-11-21T18:10:00Z"), NOW, week), "a proof is due"
    assert may_stop_early(
        memory(1, walked="", unbroken=False, next=NextPage(7, "http://p.example/index_6.html")), NOW, week
    )


SEVENTH = NextPage(7, "http://p.example/list", "POST", (("X-A", "b"),), "page=7&名=值")


def test_a_stopped_walk_says_where_to_go_on() -> None:
    it = walk()
    assert it.stopped_at is None
    it.feed(page(3, 2))
    it.stop(WalkEnd.STOPPED)
    assert it.stopped_at == NextPage(2, NEXT.url)
    ended = walk()
    ended.feed(page(1, more=False))
    ended.stop(WalkEnd.STOPPED)
    assert ended.stopped_at is None


def test_and_the_next_one_goes_on_there_behind_what_is_new() -> None:
    it = again(9, 8, 7, walked="", unbroken=False, next=SEVENTH, standing=18, declared=30)
    assert it.feed(page(10, 9, 8, total=31), News(at(10), frozenset()))
    assert it.feed(page(7, 6, 5, total=31), NO_NEWS)
    following = it.feed(page(4, 3, 2, total=31), NO_NEWS)
    assert following == Ask(SEVENTH.url, "POST", SEVENTH.headers, "page=7&名=值".encode())
    assert it.number == 7
    assert it.feed(page(*range(-20, -8), total=31), News(at(*range(-20, -8)), frozenset())) is None
    assert it.end is WalkEnd.RESUMED, "31 rows are declared, 31 are known by now"
    assert it.end.harmless
    assert not it.end.complete
