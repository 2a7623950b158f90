"""HTTP taken apart: leniently, never with an error that is not ours, and never with other bytes than came."""

import bz2
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import WarcError
from archive.warc import http

from .conftest import BODY, CHUNKED, GZIPPED, NASTY


def message(body: bytes, *headers: str) -> http.Message:
    return http.split("\r\n".join(("HTTP/1.1 200 OK", *headers, "", "")).encode() + body)


def chunked(body: bytes) -> http.Message:
    return message(body, "Transfer-Encoding: chunked")


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("raw", [*NASTY.values(), *CHUNKED.values()], ids=[*NASTY, *CHUNKED])
def test_head_and_body_are_the_raw_bytes(raw: bytes) -> None:
    parts = http.split(raw)
    assert parts.head + parts.body == raw
    assert http.outline(raw) == (parts.status, http.head_length(raw), http.payload(parts))


def test_status_line() -> None:
    parts = http.split(b"HTTP/1.1 404  Not Found \r\n\r\n")
    assert (parts.status, parts.reason, parts.version) == (404, "Not Found", "HTTP/1.1")
    assert http.split(NASTY["no reason"]).status == 200
    assert http.split(NASTY["no reason"]).reason == ""
    assert http.split(NASTY["LF only"]).body == b"body\r\n\r\n"
    assert http.split(NASTY["mixed ends"]).body == b"body"
    assert http.split(b"HTTP/1.1 20000 OK\r\n\r\n").status == 0
    assert http.split(b"HTTP/1.1 2").status == 0


def test_what_is_no_http_is_all_body() -> None:
    parts = http.split(NASTY["not http"])
    assert (parts.status, parts.head, parts.body) == (0, b"", NASTY["not http"])


def test_headers_keep_case_order_and_number() -> None:
    assert http.split(NASTY["cookies"]).headers == (("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("SET-COOKIE", "c=3"))
    assert http.split(NASTY["cookies"]).values("Set-Cookie") == ["a=1", "b=2", "c=3"]


def test_folds_are_joined_and_lines_without_a_name_passed_over() -> None:
    assert http.split(NASTY["folded"]).headers == (("X-Fold", "one two three"), ("Server", "IIS"))
    assert http.split(NASTY["no colon"]).headers == (("Server", "x"),)
    folded_behind_junk = http.split(b"HTTP/1.1 200 OK\r\njunk\r\n more junk\r\nA: 1\r\n\r\n")
    assert folded_behind_junk.headers == (("A", "1"),)


def test_header_bytes_survive_as_latin_1() -> None:
    # 0xA0 and 0x85 end GBK characters, and are white space to str.strip()
    ((_, value),) = http.split(NASTY["gbk header"]).headers
    assert value.encode("latin-1").decode("gbk") == "attachment; filename=办法.doc"
    assert http.split(NASTY["latin-1 header"]).headers == (("X-\xe9", "\xa0\x85"),)
    assert http.split(NASTY["latin-1 header"]).reason == "D\xe9j\xe0 vu"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"3\nabc\n2\nde\n0\n\n", b"abcde"),
        (b"3;name=value\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", b"abc"),
        (b"003 \r\nabc\r\n0\r\n\r\nstray", b"abc"),
        (b"0\r\n\r\n", b""),
        (b"", b""),
        (b"A\r\n0123456789\r\n", b"0123456789"),
        (b"3\r\nabc\r\nff\r\nde", b"abcde"),
        (b"3\r\nabc\r\nf", b"abc"),
        (b"3\r\nab", b"ab"),
        (b"3", b""),
        (b"3\r\nabc\r\nnot a size\r\n", b"abc"),
        (b"3\r\nabcJUNK\r\n0\r\n\r\n", b"3\r\nabcJUNK\r\n0\r\n\r\n"),
        (b"<html>not chunked</html>", b"<html>not chunked</html>"),
        (b"fffffffffffffff\r\nabc", b"abc"),
        (b"ffffffffffffffffffff\r\nabc", b"ffffffffffffffffffff\r\nabc"),
    ],
)
def test_chunks(body: bytes, expected: bytes) -> None:
    assert http.payload(chunked(body)) == expected


def test_chunks_are_only_undone_where_they_are_declared() -> None:
    assert http.payload(message(b"3\r\nabc\r\n0\r\n\r\n")) == b"3\r\nabc\r\n0\r\n\r\n"
    assert http.payload(message(b"3\r\nabc\r\n0\r\n\r\n", "transfer-encoding: gzip, Chunked")) == b"abc"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", GZIPPED),
        ("x-gzip", GZIPPED),
        (" GZIP ", GZIPPED + b"trailing rubbish"),
        ("gzip", gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", bare_deflate(BODY)),
        ("deflate, gzip", gzip.compress(zlib.compress(BODY))),
        ("identity", BODY),
        ("", BODY),
        ("utf-8", BODY),  # a charset, written into the wrong header
        ("gzip", BODY),  # a lie
        ("deflate", BODY),
    ],
)
def test_content_encodings(coding: str, packed: bytes) -> None:
    assert http.entity(message(packed, f"Content-Encoding: {coding}")) == BODY


def test_encodings_in_several_headers_and_under_chunks() -> None:
    packed = gzip.compress(bare_deflate(BODY))
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = ("Content-Encoding: deflate", "Transfer-Encoding: chunked", "content-encoding: gzip")
    assert http.entity(message(body, *headers)) == BODY


def test_broken_gzip_gives_what_can_be_decoded() -> None:
    noise = bytes(x * x % 251 for x in range(200_000))
    packed = gzip.compress(bz2.compress(noise) * 30)  # hardly compressible: a fault spoils only what follows it
    whole = gzip.decompress(packed)
    middle = len(packed) // 2
    spoilt = packed[:middle] + b"\xff" * 50 + packed[middle + 50 :]
    found = http.entity(message(spoilt, "Content-Encoding: gzip"))
    assert len(found) > middle - 70_000
    assert whole[: middle - 70_000] == found[: middle - 70_000]
    wrong_crc = packed[:-8] + bytes(8)
    assert http.entity(message(wrong_crc, "Content-Encoding: gzip")) == whole
    assert http.entity(message(packed[:5], "Content-Encoding: gzip")) == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "BR"])
def test_an_encoding_that_cannot_be_undone_is_an_error(coding: str) -> None:
    with pytest.raises(WarcError, match="gzip only"):
        http.entity(message(b"\x1b\x00", f"Content-Encoding: {coding}"))


def test_a_bomb_is_not_decoded() -> None:
    bomb = gzip.compress(bytes(1_000_000))
    assert len(http.entity(message(bomb, "Content-Encoding: gzip"), limit=1_000_000)) == 1_000_000
    with pytest.raises(WarcError, match="more than 999999"):
        http.entity(message(bomb, "Content-Encoding: gzip"), limit=999_999)
    twice = gzip.compress(gzip.compress(bytes(100_000_000)))
    with pytest.raises(WarcError, match="more than 5000"):
        http.entity(message(twice, "Content-Encoding: gzip, gzip"), limit=5_000)


# --- whatever comes ---------------------------------------------------------------------------------------------

HEADS = st.sampled_from(
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, deflate\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Encoding: deflate\n\n\x78\x9c",
        b"HTTP/9 \xff\r\n x\r\n:\r\n",
    ]
)
PIECES = st.lists(
    st.binary(max_size=40) | st.sampled_from([b"\r\n", b"\n", b"5\r\n", b"0\r\n\r\n", b";", b":", GZIPPED])
)


@given(HEADS, PIECES)
def test_nothing_but_our_error_is_ever_raised(head: bytes, pieces: list[bytes]) -> None:
    raw = head + b"".join(pieces)
    parts = http.split(raw)
    assert parts.head + parts.body == raw
    assert len(http.payload(parts)) <= len(parts.body)
    assert http.outline(raw) == (parts.status, http.head_length(raw), http.payload(parts))
    try:
        found = http.entity(parts, limit=100_000)
    except WarcError:
        return
    assert isinstance(found, bytes)


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1), st.data())
def test_a_chunked_body_gives_its_payload_and_a_cut_one_its_beginning(parts: list[bytes], data: st.DataObject) -> None:
    framed = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert http.payload(chunked(framed)) == b"".join(parts)
    cut = data.draw(st.integers(0, len(framed)))
    assert b"".join(parts).startswith(http.payload(chunked(framed[:cut])))


@given(st.binary(max_size=2_000), st.data())
def test_gzip_gives_its_entity_and_a_cut_one_its_beginning(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    assert http.entity(message(packed, "Content-Encoding: gzip")) == body
    cut = data.draw(st.integers(2, len(packed)))
    assert body.startswith(http.entity(message(packed[:cut], "Content-Encoding: gzip")))
