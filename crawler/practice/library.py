"""The documents: loaded from ``documents/*.toml``, and multiplied into long lists. Everything here is deterministic."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import count
from typing import Any

from crawler.practice.model import Cell, Plan, PracticeDocument, Table, number_zh

_SPANS = re.compile(r"(\d+)x(\d+)\|")
_DOC_NUMBER = re.compile(r"〔\d{4}〕(\d+)号")
_SERIAL = re.compile(r"\d+$")
_WHOLE = re.compile(r"-?\d+")

_STEP = timedelta(days=11)  # between two editions: long lists reach back over years, as real ones do
_CORRECTION = "（本件已于次日更正。）"


@cache
def documents() -> tuple[PracticeDocument, ...]:
    """Every document of the package, ordered by key."""
    folder = resources.files(__package__) / "documents"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(parse(file.read_text(encoding="utf-8")) for file in files)


def reports() -> tuple[PracticeDocument, ...]:
    """Annual reports (政府信息公开工作年度报告), those with tables first."""
    found = (document for document in documents() if "年度" in document.title)
    return tuple(sorted(found, key=lambda document: not document.tables))


def notices() -> tuple[PracticeDocument, ...]:
    """Everything else: documents with 文号, and one statement of accounts without."""
    taken = set(reports())
    return tuple(document for document in documents() if document not in taken)


def parse(text: str) -> PracticeDocument:
    """A document from its TOML. Raises ``TypeError`` for a key that documents do not have."""
    data: dict[str, Any] = tomllib.loads(text)
    data["body"] = tuple(data["body"].strip().split("\n"))
    data["tables"] = tuple(_table(table["rows"]) for table in data.get("tables", ()))
    data["attachments"] = tuple(data.get("attachments", ()))
    return PracticeDocument(**data)


def editions(pool: Sequence[PracticeDocument], first: int = 1) -> Iterator[PracticeDocument]:
    """The pool, then second editions of it all, then third ones, without end, numbered from ``first``."""
    number = count(first)
    for edition in count(1):
        for document in pool:
            yield replace(_edition(document, edition), number=next(number))


def take(stock: Iterator[PracticeDocument], wanted: int, plan: Plan, category: str) -> tuple[PracticeDocument, ...]:
    """The next ``wanted`` documents of the stock as a column lists them: newest first, filed under the category.

    Withdrawn ones are taken off the stock all the same, so that the others keep their numbers."""
    column = [replace(next(stock), catalogue_category=category) for _ in range(wanted)]
    shown = [_corrected(document) if document.key in plan.edited else document for document in column]
    kept = (document for document in shown if document.key not in plan.withdrawn)
    return tuple(sorted(kept, key=lambda document: document.date_published, reverse=True))


def _edition(document: PracticeDocument, edition: int) -> PracticeDocument:
    """The same text as if issued again: other key, title, numbers, dates, file names and figures.

    Whole numbers in tables are multiplied, so that sums still hold."""
    if edition == 1:
        return document
    mark = f"（{number_zh(edition)}）"
    made = date.fromisoformat(document.date_made) - _STEP * (edition - 1)
    published = date.fromisoformat(document.day_published) - _STEP * (edition - 1)
    return replace(
        document,
        key=f"{document.key}-{edition}",
        title=document.title + mark,
        doc_number=_DOC_NUMBER.sub(
            lambda found: f"〔{made.year}〕{int(found[1]) + edition - 1}号", document.doc_number
        ),
        index_number=_SERIAL.sub(
            lambda found: str(int(found[0]) + edition - 1).zfill(len(found[0])), document.index_number
        ),
        date_made=made.isoformat(),
        date_published=published.isoformat() + document.date_published[10:],
        date_effective=made.isoformat() if document.date_effective else "",
        tables=tuple(_multiplied(table, edition) for table in document.tables),
        attachments=tuple(name.removesuffix(".pdf") + mark + ".pdf" for name in document.attachments),
    )


def _corrected(document: PracticeDocument) -> PracticeDocument:
    return replace(document, body=(*document.body, _CORRECTION))


def _multiplied(table: Table, factor: int) -> Table:
    def times(cell: Cell) -> Cell:
        return replace(cell, text=str(int(cell.text) * factor)) if _WHOLE.fullmatch(cell.text) else cell

    return tuple(tuple(times(cell) for cell in row) for row in table)


def _table(rows: list[list[str]]) -> Table:
    """Cells as the TOML writes them: ``"text"``, or ``"3x2|text"`` for one that spans 3 columns and 2 rows."""
    return tuple(tuple(_cell(text) for text in row) for row in rows)


def _cell(text: str) -> Cell:
    spans = _SPANS.match(text)
    return Cell(text[spans.end() :], int(spans[1]), int(spans[2])) if spans else Cell(text)
