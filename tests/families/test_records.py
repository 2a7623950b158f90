"""JSON answers read without trust in their types, and object literals of scripts."""

import pytest

from archive.errors import LayoutError
from crawler.families.lists import records
from crawler.families.lists.literal import COMPUTED, objects
from crawler.families.lists.script import tokens
from tests.families.pages import page


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("<em>政府</em>信息&nbsp;公开<br/>指南", "政府信息 公开指南"),
        ("利率<3%的贷款", "利率<3%的贷款"),
        (" null ", ""),
        ("undefined", ""),
        ("—　—", ""),
        (None, ""),
        (True, ""),
        ([1], ""),
        (20, "20"),
    ],
)
def test_text(value: object, read: str) -> None:
    assert records.text(value) == read


def test_counts_come_as_text_too() -> None:
    assert [records.count(value) for value in (7, " 7 ", "七", None, 7.5, True, -1)] == [7, 7, *[None] * 5]


def test_names_are_taken_in_any_case_and_in_the_order_asked() -> None:
    record = {"URL": "http://a.gov.cn/", "title": "null", "TitleHtml": "<em>标</em>题"}
    assert records.pick(record, "title", "titleHtml") == "标题"
    assert records.pick(record, "Url") == "http://a.gov.cn/"
    assert records.pick(record, "memo", "") == ""


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (("", "0", "1783390272000"), "2026-07-07"),
        (("1783390272",), "2026-07-07"),
        (("2026.09.14", "1783390272000"), "2026.09.14"),
        (("近日", "2026年7月7日 10:00"), "2026年7月7日 10:00"),
        (("", "昨天"), ""),
    ],
)
def test_days(values: tuple[str, ...], day: str) -> None:
    assert records.day(*values) == day


def test_the_list_is_found_at_any_depth_and_only_as_a_list() -> None:
    inner = {"total": 1, "results": [{}]}
    for answer in (inner, {"data": inner}, {"results": {"data": inner}}, {"code": 200, "result": {"data": inner}}):
        assert records.holder(answer, ("results",)) is inner
    assert records.holder({"data": {"results": None}}, ("results",)) is None
    assert records.holder([inner], ("results",)) is None
    assert records.holder({"a": {"b": {"c": {"d": {"results": []}}}}}, ("results",)) is None


def test_what_a_record_states_in_a_line() -> None:
    record = {"DOCTITLE": "标题", "f_1": "有效", "f_2": "<p>正文</p>" * 400, "n": 3, "x": None, "y": [], "z": "null"}
    assert [*records.stated(record, "doctitle")] == [("f_1", "有效"), ("n", "3")]


def test_what_is_no_json_is_said_in_one_line() -> None:
    with pytest.raises(LayoutError, match=r"^http://a\.gov\.cn/list: not an answer of IRS: [^\n]*$"):
        records.answer_of(page("<html>\n系统维护</html>", "http://a.gov.cn/list"), "IRS")


# --- literals -------------------------------------------------------------------------------------------------------


def found(source: str, **variables: str | int) -> list[dict[str, object]]:
    return [*objects([*tokens(source)], "tableName", variables)]


def test_an_object_literal_in_every_notation() -> None:
    source = """
    // {tableName: 't_old'}
    var data = {code: "189", 'tableName': 't_1', pageNo: n, pageSize: 20, deep: {a: [1, 'b}', {c: true}], d: null},};
    """
    assert found(source, n=4) == [
        {
            "code": "189",
            "tableName": "t_1",
            "pageNo": 4,
            "pageSize": 20,
            "deep": {"a": [1, "b}", {"c": True}], "d": None},
        }
    ]


def test_what_has_to_be_computed_is_marked() -> None:
    [query] = found(
        "f({tableName: 't_' + id, a: n || 1, b: [x(1, 2), -1, 3], c: unknown, d: 'known', e() { return 1 }})"
    )
    assert query == {
        "tableName": COMPUTED,
        "a": COMPUTED,
        "b": [COMPUTED, COMPUTED, 3],
        "c": COMPUTED,
        "d": "known",
    }


@pytest.mark.parametrize(
    "source", ["{tableName: 't_1'", "tableName: {", "({tableName:", "{a: {tableName", "x = [{tableName:1]"]
)
def test_a_script_that_is_cut_off_ends_all_the_same(source: str) -> None:
    assert len(found(source)) <= 1
