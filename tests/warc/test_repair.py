"""Mending: the whole records stay, the torn tail goes, anything else that is broken is set aside."""

import os
from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.warc.check import Found, check_file
from archive.warc.read import Record, walk
from archive.warc.repair import leftovers, mend

from .conftest import PORTAL, URL, OpenWriter, exchange


@pytest.fixture
def log(tmp_path: Path, writer: OpenWriter) -> tuple[bytes, list[Record]]:
    """The bytes of a file of three small exchanges, and its records. The folder is empty again."""
    with writer() as pen:
        for number in range(3):
            pen.record(exchange(f"HTTP/1.1 200 OK\r\n\r\n<p>{number}".encode(), f"{URL}?{number}", notes={}))
    (path,) = (tmp_path / PORTAL).iterdir()
    data, records = path.read_bytes(), list(walk(path))
    path.unlink()
    return data, records


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    return tmp_path / PORTAL / "zhuhai-20261122T060423Z-00000.warc.gz.open"


def test_a_whole_file_is_sealed(log: tuple[bytes, list[Record]], torn: Path) -> None:
    data, records = log
    torn.write_bytes(data)
    assert leftovers(torn.parent) == [torn]
    mended = mend(torn)
    assert (mended.kept_records, mended.kept_bytes, mended.cut_bytes) == (len(records), len(data), 0)
    assert (mended.reason, mended.damaged, mended.path) == ("", (), torn.with_suffix(""))
    assert mended.path is not None
    assert mended.path.read_bytes() == data
    assert leftovers(torn.parent) == []


def test_a_file_cut_anywhere_in_its_last_two_records_keeps_exactly_the_whole_ones(
    log: tuple[bytes, list[Record]], torn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _fd: None)  # a thousand of them
    data, records = log
    ends = [record.location.offset + record.location.length for record in records]
    for size in range(ends[-3], len(data) + 1):
        torn.write_bytes(data[:size])
        mended = mend(torn)
        whole = [end for end in ends if end <= size]
        assert (mended.kept_records, mended.kept_bytes) == (len(whole), whole[-1])
        assert mended.cut_bytes == size - whole[-1]
        assert mended.reason == (
            f"{mended.cut_bytes} bytes at {whole[-1]}: the file ends in the middle of a record"
            if mended.cut_bytes
            else ""
        )
        assert mended.damaged == ()
        assert mended.path is not None
        assert mended.path.read_bytes() == data[: whole[-1]]
        # Also where a group lost its response: that is a killed writer, not a lost record.
        assert all(isinstance(item, Found) for item in check_file(mended.path))
        mended.path.unlink()


@pytest.mark.parametrize("tail", [b"\x00" * 4_096, b"rubbish", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08" * 50])
def test_a_tail_that_holds_no_record_is_cut(log: tuple[bytes, list[Record]], torn: Path, tail: bytes) -> None:
    data, records = log
    torn.write_bytes(data + tail)
    mended = mend(torn)
    assert (mended.kept_records, mended.kept_bytes, mended.cut_bytes) == (len(records), len(data), len(tail))
    assert f"{len(tail)} bytes at {len(data)}: " in mended.reason
    assert mended.path is not None
    assert mended.path.read_bytes() == data


@pytest.mark.parametrize("size", [0, 1, 50])
def test_nothing_but_a_torn_warcinfo_leaves_no_file(log: tuple[bytes, list[Record]], torn: Path, size: int) -> None:
    torn.write_bytes(log[0][:size])
    mended = mend(torn)
    assert (mended.path, mended.kept_records, mended.cut_bytes) == (None, 0, size)
    assert list(torn.parent.iterdir()) == []


def test_nothing_but_a_warcinfo_leaves_no_file(log: tuple[bytes, list[Record]], torn: Path) -> None:
    data, records = log
    torn.write_bytes(data[: records[1].location.offset + 5])
    mended = mend(torn)
    assert (mended.path, mended.kept_records, mended.cut_bytes) == (None, 1, 5)
    assert list(torn.parent.iterdir()) == []


def test_damage_in_the_middle_is_set_aside(log: tuple[bytes, list[Record]], torn: Path) -> None:
    """A flipped byte, a record torn by a full disk with more written behind it, and a torn tail."""
    data, records = log
    start, end = records[3].location.offset, records[4].location.offset  # the response of the first exchange
    flipped = bytearray(data[start:end])
    flipped[len(flipped) // 2] ^= 0xFF
    half = data[records[5].location.offset :][:100]
    torn.write_bytes(data[:start] + flipped + data[end:] + half + data[records[7].location.offset :] + half)
    mended = mend(torn)
    kept = data[:start] + data[end:] + data[records[7].location.offset :]
    assert mended.path is not None
    assert mended.path.read_bytes() == kept
    assert (mended.kept_records, mended.kept_bytes, mended.cut_bytes) == (len(records) - 1 + 3, len(kept), 100)
    sealed = mended.path.name
    assert {path.name: path.read_bytes() for path in mended.damaged} == {
        f"{sealed}.damaged-{start}": bytes(flipped),
        f"{sealed}.damaged-{len(data)}": half,
    }
    assert f"{len(flipped)} bytes at {start}: damaged gzip member" in mended.reason
    assert mended.reason.endswith("the file ends in the middle of a record")
    assert sorted(path.name for path in torn.parent.iterdir()) == [
        sealed,
        f"{sealed}.damaged-{start}",
        f"{sealed}.damaged-{len(data)}",
    ]


def test_an_interrupted_mending_is_done_again(
    log: tuple[bytes, list[Record]], torn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, records = log
    start = records[3].location.offset
    torn.write_bytes(data[:start] + b"\xff" * 20 + data[start:])

    class Killed(BaseException):
        pass

    steps = ["fsync", "replace", "rename"]
    for step in steps:

        def killed(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(os if step == "fsync" else Path, step, killed)
            with pytest.raises(Killed):
                mend(torn)
    mended = mend(torn)
    assert mended.path is not None
    assert mended.path.read_bytes() == data
    assert (torn.parent / f"{mended.path.name}.damaged-{start}").read_bytes() == b"\xff" * 20


def test_only_open_files_are_mended(log: tuple[bytes, list[Record]], torn: Path) -> None:
    sealed = torn.with_suffix("")
    sealed.write_bytes(log[0][:-10])
    with pytest.raises(StorageError, match="from a backup"):
        mend(sealed)
    torn.write_bytes(log[0])
    with pytest.raises(StorageError, match="is there already"):
        mend(torn)
    assert sealed.read_bytes() == log[0][:-10]
    with pytest.raises(StorageError, match="cannot be read"):
        mend(torn.with_name("absent.warc.gz.open"))
