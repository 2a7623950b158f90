"""A portal of TrueCMS, with the traps of the real ones.

The first records stand in the hidden ``#initData``; the others come from ``getMessage.do`` as JSONP around a datastore,
in windows of at most as many as the site's own script asks for, and only with ``Referer``. One column's service is
switched off (连云港): its links stand in click handlers, and only the first records of it are to be had.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import md5
from html import escape
from uuid import UUID

from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, lazily
from crawler.practice.model import Answer, Page, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.shelf import Entry, Labels, Links, Shelf, site

SITE = "dlsrmzf"
_PER_PAGE, _GROUP = 3, 3
_WINDOW = _PER_PAGE * _GROUP
_DECLARED = 60  # entries of the column whose service is off
_LABELS: Labels = (
    ("索引号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"), ("文号", "doc_number"),
    ("成文日期", "date_made"), ("公开日期", "date_published"), ("有效性", "validity"), ("内容概述", "abstract"),
)  # fmt: skip


def build(plan: Plan) -> Site:
    frame = Frame(
        "定例市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("政府办文件", _list_path("szfbwj")),)
    )
    stock = editions(notices())
    away = Row("http://www.province.example/art/2020/7/6/art_46144_9291230.html",
               "省政府办公厅关于政府网站集约化建设情况的通报", "2020-07-06")  # fmt: skip
    files = take(stock, 20 * plan.scale, plan, "政府办文件")
    yearly = take(editions(reports(), 500_001), 7, plan, "政府信息公开年报")
    shelves = (
        _shelf("szfbwj", "政府办文件", files, "in windows of nine; one row leads off the site",
               declared=len(files) + 1, external=(away,)),
        _shelf("ndbg", "政府信息公开年报", yearly, "all records in the page", declared=len(yearly)),
        _shelf("zcfg", "政策法规", take(stock, _WINDOW, plan, "政策法规"),
               "the service is switched off: no more than the records of the page",
               end=WalkEnd.PAGE_MISSING, declared=_DECLARED),
    )  # fmt: skip
    service = f"/{_case(plan)}/messageController/getMessage.do"
    lists: dict[str, Page] = {shelf.url: lazily(partial(_list_html, plan, frame, shelf)) for shelf in shelves}
    lists[service] = partial(_service, plan, {_id(shelf): shelf for shelf in shelves[:2]})
    return site(plan, "truecms", frame, shelves, lists, partial(_detail, frame))


def _case(plan: Plan) -> str:
    return "TrueCMS" if plan.variation in (1, 2) else "truecms"


def _list_path(channel: str) -> str:
    return f"/{SITE}/{channel}/{channel}.html"


def _uuid(text: str) -> UUID:
    return UUID(md5(text.encode(), usedforsecurity=False).hexdigest())


def _id(shelf: Shelf) -> str:
    return str(_uuid(shelf.url))


def _shelf(
    channel: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    declared: int | None = None,
    external: tuple[Row, ...] = (),
) -> Shelf:
    def page(document: PracticeDocument) -> str:
        return f"/{SITE}/{channel}/content/{_uuid(f'truecms{document.number}')}.html"

    def file(document: PracticeDocument, place: int) -> str:
        return f"/{SITE}/upload/{_uuid(f'truecms{document.number}{place}')}.pdf"

    return Shelf(name, _list_path(channel), documents, page, file, _LABELS, why, end, declared, external)


# --- lists ----------------------------------------------------------------------------------------------------------


def _list_html(plan: Plan, frame: Frame, shelf: Shelf) -> str:
    batch = shelf.batches(plan, _WINDOW)[0]
    record = _clicked if shelf.end is WalkEnd.PAGE_MISSING else _RECORDS[plan.variation]
    records = "\n".join(record(entry) for entry in batch)
    around = ("<table><tbody>", "</tbody></table>") if records.startswith("<tr") else ('<ul class="list-ul">', "</ul>")
    main = f"""<div class="list-right"><h2>{shelf.name}</h2><div id="msgList"></div>
<div id="initData" style="display:none">{around[0]}{records}{around[1]}</div>
<script src="/{SITE}/js/jquery.jpage.js"></script><script>{_script(plan, shelf)}</script></div>"""
    return frame.page(shelf.name, main, (("ColumnName", shelf.name),), ("政府信息公开", shelf.name))


def _script(plan: Plan, shelf: Shelf) -> str:
    """What ``jpage`` is told; of the second, the service's host is one that nobody reaches."""
    total = shelf.declared or 0
    path = f"/{_case(plan)}/messageController/getMessage.do"
    before = """var initData = '<datastore><totalrecord>' + $('#initData li').length + '</totalrecord><recordset>';
    $('#initData ul').each(function () { initData += '<record><![CDATA[' + $(this).html() + ']]></record>'; });"""
    told = (
        f"totalRecord:{total}, proxyUrl:'{path}', perPage:{_PER_PAGE}, groupSize:{_GROUP}, barPosition:'bottom',"
        f" ajaxParam:{{ columnId:'{_id(shelf)}' }}",
        f"ajaxParam: {{columnId: '{_id(shelf)}'}}, groupSize: '{_GROUP}', perPage: '{_PER_PAGE}',"
        f" proxyUrl: 'http://192.0.2.65:8001{path}', totalRecord: '{total}'",
        f"'proxyUrl': \"{plan.origin}{path}\", 'totalRecord': \"{total}\", 'perPage': {_PER_PAGE},"
        f" 'groupSize': {_GROUP}, 'ajaxParam': {{'columnId': \"{_id(shelf)}\", 'siteId': 1}}",
        f"dataBefore:'<ul>', totalRecord:{total}, perPage:{_PER_PAGE}, groupSize:{_GROUP}, proxyUrl:'{path}',"
        f" ajaxParam:{{columnId:'{_id(shelf)}'}}, dataAfter:'</ul>'",
    )[plan.variation]
    return f"$(function () {{ {before}\n$('#msgList').jpage({{ cache:false, dataStore:initData, {told} }}); }});"


def _service(plan: Plan, shelves: Mapping[str, Shelf], visit: Visit) -> Answer:
    """JSONP. A window that is too wide brings nothing; a request without ``Referer`` brings 404, as does a column whose
    service is off."""
    shelf = shelves.get(visit.query.get("columnId", ""))
    if shelf is None or "referer" not in visit.headers:
        return NOT_FOUND
    start, end = (int(visit.query.get(f"{bound}record", "0")) for bound in ("start", "end"))
    entries = [] if shelf.name in plan.emptied else shelf.entries(plan)
    batch = entries[start - 1 : end] if end - start < _WINDOW else []
    records = "".join(f"<record><![CDATA[{_RECORDS[plan.variation](entry)}]]></record>" for entry in batch)
    total = "" if plan.variation == 3 else str(len(entries))
    result = f"<datastore><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"
    body = json.dumps({"result": result, "success": True}, ensure_ascii=False)
    wrap = visit.query.get("callback", "") if plan.variation != 2 else ""
    return Answer(f"{wrap}({body});" if wrap else body, mime="text/javascript" if wrap else "application/json")


def _item(entry: Entry) -> str:
    row, _ = entry
    return (
        f'<li><span>[{row.date}]</span><a href="{escape(row.href)}" title="{escape(row.title)}">'
        f"{escape(cut(row.title))}</a></li>"
    )


def _change(entry: Entry) -> str:
    row, _ = entry
    return (
        f'<li class="change" onMouseOver="show(this)"><span style="float:left;"><a href="{escape(row.href)}"'
        f' target="_blank"> {escape(row.title)}</a></span>{row.date}</li>'
    )


def _line(entry: Entry) -> str:
    row, _ = entry
    return (
        f'<tr><td>{row.date.replace("-", "/")}</td><td><a href="{escape(row.href)}">{escape(row.title)}</a></td></tr>'
    )


def _text(entry: Entry) -> str:
    row, _ = entry
    return (
        f'<li><a href="{escape(row.href)}"><span class="list-text" title="{escape(row.title)}">'
        f'{escape(cut(row.title))}</span><span class="list-date">{row.date}</span></a></li>'
    )


def _clicked(entry: Entry) -> str:
    row, _ = entry
    return f"<li onclick=\"name2('{escape(row.href)}')\"><p>{escape(row.title)}</p><span>{row.date}</span></li>"


_RECORDS: tuple[Callable[[Entry], str], ...] = (_item, _change, _line, _text)


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    cells = [f"<td><b>{label}</b></td><td>{escape(value)}</td>" for label, value in shelf.stated(document)]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    files = "".join(f'<p><a href="{path}" title="{escape(name)}">{escape(name)}</a></p>' for path, name in links)
    main = f"""<table class="xxgk-table"><tbody>
{lines}
</tbody></table>
<div class="con-title">{escape(document.title)}</div>
<div class="con-info">发布时间：{document.day_published}　来源：{escape(document.publisher)}　字体：大 中 小</div>
<div id="zoom">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{files}
</div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


PORTAL = PracticePortal("truecms", "定例市人民政府（练习）", "320699", "3206990001", build)
