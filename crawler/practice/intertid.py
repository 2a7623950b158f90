"""A portal of the CMS of 无锡 (intertid), with the traps of the real ones.

Lists whose page 2 is ``index_2.shtml``, while ``index_1.shtml`` is 404; a list that a script fetches from
``/info_open/search``, its channels put together from pieces, with a row that has no title and one that has no date; a
pager that declares a page more than there is. In the documents: fields between comment markers, a field that is
commented out, 生成日期 that is the stamp of the index and not the day on which the document was made.
"""

from collections.abc import Iterable
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import (
    Frame,
    Row,
    article_metas,
    body_html,
    lazily,
    list_cut_title,
    list_date_first,
    list_table_date_first,
    still,
)
from crawler.practice.model import Answer, Page, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.services import Object, as_json, backwards, page_of, seconds
from crawler.practice.shelf import Entry, Labels, Links, Shelf, rows_of, site

_SIZE = 7
_SITE, _CHANNELS = "181", "38939,38940,38941"
_LABELS: Labels = (
    ("信息索引号", "index_number"), ("公开日期", "date_published"), ("文件编号", "doc_number"),
    ("效力状况", "validity"), ("发布机构", "publisher"), ("公开方式", "disclosure_method"),
    ("公开范围", "disclosure_scope"),
)  # fmt: skip
_MARKS = {"index_number": "SYH", "date_published": "FBRQ", "doc_number": "WJBH"}


def build(plan: Plan) -> Site:
    frame = Frame(
        "样例市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        (("市政府文件", "/zfxxgk/szfwj/index.shtml"),),
    )  # fmt: skip
    stock = editions(notices())
    away = Row("http://www.province.example/art/2020/8/14/art_46143_9360117.html",
               "省政府办公厅关于开展政务公开标准化规范化建设评估的通知", "2020-08-14")  # fmt: skip
    files = _shelf("/zfxxgk/szfwj/", "市政府文件", take(stock, 16 * plan.scale, plan, "市政府文件"),
                   "read to its last page; one row leads off the site", external=(away,))  # fmt: skip
    yearly = _shelf(
        "/zfxxgk/ndbg/", "政府信息公开年报", take(editions(reports(), 500_001), 7, plan, "年报"), "one page"
    )
    offices = take(stock, 13, plan, "区政府办文件")
    fetched = _shelf("/zfxxgk/qzfbgswj/", "区政府办文件", offices, "fetched by a script", declared=len(offices))
    plans = _shelf("/zfxxgk/ghjh/", "规划计划", take(stock, 7, plan, "规划计划"),
                   "page 2 is 404 while the pager declares it", end=WalkEnd.PAGE_MISSING)  # fmt: skip
    lists: dict[str, Page] = {
        fetched.url: still(_framed(frame, fetched, _CALLS[plan.variation])),
        "/info_open/search": partial(_search, plan, fetched),
    }
    for shelf in (files, yearly, plans):
        lists |= _list_pages(plan, frame, shelf)
    return site(
        plan, "intertid", frame, (files, yearly, fetched, plans), lists, partial(_detail, frame),
        frozenset(("/info_open/search",)),
    )  # fmt: skip


def _shelf(
    folder: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    declared: int | None = None,
    external: tuple[Row, ...] = (),
) -> Shelf:
    return Shelf(name, f"{folder}index.shtml", documents, _page, _file, _LABELS, why, end, declared, external)


def _page(document: PracticeDocument) -> str:
    return f"/doc/{document.day_published.replace('-', '/')}/{4_700_000 + document.number}.shtml"


def _file(document: PracticeDocument, place: int) -> str:
    return f"/uploadfiles/{document.day_published[:7].replace('-', '')}/{document.number:06d}{place}.pdf"


# --- lists ----------------------------------------------------------------------------------------------------------


def _list_pages(plan: Plan, frame: Frame, shelf: Shelf) -> dict[str, Page]:
    batches = shelf.batches(plan, _SIZE)
    pages = len(batches) + (shelf.end is WalkEnd.PAGE_MISSING)
    folder = shelf.url.removesuffix("index.shtml")
    return {
        f"{folder}index{'' if number == 1 else f'_{number}'}.shtml": lazily(
            partial(_list_html, plan, frame, shelf, batch, number, pages)
        )
        for number, batch in enumerate(batches, 1)
    }


def _list_html(plan: Plan, frame: Frame, shelf: Shelf, batch: Iterable[Entry], number: int, pages: int) -> str:
    style = (list_cut_title, list_date_first, list_table_date_first, list_cut_title)[plan.variation]
    return _framed(frame, shelf, f"{style(rows_of(batch))}\n{_pager(plan, number, pages)}")


def _pager(plan: Plan, number: int, pages: int) -> str:
    """Links to the pages around; 下一页 as well; a word, and a script that does the rest; numbers in a list."""
    names = {n: "index.shtml" if n == 1 else f"index_{n}.shtml" for n in range(1, pages + 1)}
    numbers = [f'<a href="{name}">{n}</a>' for n, name in names.items() if n != number]
    following = f'<a href="{names[number + 1]}">下一页</a>' if number < pages else "<span>下一页</span>"
    scripted = f'<a href="javascript:goPage({number + 1})">下一页</a>' if number < pages else ""
    return (
        f'<div class="page">{"".join(numbers)}</div>',
        f'<div class="page"><span>第{number}/{pages}页</span>{following}</div>',
        f'<div class="page">共{pages}页 {scripted}</div>',
        f'<ul class="pagination"><li class="active">{number}</li><li>{"</li><li>".join(numbers)}</li></ul>',
    )[plan.variation]


_CALLS = (
    """<script>var chanIdStr = "38939";
chanIdStr = chanIdStr + "," + 38940; chanIdStr = chanIdStr + "," + 38941;
// getSearchList(1, 20, 99, "1", 2, "writeTime");
getSearchList(1, 7, 181, chanIdStr, 2, "writeTime");</script>""",
    """<script>function qx_wbj_getSearchList(page, size, siteId, chanId, type, order) { }
qx_wbj_getSearchList(1, '7', '181', '38939,38940,38941', '2', 'writeTime')</script>""",
    """<script>let ids = '38939'; ids += ',38940,38941';
qx_parent_wbj_getSearchList(1,7,181,ids,2,'openTime');</script>""",
    """<script>const channel = "38939,38940,38941"; $(function () { getSearchList(0, 7, 181, channel); });</script>""",
)
"""How a page's script names its channels."""


def _framed(frame: Frame, shelf: Shelf, main: str) -> str:
    return frame.page(
        shelf.name,
        f'<div class="list_right"><h2>{shelf.name}</h2>\n<div id="list"></div>\n{main}\n</div>',
        (("ColumnName", shelf.name),),
        ("政府信息公开", shelf.name),
    )


def _search(plan: Plan, shelf: Shelf, visit: Visit) -> Answer:
    """The service: a form in, JSON out."""
    form = visit.form
    if visit.method != "POST":
        return NOT_FOUND
    if (form.get("siteId"), form.get("channelIds")) != (_SITE, _CHANNELS):
        return as_json({"status": 1, "msg": "参数错误", "data": None})
    size = int(form.get("pageSize", "0"))
    number = form.get("pageIndex", "1")
    entries = [] if shelf.name in plan.emptied else shelf.entries(plan)
    batch = [_row(plan, place, entry) for place, entry in enumerate(page_of(entries, number, size))]
    told: Object = {"totalElements": len(entries), "totalPages": -(-len(entries) // size), "page": int(number)}
    if plan.variation == 1:
        told = {"totalElements": str(len(entries)), "totalPages": str(-(-len(entries) // size))}
    if plan.variation == 3:
        del told["totalPages"]
    found: Object = {"status": "0" if plan.variation == 2 else 0, "data": {**told, "size": size, "data": batch}}
    return as_json(backwards(found) if plan.variation else found)


def _row(plan: Plan, place: int, entry: Entry) -> object:
    row, document = entry
    found: Object = {
        "title": None if place == 2 else row.title,
        "writeTimeString": row.date,
        "url": row.href,
        "indexId": document.index_number if document else "",
        "effectStatus": document.validity if document else "",
        "organization": document.publisher if document else "",
    }
    if place == 3 or plan.variation == 3:
        del found["writeTimeString"]  # the address has it
    if plan.variation == 2:
        found["writeTime"] = seconds(str(found.pop("writeTimeString", row.date))) * 1000
    return found


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    """The metadata as 无锡 writes them: the label in ``td.t``, fields of the database between comments."""
    fields = dict(_LABELS)
    cells = [_cell(label, value, _MARKS.get(fields[label], "")) for label, value in shelf.stated(document)]
    cells.insert(1, _cell("生成日期", document.day_published, "SCRQ"))
    hidden = '<!--<td class="t">附件下载</td><td colspan="3"><a href="/uploadfiles/0/none.pdf">none.pdf</a></td>-->'
    rows = "\n".join(f"<tr>{''.join(cells[start : start + 2])}</tr>" for start in range(0, len(cells), 2))
    files = "".join(f'<p><a href="{path}" title="{escape(name)}">{escape(name)}</a></p>' for path, name in links)
    main = f"""<div class="table01"><table>
{rows}
<tr>{hidden}</tr></table></div>
<div class="doc_content_wza"><h3 class="font36">{escape(document.title)}</h3>
<p class="date">时间：{document.day_published}　来源：{escape(document.publisher)}</p>
<div id="Zoom" class="content-wza">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{files}
</div></div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


def _cell(label: str, value: str, mark: str) -> str:
    around = f"<!--<$[{mark}]>-->" if mark else ""
    return f'<td class="t" width="14%">{label}</td><td>{around}{escape(value) or "—&nbsp;&nbsp;—"}{around}</td>'


PORTAL = PracticePortal("intertid", "样例市人民政府（练习）", "320299", "3202990001", build)
