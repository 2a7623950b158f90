"""What lies in the WARC files, and how far they have been read."""

from archive.ledger.definition import Column, Index, Table, count, must
from archive.vocabulary import Role, Truncation

CAPTURES = Table(
    "captures",
    "抓取记录",
    "one HTTP exchange in a WARC file",
    ("id",),
    (
        must("id", "抓取标识", "WARC-Record-ID of its response, without the angle brackets"),
        must("url", "网址", "the address asked for"),
        must("role", "用途", "why it was asked for", values=Role),
        must("fetched_at", "抓取时间", "WARC-Date: when the request was begun, UTC"),
        must("status", "状态码", "HTTP status; 0 if the answer broke off before it", "INTEGER"),
        must("mime", "媒体类型", "declared media type"),
        must("payload_digest", "载荷摘要", "WARC-Payload-Digest: sha256 of the body without transfer encoding"),
        must("warc_file", "WARC文件", "file name, without its folder"),
        must("warc_offset", "WARC偏移", "first byte of its gzip member", "INTEGER"),
        must("warc_length", "WARC长度", "length of its gzip member", "INTEGER"),
        Column("run_id", "运行", "the run that made it", refers="runs(id)"),
        Column("revisit_of", "原始记录", "for a revisit: id of the capture that holds the payload"),
        Column("truncated", "截断", "why the answer is not whole", values=Truncation),
        must("portal", "门户", "the portal", refers="portals(key)"),
        must("payload_bytes", "载荷字节数", "length of the payload", "INTEGER"),
        Column("refusal", "拒绝", "named refusal: the answer is not what was asked for"),
        Column(
            "tls_exceptions",
            "加密例外",
            "how its encrypted connection departed from the strict way, joined by a comma and a space: unverified (its "
            "certificate was not looked at), legacy_renegotiation, p256_only; NULL: not at all",
        ),
        Column("etag", "实体标签", "ETag of the answer, as sent: what a later request asks with"),
        Column("last_modified", "最后修改", "Last-Modified of the answer, as sent, likewise"),
    ),
    (
        Index("portal, payload_digest", "revisit_of IS NULL AND truncated IS NULL"),
        Index("url, fetched_at"),
        Index("run_id"),
    ),
)

WARC_FILES = Table(
    "warc_files",
    "WARC文件",
    "how far a WARC file has been read into this database",
    ("name",),
    (
        must("name", "文件名", "file name, without its folder"),
        must("portal", "门户", "the portal, from the file's name"),
        count("ingested_to", "读至", "first byte not yet read in; updated together with the rows"),
        count("records", "记录数", "captures and events taken in from it"),
    ),
)
