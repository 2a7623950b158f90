"""Messages: one for each change of state, none twice, none lost; a server that fails is a line in the summary."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.summary import Night, NotRun, Why
from archive.vocabulary import Verdict
from crawler.notify import Addresses, notify
from tests.nightly.test_summary import NIGHT, ran


class _Mails(socketserver.ThreadingTCPServer):
    """A mail server that takes what it is given."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        super().__init__(("127.0.0.1", 0), _Dialogue)


class _Dialogue(socketserver.StreamRequestHandler):
    server: _Mails

    def handle(self) -> None:
        self.wfile.write(b"220 practice\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    body += line
                found = message_from_bytes(body, policy=policy.default)
                assert isinstance(found, EmailMessage)
                self.server.taken.append(found)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 practice\r\n")
            if word == b"QUIT":
                return


class _Hooks(HTTPServer):
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Hook)


class _Hook(BaseHTTPRequestHandler):
    server: _Hooks

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/json; charset=utf-8"
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mails() -> Iterator[_Mails]:
    server = _Mails()
    with _serving(server):
        yield server


@pytest.fixture
def hooks() -> Iterator[_Hooks]:
    server = _Hooks()
    with _serving(server):
        yield server


def night(**verdicts: Verdict) -> Night:
    return replace(NIGHT, ran=tuple(ran(key, verdict) for key, verdict in verdicts.items()), not_run=(), notes=())


def by_mail(server: socketserver.TCPServer) -> Addresses:
    return Addresses("ops@example.org, boss@example.org", f"127.0.0.1:{server.server_address[1]}", "", "me@example.org")


def test_one_mail_for_each_change_of_state(mails: _Mails, tmp_path: Path) -> None:
    told, addresses = tmp_path / "told.json", by_mail(mails)
    nights = [
        night(a=Verdict.OK, b=Verdict.PARTIAL),  # all well: nobody is told
        night(a=Verdict.BLOCKED, b=Verdict.OK),
        night(a=Verdict.BLOCKED, b=Verdict.OK),
        night(a=Verdict.UNREACHABLE, b=Verdict.PARTIAL),  # as bad as before
        night(b=Verdict.PARTIAL),  # a rests
        night(a=Verdict.OK, b=Verdict.PARTIAL),
    ]
    sent = []
    for each in nights:
        assert notify(each, addresses, told) == []
        sent.append(len(mails.taken))
    assert sent == [0, 1, 1, 1, 1, 2]
    first, last = mails.taken
    assert first["Subject"] == "gongkai: a failing"
    assert (first["From"], first["To"]) == ("me@example.org", "ops@example.org, boss@example.org")
    assert first.get_content().startswith("a: blocked: why a\n\nThe night of 2026-11-22")
    assert last["Subject"] == "gongkai: a well again"


def test_the_webhook_gets_the_changes_and_the_night(hooks: _Hooks, tmp_path: Path) -> None:
    addresses = Addresses(webhook=f"http://127.0.0.1:{hooks.server_address[1]}/hook")
    broken = replace(night(a=Verdict.OK), not_run=(NotRun("z", "", Why.PORTAL_FILE, "z.toml: portal: is missing"),))
    assert notify(broken, addresses, tmp_path / "told.json") == []
    (posted,) = hooks.taken
    assert posted["text"] == "gongkai: z failing; the night: 1 ok; 1 due and not run"
    assert posted["changes"] == [
        {"portal": "z", "good": False, "what": "portal_file", "reason": "z.toml: portal: is missing"}
    ]
    assert posted["night"]["schema"] == 1


def test_what_could_not_be_told_is_told_the_next_night(hooks: _Hooks, mails: _Mails, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    addresses = replace(by_mail(mails), webhook=f"http://127.0.0.1:{hooks.server_address[1]}/")
    hooks.status = 500
    (note,) = notify(night(a=Verdict.EMPTY), addresses, told)
    assert note == (
        "webhook: 1 changes of state could not be told: HTTP Error 500: Internal Server Error; the next night tries it"
    )
    hooks.status = 200
    assert notify(night(a=Verdict.EMPTY), addresses, told) == []
    assert [len(hooks.taken), len(mails.taken)] == [2, 1]  # the mail had gone out the first time


def test_a_night_that_was_cut_says_nothing_of_a_portal(hooks: _Hooks, tmp_path: Path) -> None:
    addresses = Addresses(webhook=f"http://127.0.0.1:{hooks.server_address[1]}/")
    cut = replace(NIGHT, ran=(ran("late", Verdict.INTERRUPTED, cut=True),), not_run=(NotRun("b", "", Why.BUDGET, ""),))
    assert notify(cut, addresses, tmp_path / "told.json") == []
    assert hooks.taken == []


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (Addresses("a@example.org", "127.0.0.1:9"), "Connection refused"),
        (Addresses("a@example.org", "http://mail"), "is no mail server; write host:port"),
        (Addresses("a@example.org", "127.0.0.1:port"), "mail: 1 changes"),
        (Addresses(webhook="http://127.0.0.1:9/"), "Connection refused"),
        (Addresses(webhook="file:///etc/passwd"), "must be an http or https address"),
    ],
)
def test_a_server_that_is_not_there_is_a_line_and_no_error(addresses: Addresses, why: str, tmp_path: Path) -> None:
    (note,) = notify(night(a=Verdict.BLOCKED), addresses, tmp_path / "told.json")
    assert why in note
    assert "\n" not in note
    assert json.loads((tmp_path / "told.json").read_text(encoding="utf-8")) == {}


def test_nobody_to_tell(tmp_path: Path) -> None:
    assert notify(night(a=Verdict.BLOCKED), Addresses(), tmp_path / "told.json") == []
    assert not list(tmp_path.iterdir())


def test_a_damaged_memory_is_said_and_begun_anew(hooks: _Hooks, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    told.write_text("[1", encoding="utf-8")
    (note,) = notify(night(a=Verdict.BLOCKED), Addresses(webhook=f"http://127.0.0.1:{hooks.server_address[1]}/"), told)
    assert "not what this program wrote" in note
    assert len(hooks.taken) == 1
