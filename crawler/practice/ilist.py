"""A portal of ``/info/iList.jsp``, with the traps of the real ones.

Links whose ``href`` leads nowhere while ``to-href`` leads to the document; documents as static pages, and as
``/info/iIndex.jsp?…&info_id=…``; a list without any pager, which beyond its end shows the last page again; a pager that
declares a page which is 404.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape

from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, date_zh, list_date_first, list_table
from crawler.practice.model import Answer, Plan, PracticeDocument, PracticePortal, Site, Visit
from crawler.practice.shelf import Labels, Links, Shelf, rows_of, site

_LIST, _INDEX = "/info/iList.jsp", "/info/iIndex.jsp"
_NODE, _SITE = "GKyls", "CMSyl"
_SIZE = 7
_LABELS: Labels = (
    ("索引号", "index_number"), ("文　号", "doc_number"), ("发布机构", "publisher"), ("成文日期", "date_made"),
    ("主题分类", "topic_category"), ("体裁分类", "genre"), ("公开日期", "date_published"),
    ("公开方式", "disclosure_method"),
)  # fmt: skip


def build(plan: Plan) -> Site:
    frame = Frame(
        "引例市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        (("公示公告", f"{_LIST}?node_id={_NODE}&cat_id=24186"),),
    )  # fmt: skip
    stock = editions(notices())
    away = Row("http://www.province.example/10462/10464/10797/2020/9/18/10812345.shtml",
               "省人民政府办公厅关于印发政务公开工作要点分工方案的通知", "2020-09-18")  # fmt: skip
    shelves = {
        "15971": _shelf(f"{_LIST}?node_id={_NODE}&cat_id=15971", "法定主动公开内容",
                        take(stock, 16 * plan.scale, plan, "法定主动公开内容"), _dynamic,
                        "read to its last page; one row leads off the site", external=(away,)),
        "24186": _shelf(f"{_LIST}?node_id={_NODE}&cat_id=24186&cur_page=1", "公示公告",
                        take(stock, 9 * plan.scale, plan, "公示公告"), _static,
                        "no pager; behind its last page it shows that again", end=WalkEnd.NOTHING_NEW),
        "10111": _shelf(f"{_LIST}?site_id={_SITE}&cat_id=10111&tm_id=289", "政府信息公开年报",
                        take(editions(reports(), 500_001), 6, plan, "年报"), _static, "one page"),
        "10376": _shelf(f"{_LIST}?isSd=false&node_id={_NODE}&cat_id=10376", "规划计划",
                        take(stock, 7, plan, "规划计划"), _dynamic,
                        "page 2 is 404 while the pager declares it", end=WalkEnd.PAGE_MISSING),
    }  # fmt: skip
    lists = {_LIST: partial(_list, plan, frame, shelves)}
    return site(plan, "ilist", frame, tuple(shelves.values()), lists, partial(_detail, frame))


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


def _dynamic(document: PracticeDocument) -> str:
    return f"{_INDEX}?node_id={_NODE}&site_id={_SITE}&info_id={80_000 + document.number}"


def _static(document: PracticeDocument) -> str:
    return f"/zwgk/gsgg/{80_000 + document.number}.htm"


def _file(document: PracticeDocument, place: int) -> str:
    return f"/{_SITE}/{document.day_published.replace('-', '')}/{document.number:06d}{place}.pdf"


# --- lists ----------------------------------------------------------------------------------------------------------


def _list(plan: Plan, frame: Frame, shelves: Mapping[str, Shelf], visit: Visit) -> Answer:
    shelf = shelves.get(visit.query.get("cat_id", ""))
    if shelf is None:
        return NOT_FOUND
    batches = shelf.batches(plan, _SIZE)
    number = int(visit.query.get("cur_page", "1"))
    if number > len(batches) and shelf.end is WalkEnd.PAGE_MISSING:
        return NOT_FOUND
    number = min(number, len(batches))
    rows = (_moved, list_date_first, list_table, _moved)[plan.variation](rows_of(batches[number - 1]))
    pages = len(batches) + (shelf.end is WalkEnd.PAGE_MISSING)
    pager = "" if shelf.end is WalkEnd.NOTHING_NEW else _pager(plan, shelf.url, number, pages)
    main = f'<div class="ewb-white"><div class="ewb-job list_div">\n{rows}\n{pager}</div></div>'
    return Answer(frame.page(shelf.name, main, (("ColumnName", shelf.name),), ("政府信息公开", shelf.name)))


def _moved(rows: Iterable[Row]) -> str:
    """Rows whose links are set straight by a script."""
    items = (
        f'<li><a href="javascript:void(0)" to-href="{escape(row.href)}" title="{escape(row.title)}">'
        f"{escape(cut(row.title))}</a><span class='date'>{row.date}</span></li>"
        for row in rows
    )
    return "<ul>\n" + "\n".join(items) + "\n</ul>"


def _pager(plan: Plan, url: str, number: int, pages: int) -> str:
    """Links that say 下一页; numbers; a word for scripts; numbers and a total, the address written by hand."""
    stem = f"{escape(url)}&amp;cur_page="
    following = f'<a href="{stem}{number + 1}">下一页</a>' if number < pages else "<span>下一页</span>"
    numbers = "".join(f'<a href="{stem}{n}">{n}</a>' for n in range(1, pages + 1))
    script = f"<a href=\"javascript:goto('{number + 1}')\">下一页</a>" if number < pages else "<span>下一页</span>"
    return (
        f'<div class="turn"><a href="{stem}1">首页</a>{following}<a href="{stem}{pages}">末页</a></div>',
        f'<div class="fy">{numbers}</div>',
        f'<div class="turn">第{number}页/共{pages}页 {script}</div>',
        f"<p>共{pages}页</p><script>var turn = '{url}&cur_page={min(number + 1, pages)}';</script>",
    )[plan.variation]


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    items = "\n".join(
        f"<div><b>{label}：</b><span>{escape(date_zh(value) if label.endswith('日期') else value)}</span></div>"
        for label, value in shelf.stated(document)
    )
    files = "".join(f'<p><a href="{path}">{escape(name)}</a></p>' for path, name in links)
    main = f"""<div id="symbol">
{items}
</div>
<div class="ebw-article">
<h1 class="ebw-article-tt">{escape(document.title)}</h1>
<div class="ebw-article-info">发布时间：{document.date_published}　来源：{escape(document.publisher)}</div>
<div class="ebw-article-detail">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
{files}
</div>
</div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


PORTAL = PracticePortal("ilist", "引例市人民政府（练习）", "510699", "5106990001", build)
