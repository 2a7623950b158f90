"""Lost characters: said where they are lost, silent where people wrote what looks like it."""

import pytest

from archive.reading.damage import places
from archive.reading.read import read
from tests.reading.pages import PARAGRAPHS, page

LOST = {
    "年 of a month": ("截至20219月，全市共收到申请3件。", 1),
    "年 of a month with its zero": ("自202103月起执行。", 1),
    "年 and 月 of a period": ("统计时限为202111日至20211231日。", 2),
    "月 of a day": ("2021年1231日前完成。", 1),
    "end of a year": ("本办法自202年3月1日起施行。", 1),
    "〕": ("根据《某通知》（甲办发〔202112号）和《乙通知》（乙办〔2020 7号）", 2),
    "〇": ("二一二年四月五日", 1),
    "〇 that is a blank now": ("二 一二年四月五日，二　九年十一月八日", 2),
    "number of a heading": ("(一)加强领导。\n()强化监督检查工作。\n)落实责任追究制度。", 2),
    "replacement characters": ("加强\ufffd\ufffd开工作", 2),
    "private use": ("朱\ue863基、\ue1a5镇", 2),
    "marks for Han": ("推进政府信息????工作，??培训", 2),
    "bullets": ("??培养十名带头人。\n??培养二十名专家。", 2),
    "a run of marks": ("??????????", 1),
}
WHOLE = [
    "2021年9月1日至2021年12月31日，共收到申请202111件。",
    "电话：20213456，邮编：202112，金额2019.12万元，统一代码114403006955506492",
    "索引号：11341702486344515H/202110-00013",
    "甲办发〔2021〕12号、乙办发〔2020〕7、8号，国办发〔2019〕 60 号",
    "二〇一二年四月五日，二○○九年十一月八日，二零二一年三月一日，民国二十二年三月一日",
    "二一年级新生于九月一日报到，第二 一年期贷款",
    "当事人（ ）同意（ ）不同意，选择()内打√",
    "() 此处填写单位名称",
    "为什么没有回复???请尽快处理，这样合理吗??谢谢",
    "\uf06c加强领导 \uf0b7落实责任",
    "http://www.example.gov.cn/a.jsp?b=??c",
    "（一）加强领导。\n（二）落实责任。",
    "",
]


@pytest.mark.parametrize("case", LOST)
def test_what_was_lost_is_counted(case: str) -> None:
    text, count = LOST[case]
    assert places(text) == count


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_whole_is_not_doubted(text: str) -> None:
    assert places(text) == 0


def test_a_reading_says_so_and_guesses_nothing() -> None:
    signature = "<p>甲市人民政府</p><p>20211231日</p>"
    html = f"<h1>关于某事的通知</h1><div id='zoom'><p>甲办发〔20196061号</p>{PARAGRAPHS}{signature}</div>"
    found = read(page(html))
    assert found.flags == ("doc_number_ambiguous", "lost_characters:2")
    assert {name for name, _ in found.fields} == {"title"}
    assert read(page(f"<h1>关于某事的通知</h1><div id='zoom'>{PARAGRAPHS}</div>")).flags == ()


def test_a_number_that_was_read_in_spite_of_a_lost_bracket() -> None:
    table = "<table><tr><td>索引号</td><td>1/2021</td></tr><tr><td>文号</td><td>甲办发〔2019 60号</td></tr></table>"
    found = read(page(f"<h1>关于某事的通知</h1>{table}<div id='zoom'>{PARAGRAPHS}</div>"))
    assert (dict(found.fields)["doc_number"], found.flags) == ("甲办发〔2019〕60号", ("doc_number_repaired",))
    ambiguous = table.replace("〔2019 60号", "〔20196061号")
    found = read(page(f"<h1>关于某事的通知</h1>{ambiguous}<div id='zoom'>{PARAGRAPHS}</div>"))
    assert ("doc_number" in dict(found.fields), found.flags) == (False, ("doc_number_ambiguous",))
    assert [seen.value for seen in found.observations if seen.field == "doc_number"] == ["甲办发〔20196061号"]
