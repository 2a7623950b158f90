"""Every table of the database: its columns, what they mean, their Chinese names. The one definition.

The DDL (:mod:`archive.ledger.schema`), the data dictionary (:mod:`archive.ledger.dictionary`), the view ``文件`` and
the headers of exports are made from it. The names of design section 3.3 are a public contract; columns may be added.

NULL means that nothing is known or stated; it is never the same as 0 or as an empty text.
"""

from archive.ledger.tables.catalogue import COLUMNS, ENTRIES, PORTALS, RUN_COLUMNS, RUN_FILL, RUNS
from archive.ledger.tables.documents import (
    ATTACHMENTS,
    CHANGES,
    DOCUMENTS,
    FULL_TEXT,
    METADATA,
    OBSERVATIONS,
    VERSIONS,
    VIEW,
)
from archive.ledger.tables.evidence import CAPTURES, WARC_FILES
from archive.ledger.tables.readers import FORESEEN, READINGS, VOLATILE
from archive.ledger.tables.reports import REPORT_CELLS, REPORT_CHECKS

__all__ = [
    "ATTACHMENTS",
    "CAPTURES",
    "CHANGES",
    "COLUMNS",
    "DOCUMENTS",
    "ENTRIES",
    "FORESEEN",
    "FULL_TEXT",
    "METADATA",
    "OBSERVATIONS",
    "PORTALS",
    "READINGS",
    "REPORT_CELLS",
    "REPORT_CHECKS",
    "RUNS",
    "RUN_COLUMNS",
    "RUN_FILL",
    "TABLES",
    "VERSIONS",
    "VIEW",
    "VOLATILE",
    "WARC_FILES",
]

TABLES = (
    PORTALS,
    RUNS,
    COLUMNS,
    CAPTURES,
    DOCUMENTS,
    VERSIONS,
    RUN_COLUMNS,
    RUN_FILL,
    ENTRIES,
    OBSERVATIONS,
    ATTACHMENTS,
    CHANGES,
    VOLATILE,
    READINGS,
    REPORT_CELLS,
    REPORT_CHECKS,
    WARC_FILES,
    FORESEEN,
)
"""In the order of their creation: a table comes after those that it refers to."""
