"""A portal of Epoint (新点) EWB, with the traps of the real ones.

The entry page is one shell for all columns; a script names the site and the service's prefix; rows come from
``getgovinfolist``, by POST, in pages that count from 0. One column declares more than it has, and answers its last page
again for whatever lies behind. The variations have another prefix, and a query that is wanted inside ``params`` (营口).
"""

import json
from collections.abc import Mapping
from functools import partial
from hashlib import md5
from html import escape
from uuid import UUID

from archive.vocabulary import WalkEnd
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, date_zh, still
from crawler.practice.model import Answer, Page, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.services import Object, as_json, backwards
from crawler.practice.shelf import Entry, Labels, Links, Shelf, site

GUID = "7eb5f7f1-4990-43ad-8e13-8fcb82ea831a"
_ENTRY = "/dynamic/zwgk/govInfoPub.html"
_PROJECTS = ("/EWB-FRONT", "/EWB_YK_Mid", "/Epoint-MiddleForWeb", "/EWB-FRONT")
_MOST = 12  # rows that the service gives at a time, whatever it is asked for
_DECLARED = 30  # rows of the column that has fewer
_LABELS: Labels = (
    ("索 引 号 ：", "index_number"), ("信息分类：", "catalogue_category"), ("发布机构：", "publisher"),
    ("成文日期：", "date_made"), ("名　称　：", "title"), ("文　号　：", "doc_number"),
    ("公开日期：", "date_published"), ("公开方式：", "disclosure_method"), ("关 键 字 ：", "keywords"),
)  # fmt: skip


def build(plan: Plan) -> Site:
    frame = Frame(
        "楷范市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        (("政府信息公开", f"{_ENTRY}?categorynum=003001003"),),
    )  # fmt: skip
    stock = editions(notices())
    away = Row("http://www.province.example/art/2020/9/2/art_46143_9482330.html",
               "省政府办公厅关于进一步做好政务新媒体工作的通知", "2020-09-02")  # fmt: skip
    shelves = {
        "003001003": _shelf("003001003", "", take(stock, 19 * plan.scale, plan, "规范性文件"),
                            "two pages; one row leads off the site", declared=19 * plan.scale + 1, external=(away,)),
        "003004": _shelf("003004", "", take(editions(reports(), 500_001), 9, plan, "年报"), "one page", declared=9),
        "003005002": _shelf("003005002", "XZ012", take(stock, 14, plan, "通知公告"),
                            f"declares {_DECLARED} rows; behind its last page it answers that again",
                            end=WalkEnd.STUB_PAGE, declared=_DECLARED),
    }  # fmt: skip
    service = f"{_PROJECTS[plan.variation]}/rest/lightfrontaction/getgovinfolist"
    lists: dict[str, Page] = {
        _ENTRY: still(_shell(plan, frame)),
        "/js/webBuilderCommon.js": lambda _: Answer(_common(plan), mime="application/javascript"),
        service: partial(_service, plan, shelves),
    }
    if plan.variation == 1:
        lists["/js/ajaxReq.js"] = lambda _: Answer(_AJAX_REQ, mime="application/javascript")
    return site(plan, "epoint", frame, tuple(shelves.values()), lists, partial(_detail, frame), frozenset((service,)))


def _shelf(
    number: str,
    department: str,
    documents: tuple[PracticeDocument, ...],
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    declared: int | None = None,
    external: tuple[Row, ...] = (),
) -> Shelf:
    """No page says what a column is called: it goes by its number."""

    def page(document: PracticeDocument) -> str:
        return f"/{number[:3]}/{number}/{document.day_published.replace('-', '')}/{_id(document)}.html"

    def file(document: PracticeDocument, place: int) -> str:
        return f"/EWB-FRONT/AttachStorage/{_id(document)}/{place}.pdf"

    url = f"{_ENTRY}?categorynum={number}&deptcode={department}"
    return Shelf(number, url, documents, page, file, _LABELS, why, end, declared, external)


def _id(document: PracticeDocument) -> UUID:
    return UUID(md5(f"epoint{document.number}".encode(), usedforsecurity=False).hexdigest())


# --- what a browser gets ---------------------------------------------------------------------------------------------


def _shell(plan: Plan, frame: Frame) -> str:
    library = "ajaxReq.js" if plan.variation == 1 else "webBuilderCommon.js"
    main = f"""<div class="ewb-catalog"><div class="ewb-catalog-tree" id="tree"></div>
<div class="ewb-catalog-table"><table><thead>
<tr><th>索引号</th><th class="ewb-xxname">信息名称</th><th>生成日期</th></tr></thead>
<tbody id="list"></tbody></table><div id="pager"></div></div></div>
<script src="/js/lib/jquery.min.js"></script><script src="/js/{library}?v=20231101"></script>
<script src="/js/govInfoPub.js"></script>"""
    return frame.page("信息公开", main, (), ("政府信息公开",))


def _common(plan: Plan) -> str:
    """The script library. The old one of the first variation knows the prefix, and not the site."""
    project = _PROJECTS[plan.variation]
    told = (
        f'var siteInfo = {{"siteGuid":"{GUID}","projectName":"{project}","isGray":"0"}};',
        f'var projectName = "{project}";',
        f"var siteInfo={{projectName:'{project}', siteGuid:'{GUID}'}};",
        f'window.siteInfo = {{\n  "siteGuid" : "{GUID}"\n}};',  # the usual prefix goes without saying
    )[plan.variation]
    return f"{told}\nfunction toDetail(url) {{ window.open(url); }}\n"


_AJAX_REQ = f"""// 请求封装
var siteInfo = {{"siteGuid": "{GUID}", "webUrl": "http://www.example.gov.cn"}};
var ajaxReq = function (param, name, done) {{
    $.post("/EWB_YK_Mid/rest/lightfrontaction/" + name, JSON.stringify({{"params": param}}), done);
}};
"""


def _service(plan: Plan, shelves: Mapping[str, Shelf], visit: Visit) -> Answer:
    """The list service: JSON in, JSON out. To what it does not understand it says that there is nothing."""
    asked = visit.json.get("params", {}) if plan.variation == 1 else visit.json
    shelf = shelves.get(str(asked.get("categorynum")))
    is_json = visit.headers.get("content-type", "").startswith("application/json")
    if shelf is None or asked.get("siteGuid") != GUID or not is_json:
        return as_json({"custom": {"total": 0, "data": []}, "status": {"code": "200"}})
    batches = shelf.batches(plan, _MOST)
    number = int(asked.get("pageIndex", 0))
    rows: list[object] = [_row(plan, shelf, entry) for entry in batches[min(number, len(batches) - 1)]]
    answers: tuple[object, ...] = (
        {"custom": {"total": shelf.declared, "data": rows}, "status": {"code": "200", "text": ""}},
        {"custom": {"data": rows, "total": str(shelf.declared), "code": 1}},
        {"custom": json.dumps({"total": shelf.declared, "data": rows}), "status": 1},
        {"Custom": {"Data": rows, "Total": shelf.declared}},
    )
    return as_json(answers[plan.variation])


def _row(plan: Plan, shelf: Shelf, entry: Entry) -> object:
    row, document = entry
    own = {"infourl": row.href, "linkurl": ""} if document else {"infourl": "", "linkurl": row.href}
    found: Object = {"title": row.title, **own, "infodate": row.date, "categorynum": shelf.name}
    found |= {"infoid": str(_id(document)), "deptname": document.publisher} if document else {}
    if plan.variation == 1:
        found = {"title": row.title[:20] + "...", "realtitle": row.title, "visiturl": row.href, "handsdate": row.date}
    if plan.variation == 2:
        found |= {"infodate": f"{row.date} 00:00:00", "title": f"<font color='red'>{row.title}</font>"}
    if plan.variation == 3:
        found = {"infodate": date_zh(row.date), "realtitle": None, "title": row.title, **own}
    return backwards(found) if plan.variation else found


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    items = "\n".join(
        f"<li><label>{label}</label><p><b>{escape(value)}</b></p></li>" for label, value in shelf.stated(document)
    )
    files = "".join(f'<p>附件：<a href="{path}" target="_blank">{escape(name)}</a></p>' for path, name in links)
    main = f"""<div class="ewb-article">
<div class="ewb-drop-detail"><ul class="clearfix">
{items}
</ul></div>
<h1 class="ewb-article-tt">{escape(document.title)}</h1>
<p class="ewb-article-info">信息时间：{document.day_published}　浏览次数：<span id="viewcount"></span></p>
<div class="mian-cont" id="ivs_content">
{body_html(document, '<p style="text-indent: 2em;">{}</p>', '<table class="MsoNormalTable">')}
{files}
</div>
</div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


PORTAL = PracticePortal("epoint", "楷范市人民政府（练习）", "320399", "3203990001", build)
