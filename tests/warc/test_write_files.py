"""The writer's files: their names and lengths, that it writes all of a group or nothing, and when it is safe."""

import errno
import os
import resource
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.events import WalkEnded
from archive.vocabulary import WalkEnd
from archive.warc.exchange import Exchange
from archive.warc.read import resolve, walk
from archive.warc.repair import mend
from archive.warc.write import TOGETHER, TOGETHER_BYTES, Position, WarcWriter

from .conftest import AT, FIRST, PORTAL, URL, OpenWriter, exchange, only_file, problems


def put(pen: WarcWriter, what: Exchange) -> str:
    """Record an exchange and have it appended at once."""
    capture = pen.record(what)
    pen.position()
    return capture


# --- files ------------------------------------------------------------------------------------------------------


def test_a_group_is_one_append(writer: OpenWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = writer()
    sizes = []

    def write(fd: int, data: bytes) -> int:
        sizes.append(len(data))
        return os_write(fd, data)

    os_write = os.write
    monkeypatch.setattr(os, "write", write)
    before = pen.position()
    pen.record(exchange())
    assert sizes == [pen.position().end - before.end]


def test_files_rotate_and_none_is_empty(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer(limit=2_000)
    for number in range(12):
        pen.record(exchange(url=f"{URL}?{number}"))
        assert pen.position().end == resolve(tmp_path, pen.position().file).stat().st_size
    pen.close()
    paths = sorted((tmp_path / PORTAL).iterdir())
    assert len(paths) > 2
    assert [path.name for path in paths] == [f"zhuhai-20261122T060423Z-{n:05d}.warc.gz" for n in range(len(paths))]
    assert all(2_000 <= path.stat().st_size < 4_000 for path in paths[:-1])
    assert problems(*paths) == []
    assert sum(record.type == "response" for path in paths for record in walk(path)) == 12
    with pytest.raises(StorageError, match="is closed"):
        pen.record(exchange())
    pen.close()


def test_a_file_with_nothing_in_it_is_removed(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    assert only_file(tmp_path).name == FIRST + ".open"
    assert pen.position().file == FIRST
    assert pen.sync() == ()
    pen.close()
    assert list((tmp_path / PORTAL).iterdir()) == []
    assert pen.position() == Position("", 0)


def test_names_never_clash_and_sort_as_the_log_runs(tmp_path: Path, writer: OpenWriter) -> None:
    for clock in (AT, AT, AT + timedelta(hours=1), AT - timedelta(days=1)):  # the last: the clock was set back
        pen = writer(clock=lambda at=clock: at)
        pen.record(exchange())
        pen.close()
    pens = [writer(), writer()]
    for pen in pens:
        pen.record(exchange())
    for pen in reversed(pens):
        pen.close()
    assert sorted(path.name[7:] for path in (tmp_path / PORTAL).iterdir()) == [
        "20261122T060423Z-00000.warc.gz",
        "20261122T060423Z-00001.warc.gz",
        "20261122T070423Z-00000.warc.gz",
        "20261122T070423Z-00001.warc.gz",
        "20261122T070423Z-00002.warc.gz",
        "20261122T070423Z-00003.warc.gz",
    ]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, writer: OpenWriter) -> None:
    (tmp_path / PORTAL).write_text("a file")
    with pytest.raises(StorageError, match="zhuhai"):
        writer()


# --- faults -----------------------------------------------------------------------------------------------------


@pytest.fixture
def file_size_limit() -> Iterator[Callable[[int], None]]:
    """Sets how large a file of this process may grow: writes across the border are short, then fail."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size if size >= 0 else before[0], before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_short_write_is_taken_back_whole(
    tmp_path: Path, writer: OpenWriter, file_size_limit: Callable[[int], None]
) -> None:
    pen = writer()
    put(pen, exchange(url=URL + "?1"))
    path, before = only_file(tmp_path), pen.position()
    for room in (0, 1, 300, 900):
        file_size_limit(before.end + room)
        with pytest.raises(StorageError, match=rf"{path.name}: not written: "):
            put(pen, exchange(url=URL + "?2"))
        file_size_limit(-1)
        assert path.stat().st_size == before.end
        assert pen.position() == before
    again = put(pen, exchange(url=URL + "?2"))  # it was not taken for the original of a revisit
    pen.close()
    (path,) = (tmp_path / PORTAL).iterdir()
    assert problems(path) == []
    assert [record.id for record in walk(path) if record.uri == URL + "?2" and record.type == "response"] == [again]


def test_a_full_disk(tmp_path: Path, writer: OpenWriter) -> None:
    disk = tmp_path / PORTAL
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small tmpfs cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        pen = writer()
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(48_000))
        kept = []
        with pytest.raises(StorageError, match="no space left on the device; make room"):
            kept.extend(put(pen, exchange(os.urandom(3_000), f"{URL}?{number}")) for number in range(1_000))
        assert pen.position().end == (disk / (FIRST + ".open")).stat().st_size
        ballast.unlink()
        kept.append(put(pen, exchange(os.urandom(3_000), f"{URL}?after")))
        pen.close()
        assert problems(disk / FIRST) == []
        assert [record.id for record in walk(disk / FIRST) if record.type == "response"] == kept
        assert len(kept) > 2
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_torn_end_that_cannot_be_cut_is_never_written_behind(
    tmp_path: Path, writer: OpenWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    pen = writer()
    put(pen, exchange(url=URL + "?1"))
    before = pen.position()

    steps = iter((100, 0))

    def short(fd: int, data: bytes) -> int:
        if step := next(steps):
            return os_write(fd, data[:step])
        raise OSError(errno.ENOSPC, "full")

    def broken(_fd: int, _size: int) -> None:
        raise OSError(errno.EIO, "broken")

    os_write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", short)
        patch.setattr(os, "ftruncate", broken)
        with pytest.raises(StorageError, match="no space"):
            put(pen, exchange(url=URL + "?2"))
        patch.setattr(os, "write", os_write)
        with pytest.raises(StorageError, match="input/output error"):
            put(pen, exchange(url=URL + "?2"))
    assert only_file(tmp_path).stat().st_size == before.end + 100
    assert pen.position() == before
    put(pen, exchange(url=URL + "?3"))
    pen.close()
    assert problems(only_file(tmp_path)) == []


def test_no_room_for_a_next_file(tmp_path: Path, writer: OpenWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = writer(limit=1)
    put(pen, exchange(url=URL + "?1"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda _fd, _data: 0)
        for _ in range(2):
            with pytest.raises(StorageError, match="not written"):
                put(pen, exchange(url=URL + "?2"))
    assert [path.name for path in (tmp_path / PORTAL).iterdir()] == [FIRST]
    assert pen.position().file == FIRST
    put(pen, exchange(url=URL + "?2"))
    pen.close()
    paths = sorted((tmp_path / PORTAL).iterdir())
    assert len(paths) == 2
    assert problems(*paths) == []


def test_after_a_failed_fsync_nothing_is_promised(
    tmp_path: Path, writer: OpenWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel may drop the pages it could not write, and report success the next time."""
    pen = writer()
    put(pen, exchange())

    def broken(_fd: int) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(StorageError, match="cannot be made durable"):
            pen.sync()
    with pytest.raises(StorageError, match="cannot be made durable"):
        put(pen, exchange())
    with pytest.raises(StorageError, match="cannot be made durable"):
        pen.close()
    assert mend(only_file(tmp_path)).kept_records == 4


def test_what_is_given_up_is_no_original(
    tmp_path: Path, writer: OpenWriter, file_size_limit: Callable[[int], None]
) -> None:
    """Of a batch that did not fit nothing is in the log, so nothing may refer to it."""
    pen = writer()
    put(pen, exchange(url=URL + "?1"))
    before = pen.position()
    lost = [pen.record(exchange(url=f"{URL}?{number}")) for number in range(2, 5)]
    file_size_limit(before.end + 3_000)  # the first of them would fit
    with pytest.raises(StorageError, match="not written"):
        pen.sync()
    file_size_limit(-1)
    kept = [pen.record(exchange(url=f"{URL}?{number}")) for number in range(2, 5)]
    pen.close()
    (path,) = (tmp_path / PORTAL).iterdir()
    assert problems(path) == []
    answers = {record.id: record.type for record in walk(path) if record.type in ("response", "revisit")}
    assert set(answers.values()) == {"response"}
    assert set(kept) < set(answers)
    assert answers.keys().isdisjoint(lost)


def test_a_question_that_fails_leaves_no_original(tmp_path: Path, writer: OpenWriter) -> None:
    locked = {URL + "?2"}

    def find(_digest: str, url: str) -> None:
        if url in locked:
            raise StorageError("the database is locked")

    pen = writer(find=find)
    lost = [pen.record(exchange(url=f"{URL}?{number}")) for number in (1, 2)]
    with pytest.raises(StorageError, match="locked"):
        pen.sync()
    locked.clear()
    kept = [pen.record(exchange(url=f"{URL}?{number}")) for number in (1, 2)]
    pen.close()
    (path,) = (tmp_path / PORTAL).iterdir()
    assert problems(path) == []
    assert [record.id for record in walk(path) if record.type == "response"] == kept
    assert set(lost).isdisjoint(kept)


# --- several at once --------------------------------------------------------------------------------------------


def test_exchanges_are_appended_together_and_in_their_order(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    end = pen.position().end
    ids = [pen.record(exchange(url=f"{URL}?{number}")) for number in range(TOGETHER - 1)]
    assert only_file(tmp_path).stat().st_size == end
    ids.append(pen.record(exchange(url=f"{URL}?{TOGETHER}")))
    assert only_file(tmp_path).stat().st_size > end
    ids += [pen.record(exchange(url=URL)), pen.record(exchange(url=URL))]
    event = pen.event(WalkEnded("run-1", PORTAL, "2026-11-22T06:04:23Z", "zcwj", WalkEnd.LAST_PAGE))
    records = list(walk(only_file(tmp_path)))
    assert [record.id for record in records if record.type in ("response", "revisit")] == ids
    assert [record.type for record in records if record.id == ids[-1]] == ["revisit"]  # of one beside it
    assert records[-1].id == event
    pen.close()
    assert problems(*(tmp_path / PORTAL).iterdir()) == []


def test_large_answers_do_not_wait(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + os.urandom(TOGETHER_BYTES)))
    assert only_file(tmp_path).stat().st_size > TOGETHER_BYTES


def test_what_waits_is_in_the_log_when_the_writer_closes(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    capture = pen.record(exchange())
    pen.close()
    (path,) = (tmp_path / PORTAL).iterdir()
    assert [record.id for record in walk(path) if record.type == "response"] == [capture]
    with pytest.raises(StorageError, match="closed"):
        pen.record(exchange())


# --- durability -------------------------------------------------------------------------------------------------


def test_recording_goes_on_during_an_fsync(tmp_path: Path, writer: OpenWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = writer(limit=4_000)
    pen.record(exchange())
    before = pen.position()
    begun, release = threading.Event(), threading.Event()

    def slow(fd: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            assert release.wait(20)
        os_fsync(fd)

    os_fsync = os.fsync
    monkeypatch.setattr(os, "fsync", slow)
    synced = []
    thread = threading.Thread(target=lambda: synced.append(pen.sync()))
    thread.start()
    assert begun.wait(20)
    for number in range(20):  # over several rotations
        put(pen, exchange(url=f"{URL}?{number}"))
    assert pen.position().file != before.file
    assert not synced
    release.set()
    thread.join(20)
    assert synced == [(before,)]
    files = pen.sync()
    assert len(files) > 2
    assert files[-1] == pen.position()
    assert [resolve(tmp_path, position.file).stat().st_size for position in files] == [end for _, end in files]


def test_sync_flushes_only_what_is_new(writer: OpenWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = writer()
    pen.record(exchange())
    calls = []
    monkeypatch.setattr(os, "fsync", calls.append)
    assert pen.sync() == pen.sync() == (pen.position(),)
    assert len(calls) == 1


def test_what_sync_reports_is_whole_records_at_any_moment(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer(limit=20_000)
    done = threading.Event()
    faults: list[str] = []
    seen: dict[str, int] = {}

    def follow() -> None:
        while not done.is_set():
            for file, end in pen.sync():
                start = seen.get(file, 0)
                try:
                    *_, last = [None, *walk(resolve(tmp_path, file), start, end)]
                except Exception as error:  # noqa: BLE001 - carried to the main thread
                    faults.append(f"{type(error).__name__}: {error}")
                    return
                if last is not None and last.location.offset + last.location.length != end:
                    faults.append(f"{file}: no record ends at {end}")
                seen[file] = end

    thread = threading.Thread(target=follow)
    thread.start()
    for number in range(400):
        pen.record(exchange(url=f"{URL}?{number}"))
    done.set()
    thread.join(20)
    pen.close()
    assert faults == []
    paths = sorted((tmp_path / PORTAL).iterdir())
    assert len(paths) > 5
    assert pen.sync() == tuple(Position(path.name, path.stat().st_size) for path in paths)
    assert problems(*paths) == []
