"""What the ledger tells of a portal's past, and what the verdict makes of it."""

from datetime import date

from archive.health import judge
from archive.ledger import questions
from archive.ledger.past import ColumnThen, past
from archive.ledger.tallies import fill_at
from archive.vocabulary import Mode, Verdict, WalkEnd
from tests.health.nights import Nights
from tests.ledger.by_hand import PORTAL, reading

STATING = reading(fields=(("publisher", "珠海市人民政府办公室"),))
SILENT = reading(fields=())


def verdict(nights: Nights, run: str, mode: Mode = Mode.NORMAL) -> tuple[Verdict, str]:
    return judge(
        questions.column_balance(nights.ledger, PORTAL),
        closed_doors=(),
        files_failed=0,
        fill=fill_at(nights.ledger, PORTAL, run).shares,
        mode=mode,
        stop=None,
        entries_min=None,
        fill_min={},
        past=past(nights.ledger, PORTAL, run),
    )


def live(nights: Nights, news: int, *, count: int = 1) -> str:
    """So many nights, each with so many news that state their publisher."""
    run = ""
    nights.hold()
    for _ in range(news):
        run = nights.run([f"{nights.night}-{n}" for n in range(count)], reads=STATING)
        nights.sleep()
    nights.release()
    return run


def test_the_first_run_has_no_past(nights: Nights) -> None:
    run = nights.run(range(30), reads=STATING)
    before = past(nights.ledger, PORTAL, run)
    assert (before.columns, before.news, before.losses) == ((), (), ())
    assert verdict(nights, run) == (Verdict.OK, "1 columns read to their end: 30 of 30 entries held, 0 lead elsewhere")


def test_news_is_what_came_after_the_column_was_read_to_its_end(nights: Nights) -> None:
    """A backfill is stock, in however many runs it came: its old documents state less, and nothing is broken."""
    nights.run(range(25), end=WalkEnd.STOPPED, reads=STATING)
    nights.sleep()
    run = nights.run(range(25, 50), end=WalkEnd.LAST_PAGE, reads=SILENT)
    assert not past(nights.ledger, PORTAL, run).news
    assert verdict(nights, run)[0] is Verdict.OK


def test_a_field_that_breaks_shows_at_once(nights: Nights) -> None:
    live(nights, 1, count=40)
    live(nights, 10, count=3)
    run = nights.run([f"x{n}" for n in range(9)], reads=SILENT)
    found, reason = verdict(nights, run)
    assert found is Verdict.PARTIAL
    assert reason.startswith("publisher is stated by 0 of the 9 newest documents (栏目tz), by 99% of those before")


def test_a_broken_field_is_told_of_until_it_is_mended(nights: Nights) -> None:
    live(nights, 1, count=40)
    nights.run([f"x{n}" for n in range(9)], reads=SILENT)
    nights.sleep()
    assert "publisher" in verdict(nights, nights.run())[1], "a quiet night mends nothing"
    nights.sleep()
    assert verdict(nights, nights.run([f"y{n}" for n in range(9)], reads=STATING))[0] is Verdict.OK


def test_few_documents_a_night_add_up(nights: Nights) -> None:
    live(nights, 1, count=40)
    found = []
    for night in range(8):
        run = nights.run([f"x{night}"], reads=SILENT)
        found.append(verdict(nights, run)[0])
        nights.sleep()
    assert found == [Verdict.OK] * 7 + [Verdict.PARTIAL]


def test_fields_that_go_as_documents_change(nights: Nights) -> None:
    live(nights, 1, count=12)
    nights.sleep(30)
    run = nights.run([f"0-{n}" for n in range(12)], reads=SILENT)
    assert "publisher is gone from 12 of 12 changed documents that stated it" in verdict(nights, run)[1]


def test_days_of_news_are_those_of_the_lists(nights: Nights) -> None:
    run = live(nights, 3)
    assert past(nights.ledger, PORTAL, run).news_days == (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))


def test_a_silence_is_first_told_then_a_fault(nights: Nights) -> None:
    live(nights, 25)
    nights.sleep(8)
    found, reason = verdict(nights, nights.run())
    assert (found, "; note: nothing new since 2026-03-26 (9 days), while" in reason) == (Verdict.OK, True), reason
    nights.sleep(30)
    found, reason = verdict(nights, nights.run())
    assert (found, reason.startswith("nothing new since 2026-03-26 (39 days)")) == (Verdict.PARTIAL, True), reason


def test_columns_of_the_week_before(nights: Nights) -> None:
    nights.run(range(12), column="alt", declared=12)
    nights.sleep(20)
    run = nights.run([1, 2], column="tz")
    assert past(nights.ledger, PORTAL, run).columns == (ColumnThen("alt", "栏目alt", 12, 12, 12),)
    assert "栏目alt: the portal no longer offers this column, in which 12 entries stood" in verdict(nights, run)[1]
    nights.sleep(8)
    assert past(nights.ledger, PORTAL, nights.run()).columns == (ColumnThen("tz", "栏目tz", None, 2, 2),)


def test_a_column_that_shrinks_is_told_of_for_a_week(nights: Nights) -> None:
    nights.run(range(30))
    nights.sleep()
    for day in range(9):
        run = nights.run(range(9), end=WalkEnd.LAST_PAGE)
        expected = Verdict.PARTIAL if day < 7 else Verdict.OK
        assert verdict(nights, run)[0] is expected, day
        nights.sleep()


def test_a_narrowed_run_is_not_held_against_the_whole(nights: Nights) -> None:
    nights.run(range(12), column="alt")
    nights.sleep()
    run = nights.run([1], column="tz")
    assert verdict(nights, run, Mode.PART)[0] is Verdict.OK


def test_a_caught_up_walk_is_no_fault(nights: Nights) -> None:
    nights.run(range(12), declared=12)
    nights.sleep()
    run = nights.run([12], declared=13)
    found, reason = verdict(nights, run)
    assert (found, reason) == (
        Verdict.OK,
        "1 columns read to their end: 13 of 13 entries held, 0 lead elsewhere",
    )
