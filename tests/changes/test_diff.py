"""Diffs of Chinese texts: what a person sees of a change."""

from hypothesis import given
from hypothesis import strategies as st

from archive.diff import Piece, What, in_line, in_lines, text_diff, value_diff


def lines(old: str, new: str, *, colour: bool = False) -> list[str]:
    return list(in_lines(text_diff(old, new), colour=colour))


def test_equal_texts_give_nothing() -> None:
    assert lines("第一条。\n第二条。", "第一条。  \n第二条。") == []


def test_an_edited_sentence_is_shown_once_with_its_marks() -> None:
    old = "第一条　总则。第二条　有效期至2025年12月31日。第三条　附则。第四条　其他。"
    new = "第一条　总则。第二条　有效期至2027年12月31日。第三条　附则。第四条　其他。"
    assert lines(old, new) == [
        "  第一条　总则。",
        "~ 第二条　有效期至[-2025-]{+2027+}年12月31日。",
        "  第三条　附则。",
    ]


def test_a_removed_and_an_added_sentence_that_have_nothing_in_common() -> None:
    assert lines("甲乙丙丁。", "春夏秋冬。") == ["- 甲乙丙丁。", "+ 春夏秋冬。"]


def test_a_sentence_put_between_others_is_no_change_of_them() -> None:
    old = "一、申请人应当提交申请表。二、审查机关应当受理。"
    new = "一、申请人应当提交申请表和证明。新设一项公示制度。二、审查机关应当及时受理。"
    assert lines(old, new) == [
        "~ 一、申请人应当提交申请表{+和证明+}。",
        "+ 新设一项公示制度。",
        "~ 二、审查机关应当{+及时+}受理。",
    ]


def test_far_apart_changes_leave_the_middle_out() -> None:
    middle = "".join(f"第{number}条不变。" for number in range(40))
    shown = lines(f"甲。{middle}乙。", f"甲丙。{middle}乙丁。")
    assert shown == ["~ 甲{+丙+}。", "  第0条不变。", "  …", "  第39条不变。", "~ 乙{+丁+}。"]


def test_of_a_long_paragraph_only_what_is_near_the_change() -> None:
    long = "各区县人民政府，市政府各部门，" * 40
    (shown,) = lines(f"{long}应当于6月底前上报，{long}", f"{long}应当于9月底前上报，{long}")
    assert "[-6-]{+9+}" in shown
    assert len(shown) < 60


def test_small_islands_of_equal_characters_are_taken_into_the_change() -> None:
    assert in_line(value_diff("由市财政局负责", "由省税务局负责")) == "由[-市财政-]{+省税务+}局负责"
    assert in_line(value_diff("试行三年期满后", "试行至二〇三〇年年底后")) == "试行[-三年期满-]{+至二〇三〇年年底+}后"


def test_numbers_are_not_cut() -> None:
    assert in_line(value_diff("共1,234.50元", "共1,244.50元")) == "共[-1,234.50-]{+1,244.50+}元"


def test_a_table_row_reads_on_one_line() -> None:
    assert lines("项目\t金额\n预算\t12", "项目\t金额\n预算\t15")[-1] == "~ 预算 | [-12-]{+15+}"


def test_a_page_cannot_steer_the_terminal() -> None:
    shown = lines("甲乙丙。", "甲乙丙\x1b[2J\x9b。\x07全新的一句。", colour=True)
    assert "\x1b[32m{+\ufffd[2J\ufffd+}\x1b[0m" in "".join(shown)
    assert not {"\x9b", "\x07"} & set("".join(shown))
    assert "\x1b[2J" not in "".join(shown)


def test_colours_only_when_asked_for() -> None:
    assert "\x1b" not in "".join(lines("旧句子。", "新句子。"))
    assert "\x1b[31m[-旧-]\x1b[0m\x1b[32m{+新+}\x1b[0m" in "".join(lines("旧句子。", "新句子。", colour=True))


def test_very_many_changes_are_cut_short_and_say_so() -> None:
    old = "".join(f"旧{number}甲。" for number in range(300))
    shown = lines(old, "")
    assert len(shown) == 61
    assert shown[-1] == "  … 240 further sentences"


def test_a_sentence_too_long_to_look_into_is_replaced_whole() -> None:
    assert value_diff("甲" * 5000, "甲" * 5001) == (
        Piece(What.REMOVED, "甲" * 5000),
        Piece(What.ADDED, "甲" * 5001),
    )


@given(st.text("甲乙。；\n1a ", max_size=60), st.text("甲乙。；\n1a ", max_size=60))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    """Whatever the texts: what is kept and removed is the old one, what is kept and added the new one."""

    def whole(*whats: What) -> str:
        return "".join(piece.text for piece in value_diff(old, new) if piece.what in whats)

    assert whole(What.SAME, What.REMOVED) == old
    assert whole(What.SAME, What.ADDED) == new
    removed = sum(one.what is not What.SAME for one in text_diff(old, new))
    assert bool(removed) == (_sentences(old) != _sentences(new))


def _sentences(text: str) -> list[str]:
    shown = text_diff("", text, around=0)
    return ["".join(piece.text for piece in one.pieces) for one in shown]
