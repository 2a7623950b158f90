"""Mends what a killed writer left: the ``.open`` files of a portal.

A torn tail is cut off: it is the exchange that was in flight, and its URL does not count as done. Anything else that
cannot be read is never thrown away: it is set aside in a file of its own, byte for byte, and what fills its place says
so (:mod:`archive.warc.hole`). Everything else stays where it was.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive import clock
from archive.errors import StorageError
from archive.place import explain
from archive.warc import hole
from archive.warc.hole import Hole
from archive.warc.read import Damage, Fault, Record, salvage
from archive.warc.segment import OPEN, sync_folder

_PIECE = 1_048_576


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done to a file."""

    path: Path | None  # the sealed file; None if nothing but its warcinfo was whole, and so it was removed
    kept_records: int
    kept_bytes: int
    cut_bytes: int  # of the torn tail
    reason: str = ""  # what was wrong; "" for a file that was whole
    damaged: tuple[Path, ...] = ()  # the stretches set aside
    forgotten: bool = False  # whether ``forget`` was called


@dataclass(frozen=True, slots=True)
class _Keep:
    """A whole record, to be kept; longer by ``more`` bytes for the sake of a hole behind it."""

    start: int
    end: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Fill:
    """A stretch to be set aside, and what takes its place; nothing if the record in front of it grows."""

    start: int
    end: int
    why: str
    filling: bytes  # as long as the stretch, or empty


def leftovers(folder: Path) -> list[Path]:
    """The ``.open`` files in a portal's folder, oldest first. While a writer is at work, one of them is its own."""
    return sorted(folder.glob(f"*.warc.gz{OPEN}"))


def mend(path: Path, *, known: int = 0, forget: Callable[[], None] = lambda: None) -> Mended:
    """Bring an ``.open`` file back to whole records and seal it. No writer may be at work on it.

    ``known``: up to which byte the database has read it. If anything before that is no longer what it was, ``forget``
    is called before the file gets its sealed name: what the database knows of the portal no longer holds. May be
    interrupted and run again at any moment. Raises ``StorageError``, and what ``forget`` raises."""
    if path.suffix != OPEN:
        raise StorageError(f"{path}: only an {OPEN} file is mended; a damaged sealed file must come from a backup")
    sealed = path.with_suffix("")
    if sealed.exists():
        raise StorageError(f"{path}: cannot be sealed, for {sealed.name} is there already; move one of them away")
    good: list[_Keep] = []
    items: list[_Keep | Damage] = []
    kinds: set[str] = set()
    altered: list[int] = []  # where the file is no longer what was written
    for item in salvage(path):
        if isinstance(item, Damage):
            items.append(item)
        else:
            kinds.add(item.type)
            good.append(_Keep(item.location.offset, item.location.offset + item.location.length))
            items.append(good[-1])
            altered += _mended_before(item)
    tail = items.pop() if items and isinstance(items[-1], Damage) else None
    assert not isinstance(tail, _Keep)
    end = good[-1].end if good else 0
    try:
        parts = list(_plan(path, sealed.name, items))
        fills = [part for part in parts if isinstance(part, _Fill)]
        altered += [part.start for part in parts if isinstance(part, _Fill) or part.more]
        durable = tail if tail is not None and known > end else None  # it was whole once: not what a kill leaves
        damaged = _set_aside(path, sealed, [*fills, *([durable] if durable else [])])
        if fills:
            _rewrite(path, sealed, parts)
        elif tail is not None and (damaged or not kinds <= {"warcinfo"}):
            _truncate(path, end)
        forgotten = known > min([*altered, end])
        if forgotten:
            forget()
        if kinds <= {"warcinfo"} and not damaged:
            path.unlink()
        else:
            _truncate(path, None)
            path.rename(sealed)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: cannot be mended: {explain(error)}") from error
    return Mended(
        path=sealed if sealed.exists() else None,
        kept_records=sum(isinstance(part, _Keep) for part in parts),
        kept_bytes=sum(part.end - part.start for part in parts if isinstance(part, _Keep)),
        cut_bytes=tail.end - tail.start if tail is not None else 0,
        reason="; ".join([*(_say(part) for part in fills), *([_say(tail)] if tail is not None else [])]),
        damaged=damaged,
        forgotten=forgotten,
    )


def _mended_before(record: Record) -> list[int]:
    """Where a mending that was interrupted before it was over has changed the file."""
    filled = hole.declared(record)
    return [] if filled is None else [min(filled.offset, record.location.offset)]


def _plan(path: Path, file: str, items: list[_Keep | Damage]) -> Iterator[_Keep | _Fill]:
    """What becomes of each stretch of a file. ``file``: its sealed name."""
    at = clock.stamp(clock.now())
    before: _Keep | None = None  # the record last met, held back: it may have to grow
    waiting = deque(items)
    while waiting:
        item = waiting.popleft()
        if isinstance(item, _Keep):
            if before is not None:
                yield before
            before = item
            continue
        size = item.end - item.start
        lost = Hole(file, item.start, size, item.why, hole.aside(file, item.start))
        filling = hole.fill(lost, at)
        if not filling and before is not None and _grown(path, before, size):
            before = replace(before, more=size)
        elif not filling and waiting:  # at the beginning of the file nothing is there that could grow
            why = f"{item.why}; with the record behind it, as there is no room to say so otherwise"
            waiting.appendleft(Damage(item.start, waiting.popleft().end, item.fault, why))
            continue
        if before is not None:
            yield before
            before = None
        yield _Fill(item.start, item.end, item.why, filling)
    if before is not None:
        yield before


def _set_aside(path: Path, sealed: Path, stretches: list[_Fill | Damage]) -> tuple[Path, ...]:
    """Copies the bad stretches out, each into a file of its own."""
    made = []
    for item in stretches:
        made.append(sealed.with_name(hole.aside(sealed.name, item.start)))
        _write(made[-1], _read(path, item.start, item.end))
    if made:
        sync_folder(path.parent)
    return tuple(made)


def _rewrite(path: Path, sealed: Path, parts: list[_Keep | _Fill]) -> None:
    """Puts a file without damage in the place of the damaged one."""

    def pieces() -> Iterator[bytes]:
        for part in parts:
            if isinstance(part, _Fill):
                yield part.filling
            elif part.more:
                yield _grown(path, part, part.more)
            else:
                yield from _read(path, part.start, part.end)

    mending = sealed.with_name(f"{sealed.name}.mending")
    _write(mending, pieces())
    mending.replace(path)
    sync_folder(path.parent)


def _grown(path: Path, record: _Keep, size: int) -> bytes:
    return hole.pad(b"".join(_read(path, record.start, record.end)), size)


def _read(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as reader:
        reader.seek(start)
        while start < end and (piece := reader.read(min(_PIECE, end - start))):
            yield piece
            start += len(piece)


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("wb") as writer:
        for piece in pieces:
            writer.write(piece)
        writer.flush()
        os.fsync(writer.fileno())


def _truncate(path: Path, end: int | None) -> None:
    """Cut a file off at ``end``, if that is given, and make it durable."""
    with path.open("r+b") as file:
        if end is not None:
            file.truncate(end)
        os.fsync(file.fileno())


def _say(item: _Fill | Damage) -> str:
    torn = isinstance(item, Damage) and item.fault is Fault.TORN
    what = "the file ends in the middle of a record" if torn else item.why
    return f"{item.end - item.start} bytes at {item.start}: {what}"
