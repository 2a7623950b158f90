"""Bad input, and what it gets: a clear line, a named state in the database, nothing lost, the right exit status."""

import os
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from crawler import practice
from crawler.practice import Barrier, Faults, Robots, RunningPortal, Trouble
from tests.crawl.harness import Bench

KEY = "trs"


def crawl(bench: Bench, faults: Faults, *words: str, status: int = 1) -> tuple[str, RunningPortal]:
    """Crawl one practice portal with faults; gives what was shown."""
    with practice.start([KEY], faults={KEY: faults}) as portals:
        portal = portals[KEY]
        bench.portal(KEY, portal.portal_file().replace("[fetch]", "[fetch]\ntimeout = 2"))
        return bench.gongkai("crawl", KEY, *words, status=status), portal


def verdict(bench: Bench) -> tuple[str, str]:
    found = bench.query("SELECT verdict, reason FROM runs ORDER BY started_at DESC LIMIT 1")[0]
    return str(found[0]), str(found[1])


# --- the command and its files -----------------------------------------------------------------------------------


def test_unknown_portal(bench: Bench) -> None:
    shown = bench.gongkai("crawl", "zhuhia", status=2)
    assert "zhuhia" in shown
    assert "zhuhai" in shown, "the nearest key is named"


def test_a_bad_portal_file_names_every_fault(bench: Bench) -> None:
    bench.portal(
        "bad", '[portal]\nnome = "x"\nhome = "ftp://x"\ndivision = "12"\n[[column]]\nfamily = "gkmlp"\nurl = "x"\n'
    )
    shown = bench.gongkai("crawl", "bad", status=2)
    for word in ("bad.toml", "nome", "home", "division", "family", "gkmlpt", "url"):
        assert word in shown, shown
    assert bench.gongkai("portals", "--check", status=2).count("bad.toml") >= 5


def test_an_unreadable_portal_file(bench: Bench) -> None:
    (bench.files / "odd.toml").write_bytes(b"\xff\xfe[portal")
    assert "odd.toml" in bench.gongkai("crawl", "odd", status=2)


def test_a_data_folder_that_cannot_be(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with practice.start([KEY]) as portals:
        bench.portal(KEY, portals[KEY].portal_file())
        done = subprocess.run(bench.words("crawl", KEY), capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2)
    assert "data" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_archive_here(bench: Bench) -> None:
    for words in (("runs",), ("show", "x"), ("verify",), ("export", "documents", "x.csv")):
        assert "no archive here" in bench.gongkai(*words, status=1)


def test_a_second_run_of_the_same_portal_is_refused(bench: Bench) -> None:
    with practice.start([KEY], faults={KEY: Faults(latency=1.0)}) as portals:
        bench.portal(KEY, portals[KEY].portal_file())
        first = bench.begin("crawl", KEY)
        while not list(bench.data.glob(f"warc/{KEY}/*.open")):
            assert first.poll() is None
        shown = bench.gongkai("crawl", KEY, status=3)
        first.terminate()
        first.communicate(timeout=60)
    assert str(first.pid) in shown


# --- hosts -------------------------------------------------------------------------------------------------------


def portal_at(url: str) -> str:
    return (
        f'[portal]\nname = "试验"\nhome = "{url}"\ndivision = "440499"\n'
        f'[[column]]\nfamily = "static"\nurl = "{url}zw/"\n'
        "[fetch]\ndelay = 0\ntimeout = 2\n"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_host_that_does_not_resolve(bench: Bench) -> None:
    bench.portal("nowhere", portal_at("http://nowhere.invalid/"))
    shown = bench.gongkai("crawl", "nowhere", status=1)
    assert "unreachable" in shown
    assert verdict(bench)[0] == "unreachable"
    assert "nowhere.invalid" in verdict(bench)[1]


def test_a_host_that_refuses(bench: Bench) -> None:
    bench.portal("refuses", portal_at(f"http://127.0.0.1:{free_port()}/"))
    bench.gongkai("crawl", "refuses", status=1)
    assert verdict(bench)[0] == "unreachable"


def test_a_host_that_never_answers(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        bench.portal("mute", portal_at(f"http://127.0.0.1:{mute.getsockname()[1]}/"))
        bench.gongkai("crawl", "mute", status=1)
    assert verdict(bench)[0] == "unreachable"


def test_tls_that_fails(bench: Bench) -> None:
    """A server that answers a TLS hello with plain text."""
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]
        stop = threading.Event()

        def answer() -> None:
            plain.settimeout(0.2)
            while not stop.is_set():
                try:
                    connection, _ = plain.accept()
                except TimeoutError:
                    continue
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        bench.portal("tls", portal_at(f"https://127.0.0.1:{port}/"))
        bench.gongkai("crawl", "tls", status=1)
        stop.set()
        thread.join()
    assert verdict(bench)[0] == "unreachable"


# --- robots.txt --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("robots", [Robots.DISALLOW, Robots.FORBIDDEN])
def test_robots_that_forbids(bench: Bench, robots: Robots) -> None:
    shown, portal = crawl(bench, Faults(robots=robots))
    assert "disallowed" in shown
    assert verdict(bench)[0] == "disallowed"
    assert {request.path for request in portal.requests} == {"/robots.txt"}
    assert bench.value("SELECT count(*) FROM captures WHERE role = 'robots'") == 1


@pytest.mark.parametrize("robots", [Robots.ERROR, Robots.HANG])
def test_robots_that_cannot_be_known(bench: Bench, robots: Robots) -> None:
    _, portal = crawl(bench, Faults(robots=robots))
    assert verdict(bench)[0] == "unreachable"
    assert {request.path for request in portal.requests} == {"/robots.txt"}


@pytest.mark.parametrize("robots", [Robots.HTML, Robots.ALLOW])
def test_robots_that_lets_us(bench: Bench, robots: Robots) -> None:
    crawl(bench, Faults(robots=robots), "--limit", "2")
    assert bench.value("SELECT count(*) FROM documents") == 2


# --- barriers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("barrier", "status"), [(Barrier.RUISHU_412, 412), (Barrier.JIASULE_521, 521)])
def test_a_challenge_is_recorded_and_left_alone(bench: Bench, barrier: Barrier, status: int) -> None:
    shown, portal = crawl(bench, Faults(barrier=barrier, barrier_after=8))
    found, reason = verdict(bench)
    assert found == "blocked"
    assert str(status) in reason
    assert "blocked" in shown
    assert bench.value("SELECT count(*) FROM captures WHERE status = ?", status)
    served_before = 8
    assert len(portal.requests) <= served_before + 16, "what was in flight, and nothing after it"
    lost = "SELECT count(*) FROM entries WHERE state = 'listed'"
    assert bench.value(lost), "what was not fetched still stands in the ledger"


def test_an_empty_list(bench: Bench) -> None:
    with practice.start([KEY]) as portals:
        columns = [column.name for column in portals[KEY].truth.columns]
    crawl(bench, Faults(emptied=frozenset(columns)))
    found, reason = verdict(bench)
    assert found == "layout_changed", "lists that declare pages and show no row are not an empty catalogue"
    assert reason
    assert bench.value("SELECT count(*) FROM documents") == 0


def test_a_portal_of_soft_404s(bench: Bench) -> None:
    with practice.start([KEY], faults={KEY: Faults(soft_404=True)}) as portals:
        url = portals[KEY].url
        bench.portal("soft", portal_at(url).replace("zw/", "no-such-column/"))
        bench.gongkai("crawl", "soft", status=1)
    assert verdict(bench)[0] != "ok"
    assert "soft_404" in verdict(bench)[1]


# --- documents ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "state", "reason"),
    [
        (Trouble.GONE, "failed", "404"),
        (Trouble.SOFT_GONE, "failed", "soft_404"),
        (Trouble.HANG, "failed", "timeout"),
        (Trouble.CUT, "failed", "truncated"),
        (Trouble.RESET, "failed", "connection_lost"),
        (Trouble.OFF_SITE, "external", "redirect_external"),
        (Trouble.PRIVATE, "failed", "redirect_private_address"),
        (Trouble.SCHEME, "failed", "redirect_other_scheme"),
        (Trouble.EMPTY, "failed", "empty_body"),
    ],
)
def test_a_document_that_cannot_be_had(bench: Bench, trouble: Trouble, state: str, reason: str) -> None:
    with practice.start([KEY]) as portals:
        key = portals[KEY].truth.documents[0].document.key
    _, portal = crawl(bench, Faults(troubles={key: trouble}))
    url = portal.truth.document(key).url
    found = bench.query("SELECT DISTINCT state, state_reason FROM entries WHERE url = ?", url)
    assert found == [(state, reason)]
    documents = bench.value("SELECT count(*) FROM documents")
    assert documents == len(portal.truth.documents) - 1, "the others are not harmed"
    assert "all in order" in bench.gongkai("verify")


@pytest.mark.parametrize(
    ("trouble", "text_status"),
    [
        (Trouble.HUGE, "too_large"),
        (Trouble.BINARY, "unreadable"),
        (Trouble.WRONG_CHARSET, "ok"),
    ],
)
def test_a_document_that_is_odd(bench: Bench, trouble: Trouble, text_status: str) -> None:
    with practice.start([KEY]) as portals:
        key = portals[KEY].truth.documents[0].document.key
    _, portal = crawl(bench, Faults(troubles={key: trouble}))
    truth = portal.truth.document(key)
    found = bench.query("SELECT title, text_status, text FROM documents WHERE url = ?", truth.url)
    assert found[0][1] == text_status
    assert found[0][0], "a title is known at least from the list"
    if trouble is Trouble.WRONG_CHARSET:
        assert truth.document.paragraphs[0][:10] in str(found[0][2])
    assert bench.value("SELECT count(*) FROM captures WHERE url = ? AND status = 200", truth.url) == 1


def test_pages_in_gbk_and_forced_gzip_and_chunks(bench: Bench) -> None:
    _, portal = crawl(bench, Faults(gbk=True, gzip=True, chunked=True, busy_once=True))
    assert bench.value("SELECT count(*) FROM documents") == len(portal.truth.documents)
    for truth in portal.truth.documents[:3]:
        assert bench.value("SELECT title FROM documents WHERE url = ?", truth.url) == truth.document.title
    assert bench.value("SELECT count(*) FROM captures WHERE status = 503")
    assert "all in order" in bench.gongkai("verify")


# --- the disk ----------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_a_readable_archive(bench: Bench) -> None:
    """A file system of 1 MB: a real one where this user may mount, else a limit on the size of files."""
    with practice.start([KEY]) as portals:
        bench.portal(KEY, portals[KEY].portal_file())
        mounted = os.geteuid() == 0 and _mount(bench.data)
        try:
            if mounted:
                shown = bench.gongkai("crawl", KEY, status=1)
            else:
                done = subprocess.run(
                    ["bash", "-c", 'ulimit -f 300; exec "$@"', "-", *bench.words("crawl", KEY)],
                    capture_output=True,
                    text=True,
                    timeout=120,
                )
                shown = done.stdout + done.stderr
                assert done.returncode == 1
            assert "Traceback" not in shown
            assert "interrupted" in shown
            if mounted:
                subprocess.run(["mount", "-o", "remount,size=200m", str(bench.data)], check=True)
            bench.gongkai("crawl", KEY, status=None)
            assert "all in order" in bench.gongkai("verify")
            assert bench.value("SELECT count(*) FROM documents") == len(portals[KEY].truth.documents)
        finally:
            if mounted:
                subprocess.run(["umount", "-l", str(bench.data)], check=False)


def _mount(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0
