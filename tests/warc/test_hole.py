"""Holes: whole records of exactly the length of what was lost, in files that every reader takes."""

import gzip
import subprocess
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive.warc import hole
from archive.warc.check import Loss, Problem, check_file
from archive.warc.hole import Hole, declared, fill, pad
from archive.warc.read import walk

from .conftest import PORTAL, URL, OpenWriter, exchange

FILE = f"{PORTAL}-20261122T060423Z-00000.warc.gz"
AT = "2026-11-22T06:04:23.000001Z"
WHY = "damaged gzip member: Error -3 while decompressing data: invalid distance too far back"


def lost(size: int, offset: int = 1_234_567) -> Hole:
    return Hole(FILE, offset, size, WHY, hole.aside(FILE, offset))


def at_work(path: Path) -> list[Hole]:
    """What other readers and ours make of a file: the same number of records, and the holes among them."""
    subprocess.run(["gzip", "-t", str(path)], check=True)
    ours = list(walk(path))
    with path.open("rb") as stream:
        theirs = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(stream)]
    assert theirs == [f"<{record.id}>" for record in ours]
    assert sum(1 for _ in FastIterator(str(path), parse_http=False)) == len(ours)
    assert not [item for item in check_file(path) if isinstance(item, Problem)]
    return [found for record in ours if (found := declared(record))]


def test_any_length_from_the_shortest_on() -> None:
    """Around each border: what a deflated record has, what a stored one has, a block, a further digit."""
    shortest = 430  # the random id of a record deflates to some bytes more or less
    for size in (*range(shortest, 1700), *range(9_700, 10_500), *range(65_500, 66_300, 3), *range(131_000, 131_800, 7)):
        made = fill(lost(size), AT)
        assert len(made) == size
        assert gzip.decompress(made).startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\n")
    assert not any(fill(lost(size), AT) for size in (1, 20, 200))


@pytest.mark.parametrize("size", [500, 1_000, 20_000, 400_000])
def test_a_file_with_a_hole_is_read_by_all(size: int, tmp_path: Path, writer: OpenWriter) -> None:
    with writer() as pen:
        for number in range(2):
            pen.record(exchange(url=f"{URL}?{number}"))
    (path,) = (tmp_path / PORTAL).iterdir()
    data, records = path.read_bytes(), list(walk(path))
    middle = records[4].location.offset
    path.write_bytes(data[:middle] + fill(lost(size, middle), AT) + data[middle:])
    assert at_work(path) == [lost(size, middle)]
    (loss,) = [item for item in check_file(path) if isinstance(item, Loss)]
    assert str(loss) == f"{size} bytes at {middle} of {FILE}, set aside in {FILE}.damaged-{middle} ({WHY})"


def test_a_long_hole_is_several_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hole, "LARGEST", 10_000)
    path = tmp_path / FILE
    path.write_bytes(fill(lost(34_567, 0), AT))
    found = at_work(path)
    assert [piece.bytes for piece in found] == [10_000, 10_000, 14_567]
    assert [piece.offset for piece in found] == [0, 10_000, 20_000]


@pytest.mark.parametrize("sizes", [(1,), (2,), (300,), (1, 1), (7, 250)])
def test_a_hole_without_room_lies_in_the_head_of_the_record_in_front(
    sizes: tuple[int, ...], tmp_path: Path, writer: OpenWriter
) -> None:
    with writer() as pen:
        pen.record(exchange())
    (path,) = (tmp_path / PORTAL).iterdir()
    records = list(walk(path))
    data = path.read_bytes()
    start, end = records[1].location.offset, records[2].location.offset
    grown = data[start:end]
    for size in sizes:
        grown = pad(grown, size)
    path.write_bytes(data[:start] + grown + data[end:])
    (found,) = at_work(path)
    assert (found.offset, found.bytes, found.aside) == (end, sum(sizes), f"{FILE}.damaged-{end}")
    assert [record.block for record in walk(path)] == [record.block for record in records]


def test_a_head_that_is_not_ours_is_left_alone() -> None:
    named = b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"name\0"
    assert pad(named, 9) == b""
