import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reading.doc_number import DocNumber, DocNumbers, NumberStatus, loose_key, parse_doc_numbers
from tests.reading.pages import shared

CASES = [
    ("江府办〔2010〕43号", ["江府办〔2010〕43号"], "ok"),
    ("粤府办[2012]64号", ["粤府办〔2012〕64号"], "ok"),
    ("深府规【2018】12号", ["深府规〔2018〕12号"], "ok"),
    ("新都府办发﹝2016﹞80号", ["新都府办发〔2016〕80号"], "ok"),
    ("成办发［2006］１２１号", ["成办发〔2006〕121号"], "ok"),
    ("国办发（2006）61号", ["国办发〔2006〕61号"], "ok"),
    ("财库〔2022〕004号", ["财库〔2022〕4号"], "ok"),
    ("荆政办文 〔2020〕 6 号", ["荆政办文〔2020〕6号"], "ok"),
    ("国发〔2018〕第43号文", ["国发〔2018〕43号"], "ok"),
    ("某办函〔2019〕60、61号", ["某办函〔2019〕60号", "某办函〔2019〕61号"], "ok"),
    ("某罚决字〔2025〕2号、3号、5号", ["某罚决字〔2025〕2号", "某罚决字〔2025〕3号", "某罚决字〔2025〕5号"], "ok"),
    ("某罚决字〔2025〕12号-13号", ["某罚决字〔2025〕12号", "某罚决字〔2025〕13号"], "ok"),
    ("甲府〔2013〕12号、乙办〔2014〕3号", ["甲府〔2013〕12号", "乙办〔2014〕3号"], "ok"),
    ("国家税务总局公告〔2020〕5号", ["国家税务总局公告〔2020〕5号"], "ok"),
    ("市办公室关于印发某方案的通知荆政办文〔2020〕6号", ["荆政办文〔2020〕6号"], "ok"),
    ("依据粤府〔2013〕12号", ["粤府〔2013〕12号"], "ok"),
    ("某某局 国科发资〔2020〕1号", ["国科发资〔2020〕1号"], "ok"),
    ("河 政 办 发〔2010〕131号", ["河政办发〔2010〕131号"], "ok"),
    ("河政办发, 2010? 131号", ["河政办发〔2010〕131号"], "repaired"),
    ("国办公开办函〔201960  号", ["国办公开办函〔2019〕60号"], "repaired"),
    ("赣府厅明〔2019 116  号", ["赣府厅明〔2019〕116号"], "repaired"),
    ("国办公开办函〔20196061号", ["国办公开办函〔2019〕6061号"], "ambiguous"),
    ("江府办2010年43号", ["江府办2010年第43号"], "year_word"),
    ("商务部公告2026年第11号", ["商务部公告2026年第11号"], "year_word"),
    ("国务院令第  711 号", ["国务院令第711号"], "decree"),
    ("政府令187号", ["政府令第187号"], "decree"),
    ("中华人民共和国主席令第四十三号", ["中华人民共和国主席令第43号"], "decree"),
    ("国务院令第711号和国办发〔2020〕1号", ["国务院令第711号", "国办发〔2020〕1号"], "decree"),
    ("国办发〔2020〕1号、国务院令第711号", ["国办发〔2020〕1号", "国务院令第711号"], "decree"),
    ("甲府〔2013〕12号和乙办〔2014〕3号", ["甲府〔2013〕12号", "乙办〔2014〕3号"], "ok"),
    ("和平区和政发〔2014〕3号", ["和平区和政发〔2014〕3号"], "ok"),
    ("国发[1940]3号", [], "unparsed"),
    ("〔2003〕86号", [], "unparsed"),
    ("无", [], "unparsed"),
    ("", [], "unparsed"),
]


@pytest.mark.parametrize(("text", "expected", "status"), CASES)
def test_case(text: str, expected: list[str], status: str) -> None:
    found = parse_doc_numbers(text)
    assert ([str(number) for number in found.numbers], found.status) == (expected, status)


def test_gold() -> None:
    for case in json.loads(shared("gold/doc_number_cases.json").read_text("utf-8"))["cases"]:
        found = parse_doc_numbers(case["input"])
        assert ([str(number) for number in found.numbers], found.status) == (case["expected"], case["status"]), case


def test_keys() -> None:
    assert parse_doc_numbers("成办发［2008］98号").numbers[0].key == "成办发|2008|98"
    assert parse_doc_numbers("国务院令第711号").numbers[0].key == "国务院令||711"
    assert loose_key("成办发〔2008〕98号") == "成办发200898号"


def test_a_wide_range_is_its_ends() -> None:
    assert [number.serial for number in parse_doc_numbers("某字〔2020〕1-9000号").numbers] == [1, 9000]


@given(
    st.text(alphabet="江河湖海京津沪渝府政办发函规字", min_size=2, max_size=6),
    st.integers(1949, 2100),
    st.integers(1, 99999),
    st.sampled_from(["〔〕", "[]", "【】", "（）", "﹝﹞", "［］"]),
)
def test_every_bracket_gives_the_same_number(code: str, year: int, serial: int, brackets: str) -> None:
    found = parse_doc_numbers(f"{code}{brackets[0]}{year}{brackets[1]}{serial}号").numbers
    assert found == (DocNumber(code, year, serial),)
    assert parse_doc_numbers(str(found[0])).numbers == found


_CODES = st.text(alphabet="江河湖海京津沪渝府政办发函规字", min_size=2, max_size=6)
_YEARS = st.integers(1949, 2100)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SPACE = st.sampled_from(["", " ", "\u3000", "\xa0", "\u2002 "])


@given(
    _CODES,
    _YEARS,
    st.integers(1, 99999),
    st.sampled_from(["〔〕", "[]", "［］", "〖〗", "【】", "()"]),
    _SPACE,
    st.data(),
)
def test_width_space_and_zeros_change_nothing(
    code: str, year: int, serial: int, brackets: str, space: str, data: st.DataObject
) -> None:
    written = f"{serial:0{data.draw(st.integers(1, 5))}}"
    lead = data.draw(st.sampled_from(["", "第"]))
    text = f"{code}{brackets[0]}{space}{year}{space}{brackets[1]}{space}{lead}{written}{space}号"
    found = parse_doc_numbers(text.translate(_WIDE) if data.draw(st.booleans()) else text)
    assert (found.numbers, found.status) == ((DocNumber(code, year, serial),), NumberStatus.OK)
    assert found.numbers[0].key == f"{code}|{year}|{serial}"
    assert loose_key(str(found.numbers[0])) == loose_key(f"{code}〔{year}〕{serial}号")


@given(
    _CODES,
    _YEARS,
    st.lists(st.integers(1, 99999), min_size=1, max_size=8, unique=True),
    st.sampled_from(["、", "号、", ",", "号、第"]),
)
def test_several_serials_are_as_many_numbers(code: str, year: int, serials: list[int], sign: str) -> None:
    found = parse_doc_numbers(f"{code}〔{year}〕{sign.join(map(str, serials))}号")
    assert found.numbers == tuple(DocNumber(code, year, serial) for serial in serials)
    together = "、".join(map(str, found.numbers))
    assert parse_doc_numbers(together).numbers == found.numbers


@given(_CODES, _YEARS, st.integers(1, 900), st.integers(1, 90), st.sampled_from(["-", "至", "号-", "~"]))
def test_a_range_is_all_between(code: str, year: int, first: int, more: int, sign: str) -> None:
    found = parse_doc_numbers(f"{code}〔{year}〕{first}{sign}{first + more}号").numbers
    assert [number.serial for number in found] == [*range(first, first + more + 1)]


@given(_CODES, st.integers(1, 99999))
def test_decrees_round_trip(code: str, serial: int) -> None:
    decree = DocNumber(f"{code}令", 0, serial, in_brackets=False)
    assert parse_doc_numbers(str(decree)).numbers == (decree,)
    assert decree.key == f"{code}令||{serial}"


@given(_CODES, _YEARS, st.integers(1, 99999))
def test_numbers_by_the_year_in_words_round_trip(code: str, year: int, serial: int) -> None:
    number = DocNumber(f"{code}公告", year, serial, in_brackets=False)
    assert parse_doc_numbers(str(number)) == DocNumbers((number,), NumberStatus.YEAR_WORD)


@given(st.lists(st.builds(DocNumber, _CODES, _YEARS, st.integers(1, 99999)), unique_by=lambda number: number.key))
def test_keys_are_as_many_as_numbers(numbers: list[DocNumber]) -> None:
    assert len({number.key for number in numbers}) == len({str(number) for number in numbers}) == len(numbers)


@settings(max_examples=300)
@given(st.text(alphabet="国发〔〕[](2018)12345年第号、-令 ,?？。关于的通知", max_size=60))
def test_never_raises(text: str) -> None:
    for number in parse_doc_numbers(text).numbers:
        assert number.serial > 0
        assert number.key.count("|") == 2
