"""Mending: the whole records stay where they are, the torn tail goes, anything else that is broken is set aside."""

import os
from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.warc.check import Found, Loss, Problem, check_file
from archive.warc.hole import declared
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


def flipped(data: bytes) -> bytes:
    """With one bit in its middle turned over."""
    middle = len(data) // 2
    return data[:middle] + bytes((data[middle] ^ 0x10,)) + data[middle + 1 :]


def test_damage_in_the_middle_is_set_aside_and_nothing_moves(log: tuple[bytes, list[Record]], torn: Path) -> None:
    """A flipped byte, a record torn by a full disk with more written behind it, and a torn tail."""
    data, records = log
    start, end = records[3].location.offset, records[4].location.offset  # the response of the first exchange
    hurt = flipped(data[start:end])
    half, rest = data[records[5].location.offset :][:100], data[records[7].location.offset :]
    torn.write_bytes(data[:start] + hurt + data[end:] + half + rest + half)
    mended = mend(torn)
    assert mended.path is not None
    found = mended.path.read_bytes()
    assert len(found) == len(data) + len(half) + len(rest)
    last = records[-1].location.offset  # it has grown by the torn record behind it
    assert (found[:start], found[end:last], found[-len(rest) :]) == (data[:start], data[end:last], rest)
    assert (mended.kept_records, mended.cut_bytes) == (len(records) - 1 + 3, 100)
    sealed = mended.path.name
    assert {path.name: path.read_bytes() for path in mended.damaged} == {
        f"{sealed}.damaged-{start}": hurt,
        f"{sealed}.damaged-{len(data)}": half,
    }
    holes = [hole for record in walk(mended.path) if (hole := declared(record))]
    assert [(hole.file, hole.offset, hole.bytes, hole.aside) for hole in holes] == [
        (sealed, start, len(hurt), f"{sealed}.damaged-{start}"),
        (sealed, len(data), len(half), f"{sealed}.damaged-{len(data)}"),
    ]
    assert [record.block for record in walk(mended.path)][len(records) - 1] == records[-1].block
    assert f"{len(hurt)} bytes at {start}: damaged gzip member" in mended.reason
    assert mended.reason.endswith("the file ends in the middle of a record")
    assert sorted(path.name for path in torn.parent.iterdir()) == [
        sealed,
        f"{sealed}.damaged-{start}",
        f"{sealed}.damaged-{len(data)}",
    ]


def test_what_was_lost_is_a_known_loss_and_no_problem(log: tuple[bytes, list[Record]], torn: Path) -> None:
    data, records = log
    for number, record in enumerate(records[:-1]):
        start, end = record.location.offset, records[number + 1].location.offset
        torn.write_bytes(data[:start] + flipped(data[start:end]) + data[end:])
        mended = mend(torn)
        assert mended.path is not None
        found = list(check_file(mended.path))
        assert not [item for item in found if isinstance(item, Problem)], record.type
        (loss,) = [item for item in found if isinstance(item, Loss)]
        assert (loss.offset, loss.bytes) == (start, end - start)
        assert f"set aside in {mended.damaged[0].name}" in str(loss)
        for path in torn.parent.iterdir():
            path.unlink()


@pytest.mark.parametrize(("position", "known", "told"), [(1, 5_000, True), (3, 5_000, True), (-2, 300, False)])
def test_the_database_forgets_what_it_knows_of_a_hole(
    position: int, known: int, told: bool, log: tuple[bytes, list[Record]], torn: Path
) -> None:
    """Before the file has its sealed name: whatever ends the mending, the next one says it again."""
    data, records = log
    start, end = records[position].location.offset, records[position + 1].location.offset
    torn.write_bytes(data[:start] + flipped(data[start:end]) + data[end:])
    heard: list[bool] = []

    def killed() -> None:
        heard.append(torn.exists())
        raise KeyboardInterrupt

    if told:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                mend(torn, known=known, forget=killed)
        assert heard == [True, True]
    mended = mend(torn, known=known, forget=lambda: heard.append(torn.exists()))
    assert mended.forgotten is told
    assert heard == [True] * 3 * told


@pytest.mark.parametrize("size", [0, 50, 700])
def test_a_tail_that_was_whole_once_is_kept_aside(size: int, log: tuple[bytes, list[Record]], torn: Path) -> None:
    """The database has read more of the file than there is, or than is whole."""
    data, records = log
    torn.write_bytes(data[: records[-1].location.offset] + b"\0" * size)
    heard: list[str] = []
    mended = mend(torn, known=len(data), forget=lambda: heard.append("forget"))
    assert heard == ["forget"]
    assert mended.path is not None
    assert mended.path.read_bytes() == data[: records[-1].location.offset]
    assert [path.read_bytes() for path in mended.damaged] == [b"\0" * size] * (size > 0)


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
    found = list(walk(mended.path))
    assert [record.block for record in found] == [record.block for record in records]
    assert found[3].location.offset == start + 20
    assert (torn.parent / f"{mended.path.name}.damaged-{start}").read_bytes() == b"\xff" * 20


def test_rubbish_before_the_first_record_takes_that_with_it(log: tuple[bytes, list[Record]], torn: Path) -> None:
    """There is no record in front of it that could grow, and no room for one that says what it was."""
    data, records = log
    torn.write_bytes(b"\xff" * 20 + data)
    mended = mend(torn)
    assert mended.path is not None
    assert "with the record behind it" in mended.reason
    found = list(walk(mended.path))
    assert [record.id for record in found[1:]] == [record.id for record in records[1:]]
    assert found[1].location.offset == records[1].location.offset + 20
    assert not [item for item in check_file(mended.path) if isinstance(item, Problem)]


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
