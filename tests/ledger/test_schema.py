"""The database as it is made, opened and described."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from archive.errors import StorageError
from archive.ledger import dictionary
from archive.ledger.schema import MIGRATIONS, open_ledger, transaction
from archive.ledger.tables import METADATA, TABLES
from archive.reading.fields import FIELDS
from tests.ledger.by_hand import Log, reading

WRITTEN = Path(dictionary.__file__).with_name("DICTIONARY.md")

# The public contract, design section 3.3, word by word.
CONTRACT = {
    "portals": "key, name, family, home, division, site_id_code",
    "columns": "portal, key, name, url, declared_total, held, last_complete_walk",
    "runs": "id, portal, mode, started_at, finished_at, verdict, reason, declared, listed, fetched, new, changed, "
    "unchanged, withdrawn, failed, requests, bytes",
    "entries": "portal, column_key, url, title, listed_date, document_id, first_seen, last_seen, state, state_reason, "
    "attempts",
    "captures": "id, url, role, fetched_at, status, mime, payload_digest, warc_file, warc_offset, warc_length, run_id, "
    "revisit_of, truncated",
    "documents": "id, portal, url, title, issuer, publisher, doc_number, doc_number_key, index_number, date_made, "
    "date_issued, date_published, date_effective, date_expired, disclosure_method, disclosure_scope, "
    "disclosure_time_limit, topic_category, genre, catalogue_category, keywords, validity, abstract, text, "
    "text_status, first_seen, last_seen, last_checked, withdrawn_at, version",
    "versions": "document_id, version, capture_id, seen_at, content_digest, reader, title, text",
    "observations": "document_id, version, field, label, value, normalised, source, chosen",
    "attachments": "document_id, url, filename, mime, bytes, sha256, text, text_status, capture_id",
    "changes": "at, run_id, document_id, kind, field, before, after",
    "report_cells": "document_id, format, table, row, column, value, raw, status",
    "report_checks": "document_id, constraint, left, right, status",
    "documents_fts": "title, text",
}


def live(ledger: sqlite3.Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    """Table → column → (type, may be NULL), as the database itself says; without SQLite's and the migrations' own."""
    names = [
        name
        for (name, kind) in ledger.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
        if kind in ("table", "virtual", "view") and not name.startswith(("sqlite_", "_sqlite"))
    ]
    return {
        name: {
            column: (kind, not notnull)
            for column, kind, notnull, hidden in ledger.execute(
                'SELECT name, type, "notnull", hidden FROM pragma_table_xinfo(?)', (name,)
            )
            if not hidden
        }
        for name in names
    }


def test_schema_and_dictionary_agree_in_both_directions(log: Log) -> None:
    described: dict[str, Any] = json.loads(dictionary.as_json())
    found = live(log.ledger)
    view = found.pop(described["view"]["name"])
    fts = found.pop("documents_fts")
    tables = {table["name"]: table for table in described["tables"]}
    assert list(fts) == [column["name"] for column in tables.pop("documents_fts")["columns"]]
    assert found == {
        name: {column["name"]: (column["type"], column["null"]) for column in table["columns"]}
        for name, table in tables.items()
    }
    assert list(view) == list(described["view"]["columns"])
    for name, table in tables.items():
        keys = log.rows("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", name)
        assert [key for (key,) in keys] == table["key"]
        for column in table["columns"]:
            assert column["about"], (name, column["name"])
            assert column["zh"], (name, column["name"])


def test_the_contract_holds_to_the_letter(log: Log) -> None:
    found = live(log.ledger)
    for table, columns in CONTRACT.items():
        missing = set(columns.split(", ")) - set(found[table])
        assert not missing, (table, missing)


def test_the_written_dictionary_is_the_present_one() -> None:
    wanted = dictionary.as_markdown()
    if not WRITTEN.exists() or WRITTEN.read_text(encoding="utf-8") != wanted:
        WRITTEN.write_text(wanted, encoding="utf-8")
        pytest.fail(f"{WRITTEN.name} was written anew; look at the difference and run again")


def test_several_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    def opened(number: int, together: Barrier) -> None:
        together.wait()
        open_ledger(tmp_path / f"{number}.db").close()

    with ThreadPoolExecutor(8) as threads:
        for number in range(30):
            together = Barrier(8)
            for each in [threads.submit(opened, number, together) for _ in range(8)]:
                each.result()


def test_every_field_of_a_reading_has_its_column() -> None:
    assert set(METADATA) == {field.name for field in FIELDS.values() if field.of_document}


def test_chinese_names_are_one_to_one_within_a_table() -> None:
    for table in TABLES:
        names = [column.zh for column in table.columns]
        assert len(names) == len(set(names)), table.name


def test_tables_are_strict_and_keys_are_enforced(log: Log) -> None:
    strict = dict(log.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
    assert all(strict[table.name] for table in TABLES)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        log.ledger.execute("INSERT INTO runs (id, portal) VALUES ('r', 'no such portal')")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        log.ledger.execute("INSERT INTO warc_files VALUES ('f', 'p', 'many', 0)")


def test_the_view_speaks_chinese(log: Log) -> None:
    log.start()
    log.document(1, reading())
    found = log.row('SELECT 标题, 文号, 发布机构, 成文日期, 公开方式 FROM "文件"')
    assert found == ("关于财政预算的通知", "珠府办〔2026〕7号", None, None, None)


def test_settings_of_the_connection(log: Log) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    assert [log.value(f"PRAGMA {name}") for name in settings] == ["wal", 1, 1, 60_000]


def test_opening_again_changes_nothing(log: Log, tmp_path: Path) -> None:
    log.start()
    before = log.rows("SELECT * FROM sqlite_master")
    with open_ledger(tmp_path / "archive.db") as again:
        assert again.execute("SELECT * FROM sqlite_master").fetchall() == before
        assert again.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError):
        again.execute("SELECT 1")


def test_a_reader_cannot_write_and_sees_what_a_writer_commits(log: Log, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "archive.db", readonly=True) as reader:
        log.start()
        assert reader.execute("SELECT count(*) FROM runs").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM runs")


def test_processes_that_start_together_make_one_database(tmp_path: Path) -> None:
    script = "import sys; from archive.ledger.schema import open_ledger; open_ledger(sys.argv[1]).close()"
    words = [sys.executable, "-c", script, str(tmp_path / "archive.db")]
    started = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0)] * 3


def test_an_index_that_held_the_text_is_made_again_without_it(log: Log) -> None:
    log.start()
    log.document(1, reading("财政预算", title="通知"))
    log.ledger.execute("DROP TABLE documents_fts")
    log.ledger.execute("CREATE VIRTUAL TABLE documents_fts USING fts5(title, text)")
    log.ledger.execute("INSERT INTO documents_fts (rowid, title, text) SELECT rowid, title, '旧 文' FROM documents")
    log.ledger.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0002%'")
    path = log.value("SELECT file FROM pragma_database_list")
    with open_ledger(path) as ledger:
        for words, hits in (("旧 文", 0), ("财 政", 1)):
            found = ledger.execute("SELECT count(*) FROM documents_fts WHERE documents_fts MATCH ?", (f'"{words}"',))
            assert found.fetchone() == (hits,)


def test_a_database_survives_vacuum_with_its_search(log: Log) -> None:
    log.start()
    for name in range(5):
        log.document(name, reading(title=f"第{name}号"))
    log.ledger.execute("VACUUM")
    found = log.rows(
        "SELECT d.title FROM documents_fts AS f JOIN documents AS d ON d.rowid = f.rowid WHERE f.title MATCH ?", '"3"'
    )
    assert found == [("第3号",)]


# --- what can be wrong ------------------------------------------------------------------------------------------------


def test_no_database_here(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no database here"):
        open_ledger(tmp_path / "archive.db", readonly=True)
    assert not list(tmp_path.iterdir())


def test_no_folder_here(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="check that the folder exists"):
        open_ledger(tmp_path / "no" / "archive.db")


@pytest.mark.parametrize("readonly", [True, False])
def test_not_a_database(tmp_path: Path, readonly: bool) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(StorageError, match=r"archive\.db: file is not a database; .*rebuild"):
        open_ledger(path, readonly=readonly)


def test_an_empty_database_is_not_served_to_readers(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.touch()
    with pytest.raises(StorageError, match="not an up-to-date Gongkai database"):
        open_ledger(path, readonly=True)


def test_made_by_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_ledger(path) as ledger:
        ledger.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, '0999_later', '')",
            (MIGRATIONS.name,),
        )
    with pytest.raises(StorageError, match=r"newer version of this program.*0999_later"):
        open_ledger(path)


def test_locked_by_another(log: Log, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "archive.db", busy_seconds=0) as other, transaction(log.ledger):
        second = transaction(other)
        with pytest.raises(StorageError, match="locked; another process holds the database"):
            second.__enter__()


def test_damage_met_while_reading(log: Log, tmp_path: Path) -> None:
    log.start()
    for name in range(50):
        log.document(name, reading("正文。" * 500))
    log.ledger.close()
    path = tmp_path / "archive.db"
    raw = bytearray(path.read_bytes())
    raw[8192:-4096] = b"\xff" * (len(raw) - 12288)
    path.write_bytes(raw)

    def read() -> None:
        with open_ledger(path, readonly=True) as ledger:
            ledger.execute("SELECT * FROM documents").fetchall()

    with pytest.raises(StorageError, match=r"archive\.db: .*malformed; .*rebuild"):
        read()


def test_a_folder_that_only_can_be_read(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.start()
    log.ledger.close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_ledger(tmp_path / "archive.db", readonly=True) as ledger:
        assert ledger.execute("SELECT count(*) FROM runs").fetchone() == (1,)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.db"], "no -shm, no -wal"


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_no_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="unable to open"):
            open_ledger(tmp_path / "archive.db")
    finally:
        tmp_path.chmod(0o700)


def test_a_failed_transaction_leaves_nothing(log: Log) -> None:
    def fail() -> None:
        with transaction(log.ledger):
            log.ledger.execute("INSERT INTO portals VALUES ('p', '', '', '', '', '')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert log.value("SELECT count(*) FROM portals") == 0
