"""Others read our files: warcio, FastWARC, and pywb where it is installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from tests.crawl.harness import Bench


def files(bench: Bench) -> list[Path]:
    found = sorted(bench.data.glob("warc/*/*.warc.gz"))
    assert found
    return found


def test_warcio_reads_every_record(crawled: Bench) -> None:
    for path in files(crawled):
        with path.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
        assert kinds[0] == "warcinfo"
        assert kinds.count("response") + kinds.count("revisit") == kinds.count("request")


def test_warcio_check_agrees(crawled: Bench) -> None:
    for path in files(crawled):
        done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_fastwarc_counts_the_same(crawled: Bench) -> None:
    for path in files(crawled):
        with path.open("rb") as stream:
            ours = sum(1 for _ in ArchiveIterator(stream))
        assert sum(1 for _ in FastIterator(str(path), parse_http=False)) == ours


def test_gzip_itself_is_content(crawled: Bench) -> None:
    for path in files(crawled):
        subprocess.run(["gzip", "-t", str(path)], check=True)


def test_pywb_indexes_and_replays(crawled: Bench, tmp_path: Path) -> None:
    if shutil.which("wb-manager") is None:
        pytest.skip("pywb is not installed: it is a second opinion, not a dependency")
    subprocess.run(["wb-manager", "init", "c"], cwd=tmp_path, check=True)
    subprocess.run(["wb-manager", "add", "c", *map(str, files(crawled))], cwd=tmp_path, check=True)
    index = (tmp_path / "collections" / "c" / "indexes" / "index.cdxj").read_text(encoding="utf-8")
    held = crawled.value("SELECT count(*) FROM captures")
    assert len(index.splitlines()) >= int(str(held)) * 0.9
