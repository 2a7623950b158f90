"""A page that crashes or hangs its reader costs one reading, nothing else."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.events import Captured, CatalogueRow
from archive.intake import spans, workers
from archive.intake.bundles import opened
from archive.intake.mark import Mark, room
from archive.intake.pipes import pack, receive, send
from archive.intake.spans import Span
from archive.ledger.facts import CaptureFact
from archive.vocabulary import Role, TextStatus
from archive.warc.exchange import Exchange
from archive.warc.write import WarcWriter

PAGE = (
    "<html><head><title>通知</title></head><body><h1>通知</h1><div class='TRS_Editor'><p>{}</p>"
    "<p>现将有关事项通知如下，请认真贯彻执行。</p></div></body></html>"
)
POISON = "毒"


def exchange(number: int, words: str) -> Exchange:
    body = PAGE.format(words).encode()
    url = f"http://p.example/{number}.html"
    return Exchange(
        url=url,
        request=f"GET /{number}.html HTTP/1.1\r\nHost: p.example\r\n\r\n".encode(),
        response=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body,
        started_at=datetime(2026, 11, 22, tzinfo=UTC),
        elapsed_ms=1,
        context=Captured(run="r", portal="p", role=Role.DOCUMENT, entry_url=url, row=CatalogueRow(url, f"行{number}")),
    )


@pytest.fixture
def span(tmp_path: Path) -> Span:
    """Five captures in one file; the third poisons its reader."""
    with WarcWriter(tmp_path, "p", software="test", find=lambda _digest, _url: None) as writer:
        for number in range(5):
            writer.record(exchange(number, POISON if number == 2 else f"第{number}号文件"))
        (position,) = writer.sync()
    return Span(position.file, 0, position.end)


@pytest.fixture
def pool(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[workers.Workers]:
    """Workers whose reader does something terrible with the poisoned page: a child process imports this module.

    There a page may take half a second of work."""
    monkeypatch.setattr(workers, "MODULE", __name__)
    monkeypatch.setenv("GONGKAI_TEST_POISON", request.param)
    made = workers.Workers(tmp_path, count=1, patience=1.5 if request.param == "hang" else 60)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("pool", "why"),
    [
        ("crash", "reader_crashed (SIGSEGV)"),
        ("hang", "reader_timed_out after 1.5 s"),
        ("toil", "reader_timed_out after 8 s of work"),
        ("fault", "reader_crashed (RuntimeError: a fault of ours)"),
        ("eat", "reader_out_of_memory with 3072 MB"),
    ],
    indirect=["pool"],
)
def test_one_reading_is_lost_and_no_other(pool: workers.Workers, span: Span, why: str) -> None:
    facts = opened(pool.read(span).result(timeout=60))
    found = [fact for fact in facts if isinstance(fact, CaptureFact)]
    assert [fact.url[-6] for fact in found] == list("01234")
    readings = [fact.reading for fact in found]
    assert [reading.text_status for reading in readings if reading] == [
        TextStatus.UNREADABLE if number == 2 else TextStatus.OK for number in range(5)
    ]
    assert readings[2] is not None
    assert readings[2].title == "行2"
    assert why in readings[2].flags[0]


@pytest.mark.parametrize(("together", "sizes"), [(64, [5]), (2, [2, 2, 1])])
def test_facts_are_sent_together(
    span: Span, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int, sizes: list[int]
) -> None:
    """No more at a time than may be lost, and the end of each in the file: there a death has the reading go on."""
    monkeypatch.setattr(workers, "TOGETHER", together)
    told: list[tuple[int, int]] = []

    def say(kind: int, body: bytes) -> None:
        number, end = workers._SENT.unpack_from(body)
        told.append((number, end))
        assert (kind == workers._LAST) == (len(told) == len(sizes))

    outbox = workers._Outbox(say)
    found = list(spans.facts(tmp_path, span))
    for fact in found:
        outbox.put(fact)
    outbox.send(workers._LAST)
    ends = [fact.location.offset + fact.location.length for fact in found]
    assert [number for number, _ in told] == sizes
    assert [end for _, end in told] == [ends[sum(sizes[:n]) - 1] for n in range(1, len(sizes) + 1)]


def test_a_worker_whose_parent_goes_ends_quietly(span: Span, tmp_path: Path) -> None:
    """In the middle of a span, say: nobody reads what it has to tell."""
    file = room()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-m", workers.MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            bufsize=0,
            pass_fds=(file,),
        )
        os.close(file)
        assert child.stdin is not None
        assert child.stdout is not None
        receive(child.stdout)  # that it is awake
        child.stdout.close()
        send(child.stdin, pack((tmp_path, span, file)))
        child.stdin.close()
        assert child.wait(60) == 0
        said.seek(0)
        assert said.read() == b""


def test_a_mark_is_seen_by_others() -> None:
    """A second map of the file is what another process has of it."""
    file = room()
    try:
        with closing(Mark(file)) as one, closing(Mark(file)) as other:
            before = time.monotonic()
            one.set(70, 10**12)
            assert other.get()[:2] == (70, 10**12)
            assert before <= other.get()[2] <= time.monotonic()
    finally:
        os.close(file)


@pytest.mark.parametrize("pool", ["hang"], indirect=True)
def test_suspects_never_have_the_last_reader(pool: workers.Workers, span: Span, tmp_path: Path) -> None:
    """While one portal's pages hang reader after reader, another's are read."""
    pool.close()
    with WarcWriter(tmp_path, "good", software="test", find=lambda _digest, _url: None) as writer:
        writer.record(exchange(1, "好"))
        (position,) = writer.sync()
    two = workers.Workers(tmp_path, count=2, patience=1.5)
    try:
        assert two.read(span).result(timeout=60)  # from now on it is one
        hanging = [two.read(span) for _ in range(3)]
        assert two.read(Span(position.file, 0, position.end)).result(timeout=60)
        assert not all(future.done() for future in hanging)
    finally:
        two.close()


def _poisoned(read):  # type: ignore[no-untyped-def]
    def reader(page, row):  # type: ignore[no-untyped-def]
        if POISON.encode() in page.body:
            if os.environ["GONGKAI_TEST_POISON"] == "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            if os.environ["GONGKAI_TEST_POISON"] == "toil":
                re.match("(a|aa)+$", "a" * 100 + "b")  # not a line of Python is run in it: the kernel has to end it
            if os.environ["GONGKAI_TEST_POISON"] == "fault":
                raise RuntimeError("a fault\nof ours")
            if os.environ["GONGKAI_TEST_POISON"] == "eat":
                _ = b"0" * (workers.MEMORY + 1)
            time.sleep(3600)
        return read(page, row)

    return reader


if __name__ == "__main__":
    spans.read = _poisoned(spans.read)
    workers.LIMIT = 0.5
    workers.main()
