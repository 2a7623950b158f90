"""``gongkai changes``: what happened, in words."""

from typing import Any

import pytest

from archive.changes import beginning_of, changes
from archive.errors import UsageError
from archive.ledger import history
from archive.ledger.history import Happening
from archive.vocabulary import ChangeKind
from tests.ledger.by_hand import HOME, PORTAL, Log, doc, link, reading, url


def happened(log: Log, name: object, kind: ChangeKind, at: str, after: str | None = None) -> None:
    """As :mod:`archive.ledger` notes it; ``after``: the address that a document moved to."""
    before, field = (url(name), "url") if after else (None, "")
    log.ledger.execute(
        "INSERT INTO changes (at, run_id, document_id, kind, field, before, after, version) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        (at, log.run_id, doc(name), kind, field, before, after),
    )


@pytest.fixture
def archive(log: Log) -> Log:
    """Three documents; the first is edited, the others withdrawn, delisted, back and moved."""
    log.start()
    for name in (1, 2, 3):
        log.document(name, reading("甲乙丙。第二句。", title=f"通知{name}", attachments=(link("a.doc"),)))
    log.file(f"{HOME}files/a.doc", 1)
    fields = (("doc_number", "珠府办〔2026〕8号"), ("signer", "某人"))
    log.document(1, reading("甲乙丙。第三句。", title="通知1", fields=fields, attachments=(link("b.doc"),)))
    log.file(f"{HOME}files/a.doc", 1, sha256="cd" * 32)
    happened(log, 2, ChangeKind.WITHDRAWN, "2026-11-23T16:30:00.000000Z")
    happened(log, 3, ChangeKind.DELISTED, "2026-11-24T01:00:00.000000Z")
    happened(log, 3, ChangeKind.RETURNED, "2026-11-25T01:00:00.000000Z")
    happened(log, 3, ChangeKind.MOVED, "2026-11-26T01:00:00.000000Z", f"{HOME}new.html")
    return log


def kinds(log: Log, **asked: Any) -> list[str]:
    found = history.happenings(log.ledger, **({"limit": 100} | asked))
    return [one.kind for one in found.happenings]


def told(log: Log, **asked: Any) -> list[str]:
    return list(changes(log.ledger, **asked))


def test_the_newest_comes_first(archive: Log) -> None:
    assert kinds(archive)[:5] == ["moved", "returned", "delisted", "withdrawn", "changed"]
    times = [one.at for one in history.happenings(archive.ledger, limit=100).happenings]
    assert times == sorted(times, reverse=True)


def test_a_moment_of_a_document_is_one_happening(archive: Log) -> None:
    replaced, edited = history.happenings(archive.ledger, kinds=[ChangeKind.CHANGED], limit=9).happenings
    assert [change.field for change in edited.fields] == [
        "attachments",
        "doc_number",
        "doc_number_key",
        "signer",
        "text",
    ]
    assert (edited.document, edited.version, edited.doc_number) == (doc(1), 2, "珠府办〔2026〕8号")
    assert [change.field for change in replaced.fields] == ["attachments"]


def test_limit_since_kind_and_portal(archive: Log) -> None:
    found = history.happenings(archive.ledger, limit=2)
    assert ([one.kind for one in found.happenings], found.more) == ([ChangeKind.MOVED, ChangeKind.RETURNED], True)
    assert history.happenings(archive.ledger, limit=9).more is False
    assert kinds(archive, kinds=[ChangeKind.WITHDRAWN, ChangeKind.NEW]) == ["withdrawn", "new", "new", "new"]
    assert kinds(archive, portals=[PORTAL]) == kinds(archive)
    assert kinds(archive, portals=["zhu"]) == []
    assert kinds(archive, since=beginning_of("2026-11-24")) == ["moved", "returned", "delisted", "withdrawn"]


def test_a_portal_whose_name_begins_with_anothers(archive: Log) -> None:
    archive.ledger.execute("INSERT INTO portals VALUES ('zhuhai-gaoxin', '高新区', '', '', '', '')")
    archive.ledger.execute("PRAGMA foreign_keys = OFF")
    archive.ledger.execute(
        "UPDATE documents SET id = 'zhuhai-gaoxin-0123456789ab', portal = 'zhuhai-gaoxin' WHERE id = ?", [doc(3)]
    )
    archive.ledger.execute(
        "UPDATE changes SET document_id = 'zhuhai-gaoxin-0123456789ab' WHERE document_id = ?", [doc(3)]
    )
    assert kinds(archive, portals=["zhuhai-gaoxin"]) == ["moved", "returned", "delisted", "new"]
    assert kinds(archive, portals=["zhuhai"], kinds=[ChangeKind.WITHDRAWN, ChangeKind.DELISTED]) == ["withdrawn"]
    assert len(kinds(archive, portals=["zhuhai", "zhuhai-gaoxin"])) == 9


def test_a_day_begins_in_china() -> None:
    assert beginning_of("2026-11-24") == "2026-11-23T16:00:00.000000Z"
    with pytest.raises(UsageError, match="2026-11-31: not a day; write it as 2026-11-01"):
        beginning_of("2026-11-31")


def test_in_words(archive: Log) -> None:
    lines = told(archive)
    assert lines[0] == "2026-11-26 09:00  zhuhai  moved      通知3（珠府办〔2026〕7号）"
    assert lines[1] == f"    {doc(3)}, version 1, {url(3)}"
    assert lines[2] == f"    now at {HOME}new.html"
    shown = "\n".join(lines)
    assert "2026-11-24 00:30  zhuhai  withdrawn  通知2" in shown
    assert "    its row is gone from the catalogue, proven on two runs; its page is still served" in lines
    assert f"    attachments 附件: removed a.doc {HOME}files/a.doc" in lines
    assert f"    attachments 附件: added b.doc {HOME}files/b.doc" in lines
    assert f"    attachments 附件: replaced {HOME}files/a.doc (sha256 abababababab… → cdcdcdcdcdcd…)" in lines
    assert "    doc_number 文号: 珠府办〔2026〕7号 → 珠府办〔2026〕8号" in lines
    assert "    signer 签发人: (none) → 某人" in lines
    assert "    text 正文: 8 → 8 characters" in lines
    assert not any("[-" in line for line in lines)


def test_with_a_diff_of_the_text(archive: Log) -> None:
    assert "        ~ 第[-二-]{+三+}句。" in told(archive, diff=True)


def test_long_values_are_shown_as_a_diff(log: Log) -> None:
    log.start()
    abstract = "为进一步规范全市政府信息公开工作，" * 6
    log.document(1, reading(fields=(("abstract", f"{abstract}试行三年"),)))
    log.document(1, reading(fields=(("abstract", f"{abstract}试行五年"),)))
    (shown,) = (line for line in told(log) if "abstract" in line)
    assert "试行[-三-]{+五+}年" in shown
    assert len(shown) < 60


def test_a_page_cannot_steer_the_terminal(log: Log) -> None:
    log.start()
    log.document(1, reading("甲。", title="\x1b[2J题"))
    log.document(1, reading("\x1b[2J乙。", title="\x9b31m题", fields=(("remarks", "\x07\x1b"),)))
    shown = "\n".join(told(log, diff=True))
    assert not {"\x1b", "\x9b", "\x07"} & set(shown)


def test_no_changes_and_unknown_portals(log: Log) -> None:
    assert told(log) == ["no changes"]
    with pytest.raises(UsageError, match="zhuhia: not in this archive, which holds: no portal yet"):
        told(log, portals=["zhuhia"])
    log.start()
    with pytest.raises(UsageError, match="zhuhia: not in this archive, which holds: zhuhai"):
        told(log, portals=["zhuhai", "zhuhia"])
    assert told(log, portals=["zhuhai"], since="2026-11-01") == ["no changes since 2026-11-01"]


def test_it_says_when_there_are_older_ones(archive: Log) -> None:
    assert told(archive, limit=1)[-1].startswith("(1 newest; there are older ones: ")
    assert isinstance(history.happenings(archive.ledger, limit=1).happenings[0], Happening)
