"""Right, wrong, missing, invented; and F1 over characters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from statistics import mean

from archive.reading.fields import FIELDS
from archive.reading.model import Observation
from archive.vocabulary import Source
from tests.eval.case import ATTACHMENTS, Case, squeeze
from tests.eval.readers import Found

_WELL_READ = 0.97  # F1; a text below it is a miss
_OF_THE_TEXT = ("issuer", "doc_number", "date_made", "date_promulgated", "date_effective", "disclosure_method")
JUDGED = (*(name for name in FIELDS if name != "doc_number_key"), ATTACHMENTS)


class Kind(StrEnum):
    """What is wrong with an answer, the worst first."""

    INVENTED = "invented"
    WRONG = "wrong"
    MISSING = "missing"
    TEXT = "text"


@dataclass(frozen=True)
class Miss:
    """An answer that is not the truth. ``where``: the module in which to look first, by what was observed."""

    page: str
    group: str
    family: str
    kind: Kind
    field: str
    wanted: str
    got: str
    where: str

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass
class Tally:
    """``stated`` by the pages, ``given`` by the reader, ``right`` among both, ``invented`` among the given."""

    stated: int = 0
    given: int = 0
    right: int = 0
    invented: int = 0

    @property
    def recall(self) -> float:
        return self.right / self.stated if self.stated else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    def __iadd__(self, other: "Tally") -> "Tally":
        self.stated += other.stated
        self.given += other.given
        self.right += other.right
        self.invented += other.invented
        return self


@dataclass(frozen=True)
class Scored:
    """One reader on one page. ``text`` and ``prose`` are F1 over characters, ``None`` where not judged."""

    case: Case
    fields: dict[str, Tally]
    text: float | None
    prose: float | None
    misses: tuple[Miss, ...] = ()


def score(case: Case, found: Found) -> Scored:
    tallies: dict[str, Tally] = {}
    misses: list[Miss] = []
    if found.fields is not None:
        for name in FIELDS:
            if name in JUDGED and (judged := _field(case, found, name)):
                tallies[name], miss = judged
                misses += miss
    if found.files is not None and case.truth.files is not None:
        tallies[ATTACHMENTS], miss = _files(case, found.files, case.truth.files)
        misses += miss
    text, prose = _f1(found.text, case.truth.text), _f1(found.prose, case.truth.prose)
    if text is not None and text < _WELL_READ:
        misses.append(_text_miss(case, found, text))
    return Scored(case, tallies, text, prose, tuple(misses))


def f1(ours: str, theirs: str) -> float:
    """Over characters, order not looked at; 1.0 for two empty texts."""
    left, right = Counter(ours), Counter(theirs)
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0


def _f1(found: str | None, wanted: str | None) -> float | None:
    return None if found is None or wanted is None else f1(found, squeeze(wanted))


def _field(case: Case, found: Found, name: str) -> tuple[Tally, list[Miss]] | None:
    assert found.fields is not None
    given, stated = found.fields.get(name, ""), case.truth.fields.get(name, ())
    fits = squeeze(given) in map(squeeze, stated or case.truth.may.get(name, ()))
    if not stated and (fits or not given):
        return None
    tally = Tally(bool(stated), bool(given), bool(given and fits), bool(given and not stated))
    if fits and given:
        return tally, []
    kind = Kind.MISSING if not given else Kind.WRONG if stated else Kind.INVENTED
    wanted = stated[0] if stated else ""
    return tally, [_miss(case, kind, name, wanted, given, _where(case, found, name, stated, kind))]


def _files(case: Case, given: frozenset[str], stated: frozenset[str]) -> tuple[Tally, list[Miss]]:
    tally = Tally(len(stated), len(given), len(given & stated), len(given - stated))
    where = "attachments"
    misses = [_miss(case, Kind.MISSING, ATTACHMENTS, name, "", where) for name in sorted(stated - given)]
    return tally, misses + [_miss(case, Kind.INVENTED, ATTACHMENTS, "", name, where) for name in sorted(given - stated)]


def _miss(case: Case, kind: Kind, name: str, wanted: str, got: str, where: str) -> Miss:
    return Miss(case.key, case.group, case.family, kind, name, wanted, got, where)


def _where(case: Case, found: Found, name: str, stated: Iterable[str], kind: Kind) -> str:
    """The module to look at first: was the right value observed, understood, chosen?"""
    if found.reading is None:
        return ""
    seen = [observed for observed in found.reading.observations if observed.field == name]
    won = next((observed for observed in seen if observed.chosen), None)
    wanted = {squeeze(value) for value in stated}
    if kind is Kind.INVENTED and won:
        return f"{_module(won)} (invents it)"
    if won and any(value in squeeze(won.normalised) for value in wanted):
        return "line, values (the right value with more around it)"
    if any(squeeze(observed.normalised) in wanted for observed in seen):
        return "choose (the right value was observed, another won)"
    if any(value in squeeze(observed.value) for observed in seen for value in wanted):
        return "line, values (observed with more around it)"
    if any(observed.value and not observed.normalised for observed in seen):
        return "values (observed, not understood)"
    if won:
        return f"{_module(won)}, values"
    if case.group == "plain":
        return "read (plain text is one line to it)"
    return f"{'letterhead' if name in _OF_THE_TEXT else 'labels, pairs'} (not observed)"


def _module(observed: Observation) -> str:
    places = {Source.HEADING: "read._headings", Source.META: "read._take_metas", Source.API: "portal_json"}
    if observed.label in ("落款", "发文字号", "附注") and observed.source is Source.BODY:
        return "letterhead"
    return places.get(observed.source, "pairs")


def _text_miss(case: Case, found: Found, value: float) -> Miss:
    wanted, got = case.truth.text or "", found.text or ""
    extra, lost = Counter(got) - Counter(wanted), Counter(wanted) - Counter(got)
    shown = f"F1 {value:.3f}: {lost.total()} characters lost, {extra.total()} too many: {got[:40]}"
    where = "body._known" if case.known else "body._guessed"
    return _miss(case, Kind.TEXT, "text", f"{len(wanted)} characters: {wanted[:40]}", shown, where)


@dataclass
class Summary:
    """Many pages under one heading."""

    pages: int = 0
    fields: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    texts: list[float] = field(default_factory=list)
    proses: list[float] = field(default_factory=list)

    def add(self, scored: Scored) -> None:
        self.pages += 1
        for name, tally in scored.fields.items():
            self.fields[name] += tally
        if scored.text is not None:
            self.texts.append(scored.text)
        if scored.prose is not None:
            self.proses.append(scored.prose)

    @property
    def all(self) -> Tally:
        total = Tally()
        for tally in self.fields.values():
            total += tally
        return total

    @property
    def text(self) -> float | None:
        return mean(self.texts) if self.texts else None

    @property
    def prose(self) -> float | None:
        return mean(self.proses) if self.proses else None


def summarise(scored: Iterable[Scored]) -> Summary:
    summary = Summary()
    for one in scored:
        summary.add(one)
    return summary


def worst_first(scored: Iterable[Scored]) -> Iterator[Miss]:
    """Every miss: the kinds in the order of :class:`Kind`, within a kind the most frequent fault first."""
    misses = [miss for one in scored for miss in one.misses]
    often = Counter((miss.kind, miss.field, miss.where) for miss in misses)
    order = list(Kind)
    yield from sorted(
        misses,
        key=lambda m: (order.index(m.kind), -often[m.kind, m.field, m.where], m.field, m.where, m.page),
    )
