"""What the database knows of 文号 series: numbers as documents state them, and how much of a catalogue is held."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.ledger.asof import Standing

# In a row of documents what is wanted lies behind the text, and SQLite would read all of that; in versions, before it.
_PRESENT = (
    "{versions} AS v CROSS JOIN main.documents AS d ON d.id = v.document_id "
    "WHERE v.version = (SELECT max(w.version) FROM {versions} AS w WHERE w.document_id = v.document_id)"
)
_DAY = "coalesce(v.date_made, v.date_issued, v.date_promulgated, v.date_published)"


@dataclass(frozen=True, slots=True)
class NumberedDocument:
    """A document that states a 文号. ``as_written``: the words it was read from; the number itself where unknown."""

    portal: str
    document: str
    doc_number: str
    as_written: str
    issuer: str | None
    day: str | None  # of the document's making, else of its publication; YYYY-MM-DD


def numbered_documents(ledger: sqlite3.Connection, standing: Standing) -> Iterator[NumberedDocument]:
    """Documents that state a number, withdrawn ones too, each in its present version."""
    rows = ledger.execute(
        "SELECT d.portal, d.id, v.doc_number, coalesce((SELECT value FROM main.observations AS o WHERE "
        "o.document_id = v.document_id AND o.version = v.version AND o.field = 'doc_number' AND o.chosen = 1 LIMIT 1), "
        f"v.doc_number), v.issuer, {_DAY} FROM {_present(standing)} AND v.doc_number IS NOT NULL"
    )
    return (NumberedDocument(*row) for row in rows)


def documents_by_year(ledger: sqlite3.Connection, standing: Standing) -> dict[str, dict[int, int]]:
    """Portal → year → documents of that year."""
    found: dict[str, dict[int, int]] = {}
    for portal, year, count in ledger.execute(
        f"SELECT d.portal, CAST(substr({_DAY}, 1, 4) AS INTEGER) AS year, count(*) FROM {_present(standing)} "
        f"AND {_DAY} IS NOT NULL GROUP BY 1, 2"
    ):
        found.setdefault(portal, {})[year] = count
    return found


def columns_of_documents(ledger: sqlite3.Connection, standing: Standing) -> Iterator[tuple[str, str]]:
    """Document and key of a column that lists it, for every held row of the catalogues."""
    yield from ledger.execute(
        f"SELECT document_id, column_key FROM {standing.source('entries')} WHERE document_id IS NOT NULL"
    )


def unread_columns(ledger: sqlite3.Connection) -> set[tuple[str, str]]:
    """Portal and key of the columns that never were read to their end."""
    return set(ledger.execute("SELECT portal, key FROM columns WHERE last_complete_walk IS NULL").fetchall())


def rows_not_held(ledger: sqlite3.Connection, standing: Standing) -> set[tuple[str, str, int | None]]:
    """Portal, column and year of listed rows whose document is not held; year ``None`` where the row has no date."""
    rows = ledger.execute(
        "SELECT DISTINCT portal, column_key, CAST(substr(listed_date, 1, 4) AS INTEGER) "
        f"FROM {standing.source('entries')} WHERE state IN ('listed', 'failed') AND document_id IS NULL"
    )
    return set(rows.fetchall())


def _present(standing: Standing) -> str:
    return _PRESENT.format(versions=standing.source("versions"))
