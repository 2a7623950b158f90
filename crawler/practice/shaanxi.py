"""A portal of Shaanxi's platform (延安, 渭南, 高陵), with the traps of the real ones.

Lists are ``1.html``, ``2.html`` … and only a script says how many: ``maxPage = parseInt('12')``. It says one too many
in one column, and nothing in a column of one page. Rows stand twice, for telephones and for screens. Documents have
numbers of 19 digits; their metadata are rows of ``div.table``, and a file may be shown in an ``iframe``.
"""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import md5
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, lazily, list_table_date_first
from crawler.practice.model import Page, Plan, PracticeDocument, PracticePortal, Site
from crawler.practice.shelf import Entry, Labels, Links, Shelf, rows_of, site

_LABELS: Labels = (
    ("索 引 号：", "index_number"), ("主题分类：", "topic_category"),
    ("发文字号：", "doc_number"), ("成文日期：", "date_made"),
    ("发布机构：", "publisher"), ("有 效 性：", "validity"),
)  # fmt: skip
_SHORT: Labels = (("索引号：", "index_number"), ("成文日期：", "date_made"))  # 延安财政局 states no more


def build(plan: Plan) -> Site:
    frame = Frame(
        "楷模市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("文件", "/zfxxgk/zfwj/gfxwj/1.html"),)
    )
    stock = editions(notices())
    away = Row(
        "http://www.province.example/zfxxgk/zcwj/szf/202008/t20200828_1678.html",
        "省人民政府令（第226号）",
        "2020-08-28",
    )
    rules = _shelf("/zfxxgk/zfwj/gfxwj/", "行政规范性文件", take(stock, 21 * plan.scale, plan, "行政规范性文件"),
                   _LABELS, "read to its last page; one row leads off the site", external=(away,))  # fmt: skip
    files = _shelf("/zfxxgk/zfwj/bmwj/", "部门文件", take(stock, 14 * plan.scale, plan, "部门文件"), _SHORT,
                   "read to its last page")  # fmt: skip
    plans = _shelf("/zfxxgk/ghjh/", "规划计划", take(stock, 10, plan, "规划计划"), _LABELS,
                   "the script counts a page that is not there", WalkEnd.PAGE_MISSING)  # fmt: skip
    yearly = _shelf("/zfxxgk/zfxxgknb/", "政府信息公开年报",
                    take(editions(reports(), 500_001), 7, plan, "政府信息公开年报"), _SHORT,
                    "one page, and no pager")  # fmt: skip
    shelves = (rules, files, plans, yearly)
    lists: dict[str, Page] = {}
    for shelf in shelves:
        lists |= _lists(plan, frame, shelf)
    return site(plan, "static", frame, shelves, lists, partial(_detail, plan, frame))


def _shelf(
    folder: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    labels: Labels,
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    external: tuple[Row, ...] = (),
) -> Shelf:
    def page(document: PracticeDocument) -> str:
        return f"{folder}{2_039_271_935_000_000_000 + document.number * 49_760_770}.html"

    return Shelf(name, f"{folder}1.html", documents, page, _file, labels, why, end, external=external)


def _file(document: PracticeDocument, place: int) -> str:
    name = md5(f"{document.number}-{place}".encode(), usedforsecurity=False).hexdigest()
    return f"/resources/site/56/{document.day_published[:7].replace('-', '')}/{name}.pdf"


# --- lists ----------------------------------------------------------------------------------------------------------


def _lists(plan: Plan, frame: Frame, shelf: Shelf) -> dict[str, Page]:
    batches = shelf.batches(plan, 8)
    pages = len(batches) + (shelf.end is WalkEnd.PAGE_MISSING)
    folder = shelf.url.removesuffix("1.html")
    return {
        f"{folder}{number}.html": lazily(partial(_list, plan, frame, shelf, shown, number, pages))
        for number, shown in enumerate(batches, 1)
    }


def _list(plan: Plan, frame: Frame, shelf: Shelf, entries: Sequence[Entry], number: int, pages: int) -> str:
    rows = (_twice, list_table_date_first, _short, _stacked)[plan.variation](rows_of(entries))
    pager = "" if pages == 1 else (_script, _loose_script, _mixed_script, _declared)[plan.variation](number, pages)
    main = f'<div class="position">您的位置：首页 &gt; {shelf.name}</div>\n{rows}\n{pager}'
    return frame.page(shelf.name, main, (("ColumnName", shelf.name),), ("政府信息公开", shelf.name))


def _twice(rows: Sequence[Row]) -> str:
    """Each row for screens, and again for telephones, cut short."""
    items = (
        f'<li class="hidden-xs"><a href="{escape(row.href)}" target="_blank">{escape(row.title)}</a>'
        f"<span>{row.date}</span></li>\n"
        f'<li class="visible-xs"><a href="{escape(row.href)}">{escape(cut(row.title, 18))}</a></li>'
        for row in rows
    )
    return '<div class="m-lst36"><ul>\n' + "\n".join(items) + "\n</ul></div>"


def _short(rows: Sequence[Row]) -> str:
    items = (
        f"<li><span>[{row.date[5:]}]</span><i>{row.date[:4]}</i>"
        f'<a href="{escape(row.href)}" title="{escape(row.title)}">{escape(cut(row.title))}</a></li>'
        for row in rows
    )
    return '<div class="m-2lst36"><ul>\n' + "\n".join(items) + "\n</ul></div>"


def _stacked(rows: Sequence[Row]) -> str:
    items = (
        f'<div class="m-lst-item"><h3><a href="{escape(row.href)}">{escape(row.title)}</a></h3>'
        f"<p>发布时间：<em>{row.date}</em></p></div>"
        for row in rows
    )
    return '<div class="m-lst">\n' + "\n".join(items) + "\n</div>"


def _script(number: int, pages: int) -> str:
    return f"""<div class="m-lst-pg" id="pages"></div>
<script type="text/javascript">
var page = parseInt('{number}'), size = 8;
var maxPage = parseInt('{pages}');
for (var i = 1; i <= maxPage; i++) {{ $("#pages").append('<a href="' + i + '.html">' + i + '</a>'); }}
</script>"""


def _loose_script(number: int, pages: int) -> str:
    return f"<script>currentPage = {number}; maxPage = parseInt( '{pages}' , 10 )\nshowPages(maxPage)</script>"


def _mixed_script(number: int, pages: int) -> str:
    """A pager of links beside the script, the numbers around the present page only."""
    near = [n for n in range(number - 1, number + 2) if 0 < n <= pages and n != number]
    links = "".join(f'<li><a href="{n}.html">{n}</a></li>' for n in near)
    script = f'/* maxPage = 99 */ var page = {number}, maxPage = parseInt("{pages}");'
    return f'<div class="m-lst-pg"><ul>{links}</ul></div><script>{script}</script>'


def _declared(number: int, pages: int) -> str:
    return f"<script>window.onload = function () {{ var maxPage = {pages}; paint({number}, maxPage) }}</script>"


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(plan: Plan, frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    head: Callable[[Sequence[tuple[str, str]]], str] = (_pairs, _single, _pairs, _single)[plan.variation]
    number = 56_000 + document.number
    main = f"""<div class="table hidden-sm">{head(shelf.stated(document))}</div>
<div class="m-txt-tt"><h1>{escape(document.title)}</h1>
<div class="info">发布时间：{document.date_published}　来源：{escape(document.publisher)}
浏览次数：<span id="hits"></span></div></div>
<div class="pure-g"><div class="m-txt-article" id="article{number}">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{"".join(_linked(place, path, name) for place, (path, name) in enumerate(links))}
</div></div>
<div class="m-share">分享到：<a href="#">微信</a></div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


def _linked(place: int, path: str, name: str) -> str:
    """The first file can be read in the page as well (司法局: ``iframe``)."""
    shown = f'<p><iframe src="{path}" width="100%" height="800"></iframe></p>' if place == 0 else ""
    return f'{shown}<p>附件：<a href="{path}" target="_blank">{escape(name)}</a></p>\n'


def _pairs(stated: Sequence[tuple[str, str]]) -> str:
    cells = [
        f'<div class="table-td table-p12">{label}</div><div class="table-td table-p38 bd-bottom">{escape(value)}</div>'
        for label, value in stated
    ]
    rows = (f'<div class="table-tr">{left}{right}</div>' for left, right in zip(cells[::2], cells[1::2], strict=True))
    return "\n" + "\n".join(rows) + "\n"


def _single(stated: Sequence[tuple[str, str]]) -> str:
    rows = (
        f'<div class="table-tr"><div class="table-td"><label>{label}</label><span>{escape(value)}</span></div></div>'
        for label, value in stated
    )
    return "\n" + "\n".join(rows) + "\n"


PORTAL = PracticePortal("shaanxi", "楷模市人民政府（练习）", "610699", "6106990001", build)
