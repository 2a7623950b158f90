"""HTML that the families share: the page around, tables, rows of lists. Strings in, strings out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from crawler.practice.model import Answer, Page, PracticeDocument, Table
from crawler.practice.pdf import attached

Pairs = Iterable[tuple[str, str]]
DOCTYPE = "<!DOCTYPE html>\n"
CHARSET = '<meta charset="utf-8">'  # the server rewrites it where it sends another encoding


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: the address as the list writes it, relative or not."""

    href: str
    title: str
    date: str  # YYYY-MM-DD
    doc_number: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of a portal."""

    site_name: str
    site_id_code: str
    domain: str
    menu: tuple[tuple[str, str], ...]  # (name, href)

    def page(self, title: str, main: str, metas: Pairs = (), path: Iterable[str] = ()) -> str:
        """A whole page. The menu, the friendly links and the footer hold links and dates that belong to no list."""
        site = (("SiteName", self.site_name), ("SiteDomain", self.domain), ("SiteIDCode", self.site_id_code))
        menu = "".join(f'<li><a href="{escape(href)}">{escape(name)}</a></li>' for name, href in self.menu)
        steps = "&nbsp;&gt;&nbsp;".join(escape(step) for step in ("首页", *path))
        return f"""{DOCTYPE}<html lang="zh-CN">
<head>
{CHARSET}
<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">
<title>{escape(title)}-{escape(self.site_name)}</title>
{meta_tags((*site, *metas))}
<link rel="stylesheet" href="/images/common.css">
</head>
<body>
<div class="header"><a class="logo" href="/">{escape(self.site_name)}</a><ul class="nav">{menu}</ul></div>
<div class="path">您当前所在位置：{steps}</div>
<div class="container">
{main}
</div>
<div class="footer">
<ul class="yqlj"><li><a href="http://www.province.example/" title="省人民政府门户网站">省人民政府</a></li>\
<li><a href="/wzdt/index.html">网站地图</a></li></ul>
<p>主办：{escape(self.site_name)}　网站标识码：{self.site_id_code}　本站为练习用，内容取自公开文件</p>
</div>
</body>
</html>
"""


def meta_tags(pairs: Pairs) -> str:
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in pairs)


def article_metas(document: PracticeDocument, column: str, *, dated: bool = True) -> Pairs:
    """The tags of an article page (政府网站发展指引, 国办发〔2017〕47号, annex)."""
    yield "ColumnName", column
    yield "ArticleTitle", document.title
    if dated:
        yield "PubDate", document.date_published
    yield "ContentSource", document.publisher
    yield "Keywords", document.keywords
    yield "Description", document.abstract


def body_html(document: PracticeDocument, paragraph: str, table: str = "<table border='1'>") -> str:
    """The blocks of a document. ``paragraph`` is the markup around one, with ``{}`` for its text."""
    return "\n".join(
        paragraph.replace("{}", escape(block)) if isinstance(block, str) else table_html(block, table)
        for block in document.blocks
    )


def table_html(table: Table, start: str) -> str:
    rows = "".join(f"<tr>{''.join(_cell(c.text, c.columns, c.rows) for c in row)}</tr>\n" for row in table)
    return f"{start}<tbody>\n{rows}</tbody></table>"


def _cell(text: str, columns: int, rows: int) -> str:
    spans = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
    return f"<td{spans}><p><span>{escape(text) or '&nbsp;'}</span></p></td>"


def cut(title: str, length: int = 24) -> str:
    """A title as lists shorten it: the whole of it stands in the ``title`` attribute."""
    return title if len(title) <= length else title[: length - 1] + "…"


def date_zh(day: str) -> str:
    """2020-08-28 → 2020年08月28日, with leading zeros, as content systems print it."""
    year, month, date = day.split("-")
    return f"{year}年{month}月{date}日"


# The rows of a list, each style by its own hand. A list takes the rows and gives the whole of its markup.


def list_cut_title(rows: Iterable[Row]) -> str:
    items = (
        f'<li><a href="{escape(row.href)}" target="_blank" title="{escape(row.title)}">{escape(cut(row.title))}</a>'
        f"<span>{row.date}</span></li>"
        for row in rows
    )
    return '<ul class="list">\n' + "\n".join(items) + "\n</ul>"


def list_date_first(rows: Iterable[Row]) -> str:
    items = (
        f'<li><span class="time">[{row.date}]</span>'
        f'<a href="{escape(row.href)}"><i class="dot"></i> {escape(row.title)}</a></li>'
        for row in rows
    )
    return '<div class="pageList newsList"><ul>\n' + "\n".join(items) + "\n</ul></div>"


def list_table(rows: Iterable[Row]) -> str:
    """With a head, a serial number, a column of 文号; dates with strokes."""
    lines = (
        f'<tr><td>{number}</td><td class="tit"><a href="{escape(row.href)}" title="{escape(row.title)}">'
        f"{escape(cut(row.title, 30))}</a></td><td>{escape(row.doc_number)}</td>"
        f"<td>{row.date.replace('-', '/')}</td></tr>"
        for number, row in enumerate(rows, 1)
    )
    head = "<tr><th>序号</th><th>标题</th><th>文号</th><th>发布日期</th></tr>"
    return f'<table class="xxgk_list"><tbody>\n{head}\n' + "\n".join(lines) + "\n</tbody></table>"


def list_table_date_first(rows: Iterable[Row]) -> str:
    lines = (
        f'<tr><td width="110" align="center">{date_zh(row.date)}</td>'
        f'<td><a href="{escape(row.href)}" target="_blank">{escape(row.title)}</a></td></tr>'
        for row in rows
    )
    return '<table width="100%" class="bg"><tr><td>\n<table>\n' + "\n".join(lines) + "\n</table></td></tr></table>"


def list_paragraphs(rows: Iterable[Row]) -> str:
    """No list element at all: a div a row, the date in brackets behind the link."""
    items = (
        f'<div class="item"><p><a href="{escape(row.href)}" title="{escape(row.title)}">{escape(cut(row.title, 28))}'
        f'</a></p><font color="#999">（{row.date}）</font></div>'
        for row in rows
    )
    return '<div class="more-list">\n' + "\n".join(items) + "\n</div>"


RowStyle = Callable[[Iterable[Row]], str]


def still(body: str) -> Page:
    """A page that says the same to every visit."""
    return lambda _: Answer(body)


def lazily(write: Callable[[], str]) -> Page:
    """A page that is written when it is asked for: a portal of thousands starts at once."""
    return lambda _: Answer(write())


def file_page(document: PracticeDocument, filename: str) -> Page:
    """An attachment, written when it is asked for."""
    return lambda _: Answer(attached(document, filename), mime="application/pdf")


def home(frame: Frame, columns: Iterable[tuple[str, str]]) -> Page:
    """The front page: links to the columns."""
    items = "".join(f'<li><a href="{escape(href)}">{escape(name)}</a></li>' for name, href in columns)
    return still(frame.page("首页", f'<div class="index"><h2>政府信息公开</h2><ul class="menu">{items}</ul></div>'))


def stated(document: PracticeDocument, fields: Iterable[str]) -> dict[str, str]:
    """The values of the canonical fields named, as a truth gives them: empty ones dropped, dates as ``YYYY-MM-DD``."""
    values = ((field, str(getattr(document, field))) for field in fields)
    return {field: value[:10] if field == "date_published" else value for field, value in values if value}
