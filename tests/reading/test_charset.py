import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.charset import BAD_BYTES, OVERRIDDEN, decode

TEXT = "深圳市人民政府关于公开政府信息的通知，二〇二六年一月五日。"
HTML = f'<html><head><meta charset="{{}}"><title>{TEXT}</title></head><body>{TEXT * 5}</body></html>'


def test_utf8_is_the_common_path() -> None:
    found = decode(HTML.format("utf-8").encode(), "text/html; charset=utf-8")
    assert (found.text, found.charset, found.flags) == (HTML.format("utf-8"), "utf-8", ())


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030"])
def test_gb2312_and_gbk_mean_gb18030(declared: str) -> None:
    text = HTML.format(declared) + "䶮㙍"  # beyond GB 2312, and beyond GBK
    found = decode(text.encode("gb18030"))
    assert (found.text, found.charset, found.flags) == (text, "gb18030", ())


def test_http_header_counts_before_meta() -> None:
    found = decode(HTML.format("").encode("gbk"), "text/html;charset=GBK")
    assert (TEXT in found.text, found.charset, found.flags) == (True, "gb18030", ())


def test_utf8_bytes_win_over_a_gb_declaration() -> None:
    found = decode(HTML.format("gb2312").encode(), "text/html; charset=gb2312")
    assert (TEXT in found.text, found.charset, found.flags) == (True, "utf-8", (OVERRIDDEN,))


def test_gb_bytes_under_a_utf8_declaration_are_found() -> None:
    found = decode(HTML.format("utf-8").encode("gb18030"), "text/html; charset=utf-8")
    assert (TEXT in found.text, found.charset, found.flags) == (True, "gb18030", (OVERRIDDEN,))


def test_tomcats_latin_1_says_nothing() -> None:
    found = decode(HTML.format("").encode("gbk"), "text/html;charset=ISO-8859-1")
    assert (TEXT in found.text, found.charset, found.flags) == (True, "gb18030", ())


def test_big5_declared_or_not() -> None:
    text = "香港特別行政區政府關於公開政府資訊的通知，是為公佈。" * 5
    assert decode(f"<meta charset=big5>{text}".encode("big5")).text.endswith(text)
    assert decode(text.encode("big5")).text == text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_character_cut_in_half_does_not_change_the_charset(codec: str) -> None:
    whole = HTML.format(codec).encode(codec)
    cut = whole[:-40] + whole[-39:]
    found = decode(cut, f"text/html; charset={codec}")
    assert found.charset == codec
    assert found.text.count("\ufffd") <= 2
    assert f"<title>{TEXT}</title>" in found.text


def test_two_byte_utf8_may_be_gbk_by_accident() -> None:
    bytes_ = "一丁".encode("gbk")  # D2BB B6A1: the first pair is valid UTF-8
    assert decode(b"<p>" + bytes_ + "联".encode("gbk"), "text/html; charset=gbk").text == "<p>一丁联"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(codec: str) -> None:
    found = decode(TEXT.encode(codec), "text/html; charset=gb2312")
    assert (found.text, found.flags) == (TEXT, ())


def test_nothing_gives_nothing() -> None:
    assert decode(b"", "text/html; charset=nonsense").text == ""
    assert decode(b"abc", "text/html; charset=nonsense").charset == "utf-8"


def test_binary_is_flagged() -> None:
    assert BAD_BYTES in decode(bytes(range(256)) * 40).flags


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "gbk", "big5", "x-unknown", "utf-16"]))
def test_never_raises(body: bytes, charset: str) -> None:
    assert isinstance(decode(body, f"text/html; charset={charset}").text, str)


@given(st.text(alphabet="的一是政府公开信息条例通知关于年月日", min_size=10), st.sampled_from(["utf-8", "gb18030"]))
def test_chinese_survives_a_missing_declaration(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text == text
