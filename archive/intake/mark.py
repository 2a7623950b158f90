"""Where a worker is: told to its parent without a word, and still to be seen when the worker has died."""

import mmap
import os
import struct
import tempfile
import time

_PLACE = struct.Struct("=qqd")


class Mark:
    """A few bytes that two processes share. One sets them before each capture, at the price of a copy; the other looks
    when it has heard nothing for long, or nothing more."""

    def __init__(self, file: int) -> None:
        """``file``: descriptor of a file that has room for it."""
        self._shared = mmap.mmap(file, _PLACE.size)

    def set(self, group: int, offset: int) -> None:
        """Now the capture at ``offset`` is read, whose first record begins at ``group``."""
        _PLACE.pack_into(self._shared, 0, group, offset, time.monotonic())

    def get(self) -> tuple[int, int, float]:
        """What was set last, and when by ``time.monotonic``, which all processes share."""
        return _PLACE.unpack_from(self._shared)

    def close(self) -> None:
        self._shared.close()


def room() -> int:
    """Descriptor of a nameless file with room for a mark. Raises ``OSError``."""
    with tempfile.TemporaryFile() as file:
        file.write(bytes(_PLACE.size))
        file.flush()
        return os.dup(file.fileno())
