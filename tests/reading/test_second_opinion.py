"""Where no container is known, trafilatura is asked as well."""

import pytest

from archive.reading import second_opinion
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.second_opinion import DISPUTED, UNDECIDED, agreement

SENTENCE = "为进一步推进依法行政，提高行政效能，根据条例规定，结合本市实际，制定本办法，请认真贯彻执行。"
UNKNOWN = "<html><head><title>通知</title></head><body><div class='x1'>{}</div></body></html>"
KNOWN = UNKNOWN.replace("x1", "TRS_Editor")


def page(body: str, frame: str = UNKNOWN) -> Page:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Page("http://p.example/1.html", 200, headers, frame.format(body).encode())


def test_two_readings_that_agree_say_nothing() -> None:
    reading = read(page(f"<p>{SENTENCE}</p>" * 8))
    assert SENTENCE in reading.text
    assert not {DISPUTED, UNDECIDED} & set(reading.flags)


def test_disagreement_is_flagged_and_our_text_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_args, **_kwargs: "首页 政务公开 联系我们")
    reading = read(page(f"<p>{SENTENCE}</p>" * 8))
    assert DISPUTED in reading.flags
    assert SENTENCE in reading.text


def test_a_failure_of_the_second_costs_nothing_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> str:
        raise RuntimeError("no idea")

    monkeypatch.setattr("trafilatura.extract", fail)
    reading = read(page(f"<p>{SENTENCE}</p>" * 8))
    assert UNDECIDED in reading.flags
    assert SENTENCE in reading.text


def test_a_known_container_needs_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "flags", lambda *_args: pytest.fail("asked without need"))
    assert SENTENCE in read(page(f"<p>{SENTENCE}</p>" * 8, KNOWN)).text


def test_agreement() -> None:
    assert agreement("", "") == 1.0
    assert agreement("甲 乙", "乙甲") == 1.0
    assert agreement("甲", "") == 0.0
    assert agreement("甲乙", "甲") == pytest.approx(2 / 3)
