"""One WARC file while it is written: whole groups of records are appended, or nothing. No WARC knowledge here."""

import errno
import os
from pathlib import Path

from archive.errors import StorageError
from archive.place import explain

OPEN = ".open"


class Segment:
    """A file ``NAME.open`` that becomes ``NAME`` when it is sealed. Its folder must exist."""

    def __init__(self, sealed: Path) -> None:
        """Raises ``FileExistsError`` if the name is taken, ``StorageError`` if the file cannot be made."""
        self.sealed = sealed
        self.path = sealed.with_name(sealed.name + OPEN)
        self.end = 0  # of what was appended whole
        self._torn = False
        self._unsound = ""
        try:
            self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            raise
        except OSError as error:
            raise self._error("cannot be made", error) from error
        if sealed.exists():  # asked after the creation: nobody can seal this name in between
            self.discard()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(sealed))

    def append(self, group: bytes) -> int:
        """Append a group; gives the offset where it begins.

        Raises ``StorageError`` if not all of it could be written; the file then ends where it did before."""
        self._check()
        start = self.end
        self._torn = True
        try:
            written = 0
            while written < len(group):
                # one call as a rule; a short write (full disk, more than 2 GB) shows its reason in the next
                step = os.write(self._fd, memoryview(group)[written:])
                if step == 0:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                written += step
        except OSError as error:
            self._cut()
            raise self._error("not written", error) from error
        self._torn = False
        self.end = start + written
        return start

    def duplicate(self) -> int:
        """A second descriptor of the file, which outlives its sealing; for :meth:`flush` in another thread."""
        return os.dup(self._fd)

    def flush(self, fd: int) -> None:
        """Make everything appended durable through a descriptor of this file. Raises ``StorageError``.

        After a failed fsync the kernel may have forgotten the pages, and the next fsync would report success: nothing
        can be promised for this file any more, so it takes no further record and is left to ``repair``."""
        try:
            os.fsync(fd)
        except OSError as error:
            self._unsound = str(self._error("cannot be made durable", error))
            raise StorageError(self._unsound) from error

    def seal(self) -> None:
        """Durable, under its final name, and so is the name. Raises ``StorageError``; the file then stays open."""
        self._check()
        self.flush(self._fd)
        try:
            self.path = self.path.rename(self.sealed)
            sync_folder(self.sealed.parent)
        except OSError as error:
            raise self._error("cannot be sealed", error) from error
        os.close(self._fd)

    def discard(self) -> None:
        """Remove the file."""
        os.close(self._fd)
        self.path.unlink(missing_ok=True)

    def _check(self) -> None:
        if self._unsound:
            raise StorageError(self._unsound)
        if self._torn:  # cutting off a torn group failed before
            self._cut()
        if self._torn:
            raise self._error("not written", OSError(errno.EIO, "the torn end of the file cannot be cut off"))

    def _cut(self) -> None:
        try:
            os.ftruncate(self._fd, self.end)
        except OSError:
            return  # still torn: nothing is appended until this succeeds
        self._torn = False

    def _error(self, what: str, error: OSError) -> StorageError:
        return StorageError(f"{self.path}: {what}: {explain(error)}")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Raises ``OSError``."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
