"""Documents, versions and changes, as captures make them."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.ledger.apply import Outcome, apply
from archive.ledger.facts import EventFact
from archive.ledger.hantext import phrases
from archive.reading.model import READER
from archive.vocabulary import Role, TextStatus, Truncation, Verdict
from tests.ledger.by_hand import FILE, HOME, Log, doc, link, reading, row, url


def test_a_document_for_the_first_time(log: Log) -> None:
    log.start()
    log.list(row(1))
    at = log.now
    capture = log.document(1, reading())
    assert log.last.documents == ((doc(1), Outcome.NEW),)
    found = log.row(
        "SELECT id, portal, url, title, doc_number, doc_number_key, issuer, text, text_status, first_seen, last_seen, "
        "last_checked, withdrawn_at, version, capture_id FROM documents"
    )
    title, number = "关于财政预算的通知", "珠府办〔2026〕7号"
    text = "正文第一句。第二句；"
    assert found == (
        *(doc(1), "zhuhai", url(1), title, number, "珠府办|2026|7", None, text, "ok"),
        *(at, at, at, None, 1, capture),
    )
    assert log.row(
        "SELECT document_id, version, capture_id, seen_at, reader, title, text, attachments FROM versions"
    ) == (*(doc(1), 1, capture, at, READER, title, text, "[]"),)
    assert log.rows("SELECT number, field, label, value, normalised, source, chosen FROM observations") == [
        (1, "doc_number", "文 号", "珠府办[2026]7号", number, "table", 1),
        (2, None, "浏览", "12", None, "line", 0),
    ]
    assert log.row("SELECT at, run_id, document_id, kind, field, before, after, version FROM changes") == (
        *(at, "zhuhai-1", doc(1), "new", "", None, None, 1),
    )
    assert log.row("SELECT state, document_id, attempts FROM entries") == ("done", doc(1), 1)
    assert log.row("SELECT fetched, new, changed, unchanged, failed FROM runs") == (1, 1, 0, 0, 0)
    assert log.value("SELECT held FROM columns") == 1


def test_the_capture_is_kept_as_it_was(log: Log) -> None:
    log.start()
    capture = log.document(1, reading())
    found = log.row("SELECT * FROM captures")
    fact = log.facts[-1]
    assert not isinstance(fact, EventFact)
    assert found == (
        *(capture, url(1), "document", fact.fetched_at, 200, "text/html", fact.payload_digest, FILE, 100, 100),
        *("zhuhai-1", None, None, "zhuhai", 1000, None, None, None, None),
    )


def test_the_same_again(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1))
    log.document(1, reading())
    log.start("zhuhai-2")
    at = log.now
    log.document(1, reading())
    assert log.last.documents == ((doc(1), Outcome.UNCHANGED),)
    assert log.row("SELECT version, last_seen, last_checked FROM documents") == (1, at, at)
    assert log.value("SELECT count(*) FROM versions") == 1
    assert log.row("SELECT state, attempts FROM entries") == ("unchanged", 2)
    assert log.row("SELECT fetched, new, unchanged FROM runs WHERE id = 'zhuhai-2'") == (1, 0, 1)


def test_twice_in_one_run_is_once(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.document(1, reading())
    log.document(1, reading())
    assert log.last.documents == ()
    assert log.value("SELECT state FROM entries") == "done"
    assert log.row("SELECT fetched, new, unchanged FROM runs") == (1, 1, 0)


def test_a_change_is_a_version_and_says_what_changed(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1))
    log.document(1, reading(attachments=(link("a.doc"),)))
    log.start("zhuhai-2")
    at = log.now
    capture = log.document(
        1, reading("新的正文。", fields=(("validity", "repealed"),), attachments=(link("b.doc"), link("a.doc")))
    )
    assert log.last.documents == ((doc(1), Outcome.CHANGED),)
    assert log.row("SELECT version, capture_id, text, validity, doc_number FROM documents") == (
        *(2, capture, "新的正文。", "repealed", None),
    )
    assert log.rows("SELECT version, text, doc_number FROM versions ORDER BY version") == [
        (1, "正文第一句。第二句；", "珠府办〔2026〕7号"),
        (2, "新的正文。", None),
    ]
    changes = {
        field: (before, after)
        for field, before, after in log.rows("SELECT field, before, after FROM changes WHERE at = ?", at)
    }
    assert changes["doc_number"] == ("珠府办〔2026〕7号", None)
    assert changes["validity"] == (None, "repealed")
    assert [value[:7] for value in changes["text"]] == ["sha256:", "sha256:"]
    assert [value.count('.doc"]') for value in changes["attachments"]] == [1, 2]
    assert set(changes) == {"doc_number", "doc_number_key", "validity", "text", "attachments"}
    assert log.value("SELECT count(*) FROM observations WHERE version = 2") == 2
    assert log.rows("SELECT filename, version FROM attachments ORDER BY filename") == [("a.doc", 2), ("b.doc", 2)]
    assert log.value("SELECT state FROM entries") == "done"
    assert log.row("SELECT fetched, changed FROM runs WHERE id = 'zhuhai-2'") == (1, 1)


def test_content_that_no_column_shows_still_is_a_change(log: Log) -> None:
    log.start()
    log.document(1, reading())
    log.document(1, replace(reading(), content_digest="f" * 64))
    assert log.rows("SELECT field, after FROM changes WHERE kind = 'changed'") == [("content_digest", "f" * 64)]


# --- answers that are no document -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "refusal", "truncated", "reason", "detail"),
    [
        (404, "", None, "404", None),
        (410, "not_found_page", None, "410", None),
        (403, "", None, "403", None),
        (412, "ruishu", None, "ruishu", None),
        (500, "", None, "500", None),
        (204, "", None, "204", None),
        (200, "soft_404", None, "soft_404", None),
        (200, "", Truncation.LENGTH, "truncated", "length"),
        (200, "", None, "unreadable", None),
        (0, "", Truncation.DISCONNECT, "truncated", "disconnect"),
        (0, "", None, "no_status", None),
        (304, "", None, "304", None),
    ],
)
def test_failures_have_names(
    log: Log, status: int, refusal: str, truncated: Truncation | None, reason: str, detail: str | None
) -> None:
    log.start()
    log.list(row(1))
    log.document(1, status=status, refusal=refusal, truncated=truncated)
    found = log.row("SELECT state, state_reason, state_detail, attempts, document_id FROM entries")
    assert found == ("failed", reason, detail, 1, None)
    assert log.value("SELECT failed FROM runs") == 1
    assert log.value("SELECT count(*) FROM documents") == 0


def test_a_page_that_refuses_though_it_reads_well(log: Log) -> None:
    log.start()
    log.document(1, reading(refusal="soft_404"))
    assert log.row("SELECT state, state_reason FROM entries") == ("failed", "soft_404")
    assert log.value("SELECT refusal FROM captures") == "soft_404"


def test_a_redirect_is_a_capture_and_nothing_else(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.document(1, status=302)
    assert log.row("SELECT state, attempts FROM entries") == ("listed", 0)
    log.document(1, reading(), url=f"{HOME}moved.html")
    assert log.row("SELECT state, attempts, document_id FROM entries") == ("done", 1, doc(1))
    assert log.value("SELECT url FROM documents") == url(1)


def test_no_answer_at_all(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.failed(Role.DOCUMENT, url(1), "timeout", detail="took longer than 60 s", column="tz", entry_url=url(1))
    found = log.row("SELECT state, state_reason, state_detail, attempts FROM entries")
    assert found == ("failed", "timeout", "took longer than 60 s", 1)


def test_a_failure_does_not_touch_what_is_held(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.document(1, reading())
    seen = log.value("SELECT last_seen FROM documents")
    at = log.now
    log.document(1, status=503)
    assert log.row("SELECT last_seen, last_checked, version FROM documents") == (seen, at, 1)
    assert log.row("SELECT state, document_id FROM entries") == ("failed", doc(1))
    log.document(1, reading())
    assert log.row("SELECT state, state_reason, attempts FROM entries") == ("done", None, 3)


def test_not_modified(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1))
    log.document(1, reading())
    seen = log.value("SELECT last_seen FROM documents")
    log.start("zhuhai-2")
    at = log.now
    log.document(1, status=304)
    assert log.row("SELECT last_seen, last_checked, version FROM documents") == (seen, at, 1)
    assert log.value("SELECT state FROM entries") == "unchanged"
    assert log.row("SELECT fetched, unchanged FROM runs WHERE id = 'zhuhai-2'") == (0, 1)


def test_failed_is_counted_when_the_run_ends_and_stays(log: Log) -> None:
    log.hold()
    log.start("zhuhai-1")
    log.list(row(1), row(2))
    log.document(1, status=404)
    log.end(Verdict.PARTIAL)
    log.start("zhuhai-2")
    log.document(2, status=404)
    log.release()
    assert log.rows("SELECT id, failed FROM runs ORDER BY id") == [("zhuhai-1", 1), ("zhuhai-2", 2)]


def test_one_page_under_several_rows(log: Log) -> None:
    log.start()
    log.list(row(1))
    log.list(row(1, url=url(1).replace("http:", "https:")), column="gg")
    log.document(1, reading())
    assert log.value("SELECT count(*) FROM documents") == 1
    assert log.rows("SELECT column_key, state, document_id FROM entries ORDER BY 1") == [
        ("gg", "done", doc(1)),
        ("tz", "done", doc(1)),
    ]
    assert log.rows("SELECT key, held FROM columns ORDER BY 1") == [("gg", 1), ("tz", 1)]


@pytest.mark.parametrize("role", [Role.ROBOTS, Role.ENTRY, Role.LIST, Role.OTHER])
def test_other_pages_are_captures_only(log: Log, role: Role) -> None:
    log.start()
    log.capture(HOME, {"role": role})
    assert log.value("SELECT role FROM captures") == role.value
    assert log.value("SELECT count(*) FROM documents") == log.value("SELECT count(*) FROM entries") == 0
    log.failed(role, HOME, "timeout")
    assert log.value("SELECT failed FROM runs") == 0


def test_a_capture_that_nothing_explains(log: Log) -> None:
    log.capture(HOME, {"role": Role.OTHER, "run": ""})
    assert log.row("SELECT run_id, portal FROM captures") == (None, "zhuhai")


def test_text_that_sqlite_cannot_hold(log: Log) -> None:
    log.start()
    log.document(1, reading("一\ud83d二\x00三", title="\udc00题"))
    assert log.row("SELECT title, text FROM documents") == ("\ufffd题", "一\ufffd二\ufffd三")


# --- once, and only once ----------------------------------------------------------------------------------------------


def everything(log: Log) -> dict[str, list[object]]:
    tables = log.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts_%'")
    return {name: log.rows(f'SELECT * FROM "{name}" ORDER BY 1, 2') for (name,) in tables if not name.startswith("_")}


def a_story(log: Log) -> None:
    log.start("zhuhai-1")
    log.columns("tz", "gg", declared=2)
    log.list(row(1), row(2), declared=2)
    log.walked()
    log.document(1, reading(attachments=(link("a.doc"),)))
    log.document(2, status=404)
    log.file(f"{HOME}files/a.doc", 1)
    log.end(Verdict.PARTIAL, requests=5, bytes=5000)
    log.start("zhuhai-2")
    log.list(row(1), row(2), row(3))
    log.document(1, reading("改。"))
    log.document(2, reading("二。"))
    log.failed(Role.DOCUMENT, url(3), "timeout", column="tz", entry_url=url(3))


def test_applying_twice_is_applying_once(log: Log) -> None:
    a_story(log)
    before = everything(log)
    again = apply(log.ledger, log.facts, file=FILE, end=700)
    assert again.facts == 0
    assert everything(log) == before
    assert log.row("SELECT name, portal, ingested_to, records FROM warc_files") == (
        *(FILE, "zhuhai", log.length, len(log.facts)),
    )


def test_the_rows_do_not_depend_on_where_batches_end(log: Log, tmp_path: Path) -> None:
    a_story(log)
    (tmp_path / "at once").mkdir()
    at_once = Log(tmp_path / "at once")
    at_once.hold()
    a_story(at_once)
    at_once.release()
    assert everything(at_once) == everything(log)


def test_a_copy_of_a_file_adds_nothing(log: Log) -> None:
    log.start()
    for text in ("一。", "二。", "一。"):
        log.document(1, reading(text))
    before = log.rows("SELECT * FROM versions"), log.rows("SELECT * FROM runs")
    copied = FILE.replace("00000", "00001")
    apply(log.ledger, [fact for fact in log.facts if not isinstance(fact, EventFact)], file=copied, end=900)
    assert (log.rows("SELECT * FROM versions"), log.rows("SELECT * FROM runs")) == before


def test_an_empty_stretch_still_moves_the_mark(log: Log) -> None:
    log.start()
    apply(log.ledger, [], file=FILE, end=777)
    apply(log.ledger, [], file=FILE, end=5)
    assert log.value("SELECT ingested_to FROM warc_files") == 777


def test_what_cannot_be_applied_leaves_no_trace(log: Log) -> None:
    log.start()
    before = everything(log)
    log.hold()
    log.document(1, reading())
    log.document(2, "not a reading")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        log.release()
    assert everything(log) == before


# --- full text --------------------------------------------------------------------------------------------------------


def hits(log: Log, words: str) -> set[str]:
    found = log.rows(
        "SELECT id FROM documents AS d JOIN documents_fts AS f ON f.rowid = d.rowid WHERE documents_fts MATCH ?",
        phrases(words),
    )
    return {name for (name,) in found}


def test_words_of_two_characters_are_found_exactly(log: Log) -> None:
    texts = [
        "财政预算执行情况",
        "关于教育经费的通知",
        "财务与行政",
        "预算财政",
        "国发〔2023〕15号文件",
        "第２０２３号令 PM2.5",
    ]
    log.start()
    for number, text in enumerate(texts):
        log.document(number, reading(text, title=""))
    for words in ("财政", "预算", "教育", "财政预算", "政预", "的通", "行政", "2023", "15号", "文件"):
        wanted = {doc(number) for number, text in enumerate(texts) if words in text.replace("２０２３", "2023")}
        assert wanted, words
        assert hits(log, words) == wanted, words
    assert hits(log, "国发[2023]15号") == {doc(4)}
    assert hits(log, "预算 财政") == {doc(0), doc(3)}
    assert hits(log, "算财") == {doc(3)}
    assert hits(log, "3") == set(), "a number is one token"


def test_the_index_follows_the_present_version(log: Log) -> None:
    log.start()
    log.document(1, reading("旧的说法"))
    log.document(1, reading("新的写法"))
    assert hits(log, "旧的") == set()
    assert hits(log, "新的") == {doc(1)}


def test_the_index_follows_a_document_that_changes_twice_in_one_batch(log: Log) -> None:
    log.start()
    log.document(1, reading("最初的说法"))
    log.document(2, reading("另一件"))
    log.hold()
    log.document(1, reading("中间的写法"))
    log.start("zhuhai-2")
    log.document(1, reading("最后的定稿"))
    log.release()
    assert [hits(log, words) for words in ("最初", "中间", "最后", "另一")] == [set(), set(), {doc(1)}, {doc(2)}]
    log.ledger.execute("INSERT INTO documents_fts (documents_fts) VALUES ('integrity-check')")


def test_text_status_is_kept(log: Log) -> None:
    log.start()
    log.document(1, reading("", text_status=TextStatus.ATTACHMENT_ONLY))
    assert log.row("SELECT text, text_status FROM documents") == ("", "attachment_only")
