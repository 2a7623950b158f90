"""Reading back: exact locations, strictness, and other people's files."""

import gzip
import pickle
import shutil
from pathlib import Path

import pytest

from archive.errors import StorageError, WarcError
from archive.vocabulary import Truncation
from archive.warc.check import check_file
from archive.warc.read import DamageError, Fault, Record, portal_of, read_at, resolve, salvage, stretches, walk

from .conftest import PORTAL, URL, OpenWriter, exchange

SAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "pages" / "warc"


@pytest.fixture
def path(tmp_path: Path, writer: OpenWriter) -> Path:
    """A sealed file of three exchanges."""
    with writer() as pen:
        for number in range(3):
            pen.record(exchange(url=f"{URL}?{number}"))
    (path,) = (tmp_path / PORTAL).iterdir()
    return path


def member(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


def record(length: object = 3, block: bytes = b"abc", end: bytes = b"\r\n\r\n") -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: {length}\r\n\r\n"
    return head.encode() + block + end


def test_locations_are_exact(path: Path) -> None:
    offset = 0
    for found in walk(path):
        assert (found.location.file, found.location.offset) == (path.name, offset)
        packed = path.read_bytes()[offset : offset + found.location.length]
        assert found.block in gzip.decompress(packed)
        assert read_at(path, offset) == found
        offset += found.location.length
    assert offset == path.stat().st_size


def test_walk_within_bounds(path: Path) -> None:
    every = list(walk(path))
    assert list(walk(path, every[2].location.offset, every[5].location.offset)) == every[2:5]
    assert list(walk(path, every[4].location.offset)) == every[4:]
    assert list(walk(path, path.stat().st_size)) == []
    with pytest.raises(WarcError, match=f"{path.name}, byte {path.stat().st_size}: the file ends"):
        list(walk(path, end=path.stat().st_size + 1))


def test_a_large_record(tmp_path: Path) -> None:
    block = bytes(range(256)) * 20_000
    path = tmp_path / "x-1-1.warc.gz"
    path.write_bytes(member(record(len(block), block)) + member(record()))
    assert [found.block for found in walk(path)] == [block, b"abc"]


def test_an_open_file_gives_locations_under_its_sealed_name(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange())
    file, end = pen.position()
    path = resolve(tmp_path, file)
    assert path.name == f"{file}.open"
    assert {found.location.file for found in walk(path, 0, end)} == {file}
    pen.close()
    assert resolve(tmp_path, file).name == file
    with pytest.raises(StorageError, match="no such WARC file"):
        resolve(tmp_path, "zhuhai-20200101T000000Z-00000.warc.gz")


def test_what_cannot_be_opened_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="absent"):
        read_at(tmp_path / "absent", 0)
    with pytest.raises(StorageError, match="cannot be read"):
        list(walk(tmp_path))


def test_portal_of() -> None:
    assert portal_of("zhuhai-doumen-20261122T060423Z-00000.warc.gz") == "zhuhai-doumen"


def test_headers_are_found_whatever_their_case(path: Path) -> None:
    found = list(walk(path))[-1]
    assert found.header("warc-record-id") == f"<{found.id}>"
    assert found.link("WARC-RECORD-ID") == found.id
    assert found.header("X-None") == found.link("X-None") == ""


def test_truncation_of_foreign_records(tmp_path: Path) -> None:
    path = tmp_path / "x-1-1.warc.gz"
    for value, expected in (("length", Truncation.LENGTH), ("made up", Truncation.UNSPECIFIED), ("", None)):
        path.write_bytes(
            member(record().replace(b"WARC-Type", b"WARC-Truncated: " + value.encode() + b"\r\nWARC-Type"))
        )
        assert read_at(path, 0).truncated is expected


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (record(), Fault.GZIP),
        (b"\x00" * 100, Fault.GZIP),
        (member(record())[:-1], Fault.TORN),
        (b"\x1f", Fault.TORN),
        (member(record())[:-8] + bytes(8), Fault.GZIP),
        (member(b""), Fault.RECORD),
        (member(b"<html>"), Fault.RECORD),
        (member(b"WARC/1.1\r\nWARC-Type: resource\r\n"), Fault.RECORD),
        (member(b"WARC/2.0" + record()[8:]), Fault.RECORD),
        (member(record(4)), Fault.RECORD),
        (member(record(2)), Fault.RECORD),
        (member(record("")), Fault.RECORD),
        (member(record("-3")), Fault.RECORD),
        (member(record("³")), Fault.RECORD),
        (member(record("9" * 5_000)), Fault.RECORD),
        (member(record(end=b"\r\n")), Fault.RECORD),
        (member(record(end=b"\n\n\n\n")), Fault.RECORD),
        (member(record() + b"\r\n"), Fault.RECORD),
        (member(record() + record()), Fault.RECORD),
        (member(record().replace(b"Record-ID", b"Record")), Fault.RECORD),
        (member(record().replace(b"WARC-Type", b"WARC-Sort")), Fault.RECORD),
    ],
)
def test_anything_but_one_whole_record_a_member_is_damage(tmp_path: Path, data: bytes, fault: Fault) -> None:
    path = tmp_path / "x-1-1.warc.gz"
    good = member(record())
    path.write_bytes(good + data)
    with pytest.raises(WarcError, match=rf"^x-1-1\.warc\.gz, byte {len(good)}: ") as caught:
        list(walk(path))
    assert isinstance(caught.value, DamageError)
    assert caught.value.fault is fault
    again = pickle.loads(pickle.dumps(caught.value))  # readers are processes of their own
    assert (str(again), again.fault, again.offset) == (str(caught.value), fault, len(good))


def test_stretches_never_part_an_exchange(path: Path) -> None:
    every = list(walk(path))
    ends = {found.location.offset + found.location.length: found.type for found in every}
    cut = list(stretches(path, 0, 1))
    assert [ends[end] for _, end in cut] == ["warcinfo", "response", "response", "response"]
    assert [start for start, _ in cut] == [0, *(end for _, end in cut)][:-1]
    assert list(stretches(path, 0, 10**9)) == [(0, path.stat().st_size)]
    assert list(stretches(path, path.stat().st_size, 1)) == []
    assert list(stretches(path, cut[1][0], 1)) == cut[1:]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample WARC files are not beside this checkout")
@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*arc*") if path.is_file())
)
def test_files_of_other_tools_are_walked_or_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "sample"
    shutil.copy(SAMPLES / name, path)
    try:
        walked = list(walk(path))
    except WarcError as error:
        assert str(error).startswith("sample, byte ")  # noqa: PT017 - one of the two must be
        walked = []
    else:
        assert sum(found.location.length for found in walked) == path.stat().st_size
    salvaged = [item for item in salvage(path) if isinstance(item, Record)]
    assert salvaged[: len(walked)] == walked
    assert len(list(check_file(path))) >= len(salvaged)
