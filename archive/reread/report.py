"""What a newer reader gains, loses and changes, counted field by field, with examples. No I/O."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from archive.ledger.content import CONTENT, Values, read_columns
from archive.reread.compare import Compared

LOSS = 0.03
"""Share of a field's values; a reader that loses more of them than this is suspected to be the worse one."""

LOSS_MIN = 2
"""Values: one that is lost is an example, not a share."""

_TOLD = tuple(name for name in (*CONTENT, "attachments") if name != "doc_number_key")  # it follows from doc_number
_BLANK = (None, "", "[]")
_SHOWN = 60  # characters of a value
_AROUND = 6  # characters before and behind a difference of texts
_NAMED = 20  # versions that could not be read


class Turn(StrEnum):
    """What became of a field's value."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"


@dataclass(slots=True)
class Tally:
    """One field over all versions."""

    stated: int = 0  # versions that stated it, by the old reading
    turns: Counter[Turn] = field(default_factory=Counter)
    examples: dict[Turn, list[str]] = field(default_factory=dict)

    @property
    def is_worse(self) -> bool:
        lost = self.turns[Turn.LOST]
        return lost >= LOSS_MIN and lost > self.stated * LOSS


@dataclass(slots=True)
class Report:
    """What is counted while documents are compared. ``limit``: examples kept for each field and turn."""

    reader: str
    limit: int = 3
    versions: int = 0  # read again
    changed: int = 0  # of those, how many the new reading gives otherwise
    readers: Counter[str] = field(default_factory=Counter)  # who had read them
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in _TOLD})
    alike: list[str] = field(default_factory=list)  # versions that are as the one before, by the new reading
    alikes: int = 0
    kept: list[str] = field(default_factory=list)  # versions that the new reader cannot read, and why
    failures: int = 0

    def take(self, document: Sequence[Compared]) -> None:
        """Count one document's versions."""
        for version in document:
            if version.why:
                self.failures += 1
                if len(self.kept) < _NAMED:
                    self.kept.append(f"{_name(version)}: {version.why}")
            elif version.reading is not None:
                self.versions += 1
                self.readers[version.held.reader] += 1
                self._compare(version, read_columns(version.reading))
        for one, other in pairwise(document):
            differed = one.held.columns["content_digest"] != other.held.columns["content_digest"]
            if differed and _new_digest(one) == _new_digest(other):
                self.alikes += 1
                if len(self.alike) < self.limit:
                    self.alike.append(f"{_name(other)} = v{one.held.version}")

    def _compare(self, version: Compared, new: Values) -> None:
        old = version.held.columns
        differs = False
        for name, tally in self.tallies.items():
            before, after = old[name], new[name]
            tally.stated += before not in _BLANK
            if before == after:
                continue
            differs = True
            turn = Turn.GAINED if before in _BLANK else Turn.LOST if after in _BLANK else Turn.CHANGED
            tally.turns[turn] += 1
            examples = tally.examples.setdefault(turn, [])
            if len(examples) < self.limit:
                examples.append(f"{_name(version)}: {_difference(name, before or '', after or '')}")
        self.changed += differs

    # --- in words ---------------------------------------------------------------------------------------------------

    def lines(self, *, written: bool) -> Iterator[str]:
        """The report, a line each. ``written``: it is done; else it is what would be."""
        would = "" if written else "would "
        before = ", ".join(f"{reader} ({count:,})" for reader, count in sorted(self.readers.items()))
        yield (
            f"{self.versions:,} versions read by {self.reader}, before by {before or 'nobody'}: "
            f"{self.changed:,} {would}{'say' if would else 'say now'} something else"
        )
        for name, tally in self.tallies.items():
            if tally.turns:
                counts = ", ".join(f"{tally.turns[turn]:,} {turn}" for turn in Turn if tally.turns[turn])
                yield f"  {name}: {counts}; {tally.stated:,} stated it before"
                for turn in Turn:
                    yield from (f"    {turn:<7} {example}" for example in tally.examples.get(turn, ()))
        for name, tally in self.tallies.items():
            if tally.is_worse:
                share = tally.turns[Turn.LOST] / tally.stated
                yield f"WARNING: {name} is lost in {share:.1%} of the versions that stated it: a worse reader?"
        if self.alikes:
            yield (
                f"{self.alikes:,} versions are as the one before them, by this reader: the page had not changed, an "
                "earlier reader had. They stay, under their numbers"
            )
            yield from (f"    {example}" for example in self.alike)
        if self.failures:
            yield f"{self.failures:,} versions cannot be read anew and stay as they are:"
            yield from (f"    {each}" for each in self.kept)
            if self.failures > len(self.kept):
                yield f"    and {self.failures - len(self.kept):,} more"


def _name(version: Compared) -> str:
    return f"{version.held.document} v{version.held.version}"


def _new_digest(version: Compared) -> str | None:
    return version.reading.content_digest if version.reading is not None else version.held.columns["content_digest"]


def _difference(name: str, before: str, after: str) -> str:
    if name == "text":
        return f"{len(before):,} → {len(after):,} characters: {_where(before, after)}"
    if name == "attachments":
        return _files(before, after)
    return f"{_short(before)} → {_short(after)}"


def _where(before: str, after: str) -> str:
    """The stretch in which two texts differ, as far as it can be shown, with some characters around it."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    start, end = max(0, head - _AROUND), max(0, tail - _AROUND)
    return f"{_short(before[start : len(before) - end])} → {_short(after[start : len(after) - end])}"


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _files(before: str, after: str) -> str:
    old, new = (dict(json.loads(links or "[]")) for links in (before, after))
    gone = [f"-{name or url}" for url, name in old.items() if url not in new]
    come = [f"+{name or url}" for url, name in new.items() if url not in old]
    renamed = [f"{old[url]} → {name}" for url, name in new.items() if url in old and name != old[url]]
    return f"{len(old)} → {len(new)} files: {_short(', '.join([*gone, *come, *renamed]) or 'in another order')}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        return "(nothing)"
    return f"「{line}」" if len(line) <= _SHOWN else f"「{line[: _SHOWN - 1]}…」"
