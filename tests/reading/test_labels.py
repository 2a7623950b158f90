import json

import pytest

from archive.reading.fields import FIELDS
from archive.reading.labels import API_NAMES, ATTACHMENTS, LABELS, META_NAMES, NOISE, known_label, normalise_label
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
