"""The pages of VSB: pagers, lists, documents, in four skins. :mod:`crawler.practice.vsb` fills them.

Skin 0 is what public clients describe (section 5.7); the others have an older pager, numbers alone, or signs for words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from crawler.practice.markup import Frame, Row, article_metas, body_html, cut, list_table
from crawler.practice.model import Plan, PracticeDocument
from crawler.practice.shelf import Entry, Links, Shelf, rows_of

OWNER = 1744984858
_FIRST_WORDS = "各县（区）人民政府，市政府各部门：现就有关事项通知如下..."


@dataclass(frozen=True, slots=True)
class Pager:
    current: int  # 1-based
    hrefs: Sequence[str]  # of all pages, in the order that a reader turns them
    count: int | None  # of entries

    def button(self, name: str, text: str, number: int) -> str:
        if not 0 < number <= len(self.hrefs) or number == self.current:
            return f'<span class="p_{name}_d p_fun_d">{text}</span>'
        return f'<span class="p_{name} p_fun"><a href="{escape(self.hrefs[number - 1])}">{text}</a></span>'

    def numbers(self) -> Iterator[str]:
        for number, href in enumerate(self.hrefs, 1):
            if number == self.current:
                yield f'<span class="p_no_d">{number}</span>'
            else:
                yield f'<span class="p_no"><a href="{escape(href)}">{number}</a></span>'

    def usual(self) -> str:
        last = len(self.hrefs)
        buttons = [
            self.button("first", "首页", 1),
            self.button("prev", "上页", self.current - 1),
            *self.numbers(),
            self.button("next", "下页", self.current + 1),
            self.button("last", "尾页", last),
        ]
        return (
            '<link rel="stylesheet" content-type="text/css" href="/system/resource/css/pagedown/sys.css">'
            '<div class="pb_sys_common pb_sys_normal pb_sys_style1" style="margin-top:10px;text-align:center;">'
            f'<span class="p_t">共{self.count}条</span> <span class="p_pages">{"".join(buttons)}</span> '
            f'<span class="p_t">{self.current}/{last}</span></div>'
        )

    def older(self) -> str:
        words = (("首页", 1), ("上页", self.current - 1), ("下页", self.current + 1), ("尾页", len(self.hrefs)))
        links = (
            f'<A href="{escape(self.hrefs[n - 1])}" class="Next">{word}</A>'
            if 0 < n <= len(self.hrefs) and n != self.current
            else word
            for word, n in words
        )
        return (
            '<TABLE cellspacing=0 class="headStyle1ne3j4l8op" width="100%"><TR>'
            "<TD nowrap align=left width=1% id=fanye165823>"
            f"共{self.count}条&nbsp;&nbsp;{self.current}/{len(self.hrefs)}&nbsp;</TD>"
            f"<TD nowrap align=left>{'&nbsp;&nbsp;'.join(links)}&nbsp;</TD></TR></TABLE>"
        )

    def bare(self) -> str:
        return f'<div class="pages"><span class="p_pages">{"".join(self.numbers())}</span></div>'

    def signs(self) -> str:
        before, behind = self.button("prev", "&lt;", self.current - 1), self.button("next", "&gt;", self.current + 1)
        numbers = "".join(self.numbers())
        return (
            f'<div class="pb_sys_common pb_sys_full"><span class="p_pages">{before}{numbers}{behind}</span>'
            f'<span class="p_t">共{self.count}条</span><span class="p_goto">到第<input size="3">页</span></div>'
        )


def list_page(plan: Plan, frame: Frame, shelf: Shelf, entries: Sequence[Entry], pager: Pager, depth: int) -> str:
    shown = [(replace(row, href=_relative(plan, row.href, depth)), document) for row, document in entries]
    rows = [] if shelf.name in plan.emptied else shown
    egov = "gkml_list" in shelf.url and plan.variation == 0
    written = _catalogue(rows) if egov else (_items, list_table, _boxes, _days)[plan.variation](rows_of(rows))
    foot = (pager.usual, pager.older, pager.bare, pager.signs)[plan.variation]()
    clicks = ",".join(f"'dynclicks_u5_{document.number}'" for _, document in rows if document)
    main = f"""<h3>{shelf.name}</h3>
<script language="javascript" src="/system/resource/js/dynclicks.js"></script>
<div class="sec-list">
{written}
{foot}
<script>_showDynClickBatch([{clicks}],"wbnews",{OWNER})</script></div>"""
    return frame.page(shelf.name, main, (("pageType", "2"), ("ColumnName", shelf.name)), ("政务公开", shelf.name))


def _relative(plan: Plan, href: str, depth: int) -> str:
    """``../info/1039/3201.htm``, as the system writes it."""
    return "../" * depth + href[1:] if plan.variation == 0 and href.startswith("/") else href


def _items(rows: Sequence[Row]) -> str:
    items = (
        f'<li id="line_u5_{n}"><a href="{escape(row.href)}" target="_blank" title="{escape(row.title)}">'
        f'{escape(cut(row.title))}</a><span class="date">{row.date}</span></li>'
        for n, row in enumerate(rows)
    )
    return '<ul class="lzyjList">\n' + "\n".join(items) + "\n</ul>"


def _boxes(rows: Sequence[Row]) -> str:
    """A picture, a heading, the day and the first words of the text in one link."""
    items = (
        f'<li id="line_u5_{n}">\n<a href="{escape(row.href)}">\n<img src="" class="img-responsive">\n'
        f'<h4>{escape(row.title)}</h4>\n<p class="date"><i class="fa fa-calendar"></i>{row.date}</p>\n'
        f'<p>{_FIRST_WORDS}</p>\n</a>\n</li>\n<span id="section_u5_{n}" style="display:none;"><hr></span>'
        for n, row in enumerate(rows)
    )
    return "\n".join(items)


def _days(rows: Sequence[Row]) -> str:
    """The day in a box of its own, above its month; the link behind it."""
    items = (
        f'<dl class="clearfix"><dt><b>{row.date[8:]}</b><span>{row.date[:7]}</span></dt>'
        f'<dd><a href="{escape(row.href)}" title="{escape(row.title)}">{escape(row.title)}</a></dd></dl>'
        for row in rows
    )
    return '<div class="lb">\n' + "\n".join(items) + "\n</div>"


def _catalogue(entries: Sequence[Entry]) -> str:
    """A table in a table, as the disclosure catalogue is laid out."""
    head = "<tr><td>索引号</td><td>信息名称</td><td>文号</td><td>发布日期</td></tr>"
    lines = (
        f'<tr><td>{document.index_number if document else ""}</td><td><a href="{escape(row.href)}" target="_blank">'
        f"{escape(row.title)}</a></td><td>{escape(row.doc_number)}</td><td>{row.date}</td></tr>"
        for row, document in entries
    )
    return (
        f'<table width="100%"><tr><td>\n<table class="listTable">\n{head}\n'
        + "\n".join(lines)
        + "\n</table></td></tr></table>"
    )


# --- documents ------------------------------------------------------------------------------------------------------


def detail_of(plan: Plan, frame: Frame) -> Callable[[Shelf, PracticeDocument, Links], str]:
    head = (_cells, _list_items, _cells, _definitions)[plan.variation]
    body = ("vsb_content_4", "vsb_content", "vsb_content_93", "vsb_content_2")[plan.variation]
    files = (_attached, _beside, _attached, _beside)[plan.variation]

    def write(shelf: Shelf, document: PracticeDocument, links: Links) -> str:
        number = 2000 + document.number
        main = f"""{head(shelf.stated(document))}
<form name="_newscontent_fromname"><div class="content-title">
<h1>{escape(document.title)}</h1>
<div class="ly">发布时间：{document.date_published}　来源：{escape(document.publisher)}
点击：[<span id="dynclicks_wbnews_{number}"></span>]次</div>
<div id="{body}"><div class="v_news_content">
{body_html(document, '<p style="text-indent: 2em;">{}</p>')}
</div></div>
{files(links)}
<p>上一条：<a href="/index/tzgg.htm">没有了</a></p><p>【<a href="javascript:window.close();">关闭</a>】</p>
</div></form>
<script>_showDynClicks("wbnews", {OWNER}, {number})</script>"""
        return frame.page(document.title, main, article_metas(document, shelf.name), ("政务公开", shelf.name))

    return write


def _cells(stated: Sequence[tuple[str, str]]) -> str:
    cells = [
        f'<td class="bt_govinfocontent">{k}</td><td class="title_govinfocontent">{escape(v)}</td>' for k, v in stated
    ]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f'<table class="xxgkcont" width="100%">\n{lines}\n</table>'


def _list_items(stated: Sequence[tuple[str, str]]) -> str:
    return '<ul class="ov">' + "".join(f'<li class="fl"><b>{k}</b>{escape(v)}</li>\n' for k, v in stated) + "</ul>"


def _definitions(stated: Sequence[tuple[str, str]]) -> str:
    return '<dl class="xxgk">' + "".join(f"<dt>{k}</dt><dd>{escape(v) or '&nbsp;'}</dd>\n" for k, v in stated) + "</dl>"


def _attached(links: Links) -> str:
    items = "".join(
        f'<li>附件【<a href="{escape(path)}" target="_blank">{escape(name)}</a>】已下载'
        f'<span id="nattach{path.rpartition("=")[2]}"></span>次</li>'
        for path, name in links
    )
    return f'<UL style="list-style-type:none;">{items}</UL>' if links else ""


def _beside(links: Links) -> str:
    items = "".join(f'<span><a href="{escape(path)}">{escape(name)}</a></span>' for path, name in links)
    return f'<div class="fjnew">相关附件：{items}</div>' if links else ""
