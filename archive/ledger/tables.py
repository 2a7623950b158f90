"""Every table of the database: its columns, what they mean, their Chinese names. The one definition.

The DDL (:mod:`archive.ledger.schema`), the data dictionary (:mod:`archive.ledger.dictionary`), the view ``文件`` and
the headers of exports are made from it. The names of design section 3.3 are a public contract; columns may be added.

NULL means that nothing is known or stated; it is never the same as 0 or as an empty text.
"""

from archive.ledger.definition import Column, Index, Table, count, must
from archive.vocabulary import ChangeKind, EntryState, Mode, Role, Source, TextStatus, Truncation, Verdict, WalkEnd

_METADATA = (
    must("title", "标题", "标题 or 名称"),
    Column("issuer", "发文机关", "发文机关 or 制定机关: who made it; several are joined by ；, the leading one first"),
    Column("publisher", "发布机构", "发布机构: who put it on this site; it may merely forward it"),
    Column("doc_number", "文号", "发文字号 in its standard form, 国办发〔2019〕47号"),
    Column(
        "doc_number_key", "文号检索码", "发文字号 for matching, whatever brackets it was written with: 国办发|2019|47"
    ),
    Column("index_number", "索引号", "索引号 of the catalogue entry; not unique, and a rebuilt portal changes it"),
    Column("date_made", "成文日期", "成文日期: the day of signing"),
    Column("date_issued", "印发日期", "印发日期 or 发文日期"),
    Column("date_published", "发布日期", "发布日期: the day it went online on this site"),
    Column("date_effective", "施行日期", "施行日期 or 生效日期: in force from"),
    Column("date_expired", "废止日期", "废止日期, 失效日期 or 有效期至"),
    Column("disclosure_method", "公开方式", "proactive (主动公开), on_request (依申请公开), not_disclosed, partial"),
    Column("disclosure_scope", "公开范围", "公开范围 or 公开对象"),
    Column("disclosure_time_limit", "公开时限", "公开时限: permanent, until:YYYY-MM-DD, workdays:N"),
    Column("topic_category", "主题分类", "主题分类: a path, levels joined by a backslash"),
    Column("genre", "体裁分类", "体裁分类 or 文种"),
    Column("catalogue_category", "组配分类", "组配分类: the portal's own catalogue node, a path"),
    Column("keywords", "主题词", "主题词 or 关键词, joined by ；"),
    Column("validity", "时效性", "时效性, as the page stated it when it was captured"),
    Column("abstract", "内容概述", "内容概述 or 摘要"),
    Column("unified_number", "统一编号", "统一编号: registration number of a normative document, not the 文号"),
    Column("joint_issuers", "联合发文单位", "联合发文单位, joined by ；"),
    Column("responsible_dept", "公开责任部门", "公开责任部门: the office answerable for the disclosure"),
    Column("source", "信息来源", "来源: where the page says it has the text from"),
    Column("date_promulgated", "公布日期", "公布日期: the day of promulgation, of rules and regulations"),
    Column("disclosure_channel", "公开形式", "公开形式 or 公开渠道和载体, joined by ；"),
    Column("disclosure_procedure", "公开程序", "公开程序"),
    Column("audience_category", "服务对象分类", "服务对象分类, a path"),
    Column("legal_level", "效力级别", "效力级别"),
    Column("addressees", "主送机关", "主送机关"),
    Column("signer", "签发人", "签发人: a person, hence in no export"),
    Column("language", "语种", "语种"),
    Column("carrier", "载体类型", "载体类型 or 信息格式"),
    Column("remarks", "备注", "备注"),
)
"""The canonical fields of a document (``archive.reading.fields``), as both ``documents`` and ``versions`` hold them.

Dates are ``YYYY-MM-DD`` in China's calendar."""

METADATA = tuple(column.name for column in _METADATA)

_TEXT = (
    must("text", "正文", "body text: a line a paragraph or table row, cells separated by a tab; may be empty"),
    must("text_status", "正文状态", "what is known of the text", values=TextStatus),
)

PORTALS = Table(
    "portals",
    "门户",
    "a portal, as its last run described it",
    ("key",),
    (
        must("key", "门户", "name of its portal file, and of its folder of WARC files"),
        must("name", "名称", "full name"),
        must("family", "系统", "families of its columns, separated by a comma and a space"),
        must("home", "首页", "address of its home page"),
        must("division", "行政区划代码", "行政区划代码 (GB/T 2260)"),
        must("site_id_code", "网站标识码", "网站标识码 that its pages should state"),
    ),
)

COLUMNS = Table(
    "columns",
    "栏目",
    "a column (栏目) of a portal's catalogue",
    ("portal", "key"),
    (
        must("portal", "门户", "the portal", refers="portals(key)"),
        must("key", "栏目", "the column's own key; stable, unique within the portal"),
        must("name", "名称", "name as the portal writes it"),
        must("url", "网址", "what a human opens"),
        Column("declared_total", "自报总数", "entries that the column has by the portal's own word", "INTEGER"),
        count("held", "已存", "entries whose document the archive holds, whether or not they are still listed"),
        Column("last_complete_walk", "最近完整遍历", "when the column was last read to its end"),
        must("family", "系统", "family that reads it"),
        Column("walk_end", "遍历结果", "why its latest walk stopped", values=WalkEnd),
        Column("walk_detail", "遍历说明", "detail of that reason"),
        count("listed", "列出", "distinct rows that its latest walk showed"),
        Column("last_seen", "最近见到", "when the portal last offered it"),
        Column("run_id", "运行", "the latest run that walked it", refers="runs(id)"),
        Column("last_whole_walk", "最近通读", "when it was last read as far as it goes, be that less than it declares"),
        Column("whole_end", "通读结果", "why that walk stopped", values=WalkEnd),
        Column("next_page", "续读页", "JSON: the list page at which a walk that was stopped goes on"),
        Column("front", "首页条目", "JSON: addresses of the rows that its first list page showed when last read"),
    ),
)

RUNS = Table(
    "runs",
    "运行",
    "one run of one portal",
    ("id",),
    (
        must("id", "运行", "portal, UTC time of the start, and a random part"),
        must("portal", "门户", "the portal", refers="portals(key)"),
        Column("mode", "方式", "what it set out to do; NULL if its start is not in the log", values=Mode),
        Column("started_at", "开始时间", "UTC; NULL if its start is not in the log"),
        Column("finished_at", "结束时间", "UTC; NULL while it runs, or if it was killed and no later run closed it"),
        Column("verdict", "结论", "how it ended", values=Verdict),
        Column("reason", "原因", "why, in one line"),
        Column("declared", "自报总数", "sum of declared_total of the columns it walked", "INTEGER"),
        count("listed", "列出", "distinct rows (column and address) that its list pages showed"),
        count("fetched", "取得", "documents received: new, changed, or the same as before"),
        count("new", "新增", "documents that the archive did not hold before"),
        count("changed", "变更", "documents that got a further version"),
        count("unchanged", "未变", "documents found as they were, by their content or by an answer 304"),
        count("withdrawn", "撤下", "documents found withdrawn"),
        count("failed", "失败", "entries of the portal in state failed when the run ended, so far if it has not"),
        count("requests", "请求数", "exchanges recorded"),
        count("bytes", "字节数", "bytes received; of a run that was killed, the payload bytes of its captures"),
        Column("software", "软件", "program and version that ran it"),
    ),
    (Index("portal, started_at"),),
)

RUN_COLUMNS = Table(
    "run_columns",
    "运行栏目",
    "a column as a run left it: one that the portal offered to the run, or that the run walked",
    ("run_id", "column_key"),
    (
        must("run_id", "运行", "the run", refers="runs(id)"),
        must("column_key", "栏目", "the column, of the run's portal"),
        must("name", "名称", "name as the portal wrote it then"),
        Column("declared", "自报总数", "entries that it had by the portal's own word", "INTEGER"),
        count("listed", "列出", "distinct rows that the run's walk showed; of one that caught up, its first pages"),
        count("standing", "在列", "rows of the column that were not gone, whichever run listed them"),
        count("held", "已存", "of these: whose document the archive held"),
        count("failed", "失败", "of these: in state failed"),
        count("gone", "消失", "rows that were gone"),
        Column("walk_end", "遍历结果", "why the run's walk stopped; NULL: not walked", values=WalkEnd),
    ),
    rowid=False,
)

RUN_FILL = Table(
    "run_fill",
    "运行字段",
    "how many documents stated a field when a run ended; of runs that brought new or changed documents, and of fields "
    "that any document states",
    ("run_id", "field"),
    (
        must("run_id", "运行", "the run", refers="runs(id)"),
        must("field", "字段", "canonical field, or text"),
        count("documents", "文件数", "documents of the portal that the archive held"),
        count("stated", "有值数", "of these: that stated the field"),
        count("fresh", "新变文件数", "documents that were new or changed in the run"),
        count("fresh_stated", "新变有值数", "of these: that stated the field"),
    ),
    rowid=False,
)

ENTRIES = Table(
    "entries",
    "目录条目",
    "a row of a catalogue column",
    ("portal", "column_key", "address"),
    (
        must("portal", "门户", "the portal", refers="portals(key)"),
        must("column_key", "栏目", "the column"),
        must("url", "网址", "address as the list last gave it"),
        must("title", "标题", "title as the list last gave it"),
        Column("listed_date", "列出日期", "date of the row, where it is clear"),
        Column("document_id", "文件标识", "the document, once it is held", refers="documents(id)"),
        must("first_seen", "首次见到", "when a list first showed it"),
        must("last_seen", "最近见到", "when a list last showed it"),
        must("state", "状态", "where it stands", values=EntryState),
        Column("state_reason", "状态原因", "why it failed: a status (404), a refusal (soft_404), truncated …"),
        count("attempts", "尝试次数", "answers and failures met on its address, redirects not counted"),
        Column("state_detail", "状态说明", "detail of that reason"),
        must("address", "规范网址", "what tells pages apart: the URL without scheme, session and fragment"),
        Column("listed_as", "列表原文", "JSON of what else the row said: date, fields, attachments"),
        Column("run_id", "运行", "the run that last listed it", refers="runs(id)"),
        count("failures", "连续失败", "failures in a row on its address"),
        Column("next_try", "下次尝试", "of a failed entry: not before this time; NULL: no further try"),
        Column("gone_since", "消失时间", "of a gone entry: when a complete walk first did not show it"),
        Column("gone_run", "消失运行", "the run of that walk", refers="runs(id)"),
        Column("gone_proven", "消失证实", "when another complete walk, a day later or more, did not show it either"),
    ),
    (
        Index("portal, address, column_key"),
        Index("portal, state"),
        Index("portal", "state IN ('listed', 'failed')"),
        Index("portal, column_key", "document_id IS NOT NULL"),
        Index("document_id"),
    ),
    ("FOREIGN KEY (portal, column_key) REFERENCES columns (portal, key)",),
)

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

DOCUMENTS = Table(
    "documents",
    "文件",
    "a document as it stands now",
    ("id",),
    (
        must("id", "文件标识", "portal and a hash of its catalogue address: the same in every rebuild"),
        must("portal", "门户", "the portal", refers="portals(key)"),
        must("url", "网址", "its address in the catalogue"),
        *_METADATA,
        *_TEXT,
        must("first_seen", "首次取得", "when its page was first received, UTC"),
        must("last_seen", "最近取得", "when its page was last received in full (200), UTC"),
        must("last_checked", "最近核查", "when it was last asked for and anything but a redirect came back, UTC"),
        Column("withdrawn_at", "撤下时间", "when it was found withdrawn: row and page gone, both proven twice"),
        Column(
            "delisted_at", "除名时间", "when it was found delisted: its row proven gone twice, its page still served"
        ),
        Column("moved_to", "移至", "the document that it lives on as, at another address", refers="documents(id)"),
        Column("missing_since", "缺失时间", "when its page first said that it is gone; NULL while it is served"),
        Column("missing_run", "缺失运行", "the run that met that", refers="runs(id)"),
        Column("next_check", "下次核查", "when its page is due to be asked for again; NULL: not by itself"),
        must("version", "版本", "its present version, counted from 1", "INTEGER"),
        must("capture_id", "抓取标识", "the capture that its present version was read from", refers="captures(id)"),
        must("content_digest", "内容摘要", "sha256 over title, fields, text and attachments"),
    ),
    (
        Index("portal, next_check"),
        Index("portal, title"),
        Index("doc_number_key"),
        Index("index_number"),
        Index("capture_id"),
    ),
)

VERSIONS = Table(
    "versions",
    "版本",
    "a document as it stood",
    ("document_id", "version"),
    (
        must("document_id", "文件标识", "the document", refers="documents(id)"),
        must("version", "版本", "counted from 1", "INTEGER"),
        must("capture_id", "抓取标识", "the capture that shows it", refers="captures(id)"),
        must("seen_at", "见到时间", "when it was first seen so, UTC"),
        must("content_digest", "内容摘要", "sha256 over title, fields, text and attachments"),
        must("reader", "解读程序", "name and version of the reader"),
        *_METADATA,
        *_TEXT,
        must("attachments", "附件", "JSON: url and file name of each attachment that it links to"),
        must("charset", "字符集", "what its page was decoded with"),
        must("flags", "标记", "what the reader wants known of this reading, separated by a comma and a space"),
        Column(
            "parts",
            "组成部分",
            "JSON: what the text consists of, where it is more than one document: kind, first and last line, number of "
            "the document, title, and the fields of a reprinted one",
        ),
    ),
    (Index("capture_id"),),
)

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

OBSERVATIONS = Table(
    "observations",
    "观察",
    "a label/value pair met on a page",
    ("document_id", "version", "number"),
    (
        must("document_id", "文件标识", "the document"),
        must("version", "版本", "the version on whose page it was met", "INTEGER"),
        # The key's columns stand first: SQLite 3.40's integrity_check reports NULLs that are not there otherwise.
        must("number", "序号", "order on the page, counted from 1", "INTEGER"),
        Column("field", "字段", "canonical field; NULL for a label that is not known"),
        must("label", "标签", "as written"),
        must("value", "值", "as written"),
        Column("normalised", "规范值", "canonical form; NULL where there is none"),
        must("source", "位置", "where on the page it was met", values=Source),
        must("chosen", "采用", "1 if the document's value comes from it, else 0", "INTEGER"),
    ),
    (),
    ("FOREIGN KEY (document_id, version) REFERENCES versions (document_id, version)",),
    rowid=False,  # small rows, always read by document: one tree instead of two
)

ATTACHMENTS = Table(
    "attachments",
    "附件",
    "a file that belongs to a document",
    ("document_id", "url"),
    (
        must("document_id", "文件标识", "the document", refers="documents(id)"),
        must("url", "网址", "address that the document's page links to"),
        must("filename", "文件名", "name that the link gives"),
        Column("mime", "媒体类型", "declared media type"),
        Column("bytes", "字节数", "length of the file", "INTEGER"),
        Column("sha256", "SHA256", "hex digest of the file"),
        Column("text", "文本", "text of the file; NULL where none was read out of it"),
        Column("text_status", "文本状态", "what is known of that text", values=TextStatus),
        Column("capture_id", "抓取标识", "the capture that holds it", refers="captures(id)"),
        must("state", "状态", "listed, done, failed or external", values=EntryState),
        Column("state_reason", "状态原因", "why it failed, or why it is external"),
        Column("state_detail", "状态说明", "detail of that reason"),
        count("attempts", "尝试次数", "answers and failures met on its address, redirects not counted"),
        must("version", "版本", "last version of the document that links to it", "INTEGER"),
    ),
    (Index("capture_id"), Index("state", "state <> 'done'")),
)

CHANGES = Table(
    "changes",
    "变更",
    "something that happened to a document",
    ("document_id", "at", "kind", "field"),
    (
        must("at", "时间", "when it was noticed: time of the capture, UTC"),
        Column("run_id", "运行", "the run that noticed it", refers="runs(id)"),
        must("document_id", "文件标识", "the document", refers="documents(id)"),
        must("kind", "类型", "what happened", values=ChangeKind),
        must("field", "字段", "for changed: the column of versions that differs; empty for the other kinds"),
        Column("before", "变更前", "value before; of a text its sha256, the text itself is in versions"),
        Column("after", "变更后", "value after, likewise"),
        must("version", "版本", "version of the document that this led to", "INTEGER"),
    ),
    (Index("at"), Index("run_id")),
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

REPORT_CELLS = Table(
    "report_cells",
    "年报数据",
    "a cell of an annual report (政府信息公开工作年度报告)",
    ("document_id", "table", "row", "column"),
    (
        must("document_id", "文件标识", "the report", refers="documents(id)"),
        must("format", "格式", "year of the form: 2019 or 2021"),
        must("table", "表", "table of the form"),
        must("row", "行", "row of the form"),
        must("column", "列", "column of the form"),
        Column("value", "数值", "the number; NULL where the cell is blank or not applicable: blank is not zero", "ANY"),
        must("raw", "原文", "as written"),
        must("status", "状态", "how the value was come by"),
    ),
)

REPORT_CHECKS = Table(
    "report_checks",
    "年报勾稽",
    "an arithmetic check (勾稽关系) of an annual report",
    ("document_id", "constraint"),
    (
        must("document_id", "文件标识", "the report", refers="documents(id)"),
        must("constraint", "勾稽关系", "name of the rule"),
        Column("left", "左值", "left side, as computed", "ANY"),
        Column("right", "右值", "right side, as computed", "ANY"),
        must("status", "结果", "outcome of the check"),
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

TABLES = (
    PORTALS,
    RUNS,
    COLUMNS,
    CAPTURES,
    DOCUMENTS,
    VERSIONS,
    RUN_COLUMNS,
    RUN_FILL,
    ENTRIES,
    OBSERVATIONS,
    ATTACHMENTS,
    CHANGES,
    VOLATILE,
    READINGS,
    REPORT_CELLS,
    REPORT_CHECKS,
    WARC_FILES,
    FORESEEN,
)
"""In the order of their creation: a table comes after those that it refers to."""

FULL_TEXT = Table(
    "documents_fts",
    "全文索引",
    "index of the full text of documents, by their rowid, without the text itself; every Han character is a token of "
    "its own, a word a phrase",
    (),
    (
        Column("title", "标题", "title, spaced"),
        Column("text", "正文", "text, spaced"),
    ),
)

VIEW = "文件"
"""The view of ``documents`` with Chinese column names."""
