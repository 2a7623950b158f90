"""Pages that are far too much of something end with a named status. How long each takes is measured by hand
(``python -m tests.reading.monsters``). What takes too long all the same, the limit of a worker ends
(``tests/unit/test_workers.py``)."""

import pytest

from archive.errors import TooDeepError
from archive.reading.page import DEEPEST
from archive.reading.read import TOO_DEEP, read
from archive.vocabulary import TextStatus
from tests.reading.monsters import MONSTERS, page
from tests.reading.pages import page as made

# Those that are read in half a second; formerly some took minutes.
STATUSES = {
    "ten megabytes": TextStatus.OK,
    "ten megabytes of labels on one line": TextStatus.OK,
    "ten megabytes of noise": TextStatus.UNREADABLE,
    "ten megabytes of spaces": TextStatus.OK,
    "seventeen megabytes": TextStatus.TOO_LARGE,
    "200,000 nested div": TextStatus.UNREADABLE,
    "200,000 nested div, unclosed": TextStatus.UNREADABLE,
    "200,000 nested font": TextStatus.OK,
    "200,000 nested lists": TextStatus.UNREADABLE,
    "50,000 nested tables": TextStatus.UNREADABLE,
    "a million cells": TextStatus.TOO_LARGE,
    "rowspan of a hundred million": TextStatus.OK,
    "spans of many digits": TextStatus.OK,
    "JSON nested deep": TextStatus.UNREADABLE,
    "JSON lists nested deep": TextStatus.UNREADABLE,
    "DETAIL nested deep": TextStatus.OK,
    "a link of ten megabytes": TextStatus.OK,
    "a base of five megabytes, many links": TextStatus.ATTACHMENT_ONLY,
    "unclosed quotes": TextStatus.EMPTY,
    "unclosed tags": TextStatus.TOO_LARGE,
    "a comment without an end": TextStatus.EMPTY,
    "null bytes": TextStatus.UNREADABLE,
    "null bytes between": TextStatus.OK,
    "entities within entities": TextStatus.OK,
    "two million entities": TextStatus.OK,
    "2,000 nested div, guessed": TextStatus.OK,
}


@pytest.mark.parametrize("name", STATUSES)
def test_it_ends_with_a_named_status(name: str) -> None:
    found = read(page(name))
    assert found.text_status is STATUSES[name]
    assert (found.text != "") == (found.text_status is TextStatus.OK)


def test_the_others_are_known_by_name() -> None:
    assert set(STATUSES) < set(MONSTERS)


def test_what_the_parser_would_lose_is_said() -> None:
    """libxml2 stops where elements are nested too deep, without a word: the text behind would be missing."""
    deep = "<div>" * DEEPEST + "<p>现将有关事项通知如下。</p>"
    found = read(made(deep))
    assert (found.text_status, found.flags) == (TextStatus.UNREADABLE, (TOO_DEEP,))
    with pytest.raises(TooDeepError, match=r"^http://www\.example\.gov\.cn/\S+: .* within each other$"):
        _ = made(deep).tree


def test_formatting_that_nobody_closes_loses_nothing() -> None:
    body = "".join(f"<p><font size=3><b>第{number}条</p>" for number in range(DEEPEST))
    found = read(made(f"<title>绿化办法</title><div class='TRS_Editor'>{body}<p>末条</p></div>"))
    assert (found.text_status, found.flags) == (TextStatus.OK, ())
    assert found.text.split("\n") == [*(f"第{number}条" for number in range(DEEPEST)), "末条"]


def test_an_address_that_no_server_takes_is_no_attachment() -> None:
    links = f"<a href='/{'a' * 9000}.pdf'>甲.pdf</a><a href='/b.pdf'>乙.pdf</a>"
    found = read(made(f"<div class='TRS_Editor'><p>附件：{links}</p></div>"))
    assert [link.url for link in found.attachments] == ["http://www.example.gov.cn/b.pdf"]


def test_many_meta_tags_are_not_all_kept() -> None:
    metas = "".join(f"<meta name=Keywords content='词{number}'>" for number in range(5000))
    found = read(made(f"<html><head>{metas}</head><body><p>现将有关事项通知如下。</p></body></html>"))
    assert len(found.observations) == 400
