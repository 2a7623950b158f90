"""The evaluation itself: nothing falls below its floor, and what is judged is judged rightly."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.reading.page import Page
from crawler.practice.library import documents
from tests.eval import floors, gold, pairs, table
from tests.eval.case import Case, Truth, one, parse, reference
from tests.eval.hidden import hide
from tests.eval.readers import Found, ours
from tests.eval.run import SHARED, Evaluation, evaluate
from tests.eval.score import Kind, f1, score, worst_first

PAGE = """<html><head><meta name="ContentStart"><title>通知_某市</title></head><body><div class="nav">首页</div>
<div class="wrap"><h1>关于绿化的通知</h1>
<div id="zoom" class="TRS_Editor"><p>各 单位：</p><script>var a = "附件";</script>
<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table><select><option>甲</option></select></div>
</div></body></html>"""


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    if not (SHARED / "gold").is_dir():
        pytest.skip("no shared material beside the checkout")
    return evaluate()


@pytest.fixture(scope="module")
def checks(evaluation: Evaluation) -> list[pairs.Check]:
    return pairs.checks(SHARED, evaluation.scores["ours"])


def test_nothing_is_below_its_floor(evaluation: Evaluation, checks: list[pairs.Check]) -> None:
    assert floors.below(floors.figures(evaluation, checks), floors.load()) == []


def test_every_figure_has_its_floor(evaluation: Evaluation, checks: list[pairs.Check]) -> None:
    assert set(floors.figures(evaluation, checks)) == set(floors.load()) >= set(floors.WANTED)


def test_all_pairs_of_the_gold_files(checks: list[pairs.Check]) -> None:
    assert [check.wrong for check in checks[:2]] == [(), ()]


def test_each_miss_says_where_to_look(evaluation: Evaluation) -> None:
    misses = list(worst_first(evaluation.scores["ours"]))
    assert [miss for miss in misses if not miss.where or not (miss.wanted or miss.got)] == []
    assert [list(Kind).index(miss.kind) for miss in misses] == sorted(list(Kind).index(miss.kind) for miss in misses)


def test_practice_documents_say_what_gold_says(evaluation: Evaluation) -> None:
    """The rendered documents are the practice documents of the same key: both must come from the same seed."""
    stated = {case.key: case.truth.fields for case in evaluation.cases if case.group == "gold"}
    found = {item.document: item for item in gold.segments(SHARED) if item.kind == "document"}
    assert len(found) == 11
    for document in documents():
        assert stated[f"gold/{document.key}"]["title"] == (document.title,)
        for item in found[document.key].items if document.key in found else ():
            if item.field in ("title", "doc_number", "date_made") and item.values:
                assert getattr(document, item.field) in item.values, (document.key, item.field)


# --- what needs no shared material


def _case(**fields: str) -> Case:
    page = Page("http://www.example.gov.cn/1.html", 200, (("Content-Type", "text/html; charset=utf-8"),), PAGE.encode())
    truth = Truth(one(fields), {"source": ("市政府",)}, *reference(PAGE, "//div[@id='zoom']"), frozenset({"a.pdf"}))
    return Case("made up", "saved", "trs", page, truth, body="//div[@id='zoom']")


def test_the_reference_is_what_a_reader_of_the_page_sees() -> None:
    assert reference(PAGE, "//div[@id='zoom']") == ("各单位：一二三", "各单位：三")
    assert reference(PAGE, "//body", ("//div[@class='nav']", "//table")) == ("关于绿化的通知各单位：",) * 2
    with pytest.raises(LookupError):
        reference(PAGE, "//div[@id='gone']")


def test_f1() -> None:
    assert f1("", "") == 1.0
    assert f1("", "一") == f1("一", "") == 0.0
    assert f1("一二", "二一") == 1.0
    assert f1("一二三", "一二三四五") == pytest.approx(2 * 3 / 8)


def test_right_wrong_missing_invented() -> None:
    case = _case(title="甲", issuer="乙", publisher="丙", genre="丁")
    found = Found(
        {"title": "甲", "issuer": "错", "genre": " 丁", "remarks": "造", "source": "市政府"},
        "各单位",
        None,
        frozenset(),
    )
    scored = score(case, found)
    assert {(miss.kind, miss.field) for miss in scored.misses} == {
        (Kind.WRONG, "issuer"), (Kind.MISSING, "publisher"), (Kind.INVENTED, "remarks"), (Kind.MISSING, "attachments"),
        (Kind.TEXT, "text"),
    }  # fmt: skip
    judged = {name: (t.stated, t.given, t.right, t.invented) for name, t in scored.fields.items()}
    assert judged == {
        "title": (1, 1, 1, 0), "issuer": (1, 1, 0, 0), "publisher": (1, 0, 0, 0), "genre": (1, 1, 1, 0),
        "remarks": (0, 1, 0, 1), "attachments": (1, 0, 0, 0),
    }  # fmt: skip
    assert scored.text == pytest.approx(0.6)
    assert scored.prose is None


def test_what_a_page_lets_one_conclude_may_still_be_wrong() -> None:
    (miss,) = score(_case(), Found({"source": "省政府"})).misses
    assert (miss.kind, miss.got) == (Kind.INVENTED, "省政府")


def test_a_hidden_container_keeps_its_text_and_nothing_of_its_name() -> None:
    case = _case(title="关于绿化的通知")
    hidden = hide(case)
    assert (hidden.known, hidden.truth) == (False, case.truth)
    tree = parse(hidden.source)
    assert tree.xpath("string(//body)").split() == parse(PAGE).xpath("string(//body)").split()
    assert [element.get("class") for element in tree.xpath("//*[@class or @id]")] == ["nav"]
    assert not tree.xpath("//meta[@name='ContentStart']")
    assert ours(replace(case, key="x")).text == "各单位：一二三"


def test_a_floor_only_rises(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    floors.save({"known.recall": 0.9, "gone.text": 0.5, "known.margin": 0.02}, path)
    old = floors.load(path)
    found = {"known.recall": 0.89996, "known.margin": 0.2, "seeds.文号 pairs": 1.0}
    assert floors.below(found, old) == [
        "known.recall: 0.9000 is below its floor, 0.9",
        "gone.text: not measured",
    ]
    raised = floors.raised(found, old)
    assert raised == {"known.recall": 0.9, "known.margin": floors.MARGIN, "seeds.文号 pairs": 1.0, "gone.text": 0.5}
    floors.save(raised, path)
    assert floors.load(path) == raised


def test_tables_are_aligned() -> None:
    assert table.aligned(["", "n"], [["文号", "1"], ["ab", "22"]]).split("\n") == [
        "       n",
        "--------",
        "文号   1",
        "ab    22",
    ]
    assert table.markdown(["", "n"], [["文号", "1"]]) == "|  | n |\n| --- | --: |\n| 文号 | 1 |"
