"""What the recorder keeps is what crossed the wire, in both directions, over http and over TLS."""

import json
import os
import pickle
import ssl
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from archive.vocabulary import Truncation
from archive.warc.exchange import Exchange
from archive.warc.read import resolve, walk
from archive.warc.write import WarcWriter

from .cases import ANSWERS, CASES, HINTS, Case
from .nasty import Nasty, Served

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = ("http", "https")


@dataclass
class Run:
    """A crawl over both servers, seen from both sides."""

    exchanges: list[Exchange]
    outcomes: dict[str, tuple[int | str, str | None]]
    servers: dict[str, Nasty]

    def served(self, scheme: str, path: str) -> list[Served]:
        return [served for served in self.servers[scheme].log if served.path == path]

    def recorded(self, scheme: str, path: str) -> list[Exchange]:
        return [e for e in self.exchanges if urlsplit(e.url).scheme == scheme and urlsplit(e.url).path == path]

    def capture(self, capture_id: str | None) -> Exchange | None:
        return self.exchanges[int(capture_id.rpartition(":")[2])] if capture_id else None


def identical(exchange: Exchange, served: Served) -> bool:
    """Both directions, byte for byte; of an answer that the client breaks off, as much as it took."""
    answer = served.answer
    if exchange.request != served.request or exchange.notes.get("interim", "").encode("latin-1") != answer.interim:
        return False
    if answer.partial:
        return answer.response.startswith(exchange.response) and b"\r\n\r\n" in exchange.response
    return exchange.response == answer.response


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("wire")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Nasty(ANSWERS) as http, Nasty(ANSWERS, context) as https:
        servers = {"http": http, "https": https}
        plan = [
            {"name": f"{scheme}:{case.name}", "url": servers[scheme].base + case.path, "meta": case.meta}
            | {key: value.decode("latin-1") if key == "body" else value for key, value in case.request.items()}
            for case in CASES
            for scheme in SCHEMES
        ]
        silence = {"download_timeout": 1.5, "max_retry_times": 0}  # in turn: else it may take the connection of `stale`
        via = {"proxy": http.base, "dont_obey_robotstxt": True}
        plan += [{"name": f"{scheme}:redirect", "url": servers[scheme].base + "/redirect"} for scheme in SCHEMES]
        plan += [
            {"name": "proxied", "url": "http://portal.invalid/proxied?a=1#top", "meta": via},
            {"name": "tunnelled", "url": https.base + "/tunnelled", "meta": via},
            {"name": "mute", "url": http.base + "/redirect-to-silence", "meta": silence},
            {"name": "unwritable", "url": http.base + "/unwritable"},
            {"name": "unrecorded", "url": http.base + "/unrecorded", "meta": {"dont_obey_robotstxt": True}},
        ]
        (folder / "plan.json").write_text(json.dumps(plan))
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        subprocess.run(
            [sys.executable, Path(__file__).with_name("crawl.py"), folder / "plan.json", folder / "result"],
            env=environment | {"SSL_CERT_FILE": str(folder / "ca.pem"), "PYTHONPATH": str(ROOT)},
            cwd=folder,
            check=True,
            timeout=60,
        )
    exchanges, outcomes = pickle.loads((folder / "result").read_bytes())
    return Run(exchanges, outcomes, servers)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(run: Run, scheme: str, case: Case) -> None:
    served = [served for served in run.served(scheme, case.path) if served.answer.response]
    recorded = run.recorded(scheme, case.path)
    assert [identical(*pair) for pair in zip(recorded, served, strict=True)] == [True] * len(served)
    assert [exchange.truncated for exchange in recorded] == [one.answer.truncated for one in served]
    outcome, capture = run.outcomes[f"{scheme}:{case.name}"]
    assert outcome == case.outcome
    assert run.capture(capture) is (recorded[-1] if recorded else None)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_exchange_is_identical(run: Run, scheme: str) -> None:
    paths = {served.path for served in run.servers[scheme].log} - {"/unwritable"}
    pairs = [
        pair
        for path in paths
        for pair in zip(
            run.recorded(scheme, path), [s for s in run.served(scheme, path) if s.answer.response], strict=True
        )
    ]
    same = sum(identical(*pair) for pair in pairs)
    print(f"{scheme}: {same} of {len(pairs)} exchanges identical in both directions")
    assert same == len(pairs) == sum(exchange.url.startswith(scheme + ":") for exchange in run.exchanges)
    assert len(pairs) > len(CASES)


def test_the_archive_holds_exactly_what_was_sent(run: Run, tmp_path: Path) -> None:
    """The last step: through the WARC writer and back. A 304 or an identical payload may become a revisit, which holds
    the head alone, so each exchange goes to a portal of its own."""
    for number, exchange in enumerate(run.exchanges):
        with WarcWriter(tmp_path, f"p{number}", software="test", find=lambda _digest, _url: None) as writer:
            writer.record(exchange)
            (position,) = writer.sync()
        blocks = {record.type: record.block for record in walk(resolve(tmp_path, position.file))}
        assert blocks["request"] == exchange.request
        assert blocks["response"] == exchange.response, exchange.url
    print(f"{len(run.exchanges)} of {len(run.exchanges)} exchanges are in the archive, both directions, byte for byte")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_circumstances(run: Run, scheme: str) -> None:
    [exchange] = run.recorded(scheme, "/keep-2")
    assert (exchange.ip, exchange.protocol) == ("127.0.0.1", "http/1.1")
    assert exchange.tls == {"http": "", "https": "tls/1.3"}[scheme]
    assert run.recorded(scheme, "/http-1.0")[0].protocol == "http/1.0"
    assert exchange.started_at.utcoffset() == timedelta(0)
    [hung] = run.recorded(scheme, "/hang-in-body")
    assert hung.elapsed_ms > 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_connections_are_kept_and_a_dead_one_is_asked_anew(run: Run, scheme: str) -> None:
    assert [one.turn for name in ("/keep-2", "/keep-3") for one in run.served(scheme, name)] > [0, 0]
    dropped, answered = run.served(scheme, "/stale")
    assert dropped.turn > 0
    assert answered.turn == 0
    assert dropped.request == answered.request


@pytest.mark.parametrize("scheme", SCHEMES)
def test_redirects_retries_and_robots_are_recorded(run: Run, scheme: str) -> None:
    steps = [run.recorded(scheme, path) for path in ("/redirect", "/redirect-2", "/redirect-3")]
    assert [len(step) for step in steps] == [1, 1, 1]
    status, capture = run.outcomes[f"{scheme}:redirect"]
    assert status == 200
    assert run.capture(capture) is steps[-1][0]
    for path in ("/flaky", "/cut-then-whole"):
        contexts = [exchange.context for exchange in run.recorded(scheme, path)]
        assert [context.attempt if context else None for context in contexts] == [1, 2]
    [robots] = run.recorded(scheme, "/robots.txt")
    assert robots.context is None


@pytest.mark.parametrize("scheme", SCHEMES)
def test_hints_that_no_response_follows_are_all_there_is(run: Run, scheme: str) -> None:
    [exchange] = run.recorded(scheme, "/hang-after-hints")
    assert exchange.response == HINTS
    assert exchange.truncated is Truncation.TIME


def test_a_silence_does_not_pass_for_the_redirect_that_led_to_it(run: Run) -> None:
    assert run.recorded("http", "/redirect-to-silence")
    assert run.outcomes["mute"] == ("DownloadTimeoutError", None)


def test_proxy(run: Run) -> None:
    [exchange] = run.recorded("http", "/proxied")
    assert exchange.url == "http://portal.invalid/proxied?a=1"
    assert exchange.request.startswith(b"GET http://portal.invalid/proxied?a=1 HTTP/1.1\r\n")
    assert exchange.ip == "127.0.0.1"


def test_tunnel(run: Run) -> None:
    [exchange] = run.recorded("https", "/tunnelled")
    assert exchange.request.startswith(b"GET /tunnelled HTTP/1.1\r\n")
    assert exchange.tls == "tls/1.3"
    assert run.outcomes["tunnelled"][0] == 200


def test_nothing_is_answered_that_could_not_be_kept(run: Run) -> None:
    assert run.served("http", "/unwritable")
    assert run.outcomes["unwritable"] == ("StorageError", None)


def test_nothing_is_fetched_without_a_recorder(run: Run) -> None:
    assert run.outcomes["unrecorded"] == ("StorageError", None)
    assert not run.served("http", "/unrecorded")
