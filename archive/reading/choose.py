"""Which of several statements about a field is believed.

Order of trust, for most fields: a labelled cell or list item of the page's own metadata block, a labelled line, the
portal's API, a 【】 banner, a meta tag, a heading, the body text, the catalogue row. A page often gives a field twice
with different values; all are kept as observations, one is chosen, and never one field from another: the publisher is
not the issuer, and the dates of making, issue, promulgation and publication are four things.

Exceptions. *title*: ``ArticleTitle`` is the full title by the national rule for portals (国办发〔2017〕47号), cells may
cut it; a title that ends in … gives way to any that does not; ``<title>`` comes last, since it may be the site's name.
*Site fields*: the meta tags are made for them. *date_published*: a ``PubDate`` that is the moment at which the page was
generated (证监会) says nothing of the document, so that even the catalogue row is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.reading.doc_number import parse_doc_numbers
from archive.reading.fields import FIELDS
from archive.reading.model import Observation
from archive.vocabulary import Source

_BY_TRUST = (
    Source.TABLE, Source.LIST, Source.LINE, Source.API, Source.BANNER,
    Source.META, Source.HEADING, Source.BODY, Source.ROW,
)  # fmt: skip
_TITLE_BY_TRUST = (
    Source.META, Source.TABLE, Source.LIST, Source.API, Source.BANNER,
    Source.LINE, Source.HEADING, Source.ROW, Source.BODY,
)  # fmt: skip
_RANKS = {source: rank for rank, source in enumerate(_BY_TRUST)}
_TITLE_RANKS = {source: rank for rank, source in enumerate(_TITLE_BY_TRUST)}
_CUT = ("…", "...", "..")

DOUBTED = 100
"""What is added to the rank of a statement that is only better than none."""


@dataclass(slots=True)  # to freeze them takes as long again as to make them
class Statement:
    """An observation, and how much its place takes from its trust (0, or :data:`DOUBTED`)."""

    observation: Observation
    doubt: int = 0


def choose(statements: Sequence[Statement]) -> tuple[tuple[Observation, ...], dict[str, str]]:
    """The observations, those that won marked; and each field's chosen value, ordered as ``FIELDS``.

    A value that could not be normalised never wins. Of equals the first on the page wins."""
    best: dict[str, tuple[int, int]] = {}
    observations = [statement.observation for statement in statements]
    for at, seen in enumerate(observations):
        if seen.normalised and seen.field in FIELDS:
            rank = (_rank(statements[at]), at)
            best[seen.field] = min(best.get(seen.field, rank), rank)
    for _, at in best.values():
        won = observations[at]
        observations[at] = Observation(won.field, won.label, won.value, won.normalised, won.source, chosen=True)
    values = {field: observations[at].normalised for field, (_, at) in best.items()}
    numbers = parse_doc_numbers(values.get("doc_number", "")).numbers
    if numbers:
        values["doc_number_key"] = numbers[0].key
    return tuple(observations), {field: values[field] for field in FIELDS if field in values}


def _rank(statement: Statement) -> int:
    seen = statement.observation
    if not FIELDS[seen.field].of_document and seen.source is Source.META:
        return -1
    if seen.field == "title":
        return _TITLE_RANKS[seen.source] + statement.doubt + (DOUBTED // 2 if seen.normalised.endswith(_CUT) else 0)
    return _RANKS[seen.source] + statement.doubt
