import json

import pytest

from archive.reading.fields import FIELDS
from archive.reading.labels import API_NAMES, ATTACHMENTS, LABELS, META_NAMES, NOISE, known_label, normalise_label
from archive.reading.line import meaning
from archive.vocabulary import Source
from tests.reading.pages import shared


@pytest.mark.parametrize(
    "text",
    [
        "索引号",
        "索 引 号：",
        "索　引　号:",
        "【索引號】",
        "索&nbsp;引 号".replace("&nbsp;", "\xa0"),
        "索\u2002引\u2002号﹕",
    ],
)
def test_one_label_in_its_spellings(text: str) -> None:
    assert known_label(text) == "索引号"


def test_a_long_text_is_no_label() -> None:
    assert normalise_label("一" * 200) == ""
    assert known_label("政府信息公开指南") == ""


def test_every_field_that_a_label_names_exists() -> None:
    named = {*LABELS.values(), *META_NAMES.values(), *API_NAMES.values()}
    assert named - set(FIELDS) == {NOISE, ATTACHMENTS}


def test_chinese_terms_are_one_to_one() -> None:
    assert len({field.zh for field in FIELDS.values()}) == len(FIELDS)


AMBIGUOUS = {
    ("字号", "甲府〔2020〕1号", Source.LINE): "doc_number",
    ("字号", "大 中 小", Source.LINE): "noise_chrome",
    ("发布部门", "甲市人民政府", Source.BANNER): "issuer",
    ("发布部门", "甲市人民政府", Source.TABLE): "publisher",
    ("发布日期", "2020.01.02", Source.BANNER): "date_promulgated",
    ("发布日期", "2020-01-02", Source.TABLE): "date_published",
    ("公开形式", "主动公开", Source.TABLE): "disclosure_method",
    ("公开形式", "政府网站", Source.TABLE): "disclosure_channel",
}


def test_gold_ambiguous_labels() -> None:
    """Each meaning of each of them, by value or place, in its traditional spelling too."""
    gold = json.loads(shared("gold/label_map.json").read_text("utf-8"))
    wanted = {(label, field) for label, fields in gold["ambiguous_labels"].items() for field in fields}
    assert {(label, field) for (label, _, _), field in AMBIGUOUS.items()} == wanted
    spellings = {(entry["label"], entry["field"]): entry["hant"] for entry in gold["labels"]}
    for (label, value, source), field in AMBIGUOUS.items():
        for spelling in (label, *spellings[label, field]):
            found = meaning(normalise_label(spelling), value, source)
            assert found == (NOISE if field.startswith("noise") else field), spelling


def test_gold_api_names() -> None:
    gold = json.loads(shared("gold/label_map.json").read_text("utf-8"))
    for names in gold["api_fields"].values():
        for name, field in names.items():
            if field.split()[0] in FIELDS:
                assert API_NAMES.get(name) == field.split()[0], name


def test_gold() -> None:
    gold = json.loads(shared("gold/label_map.json").read_text("utf-8"))
    for entry in gold["labels"]:
        if entry["label"] in gold["ambiguous_labels"]:
            continue
        wanted = NOISE if entry["field"].startswith("noise") else entry["field"]
        for spelling in (entry["label"], *entry["hant"]):
            assert LABELS.get(normalise_label(spelling)) == wanted, spelling
    for name, _, _, *field in gold["meta_tags"]["article"]:
        if field and field[0] in FIELDS:
            assert META_NAMES[name.lower()] == field[0]
