"""What ``make eval`` prints, and the shorter form of it that is kept in ``RESULTS.md``."""

from collections.abc import Callable, Iterable, Iterator

from archive.reading.fields import FIELDS
from tests.eval import table
from tests.eval.case import ATTACHMENTS, Case
from tests.eval.pairs import Check
from tests.eval.run import Evaluation
from tests.eval.score import JUDGED, Summary, Tally

Fits = Callable[[Case], bool]

SCOPES: dict[str, Fits] = {
    "saved": lambda case: case.known and case.group == "saved",
    "gold": lambda case: case.known and case.group == "gold",
    "practice": lambda case: case.group == "practice",
    "labelled": lambda case: case.known and case.group == "labelled",
    "known": lambda case: case.known,
    "press": lambda case: not case.known and case.group in ("press", "saved") and not case.is_hidden,
    "hidden": lambda case: case.is_hidden,
    "unknown": lambda case: not case.known and case.group != "plain",
    "plain": lambda case: case.group == "plain",
}
_NAMES = {
    "saved": "saved real pages", "gold": "gold documents, in their family", "practice": "practice portals",
    "labelled": "104 labelled pages", "known": "KNOWN FAMILIES", "press": "press in GBK, ASP of 2015",
    "hidden": "container hidden", "unknown": "UNKNOWN FAMILIES", "plain": "PLAIN TEXT (35 segments)",
}  # fmt: skip
_TEXT_HEAD = ["", "pages", "ours", "trafilatura", "readability", "margin", "ours, prose", "trafilatura", "readability"]
_FIELDS_HEAD = [
    "", "pages", "stated", "recall", "precision", "invented", "trafilatura R", "P", "inv", "positional R", "P", "inv",
]  # fmt: skip


def families(evaluation: Evaluation) -> list[str]:
    """Known families, the one with the most pages first."""
    found = [case.family for case in evaluation.cases if case.known]
    return sorted(set(found), key=lambda family: (-found.count(family), family))


def of_family(family: str) -> Fits:
    return lambda case: case.known and case.family == family


def _rows(evaluation: Evaluation) -> Iterator[tuple[str, Fits]]:
    for scope, fits in SCOPES.items():
        yield _NAMES[scope], fits
    for family in families(evaluation):
        yield f"  {family}", of_family(family)


def fields_table(evaluation: Evaluation) -> table.Table:
    rows: list[table.Row] = []
    for name, fits in _rows(evaluation):
        ours, theirs, places = (evaluation.of(reader, fits) for reader in ("ours", "trafilatura", "positional"))
        shares = [share for found in (ours, theirs, places) for share in _shares(found.all)]
        rows.append([name, str(ours.pages), str(ours.all.stated), *shares])
    return _FIELDS_HEAD, rows


def text_table(evaluation: Evaluation) -> table.Table:
    rows: list[table.Row] = []
    for name, fits in _rows(evaluation):
        ours, theirs, third = (
            evaluation.of(reader, html_only(fits)) for reader in ("ours", "trafilatura", "readability")
        )
        if ours.text is None or theirs.text is None:
            continue
        margin = f"{ours.text - theirs.text:+.3f}"
        texts = [_share(found.text) for found in (ours, theirs, third)]
        rows.append(
            [name, str(len(ours.texts)), *texts, margin, *(_share(found.prose) for found in (ours, theirs, third))]
        )
    return _TEXT_HEAD, rows


def field_table(evaluation: Evaluation) -> table.Table:
    """Recall and precision of each field, in each of the three worlds, and of the others where they know the family."""
    summaries = [evaluation.of("ours", SCOPES[scope]) for scope in ("known", "unknown", "plain")]
    summaries += [evaluation.of(reader, SCOPES["known"]) for reader in ("trafilatura", "positional")]
    shares = [f"{name} R,P".split(",") for name in ("known", "unknown", "plain", "trafilatura", "positional")]
    head = ["field", "标准名", "stated", *(cell for pair in shares for cell in pair)]
    rows: list[table.Row] = []
    for name in JUDGED:
        if any(summary.fields.get(name) for summary in summaries[:3]):
            cells = [cell for summary in summaries for cell in _shares(summary.fields.get(name, Tally()))[:2]]
            zh = "附件" if name == ATTACHMENTS else FIELDS[name].zh
            rows.append([name, zh, str(summaries[0].fields.get(name, Tally()).stated), *cells])
    return head, rows


def matrix(evaluation: Evaluation) -> table.Table:
    """Field by family: right of stated, and behind a ! what was given wrongly or invented."""
    names = families(evaluation)
    found = {family: evaluation.of("ours", of_family(family)) for family in names}
    rows: list[table.Row] = [
        [name, *(_cell(found[family], name) for family in names)]
        for name in JUDGED
        if any(name in found[family].fields for family in names)
    ]
    return ["field", *names], rows


def checks_table(checks: Iterable[Check]) -> table.Table:
    return ["", "right", "of"], [[check.name, str(check.right), str(check.total)] for check in checks]


def terminal(evaluation: Evaluation, checks: list[Check]) -> str:
    parts = {
        "Fields, by kind of page and by family": fields_table(evaluation),
        "Fields, one by one": field_table(evaluation),
        "Fields by family: right/stated, !wrong or invented": matrix(evaluation),
        "Text: F1 over characters, mean of pages": text_table(evaluation),
        "Gold files: pairs, and what the seeds hold, as plain text": checks_table(checks),
    }
    return "\n\n".join(f"{title}\n{table.aligned(*shown)}" for title, shown in parts.items())


def results(evaluation: Evaluation, checks: list[Check], targets: table.Table) -> str:
    """The text of ``RESULTS.md``."""
    return f"""# How well pages are read

Written by `make eval`; what is judged and how, says `tests/eval/__init__.py`. R is recall over the fields that pages
state, P precision over those that were given, text is F1 over characters. What was misread: `python -m tests.eval
--misses`.

## Wanted and reached

{table.markdown(*targets)}

## Fields

{table.markdown(*fields_table(evaluation))}

## Text

{table.markdown(*text_table(evaluation))}

## Fields, one by one

{table.markdown(*field_table(evaluation))}

## Gold files: pairs, and what the seeds hold, as plain text

{table.markdown(*checks_table(checks))}
"""


def html_only(fits: Fits) -> Fits:
    """Text is compared where every reader can read: trafilatura reads neither JSON nor plain text."""
    return lambda case: fits(case) and case.is_html


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _shares(tally: Tally) -> list[str]:
    recall = _share(tally.recall) if tally.stated else ""
    return [recall, _share(tally.precision) if tally.given else "", str(tally.invented)]


def _cell(summary: Summary, name: str) -> str:
    tally = summary.fields.get(name)
    if tally is None:
        return ""
    bad = tally.given - tally.right
    return f"{tally.right}/{tally.stated}" + (f" !{bad}" if bad else "")
