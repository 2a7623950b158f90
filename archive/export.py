"""Datasets as files for analysts.

**CSV** is UTF-8 with BOM, RFC 4180 (comma, quotes doubled, CRLF at line ends, line breaks in a text kept inside its
quotes), so that a spreadsheet opens it with a double click. A spreadsheet would also compute, round and cut:

- a text cell that begins with ``= + - @``, their full-width forms, a tab or a carriage return would be a formula,
  unless it is a plain number; ``000014349``, ``114403006955506492`` (12 digits are enough), ``2013-72``, ``2021年3月``,
  ``1E5`` would become a number or a date. Such a cell gets an apostrophe in front. So does one that begins with an
  apostrophe: to have the value back, take away one apostrophe, always. Date columns are left to be dates;
- a cell ends at 32,767 characters: ``text`` is cut at 32,000, and the column behind it, ``text_truncated``, says 1.

**JSON Lines** has everything as it is: a JSON object a line, UTF-8 without BOM, ``null`` where nothing is known.

Rows come in the order of the table's key. Rows of documents, versions and attachments end with the evidence: WARC file
and offset of the capture that they were read from, and its payload digest. 签发人 is left out: it names a person.

The rows are those of each portal's last good run (:mod:`archive.ledger.asof`), unless the latest are asked for; beside
the file stands ``FILE.about.json``, which says so for whoever cites it (:mod:`archive.about`).
"""

import csv
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from archive.about import describe
from archive.errors import StorageError, UsageError
from archive.gaps import GAPS, find_gaps
from archive.ledger import tables
from archive.ledger.asof import Standing, standing
from archive.ledger.definition import Column, Table
from archive.place import explain, write_json

Labels = Literal["en", "zh"]
Value = str | int | float | None

TEXT_LIMIT = 32_000
"""Characters of a CSV cell. Excel drops what is behind 32,767, and counts some characters twice."""

_DATASETS = (
    tables.DOCUMENTS,
    tables.VERSIONS,
    tables.CHANGES,
    tables.ATTACHMENTS,
    tables.ENTRIES,
    tables.RUNS,
    tables.OBSERVATIONS,
    tables.REPORT_CELLS,
    tables.REPORT_CHECKS,
    GAPS,
)
DATASETS = tuple(table.name for table in _DATASETS)

_A_PERSON = {"signer"}
_FOR_THE_CRAWLER = {"address", "listed_as", "failures", "next_try", "next_check"}
_STEPS_TO_A_PROOF = {"gone_run", "missing_since", "missing_run"}
_LEFT_OUT = _A_PERSON | _FOR_THE_CRAWLER | _STEPS_TO_A_PROOF
_NAMES_A_PERSON = {"changes": "t.field <> 'signer'", "observations": "t.field IS NOT 'signer'"}
_EVIDENCE = ("warc_file", "warc_offset", "payload_digest")
_CUT = Column("text_truncated", "正文截断", "1 if text is cut here, else 0", "INTEGER")

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r']")
_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,11}(?:\.\d+)?")
_MISTAKEN = re.compile(
    r"0\d+|\d{12,}|\d+[eE][+-]?\d+|\d{1,4}[-/:]\d{1,2}(?:[-/:]\d{1,4})?|(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}日)?"
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and whose word it is."""

    rows: int
    standing: Standing


def export(
    ledger: sqlite3.Connection, dataset: str, path: Path, *, labels: Labels = "en", latest: bool = False
) -> Exported:
    """Write a dataset to ``path``, whose suffix says in what format, and ``FILE.about.json`` beside it.

    ``labels``: the names of the columns, English (as in the database) or Chinese. ``latest``: the archive as it is now,
    not as the last good run of each portal left it. The file is there whole or not at all. Raises ``UsageError`` for a
    dataset or suffix that there is not, ``StorageError`` if the file cannot be written."""
    table = next((table for table in _DATASETS if table.name == dataset), None)
    if table is None:
        raise UsageError(f"no dataset {dataset!r}; there are: {', '.join(DATASETS)}")
    write = _FORMATS.get(path.suffix.lower())
    if write is None:
        raise UsageError(
            f"{path.name}: cannot write {path.suffix or 'a file without suffix'}; use {' or '.join(_FORMATS)}"
        )
    with standing(ledger, latest=latest) as what:
        columns, rows = _rows(ledger, table, what)
        with _whole_file(path) as file:
            count = write(file, columns, [column.zh if labels == "zh" else column.name for column in columns], rows)
    if path.suffix.lower() == ".csv":
        columns = _with_cut(columns)
    write_json(path.with_name(f"{path.name}.about.json"), describe(path, table, columns, count, what, labels))
    return Exported(count, what)


def _rows(ledger: sqlite3.Connection, table: Table, what: Standing) -> tuple[list[Column], Iterator[tuple[Value, ...]]]:
    """Columns and rows of a dataset, with the evidence where rows have a capture."""
    if table is GAPS:
        return list(table.columns), (series.row() for series in find_gaps(ledger, what))
    columns = [column for column in table.columns if column.name not in _LEFT_OUT]
    names = [f't."{column.name}"' for column in columns]
    source = f"{what.source(table.name)} AS t"
    if any(column.name == "capture_id" for column in columns):
        columns += [column for column in tables.CAPTURES.columns if column.name in _EVIDENCE]
        names += [f"c.{column.name}" for column in tables.CAPTURES.columns if column.name in _EVIDENCE]
        source += " LEFT JOIN main.captures AS c ON c.id = t.capture_id"
    where = _NAMES_A_PERSON.get(table.name, "1")
    order = ", ".join(f't."{name}"' for name in table.key)
    return columns, ledger.execute(f"SELECT {', '.join(names)} FROM {source} WHERE {where} ORDER BY {order}")


def _with_cut(columns: Sequence[Column]) -> list[Column]:
    """The columns of a CSV file: behind a text stands whether it was cut."""
    return [one for column in columns for one in ((column, _CUT) if column.name == "text" else (column,))]


def _write_csv(
    file: IO[str], columns: Sequence[Column], header: Sequence[str], rows: Iterator[tuple[Value, ...]]
) -> int:
    text = next((at for at, column in enumerate(columns) if column.name == "text"), None)
    header = [*header]
    if text is not None:
        header.insert(text + 1, _CUT.zh if header[text] == columns[text].zh else _CUT.name)
    dates = [column.name.startswith("date_") or column.name.endswith("_date") for column in columns]
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        cells = [value if date else _safe(value) for value, date in zip(row, dates, strict=True)]
        if text is not None:
            whole = str(row[text] or "")
            cells[text] = _safe(whole[:TEXT_LIMIT])
            cells.insert(text + 1, int(len(whole) > TEXT_LIMIT))
        writer.writerow(cells)
        count += 1
    return count


def _safe(value: Value) -> Value:
    """A cell that a spreadsheet takes for what it is (see the head of this module)."""
    if not isinstance(value, str) or not value:
        return value
    if _MISTAKEN.fullmatch(value) or (_FORMULA.match(value) and not _PLAIN_NUMBER.fullmatch(value)):
        return "'" + value
    return value


def _write_jsonl(
    file: IO[str], _columns: Sequence[Column], header: Sequence[str], rows: Iterator[tuple[Value, ...]]
) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) + "\n")
        count += 1
    return count


_Writer = Callable[[IO[str], Sequence[Column], Sequence[str], Iterator[tuple[Value, ...]]], int]
_FORMATS: dict[str, _Writer] = {".csv": _write_csv, ".jsonl": _write_jsonl}


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file that takes its name only when it is whole and on disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {explain(error)}") from error
    finally:
        part.unlink(missing_ok=True)
