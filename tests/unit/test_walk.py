"""When a walk goes on, when it stops, and what its end means."""

from archive.events import CatalogueRow
from archive.vocabulary import WalkEnd
from crawler.families.base import Ask, Column, ListPage
from crawler.spiders.walk import Walk

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
