import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reading.layout import Layout, link_text
from archive.reading.tags import INLINE, LINK, kind_of
from archive.reading.walk import lay_out
from tests.reading.pages import GKMLPT, UCAP, page


def layout(html: str) -> Layout:
    return lay_out(page(f"<html><body>{html}</body></html>").tree)


# html → text, tag and pieces of each block
BLOCKS = {
    "<p>甲</p>": [("甲", "p", ["甲"])],
    "<p> 甲 \n 乙 </p>": [("甲 乙", "p", [" 甲 \n 乙 "])],
    "<p><b>甲</b> 乙</p>": [("甲 乙", "p", ["甲", " 乙"])],
    "<p> <b>甲</b></p>": [("甲", "p", ["甲"])],
    "<p>甲<span>乙</span>丙</p>": [("甲乙丙", "p", ["甲", "乙", "丙"])],
    "<p>甲<span class='title'>乙</span></p>": [("甲乙", "p", ["甲", "乙"])],
    "<p><font><b>甲</b></font></p>": [("甲", "p", ["甲"])],
    "<p>甲<!-- 乙 -->丙</p>": [("甲丙", "p", ["甲", "丙"])],
    "<p>甲<br>乙</p>": [("甲", "p", ["甲"]), ("乙", "p", ["乙"])],
    "<p>甲<script>乙</script></p>": [("甲", "p", ["甲"])],
    "<div>甲<p>乙</p>丙</div>": [("甲", "div", ["甲"]), ("乙", "p", ["乙"]), ("丙", "div", ["丙"])],
    "<div><div><p>甲</p></div></div>": [("甲", "div", ["甲"])],
    "<ul><li><p>甲</p></li></ul>": [("甲", "li", ["甲"])],
    "<p></p><h2></h2><div> </div>": [("", "p", []), ("", "div", [])],
    "<p>\u200b</p>": [("", "p", [])],
    "<pre>甲\n乙</pre>": [("甲", "pre", ["甲"]), ("乙", "pre", ["乙"])],
    "<div><pre><p>甲\n乙</p></pre></div>": [("甲", "p", ["甲"]), ("乙", "p", ["乙"])],
    "前<p>甲</p>后": [("前", "body", ["前"]), ("甲", "p", ["甲"]), ("后", "body", ["后"])],
    "<iframe src='a'>甲</iframe><object>乙</object>": [("乙", "body", ["乙"])],
}


@pytest.mark.parametrize("html", BLOCKS)
def test_blocks(html: str) -> None:
    found = layout(f"{html}<p>末</p>")  # or else a single block would be all of the body
    blocks = [(text, tag, [*pieces]) for text, tag, pieces in zip(found.texts, found.tags, found.pieces, strict=True)]
    assert blocks == [*BLOCKS[html], ("末", "p", ["末"])]


def test_siblings_share_their_parent_and_cousins_do_not() -> None:
    found = layout(
        "<div><p>甲</p><p><b>乙</b></p><div><p><b>丙</b>丁<b>戊</b></p></div></div><div><p>己</p><p>庚</p></div>"
    )
    first, second, third, fourth, fifth = found.parents
    assert first == second == third != fourth == fifth


def test_cells_know_their_blocks_row_and_spans() -> None:
    found = layout(
        "<table><tr><td colspan='2'>甲</td><th><p>乙</p><p>丙</p></th><td></td>"
        "<td rowspan='x'><a>丁</a></td></tr></table>"
    )
    (row,) = found.rows
    assert [(cell.start, cell.end, cell.colspan, cell.rowspan) for cell in row.cells] == [
        (0, 1, 2, 1),
        (1, 3, 1, 1),
        (3, 4, 1, 1),
        (4, 5, 1, 1),
    ]
    assert row.is_data
    assert found.row_of == [0] * 5


def test_links_stand_at_the_block_that_they_are_in() -> None:
    found = layout(
        "<p>甲</p>前<li><a href='1'>乙</a></li><li><a href='2'>丙</a><b>x</b></li>"
        "<div class='fj'><p><a href='3'>丁</a></p></div>"
    )
    links = map(found.link, range(len(found.link_blocks)))
    assert [(found.texts[link.block], link.href, link_text(link.node), link.marked) for link in links] == [
        ("乙", "1", "乙", False),
        ("丙x", "2", "丙", False),
        ("丁", "3", "丁", True),
    ]


def test_the_two_ways_to_read_a_block_are_one() -> None:
    """A comment at the end of each block keeps it from being read at once; nothing but that may change."""
    for html in (GKMLPT, UCAP):
        commented = re.sub(r"(</(?:p|li|td|div)>)", r"<!---->\1", html)
        plain, other = layout(html), layout(commented)
        assert (plain.texts, plain.tags, plain.row_of) == (other.texts, other.tags, other.row_of)
        assert _groups(plain.parents) == _groups(other.parents)
        assert (plain.rows, plain.bodies, plain.chrome) == (other.rows, other.bodies, other.chrome)
        assert (plain.link_blocks, plain.link_hrefs) == (other.link_blocks, other.link_hrefs)


_PARTS = (
    "<p>|</p>|<div>|</div>|<div class='zoom'>|<div class='nav'>|<td>|</td>|<tr>|</tr>|<table>|</table>|<li>|</li>"
    "|<pre>|</pre>|<a href='/a'>|</a>|<span>|</span>|<br>|<b>|</b>|<img>|<h1>|</h1>|甲|乙：|\n"
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PARTS.split("|")), max_size=30))
def test_any_markup_has_whole_columns_and_bounded_ranges(parts: list[str]) -> None:
    found = layout("".join(parts))
    count = len(found.texts)
    assert {len(found.pieces), len(found.parents), len(found.tags), len(found.row_of)} == {count}
    assert all(pieces for text, pieces in zip(found.texts, found.pieces, strict=True) if text)
    ranges = [(cell.start, cell.end) for row in found.rows for cell in row.cells]
    ranges += [(region.start, region.end) for region in (*found.bodies, *found.headings)] + found.chrome
    assert all(0 <= start <= end <= count for start, end in ranges)
    assert all(-1 <= row < len(found.rows) for row in found.row_of)


def _groups(numbers: list[int]) -> list[int]:
    return [numbers.index(number) for number in numbers]


def test_what_says_nothing_is_text_in_a_line() -> None:
    assert kind_of("span", "x1", "y") is INLINE
    assert kind_of("a", None, "more") is LINK
    assert kind_of("span", None, "share") is not INLINE
    assert kind_of("p", None, None).is_plain
    assert not kind_of("div", "zoom", None).is_plain
    assert not kind_of("tr", None, None).is_plain
