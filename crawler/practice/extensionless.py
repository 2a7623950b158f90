"""A portal of the extension-less CMS (晋中, 青海自然资源厅, 本溪), with the traps of the real ones.

Columns are paths without a suffix, page 2 is ``<column>_2``, and ``_1`` is the column as well; documents are a number
below their column. A catalogue skin has its rows in a table. One column counts pages that only show its last one again;
one document is a scan. 文号 stands in the third row of ``table.govDetailTable``, or wherever it comes to stand.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from itertools import chain, islice

from archive.vocabulary import WalkEnd
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, lazily, list_date_first, list_paragraphs
from crawler.practice.model import Page, Plan, PracticeDocument, PracticePortal, Site
from crawler.practice.shelf import Entry, Labels, Links, Shelf, rows_of, site

_LABELS: Labels = (
    ("索引号：", "index_number"), ("主题分类：", "topic_category"),
    ("发布机构：", "publisher"), ("成文日期：", "date_made"),
    ("文　　号：", "doc_number"), ("发布日期：", "date_published"),
    ("标　　题：", "title"), ("组配分类：", "catalogue_category"),
)  # fmt: skip
_BEYOND = 2  # pages that are counted and only repeat the last one


def build(plan: Plan) -> Site:
    frame = Frame(
        "标本市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2], (("规范性文件", "/gk/zc/hzgfxwj"),)
    )
    stock, yearly = editions(notices()), editions(reports(), 500_001)
    scan = replace(next(yearly), key="scan", title="2008年政府信息公开工作年度报告（扫描件）", attachments=())
    scan = replace(scan, number=600_001, body=(), tables=())
    away = Row("http://www.province.example/gk/zc/flfg/20210", "自然资源听证规定", "2020-03-20")
    rules = _shelf("/gk/zc/hzgfxwj", "规范性文件", take(stock, 22 * plan.scale, plan, "规范性文件"), "conTxt",
                   "read to its last page; one row leads off the site", external=(away,))  # fmt: skip
    files = _shelf("/publicity_szf/szfwj", "市政府文件", take(stock, 17 * plan.scale, plan, "市政府文件"), "govIntro",
                   "the catalogue's skin, read to its last page")  # fmt: skip
    permits = _shelf("/publicity_zjj/spzl_1", "审批专栏", take(stock, 9, plan, "审批专栏"), "govIntro",
                     "the last page is shown again where further ones are counted", WalkEnd.STUB_PAGE)  # fmt: skip
    reported = _shelf("/gk/zfxxgknb", "政府信息公开年报",
                      take(chain(islice(yearly, 6), [scan]), 7, plan, "政府信息公开年报"),
                      "conTxt", "one page")  # fmt: skip
    shelves = (rules, files, permits, reported)
    lists: dict[str, Page] = {}
    for shelf in shelves:
        lists |= _lists(plan, frame, shelf, 6 if shelf is permits else 9)
    return site(plan, "static", frame, shelves, lists, partial(_detail, plan, frame))


def _shelf(
    url: str,
    name: str,
    documents: tuple[PracticeDocument, ...],
    body: str,
    why: str,
    end: WalkEnd = WalkEnd.LAST_PAGE,
    external: tuple[Row, ...] = (),
) -> Shelf:
    column = url.removesuffix("_1")

    def page(document: PracticeDocument) -> str:
        return f"{column}/{181_000 + document.number}"

    def file(document: PracticeDocument, place: int) -> str:
        return f"/datafolder/{body}/{document.day_published.replace('-', '')}/{document.number}{place}.pdf"

    return Shelf(name, url, documents, page, file, _LABELS, why, end, external=external)


# --- lists ----------------------------------------------------------------------------------------------------------


def _lists(plan: Plan, frame: Frame, shelf: Shelf, size: int) -> dict[str, Page]:
    batches = shelf.batches(plan, size)
    column, beyond = shelf.url.removesuffix("_1"), _BEYOND if shelf.end is WalkEnd.STUB_PAGE else 0
    pages = len(batches) + beyond
    found: dict[str, Page] = {}
    for number in range(1, pages + 1):
        shown = batches[min(number, len(batches)) - 1]
        found[f"{column}_{number}"] = lazily(partial(_list, plan, frame, shelf, shown, column, number, pages))
    return {column: found[f"{column}_1"], **found}


def _list(
    plan: Plan, frame: Frame, shelf: Shelf, entries: Sequence[Entry], column: str, number: int, pages: int
) -> str:
    table = column.startswith("/publicity") and plan.variation in (0, 3)
    style = (_info_list, list_date_first, list_paragraphs, _info_list)[plan.variation]
    rows = _table(entries) if table else style(rows_of(entries))
    hrefs = [column if n == 1 and shelf.url == column else f"{column}_{n}" for n in range(1, pages + 1)]
    pager = (_words, _words_and_pages, _arrows, _words)[plan.variation](hrefs, number)
    main = f'<div class="mHd"><h3>{shelf.name}</h3></div>\n<div class="mBd">\n{rows}\n{pager}\n</div>'
    return frame.page(shelf.name, main, (("ColumnName", shelf.name),), ("政府信息公开", shelf.name))


def _info_list(rows: Sequence[Row]) -> str:
    items = (
        f'<li><a href="{escape(row.href)}" target="_blank" title="{escape(row.title)}">{escape(cut(row.title, 30))}</a>'
        f'<span class="date">{row.date}</span></li>'
        for row in rows
    )
    return '<ul class="infoList">\n' + "\n".join(items) + "\n</ul>"


def _table(entries: Sequence[Entry]) -> str:
    """The link in the third cell, the date in the fifth."""
    head = "<tr><th>序号</th><th>索引号</th><th>信息名称</th><th>文号</th><th>发布日期</th></tr>"
    lines = (
        f'<tr><td>{place}</td><td>{document.index_number if document else ""}</td><td><a href="{escape(row.href)}">'
        f"{escape(row.title)}</a></td><td>{escape(row.doc_number)}</td><td>{row.date}</td></tr>"
        for place, (row, document) in enumerate(entries, 1)
    )
    return f"<table>\n{head}\n" + "\n".join(lines) + "\n</table>"


def _words(hrefs: Sequence[str], current: int) -> str:
    """Words and numbers; how many pages there are stands in the text."""
    return f'<div class="page">{"".join(_links(hrefs, current))}<span>共{len(hrefs)}页</span></div>'


def _words_and_pages(hrefs: Sequence[str], current: int) -> str:
    links = "\n".join(f"<li>{link}</li>" for link in _links(hrefs, current))
    return f'<ul class="pagination">\n{links}\n<li>第 {current} 页/共 {len(hrefs)} 页</li></ul>'


def _arrows(hrefs: Sequence[str], current: int) -> str:
    """Numbers between arrows, and an address where a page is chosen by hand."""
    numbers = "".join(
        f'<b class="on">{n}</b>' if n == current else f'<a href="{href}">{n}</a>' for n, href in enumerate(hrefs, 1)
    )
    return f'<div id="pager" class="page_nav">&laquo;{numbers}&raquo; <em>{current}/{len(hrefs)}</em></div>'


def _links(hrefs: Sequence[str], current: int) -> Iterator[str]:
    words = (("首页", 1), ("上一页", current - 1), ("下一页", current + 1), ("尾页", len(hrefs)))
    for word, number in words[:2]:
        yield _link(hrefs, current, number, word)
    for number in range(1, len(hrefs) + 1):
        yield _link(hrefs, current, number, str(number))
    for word, number in words[2:]:
        yield _link(hrefs, current, number, word)


def _link(hrefs: Sequence[str], current: int, number: int, text: str) -> str:
    if number == current or not 0 < number <= len(hrefs):
        return f'<span class="disabled">{text}</span>'
    return f'<a href="{hrefs[number - 1]}">{text}</a>'


# --- documents ------------------------------------------------------------------------------------------------------


def _detail(plan: Plan, frame: Frame, shelf: Shelf, document: PracticeDocument, links: Links) -> str:
    body = "conTxt" if shelf.url.startswith("/gk/") else "govIntro"
    head: Callable[[Sequence[tuple[str, str]]], str] = (_cells, _cells, _pairs, _pairs)[plan.variation]
    files = "".join(f'<p>附件：<a href="{path}">{escape(name)}</a></p>' for path, name in links)
    scan = "" if document.body else f'<p><img src="/datafolder/scan/{document.number}.jpg" alt=""></p>'
    valid = {"失效": "否", "": ""}.get(document.validity, "是")
    main = f"""{head(shelf.stated(document))}
<div id="printStart1"><div class="conTit"><h1>{escape(document.title)}</h1></div>
<div class="conInfo"><span class="d1">来源：{escape(document.publisher)}</span>
<span class="d2">时间：{document.date_published}</span></div>
<div><span class="d1">是否有效：</span><span class="d3">{valid}</span></div></div>
<div class="{body}">
{body_html(document, "<p>　　{}</p>")}
{scan}{files}
</div>
<div class="conBtm"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>"""
    return frame.page(document.title, main, article_metas(document, shelf.name), ("政府信息公开", shelf.name))


def _cells(stated: Sequence[tuple[str, str]]) -> str:
    cells = [f"<th>{label}</th><td>{escape(value)}</td>" for label, value in stated]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f'<table class="govDetailTable" cellpadding="0" cellspacing="0">\n{lines}\n</table>'


def _pairs(stated: Sequence[tuple[str, str]]) -> str:
    """A row for each pair, the label in the same cell as its value; rows without a value are left out."""
    lines = "\n".join(f"<tr><td><b>{label}</b>{escape(value)}</td></tr>" for label, value in stated if value)
    return f'<table class="govDetailTable">\n{lines}\n</table>'


PORTAL = PracticePortal("extensionless", "标本市人民政府（练习）", "140799", "1407990001", build)
