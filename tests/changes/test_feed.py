"""Atom feeds, held against RFC 4287."""

import re
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from archive.errors import StorageError
from archive.feed import ATOM, portal_of, write_feed, write_feeds
from archive.place import Place
from archive.vocabulary import ChangeKind
from tests.changes.test_changes import happened
from tests.ledger.by_hand import HOME, PORTAL, Log, doc, reading, url

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NS = {"a": ATOM}


def valid(path: Path) -> etree._Element:
    """The feed, after what RFC 4287 asks of one in its section 4 has been looked at."""
    raw = path.read_bytes()
    feed = etree.fromstring(raw)
    assert raw.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert feed.tag == f"{{{ATOM}}}feed"
    once(feed, "id", "title", "updated")
    entries = feed.findall("a:entry", NS)
    ids = [entry.findtext("a:id", None, NS) for entry in entries]
    assert len(set(ids)) == len(ids)
    for node in (feed, *entries):
        once(node, "id", "title", "updated")
        assert re.fullmatch(r"tag:[a-z.]+,\d{4}:[\x21-\x7e]*", str(node.findtext("a:id", None, NS)))
        assert RFC3339.fullmatch(str(node.findtext("a:updated", None, NS)))
        assert len(node.findall("a:author", NS)) == 1
        assert node.findtext("a:author/a:name", "", NS).strip()
        for link in node.findall("a:link", NS):
            assert urlsplit(link.attrib["href"]).scheme in ("http", "https")
            assert not re.search(r"[\s<>\"{}|\\^`]", link.attrib["href"])
    for entry in entries:
        assert len([link for link in entry.findall("a:link", NS) if link.get("rel") == "alternate"]) == 1
        once(entry, "summary")
        assert all(category.get("term") for category in entry.findall("a:category", NS))
        for content in entry.findall("a:content", NS):
            assert content.get("type") == "html"
            assert html.fragments_fromstring(content.text)
    return feed


def once(node: etree._Element, *names: str) -> None:
    for name in names:
        found = node.findall(f"a:{name}", NS)
        assert len(found) == 1, name
        assert (found[0].text or "").strip(), name


@pytest.fixture
def archive(log: Log) -> Log:
    log.start()
    log.document(1, reading("甲乙丙。第二句。"))
    log.document(2, reading(title='<b>"题"</b> & \x00\x1b\ufffe\ud800'))
    log.document(1, reading("甲乙丙。第三句。", fields=(("doc_number", "a<b"), ("signer", "某人"))))
    happened(log, 2, ChangeKind.MOVED, "2026-11-26T01:00:00.000000Z", f"{HOME}新 址.html")
    log.end()
    return log


def test_a_feed_is_valid_and_says_what_changed(archive: Log, tmp_path: Path) -> None:
    assert write_feed(archive.ledger, tmp_path / "f.atom")
    feed = valid(tmp_path / "f.atom")
    assert feed.findtext("a:updated", None, NS) == "2026-11-26T01:00:00.000000Z"
    moved, changed, *new = feed.findall("a:entry", NS)
    assert [entry.findtext("a:title", "", NS).partition(":")[0] for entry in new] == ["new", "new"]
    assert changed.findtext("a:id", None, NS).startswith(f"tag:gongkai.invalid,2026:{doc(1)}/2026-11-22T06:00:0")
    assert changed.find("a:link", NS).get("href") == url(1)
    summary = changed.findtext("a:summary", "", NS)
    assert "doc_number 文号: 珠府办〔2026〕7号 → a<b" in summary
    assert "text 正文: 8 → 8 characters" in summary
    content = changed.findtext("a:content", "", NS)
    assert "<del>二</del><ins>三</ins>" in content
    assert "a&lt;b</li>" in content
    assert {link.get("rel"): link.get("href") for link in moved.findall("a:link", NS)} == {
        "alternate": f"{HOME}%E6%96%B0%20%E5%9D%80.html",
        "related": url(2),
    }
    assert "某人" not in (tmp_path / "f.atom").read_text("utf-8")


def test_markup_and_control_characters_of_a_portal(archive: Log, tmp_path: Path) -> None:
    write_feed(archive.ledger, tmp_path / "f.atom")
    title = valid(tmp_path / "f.atom").findall("a:entry/a:title", NS)[0].text
    assert title is not None
    assert title.startswith('moved: <b>"题"</b> & \ufffd\ufffd\ufffd\ufffd')


def test_ids_are_the_same_in_every_feed(archive: Log, tmp_path: Path) -> None:
    write_feed(archive.ledger, tmp_path / "all.atom")
    write_feed(archive.ledger, tmp_path / "one.atom", portal_of(archive.ledger, PORTAL))
    every, one = valid(tmp_path / "all.atom"), valid(tmp_path / "one.atom")
    found = [[node.text for node in feed.findall("a:entry/a:id", NS)] for feed in (every, one)]
    assert found[0] == found[1]
    assert every.findtext("a:id", None, NS) != one.findtext("a:id", None, NS)


def test_a_feed_holds_the_latest_only(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.feed.LATEST", 2)
    log.start()
    for name in (1, 2, 3):
        log.document(name, reading())
    write_feed(log.ledger, tmp_path / "f.atom")
    links = [link.get("href") for link in valid(tmp_path / "f.atom").findall("a:entry/a:link", NS)]
    assert links == [url(3), url(2)]


def test_an_empty_archive_has_a_valid_feed(log: Log, tmp_path: Path) -> None:
    write_feed(log.ledger, tmp_path / "f.atom")
    assert valid(tmp_path / "f.atom").findall("a:entry", NS) == []
    log.start()
    log.end()
    write_feed(log.ledger, tmp_path / "f.atom")
    assert valid(tmp_path / "f.atom").findtext("a:updated", None, NS) == log.value("SELECT finished_at FROM runs")


def test_the_feeds_of_an_archive_are_written_where_there_is_news(archive: Log, tmp_path: Path) -> None:
    place = Place(tmp_path)
    names = ["all.atom", f"{PORTAL}.atom"]
    assert [path.name for path in write_feeds(place, archive.ledger)] == names
    assert [valid(path).tag for path in sorted((tmp_path / "feeds").iterdir())] == [f"{{{ATOM}}}feed"] * 2
    assert write_feeds(place, archive.ledger) == []
    archive.start("zhuhai-2")
    archive.document(9, reading())
    assert [path.name for path in write_feeds(place, archive.ledger)] == names
    (tmp_path / "feeds" / "all.atom").write_text("damaged")
    assert [path.name for path in write_feeds(place, archive.ledger)] == ["all.atom"]


def test_whole_or_not_at_all(archive: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.atom"
    path.write_text("the old one")

    def broken(*_: object) -> tuple[str, str]:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("archive.feed.history.texts", broken)
    with pytest.raises(sqlite3.OperationalError):
        write_feed(archive.ledger, path)
    assert path.read_text() == "the old one"
    monkeypatch.undo()
    with pytest.raises(StorageError, match=r"no/f\.atom: cannot be written: No such file or directory"):
        write_feed(archive.ledger, tmp_path / "no" / "f.atom")


def test_a_file_where_the_folder_should_be(archive: Log, tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("")
    with pytest.raises(StorageError, match="feeds: cannot be made: a file stands where a folder is needed"):
        write_feeds(Place(tmp_path), archive.ledger)
