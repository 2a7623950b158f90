"""Annual reports (政府信息公开工作年度报告) as figures."""

from archive.ledger.definition import Column, Table, must

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
