"""The report: whole in itself, safe, and small."""

import re
from collections import Counter
from datetime import date, timedelta
from random import Random

from lxml import html

from archive.clock import parse_stamp
from archive.health.history import FieldFill
from archive.health.portrait import Attention, Expected, Portrait
from archive.ledger.portraits import Streak, Totals
from archive.ledger.questions import PortalRow
from archive.report import plots
from archive.report.page import report
from archive.report.sheet import WEEKS, Coverage, Sheet
from archive.vocabulary import Verdict

NOW = parse_stamp("2026-11-22T06:00:00Z")
TODAY = date(2026, 11, 22)
EVIL = "<script>alert(1)</script>\"'&\x00\u202e恶意"


def sheet(key: str = "zhuhai", name: str = "珠海市人民政府", rng: Random | None = None, **more: object) -> Sheet:
    """A portal's year, as restless as chance makes it."""
    rng = rng or Random(1)
    verdicts = list(Verdict)
    days = {TODAY - timedelta(days=n): rng.choice(verdicts) for n in range(365)}
    given: dict[str, object] = {
        "portal": PortalRow(key, name, "gkmlpt", f"http://www.{key}.gov.cn/", "440400", "4404000001"),
        "attention": Attention.KNOWN,
        "streak": Streak(
            "r", Verdict.PARTIAL, "政府文件: 21 declared, 15 listed; " * 12, "2026-11-22", "2026-11", 3, ""
        ),
        "totals": Totals(12345, True, 12000),
        "new_7": 12,
        "new_30": 345,
        "last_new": "2026-11-21T18:00:00Z",
        "failing": {"404": 12, "timeout": 4, "soft_404": 3, "truncated": 2, "too_large": 1, "tls": 1},
        "rest": None,
        "expected": Expected(),
    }
    return Sheet(
        Portrait(**(given | more)),  # type: ignore[arg-type]
        days,
        [Coverage(day, 10000 + n * 7, 9000 + n * 6) for n, day in enumerate(sorted(days))],
        [rng.randint(0, 60) for _ in range(WEEKS)],
        [FieldFill(name, 0.9, 0.85, 0.9, None) for name in ("title", "publisher", "issuer", "doc_number", "text")]
        + [FieldFill(name, 0.5, 0.4, 0.9, 0.6) for name in ("date_made", "date_published", "index_number")],
    )


def test_four_hundred_restless_portals_fit_into_three_megabytes() -> None:
    rng = Random(2)
    text = report([sheet(f"portal{n:03d}", "黔西南布依族苗族自治州人民政府", rng) for n in range(400)], NOW)
    assert len(text.encode()) < 3_000_000
    assert len(html.document_fromstring(text).findall(".//section")) == 400


def test_what_portals_say_is_harmless() -> None:
    evil = sheet(
        EVIL,
        EVIL,
        streak=Streak("r", Verdict.BLOCKED, EVIL, "2026-11-22", "2026-11-20", 3, ""),
        failing={EVIL: 3},
        portal=PortalRow(EVIL, EVIL, EVIL, 'javascript:alert(1)//"', EVIL, EVIL),
    )
    text = report([evil], NOW)
    page = html.document_fromstring(text)
    assert not page.findall(".//script")
    assert "\x00" not in text
    assert not [name for tag in page.iter() for name in tag.attrib if str(name).startswith("on")]
    assert not [link for link in page.iter("a") if (link.get("href") or "").startswith("javascript")]
    assert "alert(1)" in page.text_content(), "shown, not run"


def test_it_needs_nothing_from_elsewhere() -> None:
    text = report([sheet()], NOW)
    assert not re.search(r"(?:\bsrc=|@import|url\()", text)
    targets = re.findall(r'href="([^"]*)"', text)
    assert set(targets) == {"#axis", "#zhuhai", "http://www.zhuhai.gov.cn/"}
    page = html.document_fromstring(text)
    ids = {tag.get("id") for tag in page.iter() if tag.get("id")}
    assert {target[1:] for target in targets if target.startswith("#")} <= ids
    assert "default-src 'none'" in text


def test_what_needs_a_person_is_counted_and_grouped() -> None:
    text = report([sheet("a", attention=Attention.PERSON), sheet("b", attention=Attention.FINE)], NOW)
    page = html.document_fromstring(text)
    assert [row.text_content() for row in page.findall(".//tr[@class='group']")] == ["1 need a person", "1 in order"]


def test_an_empty_archive_and_a_portal_without_history_have_a_page() -> None:
    assert "No portal has had a run yet" in report([], NOW)
    bare = Sheet(
        sheet(streak=None, totals=None, failing={}, attention=Attention.NEVER).portrait, {}, [], [0] * WEEKS, []
    )
    page = html.document_fromstring(report([bare], NOW))
    assert len(page.findall(".//section")) == 1
    assert not page.findall(".//section//svg[@class='plot']")


def test_the_calendar_has_a_cell_for_each_day_and_verdict() -> None:
    days = sheet().days
    cells: Counter[str] = Counter()
    for name, path in re.findall(r'class="(\w+)" d="([^"]*)"', plots.calendar(days, TODAY)):
        cells[name] += sum(int(length) for length in re.findall(r"v(\d+)", path))
    assert cells == Counter(verdict.value for verdict in days.values() if verdict)


def test_days_alike_are_one_stroke() -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    days = {monday + timedelta(days=n): Verdict.OK for n in range(5)} | {monday + timedelta(days=6): Verdict.OK}
    assert f'<path class="ok" d="M{WEEKS - 1} 0v5M{WEEKS - 1} 6v1"/>' in plots.calendar(days, TODAY)


def test_the_first_crawl_does_not_press_later_weeks_flat() -> None:
    weeks = [12000, *([0] * 40), 3, 9, 5]
    assert plots.scale(weeks) == 9
    assert plots.scale([154, 12, 3, 2]) == 12
    assert plots.scale([9000, 800, 70, 6]) == 70, "two at most"
    assert 'class="cut"' in plots.news(weeks)
    assert plots.scale([3, 9, 5]) == 9
    assert plots.scale([0, 0]) == 0
    assert plots.scale([7]) == 7


def test_coverage_is_steps_that_end_today() -> None:
    drawn = plots.coverage([Coverage(TODAY - timedelta(days=9), 10, 5), Coverage(TODAY, 10, 10)], TODAY)
    held = re.search(r'class="held" d="([^"]*)"', drawn)
    assert held is not None
    assert held[1] == "M361 50H370V0H371"
    assert not plots.coverage([], TODAY)
