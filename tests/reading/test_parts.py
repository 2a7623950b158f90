"""Pages that hold more than one document: told apart, and nothing of one said of another. None is from a seed."""

import json

import pytest

from archive.reading.parts import SEVERAL
from archive.reading.read import read
from tests.reading.pages import page
from tests.reading.several import (
    ANNEX,
    CARRIER_TITLE,
    FORWARDED,
    FORWARDED_TITLE,
    LETTER,
    MORE,
    NUMBER,
    OWN,
    PROSE,
    REPRINTED,
    body,
    fields,
    kinds,
    notice,
    reprinted,
)

# --- what is passed on, below what passes it on


def test_a_notice_that_passes_another_on() -> None:
    found = body(["乙卫发〔2021〕12号", *LETTER, FORWARDED_TITLE, *FORWARDED], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 5), (REPRINTED, 6, 14)]
    assert fields(found) == {"issuer": "乙市卫生局", "doc_number": "乙卫发〔2021〕12号", "date_made": "2021-05-18"}
    (part,) = reprinted(found)
    assert part.title == FORWARDED_TITLE
    assert fields(part) == {"issuer": "甲省卫生厅", "doc_number": "甲卫发〔2021〕33号", "date_made": "2021-04-30"}
    assert found.flags == (SEVERAL,)


@pytest.mark.parametrize(
    "title", [CARRIER_TITLE, "转发省卫生厅关于开展夏季食品安全检查的通知", "关于转发甲卫发〔2021〕33号文件的通知"]
)
def test_a_carrier_without_number_and_signature_gets_neither(title: str) -> None:
    letter = ["各县（区）卫生局：", "现将省卫生厅文件转发给你们，请结合实际认真贯彻执行。"]
    found = body([*letter, FORWARDED_TITLE, *FORWARDED], title)
    assert fields(found) == {}
    assert fields(reprinted(found)[0])["doc_number"] == "甲卫发〔2021〕33号"


def test_the_title_of_what_is_passed_on_may_take_lines_and_follow_its_number() -> None:
    head = ["甲省卫生厅文件", "甲卫发〔2021〕33号", "甲省卫生厅", "关于开展夏季食品安全检查的通知", "各市卫生局："]
    found = body([*LETTER, *head, PROSE, *MORE], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 13)]
    assert reprinted(found)[0].title == FORWARDED_TITLE
    assert fields(found) == {"issuer": "乙市卫生局", "date_made": "2021-05-18"}
    assert fields(reprinted(found)[0]) == {"issuer": "甲省卫生厅", "doc_number": "甲卫发〔2021〕33号"}


def test_what_is_passed_on_may_lack_a_number() -> None:
    letter = ["甲省卫生厅关于开展夏季食品安全检查的函", "各市卫生局：", PROSE, "甲省卫生厅", "2021年4月30日"]
    found = body([*LETTER, *letter], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 9)]
    assert fields(reprinted(found)[0]) == {"issuer": "甲省卫生厅", "date_made": "2021-04-30"}


def test_an_annex_with_a_letterhead_of_its_own_is_another_document() -> None:
    found = body([*LETTER, "附件", FORWARDED_TITLE, *FORWARDED], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 14)]
    assert fields(found) == {"issuer": "乙市卫生局", "date_made": "2021-05-18"}


def test_an_annex_belongs_to_the_document_above_it() -> None:
    found = body([*LETTER, FORWARDED_TITLE, *FORWARDED, "附件", "检查结果统计表", "单位\t结果"], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 13), (ANNEX, 14, 16)]
    assert [(part.document, part.title) for part in found.parts][1:] == [(2, FORWARDED_TITLE), (2, "检查结果统计表")]


def test_labels_below_belong_to_what_is_passed_on() -> None:
    stamped = [*FORWARDED, "发文机关：甲省卫生厅", "印发日期：2021年5月6日"]
    found = body([*LETTER, FORWARDED_TITLE, *stamped], CARRIER_TITLE)
    assert fields(found, "issuer", "date_issued") == {"issuer": "乙市卫生局"}
    assert fields(reprinted(found)[0], "date_issued") == {"date_issued": "2021-05-06"}


def test_the_pages_own_metadata_stays_with_the_page() -> None:
    rows = (("索引号", "11000000/2021-00012"), ("文号", "乙卫发〔2021〕12号"))
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    found = body([*LETTER, FORWARDED_TITLE, *FORWARDED], CARRIER_TITLE, f"<table>{table}</table>")
    assert fields(found, "index_number", "doc_number") == {
        "doc_number": "乙卫发〔2021〕12号",
        "index_number": "11000000/2021-00012",
    }
    assert "index_number" not in dict(reprinted(found)[0].fields)


def test_the_body_of_an_api_is_divided_too() -> None:
    text = "".join(f"<p>{line}</p>" for line in [*LETTER, FORWARDED_TITLE, *FORWARDED])
    answer = json.dumps({"title": CARRIER_TITLE, "content": text, "document_number": "", "publisher": "乙市卫生局"})
    script = f"<script>window._CONFIG = {{ DETAIL: {answer}, OTHER: 1 }};</script><div class='article-content'></div>"
    found = read(page(f"<html><head>{script}</head></html>"))
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 13)]
    assert fields(found) == {"issuer": "乙市卫生局", "date_made": "2021-05-18"}


def test_plain_text_is_its_first_documents_if_that_passes_the_others_on() -> None:
    text = "\n".join([CARRIER_TITLE, "乙卫发〔2021〕12号", *LETTER, FORWARDED_TITLE, *FORWARDED])
    found = read(page(text, content_type="text/plain; charset=utf-8"))
    assert kinds(found) == [(OWN, 1, 6), (REPRINTED, 7, 15)]
    assert (found.title, fields(found)["doc_number"]) == (CARRIER_TITLE, "乙卫发〔2021〕12号")


JOINT = ["甲省卫生厅　甲省教育厅", "关于开展学校食堂检查的通知", "甲卫发〔2021〕40号", "各市卫生局、教育局："]
TRADITIONAL = ["各縣衛生局：", "現將省衛生廳文件轉發給你們，請認真執行。", "乙市衛生局", "2021年5月18日"]
TRADITIONAL_FORWARDED = [
    "甲省衛生廳關於開展檢查的通知",
    "甲衛發〔2021〕33號",
    "各市衛生局：",
    "為加強管理，現通知如下。",
]


@pytest.mark.parametrize(
    ("letter", "forwarded", "title", "number", "issuer"),
    [
        (
            LETTER,
            [*JOINT, PROSE, "甲省卫生厅", "甲省教育厅", "2021年4月30日"],
            "甲省卫生厅 甲省教育厅关于开展学校食堂检查的通知",
            "甲卫发〔2021〕40号",
            "甲省卫生厅；甲省教育厅",
        ),
        (LETTER, [f"{FORWARDED_TITLE}（{NUMBER}）", *FORWARDED[1:]], FORWARDED_TITLE, NUMBER, "甲省卫生厅"),
        (
            LETTER,
            [FORWARDED_TITLE, "（甲卫发[2021]33号）", *FORWARDED[1:-2], "甲省卫生厅　2021年4月30日"],
            FORWARDED_TITLE,
            NUMBER,
            "甲省卫生厅",
        ),
        (
            TRADITIONAL,
            [*TRADITIONAL_FORWARDED, "甲省衛生廳", "2021年4月30日"],
            "甲省衛生廳關於開展檢查的通知",
            "甲衛發〔2021〕33号",
            "甲省衛生廳",
        ),
    ],
    ids=["joint", "number behind the title", "number in brackets", "traditional"],
)
def test_shapes_of_what_is_passed_on(
    letter: list[str], forwarded: list[str], title: str, number: str, issuer: str
) -> None:
    found = body([*letter, *forwarded], CARRIER_TITLE)
    assert kinds(found) == [(OWN, 1, 4), (REPRINTED, 5, 4 + len(forwarded))]
    assert fields(found, "doc_number", "date_made") == {"date_made": "2021-05-18"}
    (part,) = reprinted(found)
    assert part.title == title
    assert fields(part) == {"issuer": issuer, "doc_number": number, "date_made": "2021-04-30"}


# --- collections


def test_a_gazette_reprints_all_that_it_holds() -> None:
    lines = ["丙区人民政府公报", *notice("丙区人民政府", 3), *notice("丙区人民政府", 4), *notice("丙区财政局", 5)]
    found = body(lines, "丙区人民政府公报2020年第2期")
    assert kinds(found) == [(OWN, 1, 1), (REPRINTED, 2, 10), (REPRINTED, 11, 19), (REPRINTED, 20, 28)]
    assert fields(found) == {}
    assert [fields(part)["doc_number"] for part in reprinted(found)] == [f"丙政发〔2020〕{n}号" for n in (3, 4, 5)]
    assert [fields(part)["issuer"] for part in reprinted(found)] == ["丙区人民政府", "丙区人民政府", "丙区财政局"]
    assert [part.document for part in found.parts] == [1, 2, 3, 4]


def test_a_plain_text_of_documents_that_know_nothing_of_each_other_is_nobodys() -> None:
    text = "\n".join([*notice("丙区人民政府", 3), *notice("丁区人民政府", 4)])
    found = read(page(text, content_type="text/plain; charset=utf-8"))
    assert [part.kind for part in found.parts] == [REPRINTED, REPRINTED]
    assert (found.title, found.fields) == ("", ())


def test_annual_reports_of_two_years() -> None:
    def report(year: int) -> list[str]:
        preface = f"根据《条例》规定，现公布戊县人民政府{year}年政府信息公开工作年度报告。"
        return [f"戊县人民政府{year}年政府信息公开工作年度报告", preface, *MORE, "戊县人民政府", f"{year + 1}年1月20日"]

    found = body([*report(2019), *report(2018)], "戊县人民政府2019年政府信息公开工作年度报告")
    assert kinds(found) == [(OWN, 1, 7), (REPRINTED, 8, 14)]
    assert (fields(found)["date_made"], fields(reprinted(found)[0])["date_made"]) == ("2020-01-20", "2019-01-20")
    assert body(report(2019), "2019年年报").parts == ()


def test_decisions_of_a_series_on_one_page_are_none_of_them_the_pages() -> None:
    def decision(number: int) -> list[str]:
        case = ["当事人：某公司", "经查，该公司违反规定，决定给予罚款。", "壬市市场监管局", f"2025年1月{number}日"]
        return [f"壬市监罚字〔2025〕{number}号", *case]

    found = body([*decision(2), *decision(3)], "壬市市场监管局行政处罚决定书（壬市监罚字〔2025〕2-3号）")
    assert kinds(found) == [(REPRINTED, 1, 5), (REPRINTED, 6, 10)]
    assert fields(found) == {}
    assert [fields(part)["doc_number"] for part in found.parts] == ["壬市监罚字〔2025〕2号", "壬市监罚字〔2025〕3号"]


def test_two_decrees_on_one_page() -> None:
    def decree(number: int) -> list[str]:
        head = [
            "辛市人民政府令",
            f"第{number}号",
            "《办法》已经通过，现予公布。",
            "市长　张某",
            f"2020年1月{number - 30}日",
        ]
        return [*head, "某某办法", "第一条　为加强管理，制定本办法。"]

    found = body([*decree(45), *decree(46)], "辛市人民政府令（第45、46号）")
    assert kinds(found) == [(REPRINTED, 1, 7), (REPRINTED, 8, 14)]
    assert [fields(part)["date_made"] for part in found.parts] == ["2020-01-15", "2020-01-16"]
    assert fields(found) == {}


def test_two_notices_without_numbers() -> None:
    first = ["经研究决定：", "任命张某为市教育局局长。", "任命李某为市财政局局长。", "丙市人民政府", "2018年4月3日"]
    second = ["丙市人民政府关于王某免职的通知", "各县区人民政府，市政府各部门：", "经研究决定，免去王某职务。"]
    found = body([*first, *second, "丙市人民政府", "2018年4月5日"], "丙市人民政府关于张某等任职的通知")
    assert kinds(found) == [(OWN, 1, 5), (REPRINTED, 6, 10)]
    assert (fields(found)["date_made"], fields(reprinted(found)[0])["date_made"]) == ("2018-04-03", "2018-04-05")


def test_a_reply_and_the_proposal_that_it_answers() -> None:
    reply = [
        "己市教育局关于市政协第0123号提案的答复",
        "己教函〔2022〕8号",
        "王某某委员：",
        "您提出的提案收悉，现答复如下。",
    ]
    reply += [*MORE, "己市教育局", "2022年6月1日"]
    proposal = [
        "提案原文：",
        "关于增设公办幼儿园的建议",
        "我市学前教育资源不足，建议增设公办幼儿园。",
        "民进己市委员会",
        "2022年2月20日",
    ]
    found = body([*reply, *proposal], "己市教育局关于市政协第0123号提案的答复")
    assert kinds(found) == [(OWN, 1, 9), (REPRINTED, 10, 14)]
    assert fields(found) == {"issuer": "己市教育局", "doc_number": "己教函〔2022〕8号", "date_made": "2022-06-01"}
    assert fields(reprinted(found)[0]) == {"issuer": "民进己市委员会", "date_made": "2022-02-20"}


# --- one document


ISSUES = ["各乡镇人民政府：", "现将《庚县绿化管理办法》印发给你们，请认真贯彻执行。", "庚县人民政府", "2019年7月2日"]
RULES = ["庚县绿化管理办法", *(f"第{n}条　为加强绿化管理，制定本办法。" for n in "一二三四五")]


@pytest.mark.parametrize(
    "annex",
    [
        RULES,
        ["附件", *RULES],
        ["附件1", *RULES, "附件2", "庚县绿化工作责任分工表", "单位\t任务", "林业局\t造林"],
        [*RULES, "庚县人民政府办公室", "2019年7月1日"],
        [
            "附件：废止的文件目录",
            "关于加强绿化工作的通知",
            "庚政发〔2009〕5号",
            "关于印发绿化方案的通知",
            "庚政发〔2010〕6号",
        ],
        ["附件", "1", "关于加强绿化工作的通知", "庚政发〔2009〕5号", "2", "关于植树的通知", "庚政办〔2010〕6号"],
        ["附件2", "关于报名参加培训的函", "庚县人民政府：", "我单位拟派员参加培训。", "单位（盖章）：", "年　月　日"],
        ["附件", "承诺书", "庚县林业局：", "我单位承诺，所提供材料真实有效。", "法定代表人：", "2019年　月　日"],
        ["抄送：县委办公室，县人大办公室。", "庚县人民政府办公室　　2019年7月3日印发"],
        ["庚县绿化工作方案一、总体要求坚持生态优先。", "二、主要任务全面推进造林绿化。"],
    ],
)
def test_an_annex_is_no_other_document(annex: list[str]) -> None:
    found = body(
        ["庚政发〔2019〕21号", *ISSUES, *annex], "庚县人民政府关于印发《庚县绿化管理办法》《庚县绿化工作方案》的通知"
    )
    assert (found.parts, found.flags) == ((), ())
    assert fields(found) == {"issuer": "庚县人民政府", "doc_number": "庚政发〔2019〕21号", "date_made": "2019-07-02"}


def test_a_number_that_is_repeated_begins_nothing() -> None:
    title = "庚县人民政府关于印发绿化管理办法的通知"
    lines = [
        title,
        "庚政发〔2019〕21号",
        "各乡镇人民政府：",
        PROSE,
        title,
        "庚政发〔2019〕21号",
        "各乡镇人民政府：",
        *ISSUES[1:],
    ]
    assert body(lines, title).parts == ()


def test_a_decree_and_the_rules_that_it_promulgates() -> None:
    decree = [
        "辛市人民政府令",
        "第45号",
        "《辛市供水管理办法》已经修订，现予公布，自2020年3月1日起施行。",
        "市长　张某",
        "2020年1月15日",
    ]
    note = "（2003年5月1日辛市人民政府令第12号公布　自2003年6月1日起施行　根据2020年1月15日辛市人民政府令第45号修订）"
    rules = ["辛市供水管理办法", note, *(f"第{n}条　为加强供水管理，制定本办法。" for n in "一二三四五")]
    found = body([*decree, *rules], "辛市人民政府关于修改《辛市供水管理办法》的决定")
    assert (found.parts, found.flags) == ((), ())
    names = ("doc_number", "date_made", "date_promulgated", "date_effective")
    assert fields(found, *names) == {"doc_number": "辛市人民政府令第45号", "date_made": "2020-01-15"}
    assert fields(body(rules, "辛市供水管理办法"), *names) == {
        "doc_number": "辛市人民政府令第12号",
        "date_promulgated": "2003-05-01",
        "date_effective": "2003-06-01",
    }
    same = "（2020年1月15日辛市政府令第45号公布　自2020年3月1日起施行）"
    both = fields(body([*decree, rules[0], same, *rules[2:]], "辛市供水管理办法"), *names)
    assert (both["date_promulgated"], both["date_effective"]) == ("2020-01-15", "2020-03-01")


def test_what_a_document_quotes_is_not_reprinted() -> None:
    prose = "根据《甲省卫生厅关于开展夏季食品安全检查的通知》（甲卫发〔2021〕33号）要求，现就有关事项通知如下："
    found = body(
        ["各县（区）卫生局：", prose, *MORE, "乙市卫生局", "2021年5月18日"], "乙市卫生局关于食品安全检查的通知"
    )
    assert (found.parts, fields(found)) == ((), {"issuer": "乙市卫生局", "date_made": "2021-05-18"})


def test_an_introduction_before_the_document_of_the_page() -> None:
    intro = "近日，甲省卫生厅印发通知，部署开展夏季食品安全检查，要求各地切实抓好落实。"
    found = body([intro, FORWARDED_TITLE, *FORWARDED], "关于开展夏季食品安全检查的通知")
    assert found.parts == ()
    assert fields(found)["doc_number"] == "甲卫发〔2021〕33号"
