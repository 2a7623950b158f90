from archive.ledger.hantext import han, phrases


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


def test_words_become_phrases() -> None:
    assert phrases("财政") == '"财 政"'
    assert phrases("财政 预算") == phrases("财政　预算") == '"财 政" AND "预 算"'
    assert phrases("国发〔2023〕15号") == '"国 发 〔2023〕15 号"'


def test_no_query_language_gets_through() -> None:
    assert phrases('a"b OR c*') == '"a""b" AND "OR" AND "c*"'
    assert phrases(" ，。 -- ") == ""
    assert phrases("") == ""
