"""Letterhead, 题注 and signature, in the shapes that real documents have."""

import pytest

from archive.reading.letterhead import statements


def found(*text: str) -> dict[str, str]:
    return {pair.field: pair.value for pair in statements(text)}


DECREE = ("甲市人民政府令", "第　80　号", "《办法》已经审议通过，现予公布，自2011年5月1日起施行。")
NOTE = {"doc_number": "证监会令第187号", "date_promulgated": "2021年10月30日", "date_effective": "2021年11月15日"}


def test_the_first_signature_counts() -> None:
    """转发 and 印发 sign before what they pass on, which may be signed itself; its articles follow in hundreds."""
    letter = ["各区县卫生局：", "现转发给你们。", "甲市卫生局", "2004年9月10日", "关于印发办法的通知"]
    annex = [*("第几条　为加强管理，制定本办法。" for _ in range(40)), "卫生部", "2004年8月10日"]
    assert found(*letter, *annex) == {"issuer": "甲市卫生局", "date_made": "2004年9月10日"}


@pytest.mark.parametrize("signer", ["部　长  陈　竺", "主任：郑栅洁", "中华人民共和国主席 某某某", "总　理　 某某某"])
def test_a_decree_is_signed_by_a_person(signer: str) -> None:
    articles = ["第一条　为加强管理，制定本办法。"] * 40
    assert found(*DECREE, signer, "二○一一年三月十日", "甲市管理办法", *articles) == {
        "doc_number": "甲市人民政府令第　80　号",
        "date_made": "二○一一年三月十日",
    }


def test_a_covering_letter_may_bear_a_day_alone() -> None:
    letter = ["各有关单位：", "现将办法印发给你们，请遵照执行。", "二OO一年四月十八日"]
    assert found(*letter, "甲市管理办法", *["第一条　总则。"] * 40) == {"date_made": "二OO一年四月十八日"}
    chronicle = ["大事记", "某项工作开始。", "2001年4月18日", "召开会议。", *["又一件事。"] * 40]
    assert found(*chronicle) == {}


def test_a_day_in_brackets_below_the_title() -> None:
    assert found("（2019年10月20日）", *["正文的一段。"] * 40) == {"date_made": "2019年10月20日"}
    assert found(*["正文的一段。"] * 20, "（2019年10月20日）", *["正文的一段。"] * 40) == {}


def test_a_row_of_a_table_is_no_signature() -> None:
    assert found("1\t甲市人民政府\t甲政发〔2017〕9号\t2017年2月7日", "甲市人民政府\t2017年2月7日") == {}


def test_traditional_organs() -> None:
    assert found("高新區(新市區)政府辦公室", "2021年1月30日")["issuer"] == "高新區(新市區)政府辦公室"
    assert found("某市教育廳2021年1月30日")["issuer"] == "某市教育廳"


@pytest.mark.parametrize(
    "note",
    [
        ["（2021年10月30日证监会令第187号公布 自2021年11月15日起施行）"],
        ["(2021年10月30日证监会令第187号公布，自2021年11月15日起施行)"],
        ["2021年10月30日某委员会第九次会议通过", "2021年10月30日证监会令第187号公布", "自2021年11月15日起施行"],
        ["（2021年10月30日证监会令第187号公布　自2021年11月15日起施行　根据2022年5月31日证监会令第199号修订）"],
    ],
)
def test_a_note_below_the_title(note: list[str]) -> None:
    assert found("某某管理办法", *note, "第一章　总则") == NOTE


def test_what_prose_says_is_no_note() -> None:
    assert found("2021年10月30日证监会令第187号公布的办法同时废止。", "自2021年11月15日起施行") == {}
    assert found("2021年10月30日某市第九次会议通过", "第一章　总则") == {}


def test_a_series_and_its_number_on_two_lines() -> None:
    assert found("国家税务总局公告", "2020年第5号")["doc_number"] == "国家税务总局公告2020年第5号"
    assert "doc_number" not in found("关于印发办法的公告", "京中科〔2001〕14号文件的说明")
