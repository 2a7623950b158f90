import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.index_number import (
    CHECK_FAILED,
    IndexNumber,
    check_11714,
    check_32100,
    parse_index_number,
)
from archive.reading.read import read
from tests.reading.pages import page

# As portals print them: 国务院, 金融监管总局, 韶关, 无锡, 武汉, 安徽, 深圳坪山, 肇庆 (domain.md 1.3 and saved pages).
REAL = [
    ("000014349/2017-00110", IndexNumber("000014349", 2017, 0, "00110", True)),
    ("000014349/2004-00209", IndexNumber("000014349", 2004, 0, "00209", True)),
    ("717804719/2026-309", IndexNumber("717804719", 2026, 0, "309", True)),
    ("006946462/2011-00024", IndexNumber("006946462", 2011, 0, "00024", True)),
    ("014006438/2026-03652", IndexNumber("014006438", 2026, 0, "03652", True)),
    ("K28044908/2026-04277", IndexNumber("K28044908", 2026, 0, "04277", True)),
    ("11341702486344515H/202110-00013", IndexNumber("11341702486344515H", 2021, 10, "00013", True)),
    ("114403006955506492/2021-00426", IndexNumber("114403006955506492", 2021, 0, "00426", True)),
    ("11441200MB2C91453G/2026-00271", IndexNumber("11441200MB2C91453G", 2026, 0, "00271", True)),
    ("035210000/2025-00016", IndexNumber("035210000", 2025, 0, "00016", False)),
]
OTHERS = (
    *("0142768-8/2022-00185", "A0300-010000-2013-000072", "00000-10-2018-000", "306-14-2024-274", "30642-2025-001", ""),
    *(
        "000014349",
        "000014349/2017",
        "000014349/0000-00110",
        "000014349/201713-00110",
        "索引号/2017-00110",
        "/",
        "null",
    ),
)


@pytest.mark.parametrize(("text", "parts"), REAL)
def test_real_ones(text: str, parts: IndexNumber) -> None:
    assert parse_index_number(text) == parts


@pytest.mark.parametrize("text", OTHERS)
def test_what_has_another_shape_is_not_parsed(text: str) -> None:
    assert parse_index_number(text) is None


@pytest.mark.parametrize("text", ["00001434-9/2017-00110", " ０００014349/2017-00110 ", "k28044908/2026-04277"])
def test_spellings(text: str) -> None:
    found = parse_index_number(text)
    assert found is not None
    assert found.is_sound


def test_the_long_code_holds_the_short_one() -> None:
    for text, _ in REAL:
        found = parse_index_number(text)
        assert found is not None
        code = found.organisation_code
        assert (check_11714(code[:-1]) == code[-1]) is found.is_sound


def test_signs_of_no_standard_have_no_check() -> None:
    assert check_11714("0000143索") == check_11714("0001434") == check_32100("1134170248634451I") == ""


@given(st.sampled_from([text for text, parts in REAL if parts.is_sound]), st.data())
def test_a_slip_of_one_sign_or_of_two_neighbours_is_noticed(text: str, data: st.DataObject) -> None:
    organ, _, rest = text.partition("/")
    at = data.draw(st.integers(0, len(organ) - 1))
    signs = "0123456789" if len(organ) == 9 else "0123456789ABCDEFGHJKLMNPQRTUWXY"
    other = data.draw(st.sampled_from(signs).filter(lambda sign: sign != organ[at]))
    slipped = parse_index_number(f"{organ[:at]}{other}{organ[at + 1 :]}/{rest}")
    assert slipped is not None
    # GB 11714 counts modulo 11 over signs worth up to 35: of a letter and a digit some pairs are the same to it.
    assert not slipped.is_sound or (organ[at].isalpha() and len(organ) == 9)
    swapped = parse_index_number(f"{organ[:at]}{organ[at : at + 2][::-1]}{organ[at + 2 :]}/{rest}")
    assert swapped is not None
    assert not swapped.is_sound or organ[at : at + 2] == organ[at : at + 2][::-1]


@given(st.text(max_size=60))
def test_never_raises(text: str) -> None:
    found = parse_index_number(text)
    assert found is None or len(found.organ) in (9, 18)


def _flags(number: str) -> tuple[str, ...]:
    found = read(
        page(f"<table><tr><td>索引号</td><td>{number}</td></tr></table><div class='TRS_Editor'><p>各区：</p></div>")
    )
    assert dict(found.fields)["index_number"] == number
    return found.flags


def test_a_failed_check_is_said_and_nothing_is_mended() -> None:
    assert _flags("000014349/2017-00110") == ()
    assert _flags("000014348/2017-00110") == (CHECK_FAILED,)
    assert _flags("0142768-8/2022-00185") == ()
