"""The faults that can be switched on, each seen from a client."""

import gzip
import http.client
import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from crawler.practice import Barrier, Faults, Robots, RunningPortal, Trouble, start
from crawler.practice.faults import HUGE_BYTES

from .conftest import Get, Got

KEY = "jingmen-2020-6"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningPortal]:
    with start(["trs"]) as portals:
        yield portals["trs"]


@pytest.fixture
def portal(running: RunningPortal) -> RunningPortal:
    running.faults = Faults()
    running.requests.clear()
    return running


def ask(portal: RunningPortal, get: Get, trouble: Trouble) -> Got:
    portal.faults = Faults(troubles={KEY: trouble})
    return get(portal.truth.document(KEY).url)


def test_gbk_pages_declare_gb2312_in_a_meta_tag_only(portal: RunningPortal, get: Get) -> None:
    portal.faults = Faults(gbk=True)
    got = get(portal.truth.document(KEY).url)
    assert got.headers["content-type"] == "text/html"
    assert b'<meta charset="gb2312">' in got.body
    assert portal.truth.document(KEY).document.title in got.body.decode("gb18030")


def test_charset_gzip_and_chunks(portal: RunningPortal, get: Get) -> None:
    plain = get(portal.url)
    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    portal.faults = Faults(charset_in_header=False, gzip=True, chunked=True)
    got = get(portal.url)
    assert got.headers["content-type"] == "text/html"
    assert (got.headers["content-encoding"], got.headers["transfer-encoding"]) == ("gzip", "chunked")
    assert gzip.decompress(got.body) == plain.body


@pytest.mark.parametrize(
    ("robots", "status", "sign"),
    [
        (Robots.NONE, 404, "404"),
        (Robots.ALLOW, 200, "Disallow: /admin/"),
        (Robots.DISALLOW, 200, "Disallow: /\n"),
        (Robots.FORBIDDEN, 403, "403"),
        (Robots.HTML, 200, "<html>"),
        (Robots.ERROR, 500, "500"),
    ],
)
def test_robots(portal: RunningPortal, get: Get, robots: Robots, status: int, sign: str) -> None:
    portal.faults = Faults(robots=robots)
    got = get(portal.url + "robots.txt")
    assert got.status == status
    assert sign in got.text


@pytest.mark.parametrize(("barrier", "status"), [(Barrier.RUISHU_412, 412), (Barrier.JIASULE_521, 521)])
def test_a_challenge_after_some_requests(portal: RunningPortal, get: Get, barrier: Barrier, status: int) -> None:
    portal.faults = Faults(barrier=barrier, barrier_after=2)
    assert [get(portal.url).status for _ in range(4)] == [200, 200, status, status]
    assert get(portal.url + "robots.txt").status == status
    assert b"<script" in get(portal.url).body


def test_busy_once(portal: RunningPortal, get: Get) -> None:
    portal.faults = Faults(busy_once=True)
    first, second = get(portal.url), get(portal.url)
    assert (first.status, first.headers["retry-after"]) == (503, "0")
    assert second.status == 200
    assert get(portal.url + "robots.txt").status == 404


def test_soft_404(portal: RunningPortal, get: Get) -> None:
    portal.faults = Faults(soft_404=True)
    got = get(portal.url + "nowhere.html")
    assert got.status == 200
    assert "您访问的页面不存在" in got.text


@pytest.mark.parametrize(
    ("trouble", "location"),
    [
        (Trouble.OFF_SITE, "http://www.elsewhere.example/moved.html"),
        (Trouble.PRIVATE, "http://127.0.0.2/private"),
        (Trouble.SCHEME, "file:///private"),
    ],
)
def test_redirects(portal: RunningPortal, get: Get, trouble: Trouble, location: str) -> None:
    got = ask(portal, get, trouble)
    assert (got.status, got.headers["location"]) == (302, location)


def test_documents_that_are_gone_empty_or_no_text(portal: RunningPortal, get: Get) -> None:
    assert ask(portal, get, Trouble.GONE).status == 404
    gone = ask(portal, get, Trouble.SOFT_GONE)
    assert (gone.status, "已删除" in gone.text) == (200, True)
    assert ask(portal, get, Trouble.EMPTY).body == b""
    assert b"\x00\x01\x02" in ask(portal, get, Trouble.BINARY).body
    wrong = ask(portal, get, Trouble.WRONG_CHARSET)
    assert wrong.headers["content-type"].endswith("utf-8")
    assert b'<meta charset="utf-8">' in wrong.body
    with pytest.raises(UnicodeDecodeError):
        wrong.body.decode("utf-8")
    assert "荆门市" in wrong.body.decode("gb18030")


def test_a_trouble_is_one_documents_own(portal: RunningPortal, get: Get) -> None:
    portal.faults = Faults(troubles={KEY: Trouble.GONE})
    assert get(portal.truth.document("chengdu-2016-28").url).status == 200
    assert get(portal.truth.document(KEY).attachments[0].url).status == 200


def test_a_connection_that_is_reset_and_one_that_is_cut(portal: RunningPortal, get: Get) -> None:
    with pytest.raises(ConnectionResetError):
        ask(portal, get, Trouble.RESET)
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(portal, get, Trouble.CUT)
    assert len(cut.value.partial) > 1000
    assert get(portal.url).status == 200


def test_fifty_megabytes_are_streamed_and_may_be_left(portal: RunningPortal) -> None:
    portal.faults = Faults(troubles={KEY: Trouble.HUGE})
    parts = urlsplit(portal.truth.document(KEY).url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    assert answer.getheader("Content-Length") == str(HUGE_BYTES) == "50000000"
    assert len(answer.read(1_000_000)) == 1_000_000
    connection.close()


def test_what_hangs_is_let_go_when_the_portal_stops() -> None:
    faults = {"trs": Faults(troubles={KEY: Trouble.HANG}, robots=Robots.HANG), "ucap": Faults(latency=3600)}
    with start(["trs", "ucap"], faults=faults) as portals:
        waiting = []
        for url in (
            portals["trs"].truth.document(KEY).url,
            portals["trs"].url + "robots.txt",
            portals["ucap"].url,
        ):
            parts = urlsplit(url)
            connection = http.client.HTTPConnection(parts.netloc, timeout=0.05)
            connection.request("GET", parts.path)
            with pytest.raises(TimeoutError):
                connection.getresponse()
            waiting.append(connection)
    for connection in waiting:
        connection.close()


def test_a_document_withdrawn_from_one_night_to_the_next(portal: RunningPortal, get: Get) -> None:
    before, column = portal.truth, portal.truth.document(KEY).columns[0]
    portal.faults = Faults(withdrawn=frozenset({KEY}))
    assert len(portal.truth.documents) == len(before.documents) - 1
    assert {d.url for d in portal.truth.documents} < {d.url for d in before.documents}
    assert get(before.document(KEY).url).status == 404
    assert before.document(KEY).document.title + '"' not in get(before.column(column).url).text


def test_a_document_edited_and_a_list_emptied(portal: RunningPortal, get: Get) -> None:
    url = portal.truth.document(KEY).url
    before = get(url)
    portal.faults = replace(portal.faults, edited=frozenset({KEY}), emptied=frozenset({"政府文件"}))
    after = get(url)
    assert after.text.replace(portal.truth.document(KEY).document.paragraphs[-1], "") != before.text
    assert "（本件已于次日更正。）" in after.text
    assert "（本件已于次日更正。）" not in before.text
    lists = get(portal.truth.column("政府文件").url).text
    assert "createPageHTML(3, 0" in lists
    assert '<li><a href="./' not in lists


def test_faults_reach_every_family(get: Get) -> None:
    emptied = {"gkmlpt": "规范性文件", "ucap": "政策文件"}
    with start(emptied, faults={key: Faults(emptied=frozenset({name})) for key, name in emptied.items()}) as portals:
        rows = get(portals["gkmlpt"].url + "gkmlpt/api/all/11?page=1")
        assert '"articles": []' in rows.text
        assert '"post_count": 43' in rows.text
        assert "_blank" not in get(portals["ucap"].truth.column("政策文件").url).text


def test_posting_is_refused_and_noted(portal: RunningPortal) -> None:
    connection = http.client.HTTPConnection(urlsplit(portal.url).netloc, timeout=10)
    connection.request("POST", "/u/hit/count", body=b"hType=3")
    assert connection.getresponse().status == 405
    connection.close()
    assert [(request.method, request.path) for request in portal.requests] == [("POST", "/u/hit/count")]


def test_connections_are_kept_unless_the_client_wants_them_closed(portal: RunningPortal) -> None:
    host = urlsplit(portal.url).netloc
    with socket.create_connection((host.partition(":")[0], int(host.partition(":")[2])), timeout=10) as client:
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: client.recv(65536), b""))
    assert received.count(b"HTTP/1.1 404 ") == 2
