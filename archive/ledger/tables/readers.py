"""What readers left: readings that were replaced, parts of pages that change by themselves."""

from archive.ledger.definition import Column, Index, Table, must

READINGS = Table(
    "readings",
    "旧解读",
    "a reading of a version that the reading of a newer reader replaced (gongkai reread)",
    ("document_id", "version", "replaced_at"),
    (
        must("document_id", "文件标识", "the document"),
        must("version", "版本", "the version", "INTEGER"),
        must("replaced_at", "替换时间", "until when the version stood so, UTC"),
        must("reader", "解读程序", "the reader that had made it"),
        must("replaced_by", "新解读程序", "the reader whose reading replaced it"),
        must(
            "was",
            "原值",
            "JSON: column of versions → value as it stood, those that the next reading gives otherwise; with the later "
            "ones laid over the version, the latest first, it says what the version said at any time",
        ),
        must("warc_file", "WARC文件", "file of the record that this was read from, without its folder"),
        must("warc_offset", "WARC偏移", "first byte of its gzip member", "INTEGER"),
    ),
    (Index("replaced_at"),),
    ("FOREIGN KEY (document_id, version) REFERENCES versions (document_id, version)",),
)

FORESEEN = Table(
    "foreseen",
    "预见",
    "what a reread further on in the log says of a capture: how it was read at its time; empty when all is read in",
    ("warc_file", "warc_offset", "capture_id"),
    (
        must("warc_file", "WARC文件", "file of the reread's record, without its folder"),
        must("warc_offset", "WARC偏移", "first byte of its gzip member", "INTEGER"),
        must("capture_id", "抓取标识", "the capture"),
        must("portal", "门户", "the portal"),
        Column("refusal", "拒绝", "named refusal that it counted as; NULL for a version"),
        Column("document_id", "文件标识", "the document that it is a version of"),
        Column("version", "版本", "that version", "INTEGER"),
        Column("was", "原值", "JSON: columns of that version as they stood, those that the reread gives otherwise"),
        Column("changed", "变更", "JSON: field, before and after of each row of changes that led to that version"),
    ),
    (Index("capture_id"), Index("document_id")),
)

VOLATILE = Table(
    "volatile",
    "易变部分",
    "a part of a portal's pages that differs from one answer to the next, and so makes no version",
    ("portal", "part", "pattern"),
    (
        must("portal", "门户", "the portal", refers="portals(key)"),
        must("part", "部分", "field, line (of a text) or attachment (a link)"),
        must("pattern", "样式", "the column's name; of a line or link, what masking letters and digits leaves"),
        must("seen_at", "发现时间", "when two answers of one page, moments apart, showed it"),
        Column("run_id", "运行", "the run that met them", refers="runs(id)"),
    ),
)
