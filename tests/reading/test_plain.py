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
