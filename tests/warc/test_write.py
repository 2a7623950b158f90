"""The writer: what it writes."""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_command

from archive.events import Captured, FetchFailed, ListRead, Location, RunStarted, from_json
from archive.vocabulary import Mode, Role, Truncation
from archive.warc import http
from archive.warc.read import Record, read_at, walk
from archive.warc.records import NOT_MODIFIED, SAME_PAYLOAD, Original, new_id

from .conftest import AT, BODY, CHUNKED, FIRST, NASTY, PORTAL, REQUEST, URL, OpenWriter, exchange, only_file, problems

SHA256_OF_ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def by_type(path: Path) -> dict[str, Record]:
    return {record.type: record for record in walk(path)}


# --- what is written --------------------------------------------------------------------------------------------


def test_an_exchange_is_three_records_behind_a_warcinfo(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer(operator="an archive\r\n<archive@example.org>")
    answer = exchange(CHUNKED["chunked"], tls="tls/1.3", notes={"proxy": "办公\r\nX: 1"})
    record_id = pen.record(answer)
    pen.close()
    path = only_file(tmp_path)
    assert path.name == FIRST
    info, why, request, response = walk(path)
    assert [record.type for record in (info, why, request, response)] == ["warcinfo", "metadata", "request", "response"]

    about = dict(http.fields(info.block, "utf-8"))
    assert about == {
        "software": "gongkai/0.1",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": PORTAL,
        "operator": "an archive <archive@example.org>",
        "robots": "obeyed (RFC 9309); a refused robots.txt means no",
    }
    assert (info.header("WARC-Filename"), info.header("Content-Type")) == (FIRST, "application/warc-fields")

    assert from_json(why.block) == replace(answer.context, elapsed_ms=120)  # type: ignore[type-var]
    assert (why.uri, why.header("Content-Type")) == (f"urn:gongkai:captured:{URL}", "application/json")
    assert why.link("WARC-Concurrent-To") == request.link("WARC-Concurrent-To") == response.id == record_id
    assert request.block == REQUEST

    assert response.block == CHUNKED["chunked"]
    assert response.headers == (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", "2026-11-22T06:04:23.000001Z"),
        ("WARC-Target-URI", URL),
        ("WARC-Warcinfo-ID", f"<{info.id}>"),
        ("WARC-IP-Address", "192.0.2.7"),
        ("WARC-Protocol", "http/1.1"),
        ("WARC-Protocol", "tls/1.3"),
        ("WARC-Payload-Digest", SHA256_OF_ABC),
        ("WARC-JSON-Metadata", r'{"proxy": "\u529e\u516c\r\nX: 1"}'),
        ("WARC-Block-Digest", "sha256:" + hashlib.sha256(CHUNKED["chunked"]).hexdigest()),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", str(len(CHUNKED["chunked"]))),
    )


@pytest.mark.parametrize("raw", [*NASTY.values(), *CHUNKED.values()], ids=[*NASTY, *CHUNKED])
def test_blocks_come_back_byte_for_byte_from_every_reader(tmp_path: Path, writer: OpenWriter, raw: bytes) -> None:
    pen = writer()
    pen.record(exchange(raw))
    pen.close()
    path = only_file(tmp_path)
    assert by_type(path)["response"].block == raw
    assert problems(path) == []
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        theirs = {record.rec_type: record.raw_stream.read() for record in records}
    assert theirs["response"] == raw
    assert theirs["request"] == REQUEST
    fast = {record.headers["WARC-Type"]: record.reader.read() for record in FastIterator(str(path), parse_http=False)}
    assert fast["response"] == raw
    assert fast["request"] == REQUEST


def warcio_check(path: Path) -> int:
    with pytest.raises(SystemExit) as ended:
        warcio_command(["check", str(path)])
    return int(ended.value.code or 0)


def test_warcio_finds_our_digests_right(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    for number, raw in enumerate(NASTY.values()):
        if raw.startswith(b"HTTP"):
            pen.record(exchange(raw, f"{URL}?{number}"))
    pen.event(FetchFailed("run-1", PORTAL, "2026-11-22T06:04:24.000000Z", Role.DOCUMENT, URL, "timeout"))
    pen.close()
    assert warcio_check(only_file(tmp_path)) == 0


def test_warcio_still_misjudges_chunked_payloads(tmp_path: Path, writer: OpenWriter) -> None:
    """webrecorder/warcio#74. When this fails, the remark in ``records.py`` can go."""
    pen = writer()
    pen.record(exchange(CHUNKED["chunked"]))
    pen.close()
    assert warcio_check(only_file(tmp_path)) == 1


def test_pywb_indexes_our_files(tmp_path: Path, writer: OpenWriter) -> None:
    indexer = pytest.importorskip("pywb.indexer.cdxindexer", reason="pywb is not a dependency; installed for this only")
    pen = writer()
    pen.record(exchange())
    capture = pen.record(exchange(exchange().response, URL + "?again"))
    pen.event(ListRead("run-1", PORTAL, "2026-11-22T06:05:00.000000Z", "zcwj", 1, URL), refers_to=capture)
    pen.close()
    index = tmp_path / "index.cdxj"
    indexer.main(["-j", "-o", str(index), str(only_file(tmp_path))])
    # A JSON metadata record counts as a capture of its target there: none may pass for the page's own.
    pages = [line for line in index.read_text().splitlines() if line.startswith("cn,gov,zhuhai)")]
    assert ['"mime": "warc/revisit"' in line for line in pages] == [False, True]


def test_a_url_never_breaks_a_header(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange(url="http://www.zhuhai.gov.cn/a b\r\nX: 1/办法.doc?<q>=%E5#x"))
    pen.close()
    assert by_type(only_file(tmp_path))["response"].uri == (
        "http://www.zhuhai.gov.cn/a%20b%0D%0AX:%201/%E5%8A%9E%E6%B3%95.doc?%3Cq%3E=%E5#x"
    )


def test_an_unexplained_exchange_has_no_metadata(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange(context=None, ip="", protocol=""))
    pen.close()
    info, request, response = walk(only_file(tmp_path))
    assert (info.type, request.type, response.type) == ("warcinfo", "request", "response")
    assert response.header("WARC-IP-Address") == response.header("WARC-Protocol") == ""


def test_a_cut_answer_says_why(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange(b"HTTP/1.1 200 OK\r\n\r\n<p", truncated=Truncation.TIME))
    pen.close()
    assert by_type(only_file(tmp_path))["response"].truncated is Truncation.TIME


def test_events(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    capture = pen.record(exchange())
    started = RunStarted("run-1", PORTAL, "2026-11-22T06:00:00.000000Z", Mode.NORMAL)
    read = ListRead("run-1", PORTAL, "2026-11-22T06:05:00.000000Z", "zcwj", 1, URL)
    bare = Captured("run-1", PORTAL, Role.OTHER)
    ids = [pen.event(started), pen.event(read, refers_to=capture), pen.event(bare)]
    pen.close()
    first, second, third = list(walk(only_file(tmp_path)))[-3:]
    assert [first.id, second.id, third.id] == ids
    assert [from_json(record.block) for record in (first, second, third)] == [started, read, bare]
    assert [first.uri, second.uri, third.uri] == [
        "urn:gongkai:run:run-1",
        f"urn:gongkai:list_read:{URL}",
        "urn:gongkai:run:run-1",
    ]
    assert [first.date, second.date, third.date] == [started.at, read.at, "2026-11-22T06:04:23.000001Z"]
    assert [first.link("WARC-Refers-To"), second.link("WARC-Refers-To")] == ["", capture]


# --- revisits ---------------------------------------------------------------------------------------------------


def test_a_payload_of_this_session_is_a_revisit(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    plain = b"HTTP/1.1 200 OK\r\nX-Served: 1\r\n\r\n" + BODY
    framed = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    first = pen.record(exchange(plain))
    second = pen.record(exchange(framed, URL + "?again", started_at=AT + timedelta(days=1)))
    pen.close()
    path = only_file(tmp_path)
    original, revisit = by_type(path)["response"], by_type(path)["revisit"]
    assert (original.id, revisit.id) == (first, second)
    assert revisit.block == b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert revisit.header("WARC-Profile") == SAME_PAYLOAD
    assert revisit.link("WARC-Refers-To") == original.id
    assert revisit.header("WARC-Refers-To-Target-URI") == URL
    assert revisit.header("WARC-Refers-To-Date") == original.date
    assert revisit.header("WARC-Payload-Digest") == "sha256:" + hashlib.sha256(BODY).hexdigest()
    assert (revisit.header("WARC-Truncated"), revisit.truncated) == ("length", None)
    contexts = [event for record in walk(path) if isinstance(event := from_json(record.block), Captured)]
    assert [context.original for context in contexts] == [None, original.location]
    assert read_at(path, original.location.offset) == original
    assert problems(path) == []


def test_the_archive_is_asked_for_a_payload(tmp_path: Path, writer: OpenWriter) -> None:
    asked = []
    known = Original("urn:uuid:1", "http://old/", "2020-01-01T00:00:00Z", Location("zhuhai-2020-00001.warc.gz", 7, 99))

    def find(digest: str, url: str) -> Original:
        asked.append((digest, url))
        return known

    pen = writer(find=find)
    pen.record(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + BODY))
    pen.close()
    assert asked == [("sha256:" + hashlib.sha256(BODY).hexdigest(), URL)]
    revisit = by_type(only_file(tmp_path))["revisit"]
    assert revisit.link("WARC-Refers-To") == "urn:uuid:1"
    assert revisit.header("WARC-Payload-Digest") == asked[0][0]


@pytest.mark.parametrize(
    "second",
    [
        exchange(b"HTTP/1.1 404 Not Found\r\n\r\n" + BODY),
        exchange(b"HTTP/1.1 200 OK\r\n\r\n" + BODY, truncated=Truncation.LENGTH),
        exchange(b"HTTP/1.1 200 OK\r\n\r\n" + BODY[:100]),
        exchange(b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
    ids=["not 200", "truncated", "small", "empty"],
)
def test_neither_a_revisit_nor_the_original_of_one(tmp_path: Path, writer: OpenWriter, second: object) -> None:
    pen = writer(find=lambda _digest, _url: None)
    pen.record(second)  # type: ignore[arg-type]
    pen.record(exchange(b"HTTP/1.1 200 OK\r\n\r\n" + BODY))
    pen.record(second)  # type: ignore[arg-type]
    pen.close()
    types = [record.type for record in walk(only_file(tmp_path)) if record.type in ("response", "revisit")]
    assert types == ["response"] * 3


def test_another_portals_record_is_no_original(tmp_path: Path, writer: OpenWriter) -> None:
    foreign = Original(
        "urn:uuid:1", "http://other/", "2020-01-01T00:00:00Z", Location("zhuhai-old-2020-00001.warc.gz", 7, 9)
    )
    pen = writer(find=lambda _digest, _url: foreign)
    pen.record(exchange())
    pen.close()
    assert "revisit" not in by_type(only_file(tmp_path))


NOT_CHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'


@pytest.mark.parametrize("digest", ["", SHA256_OF_ABC])
def test_a_304_refers_to_the_latest_capture(tmp_path: Path, writer: OpenWriter, digest: str) -> None:
    latest = Original("urn:uuid:1", URL, "2020-01-01T00:00:00Z", Location("zhuhai-2020-00001.warc.gz", 7, 9), digest)
    pen = writer(find_latest=lambda url: latest if url == URL else None)
    pen.record(exchange(NOT_CHANGED))
    pen.record(exchange(NOT_CHANGED, URL + "?new"))
    pen.close()
    records = by_type(only_file(tmp_path))
    revisit = records["revisit"]
    assert revisit.block == NOT_CHANGED
    assert revisit.header("WARC-Profile") == NOT_MODIFIED
    assert revisit.link("WARC-Refers-To") == "urn:uuid:1"
    assert (revisit.header("WARC-Payload-Digest"), revisit.header("WARC-Truncated")) == (digest, "")
    assert records["response"].uri == URL + "?new"


def test_a_304_without_a_lookup_is_a_response(tmp_path: Path, writer: OpenWriter) -> None:
    pen = writer()
    pen.record(exchange(NOT_CHANGED))
    pen.close()
    assert by_type(only_file(tmp_path))["response"].block == NOT_CHANGED


def test_ids_are_new_in_every_thread() -> None:
    before = sys.getswitchinterval()
    found: list[str] = []
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            for ids in threads.map(lambda _: [new_id() for _ in range(5_000)], range(4)):
                found += ids
    finally:
        sys.setswitchinterval(before)
    assert len(set(found)) == 20_000
    assert all(UUID(one).version == 4 for one in found[:100])
