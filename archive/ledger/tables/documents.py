"""Documents, as they stand and as they stood, and what was said of them."""

from archive.ledger.definition import Column, Index, Table, count, must
from archive.vocabulary import ChangeKind, EntryState, Source, TextStatus

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
