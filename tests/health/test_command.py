"""``gongkai health`` as an operator meets it."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import clock
from archive.health import advice
from archive.health import words as worded
from archive.health.history import SEVERITY
from archive.vocabulary import Mode, Role, Verdict, WalkEnd
from crawler.cli import main
from tests.health.nights import Nights
from tests.ledger.by_hand import PORTAL, reading, url

STATING = reading(fields=(("publisher", "珠海市人民政府办公室"), ("doc_number", "珠府〔2026〕1号")))


def health(nights: Nights, folder: Path, *words: str, status: int = 0) -> str:
    with clock.running(lambda: nights.instant):
        done = CliRunner().invoke(main, ["--data", str(folder), "health", *words])
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture
def lived(nights: Nights) -> Nights:
    """Thirty nights: news on every other, then three on which the portal turns us away."""
    nights.hold()
    nights.run(range(40), reads=STATING, declared=40)
    for night in range(1, 30):
        nights.sleep()
        names = [f"{night}-{n}" for n in range(2)] if night % 2 else []
        nights.run(names, reads=STATING, declared=40 + (night + 1) // 2 * 2)
    nights.release()
    return nights


def block(nights: Nights, times: int) -> None:
    for _ in range(times):
        nights.sleep()
        nights.begin()
        nights.end(Verdict.BLOCKED, reason="http://www.zhuhai.gov.cn/ answered 412 (challenge); left alone")


def test_the_table_says_what_an_operator_needs(lived: Nights, tmp_path: Path) -> None:
    header, line, _, sums = health(lived, tmp_path).splitlines()
    assert header.split()[:4] == ["portal", "verdict", "since", "held/declared"]
    assert line.split() == ["zhuhai", "ok", "×30", "2026-03-01", "70/70", "8", "70", "2026-03-30"]
    assert sums == "1 portals: 1 ok; none needs a person"


def test_what_lasts_is_for_a_person(lived: Nights, tmp_path: Path) -> None:
    block(lived, 1)
    assert "rests until" in health(lived, tmp_path)
    block(lived, 2)
    shown = health(lived, tmp_path)
    assert "blocked ×3" in shown
    assert "1 needs a person" in shown


def test_one_portal_in_words(lived: Nights, tmp_path: Path) -> None:
    block(lived, 3)
    shown = health(lived, tmp_path, PORTAL)
    for words in (
        "BLOCKED since 2026-03-31, 3 runs in a row; last ok 2026-03-30",
        "The portal turned us away",
        "- http://www.zhuhai.gov.cn/ answered 412 (challenge); left alone",
        "gongkai crawl zhuhai --anyway",
        "to its end  2026-03-01",
        "News on 16 days in two years, mostly every day or two; the longest pause was 2 days",
        "+++++BBB 2026-04-03",
    ):
        assert words in shown, shown


def test_a_partial_portal_names_what_is_missing_and_what_to_do(nights: Nights, tmp_path: Path) -> None:
    nights.begin()
    nights.columns("tz", declared=9)
    nights.list(nights.shown(1), nights.shown(2))
    nights.walked(WalkEnd.PAGE_MISSING, detail="page 2 answered 404")
    nights.failed(Role.DOCUMENT, url(2), "timeout", column="tz", entry_url=url(2))
    nights.document(1, STATING)
    nights.end(Verdict.PARTIAL, reason="栏目tz: not read to its end (page_missing); 栏目tz: 9 declared, 2 listed")
    shown = health(nights, tmp_path, PORTAL)
    for words in (
        "PARTIAL since 2026-03-01; never ok so far",
        "  - 栏目tz: 9 declared, 2 listed",
        "tries the 1 failed entries again when due",
        "a page is missing: page 2 answered 404  never",
        "timeout 1",
        "Too few days of news",
    ):
        assert words in shown, shown


def test_the_portal_file_says_what_is_expected(lived: Nights, tmp_path: Path) -> None:
    files = tmp_path / "portals"
    files.mkdir()
    text = '[portal]\nname = "珠海"\nhome = "http://www.zhuhai.gov.cn/"\ndivision = "440400"\n[[column]]\n'
    text += 'family = "gkmlpt"\nurl = "http://www.zhuhai.gov.cn/gkmlpt/index"\n[expect]\nfill_min = { issuer = 0.5 }\n'
    (files / "zhuhai.toml").write_text(text, encoding="utf-8")

    def shown(*words: str) -> str:
        with clock.running(lambda: lived.instant):
            done = CliRunner().invoke(
                main, ["--data", str(tmp_path), "--portals", str(files), "health", *words], catch_exceptions=False
            )
        assert done.exit_code == 0, done.output
        return done.output

    (issuer,) = (line.split() for line in shown(PORTAL).splitlines() if line.startswith("  issuer"))
    assert issuer == ["issuer", "0%", "0%", "-", "≥", "50%", "below", "what", "is", "expected"]
    block(lived, 4)
    assert "1 needs a person" in shown()
    text += 'pause_until = 2026-05-01\npause_reason = "机房搬迁"\n'
    (files / "zhuhai.toml").write_text(text, encoding="utf-8")
    assert "paused until 2026-05-01: 机房搬迁" in shown()
    assert "none needs a person" in shown()
    lived.sleep(40)
    assert "1 needs a person" in shown(), "the pause is over"


def test_narrowed_runs_and_probes_are_no_verdict_on_a_portal(nights: Nights, tmp_path: Path) -> None:
    nights.start("zhuhai-p", mode=Mode.PROBE)
    nights.end()
    assert "no portal has had a run yet" in health(nights, tmp_path)
    nights.start("zhuhai-q", mode=Mode.PART)
    nights.columns("tz")
    nights.end()
    assert "no whole run" in health(nights, tmp_path)
    assert "    gongkai crawl zhuhai\n" in health(nights, tmp_path, PORTAL)


def test_suggestions_are_toml_with_a_margin(lived: Nights, tmp_path: Path) -> None:
    expect = tomllib.loads(health(lived, tmp_path, PORTAL, "--suggest"))["expect"]
    assert expect == {
        "entries_min": 66,
        "fill_min": {"title": 1.0, "doc_number": 0.95, "publisher": 0.95, "text": 0.95},
    }


def test_fields_that_come_and_go_are_not_suggested(nights: Nights, tmp_path: Path) -> None:
    nights.run(range(20), reads=STATING)
    nights.sleep()
    nights.run(range(20, 40), reads=reading(fields=(("publisher", "珠海"),)))
    fill = tomllib.loads(health(nights, tmp_path, "--suggest"))["expect"]["fill_min"]
    assert "doc_number" not in fill
    assert fill["publisher"] == 0.95


def test_json_is_for_scripts(lived: Nights, tmp_path: Path) -> None:
    made = json.loads(health(lived, tmp_path, "--json"))
    (one,) = made["portals"]
    assert (one["key"], one["verdict"], one["attention"], one["needs_person"]) == (PORTAL, "ok", "fine", False)
    assert one["streak"]["times"] == 30
    assert one["totals"] == {"of": 70, "declares": True, "held": 70}
    assert "detail" not in one
    (full,) = json.loads(health(lived, tmp_path, PORTAL, "--json"))["portals"]
    assert full["detail"]["columns"][0]["held"] == 70
    assert full["detail"]["verdicts"]["2026-03-31"] == "ok"


def test_every_word_of_the_vocabulary_has_its_words() -> None:
    assert set(worded._WALKS) == set(WalkEnd)
    assert set(worded.SIGNS) == set(advice.MEANS) == set(SEVERITY) == set(Verdict)


def test_mistakes_are_one_line(lived: Nights, tmp_path: Path) -> None:
    assert "did you mean zhuhai?" in health(lived, tmp_path, "zhuhia", status=2)
    assert "one at a time" in health(lived, tmp_path, "--json", "--suggest", status=2)
    assert "no archive here" in health(lived, tmp_path / "none", status=1)
    assert health(lived, tmp_path, "--html", str(tmp_path / "none" / "h.html"), status=1).count("\n") == 1


def test_the_report_is_written(lived: Nights, tmp_path: Path) -> None:
    file = tmp_path / "h.html"
    assert "1 portals" in health(lived, tmp_path, "--html", str(file))
    text = file.read_text(encoding="utf-8")
    assert "珠海市人民政府" in text
    assert "<svg" in text
