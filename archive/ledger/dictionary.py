"""The data dictionary: every table and column, what it means, what may stand in it. Made from the definition."""

import json
from collections.abc import Iterator

from archive.ledger.definition import Column, Table
from archive.ledger.tables import DOCUMENTS, FULL_TEXT, TABLES, VIEW

_ALL = (*TABLES, FULL_TEXT)


def as_markdown() -> str:
    """The dictionary for people: a section a table."""
    return "\n".join(_markdown()) + "\n"


def as_json() -> str:
    """The dictionary for programs: ``{"tables": [{"name", "zh", "about", "key", "columns": [{"name", "zh", "type",
    "null", "about", "refers", "values"}]}], "view": {"name", "of", "columns": {Chinese name: name}}}``."""
    view = {"name": VIEW, "of": DOCUMENTS.name, "columns": {column.zh: column.name for column in DOCUMENTS.columns}}
    return json.dumps({"tables": [_table(table) for table in _ALL], "view": view}, ensure_ascii=False, indent=1) + "\n"


def _markdown() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "Times are UTC (ISO 8601), dates are China's. NULL: nothing is known or stated; never the same as 0."
    for table in _ALL:
        yield from ("", f"## {table.name} ({table.zh})", "", f"A row is {table.about}.")
        if table.key:
            yield from ("", f"Key: {', '.join(table.key)}.")
        yield from ("", "| column | 名称 | type | meaning |", "|---|---|---|---|")
        yield from (_line(column) for column in table.columns)
    yield from ("", f"## {VIEW}", "", f"The table `{DOCUMENTS.name}` with Chinese column names, in its order.", "")
    yield "、".join(column.zh for column in DOCUMENTS.columns)


def _line(column: Column) -> str:
    about = column.about
    if column.values:
        about += f" ({', '.join(column.values)})"
    if column.refers:
        about += f" → {column.refers}"
    kind = column.kind if column.null else f"{column.kind} NOT NULL"
    return f"| {column.name} | {column.zh} | {kind} | {about.replace('|', '&#124;')} |"


def _table(table: Table) -> dict[str, object]:
    columns = [
        {
            "name": column.name,
            "zh": column.zh,
            "type": column.kind,
            "null": column.null,
            "about": column.about,
            "refers": column.refers,
            "values": [str(value) for value in column.values or ()],
        }
        for column in table.columns
    ]
    return {"name": table.name, "zh": table.zh, "about": table.about, "key": list(table.key), "columns": columns}
