"""Real pages, served at their own addresses by the replay proxy: 科技部, 证监会, 发展改革委."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.urls import identity
from tests.crawl.harness import SHARED, Bench

PROXY = SHARED / "tools" / "replay_proxy.py"
GOLDEN = Path(__file__).parent / "golden_real.json"

pytestmark = pytest.mark.skipif(not PROXY.is_file(), reason="../shared with the saved real pages is not here")

ENTRIES = {
    "most": ("中华人民共和国科学技术部", "http://www.most.gov.cn/xxgk/xinxifenlei/fdzdgknr/fgzc/", "bm06000001"),
    "csrc": ("中国证券监督管理委员会", "http://www.csrc.gov.cn/csrc/c106256/fg.shtml", "bm56000001"),
    "ndrc": ("中华人民共和国国家发展和改革委员会", "http://www.ndrc.gov.cn/xxgk/zcfb/fzggwl/", "bm04000007"),
}
SHOWN = (
    "url", "title", "doc_number", "index_number", "publisher", "issuer", "source", "date_made", "date_published",
    "date_effective", "disclosure_method", "validity", "text_status",
)  # fmt: skip


def portal_file(name: str, url: str, code: str) -> str:
    home = url.split("/", 3)
    return (
        f'[portal]\nname = "{name}"\nhome = "{home[0]}//{home[2]}/"\nsite_id_code = "{code}"\n'
        f'[[column]]\nfamily = "static"\nurl = "{url}"\n'
        "[fetch]\ndelay = 0.01  # a proxy on this machine answers\n"
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The three portals, crawled through the proxy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    proxy = subprocess.Popen([sys.executable, str(PROXY), "--port", str(port)], stdout=subprocess.PIPE, text=True)
    try:
        assert proxy.stdout is not None
        assert "saved pages" in proxy.stdout.readline()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                continue
        bench = Bench(tmp_path_factory.mktemp("real"))
        for key, entry in ENTRIES.items():
            bench.portal(key, portal_file(*entry))
        bench.gongkai("crawl", *ENTRIES, status=1, env={"http_proxy": f"http://127.0.0.1:{port}"})
        yield bench
    finally:
        proxy.kill()
        proxy.communicate()


def linked(key: str) -> list[str]:
    """Addresses that the saved list pages link to, as another project found them: a second opinion."""
    file = {"csrc": "csrc-xiniu/csrc_golden_list_1", "ndrc": "ndrc-xiniu/ndrc_golden_index"}[key]
    data = json.loads((SHARED / "pages" / "list" / f"{file}.golden.json").read_text(encoding="utf-8"))
    return [str(url) for url in data["detail_links"]]


@pytest.mark.parametrize("key", ["csrc", "ndrc"])
def test_every_document_that_the_list_links_to_is_an_entry(archive: Bench, key: str) -> None:
    held = {identity(str(row[0])) for row in archive.query("SELECT url FROM entries WHERE portal = ?", key)}
    assert {identity(url) for url in linked(key)} <= held


def test_most_s_list_is_read_whole(archive: Bench) -> None:
    rows = archive.query("SELECT title, listed_date FROM entries WHERE portal = 'most'")
    assert len(rows) == 17
    assert all(title and date for title, date in rows)


@pytest.mark.parametrize("key", ENTRIES)
def test_what_is_not_saved_is_failed_with_its_reason_and_the_verdict_says_partial(archive: Bench, key: str) -> None:
    states = dict(
        archive.query(
            "SELECT state || ' ' || coalesce(state_reason, ''), count(*) FROM entries WHERE portal = ? GROUP BY 1", key
        )
    )
    assert set(states) <= {"done ", "failed 404", "external "}
    assert states["done "] == {"most": 5, "csrc": 5, "ndrc": 2}[key]
    assert states["failed 404"] > 0
    assert archive.value("SELECT verdict FROM runs WHERE portal = ?", key) == "partial"


def test_saved_documents_say_what_their_pages_say(archive: Bench) -> None:
    """Looked at by eye once, page beside page, and pinned."""
    wanted = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = {
        str(row[0]): dict(zip(SHOWN[1:], row[1:], strict=True))
        for row in archive.query(f"SELECT {', '.join(SHOWN)} FROM documents ORDER BY url")
    }
    assert found == wanted


def test_the_archive_proves_itself(archive: Bench) -> None:
    assert "all in order" in archive.gongkai("verify")
