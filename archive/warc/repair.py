"""Mends what a killed writer left: the ``.open`` files of a portal.

A torn tail is cut off: it is the exchange that was in flight, and its URL does not count as done. Anything else that
cannot be read is never thrown away: it is set aside in a file of its own, byte for byte.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import StorageError
from archive.place import explain
from archive.warc.read import Damage, Fault, salvage
from archive.warc.segment import OPEN, sync_folder

_PIECE = 1_048_576


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done to a file.

    After damage in its middle (``damaged`` is not empty) records behind it have moved: what the database knows of
    their offsets no longer holds."""

    path: Path | None  # the sealed file; None if nothing but its warcinfo was whole, and so it was removed
    kept_records: int
    kept_bytes: int
    cut_bytes: int  # of the torn tail, thrown away
    reason: str = ""  # what was wrong; "" for a file that was whole
    damaged: tuple[Path, ...] = ()  # the stretches set aside


def leftovers(folder: Path) -> list[Path]:
    """The ``.open`` files in a portal's folder, oldest first. While a writer is at work, one of them is its own."""
    return sorted(folder.glob(f"*.warc.gz{OPEN}"))


def mend(path: Path) -> Mended:
    """Bring an ``.open`` file back to whole records and seal it. No writer may be at work on it.

    May be interrupted and run again at any moment. Raises ``StorageError``."""
    if path.suffix != OPEN:
        raise StorageError(f"{path}: only an {OPEN} file is mended; a damaged sealed file must come from a backup")
    sealed = path.with_suffix("")
    if sealed.exists():
        raise StorageError(f"{path}: cannot be sealed, for {sealed.name} is there already; move one of them away")
    good: list[tuple[int, int]] = []
    bad: list[Damage] = []
    kinds: set[str] = set()
    for item in salvage(path):
        if isinstance(item, Damage):
            bad.append(item)
        else:
            kinds.add(item.type)
            good.append((item.location.offset, item.location.offset + item.location.length))
    end = good[-1][1] if good else 0
    tail = bad.pop() if bad and bad[-1].start >= end else None
    try:
        damaged = _set_aside(path, sealed, good, bad) if bad else ()
        if kinds <= {"warcinfo"} and not damaged:
            path.unlink()
        else:
            with path.open("r+b") as file:
                if tail is not None and not damaged:
                    file.truncate(end)
                os.fsync(file.fileno())
            path.rename(sealed)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: cannot be mended: {explain(error)}") from error
    return Mended(
        path=sealed if sealed.exists() else None,
        kept_records=len(good),
        kept_bytes=sum(stop - start for start, stop in good),
        cut_bytes=tail.end - tail.start if tail is not None else 0,
        reason="; ".join(_say(item) for item in (*bad, tail) if item is not None),
        damaged=damaged,
    )


def _set_aside(path: Path, sealed: Path, good: list[tuple[int, int]], bad: list[Damage]) -> tuple[Path, ...]:
    """Copies the bad stretches out, then puts a file of the good ones in the place of the damaged one."""
    damaged = tuple(sealed.with_name(f"{sealed.name}.damaged-{item.start}") for item in bad)
    for target, item in zip(damaged, bad, strict=True):
        _copy(path, target, [(item.start, item.end)])
    mending = sealed.with_name(f"{sealed.name}.mending")
    _copy(path, mending, good)
    sync_folder(path.parent)
    mending.replace(path)
    return damaged


def _copy(source: Path, target: Path, stretches: list[tuple[int, int]]) -> None:
    with source.open("rb") as reader, target.open("wb") as writer:
        for start, end in stretches:
            reader.seek(start)
            while start < end:
                piece = reader.read(min(_PIECE, end - start))
                writer.write(piece)
                start += len(piece)
        writer.flush()
        os.fsync(writer.fileno())


def _say(item: Damage) -> str:
    what = "the file ends in the middle of a record" if item.fault is Fault.TORN else item.why
    return f"{item.end - item.start} bytes at {item.start}: {what}"
