"""``gongkai show`` and ``gongkai runs``: one document, or the latest runs, as text for a terminal."""

import json
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from archive.changes import told
from archive.errors import NotFoundError
from archive.ledger import history, questions
from archive.ledger.questions import Found
from archive.ledger.tables import DOCUMENTS
from archive.place import Place
from archive.reading.page import Page
from archive.terminal import harmless
from archive.vocabulary import Mode
from archive.warc import http
from archive.warc.read import Record, read_at, resolve

__all__ = ["PARTS", "find", "harmless", "runs_table", "show", "table"]

_CANDIDATES = 5


def show(
    ledger: sqlite3.Connection, place: Place, name: str, part: str = "meta", *, colour: bool = False
) -> str | bytes:
    """One part of one document: ``text``, ``html``, ``meta``, ``versions``, ``diff``, or ``warc``, which is bytes.

    ``name``: id, URL, 文号 or 索引号; ``colour``: of a diff, for a terminal. Raises ``NotFoundError`` if no
    document answers to the name, or several do; ``StorageError``, ``WarcError`` if its WARC file cannot be read;
    ``KeyError`` for a part that there is not."""
    document = find(ledger, name).id
    if part == "diff":
        return _diff(ledger, document, colour=colour)
    shown = _PARTS[part](ledger, place, document)
    return shown if isinstance(shown, bytes) or part == "html" else harmless(shown)


def find(ledger: sqlite3.Connection, name: str) -> Found:
    """The one document that answers to a name. Raises ``NotFoundError``."""
    found = questions.find_documents(ledger, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"{name}: no document has this id, URL, 文号 or 索引号")
    some = ", ".join(f"{each.id} ({each.title})" for each in found[:_CANDIDATES])
    more = f" and {len(found) - _CANDIDATES} more" if len(found) > _CANDIDATES else ""
    raise NotFoundError(f"{name}: {len(found)} documents answer to it, name one by its id: {some}{more}")


def runs_table(ledger: sqlite3.Connection, limit: int) -> str:
    """The latest runs, newest first: when, which portal, verdict, counts, why."""
    header = ("started (UTC)", "portal", "verdict", "listed", "fetched", "new", "changed", "failed", "reason")
    rows = [
        (
            (run.started_at or "")[:16].replace("T", " "),
            f"{run.portal} (probe)" if run.mode == Mode.PROBE else run.portal,
            run.verdict or "(unfinished)",
            *map(str, (run.listed, run.fetched, run.new, run.changed, run.failed)),
            run.reason or "",
        )
        for run in questions.runs(ledger, limit)
    ]
    return harmless(table(header, rows).rstrip("\n")) if rows else "no runs yet"


# --- the parts ------------------------------------------------------------------------------------------------------


def _text(ledger: sqlite3.Connection, _place: Place, document: str) -> str:
    title, text, status = ledger.execute(
        "SELECT title, text, text_status FROM documents WHERE id = ?", (document,)
    ).fetchone()
    return f"{title}\n\n{text or f'({status})'}\n"


def _meta(ledger: sqlite3.Connection, _place: Place, document: str) -> str:
    """What is known of the document, and for each value where on the page it was read."""
    names = [column for column in DOCUMENTS.columns if column.name != "text"]
    values = ledger.execute(
        f"SELECT {', '.join(column.name for column in names)} FROM documents WHERE id = ?", (document,)
    ).fetchone()
    known = [
        (column.zh, column.name, _line(value)) for column, value in zip(names, values, strict=True) if value is not None
    ]
    seen = ledger.execute(
        "SELECT CASE chosen WHEN 1 THEN '*' ELSE '' END, coalesce(field, ''), source, label, value FROM observations "
        "WHERE document_id = :id AND version = (SELECT version FROM documents WHERE id = :id) ORDER BY number",
        {"id": document},
    ).fetchall()
    files = ledger.execute(
        "SELECT state || coalesce(' (' || state_reason || ')', ''), filename, url FROM attachments "
        "WHERE document_id = ? ORDER BY rowid",
        (document,),
    ).fetchall()
    parts = [table((), known), *_consists(ledger, document)]
    if seen:
        rows = [(*head, _line(value)) for *head, value in seen]
        parts.append("Met on the page (* chosen):\n" + table(("", "field", "where", "label", "value"), rows))
    if files:
        parts.append("Attachments:\n" + table((), files))
    return "\n".join([*parts, _evidence(ledger, document)])


def _consists(ledger: sqlite3.Connection, document: str) -> Iterator[str]:
    """What the reader wants known of the text, and the documents in it, where they are several."""
    found = ledger.execute(
        "SELECT flags, parts FROM documents JOIN versions ON document_id = id AND versions.version = documents.version "
        "WHERE id = ?",
        (document,),
    ).fetchone()
    flags, parts = found or ("", None)
    if flags:
        yield f"Flags of the reading: {flags}\n"
    if parts:
        rows = [
            (
                part["kind"],
                f"{part['first']}-{part['last']}",
                str(part["document"] or ""),
                part["fields"].get("doc_number", ""),
                _line(part["title"]),
            )
            for part in json.loads(parts)
        ]
        yield "The text consists of:\n" + table(("kind", "lines", "document", "文号", "title"), rows)


def _versions(ledger: sqlite3.Connection, _place: Place, document: str) -> str:
    """Every version held; and what a version said before a newer reader read its page again."""
    rows = ledger.execute(
        "SELECT v.version, seen_at, reader, length(text), warc_file || ' @ ' || warc_offset, coalesce((SELECT "
        "group_concat(field, ', ') FROM changes AS c WHERE c.document_id = v.document_id AND c.version = v.version "
        "AND c.at = v.seen_at AND field <> ''), '') FROM versions AS v JOIN captures ON captures.id = capture_id "
        "WHERE v.document_id = ? ORDER BY v.version",
        (document,),
    ).fetchall()
    shown = table(
        ("version", "seen at (UTC)", "reader", "characters", "evidence", "changed"),
        [tuple(map(str, row)) for row in rows],
    )
    before = ledger.execute(
        "SELECT version, replaced_at, reader, warc_file || ' @ ' || warc_offset, coalesce((SELECT group_concat(key, "
        "', ') FROM json_each(was) WHERE key NOT IN ('reader', 'content_digest', 'doc_number_key')), '') "
        "FROM readings WHERE document_id = ? ORDER BY version, replaced_at",
        (document,),
    ).fetchall()
    if before:
        header = ("version", "until (UTC)", "reader", "evidence", "read otherwise")
        shown += "\nAs earlier readers read them:\n" + table(header, [tuple(map(str, row)) for row in before])
    return shown


def _diff(ledger: sqlite3.Connection, document: str, *, colour: bool) -> str:
    """What the last version changed: fields before and after, the text sentence by sentence."""
    happening = history.last_change(ledger, document)
    if happening is None:
        return "There is one version only.\n"
    return "\n".join(told(ledger, happening, diff=True, colour=colour)) + "\n"


def _html(ledger: sqlite3.Connection, place: Place, document: str) -> str:
    """The page as it was sent, transfer and content encoding removed, decoded."""
    record = _records(ledger, place, document)[-1]
    message = record.message
    return Page(record.page, message.status, message.headers, http.entity(message)).text


def _warc(ledger: sqlite3.Connection, place: Place, document: str) -> bytes:
    """The record itself, head and block as they stand in the WARC file; behind a revisit also the original."""
    return b"".join(
        b"WARC/1.1\r\n%s\r\n%s\r\n\r\n"
        % ("".join(f"{name}: {value}\r\n" for name, value in record.headers).encode(), record.block)
        for record in _records(ledger, place, document)
    )


_PARTS: dict[str, Callable[[sqlite3.Connection, Place, str], str | bytes]] = {
    "text": _text,
    "meta": _meta,
    "versions": _versions,
    "html": _html,
    "warc": _warc,
}
PARTS = (*_PARTS, "diff")


# --- what they share ------------------------------------------------------------------------------------------------


def _evidence(ledger: sqlite3.Connection, document: str) -> str:
    """The capture that the present version was read from."""
    id_, url, at, file, offset, length = ledger.execute(
        "SELECT c.id, c.url, fetched_at, warc_file, warc_offset, warc_length FROM documents AS d "
        "JOIN captures AS c ON c.id = capture_id WHERE d.id = ?",
        (document,),
    ).fetchone()
    lines = (("capture", f"{id_}, {at}"), ("URL", url), ("WARC file", f"{file}, byte {offset}, {length} bytes"))
    return "Evidence:\n" + table((), lines)


def _records(ledger: sqlite3.Connection, place: Place, document: str) -> list[Record]:
    """The record of the document's present version; where that is a revisit, also the original with the payload."""
    rows = ledger.execute(
        "SELECT c.warc_file, c.warc_offset FROM documents AS d JOIN captures AS own ON own.id = d.capture_id "
        "JOIN captures AS c ON c.id IN (own.id, own.revisit_of) WHERE d.id = ? ORDER BY c.id = own.id DESC",
        (document,),
    ).fetchall()
    return [read_at(resolve(place.warc, file), offset) for file, offset in rows]


def _line(value: object) -> str:
    return " ".join(str(value).split())


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned on a terminal, where a Han character is two wide; the last column is not padded."""
    lines = [*([header] if header else []), *rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "".join(f"{line}\n" for line in _aligned(lines, widths))


def _aligned(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for line in lines:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
