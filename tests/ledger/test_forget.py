"""A portal that is forgotten leaves nothing behind; the others keep all they have."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.ledger.apply import apply
from archive.ledger.facts import CaptureFact, EventFact, Fact
from archive.ledger.forget import forget, owned
from archive.ledger.schema import Ledger, open_ledger
from archive.ledger.tables import TABLES
from tests.ledger.by_hand import FILE, PORTAL, Log, link, reading, row

OTHER = "jiangmen"


def full(log: Log) -> list[Fact]:
    """A little of everything."""
    log.start()
    log.columns("a")
    log.list(row(1), row(2), column="a")
    log.walked(column="a")
    log.document(1, reading(attachments=(link("1.pdf"),)), column="a")
    log.document(2, reading("另一份文件的正文。", title="关于机构设置的通知"), column="a")
    log.end()
    log.start("zhuhai-2")
    log.document(1, reading("改过的正文。"), column="a")
    log.end()
    return list(log.facts)


def rows(ledger: Ledger) -> dict[str, list[Any]]:
    """All that the database says, but for numbers of its own."""
    return {table.name: sorted(ledger.execute(f"SELECT * FROM {table.name}").fetchall(), key=repr) for table in TABLES}


def found(ledger: Ledger, word: str) -> list[str]:
    query = "SELECT portal FROM documents_fts AS f JOIN documents AS d ON d.rowid = f.rowid WHERE documents_fts MATCH ?"
    return sorted(portal for (portal,) in ledger.execute(query, (f'"{" ".join(word)}"',)))


def of(portal: str, fact: Fact) -> Fact:
    """The same fact of another portal."""
    location = replace(fact.location, file=fact.location.file.replace(PORTAL, portal))
    if isinstance(fact, EventFact):
        event = replace(fact.event, portal=portal, run=fact.event.run.replace(PORTAL, portal))
        return replace(fact, event=event, location=location)
    context = replace(fact.context, portal=portal, run=fact.context.run.replace(PORTAL, portal))
    return replace(fact, id=f"{fact.id}-{portal}", context=context, location=location)


def test_every_table_is_some_portals() -> None:
    """A new table has to say whose its rows are, by a column ``portal``, ``document_id`` or ``run_id``; or else it
    belongs here, as one that no portal owns."""
    assert {table.name for table in TABLES if not owned(table)} == set()


def test_what_is_forgotten_is_gone_and_can_be_learnt_again(log: Log) -> None:
    facts = full(log)
    ledger, end = log.ledger, log.length
    alone = rows(ledger)
    assert all(isinstance(fact, CaptureFact | EventFact) for fact in facts)
    other = FILE.replace(PORTAL, OTHER)
    apply(ledger, [of(OTHER, fact) for fact in facts], file=other, end=end)
    both = rows(ledger)
    assert found(ledger, "改过") == [OTHER, PORTAL]

    forget(ledger, OTHER)
    assert rows(ledger) == alone
    assert found(ledger, "改过") == [PORTAL]
    assert found(ledger, "机构") == [PORTAL]
    forget(ledger, OTHER)
    assert rows(ledger) == alone

    apply(ledger, [of(OTHER, fact) for fact in facts], file=other, end=end)
    assert rows(ledger) == both
    forget(ledger, PORTAL)
    forget(ledger, OTHER)
    assert not any(rows(ledger).values())
    assert found(ledger, "机构") == []
    assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
    assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ledger.execute("INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 0)")
    assert ledger.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_all_is_forgotten_or_nothing(log: Log, tmp_path: Path) -> None:
    full(log)
    before = rows(log.ledger)
    with open_ledger(tmp_path / "archive.db") as other:
        log.ledger.execute("CREATE TEMP TRIGGER keep BEFORE DELETE ON runs BEGIN SELECT raise(ABORT, 'kept'); END")
        with pytest.raises(Exception, match="kept"):
            forget(log.ledger, PORTAL)
        assert rows(other) == before
    assert log.ledger.execute("PRAGMA foreign_keys").fetchone() == (1,)
