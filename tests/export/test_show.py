"""One document on a terminal, back to the bytes that prove it."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.errors import NotFoundError, StorageError
from archive.events import Location
from archive.place import Place
from archive.reading.model import Part
from archive.show import PARTS, runs_table, show
from archive.vocabulary import PartKind, Verdict
from tests.ledger.by_hand import FILE, HOME, PORTAL, Log, doc, link, reading, url

HTML = "<html><head><title>关于财政预算的通知</title></head><body>正文第一句。</body></html>"


@dataclass
class Warc:
    """A WARC file of records made by hand, each where the log has come to."""

    path: Path
    log: Log

    def write(self, id_: str, at: str, block: bytes, payload: bytes, kind: str = "response") -> dict[str, Any]:
        """Append a record; gives what a capture says of it."""
        digest = f"sha256:{hashlib.sha256(payload).hexdigest()}"
        head = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{id_}>\r\nWARC-Date: 2026-11-22T06:00:00Z\r\n"
            f"WARC-Target-URI: {at}\r\nWARC-Payload-Digest: {digest}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        member = gzip.compress(head.encode() + block + b"\r\n\r\n")
        offset = self.log.length
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(member)
        return {"id": id_, "payload_digest": digest, "location": Location(FILE, offset, len(member))}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def warc(log: Log, place: Place) -> Warc:
    log.step = 1000
    path = place.warc / PORTAL / FILE
    path.parent.mkdir(parents=True)
    path.touch()
    return Warc(path, log)


@pytest.fixture
def archive(log: Log, warc: Warc) -> Log:
    """One document, sent in GBK, gzip and chunks."""
    log.start()
    entity = gzip.compress(HTML.encode("gb18030"))
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(entity), entity)
    block = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=GBK\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + body
    )
    log.document(1, reading(attachments=(link("a.doc"),)), **warc.write("urn:uuid:page", url(1), block, entity))
    return log


def test_meta_says_what_is_known_and_where_it_was_read(archive: Log, place: Place) -> None:
    shown = str(show(archive.ledger, place, doc(1)))
    lines = [line.split() for line in shown.splitlines()]
    assert ["文号", "doc_number", "珠府办〔2026〕7号"] in lines
    assert ["*", "doc_number", "table", "文", "号", "珠府办[2026]7号"] in lines
    assert ["listed", "a.doc", f"{HOME}files/a.doc"] in lines
    assert "正文" not in shown.split("Evidence")[0].replace("正文状态", "")
    assert f"{FILE}, byte 1000, " in shown


def test_meta_says_what_the_text_consists_of(archive: Log, place: Place) -> None:
    parts = (
        Part(PartKind.OWN, 1, 1, 1),
        Part(PartKind.REPRINTED, 2, 9, 2, "关于检查的通知", (("doc_number", "甲卫发〔2021〕33号"),)),
    )
    archive.document(2, reading("一。", parts=parts, flags=("several_documents",)))
    lines = [line.split() for line in str(show(archive.ledger, place, doc(2))).splitlines()]
    assert ["Flags", "of", "the", "reading:", "several_documents"] in lines
    assert ["own", "1-1", "1"] in lines
    assert ["reprinted", "2-9", "2", "甲卫发〔2021〕33号", "关于检查的通知"] in lines
    counts = "SELECT json_array_length(parts) FROM versions WHERE document_id = ?"
    assert [archive.value(counts, doc(number)) for number in (1, 2)] == [None, 2]


def test_text(archive: Log, place: Place) -> None:
    assert show(archive.ledger, place, url(1), "text") == "关于财政预算的通知\n\n正文第一句。第二句；\n"
    archive.document(2, reading("", text_status="image_only"))
    assert str(show(archive.ledger, place, doc(2), "text")).endswith("\n\n(image_only)\n")


def test_a_page_cannot_steer_the_terminal(archive: Log, place: Place) -> None:
    archive.document(2, reading("\x1b[2J正文\t表格\n", title="\x9b31m题"))
    for part in ("text", "meta", "versions"):
        assert not {"\x1b", "\x9b"} & set(str(show(archive.ledger, place, doc(2), part)))
    assert str(show(archive.ledger, place, doc(2), "text")).endswith("\ufffd[2J正文\t表格\n\n")


def test_html_is_the_page_decoded(archive: Log, place: Place) -> None:
    assert show(archive.ledger, place, "珠府办〔2026〕7号", "html") == HTML


def test_warc_is_the_record_itself(archive: Log, place: Place, warc: Warc) -> None:
    assert show(archive.ledger, place, doc(1), "warc") == gzip.decompress(warc.path.read_bytes()[1000:])


def test_a_revisit_leads_to_the_original(archive: Log, place: Place, warc: Warc) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=GBK\r\nContent-Encoding: gzip\r\n\r\n"
    revisit = warc.write("urn:uuid:again", url(2), head, b"", "revisit")
    archive.document(2, reading("二。"), revisit_of="urn:uuid:page", **revisit)
    assert show(archive.ledger, place, doc(2), "html") == HTML
    both = show(archive.ledger, place, doc(2), "warc")
    assert isinstance(both, bytes)
    assert both.index(b"<urn:uuid:again>") < both.index(b"<urn:uuid:page>")


def test_versions_and_what_each_changed(archive: Log, place: Place) -> None:
    archive.document(1, reading("改。", title="改了"))
    lines = [line.split() for line in str(show(archive.ledger, place, doc(1), "versions")).splitlines()]
    assert lines[0][0] == "version"
    assert [line[0] for line in lines[1:]] == ["1", "2"]
    assert lines[2][-3:] == ["attachments,", "text,", "title"]


def test_diff_is_by_sentence(archive: Log, place: Place) -> None:
    assert show(archive.ledger, place, doc(1), "diff") == "There is one version only.\n"
    archive.document(1, reading("正文第一句。第二句改了；\n新段。", title="改了", attachments=(link("a.doc"),)))
    shown = str(show(archive.ledger, place, doc(1), "diff")).splitlines()
    assert shown[0].endswith("  zhuhai  changed    改了（珠府办〔2026〕7号）")
    assert shown[2:] == [
        "    title 标题: 关于财政预算的通知 → 改了",
        "    text 正文: 10 → 16 characters",
        "          正文第一句。",
        "        ~ 第二句{+改了+}；",
        "        + 新段。",
    ]


def test_a_name_that_nothing_answers_to(archive: Log, place: Place) -> None:
    with pytest.raises(NotFoundError, match="没有: no document has this id, URL, 文号 or 索引号"):
        show(archive.ledger, place, "没有")


def test_a_name_that_several_answer_to(archive: Log, place: Place) -> None:
    for name in range(2, 8):
        archive.document(name, reading())
    with pytest.raises(NotFoundError) as caught:
        show(archive.ledger, place, "珠府办〔2026〕7号")
    assert "7 documents answer to it, name one by its id: zhuhai-" in str(caught.value)
    assert str(caught.value).endswith("and 2 more")
    assert "\n" not in str(caught.value)


def test_a_warc_file_that_is_gone(archive: Log, place: Place, warc: Warc) -> None:
    warc.path.unlink()
    with pytest.raises(StorageError, match="no such WARC file"):
        show(archive.ledger, place, doc(1), "html")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_bare_document(log: Log, place: Place, warc: Warc, part: str) -> None:
    log.start()
    bare = reading("", title="", fields=(), observations=(), text_status="empty")
    log.document(1, bare, **warc.write("urn:uuid:bare", url(1), b"HTTP/1.1 200 OK\r\n\r\n<html>", b"<html>"))
    assert show(log.ledger, place, doc(1), part)


def test_runs(log: Log) -> None:
    assert runs_table(log.ledger, 5) == "no runs yet"
    log.start("zhuhai-1")
    log.end(Verdict.OK, reason="1 column read to its end")
    log.start("zhuhai-2")
    header, second, first = runs_table(log.ledger, 5).splitlines()
    assert header.split()[:4] == ["started", "(UTC)", "portal", "verdict"]
    assert second.split() == ["2026-11-22", "06:00", "zhuhai", "(unfinished)", *"00000"]
    assert first.split()[3:] == ["ok", *"00000", *["1", "column", "read", "to", "its", "end"]]
    assert header.index("verdict") == first.index("ok"), "columns are aligned"
