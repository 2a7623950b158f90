"""Encrypted connections: verified and strict, but for what a portal file asks for and one old fault; each is told."""

import json
import os
import pickle
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from archive.ledger.schema import open_ledger
from archive.warc.exchange import Exchange
from crawler import practice
from tests.crawl.harness import Bench

from .cases import plain
from .nasty import Answer, Nasty
from .oldtls import P256, P384, OldServer

ROOT = Path(__file__).resolve().parents[2]
ANSWER = plain("正文".encode())


@dataclass(frozen=True)
class Servers:
    trust: Path  # PEM of the one authority that is trusted
    self_signed_context: ssl.SSLContext
    good: Nasty
    self_signed: Nasty
    other_host: Nasty
    spoilt: OldServer
    insecure: OldServer


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("tls")
    authority, stranger = (trustme.CA(key_type=trustme.KeyType.ECDSA) for _ in range(2))
    authority.cert_pem.write_to_path(str(folder / "trust.pem"))
    for name, chain in (("here", authority.issue_cert("127.0.0.1")), ("there", authority.issue_cert("127.0.0.2"))):
        chain.private_key_pem.write_to_path(str(folder / f"{name}.key"))
        chain.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
    stranger.private_key_pem.write_to_path(str(folder / "self.key"))
    stranger.cert_pem.write_to_path(str(folder / "self.pem"))

    def context(name: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
        return made

    def modern(name: str) -> Nasty:
        return Nasty({"/": (Answer(ANSWER),), "/again": (Answer(ANSWER),)}, context(name))

    here = folder / "here.pem", folder / "here.key"
    with ExitStack() as stack:
        yield Servers(
            folder / "trust.pem",
            context("self"),
            stack.enter_context(modern("here")),
            stack.enter_context(modern("self")),
            stack.enter_context(modern("there")),
            stack.enter_context(OldServer(*here, ANSWER, spoilt=True)),
            stack.enter_context(OldServer(*here, ANSWER, insecure=True)),
        )


@dataclass(frozen=True)
class Told:
    """What became of each server: a status, or an exception's name; and what the captures say of it."""

    outcomes: dict[str, int | str]
    exchanges: list[Exchange]

    def exceptions(self, base: str) -> list[tuple[str, ...]]:
        contexts = [exchange.context for exchange in self.exchanges if exchange.url.startswith(base)]
        return [context.tls_exceptions for context in contexts if context]


def ask(servers: Servers, folder: Path, **settings: bool) -> Told:
    """Ask each server twice, the old ones too."""
    bases = {
        "good": servers.good.base + "/",
        "self_signed": servers.self_signed.base + "/",
        "other_host": servers.other_host.base + "/",
        "spoilt": servers.spoilt.url,
        "insecure": servers.insecure.url,
    }
    meta = {"dont_obey_robotstxt": True, "max_retry_times": 0}
    plan = [{"name": name, "url": base, "meta": meta} for name, base in bases.items()]
    plan += [{"name": f"{name} again", "url": f"{base}again", "meta": meta} for name, base in bases.items()]
    (folder / "plan.json").write_text(json.dumps(plan))
    subprocess.run(
        [
            *(sys.executable, Path(__file__).with_name("crawl.py")),
            *(folder / "plan.json", folder / "result", json.dumps(settings)),
        ],
        env={**os.environ, "SSL_CERT_FILE": str(servers.trust), "PYTHONPATH": str(ROOT)},
        cwd=folder,
        check=True,
        timeout=60,
    )
    exchanges, outcomes = pickle.loads((folder / "result").read_bytes())
    return Told({name: outcome for name, (outcome, _) in outcomes.items()}, exchanges)


FAILED = "DownloadFailedError"


@pytest.fixture(scope="module")
def strict(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Told:
    servers.spoilt.curves.clear()
    return ask(servers, tmp_path_factory.mktemp("strict"))


def test_by_default_certificates_are_verified_and_renegotiation_is_secure(servers: Servers, strict: Told) -> None:
    assert [strict.outcomes[name] for name in ("good", "self_signed", "other_host", "insecure")] == [200, *[FAILED] * 3]
    assert strict.exceptions(servers.good.base) == [(), ()]


def test_a_bad_point_is_answered_by_asking_on_p256_alone(servers: Servers, strict: Told) -> None:
    assert strict.outcomes["spoilt"] == strict.outcomes["spoilt again"] == 200
    first, second = servers.spoilt.curves
    assert P384 in first
    assert second == (P256,), "once more, with the one curve; the second page over the same connection"
    assert strict.exceptions(servers.spoilt.url) == [("p256_only",)] * 2
    assert all(exchange.response == ANSWER for exchange in strict.exchanges), "byte for byte, as ever"
    assert {exchange.tls for exchange in strict.exchanges if exchange.url.startswith(servers.spoilt.url)} == {"tls/1.2"}


def test_legacy_renegotiation_only_where_it_is_asked_for(servers: Servers, tmp_path: Path) -> None:
    told = ask(servers, tmp_path, GONGKAI_TLS_LEGACY=True)
    assert told.outcomes["insecure"] == 200
    assert told.exceptions(servers.insecure.url) == [("legacy_renegotiation",)] * 2
    assert told.outcomes["self_signed"] == told.outcomes["other_host"] == FAILED, "still verified"


def test_without_verification_every_capture_says_so(servers: Servers, tmp_path: Path) -> None:
    told = ask(servers, tmp_path, DOWNLOAD_VERIFY_CERTIFICATES=False)
    assert told.outcomes["self_signed"] == told.outcomes["other_host"] == 200
    assert told.exceptions(servers.self_signed.base) == [("unverified",)] * 2
    assert told.exceptions(servers.spoilt.url) == [("unverified", "p256_only")] * 2
    assert told.outcomes["insecure"] == FAILED, "renegotiation is another matter"


# --- a whole crawl ---------------------------------------------------------------------------------------------------


def test_a_portal_whose_certificate_is_not_valid(servers: Servers, tmp_path: Path) -> None:
    """By default it cannot be reached; with ``verify = false`` it can, and every capture says so, in log and ledger."""
    bench = Bench(tmp_path)
    with practice.start(["trs"], tls=servers.self_signed_context) as portals:
        text = portals["trs"].portal_file("规划计划")
        bench.portal("trs", text)
        bench.gongkai("crawl", "trs", status=1)
        verdict, reason = bench.query("SELECT verdict, reason FROM runs")[0]
        assert (verdict, portals["trs"].requests) == ("unreachable", [])
        for word in ("certificate", "verify = false", portals["trs"].url):
            assert word in str(reason)
        bench.portal("trs", text.replace("[fetch]", "[fetch]\nverify = false"))
        bench.gongkai("crawl", "trs", "--limit", "2", status=None)
        assert "fetch.verify" in bench.gongkai("portals", "--check", status=None)
    said = bench.query("SELECT DISTINCT tls_exceptions FROM captures WHERE url LIKE 'https:%'")
    assert said == [("unverified",)]
    assert bench.value("SELECT count(*) FROM documents") == 2
    before = bench.tables()["captures"]
    bench.gongkai("rebuild")
    assert bench.tables()["captures"] == before, "and so the WARC files say it"
    (run,) = bench.query("SELECT id FROM runs ORDER BY started_at DESC LIMIT 1")[0]
    assert "verify = false" in (bench.data / "runs" / str(run) / "issues.jsonl").read_text(encoding="utf-8")


def test_an_older_database_gets_the_column(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_ledger(path) as ledger:
        ledger.execute("ALTER TABLE captures DROP COLUMN tls_exceptions")
        ledger.execute("DELETE FROM _sqlite_migrations WHERE name = '0003_tls_exceptions'")
    with open_ledger(path) as ledger:
        assert ledger.execute("SELECT count(tls_exceptions) FROM captures").fetchone() == (0,)
