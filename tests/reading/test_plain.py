from archive.reading.read import read
from archive.vocabulary import TextStatus
from tests.reading.pages import page

BODY = "各区政府,市政府各部门:\n为提升工作水平,现就有关事项通知如下。\n一、加强领导。"


def plainly(text: str) -> dict[str, str]:
    return dict(read(page(text, content_type="text/plain; charset=utf-8")).fields)


def test_plain_text_is_read_by_lines() -> None:
    found = read(
        page("当前位置: 某镇\n\n发布机构: 某镇人民政府 发文日期: 2021年1月22日\r\n", content_type="text/plain")
    )
    assert found.text == "当前位置: 某镇\n发布机构: 某镇人民政府 发文日期: 2021年1月22日"
    assert dict(found.fields) == {"publisher": "某镇人民政府", "date_issued": "2021-01-22", "breadcrumb": "某镇"}


def test_a_law_databases_first_line() -> None:
    title = "某市人民政府关于进一步规范统计报送工作的通知"
    attributes = "【发文字号】某府[2016]28号【发布日期】2016.07.11"
    assert plainly(f"{title}{attributes}\n{BODY}") == {
        "title": title,
        "doc_number": "某府〔2016〕28号",
        "doc_number_key": "某府|2016|28",
        "date_promulgated": "2016-07-11",
    }
    assert plainly(f"{title}正文:--------\n{BODY}")["title"] == title
    assert plainly(BODY) == {}


def test_the_title_of_a_text_is_a_line_of_its_own_or_said_by_the_preface() -> None:
    assert (
        plainly(f"首页\n某市人民政府关于加强绿化工作的意见。\n{BODY}")["title"] == "某市人民政府关于加强绿化工作的意见"
    )
    preface = "根据《条例》,现公布某县人民政府(以下简称县政府)2019年政府信息公开工作年度报告。本报告由六部分组成。"
    assert plainly(f"{preface}\n一、概述")["title"] == "某县人民政府2019年政府信息公开工作年度报告"
    for text in (
        "现将2019年度政府信息公开情况报告如下:",
        "附件1\n某县信息公开情况调查表",
        "某县工作报告.doc",
        "一、关于报告的说明",
    ):
        assert "title" not in plainly(f"{text}\n{BODY}")


def test_two_titles_of_one_report_are_both_observed() -> None:
    text = "2020年某區政府信息公開工作年度報告\n某區政府2020年信息公開工作年度報告\n根據《條例》,特向社會公布。"
    found = read(page(text, content_type="text/plain; charset=utf-8"))
    assert [seen.value for seen in found.observations if seen.field == "title"] == text.split("\n")[:2]
    assert (found.title, found.parts) == (text.split("\n")[0], ())


def test_the_head_of_a_document_that_a_program_ran_into_one_line() -> None:
    head = (
        "1 某 市 人 民 政 府 文 件 某政发, 2011? 12号 某市人民政府 关于印发 2011 年 工作要点的通知 各县、 区人民政府: "
    )
    assert plainly(f"{head}现印发给你们,请认真执行。 二〇一一年三月五日 2 2011 年 工作要点 一、总体要求") == {
        "title": "某市人民政府关于印发2011年工作要点的通知",
        "issuer": "某市人民政府",
        "doc_number": "某政发〔2011〕12号",
        "doc_number_key": "某政发|2011|12",
        "date_made": "2011-03-05",
        "addressees": "各县、区人民政府",
    }


def test_a_signature_that_runs_into_what_it_covers() -> None:
    text = "某市政府办公室关于印发某市工作方案的通知正文:---\n请认真执行。\n{}某市工作方案为加强工作,制定本方案。\n目标"
    assert plainly(text.format("某市政府办公室2020年8月28日"))["date_made"] == "2020-08-28"
    assert plainly(text.format("二○二○年八月二十八日"))["date_made"] == "2020-08-28"
    assert "date_made" not in plainly(text.format("某市政府办公室2020年8月28日召开会议,"))


def test_markup_and_emptiness_behind_the_name_of_plain_text() -> None:
    assert plainly("<html><title>关于某事的通知</title><p>x</p></html>")["title"] == "关于某事的通知"
    empty = read(page(" \n \n", content_type="text/plain"))
    assert (empty.text, empty.text_status, empty.fields) == ("", TextStatus.EMPTY, ())


def test_a_less_than_sign_is_no_markup() -> None:
    assert read(page("a < b\n1<2 & 3", content_type="text/plain")).text == "a < b\n1<2 & 3"
