"""Where an archive lies: its folders, its locks, its run folders."""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import LockedError, StorageError

DATABASE = "archive.db"


class Place:
    """The data folder of an archive. Nothing is made on disk before it is needed."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.warc = self.folder / "warc"
        self.database = self.folder / DATABASE
        self.nights = self.folder / "nights"

    def prepare(self) -> None:
        """Make the folders. Raises ``StorageError`` if that is not possible."""
        try:
            self.warc.mkdir(parents=True, exist_ok=True)
            (self.folder / "runs").mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.folder}: cannot be used as data folder: {explain(error)}") from error

    def require(self) -> None:
        """Raises ``StorageError`` if there is no archive here."""
        if not self.database.is_file():
            raise StorageError(f"{self.folder}: no archive here; name its folder with --data, or crawl a portal first")

    @contextmanager
    def lock(self, portal: str) -> Iterator[None]:
        """Hold the lock of one portal's files. Raises ``LockedError`` if another process holds it.

        The lock goes with the process: a killed run leaves none behind."""
        said = f"{portal}: another run (process {{holder}}) is at work; wait for its end, or stop it"
        with _held(self.warc / portal / ".lock", str(os.getpid()), said):
            yield

    @contextmanager
    def night_lock(self, since: str) -> Iterator[None]:
        """Hold the lock of the nights: there is one at a time. ``since`` is told to whoever comes second.

        Raises ``LockedError``."""
        said = f"{self.folder}: a night is at work already ({{holder}}); wait for its end, or stop it"
        with _held(self.folder / ".nightly.lock", f"process {os.getpid()}, since {since}", said):
            yield

    def run_folder(self, run: str) -> Path:
        """The folder of one run; made if need be. Raises ``StorageError``."""
        folder = self.folder / "runs" / run
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{folder}: cannot be made: {explain(error)}") from error
        return folder


@contextmanager
def _held(path: Path, holder: str, said: str) -> Iterator[None]:
    """Hold a file's lock, and say in it who does. ``said``: what is told if it is taken, with ``{holder}`` in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageError(f"{path.parent}: cannot be locked: {explain(error)}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        other = os.pread(handle, 100, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(handle)
        raise LockedError(said.format(holder=other)) from error
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, holder.encode(), 0)
        yield
    finally:
        os.close(handle)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file whole or not at all. Raises ``StorageError``."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all. Raises ``StorageError``."""
    new = path.with_suffix(path.suffix + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {explain(error)}") from error


def explain(error: OSError) -> str:
    """What went wrong with a file, and what to do, in a few words."""
    remedies = {
        errno.ENOSPC: "no space left on the device; make room and run again",
        errno.EDQUOT: "the disk quota is used up; make room and run again",
        errno.EFBIG: "larger than files may become here; raise the limit (ulimit -f) and run again",
        errno.EACCES: "permission denied; give this user the right to write there, or choose another --data",
        errno.EPERM: "not permitted; choose another --data",
        errno.EROFS: "the file system is read-only; choose another --data",
        errno.ENOTDIR: "a file stands where a folder is needed; choose another --data",
        errno.EEXIST: "a file stands where a folder is needed; choose another --data",
        errno.EIO: "input/output error; check the disk",
    }
    return remedies.get(error.errno or 0, error.strerror or str(error))
