"""A portal of TRS WCM whose lists are filled by TRS IRS (海云), with the traps of the real ones.

``POST /irs/front/list``: the query stands in the page's script, as an object or as JSON in a string; a service wants
``code`` or ``tenantId``; without its filter it gives the rows of the whole site, with too large a page none at all.
Columns of a row have opaque names (``f_2023419305471``); one list has no other name for its titles. Details are as in
Guangxi: ``t<ID>.shtml``, attachments beside them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, article_metas, body_html, stated
from crawler.practice.model import (
    Answer,
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    PracticePortal,
    Site,
    Truth,
    Visit,
)
from crawler.practice.pdf import attachment_truth
from crawler.practice.services import Object, as_json, backwards, detail_pages, page_of

SERVICE = "/irs/front/list"
_MOST = 20  # rows of a page; who asks for more gets none
_CHANNEL, _STATUS, _TITLE, _NUMBER = "f_20211013721943", "f_2023420956721", "f_2023419305471", "f_2023419200318"
_LABELS = (
    ("索引号", "index_number"), ("主题分类", "topic_category"), ("发文单位", "issuer"), ("成文日期", "date_made"),
    ("标题", "title"), ("发文字号", "doc_number"), ("效力状态", "validity"), ("发布日期", "date_published"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    path: str
    channel: str
    name: str
    owner: tuple[str, str]  # ("code", …) or ("tenantId", …)
    table: str
    why: str
    named: bool = True  # whether rows say DOCTITLE
    kept_back: int = 0  # rows that the total counts and no page gives
    external: tuple[tuple[str, str, str], ...] = ()  # (URL, title, day)

    @property
    def query(self) -> Object:
        """What a browser sends."""
        return {
            self.owner[0]: self.owner[1],
            "tableName": self.table,
            "pageNo": 1,
            "pageSize": _MOST,
            "searchFields": [{"fieldName": _STATUS, "searchWord": "有效", "withHighLight": False}],
            "sorts": [{"sortField": "save_time", "sortOrder": "DESC"}],
            "customFilter": {
                "operator": "and",
                "properties": [],
                "filters": [
                    {
                        "operator": "or",
                        "properties": [{"property": "channel_id", "operator": "eq", "value": self.channel}],
                    }
                ],
            },
        }


_RULES = _Column(
    "/zfxxgk/gfxwj/", "59993", "规范性文件", ("code", "189682f495f"), "t_18797a40156",
    "read to its last page; one row leads off the site",
    external=(("http://www.province.example/zfwj/t16600021.shtml", "自治区人民政府关于加强规范性文件监督管理的通知",
               "2020-06-18"),),
)  # fmt: skip
_YEARLY = _Column(
    "/zfxxgk/ndbg/", "5818754", "政府信息公开年报", ("tenantId", "303"), "t_179d1430e47", "one page",
)  # fmt: skip
_NOTICES = _Column(
    "/zfxxgk/tzgg/", "5818755", "通知公告", ("tenantId", "303"), "t_179d1430e47",
    "read to its last page; its titles stand under an opaque name",
    named=False,
)  # fmt: skip
_OFFICES = _Column(
    "/zfxxgk/bmwj/", "59994", "部门文件", ("code", "189682f495f"), "t_18797a40156",
    "the total is larger than what all pages give",
    kept_back=3,
)  # fmt: skip


def build(plan: Plan) -> Site:
    stock = editions(notices())
    frame = Frame(
        "范例市人力资源和社会保障局", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((column.name, column.path) for column in (_RULES, _NOTICES)),
    )  # fmt: skip
    filled = {
        _RULES: take(stock, 25 * plan.scale + 2, plan, _RULES.name),
        _YEARLY: take(editions(reports(), first=500_001), 7, plan, _YEARLY.name),
        _NOTICES: take(stock, 22 * plan.scale, plan, _NOTICES.name),
        _OFFICES: take(stock, 9, plan, _OFFICES.name),
    }
    pages: dict[str, Page] = {"/": markup.home(frame, [(column.name, column.path) for column in filled])}
    lists: dict[_Column, list[Object]] = {}
    for column, documents in filled.items():
        rows = [_row(plan, column, document) for document in documents]
        rows[2:2] = [_away(plan, *row) for row in column.external]
        lists[column] = [] if column.name in plan.emptied else rows
        pages[column.path] = pages[f"{column.path}index.shtml"] = markup.still(_list_html(plan, frame, column))
        pages |= detail_pages(
            documents, partial(_path, column), partial(_file_path, column), partial(_detail_html, frame, column)
        )
    pages[SERVICE] = partial(_service, plan, lists)
    return Site(
        pages,
        {_path(column, document): document.key for column, documents in filled.items() for document in documents},
        tuple(("irs", plan.origin + column.path) for column in filled),
        Truth(
            tuple(_column_truth(plan, column, len(documents)) for column, documents in filled.items()),
            tuple(_truth(plan, column, document) for column, documents in filled.items() for document in documents),
            tuple(ExternalRow(url, title, column.name) for column in filled for url, title, _ in column.external),
        ),
        frozenset((SERVICE,)),
    )


def _path(column: _Column, document: PracticeDocument) -> str:
    return f"{column.path}t{18_366_000 + document.number}.shtml"


# --- the list page and its query ------------------------------------------------------------------------------------


def _list_html(plan: Plan, frame: Frame, column: _Column) -> str:
    main = f"""<div class="right_list"><h2>{escape(column.name)}</h2>
<ul class="more-list" id="list"></ul><div class="pagination"></div>
<script>{_script(plan, column)}</script></div>"""
    return frame.page(column.name, main, (("ColumnName", column.name),), ("政府信息公开", column.name))


def _script(plan: Plan, column: _Column) -> str:
    query = json.dumps(column.query, ensure_ascii=False)
    if plan.variation == 1:  # JSON in a string
        return f"""var param = '{query}'; function load(n) {{ post('{plan.origin}{SERVICE}', param, n); }}"""
    if plan.variation == 2:  # its channel in a variable
        query = query.replace(f'"value": "{column.channel}"', '"value": channelId, /* 栏目 */')
        return f"""var channelId = '{column.channel}', first = 1;
        var searchParams = {query.replace('"pageNo": 1', '"pageNo": first || 1')};
        $.ajax({{url: "{SERVICE}?orderBy=startTime_desc", data: JSON.stringify(searchParams)}});"""
    if plan.variation == 3:  # names without quotes, and no page size
        for name in ("tableName", "pageNo", "searchFields", "customFilter", "filters", *column.owner[:1]):
            query = query.replace(f'"{name}"', name)
        query = query.replace(f'"pageSize": {_MOST}, ', "").replace('"', "'")
        return f"// var old = {{tableName: 't_0'}}\nirs.list({query}, function (res) {{ render(res.data.list) }})"
    return f"""function getList(pageNo) {{
        var data = {query.replace('"pageNo": 1', '"pageNo": pageNo')};
        $.ajax({{type: 'POST', url: '{SERVICE}', contentType: 'application/json', data: JSON.stringify(data)}});
    }}"""


# --- the service ----------------------------------------------------------------------------------------------------


def _row(plan: Plan, column: _Column, document: PracticeDocument) -> Object:
    path = _path(column, document)
    url = {1: path, 2: "./" + path.removeprefix(column.path)}.get(plan.variation, plan.origin + path)
    title = {"DOCTITLE": document.title} if column.named and plan.variation != 3 else {}
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in document.paragraphs)
    rest: Object = {
        _TITLE: document.title,
        _NUMBER: document.doc_number,
        "f_202161645127": body,
        _CHANNEL: column.channel,
        "channel_id": column.channel,
        "rec_id": 40_000 + document.number,
    }
    return _finished(plan, title | rest, url, document.date_published + ":16")


def _away(plan: Plan, url: str, title: str, day: str) -> Object:
    return _finished(plan, {"DOCTITLE": title, _TITLE: title, "channel_id": ""}, url, day + " 10:00:00")


def _finished(plan: Plan, row: Object, url: str, time: str) -> Object:
    row[{1: "DOCPUBURL"}.get(plan.variation, "doc_pub_url")] = url
    row["save_time"] = time[:10] if plan.variation == 2 else time
    return dict(reversed(row.items())) if plan.variation == 2 else row


def _service(plan: Plan, lists: Mapping[_Column, Sequence[Object]], visit: Visit) -> Answer:
    query = visit.json
    if visit.method != "POST" or "json" not in visit.headers.get("content-type", ""):
        return as_json({"success": False, "code": 415, "msg": "Content type not supported"})
    mine = [column for column in lists if (query.get(column.owner[0]), query.get("tableName")) == _credentials(column)]
    if not mine:
        return as_json({"success": False, "code": 500, "msg": "没有查询权限"})
    if int(query.get("pageSize", 10)) > _MOST:
        return as_json({"success": True, "code": 200, "data": None})
    asked = [column for column in mine if query.get("customFilter") == column.query["customFilter"]] or mine
    rows = [row for column in asked for row in lists[column]]
    shown = page_of(rows, str(query.get("pageNo", 1)), int(query.get("pageSize", 10)))
    total = len(rows) + sum(column.kept_back for column in asked)
    data: Object = {"list": list(shown)}
    pager: Object = {"total": total, "pageNo": query.get("pageNo"), "pageSize": query.get("pageSize")}
    data |= {"total": str(total)} if plan.variation == 3 else {"pager": pager}
    answer: Object = {"success": True, "code": 200, "msg": "操作成功", "data": data}
    return as_json(backwards(answer) if plan.variation == 1 else answer)


def _credentials(column: _Column) -> tuple[str, str]:
    return column.owner[1], column.table


# --- details --------------------------------------------------------------------------------------------------------


def _file_path(column: _Column, document: PracticeDocument, number: int) -> str:
    stamp = document.date_published.translate({ord(sign): None for sign in "-: "})
    return f"{column.path}P0{stamp}{document.number:06d}{number}.pdf"


def _detail_html(frame: Frame, column: _Column, document: PracticeDocument) -> str:
    values = stated(document, [field for _, field in _LABELS])
    cells = [f"<td><b>{label}：</b></td><td>{escape(values.get(field, ''))}</td>" for label, field in _LABELS]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    files = "".join(
        f'<p>附件：<a href="./{_file_path(column, document, number).rpartition("/")[2]}">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""<table class="people-desc">
{lines}
</table>
<div class="article"><h1>{escape(document.title)}</h1>
<div class="article-inf">来源：{escape(document.publisher)}　发布时间：{document.date_published}</div>
<div class="view TRS_UEDITOR trs_paper_default">
{body_html(document, '<p style="text-align: justify;">　　{}</p>')}
{files}
</div></div>"""
    return frame.page(document.title, main, article_metas(document, column.name), ("政府信息公开", column.name))


def _column_truth(plan: Plan, column: _Column, documents: int) -> ColumnTruth:
    listed = documents + len(column.external)
    end = WalkEnd.STUB_PAGE if column.kept_back else WalkEnd.LAST_PAGE
    return ColumnTruth(column.name, plan.origin + column.path, listed + column.kept_back, listed, end, column.why)


def _truth(plan: Plan, column: _Column, document: PracticeDocument) -> DocumentTruth:
    values = stated(document, ("keywords", "abstract", *(field for _, field in _LABELS)))
    files = tuple(
        attachment_truth(document, name, plan.origin + _file_path(column, document, number))
        for number, name in enumerate(document.attachments)
    )
    return DocumentTruth(document, plan.origin + _path(column, document), (column.name,), values, files)


PORTAL = PracticePortal("irs", "范例市人力资源和社会保障局（练习）", "450599", "4505990001", build)
