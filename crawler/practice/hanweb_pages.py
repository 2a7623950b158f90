"""The pages of Hanweb's classic platform: columns with their units, ``dataproxy.jsp``, the disclosure module, details.

Pure functions; :mod:`crawler.practice.hanweb` fills them. Class and parameter names are the platform's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from html import escape
from urllib.parse import quote

from crawler.practice.hanweb_skins import Entry, Skin
from crawler.practice.markup import Frame, Row, article_metas, body_html, stated
from crawler.practice.model import Answer, PracticeDocument, Visit

SIZE = 4
"""Rows of a page as people see it. A column page carries three of them."""
GROUP = 3 * SIZE
CATALOGUE_SIZE = 6
NOTHING = "<datastore>\r\n<recordset>\r\n</recordset>\r\n</datastore>\r\n"
"""What the service says to names it does not know: 54 bytes."""
SITE, AREA = "1756", "11499900MB2C9-ZF"

_ROOT = '<a class="nav" href="/">首页</a>'


class Service(Enum):
    """How ``dataproxy.jsp`` takes a request."""

    BY_PAGE = auto()  # ``startrecord`` and ``perpage`` are not looked at
    BY_RECORD = auto()  # as far as a group, and one record more (国家医保局)
    ENCRYPTED = auto()  # its names are; whoever repeats them is told nothing


@dataclass(frozen=True, slots=True)
class Listing:
    """A column that a unit shows, as it is served."""

    number: int
    name: str
    unit: int
    service: Service
    proxy: str
    rows: tuple[Row, ...]
    declared: int

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What a request has to say."""
        column, unit = str(self.number), str(self.unit)
        if self.service is Service.ENCRYPTED:
            column, unit = (f"{word[::-1]}Zx9+kQ==" for word in (column, unit))
        site = ("appid", "1"), ("webid", "110"), ("path", "/")
        return (*site, ("columnid", column), ("unitid", unit), ("webname", "演练市人民政府"), ("permissiontype", "0"))


# --- column pages ---------------------------------------------------------------------------------------------------


def column_page(frame: Frame, skin: Skin, listings: Sequence[Listing]) -> str:
    """A column's page: the first listing is its own. The boxes are empty until a script fills them."""
    own = listings[0]
    boxes = "\n".join(_box(skin, listing) for listing in listings)
    trail = f'<div class="layui-container dqwz"><table><tr><td>{_ROOT}</td></tr></table></div>'
    main = f'{trail}\n<div class="lm">\n{boxes}</div>'
    metas = (("ColumnName", own.name), ("ColId", str(own.number)), ("ColumnType", "信息公开"))
    return frame.page(own.name, main, metas, ("政务公开", own.name))


def _box(skin: Skin, listing: Listing) -> str:
    hidden = listing.service is Service.ENCRYPTED
    link = f"{listing.proxy}?page=1&{_query(listing)}"
    store = ""
    if skin.embedded or hidden:
        more = link if skin.linked or hidden else ""
        store = _datastore(
            skin,
            listing.rows[:GROUP],
            listing.declared if skin.counted or hidden else None,
            more.replace("&", "&amp;") if skin.escaped else more,
        )
        store = f'<script type="text/xml">{store}</script>'
    return f'''<div id="{listing.unit}" class="news_list">{store}<div class="default_pgContainer"></div></div>
<script type="text/javascript">
{_call(skin, listing)}
</script>'''


def _call(skin: Skin, listing: Listing) -> str:
    """The script that draws the unit. jpage asks by POST; the service takes its parameters either way."""
    said = ",".join(f"{k}:{v if v.isdecimal() else repr(v)}" for k, v in (("col", "1"), *listing.names))
    apart = f"var param_{listing.unit} = {{{said}}};\n" if skin.apart else ""
    names = f"param_{listing.unit}" if skin.apart else f"{{{said}}}"
    return (
        f"{apart}$(function(){{ $('#{listing.unit}').jpage({{themeName:'default',showMode:'full',"
        f"totalRecord:{listing.declared},dataBefore:'<ul>',dataAfter:'</ul>',groupSize:3,"
        f"proxyUrl:'{listing.proxy}',perPage:{SIZE},barPosition:'bottom',ajaxParam:{names}}}); }});"
    )


def _query(listing: Listing) -> str:
    """As the nextgroup writes it: the name of the site is encoded twice (定西)."""
    return "&".join(f"{k}={quote(quote(v)) if k == 'webname' else quote(v)}" for k, v in listing.names)


def _datastore(skin: Skin, rows: Sequence[Row], total: int | None, link: str) -> str:
    count = f"<totalrecord>{total}</totalrecord><totalpage>{-(-total // SIZE)}</totalpage>" if total is not None else ""
    more = f'<nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup>' if link else ""
    records = "\n".join(f"<record><![CDATA[\n{skin.record(row)}]]></record>" for row in rows)
    return f"<datastore>\n{more}{count}<recordset>\n{records}\n</recordset></datastore>"


def proxy_page(skin: Skin, listings: Sequence[Listing], visit: Visit) -> Answer:
    """``dataproxy.jsp``, by GET or by POST."""
    said = {**visit.query, **visit.form}
    listing = next((one for one in listings if said.get("unitid") == str(one.unit)), None)
    if listing is None or said.get("columnid") != str(listing.number):
        return Answer(NOTHING)
    page, start = (int(said.get(name) or 1) for name in ("page", "startrecord"))
    if listing.service is Service.BY_PAGE:
        start, end = (page - 1) * GROUP + 1, page * GROUP
    else:
        end = min(int(said.get("endrecord") or GROUP), start + GROUP - 1) + 1
    link = f"./dataproxy.jsp?page={page + 1}&path=/&columnid={listing.number}&unitid={listing.unit}"
    total = listing.declared if skin.counted else None
    return Answer(_datastore(skin, listing.rows[start - 1 : end], total, link), mime="text/xml")


# --- the disclosure module ------------------------------------------------------------------------------------------


def catalogue_shell(frame: Frame, skin: Skin, column: int, name: str, category: str) -> str:
    box = f'<div id="div{column}"></div>\n{skin.shell.format(column=column, category=category, area=AREA, site=SITE)}'
    metas = (("ColumnName", name), ("ColId", str(column)))
    return frame.page(name, f'<div class="xxgk">{box}</div>', metas, ("政府信息公开", name))


def search_page(skin: Skin, entries: Sequence[Entry], categories: dict[str, int], visit: Visit) -> Answer:
    """``search.jsp``: all of the site's entries, or those of a category; never those of a column."""
    said = {**visit.query, **visit.form}
    if visit.method != "POST" or said.get("jdid") not in ("", SITE):
        return Answer("<div>参数错误</div>", 500)
    wanted = categories.get(said.get("infotypeId", ""))
    found = [entry for entry in entries if wanted in (None, entry.column)]
    pages, page = max(-(-len(found) // CATALOGUE_SIZE), 1), int(said.get("currpage") or 1)
    shown = found[(page - 1) * CATALOGUE_SIZE : page * CATALOGUE_SIZE]
    rows = "\n".join(skin.entry(entry, number) for number, entry in enumerate(shown))
    pager = skin.pager.format(page=page, pages=pages, total=len(found))
    return Answer(f"{skin.catalogue.format(rows=rows)}\n{pager}")


def tree_page(categories: Sequence[tuple[str, str, int]]) -> Answer:
    """``tree.jsp``: a dTree of categories with the number of their entries; one above the others."""
    nodes = [("A", "政府信息公开目录", sum(count for _, _, count in categories)), *categories]
    adds = "\n".join(
        f'd.add({number},{min(number, 1) - (number == 0)},\'<a href="javascript:void(0)" '
        f"onclick=\"funclick(\\'{code}\\',\\'{name}\\')\">{name}({count})</a>');"
        for number, (code, name, count) in enumerate(nodes)
    )
    return Answer(f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>tree</title></head><body>
<script type="text/javascript">d = new dTree('d');
{adds}
document.write(d);
function funclick(a, b) {{
  parent.loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&jdid={SITE}&area={AREA}&infotypeId=' + a);
}}
</script></body></html>""")


# --- details --------------------------------------------------------------------------------------------------------

_PARAGRAPH = '<p style="text-indent:2em;line-height:2em">{}</p>'
TABLE = ("index_number", "topic_category", "publisher", "date_made", "doc_number", "validity")
NESTED = ("index_number", "doc_number", "date_published", "publisher")
_LABELS = {
    "index_number": "索 引 号", "topic_category": "主题分类", "publisher": "发布机构", "date_made": "成文日期",
    "doc_number": "文　　号", "validity": "有 效 性", "date_published": "发布日期",
}  # fmt: skip


def detail(
    frame: Frame, column: str, fields: tuple[str, ...], document: PracticeDocument, links: Sequence[tuple[str, str]]
) -> str:
    """A document, fenced as the platform does it. ``links``: href and name of its attachments."""
    files = "".join(f'<p><a href="{escape(href)}">{escape(name)}</a></p>' for href, name in links)
    head = {TABLE: _table, NESTED: _nested}[fields]
    main = f"""{head(document)}
<div class="main-fl-riqi">发布日期：{document.date_published}　来源：{escape(document.publisher)}　浏览次数：\
<script src="/vc/vc/interface/visit.jsp?type=3"></script></div>
<div id="zoom" class="bt-content zoom clearfix"><meta name="ContentStart">
{body_html(document, _PARAGRAPH)}
{files}
<meta name="ContentEnd"></div>
<div class="bottom"><a href="javascript:window.print()">【打印本页】</a>\
<a href="javascript:window.close()">【关闭窗口】</a></div>"""
    return frame.page(document.title, main, article_metas(document, column), ("政务公开", column))


def _cells(document: PracticeDocument, fields: tuple[str, ...]) -> list[tuple[str, str]]:
    values = stated(document, fields)
    return [(_LABELS[field], escape(values.get(field, ""))) for field in fields]


def _table(document: PracticeDocument) -> str:
    """荆门: three rows of two pairs."""
    pairs = [f'<td class="tit">{k}</td><td class="cnt">{v}</td>' for k, v in _cells(document, TABLE)]
    lines = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(pairs[::2], pairs[1::2], strict=True))
    return f"""<h1 class="title">{escape(document.title)}</h1>
<table class="table table-bordered xxsx">
{lines}
</table>"""


def _nested(document: PracticeDocument) -> str:
    """盐城: a table in a table, a colon in the label."""
    (index, number, day, publisher) = (f"<td>{k}：</td><td>{v}</td>" for k, v in _cells(document, NESTED))
    return f"""<table id="c" width="100%"><tr><td><table>
<tr>{index}</tr>
<tr>{number}{day}</tr>
<tr>{publisher}</tr>
</table></td></tr>
<tr><td class="title">{escape(document.title)}</td></tr></table>"""
