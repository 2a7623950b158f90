import random
import re
import sqlite3
import unicodedata

from archive.ledger.hantext import _FOLDABLE, _HAN, han, phrases


def test_a_han_character_a_token() -> None:
    assert han("国发〔2023〕15号").split() == ["国", "发", "〔2023〕15", "号"]
    assert han("二〇二三年ABC公司").split() == ["二", "〇", "二", "三", "年", "ABC", "公", "司"]
    assert han("𠮷野").split() == ["𠮷", "野"]
    assert han("plain text").split() == ["plain", "text"]
    assert han("").split() == []


def test_full_width_letters_and_digits_are_made_plain() -> None:
    assert han("第１２号ＡＢ").split() == ["第", "12", "号", "AB"]
    assert han("豈").split() == ["豈"]  # U+F900 becomes U+8C48


def test_nothing_is_lost() -> None:
    text = "关于印发《2026年　财政预算》的通知（试行）\n第一条\t金额 3.5 万元。"
    assert han(text).replace(" ", "") == text.replace(" ", "")


def tokens(spaced: str) -> list[tuple[int, str]]:
    """The tokens that the full-text index makes of it, with their places."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 0', content='')")
        db.execute("CREATE VIRTUAL TABLE seen USING fts5vocab('t', 'instance')")
        db.execute("INSERT INTO t (rowid, x) VALUES (1, ?)", (spaced,))
        return db.execute('SELECT "offset", term FROM seen ORDER BY 1').fetchall()


def by_rule(text: str) -> str:
    """What :func:`han` promises, written down once more: slow, and plain to see."""
    text = unicodedata.normalize("NFKC", text) if _FOLDABLE.search(text) else text
    return re.sub(f"([{_HAN}])", r" \1 ", text)


def test_tokens_are_those_of_the_rule() -> None:
    """Of texts from everyday characters, from those that stand beside Han characters in Unicode, and from all there
    are."""
    chance = random.Random("han")
    everyday = "国发〇々ー、。，（）《》〔〕“”　 \n\t_-.,03AbcéΩя①Ⅱ㈠カｶ１Ａ\u0301\u200b\u20e3豈\ufe0f한𠮷"
    near = [chr(code) for code in (*range(0x2000, 0x3500), *range(0x9F00, 0xA100), *range(0xF8F0, 0xFB10))]
    near += [chr(code) for code in range(0xFE00, 0x10000)]
    every = [chr(code) for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000]
    for letters in (everyday, near, every):
        for _ in range(150):
            pool = chance.choices(letters, k=12) + chance.choices("国发号a1", k=3)
            text = "".join(chance.choices(pool, k=60))
            assert tokens(han(text)) == tokens(by_rule(text)), text


def test_every_character_beside_every_kind() -> None:
    """Each character of the basic plane between two Han characters, and between two letters."""
    for first in range(1, 0x10000, 0x400):
        each = [chr(code) for code in range(first, min(first + 0x400, 0x10000)) if not 0xD800 <= code < 0xE000]
        for left, right in (("国", "国"), ("a", "b")):
            text = "。".join(f"{left}{letter}{right}" for letter in each)
            assert tokens(han(text)) == tokens(by_rule(text)), hex(first)


def test_lone_surrogates_are_let_pass() -> None:
    assert han("国\ud800a").split() == ["国", "\ud800a"]


def test_words_become_phrases() -> None:
    assert phrases("财政") == '"财 政"'
    assert phrases("财政 预算") == phrases("财政　预算") == '"财 政" AND "预 算"'
    assert phrases("国发〔2023〕15号") == '"国 发 〔2023〕15 号"'


def test_no_query_language_gets_through() -> None:
    assert phrases('a"b OR c*') == '"a""b" AND "OR" AND "c*"'
    assert phrases(" ，。 -- ") == ""
    assert phrases("") == ""
