"""Shapes of the templates of Hanweb's classic platform: rows of a unit, rows and shell of its disclosure module."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from crawler.practice.markup import Row, cut, date_zh
from crawler.practice.model import PracticeDocument


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with the catalogue's own data."""

    row: Row
    column: int
    document: PracticeDocument | None = None


@dataclass(frozen=True, slots=True)
class Skin:
    """One of the shapes of the platform's templates."""

    record: Callable[[Row], str]
    entry: Callable[[Entry, int], str]  # a row of the disclosure module, and its number
    catalogue: str  # the module's list, with {rows}
    pager: str  # with {page}, {pages} and {total}
    shell: str  # the module on a column page, with {column} and {category}
    embedded: bool = True  # whether the column page carries the first records
    linked: bool = True  # whether its datastore has a nextgroup
    escaped: bool = False  # whether that writes &amp;
    counted: bool = True  # whether the datastore states the total; the script does always
    apart: bool = False  # whether the script keeps its parameters in a variable


def _said(document: PracticeDocument | None) -> str:
    method = document.disclosure_method if document else ""
    return f' gkfs="{method or "主动公开"}" syh="{document.index_number if document else ""}"'


def _line(row: Row) -> str:
    return (
        f'<li class="clearfix">    <a target="_blank" href="{escape(row.href)}" title="{escape(row.title)}">'
        f"{escape(cut(row.title))}</a>    <b>{row.date}</b></li>"
    )


def _marked(entry: Entry, number: int) -> str:
    row = entry.row
    title = escape(row.title)
    said = f'mc="{title}"{_said(entry.document)} rq="{row.date}"'
    return (
        f'<tr class="tr_main_value_{"odd" if number % 2 else "even"}"><td>{number + 1}</td>'
        f'<td><a href="{escape(row.href)}" title="{title}" {said} target="_blank">{escape(cut(row.title, 30))}</a></td>'
        f"<td>{row.date}</td></tr>"
    )


def _table_line(row: Row) -> str:
    return (
        f"<tr><td width='100'>[{row.date}]</td><td width='620'>"
        f"<a href='{escape(row.href)}' title='{escape(row.title)}' target='_blank'>{escape(row.title)}</a></td></tr>"
    )


def _under_a_head(entry: Entry, number: int) -> str:
    row, index = entry.row, entry.document.index_number if entry.document else ""
    return (
        f'<tr class="tr_main_value_{"odd" if number % 2 else "even"}"><td>{index}</td>'
        f'<td><a href="{escape(row.href)}">{escape(row.title)}</a></td><td>{row.date}</td></tr>'
    )


def _split_date(row: Row) -> str:
    return (
        f'<li><span class="time">\n<b>{row.date[8:]}</b>\n{row.date[:7]}\n</span>\n'
        f'<a href="{escape(row.href)}"><span>{escape(row.title)}</span></a></li>'
    )


def _tab_box(entry: Entry, _: int) -> str:
    row = entry.row
    link = f'<a href="{escape(row.href)}" GKFS="主动公开">{escape(row.title)}</a>'
    return f'<li class="tab_box">{link}<span>{row.date}</span></li>'


def _item(row: Row) -> str:
    return (
        f'<div class="item"><h3><a href="{escape(row.href)}">{escape(row.title)}</a></h3>'
        f"<p>文号：{row.doc_number or '无'}</p><i>{date_zh(row.date)}</i><div>"  # torn: the last one is not closed
    )


def _date_first(entry: Entry, _: int) -> str:
    row, index = entry.row, entry.document.index_number if entry.document else ""
    title = f'TITLE="{escape(row.title)}" SYH="{index}"'
    link = f'<A HREF="{escape(row.href)}" {title}>{escape(cut(row.title, 20))}</A>'
    return f'<TR CLASS="tr_main_value_odd"><TD>{row.date}</TD><TD>{link}</TD></TR>'


_TREE = '<iframe src="/module/xxgk/tree.jsp?standardXxgk=1&{}"></iframe>'
_LOADED = (
    "<script>var b = '';\nloadDynamic('/module/xxgk/search.jsp?{}', "
    "'div{{column}}', '{{category}}', '', '', '{{site}}');</script>"
)
SKINS = (
    Skin(
        _line,
        _marked,
        '<table class="tb_main">\n{rows}\n</table>',
        '<table class="tb_title"><tr><td align="right">共{total}条 共{pages}页&nbsp;'
        '<a href="javascript:void(0)" onclick="goPage({page})">下一页</a> <a href="#">尾页</a></td></tr></table>',
        _TREE.format("area={area}&divid=div{column}") + _LOADED.format("infotypeId={category}&jdid={site}&area={area}"),
    ),
    Skin(
        _table_line,
        _under_a_head,
        "<table><tr><th>索引号</th><th>信息名称</th><th>发布日期</th></tr>\n{rows}\n</table>",
        "<div>第{page}页/共&nbsp;{pages}&nbsp;页</div>",
        _LOADED.format("standardXxgk=1&infotypeId={category}' + b + '&area={area}"),
        escaped=True,
        counted=False,
        apart=True,
    ),
    Skin(
        _split_date,
        _tab_box,
        '<ul class="content_right_ul">\n{rows}\n</ul>',
        '<div class="pager"><a href="javascript:goPage({page})">下一页</a>　共 {pages} 页</div>',
        _TREE.format("divid=div{column}&amp;infotypeId={category}&amp;area={area}&amp;rootName="),
        linked=False,
    ),
    Skin(
        _item,
        _date_first,
        "<TABLE>\n{rows}\n</TABLE>",
        "<p>共{pages}页</p>",
        "<script>$.post('/module/xxgk/search.jsp?jdid={site}&area={area}&infotypeId={category}"
        "&divid=div{column}');</script>",
        embedded=False,
    ),
)
