"""Pages that only scripts fill: a real Chromium renders them, and reaches nothing but what the crawl hands it."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastwarc import ArchiveIterator as FastIterator
from playwright.sync_api import sync_playwright

from archive.intake.spans import Span, facts
from archive.urls import document_id
from archive.warc.exchange import DOM, PAGEINFO, VIEW
from archive.warc.read import Record, stretches, walk
from crawler.browser import chromium
from crawler.browser.errands import cookies, request_headers
from crawler.browser.tab import AGAIN
from crawler.portal_rules import faults as faults_of
from crawler.practice import Barrier, Faults, Robots, RunningPortal, server, start
from crawler.practice.javascript import foreign
from tests.crawl.harness import ROOT, Bench

KEY = "javascript"
BY_ADDRESS, BY_CLICK, FAILING = "政府文件", "通知公告", "规划计划"


@pytest.fixture(scope="module", autouse=True)
def browser() -> str:
    """Without one these tests fail: `make browser` sees to it."""
    found = chromium.find()
    if found is None:
        pytest.fail(f"these tests need a browser; {chromium.INSTALL}")
    return str(found)


@dataclass
class Crawled:
    bench: Bench
    portal: RunningPortal
    sent: list[bytearray] = field(default_factory=list)  # what the server sent, by connection

    @property
    def records(self) -> list[Record]:
        return [record for path in sorted(self.bench.data.glob("warc/*/*.warc.gz")) for record in walk(path)]

    def rendered(self, kind: str) -> dict[str, bytes]:
        """The records of renderings by the page's URL; of several of a URL, the last."""
        found = [record for record in self.records if record.type == "resource" and record.uri.startswith(kind)]
        return {record.uri.removeprefix(kind): record.block for record in found}


class Copying(BufferedIOBase):
    """A stream to a client that keeps what goes through it."""

    def __init__(self, stream: Any, copy: bytearray) -> None:
        self.stream, self.copy = stream, copy

    def write(self, data: Any) -> int:
        self.copy += data
        return int(self.stream.write(data))

    def flush(self) -> None:
        self.stream.flush()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of the whole portal, with the server's side of the wire."""
    sent: list[bytearray] = []
    setup = server._Handler.setup

    def copying(handler: Any) -> None:
        setup(handler)
        sent.append(bytearray())
        handler.wfile = Copying(handler.wfile, sent[-1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server._Handler, "setup", copying)
        with start([KEY], faults={KEY: Faults(robots=Robots.ALLOW)}) as portals:
            bench = Bench(tmp_path_factory.mktemp("rendered"), portals.values())
            bench.gongkai("crawl", KEY, status=1)  # partial: the service of one column fails
            yield Crawled(bench, portals[KEY], sent)


# --- what comes of it -----------------------------------------------------------------------------------------------


def test_every_document_is_held_with_what_its_page_states(crawled: Crawled) -> None:
    truths = crawled.portal.truth.documents
    held = {row[0] for row in crawled.bench.query("SELECT id FROM documents")}
    assert held == {document_id(KEY, truth.url) for truth in truths}
    for truth in truths:
        document = document_id(KEY, truth.url)
        for name, value in truth.fields.items():
            found = crawled.bench.value(f"SELECT {name} FROM documents WHERE id = ?", document)
            assert found == value or not name.startswith("date_"), (truth.url, name, found)
            assert found, (truth.url, name)
        text = str(crawled.bench.value("SELECT text FROM documents WHERE id = ?", document))
        assert truth.document.paragraphs[-2] in text
        files = crawled.bench.query("SELECT sha256, state FROM attachments WHERE document_id = ?", document)
        assert dict(files) == {file.sha256: "done" for file in truth.attachments}
    assert not crawled.bench.query("SELECT 1 FROM versions WHERE version > 1"), "the unfinished page is no version"


def test_columns_end_as_they_must(crawled: Crawled) -> None:
    for column in crawled.portal.truth.columns:
        found = crawled.bench.query("SELECT declared_total, listed, walk_end FROM columns WHERE name = ?", column.name)
        assert found == [(column.declared_total, column.listed, column.end.value)], column.why
    verdict, reason = crawled.bench.query("SELECT verdict, reason FROM runs")[0]
    assert verdict == "partial"
    assert FAILING in str(reason)


def test_requests_of_the_run_are_those_that_the_portal_saw(crawled: Crawled) -> None:
    assert crawled.bench.value("SELECT requests FROM runs") == len(crawled.portal.requests)


# --- what is asked, and of whom -------------------------------------------------------------------------------------


def test_no_host_of_others_is_contacted(crawled: Crawled) -> None:
    """Scripts, pictures, frames, sockets, beacons, prefetching and windows: the page tries them all."""
    here = urlsplit(crawled.portal.url).netloc
    assert {request.header("Host") for request in crawled.portal.requests} == {here}
    assert all(b"data-counted" not in page for page in crawled.rendered(DOM).values())
    info = json.loads(crawled.rendered(PAGEINFO)[crawled.portal.url + "zwgk/zfwj/"])
    script = foreign(crawled.portal.url) + "js/count.js"
    assert info["urls"][script] == {"status": 0, "mime": "", "type": "Script", "error": "private_address"}


def test_robots_txt_holds_for_what_a_page_loads(crawled: Crawled) -> None:
    assert "/admin/seal.gif" not in {request.path for request in crawled.portal.requests}
    info = json.loads(crawled.rendered(PAGEINFO)[crawled.portal.url + "zwgk/zfwj/"])
    assert info["urls"][crawled.portal.url + "admin/seal.gif"]["error"] == "robots_forbidden"


def test_what_pages_share_is_asked_for_once_and_a_counter_not_for_ever(crawled: Crawled) -> None:
    asked = Counter(request.path for request in crawled.portal.requests)
    shared = [path for path in asked if path.startswith(("/js/", "/images/"))]
    assert "/images/back.gif" in shared
    assert all(asked[path] == 1 for path in shared), asked
    assert (
        0
        < asked["/api/visits"]
        <= AGAIN * len(crawled.rendered(DOM))
        + AGAIN * len([request for request in crawled.portal.requests if request.path == "/api/search"])
    )


def test_every_request_says_who_we_are(crawled: Crawled) -> None:
    for request in crawled.portal.requests:
        assert request.header("User-Agent").startswith("Gongkai/"), request.target
        assert request.header("Accept-Encoding") == "gzip"
        assert not [name for name, _ in request.headers if name.lower().startswith("sec-")]


def test_documents_that_the_server_renders_cost_one_request(crawled: Crawled) -> None:
    asked = Counter(request.path for request in crawled.portal.requests)
    for truth in crawled.portal.truth.documents:
        if BY_ADDRESS in truth.columns:
            assert asked[urlsplit(truth.url).path] == 1
            role = crawled.bench.query("SELECT role, mime FROM captures WHERE url = ?", truth.url)
            assert role == [("document", "text/html")]


def test_the_headers_of_a_browser() -> None:
    browser = {"user-agent": "Chromium", "sec-ch-ua": "x", "accept": "*/*", "cookie": "a=1", "x-token": "t"}
    assert request_headers(browser) == {"accept": "*/*", "x-token": "t"}
    assert cookies("a=1; b=x=y;; c") == {"a": "1", "b": "x=y"}
    assert cookies("") == {}


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_every_exchange_is_recorded_byte_for_byte(crawled: Crawled) -> None:
    """In both directions: what the browser was handed is what crossed the wire."""
    answered = b"\0".join(map(bytes, crawled.sent))
    answers = [record for record in crawled.records if record.type == "response"]
    asked = [record for record in crawled.records if record.type == "request"]
    assert len(asked) == len(crawled.portal.requests)
    assert all(record.block in answered for record in answers)
    seen = Counter(
        (request.method, request.target, request.headers, request.body) for request in crawled.portal.requests
    )
    for record in asked:
        head, _, body = record.block.partition(b"\r\n\r\n")
        line, *headers = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        pairs = tuple((name, value) for name, _, value in (header.partition(": ") for header in headers))
        seen[(method, target, pairs, body)] -= 1
    assert not +seen, "requests that are not in the WARC as they arrived"


def test_a_rendered_page_its_look_and_what_it_was_made_of(crawled: Crawled) -> None:
    pages, looks, infos = (crawled.rendered(kind) for kind in (DOM, VIEW, PAGEINFO))
    assert set(pages) == set(looks) == set(infos)
    assert all(look[:4] == b"RIFF" and look[8:12] == b"WEBP" for look in looks.values())
    known = {record.id: record.uri for record in crawled.records}
    for truth in crawled.portal.truth.documents:
        if BY_CLICK in truth.columns:
            assert truth.document.title in pages[truth.url].decode()
            info = json.loads(infos[truth.url])
            service = next(url for url in info["urls"] if "/api/document" in url)
            assert info["urls"][service]["status"] == 200
            assert known[info["urls"][service]["record"]] == service
            assert known[info["urls"][truth.url]["record"]] == truth.url
            assert info["browser"].startswith("chromium ")


def test_a_document_leads_to_the_page_as_rendered(crawled: Crawled) -> None:
    truth = next(truth for truth in crawled.portal.truth.documents if BY_CLICK in truth.columns)
    assert truth.document.title in crawled.bench.gongkai("show", truth.url, "--html")
    assert f"WARC-Target-URI: {DOM}{truth.url}" in crawled.bench.gongkai("show", truth.url, "--warc")


def test_the_archive_proves_whole_to_us_and_to_others(crawled: Crawled) -> None:
    assert "all in order" in crawled.bench.gongkai("verify")
    for path in crawled.bench.data.glob("warc/*/*.warc.gz"):
        check = [sys.executable, "-m", "warcio.cli", "check", str(path)]
        done = subprocess.run(check, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        assert sum(1 for _ in FastIterator(str(path), parse_http=False)) == len(crawled.records)


def test_a_rendering_is_read_whole_wherever_a_stretch_ends(crawled: Crawled) -> None:
    for path in crawled.bench.data.glob("warc/*/*.warc.gz"):
        whole = [*facts(path.parents[1], Span(path.name, 0, path.stat().st_size))]
        cut = [*stretches(path, 0, 1)]
        assert len(cut) > len(crawled.rendered(DOM))
        assert [fact for start, end in cut for fact in facts(path.parents[1], Span(path.name, start, end))] == whole


def test_the_database_is_made_again_from_the_warc_files_alone(crawled: Crawled) -> None:
    before = crawled.bench.tables()
    crawled.bench.gongkai("rebuild")
    assert crawled.bench.tables() == before


# --- other portals, other days --------------------------------------------------------------------------------------


def test_an_allowed_host_another_skin_and_a_difficult_wire(tmp_path: Path) -> None:
    """Rows that grow by pressing; GBK, gzip, chunks, and a server that is busy at first."""
    troubles = Faults(gbk=True, gzip=True, chunked=True, busy_once=True)
    with start([KEY], faults={KEY: troubles}, variation=2) as portals:
        portal, bench = portals[KEY], Bench(tmp_path)
        host = urlsplit(foreign(portal.url)).netloc
        text = portal.portal_file(BY_CLICK, BY_ADDRESS)
        bench.portal(KEY, text.replace("[fetch]", f'[fetch]\nbrowser_hosts = ["{host}"]'))
        bench.gongkai("crawl", KEY, "--limit", "1", status=None)
        for name in (BY_CLICK, BY_ADDRESS):
            column = portal.truth.column(name)
            found = bench.query("SELECT listed, walk_end FROM columns WHERE name = ?", name)
            assert found == [(column.listed, column.end.value)]
        titles = {truth.document.title for truth in portal.truth.documents}
        assert bench.value("SELECT title FROM documents") in titles
        assert all(b'data-counted="yes"' in page for page in Crawled(bench, portal).rendered(DOM).values())
        theirs = {request.path for request in portal.requests if request.header("Host") == host}
        assert theirs == {"/robots.txt", "/js/count.js", "/pixel.gif", "/share.html"}
        assert "all in order" in bench.gongkai("verify")


def test_a_page_that_never_ends_is_given_up(tmp_path: Path) -> None:
    program = (
        "import sys, crawler.browser.tab as tab\n"
        "tab.PATIENCE = 1\n"
        "from crawler.cli import main\n"
        "sys.argv[0] = 'gongkai'\n"
        "main()"
    )
    with start([KEY]) as portals:
        bench, url = Bench(tmp_path), f"{portals[KEY].url}zwgk/endless.html"
        bench.portal(KEY, portals[KEY].portal_file(FAILING).replace(f"{portals[KEY].url}zwgk/ghjh/", url))
        words = [sys.executable, "-c", program, *bench.words("crawl", KEY)[3:]]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr
        assert done.returncode == 1
        assert f"{url}: browser" in done.stdout
        assert "kept busy for too long" in next(bench.data.glob("runs/*/issues.jsonl")).read_text()


def test_a_challenge_met_by_a_script_ends_the_run_and_is_not_rendered(tmp_path: Path) -> None:
    barrier = Faults(barrier=Barrier.RUISHU_412, barrier_after=6)
    with start([KEY], faults={KEY: barrier}) as portals:
        bench = Bench(tmp_path)
        bench.portal(KEY, portals[KEY].portal_file(BY_CLICK))
        bench.gongkai("crawl", KEY, status=1)
        assert bench.value("SELECT verdict FROM runs") == "blocked"
        assert all(b"$_ts" not in page for page in Crawled(bench, portals[KEY]).rendered(DOM).values())
        assert len(portals[KEY].requests) < 15


def test_a_missing_browser_is_one_line_that_says_what_to_install(tmp_path: Path) -> None:
    with start([KEY]) as portals:
        bench = Bench(tmp_path, portals.values())
        nowhere = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
        shown = bench.gongkai("crawl", KEY, status=2, env=nowhere)
    assert shown.splitlines()[-1] == f"gongkai: {KEY} needs a browser, and there is none; {chromium.INSTALL}"
    assert not portals[KEY].requests


def test_what_a_portal_file_may_say_of_the_browser() -> None:
    portal = {"name": "某市", "home": "http://www.example.gov.cn/", "division": "440400"}
    column = {"family": "static", "url": "http://www.example.gov.cn/zwgk/"}
    for value, wrong in ((True, 0), ("lists", 0), (False, 0), ("documents", 1), (1, 1)):
        assert len([*faults_of({"portal": portal, "column": [column | {"browser": value}]})]) == wrong
    fetch = {"browser_hosts": ["res.example.cn", "not a host"]}
    found = [*faults_of({"portal": portal, "column": [column], "fetch": fetch})]
    assert [fault.place for fault in found] == ["fetch.browser_hosts"]


def test_where_a_browser_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert chromium.find() is None
    for name in ("chromium-1200/chrome-linux64/chrome", "chromium_headless_shell-1200/chrome-linux/headless_shell"):
        own = tmp_path / name
        own.parent.mkdir(parents=True)
        own.touch(0o755)
    assert chromium.find() == own, "a headless shell before a whole browser"
    of_the_system = tmp_path / "chromium"
    of_the_system.touch(0o755)
    assert chromium.find() == of_the_system


# --- replay ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def wayback(crawled: Crawled, tmp_path: Path) -> Iterator[str]:
    """pywb with the archive in its collection ``c``."""
    if shutil.which("wb-manager") is None:
        pytest.skip("pywb is not installed: it is a second opinion, not a dependency")
    files = map(str, sorted(crawled.bench.data.glob("warc/*/*.warc.gz")))
    subprocess.run(["wb-manager", "init", "c"], cwd=tmp_path, check=True)
    subprocess.run(["wb-manager", "add", "c", *files], cwd=tmp_path, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "log").open("w")
    with subprocess.Popen(
        ["wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=tmp_path, stdout=log, stderr=log
    ) as pywb:
        try:
            deadline = time.monotonic() + 60
            while not _listens(port):
                assert pywb.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline
            yield f"http://127.0.0.1:{port}/c"
        finally:
            pywb.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_pywb_replays_the_pages_as_rendered_and_as_scripts_render_them(
    crawled: Crawled, wayback: str, browser: str
) -> None:
    def get(url: str) -> bytes:
        with urllib.request.urlopen(f"{wayback}/{url}", timeout=30) as answer:
            return bytes(answer.read())

    pages = crawled.rendered(DOM)
    truth = next(truth for truth in crawled.portal.truth.documents if BY_CLICK in truth.columns)
    assert get(f"2id_/{DOM}{truth.url}") == pages[truth.url]
    assert get(f"2id_/{VIEW}{truth.url}") == crawled.rendered(VIEW)[truth.url]
    assert truth.document.title.encode() not in get(f"2id_/{truth.url}"), "the page itself, as the server sent it"
    with sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=browser)
        page = chrome.new_page()
        shown = page.frame_locator("#replay_iframe")
        page.goto(f"{wayback}/{truth.url}")
        shown.locator("h1", has_text=truth.document.title).wait_for()
        page.goto(f"{wayback}/{crawled.portal.url}zwgk/zfwj/")
        shown.locator("#list li").first.wait_for()
        assert shown.locator("#list li").count() == 6
        chrome.close()
