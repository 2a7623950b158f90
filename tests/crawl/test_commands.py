"""The commands as a newcomer meets them."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

from crawler.practice import RunningPortal
from tests.crawl.harness import ROOT, TIMES, Bench

LEFT_OUT = {"": [*TIMES, "capture_id", "last_run", "last_found"], "runs": ["*"], "captures": ["*"], "warc_files": ["*"]}


def test_scrapy_crawl_does_the_same(portals: dict[str, RunningPortal], crawled: Bench, tmp_path: Path) -> None:
    bench = Bench(tmp_path, portals.values())
    env = {**os.environ, "GONGKAI_DATA": str(bench.data), "GONGKAI_PORTALS": str(bench.files), "GONGKAI_LOG": "WARNING"}
    for key in sorted(portals):
        words = [sys.executable, "-m", "scrapy", "crawl", "catalogue", "-a", f"portal={key}"]
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == 0
    assert bench.tables(LEFT_OUT) == crawled.tables(LEFT_OUT)


def test_scrapy_crawl_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    env = {**os.environ, "GONGKAI_DATA": str(tmp_path), "GONGKAI_LOG": "ERROR"}
    words = [sys.executable, "-m", "scrapy", "crawl", "catalogue", "-a", "portal=zhuhia"]
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "zhuhai" in done.stderr


def test_the_demo(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "crawler.cli", "demo", "--folder", str(tmp_path / "d")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "all in order" in done.stdout
    assert (tmp_path / "d" / "documents.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_export_and_show_lead_to_the_same_bytes(crawled: Bench, tmp_path: Path) -> None:
    table, lines = tmp_path / "d.csv", tmp_path / "d.jsonl"
    shown = crawled.gongkai("export", "documents", str(table))
    crawled.gongkai("export", "documents", str(lines))
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    objects = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert f"{len(rows)} rows" in shown
    assert [row["id"] for row in rows] == [item["id"] for item in objects]
    row = next(row for row in rows if row["doc_number"])
    assert row["title"] in crawled.gongkai("show", row["id"])
    assert row["id"] in crawled.gongkai("show", row["url"])
    record = crawled.gongkai("show", row["id"], "--warc")
    assert f"WARC-Payload-Digest: {row['payload_digest']}" in record
    zh = tmp_path / "zh.csv"
    crawled.gongkai("export", "documents", str(zh), "--labels", "zh")
    assert "文号" in zh.read_text(encoding="utf-8-sig").splitlines()[0].split(",")


def test_an_unknown_suffix_or_dataset_is_wrong_usage(crawled: Bench, tmp_path: Path) -> None:
    assert ".csv" in crawled.gongkai("export", "documents", str(tmp_path / "d.doc"), status=2)
    assert "documents" in crawled.gongkai("export", "dokuments", str(tmp_path / "d.csv"), status=2)


def test_verify_sees_a_flipped_byte_and_a_torn_end(portals: dict[str, RunningPortal], tmp_path: Path) -> None:
    key = sorted(portals)[-1]
    bench = Bench(tmp_path, [portals[key]])
    bench.gongkai("crawl", key, status=None)
    path = next(bench.data.glob("warc/*/*.warc.gz"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert "torn" in bench.gongkai("verify", status=1)
    middle = len(whole) // 2
    damaged = bytearray(whole)
    for at in (middle, middle + 12):  # one of the two is no time stamp in a gzip header, which says nothing
        damaged[at] ^= 255
    path.write_bytes(damaged)
    assert "PROBLEM" in bench.gongkai("verify", status=1)
    path.write_bytes(whole)
    assert "all in order" in bench.gongkai("verify")
