"""Build units of jpaas: what a page says that ``jpaas-publish-server`` shall be asked for (section 5.3).

``<script src="…/AuthorizedRead/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
queryData="{'parseType':'bulidstatic','webId':'3185', …,'tagId':'当前栏目list','pageId':'1229123351'}">``: so the
platform spells it. Header, menu and footer may be units as well.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlencode, urljoin

from lxml import etree

from archive.errors import LayoutError
from archive.reading.page import Page
from crawler.families.base import Ask
from crawler.families.lists.links import tree_of

_SERVICE = "/front/page/build/"
_PAIR = re.compile(r"""(['"]?)(\w+)\1\s*:\s*(?:(['"])(.*?)\3|([\w.-]+))""")
_PARAM = re.compile(r"&paramJson=[^&]*")
_SIZE = re.compile(r'paramJson=\{[^}]*"pageSize":\s*"?(\d+)')
_LISTS = (re.compile(r"列表|list|分页", re.IGNORECASE), re.compile(r"栏目|内容|信息"))
"""What lists are called: 当前栏目list, 信息列表, ajax分页, 规章库列表; failing these 内容区域, 右侧内容."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A build unit: its service's address as written, and what the service is to be told."""

    service: str
    query: Mapping[str, str]

    @property
    def tag(self) -> str:
        return self.query.get("tagId", "")


def units(page: Page) -> Iterator[Unit]:
    """The build units of a page. Raises ``LayoutError`` if it is no HTML."""
    for node in tree_of(page).iter("*"):
        said, service = node.get("querydata"), node.get("url")
        if said and service and _SERVICE in service:
            yield Unit(service, pairs(said))


def pairs(text: str) -> dict[str, str]:
    """``{'webId':'3185','editType':null}``: pseudo-JSON in either kind of quotes, values with or without."""
    return {found[2]: found[4] if found[4] is not None else found[5] for found in _PAIR.finditer(text)}


def chosen(page: Page, tag: object) -> tuple[Unit, list[Unit]]:
    """The unit that is the page's list, and the others: the one of this tag, or the one that is named most like one.

    Raises ``LayoutError`` if there is none."""
    found = [*units(page)]
    if not found:
        raise LayoutError(f"{page.url}: no build unit with queryData in its {len(page.body)} bytes")
    if tag and tag not in [unit.tag for unit in found]:
        there = ", ".join(unit.tag for unit in found)
        raise LayoutError(f"{page.url}: no build unit has the tagId {tag}; there are: {there}")
    best = max(found, key=lambda unit: (unit.tag == tag, *(words.search(unit.tag) is not None for words in _LISTS)))
    return best, [unit for unit in found if unit is not best]


def ask(unit: Unit, base: str, referer: str) -> Ask:
    """A unit's first page. Without a ``Referer`` the service answers 403."""
    url = urljoin(base, unit.service)
    query = urlencode({name: value for name, value in unit.query.items() if name != "paramJson"}, quote_via=quote)
    return Ask(f"{url}{'&' if '?' in url else '?'}{query}", headers=(("Referer", referer),))


def numbered(first: Ask, number: int, size: int) -> Ask:
    """A page of the list that ``first`` begins. The service looks at no page number outside of ``paramJson``."""
    said = quote(json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":")))
    return replace(first, url=f"{_PARAM.sub('', first.url)}&paramJson={said}")


def size_asked(url: str) -> int | None:
    """The rows that a request asked for; none for a first page, which asks for what the portal likes."""
    asked = _SIZE.search(unquote(url))
    return int(asked[1]) if asked else None


def counts(tree: etree._Element) -> tuple[int, int] | None:
    """Rows of a page and of the whole list, as an answer's pager has them: as attributes, or in its ``queryData``."""
    for node in tree.iter("*"):
        said = {**pairs(node.get("querydata") or ""), **{str(name): str(value) for name, value in node.attrib.items()}}
        size, total = said.get("rows", ""), said.get("count", "")
        if size.isdecimal() and int(size) and total.isdecimal():
            return int(size), int(total)
    return None
