"""Facts on their way from the workers to the scribe: packed together, and not opened by the process between them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.intake.pipes import pack, unpack
from archive.ledger.facts import Fact


class Packed(NamedTuple):
    """Facts in the order of the log, still a pickle."""

    number: int
    body: bytes


def bundle(facts: Sequence[Fact]) -> Packed:
    return Packed(len(facts), pack(facts))


def opened(bundles: Iterable[Packed]) -> Iterator[Fact]:
    for packed in bundles:
        yield from unpack(packed.body)
