"""Characters are counted by the row of Unicode that they are from, as a pattern would count them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from archive.reading import rows

_HAN = re.compile("[\u4e00-\u9fff]")
_SIGNS = st.one_of(st.sampled_from("\u4dff\u4e00\u9fff\ua000\ue000\uf8ff\ufffd\ud800\U0010fffd a的。"), st.characters())


@given(st.text(_SIGNS))
def test_han_characters_are_counted_as_the_pattern_counts_them(text: str) -> None:
    assert rows.count(text, rows.others(0x4E, 0x9F)) == len(_HAN.findall(text))


@given(st.text(_SIGNS))
def test_no_character_of_private_use_is_missed(text: str) -> None:
    private = [sign for sign in text if 0xE000 <= ord(sign) <= 0xF8FF or ord(sign) > 0xEFFFF]
    assert rows.count(text, rows.others(0xD8, 0xF8)) >= len(private)
