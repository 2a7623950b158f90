"""A revisit whose payload is lost does not stop the reading: it counts as cut, and so is asked for again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import StorageError
from archive.events import Captured, CatalogueRow
from archive.intake.spans import Span, facts
from archive.ledger import questions
from archive.ledger.apply import apply
from archive.ledger.facts import CaptureFact
from archive.ledger.schema import open_ledger
from archive.vocabulary import Role, Truncation
from archive.warc.check import Checker, Loss, Problem
from archive.warc.exchange import Exchange
from archive.warc.read import read_at, walk
from archive.warc.repair import mend
from archive.warc.write import Original, WarcWriter

KEY = "p"
BODY = "<html><body><h1>关于印发办法的通知</h1><p>各单位：现将办法印发给你们，请认真贯彻执行。</p></body></html>" * 4


def exchange(number: int, status: int = 200) -> Exchange:
    url = f"http://p.example/{number}.html"
    answer = BODY.encode() if status == 200 else b""
    return Exchange(
        url=url,
        request=f"GET /{number}.html HTTP/1.1\r\nHost: p.example\r\n\r\n".encode(),
        response=f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode() + answer,
        started_at=datetime(2026, 11, 22, number, tzinfo=UTC),
        elapsed_ms=1,
        context=Captured(
            run="r", portal=KEY, role=Role.DOCUMENT, column="c", entry_url=url, row=CatalogueRow(url, f"行{number}")
        ),
    )


Damage = Callable[[Path, int, int], None]


def flip(path: Path, start: int, end: int) -> None:
    """A damaged byte in a file that a killed run left, mended."""
    data = bytearray(path.read_bytes())
    data[(start + end) // 2] ^= 1
    left = path.rename(path.with_name(path.name + ".open"))
    left.write_bytes(data)
    mend(left)


def remove(path: Path, _start: int, _end: int) -> None:
    path.unlink()


def swap(path: Path, start: int, end: int) -> None:
    """Another record where the original stood."""
    before, *_ = walk(path)
    data = path.read_bytes()
    copy = data[before.location.offset :][: before.location.length]
    path.write_bytes(data[:start] + copy + data[end:])


def log(folder: Path) -> tuple[Original, Span]:
    """Two files: a page, and behind it the same page at another address and an answer 304. Gives where the page lies,
    and the second file."""
    with WarcWriter(folder, KEY, software="test", find=lambda _digest, _url: None) as writer:
        writer.record(exchange(1))
        writer.record(exchange(9, 404))
    (first,) = (folder / KEY).glob("*.warc.gz")
    page, _ = [record for record in walk(first) if record.type == "response"]
    original = Original(page.id, page.uri, page.date, page.location, page.header("WARC-Payload-Digest"))
    with WarcWriter(
        folder, KEY, software="test", find=lambda _digest, _url: original, find_latest=lambda _url: original
    ) as writer:
        writer.record(exchange(2))
        writer.record(exchange(1, 304))
        (position,) = writer.sync()
    return original, Span(position.file, 0, position.end)


def captures(folder: Path, span: Span) -> list[CaptureFact]:
    return [fact for fact in facts(folder, span) if isinstance(fact, CaptureFact)]


def test_an_original_that_is_there(tmp_path: Path) -> None:
    original, span = log(tmp_path)
    same, unmodified = captures(tmp_path, span)
    assert (same.revisit_of, same.truncated, same.reading is not None) == (original.record_id, None, True)
    assert (unmodified.status, unmodified.truncated) == (304, None)


@pytest.mark.parametrize("damage", [flip, remove, swap])
def test_an_original_that_is_lost(damage: Damage, tmp_path: Path) -> None:
    original, span = log(tmp_path)
    place = original.location
    damage(tmp_path / KEY / place.file, place.offset, place.offset + place.length)
    found = captures(tmp_path, span)
    assert [fact.truncated for fact in found] == [Truncation.UNSPECIFIED] * 2
    assert [(fact.reading, fact.refusal, fact.revisit_of) for fact in found] == [(None, "", original.record_id)] * 2

    with open_ledger(tmp_path / "archive.db") as ledger:
        apply(ledger, list(facts(tmp_path, span)), file=span.file, end=span.end)
        entries = ledger.execute("SELECT state, state_reason FROM entries").fetchall()
        assert entries == [("failed", "truncated")] * 2
        assert len(questions.waiting_entries(ledger, KEY, questions.Cursor(), 9)) == 2, "they are asked for again"
        assert questions.find_payload(ledger, KEY, found[0].payload_digest) is None
        assert questions.latest_capture(ledger, KEY, found[0].url) is None


def test_an_answer_304_about_what_is_lost_leaves_a_held_document_unsure(tmp_path: Path) -> None:
    """What stands in the archive is an older version, and not what the portal has not modified."""
    original, span = log(tmp_path)
    (first,) = captures(tmp_path, Span(original.location.file, 0, original.location.offset + original.location.length))
    remove(tmp_path / KEY / original.location.file, 0, 0)
    with open_ledger(tmp_path / "archive.db") as ledger:
        apply(ledger, [replace(first, id="urn:uuid:older")], file="p-20261121T000000Z-00000.warc.gz", end=1_000_000)
        apply(ledger, list(facts(tmp_path, span)), file=span.file, end=span.end)
        query = "SELECT state, state_reason, document_id IS NOT NULL FROM entries WHERE url LIKE '%/1.html'"
        assert ledger.execute(query).fetchall() == [("failed", "truncated", 1)]


def test_a_file_that_cannot_be_read_is_another_matter(tmp_path: Path) -> None:
    original, span = log(tmp_path)
    path = tmp_path / KEY / original.location.file
    path.unlink()
    path.mkdir()  # for root, whom permissions do not bind
    with pytest.raises(StorageError, match="cannot be read"):
        captures(tmp_path, span)


def test_verify_knows_a_revisit_into_a_hole_from_one_that_leads_nowhere(tmp_path: Path) -> None:
    original, _ = log(tmp_path)
    place = original.location
    path = tmp_path / KEY / place.file
    flip(path, place.offset, place.offset + place.length)

    def check() -> list[Problem | Loss]:
        checker = Checker()
        found = [item for file in sorted((tmp_path / KEY).glob("*.gz")) for item in checker.check(file)]
        return [item for item in (*found, *checker.links()) if isinstance(item, Problem | Loss)]

    assert [type(item) for item in check()] == [Loss] * 3
    assert [item.bytes for item in check() if isinstance(item, Loss)] == [place.length, 0, 0]
    assert read_at(path, place.offset).type == "metadata"
    path.unlink()
    assert [type(item) for item in check()] == [Problem] * 2
