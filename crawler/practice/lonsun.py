"""A portal of Lonsun (龙讯), with the traps of the real ones.

A disclosure catalogue whose rows are lists of their own, with a 索引号 under no label; a column entered by an alias,
whose further pages live at ``/content/column/<id>``; a column whose rows a script fetches from a label; one whose pager
is made of links with ``paged``, and declares a page more than there is. A number that is none brings page 1.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import (
    Frame,
    Row,
    RowStyle,
    article_metas,
    body_html,
    cut,
    lazily,
    list_cut_title,
    list_date_first,
    list_table,
)
from crawler.practice.model import Answer, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.shelf import Entry, Labels, Links, Shelf, rows_of, site

ORGAN = "1681"
_SIZE = 7
_COLUMN = f"/public/column/{ORGAN}"
_LABELS: Labels = (
    ("索 引 号：", "index_number"), ("信息分类：", "catalogue_category"), ("发布机构：", "publisher"),
    ("成文日期：", "date_made"), ("名　　称：", "title"), ("文　　号：", "doc_number"),
    ("发布日期：", "date_published"), ("有 效 性：", "validity"),
)  # fmt: skip
_NOTHING = "<p>暂无相关信息</p>"


def build(plan: Plan) -> Site:
    frame = Frame(
        "标杆市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("通知公告", "/zwgk/tzgg/index.html"),)
    )
    stock = editions(notices())
    away = Row("http://www.province.example/public/1681/554012345.html",
               "省人民政府关于公布行政规范性文件清理结果的决定", "2020-10-20")  # fmt: skip
    rules = _shelf(f"{_COLUMN}?type=4&catId=6708461&action=list&nav=3", "规章文件",
                   take(stock, 16 * plan.scale, plan, "规章文件"), _public,
                   "read to its last page; one row leads off the site", external=(away,))  # fmt: skip
    news = _shelf("/zwgk/tzgg/index.html", "通知公告", take(stock, 9 * plan.scale, plan, "通知公告"), _content,
                  "an alias; further pages live elsewhere")  # fmt: skip
    yearly = _shelf(f"{_COLUMN}?type=4&catId=6708471&action=list", "政府信息公开年报",
                    take(editions(reports(), 500_001), 7, plan, "政府信息公开年报"), _public,
                    "rows from a label that says nothing of pages")  # fmt: skip
    plans = _shelf(f"{_COLUMN}?type=4&catId=6708491&action=list", "规划计划",
                   take(stock, 7, plan, "规划计划"), _public,
                   "page 2 is 404 while the pager declares it", end=WalkEnd.PAGE_MISSING)  # fmt: skip
    return site(
        plan,
        "lonsun",
        frame,
        (rules, news, yearly, plans),
        {
            _COLUMN: partial(_catalogue, plan, frame, {"6708461": rules, "6708471": yearly, "6708491": plans}),
            "/zwgk/tzgg/index.html": lazily(partial(_news, plan, frame, news, 1)),
            "/content/column/6791573": partial(_news_page, plan, frame, news),
            "/site/label/8888": partial(_label, plan, yearly),
        },
        partial(_detail, frame),
    )


def _shelf(
    url: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    page: Callable[[PracticeDocument], str],
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    external: tuple[Row, ...] = (),
) -> Shelf:
    return Shelf(name, url, documents, page, _file, _LABELS, why, end, external=external)


def _public(document: PracticeDocument) -> str:
    return f"/public/{ORGAN}/{7_000_000 + document.number * 10 + 1}.html"


def _content(document: PracticeDocument) -> str:
    return f"/content/detail/{sha256(str(document.number).encode()).hexdigest()[:24]}.html"


def _file(document: PracticeDocument, place: int) -> str:
    return f"/group4/M00/0{place}/{document.number:06d}.pdf"


# --- lists ----------------------------------------------------------------------------------------------------------


def _catalogue(plan: Plan, frame: Frame, shelves: Mapping[str, Shelf], visit: Visit) -> Answer:
    category = visit.query.get("catId", "")
    if category not in shelves:
        return NOT_FOUND
    shelf = shelves[category]
    if category == "6708471":
        return Answer(_framed(frame, shelf, _AJAX))
    batches = shelf.batches(plan, _SIZE)
    number = _asked(visit)
    if number > len(batches):
        return NOT_FOUND
    linked = shelf.end is WalkEnd.PAGE_MISSING
    pager = _links(number, len(batches) + 1) if linked else _script(plan, visit.path, number, len(batches))
    rows = (_navli, _nav_list, _table, lambda entries: list_date_first(rows_of(entries)))[plan.variation]
    return Answer(_framed(frame, shelf, rows(batches[number - 1]) + pager))


def _news(plan: Plan, frame: Frame, shelf: Shelf, number: int) -> str:
    batches = shelf.batches(plan, _SIZE)
    style: RowStyle = (_doc_list, list_table, list_date_first, _doc_list)[plan.variation]
    rows = style(rows_of(batches[number - 1]))
    return _framed(frame, shelf, rows + _script(plan, "/content/column/6791573", number, len(batches)))


def _news_page(plan: Plan, frame: Frame, shelf: Shelf, visit: Visit) -> Answer:
    number = _asked(visit)
    if number > len(shelf.batches(plan, _SIZE)):
        return NOT_FOUND
    return Answer(_news(plan, frame, shelf, number))


def _label(plan: Plan, shelf: Shelf, visit: Visit) -> Answer:
    """What a script gets: a piece of HTML, or a word that there is nothing."""
    asked = visit.query.get("IsAjax"), visit.query.get("siteId"), visit.query.get("isDate")
    batches = shelf.batches(plan, _SIZE)
    if asked != ("1", "6781961", "true") or _asked(visit) > len(batches):
        return Answer(_NOTHING)
    return Answer(_navli(batches[_asked(visit) - 1]))


def _asked(visit: Visit) -> int:
    number = visit.query.get("pageIndex", "1")
    return int(number) if number.isdecimal() else 1


def _framed(frame: Frame, shelf: Shelf, main: str) -> str:
    return frame.page(
        shelf.name,
        f'<div class="wzy_position">当前位置：首页 &gt; 政府信息公开 &gt; {shelf.name}</div>\n'
        f'<div class="xxgk_right"><h2>{shelf.name}</h2>\n{main}\n</div>',
        (("ColumnName", shelf.name),),
        ("政府信息公开", shelf.name),
    )


_AJAX = """<div id="list_public"></div><div id="page_public_info"></div>
<script>function load(pageIndex) { Ls.ajax({ dataType: "html", url: "/site/label/8888", data: {
    siteId: "6781961", pageSize: 7, pageIndex: pageIndex, action: 'list', isDate: true, organId: "1681", catId: 6708471,
    result: "暂无相关信息", labelName: "publicInfoList" }
}).done(function (html) { $("#list_public").html(html); }); } load(1);</script>"""


def _script(plan: Plan, path: str, current: int, pages: int) -> str:
    """The pager as its script is told of it, in four hands."""
    told = (
        f'Ls.pagination("#page", {{ currPage: {current}, pageCount: {pages}, url: "{path}?pageIndex=" }});',
        f"Ls.pagination('#page', function (n) {{ location.href = '{path}?pageIndex=' + n; }}, "
        f"{{'pageCount':'{pages}','currPage':'{current}'}})",
        f'var base = "{path}"; Ls.pagination({{ el: "#page" , pageCount : {pages} }});',
        f'Ls.pagination({{ id: "page", conf: {{ listRows: 7, pageCount: {pages}, currPage: {current} }},\n'
        f'  href: "{path}" }});',
    )[plan.variation]
    return f'<div id="page" class="pagination"></div>\n<script>(function ($) {{ {told} }})(jQuery);</script>'


def _links(current: int, pages: int) -> str:
    """The pager of the disclosure skin."""
    numbers = "".join(f'<a href="javascript:;" paged="{n}">{n}</a>' for n in range(1, pages + 1) if n != current)
    return (
        f'<div id="page_public_info"><span class="current">{current}</span>{numbers}'
        f'<a href="javascript:;" paged="{pages}">尾页</a><span class="inputBar">到<input>页</span></div>'
    )


def _navli(entries: Iterable[Entry]) -> str:
    """A row is a list of its own: serial, 索引号, link, date."""
    rows = (
        f'<div class="xxgk_navli"><ul class="clearfix"><li class="mc">{place}</li>'
        f'<li class="syh">{document.index_number if document else ""}</li>'
        f'<li class="name"><a href="{escape(row.href)}" target="_blank" title="{escape(row.title)}">'
        f'{escape(cut(row.title))}</a></li><li class="fbrq">{row.date}</li></ul></div>'
        for place, (row, document) in enumerate(entries, 1)
    )
    return '<div class="xxgk_nav_con">\n' + "\n".join(rows) + "\n</div>"


def _nav_list(entries: Iterable[Entry]) -> str:
    rows = (
        f'<li><a href="{escape(row.href)}" title="{escape(row.title)}">{escape(cut(row.title, 30))}</a>'
        f"<span>{row.date}</span></li>"
        for row in rows_of(entries)
    )
    return '<ul class="clearfix xxgk_nav_list t4">\n' + "\n".join(rows) + "\n</ul>"


def _table(entries: Iterable[Entry]) -> str:
    rows = (
        f'<tr><td><div class="title"><a href="{escape(row.href)}">{escape(row.title)}</a></div>'
        f"<p>发布日期：<span>{row.date}</span></p></td></tr>"
        for row in rows_of(entries)
    )
    return '<table class="r_xh_b clearfix"><tbody>\n' + "\n".join(rows) + "\n</tbody></table>"


def _doc_list(rows: Iterable[Row]) -> str:
    return list_cut_title(rows).replace('class="list"', 'class="doc_list list-6791573"')


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    cells = [f'<th>{label}</th><td class="pmingcheng">{escape(value)}</td>' for label, value in shelf.stated(document)]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    files = "".join(f'<p><a href="{path}" class="ke-insertfile">{escape(name)}</a></p>' for path, name in links)
    main = f"""<div class="contentxxgk">
<table class="table_suoyin hidden-xs" width="100%"><tbody>
{lines}
</tbody></table>
<h1 class="wztit">{escape(document.title)}</h1>
<div class="wzcon j-fontContent">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{files}
</div>
<div class="wzprint"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>
</div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


PORTAL = PracticePortal("lonsun", "标杆市人民政府（练习）", "340999", "3409990001", build)
