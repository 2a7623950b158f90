"""What an archive reported in its nights against what was to be reported. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.urls import document_id
from archive.vocabulary import ChangeKind
from crawler.practice.verity import Expected
from tests.nights.harness import Night


@dataclass(frozen=True, slots=True)
class Seen:
    """One change as it was reported, its rows of ``changes`` together."""

    night: int
    document: str
    kind: str
    fields: frozenset[str] = frozenset()
    after: str = ""

    def __str__(self) -> str:
        what = f" {', '.join(sorted(self.fields))}" if self.fields else ""
        return f"{self.kind}{what}{f' to {self.after}' if self.after else ''} on night {self.night}"


def seen(nights: Iterable[Night]) -> list[Seen]:
    """What was reported, a change a document, kind and night. A row that stands there twice is two changes."""
    found: list[Seen] = []
    for night in nights:
        fields: dict[tuple[str, str], list[str]] = {}
        for row in night.reported:
            if row.kind == ChangeKind.CHANGED:
                fields.setdefault((row.document, row.kind), []).append(row.field)
            else:
                found.append(Seen(night.number, row.document, row.kind, after=row.after))
        for (document, kind), names in fields.items():
            most = max(map(names.count, names))
            found += [
                Seen(night.number, document, kind, frozenset(n for n in names if names.count(n) > turn))
                for turn in range(most)
            ]
    return found


def differences(truth: Sequence[Expected], nights: Sequence[Night], portal: str) -> list[str]:
    """A line for each change that is missing, false, late, early, of another kind, or reported more than once."""
    origin = nights[0].origin
    lines: list[str] = []
    left = seen(nights)
    for expected in truth:
        document = document_id(portal, origin + expected.path)
        after = origin + expected.after if expected.after else ""
        same = [s for s in left if (s.document, s.kind, s.fields) == (document, expected.kind, expected.fields)]
        same = [s for s in same if not after or s.after == after]
        fits = [s for s in same if expected.first <= s.night <= expected.last]
        if fits:
            left.remove(fits[0])
            continue
        others = [s for s in left if s.document == document and s.night >= expected.first - 1]
        told = f"instead {others[0]}" if others else "nothing seen"
        lines.append(f"wanted {expected}: {told}")
    names = _names(truth, portal, origin)
    lines += [f"not wanted: {s} of {names.get(s.document, s.document)}" for s in left]
    return lines + [
        f"taken back on night {night.number}: {row.kind} of {names.get(row.document, row.document)}"
        for night in nights
        for row in night.taken_back
    ]


def _names(truth: Iterable[Expected], portal: str, origin: str) -> dict[str, str]:
    names = {}
    for expected in truth:
        names[document_id(portal, origin + expected.path)] = expected.key
        if expected.after:
            names[document_id(portal, origin + expected.after)] = f"{expected.key} at its new address"
    return names
