"""Attachments, as their documents list them and captures make them."""

from collections.abc import Callable

import pytest

from archive.vocabulary import Role, Truncation
from tests.ledger.by_hand import HOME, Log, doc, link, reading, row, url

A_DOC = f"{HOME}files/a.doc"


@pytest.fixture
def with_file(log: Log) -> Log:
    log.start()
    log.list(row(1))
    log.document(1, reading(attachments=(link("a.doc"),)))
    return log


def test_a_file_is_listed_then_held(with_file: Log) -> None:
    log = with_file
    assert log.row("SELECT document_id, url, filename, state, sha256, text_status, version FROM attachments") == (
        *(doc(1), A_DOC, "a.doc", "listed", None, None, 1),
    )
    capture = log.file(A_DOC, 1, mime="application/msword")
    found = log.row("SELECT mime, bytes, sha256, text, text_status, capture_id, state, attempts FROM attachments")
    assert found == ("application/msword", 9, "ab" * 32, None, "no_converter", capture, "done", 1)
    assert log.value("SELECT count(*) FROM documents") == 1


def test_a_file_that_no_page_was_seen_to_link_to(with_file: Log) -> None:
    with_file.file(f"{HOME}files/b.doc", 1)
    assert with_file.rows("SELECT filename, state FROM attachments ORDER BY 1") == [
        ("a.doc", "listed"),
        ("b.doc", "done"),
    ]


def test_a_file_after_a_redirect_is_the_link_that_led_there(with_file: Log) -> None:
    log = with_file
    log.file(A_DOC, 1, status=302)
    log.file(f"{HOME}download?id=7", 1, link=A_DOC)
    assert log.rows("SELECT url, state, attempts FROM attachments") == [(A_DOC, "done", 1)]


@pytest.mark.parametrize(
    ("wrong", "state", "reason"),
    [
        (lambda log: log.file(A_DOC, 1, status=404), "failed", "404"),
        (lambda log: log.file(A_DOC, 1, refusal="soft_404"), "failed", "soft_404"),
        (lambda log: log.file(A_DOC, 1, truncated=Truncation.TIME), "failed", "truncated"),
        (lambda log: log.failed(Role.ATTACHMENT, A_DOC, "dns", document_url=url(1)), "failed", "dns"),
        (lambda log: log.failed(Role.ATTACHMENT, A_DOC, "external", document_url=url(1)), "external", "external"),
    ],
)
def test_a_file_that_cannot_be_had(with_file: Log, wrong: Callable[[Log], object], state: str, reason: str) -> None:
    wrong(with_file)
    assert with_file.row("SELECT state, state_reason, attempts FROM attachments") == (state, reason, 1)


def test_a_file_that_was_replaced_under_its_address(with_file: Log) -> None:
    log = with_file
    log.file(A_DOC, 1)
    log.file(A_DOC, 1)
    assert log.value("SELECT count(*) FROM changes WHERE kind = 'changed'") == 0
    log.file(A_DOC, 1, sha256="cd" * 32)
    found = log.row("SELECT field, before, after, version FROM changes WHERE kind = 'changed'")
    assert found == ("attachments", f"{A_DOC} sha256:{'ab' * 32}", f"{A_DOC} sha256:{'cd' * 32}", 1)
    log.file(A_DOC, 1, status=304)
    assert log.row("SELECT state, sha256 FROM attachments") == ("done", "cd" * 32)


def test_a_file_without_its_document_is_named(log: Log) -> None:
    log.start()
    capture = log.file(A_DOC, 1)
    assert log.last.orphans == (capture,)
    assert log.value("SELECT count(*) FROM attachments") == 0
    log.failed(Role.ATTACHMENT, A_DOC, "dns", document_url=url(1))
    assert log.value("SELECT count(*) FROM attachments") == 0
