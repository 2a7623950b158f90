"""From a label and its value to a statement about a field."""

from collections.abc import Iterable, Iterator

from archive.reading.choose import Statement
from archive.reading.fields import FIELDS
from archive.reading.model import Observation
from archive.reading.pairs import Pair
from archive.reading.values import normalise
from archive.vocabulary import Source


def observed(name: str, label: str, value: str, source: Source, normalised: str | None = None) -> Observation:
    """An observation; its canonical form is worked out unless it is given."""
    if normalised is None:
        normalised = normalise(name, value) if name in FIELDS else ""
    return Observation(name, label, value, normalised, source)


def stated(pairs: Iterable[Pair]) -> Iterator[Statement]:
    """Each pair as a statement."""
    for pair in pairs:
        yield Statement(observed(pair.field, pair.label, pair.value, pair.source))
