"""Hanweb's disclosure module: ``/module/xxgk/search.jsp`` and its tree (portal-families.md section 5.2).

A shell page says which organ (``area``), site (``jdid``) and box (``divid``) it shows; rows come as a fragment of HTML
that is asked for by POST. The module does not sift by column: where the address names neither a category (``number``)
nor an organ (``vc_xxgkarea``), the rows of other columns are left out here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from archive.errors import LayoutError
from archive.events import CatalogueRow
from archive.reading.page import Page
from crawler.families.base import Ask, Column, ColumnSpec, ListPage, Opening
from crawler.families.hanweb_units import row_of
from crawler.families.lists import blocks
from crawler.families.lists.entrance import column_name
from crawler.families.lists.links import tree_of
from crawler.families.lists.printed import whole_text
from crawler.families.lists.script import Script

_MODULE = "/module/xxgk/"
_CALL = re.compile(r"/module/xxgk/(?:tree|search)\w*\.jsp[^<>]{0,500}")  # the address, and what the call says besides
_TREE = re.compile(r"""["']([^"'<>]*/module/xxgk/tree\.jsp[^"'<>]*)["']""")
_COLUMN = re.compile(r"/col/col(\d+)(?:/|$)")
_OF_COLUMN = re.compile(r"/col/col(\d+)/art/|/art_(\d+)_\d+\.html")
_PAGES = re.compile(r"共\s*(\d+)\s*页")
_TOTAL = re.compile(r"共\s*(\d+)\s*(?:条|篇|项|件)")
_NOTHING = re.compile(r"暂无|没有|tb_title|tr_main")
# a node of dTree: <a onclick="funclick('A02','规范性文件')">规范性文件(43)</a>, in a string of a script
_NODE = re.compile(r"""funclick\(\s*\\?['"]([\w-]+)\\?['"][^>]*>\s*([^<(（]+?)\s*(?:[(（]\s*(\d+)\s*[)）])?\s*<""")


@dataclass(frozen=True, slots=True)
class _Shell:
    """What a page says of the module that it shows."""

    area: str
    site: str
    box: str
    category: str
    standard: str


def is_shown(page: Page) -> bool:
    return _CALL.search(page.text) is not None


def is_meant(page: Page, spec: ColumnSpec) -> bool:
    """Whether a column is one of the module, though its page may show other lists as well."""
    return is_shown(page) and bool(_asked_for(spec.url) or _categories(spec))


def is_search(ask: Ask) -> bool:
    return _MODULE in ask.url


def open(page: Page, spec: ColumnSpec, family: str, key: str) -> Opening:
    """The module's column, or one for each category. Raises ``LayoutError`` if the page does not show the module."""
    if not is_shown(page):
        raise LayoutError(f"{page.url}: neither a datastore nor /module/xxgk/ in its {len(page.body)} bytes")
    shell, wanted = _shell(page, spec), _categories(spec)
    in_tree = urlsplit(page.url).path.endswith("/tree.jsp")
    if wanted and not in_tree:
        tree = _TREE.search(page.text)
        if tree is None:
            raise LayoutError(f"{page.url}: categories are wanted, but no tree.jsp is named on the page")
        return Opening((), further=Ask(urljoin(page.url, tree[1].replace("&amp;", "&")), headers=_said(spec.url)))
    if not in_tree:
        name = spec.name or column_name(tree_of(page)) or key
        return Opening((Column(key, name, spec.url, family, _search(shell, page, spec.url), options=spec.options),))
    nodes = {node[1]: node for node in _NODE.finditer(page.text)}
    chosen = [*_leaves(nodes)] if wanted == ["*"] else [code for code in wanted if code in nodes]
    if not chosen:
        raise LayoutError(f"{page.url}: its tree of {len(nodes)} categories has none of {', '.join(wanted)}")
    columns = tuple(
        Column(
            f"{key}/{code}",
            nodes[code][2].strip(),
            f"{spec.url}#{code}",
            family,
            _search(replace(shell, category=code), page, spec.url),
            int(nodes[code][3]) if nodes[code][3] else None,
            spec.options,
        )
        for code in chosen
    )
    missing = (code for code in wanted if code != "*" and code not in nodes)
    return Opening(columns, tuple((code, "not in the tree") for code in missing))


def read_list(page: Page, column: Column, number: int) -> ListPage:
    """Rows of an answer. Raises ``LayoutError`` if it is none."""
    assert column.first is not None
    fragment = replace(page, url=column.url)  # what its links are relative to
    tree = tree_of(fragment)
    marked = [line for line in tree.iter("tr") if "tr_main_value" in (line.get("class") or "")]
    found = blocks.select(fragment, marked) if marked else blocks.find(fragment, column.url)
    text = whole_text(tree)
    pages, total = (int(said[1]) if (said := pattern.search(text)) else None for pattern in (_PAGES, _TOTAL))
    if not found and pages is None and not _NOTHING.search(page.text):
        raise LayoutError(f"{page.url}: no list of the disclosure module in {len(page.body)} bytes")
    all_rows = [row_of(row, column.url) for row in found]
    sifted = _sifted_to(column)
    more = number < pages if pages is not None else bool(all_rows)
    return ListPage(
        tuple(row for row in all_rows if not sifted or _column_of(row) in ("", sifted)),
        _numbered(column.first, number + 1) if more else None,
        None if sifted else total,
        pages,
        sparse=bool(sifted) and pages is not None,
        guess=pages is None,
    )


def categories_fault(value: object) -> str:
    good = isinstance(value, list) and value and all(isinstance(item, str) and item for item in value)
    return "" if good else 'must be a list of category codes, such as ["A02", "B0303"], or ["*"]'


def _categories(spec: ColumnSpec) -> list[str]:
    wanted = (spec.options or {}).get("categories", [])
    return [str(code) for code in wanted] if isinstance(wanted, Iterable) else []


def _asked_for(url: str) -> Mapping[str, str]:
    """The organ and the category that an address names, empty ones left out."""
    said = parse_qs(urlsplit(url).query)
    return {name: said[name][-1] for name in ("vc_xxgkarea", "number") if name in said}


def _shell(page: Page, spec: ColumnSpec) -> _Shell:
    named = _asked_for(spec.url)
    calls = " ".join(call[0].replace("&amp;", "&") for call in _CALL.finditer(page.text)) + f" {page.url}"

    def said(name: str) -> str:
        found = re.search(rf"[?&]{name}=([\w,-]+)", calls)
        return found[1] if found else ""

    # loadDynamic(address, box, category, …, …, site)
    call = next((call.args for call in Script.of(tree_of(page)).calls("loadDynamic") if len(call.args) >= 6), ())
    box, category, site = (str(call[n] or "") if call else "" for n in (1, 2, 5))
    own = _COLUMN.search(urlsplit(spec.url).path)
    return _Shell(
        area=named.get("vc_xxgkarea") or said("area"),
        site=said("jdid") or site,
        box=said("divid") or box or (f"div{own[1]}" if own else ""),
        category=named.get("number") or said("infotypeId") or category,
        standard=said("standardXxgk") or "0",
    )


def _search(shell: _Shell, page: Page, referer: str) -> Ask:
    """The first page of a list. Query and form say the same, as the module's own script has it."""
    order = {
        "standardXxgk": shell.standard, "isAllList": "1", "texttype": "0", "fbtime": "-1", "vc_all": "",
        "vc_filenumber": "", "vc_title": "", "vc_number": "", "currpage": "1",
        "sortfield": ",createdatetime:0,orderid:0",
    }  # fmt: skip
    form = {"infotypeId": shell.category, "jdid": shell.site, "area": shell.area, "divid": shell.box, **order}
    return Ask(
        urljoin(page.url, f"{_MODULE}search.jsp?{urlencode(order)}"),
        "POST",
        (*_said(referer), ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")),
        urlencode(form).encode(),
    )


def _said(referer: str) -> tuple[tuple[str, str], ...]:
    return ("Referer", referer), ("X-Requested-With", "XMLHttpRequest")


def _numbered(first: Ask, number: int) -> Ask:
    body = re.sub(rb"(?<=currpage=)\d+", str(number).encode(), first.body)
    return replace(first, url=re.sub(r"(?<=currpage=)\d+", str(number), first.url), body=body)


def _leaves(nodes: Iterable[str]) -> Iterator[str]:
    """The categories with none below them: codes grow to the right, ``A02``, ``A0201``."""
    codes = [*nodes]
    yield from (code for code in codes if not any(other != code and other.startswith(code) for other in codes))


def _sifted_to(column: Column) -> str:
    """The column whose rows alone are kept; empty if the module has been told what to give."""
    own = _COLUMN.search(urlsplit(column.url).path)
    category = parse_qs((column.first.body if column.first else b"").decode()).get("infotypeId")
    return "" if category or _asked_for(column.url) or own is None else own[1]


def _column_of(row: CatalogueRow) -> str:
    """The column in a row's address; empty where the newer style says none."""
    found = _OF_COLUMN.search(row.url)
    return (found[1] or found[2]) if found else ""
