"""The whole evaluation, once: every page, every reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.eval import gold, labelled, practice, saved
from tests.eval.case import Case
from tests.eval.hidden import hide
from tests.eval.readers import READERS, Found
from tests.eval.score import Scored, Summary, score, summarise

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


@dataclass(frozen=True)
class Evaluation:
    """Scores by reader, in the order of the cases."""

    scores: dict[str, tuple[Scored, ...]]

    def of(self, reader: str, fits: Callable[[Case], bool]) -> Summary:
        return summarise(one for one in self.scores[reader] if fits(one.case))

    @property
    def cases(self) -> list[Case]:
        return [one.case for one in self.scores["ours"]]


def cases(shared: Path) -> list[Case]:
    """Every page there is to judge, those with hidden containers last."""
    plainly = [*saved.cases(shared), *labelled.cases(shared), *gold.cases(shared), *practice.cases()]
    return [*plainly, *(hide(case) for case in plainly if case.group in ("saved", "labelled", "gold") and case.body)]


@cache
def evaluate(*names: str, shared: Path = SHARED) -> Evaluation:
    """Judge the readers named, or all, on every page. All take some fifteen seconds; kept for the process."""
    found = cases(shared)
    return Evaluation({name: tuple(_scores(READERS[name], found)) for name in names or READERS})


def _scores(reader: Callable[[Case], Found], found: Iterable[Case]) -> Iterable[Scored]:
    for case in found:
        yield score(case, reader(case))
