"""What others ask the ledger."""

import pytest

from archive.events import CatalogueRow, Location
from archive.ledger import questions
from archive.ledger.questions import Cursor, Found
from archive.vocabulary import Role, Truncation, Verdict, WalkEnd
from archive.warc.records import Original
from tests.ledger.by_hand import FILE, HOME, PORTAL, Log, doc, link, reading, row, url


def waiting(log: Log, cursor: Cursor | None = None, limit: int = 99, **more: object) -> list[str]:
    found = questions.waiting_entries(log.ledger, PORTAL, cursor or Cursor(), limit, **more)  # type: ignore[arg-type]
    return [entry.url for entry in found]


def test_waiting_rows_are_those_not_held(log: Log) -> None:
    log.start()
    log.list(row(1), row(2), row(3, external=True), row(4))
    log.document(1, reading())
    log.document(2, status=500)
    assert waiting(log) == [url(2), url(4)]
    assert waiting(log, again=True) == [url(1), url(2), url(4)]
    assert questions.waiting_entries(log.ledger, "other", Cursor(), 9) == []
    for name, wanted in ((1, False), (2, True), (3, False), (4, True), (5, True)):
        assert questions.needs_fetch(log.ledger, PORTAL, "tz", url(name)) is wanted


def test_a_cursor_hands_each_row_out_once(log: Log) -> None:
    log.start()
    log.list(*(row(name) for name in range(5)))
    cursor = Cursor()
    assert waiting(log, cursor, 2) == [url(0), url(1)]
    log.document(0, status=500)  # failed just now: not again in this run
    assert waiting(log, cursor, 2) == [url(2), url(3)]
    assert waiting(log, cursor, 2) == [url(4)]
    assert waiting(log, cursor, 2) == []


def test_a_waiting_row_comes_as_its_list_gave_it(log: Log) -> None:
    given = CatalogueRow(url(1), "标题", "2026-11-20 09:00", (("索引号", "1/2026-1"),), ((f"{HOME}a.doc", "a.doc"),))
    log.start()
    log.list(given)
    log.list(row(2, date=""), column="gg")
    (entry, bare) = questions.waiting_entries(log.ledger, PORTAL, Cursor(), 9)
    assert (entry.column, entry.url, entry.row, entry.attempts) == ("tz", url(1), given, 0)
    assert bare.row == CatalogueRow(url(2), "关于2的通知")


@pytest.mark.parametrize("again", [False, True])
def test_an_address_in_several_columns_comes_once(log: Log, again: bool) -> None:
    log.start()
    log.list(row(1, date="2020-01-01"), row(2))
    log.list(row(1, date="2026-11-20"), row(3), column="gg")
    assert waiting(log, again=again) == [url(1), url(2), url(3)]
    assert waiting(log, again=again, dated_since="2026-01-01") == [url(2), url(1), url(3)]


def test_narrowed_to_dates_and_to_this_run(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1, date="2026-11-19"), row(2, date="2026-11-20"), row(3, date="?"), row(4))
    assert waiting(log, dated_since="2026-11-20") == [url(2), url(3), url(4)]
    log.start("zhuhai-2")
    started = log.value("SELECT started_at FROM runs WHERE id = 'zhuhai-2'")
    log.list(row(3), row(5))
    assert waiting(log, seen_since=started) == [url(3), url(5)]


def test_waiting_files(log: Log) -> None:
    log.start()
    log.document(1, reading(attachments=(link("a.doc"), link("b.doc"), link("c.doc"))))
    log.file(f"{HOME}files/a.doc", 1)
    log.failed(Role.ATTACHMENT, f"{HOME}files/b.doc", "timeout", document_url=url(1))
    cursor = Cursor()
    found = questions.waiting_files(log.ledger, PORTAL, cursor, 9)
    assert [(file.document_url, file.url, file.filename, file.attempts) for file in found] == [
        (url(1), f"{HOME}files/b.doc", "b.doc", 1),
        (url(1), f"{HOME}files/c.doc", "c.doc", 0),
    ]
    log.document(0, reading("二。", attachments=(link("d.doc"),)))
    assert [file.filename for file in questions.waiting_files(log.ledger, PORTAL, cursor, 9)] == ["d.doc"]
    assert questions.files_failed(log.ledger, PORTAL) == 3
    log.document(1, reading("一。", attachments=(link("c.doc"),)))
    found = questions.waiting_files(log.ledger, PORTAL, Cursor(), 9)
    assert [file.filename for file in found] == ["c.doc", "d.doc"], "b.doc is linked no longer"


def test_how_far_a_file_has_been_read(log: Log) -> None:
    log.start()
    assert questions.ingested_to(log.ledger, FILE) == 100
    assert questions.ingested_to(log.ledger, "other") == 0


def test_the_payload_of_an_earlier_record(log: Log) -> None:
    log.start()
    digest = "sha256:" + "1" * 64
    log.document(1, payload_digest=digest, truncated=Truncation.LENGTH)
    log.document(3, reading(), payload_digest=digest, revisit_of="urn:uuid:lost")
    assert not questions.holds_payloads(log.ledger, PORTAL)
    log.document(2, payload_digest=digest, status=500)
    assert questions.find_payload(log.ledger, PORTAL, digest) is None
    at = log.now
    whole = log.document(4, reading(), payload_digest=digest)
    wanted = Original(whole, url(4), at, Location(FILE, 400, 100), digest)
    log.document(5, reading(), payload_digest=digest)
    assert questions.find_payload(log.ledger, PORTAL, digest) == wanted
    assert questions.holds_payloads(log.ledger, PORTAL)
    assert not questions.holds_payloads(log.ledger, "other")
    assert questions.find_payload(log.ledger, "other", digest) is None


def test_what_a_304_is_about(log: Log) -> None:
    log.start()
    assert questions.latest_capture(log.ledger, PORTAL, url(1)) is None
    first = log.document(1, reading())
    log.document(1, reading(), revisit_of=first)
    log.document(1, status=500)
    found = questions.latest_capture(log.ledger, PORTAL, url(1))
    assert found is not None
    assert found.record_id == first
    assert questions.latest_capture(log.ledger, "other", url(1)) is None


@pytest.mark.parametrize(
    "name",
    [
        doc(1),
        url(1),
        url(1).replace("http:", "https:") + "#top",
        f" {url(1)} ",
        f"{HOME}moved.html",
        "珠府办〔2026〕7号",
        "珠府办[2026]7号",
        "珠府办（2026）07号",
        "关于财政预算的通知(珠府办﹝2026﹞7号)",
        "珠府办〔2026〕8号",
        "000014349/2026-00007",
    ],
)
def test_documents_by_name(log: Log, name: str) -> None:
    both = (("doc_number", "珠府办〔2026〕7号、珠府办〔2026〕8号"), ("doc_number_key", "珠府办|2026|7"))
    log.start()
    log.document(1, reading(fields=(*both, ("index_number", "000014349/2026-00007"))), url=f"{HOME}moved.html")
    log.document(2, reading(fields=(("doc_number", "珠府办〔2026〕71号"), ("doc_number_key", "珠府办|2026|71"))))
    wanted = Found(doc(1), PORTAL, "关于财政预算的通知", url(1), "珠府办〔2026〕7号、珠府办〔2026〕8号")
    assert questions.find_documents(log.ledger, name) == [wanted]


@pytest.mark.parametrize("name", ["", "没有", "http://elsewhere.example/", "珠府办〔2026〕9号", "%"])
def test_no_document_by_that_name(log: Log, name: str) -> None:
    log.start()
    log.document(1, reading())
    assert questions.find_documents(log.ledger, name) == []


def test_the_balance_of_a_column(log: Log) -> None:
    log.start()
    log.columns("tz", "gg", declared=9)
    log.list(*(row(name) for name in range(6)), row(6, external=True))
    log.document(0, reading())
    log.document(1, status=404)
    log.document(2, status=404)
    log.document(3, refusal="soft_404")
    log.walked(WalkEnd.PAGE_MISSING, detail="page 2 answered 404")
    tz, gg = questions.column_balance(log.ledger, PORTAL)
    assert (tz.key, tz.name, tz.declared, tz.listed, tz.held, tz.waiting, tz.external) == (
        "tz",
        "栏目tz",
        9,
        7,
        1,
        2,
        1,
    )
    assert tz.failed == {"404": 2, "soft_404": 1}
    assert tz.listed == tz.held + tz.waiting + tz.external + sum(tz.failed.values())
    assert (tz.walk_end, tz.walk_detail, tz.last_complete_walk) == ("page_missing", "page 2 answered 404", "")
    assert (gg.key, gg.listed, gg.walk_end) == ("gg", 0, "")


def test_rows_stand_until_a_walk_to_the_end_misses_them(log: Log) -> None:
    log.start("zhuhai-1")
    log.list(row(1), row(2))
    log.document(1, status=404)
    log.start("zhuhai-2")
    log.list(row(2))
    (balance,) = questions.column_balance(log.ledger, PORTAL)
    assert (balance.shown, balance.listed, balance.waiting, balance.failed, balance.gone) == (1, 2, 1, {"404": 1}, 0)
    log.walked(WalkEnd.LAST_PAGE, listed=1)
    (balance,) = questions.column_balance(log.ledger, PORTAL)
    assert (balance.shown, balance.listed, balance.waiting, balance.failed, balance.gone) == (1, 1, 1, {}, 1)


def test_a_column_that_the_portal_took_away_is_not_judged(log: Log) -> None:
    log.start("zhuhai-1")
    log.columns("tz", "old")
    log.start("zhuhai-2")
    log.columns("tz")
    assert [column.key for column in questions.column_balance(log.ledger, PORTAL)] == ["tz"]
    log.start("zhuhai-3")  # its entry pages did not open: what is known stays
    assert [column.key for column in questions.column_balance(log.ledger, PORTAL)] == ["tz"]


def test_fill(log: Log) -> None:
    assert questions.fill(log.ledger, PORTAL)["title"] == 0.0
    log.start()
    log.document(1, reading())
    log.document(2, reading("", title="", fields=()))
    found = questions.fill(log.ledger, PORTAL)
    assert (found["title"], found["doc_number"], found["issuer"], found["text"]) == (0.5, 0.5, 0.0, 0.5)


def test_runs_and_verdicts(log: Log) -> None:
    assert questions.run_counts(log.ledger, "zhuhai-1", PORTAL) == questions.RunCounts()
    assert questions.last_verdicts(log.ledger) == {}
    log.start("zhuhai-1")
    log.end(Verdict.OK)
    log.start("zhuhai-2")
    log.end(Verdict.PARTIAL, reason="why")
    log.start("zhuhai-3")
    log.list(row(1), row(2))
    log.document(1, reading())
    assert [(run.id, run.verdict, run.reason) for run in questions.runs(log.ledger, 2)] == [
        ("zhuhai-3", None, None),
        ("zhuhai-2", "partial", "why"),
    ]
    assert questions.unfinished_runs(log.ledger, PORTAL) == ["zhuhai-3"]
    assert questions.last_verdicts(log.ledger) == {PORTAL: Verdict.PARTIAL}
    counts = questions.run_counts(log.ledger, "zhuhai-3", PORTAL)
    assert counts == questions.RunCounts(listed=2, fetched=1, new=1, waiting=1)
    assert [portal.name for portal in questions.portals(log.ledger)] == ["珠海市人民政府"]
