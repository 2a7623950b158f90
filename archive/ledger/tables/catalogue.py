"""What portals offer and what runs met of it: portals, columns, rows, runs, and the history of both."""

from archive.ledger.definition import Column, Index, Table, count, must
from archive.vocabulary import EntryState, Mode, Verdict, WalkEnd

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
