import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.fields import FIELDS
from archive.reading.values import WORDS, normalise
from tests.reading.pages import shared

CASES = [
    ("title", "  关于某事的  通知。", "关于某事的 通知"),
    ("title", "【关于某事的通知】", "关于某事的通知"),
    ("title", "关于<br/>某事的通知", "关于某事的通知"),
    ("issuer", "科技部 金融监管总局 工业和信息化部", "科技部；金融监管总局；工业和信息化部"),
    ("issuer", "市教育局、市财政局", "市教育局；市财政局"),
    ("issuer", "北 京 市 政 府", "北京市人民政府"),
    ("publisher", "某某区政府", "某某区人民政府"),
    ("publisher", "某某高新区政府", "某某高新区政府"),
    ("publisher", "市政府", "市政府"),
    ("index_number", "3", ""),
    ("index_number", "306-14-2024-274", "306-14-2024-274"),
    ("validity", "否", "repealed_or_expired"),
    ("validity", "无效", "repealed_or_expired"),
    ("doc_number", "粤府办[2012]64号", "粤府办〔2012〕64号"),
    ("doc_number", "JM-2020-6", "JM-2020-6"),
    ("doc_number", "大 中 小", ""),
    ("index_number", " 0001434９/2017-00110 ", "00014349/2017-00110"),
    ("date_published", "2025-08-05 03:11", "2025-08-05"),
    ("date_made", "1783353600", "2026-07-07"),
    ("date_expired", "2020年1月1日至2025年1月1日", "2025-01-01"),
    ("disclosure_method", "主動公開", "proactive"),
    ("disclosure_method", "（此件公开发布）", "proactive"),
    ("disclosure_method", "依申请公开", "on_request"),
    ("disclosure_method", "政府网站", ""),
    ("disclosure_scope", "面向全社会", "public"),
    ("disclosure_time_limit", "常年公开", "permanent"),
    ("disclosure_time_limit", "限时公开：2025-12-31", "until:2025-12-31"),
    ("disclosure_time_limit", "自形成之日起20个工作日内", "workdays:20"),
    ("topic_category", "卫生、体育\\医药管理", "卫生、体育\\医药管理"),
    ("catalogue_category", "首页 > 政务公开 > 年报", "政务公开\\年报"),
    ("keywords", "就业 意见，通知", "就业；意见；通知"),
    ("validity", "现行有效", "in_force"),
    ("validity", "已废止", "repealed"),
    ("legal_level", "XP10", "local_working_document"),
    ("site_id_code", "1300000065 网站地图", "1300000065"),
    ("site_id_code", "BM06000001", "bm06000001"),
]


@pytest.mark.parametrize(("field", "value", "expected"), CASES)
def test_case(field: str, value: str, expected: str) -> None:
    assert normalise(field, value) == expected


@pytest.mark.parametrize("value", ["", "无", "—  —", "—\xa0\xa0—", "--", "-", "/", "null", "undefined", "暂无", "　"])
def test_what_says_that_there_is_nothing(value: str) -> None:
    assert {normalise(field, value) for field in FIELDS} == {""}


def test_gold_vocabularies() -> None:
    gold = json.loads(shared("gold/label_map.json").read_text("utf-8"))["vocabularies"]
    assert set(gold) == set(WORDS)
    for field, words in gold.items():
        for word, canonical in words.items():
            assert normalise(field, word) == canonical, word


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=80))
def test_never_raises(field: str, value: str) -> None:
    assert isinstance(normalise(field, value), str)
