"""What a living portal serves on one night: its pages, in two designs, with all that changes at each visit. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import escape

from crawler.practice import markup
from crawler.practice.calendar import START
from crawler.practice.chronicle import Deed, Shelf, Validators
from crawler.practice.faults import NOT_FOUND, SOFT_NOT_FOUND
from crawler.practice.markup import CHARSET, DOCTYPE, Frame, Row, RowStyle, article_metas, body_html, meta_tags, stated
from crawler.practice.model import Answer, PracticeDocument, Visit
from crawler.practice.pdf import make_pdf
from crawler.practice.world import HOME, Paper, World

BROKEN = Answer(
    "<html><body><h1>500 Internal Server Error</h1></body></html>", 500, headers=(("Retry-After", "0"),)
)  # nobody has to wait for a second try

_LABELS = (
    ("索 引 号", "index_number"), ("主题分类", "topic_category"), ("发布机构", "publisher"), ("成文日期", "date_made"),
    ("标　　题", "title"), ("文　　号", "doc_number"), ("发布日期", "date_published"), ("有 效 性", "validity"),
)  # fmt: skip
_UNDATED = tuple((label, field) for label, field in _LABELS if "date" not in field)
_STYLES: tuple[RowStyle, ...] = (markup.list_cut_title, markup.list_date_first, markup.list_paragraphs)


def answer(world: World, frame: Frame, visit: Visit, nth: int) -> Answer:
    """What the portal answers to the ``nth`` visit of an address. Barriers stand before this."""
    if visit.path == HOME:
        return Answer(_home(world, frame))
    if (target := world.old.get(visit.path)) is not None:
        return Answer(b"", 301, headers=(("Location", target),)) if target else NOT_FOUND
    for shelf in world.chronicle.shelves:
        if (number := _list_page(shelf, visit.path)) is not None:
            return _list(world, frame, shelf, number)
    for key, paper in world.papers.items():
        if paper.path == visit.path:
            return _page(world, frame, key, paper, visit, nth)
        for place, name in enumerate(paper.document.attachments):
            if paper.file(place) == visit.path:
                lines = (name, f"第{paper.edition}版", *paper.document.paragraphs)
                return Answer(make_pdf(lines), mime="application/pdf")
    return NOT_FOUND


# --- lists ----------------------------------------------------------------------------------------------------------


def _list_page(shelf: Shelf, path: str) -> int | None:
    """Which page of the column's list an address is, from 0; ``None`` if it is none."""
    if not path.startswith(shelf.path):
        return None
    name = path.removeprefix(shelf.path)
    if name in ("", "index.html"):
        return 0
    number = name.removeprefix("index_").removesuffix(".html")
    return int(number) if number.isdecimal() and name == f"index_{number}.html" else None


def _list(world: World, frame: Frame, shelf: Shelf, number: int) -> Answer:
    if number + 1 >= world.broken_from.get(shelf.key, number + 2):
        return BROKEN
    papers = world.listed(shelf.key)
    rows = [_row(paper, shelf) for paper in papers]
    pages = max(1, -(-len(rows) // shelf.size))
    if number >= pages:
        return NOT_FOUND
    shown = rows[number * shelf.size : (number + 1) * shelf.size]
    top = [_row(paper, shelf) for paper in papers[-shelf.pinned :]] if shelf.pinned and not number else []
    name = world.names[shelf.key]
    metas, steps = (("ColumnName", name),), ("政务公开", name)
    place = world.chronicle.shelves.index(shelf)
    if world.redesigned is None:
        rows_html = _STYLES[place % 3]((*top, *shown))
        pager = f'<script type="text/javascript">createPageHTML({pages}, {number}, "index", "html");</script>'
        main = f'<div class="right_list"><h2>{escape(name)}</h2>\n{rows_html}\n<div class="page">{pager}</div></div>'
        return Answer(frame.page(name, main, metas, steps))
    rows_html = _STYLES[(place + 1) % 3]((*top, *shown))
    more = f'<a href="index_{number + 1}.html">下一页</a>' if number + 1 < pages else ""
    main = f'<section class="gl-list"><h3>{escape(name)}</h3>\n{rows_html}\n<p class="pages">{more}</p></section>'
    return Answer(_redesigned(frame, name, main, metas, steps))


def _row(paper: Paper, shelf: Shelf) -> Row:
    document = paper.document
    href = f"./{paper.path.removeprefix(shelf.path)}" if paper.path.startswith(shelf.path) else paper.path
    return Row(href, document.title, document.day_published, document.doc_number)


def _home(world: World, frame: Frame) -> str:
    items = "".join(
        f'<li><a href="{shelf.path}">{escape(world.names[shelf.key])}</a></li>' for shelf in world.chronicle.shelves
    )
    return frame.page("首页", f'<div class="index"><h2>政府信息公开</h2><ul class="menu">{items}</ul></div>')


# --- documents ------------------------------------------------------------------------------------------------------


def _page(world: World, frame: Frame, key: str, paper: Paper, visit: Visit, nth: int) -> Answer:
    if world.pages_broken or paper.instead is Deed.BREAK_OFF:
        return BROKEN
    if paper.instead is Deed.WITHDRAW_SOFTLY:
        return SOFT_NOT_FOUND
    if paper.instead is Deed.WITHDRAW_TO_HOME:
        return Answer(b"", 302, headers=(("Location", HOME),))
    if not paper.served or key in world.absent:
        return NOT_FOUND
    volatile = _Volatile(world, key, nth) if paper.shelf.volatile else None
    body = (_first_design if world.redesigned is None else _second_design)(frame, paper, volatile)
    return _validated(Answer(body), world, paper, visit)


def _validated(found: Answer, world: World, paper: Paper, visit: Visit) -> Answer:
    """The answer with the validators that its column sends; 304 if the visitor holds it as it is (RFC 9110, 13.1)."""
    kind = Validators.NONE if paper.shelf.volatile else paper.shelf.validators
    night = max(paper.touched, world.redesigned or 0)
    written = START + timedelta(days=night - 1)  # an editor is at work before the night's run
    headers: list[tuple[str, str]] = []
    etag = f'"{hashlib.sha256(str(found.body).encode()).hexdigest()[:16]}"'
    if kind in (Validators.ETAG, Validators.BOTH):
        headers.append(("ETag", etag))
    if kind in (Validators.LAST_MODIFIED, Validators.BOTH):
        headers.append(("Last-Modified", format_datetime(written, usegmt=True)))
    if kind in (Validators.ETAG, Validators.BOTH) and "if-none-match" in visit.headers:
        held = etag in visit.headers["if-none-match"]
    else:
        held = kind in (Validators.LAST_MODIFIED, Validators.BOTH) and _not_since(visit, written)
    return Answer(b"", 304, headers=tuple(headers)) if held else Answer(found.body, headers=tuple(headers))


def _not_since(visit: Visit, written: datetime) -> bool:
    try:
        return parsedate_to_datetime(visit.headers.get("if-modified-since", "")) >= written
    except (ValueError, TypeError):
        return False


class _Volatile:
    """What a page says anew at each visit: none of it is the document's."""

    def __init__(self, world: World, key: str, nth: int) -> None:
        self.hits = 1203 + 17 * world.night + nth
        self.token = hashlib.sha256(f"{key} {world.night} {nth}".encode()).hexdigest()[:32]
        now = world.chronicle.calendar.true_time(world.night) + timedelta(hours=8, seconds=nth)
        self.generated = f"{now:%Y-%m-%d %H:%M:%S}"
        others = [paper for other, paper in world.papers.items() if other != key and paper.served][:5]
        turn = (world.night + nth) % len(others) if others else 0
        self.related = (*others[turn:], *others[:turn])


def _first_design(frame: Frame, paper: Paper, volatile: _Volatile | None) -> str:
    document, shelf = paper.document, paper.shelf
    when = f"<span>{document.date_published}</span>" if shelf.dated else ""
    hits = volatile.hits if volatile else ""
    main = f"""{_table(_pairs(document, shelf))}
<div class="article">
<h1>{escape(document.title)}</h1>
<div class="info">{when}<span>来源：{escape(document.publisher)}</span>
<span>浏览次数：<em id="hits">{hits}</em></span></div>
<div class="view TRS_UEDITOR trs_paper_default"><div class="TRS_Editor">
{body_html(document, '<p align="justify"><span style="font-size: 12pt">　　{}</span></p>')}
{_files(paper)}
</div></div>
<div class="tool"><a href="javascript:window.print()">打印本页</a></div>
</div>
{_related(volatile)}"""
    metas = article_metas(document, shelf.name, dated=shelf.dated)
    return frame.page(document.title, main, metas, ("政务公开", shelf.name))


def _second_design(frame: Frame, paper: Paper, volatile: _Volatile | None) -> str:
    """The same in other clothes: other elements, other names, another order."""
    document, shelf = paper.document, paper.shelf
    pairs = "".join(
        f"<li><b>{label.replace(' ', '').replace('　', '')}：</b>{escape(value)}</li>\n"
        for label, value in _pairs(document, shelf)
    )
    when = f"<span>发布时间：{document.date_published}</span>" if shelf.dated else ""
    hits = f"<span>浏览次数：{volatile.hits}</span>" if volatile else ""
    main = f"""<article class="gl-detail">
<h2 class="article-title">{escape(document.title)}</h2>
<div class="article-info">{when}<span>来源：{escape(document.publisher)}</span>{hits}</div>
<div class="article-content">
{body_html(document, "<p>{}</p>")}
{_files(paper)}
</div></article>
<ul class="xx-info">{pairs}</ul>
{_related(volatile)}"""
    metas = tuple(reversed(tuple(article_metas(document, shelf.name, dated=shelf.dated))))
    return _redesigned(frame, document.title, main, metas, ("政务公开", shelf.name))


def _redesigned(frame: Frame, title: str, main: str, metas: Sequence[tuple[str, str]], steps: Iterable[str]) -> str:
    """A whole page of the second design: the footer's links stand on top, the menu below."""
    site = (("SiteIDCode", frame.site_id_code), ("SiteName", frame.site_name), ("SiteDomain", frame.domain))
    menu = "".join(f'<a href="{escape(href)}">{escape(name)}</a>' for name, href in frame.menu)
    return f"""{DOCTYPE}<html lang="zh">
<head>{CHARSET}
{meta_tags((*metas, *site))}
<title>{escape(title)}_{escape(frame.site_name)}</title>
<link rel="stylesheet" href="/v2/app.css"></head>
<body class="v2">
<header class="top"><a href="http://www.province.example/">省人民政府</a>
<a href="/">{escape(frame.site_name)}</a></header>
<nav class="crumbs">{" / ".join(escape(step) for step in ("首页", *steps))}</nav>
<main>
{main}
</main>
<nav class="menu">{menu}</nav>
<footer>网站标识码：{frame.site_id_code}　主办：{escape(frame.site_name)}</footer>
</body></html>
"""


def _pairs(document: PracticeDocument, shelf: Shelf) -> list[tuple[str, str]]:
    labels = _LABELS if shelf.dated else _UNDATED
    values = stated(document, [field for _, field in labels])
    return [(label, values.get(field, "")) for label, field in labels]


def _table(pairs: Sequence[tuple[str, str]]) -> str:
    cells = [f"<th>{label}</th><td>{escape(value)}</td>" for label, value in pairs]
    lines = "\n".join(f"<tr>{''.join(cells[start : start + 2])}</tr>" for start in range(0, len(cells), 2))
    return f'<table class="szf_zw-table" width="100%"><tbody>\n{lines}\n</tbody></table>'


def _files(paper: Paper) -> str:
    return "".join(
        f'<p>附件：<a href="{paper.file(place)}">{escape(name)}</a></p>'
        for place, name in enumerate(paper.document.attachments)
    )


def _related(volatile: _Volatile | None) -> str:
    if volatile is None:
        return ""
    links = "".join(f'<li><a href="{other.path}">{escape(other.document.title)}</a></li>' for other in volatile.related)
    return (
        f'<div class="related"><h4>相关阅读</h4><ul>{links}</ul></div>'
        f'<form action="/fankui"><input type="hidden" name="_csrf" value="{volatile.token}"></form>'
        f'<div class="footer"><p>页面生成时间：{volatile.generated}</p></div>'
    )
