"""What the checker must find: every kind of damage, and nothing in a sound file."""

import gzip
import hashlib
from base64 import b32encode
from pathlib import Path

import pytest

from archive.warc.check import Checker, Found, Kind, Problem, check_file
from archive.warc.read import Record, walk

from .conftest import BODY, CHUNKED, PORTAL, URL, OpenWriter, exchange


@pytest.fixture
def path(tmp_path: Path, writer: OpenWriter) -> Path:
    """A sealed file: a response, one in chunks, a revisit of the first."""
    page = b"HTTP/1.1 200 OK\r\n\r\n" + BODY
    with writer() as pen:
        pen.record(exchange(page))
        pen.record(exchange(CHUNKED["chunked"], URL + "?2"))
        pen.record(exchange(page, URL + "?3"))
    (path,) = (tmp_path / PORTAL).iterdir()
    return path


def problems(*paths: Path) -> list[Problem]:
    checker = Checker()
    found = [item for path in paths for item in checker.check(path) if isinstance(item, Problem)]
    return [*found, *checker.links()]


def kinds(*paths: Path) -> list[str]:
    return [problem.kind for problem in problems(*paths)]


def located(path: Path, kind: str) -> list[Record]:
    return [record for record in walk(path) if record.type == kind]


def rewrite(path: Path, record: Record, old: bytes, new: bytes) -> None:
    """Put other text into one record; its gzip member stays sound."""
    data = path.read_bytes()
    start, end = record.location.offset, record.location.offset + record.location.length
    text = gzip.decompress(data[start:end])
    assert old in text
    path.write_bytes(data[:start] + gzip.compress(text.replace(old, new)) + data[end:])


def test_a_sound_file_gives_its_records(path: Path) -> None:
    found = [item for item in check_file(path) if isinstance(item, Found)]
    assert found == list(check_file(path))
    assert found == [
        Found(r.id, r.type, r.location.offset, r.location.length, r.header("WARC-Payload-Digest")) for r in walk(path)
    ]
    assert [item.type for item in found].count("revisit") == 1
    assert problems(path) == []


def test_a_flipped_bit_anywhere(path: Path) -> None:
    """But in the bytes of a gzip member that do not bear on its content: time, system, padding of the last code."""
    data = path.read_bytes()
    starts = [record.location.offset for record in walk(path)]
    ends = [*starts[1:], len(data)]
    idle = {at for start, end in zip(starts, ends, strict=True) for at in (*range(start + 4, start + 10), end - 9)}
    for at in sorted(set(range(0, len(data), 7)) - idle):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        found = problems(path)
        assert found, at
        assert found[0].kind in (Kind.GZIP, Kind.TORN, Kind.RECORD)
        assert found[0].offset == max(start for start in starts if start <= at)


def test_a_truncated_tail(path: Path) -> None:
    data = path.read_bytes()
    last = list(walk(path))[-1].location.offset
    for size in range(last + 1, len(data)):
        path.write_bytes(data[:size])
        assert next((problem.offset, problem.kind) for problem in problems(path)) == (last, Kind.TORN)


def test_a_torn_record_with_more_behind_it(path: Path) -> None:
    data = path.read_bytes()
    response = located(path, "response")[0].location
    cut = response.offset + 60
    path.write_bytes(data[:cut] + data[response.offset + response.length :])
    found = problems(path)
    assert (found[0].file, found[0].offset, found[0].kind) == (path.name, response.offset, Kind.GZIP)
    assert {problem.kind for problem in found[1:]} == {Kind.DANGLING}  # what was concurrent to it, what refers to it
    assert len([item for item in check_file(path) if isinstance(item, Found)]) == 9


@pytest.mark.parametrize("garbage", [b"\x00" * 512, b"\n", b"\x1f\x8b\x08", b"WARC/1.1\r\n"])
def test_a_garbage_tail(path: Path, garbage: bytes) -> None:
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + garbage)
    (problem,) = problems(path)
    assert (problem.offset, problem.kind) == (size, Kind.TORN if garbage[0] == 0x1F else Kind.GZIP)


def test_a_member_of_two_records_or_half_a_one(path: Path) -> None:
    data = path.read_bytes()
    first, second = list(walk(path))[:2]
    joined = gzip.compress(gzip.decompress(data[: second.location.offset + second.location.length]))
    path.write_bytes(joined + data[second.location.offset + second.location.length :])
    assert kinds(path) == [Kind.RECORD]
    path.write_bytes(data)
    rewrite(path, first, b"\r\n\r\n", b"\r\n")
    assert kinds(path)[0] == Kind.RECORD


def test_a_wrong_block_digest(path: Path) -> None:
    (request, *_) = located(path, "request")
    rewrite(path, request, b"Host: www", b"Host: wWw")
    (problem,) = problems(path)
    assert (problem.kind, problem.offset) == (Kind.BLOCK_DIGEST, request.location.offset)
    assert "sha256:" in problem.detail


def test_a_wrong_payload_digest(path: Path) -> None:
    chunked = located(path, "response")[1]
    right = hashlib.sha256(b"abc").hexdigest().encode()
    rewrite(path, chunked, right, hashlib.sha256(b"3;ext=1\r\nabc").hexdigest().encode())
    assert kinds(path) == [Kind.PAYLOAD_DIGEST]


def test_digests_that_are_missing_or_cannot_be_checked(path: Path) -> None:
    response = located(path, "response")[1]
    rewrite(path, response, b"WARC-Payload-Digest", b"X-Payload-Digest")
    response = located(path, "response")[1]
    rewrite(path, response, b"WARC-Block-Digest: sha256", b"WARC-Block-Digest: crc32")
    assert [(problem.kind, problem.detail[:7]) for problem in problems(path)] == [
        (Kind.BLOCK_DIGEST, "'crc32:"),
        (Kind.PAYLOAD_DIGEST, "no dige"),
    ]


def test_digests_of_other_tools(path: Path) -> None:
    chunked = located(path, "response")[1]
    ours = b"sha256:" + hashlib.sha256(b"abc").hexdigest().encode()
    rewrite(path, chunked, ours, b"sha1:" + b32encode(hashlib.sha1(b"abc").digest()))
    assert problems(path) == []


def test_a_file_without_warcinfo(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[list(walk(path))[1].location.offset :])
    assert kinds(path) == [Kind.WARCINFO]
    path.write_bytes(b"")
    assert kinds(path) == [Kind.WARCINFO]


def test_a_repeated_record(path: Path) -> None:
    data = path.read_bytes()
    start = list(walk(path))[-1].location.offset
    path.write_bytes(data + data[start:])
    assert kinds(path) == [Kind.REPEATED_ID]


def test_a_file_that_is_there_twice(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.warc.gz"
    copy.write_bytes(path.read_bytes())
    assert set(kinds(path, copy)) == {Kind.REPEATED_ID}


def test_links_over_files(tmp_path: Path, writer: OpenWriter) -> None:
    page = b"HTTP/1.1 200 OK\r\n\r\n" + BODY
    with writer(limit=1) as pen:
        pen.record(exchange(page))
        pen.sync()
        pen.record(exchange(page, URL + "?2"))
    first, second = sorted((tmp_path / PORTAL).iterdir())
    assert problems(first, second) == problems(second, first) == []
    (lonely,) = problems(second)
    assert (lonely.kind, lonely.file) == (Kind.DANGLING, second.name)
    assert all(isinstance(item, Found) for item in check_file(second))
    (revisit,) = located(second, "revisit")
    digest = hashlib.sha256(BODY).hexdigest().encode()
    rewrite(second, revisit, digest, hashlib.sha256(b"other").hexdigest().encode())
    assert kinds(first, second) == kinds(second, first) == [Kind.PAYLOAD_DIFFERS]


def test_a_response_missing_from_the_middle(path: Path) -> None:
    data = path.read_bytes()
    response = located(path, "response")[1].location
    path.write_bytes(data[: response.offset] + data[response.offset + response.length :])
    assert kinds(path) == [Kind.DANGLING, Kind.DANGLING]  # of its metadata and its request
