"""Pages that only a script can turn. Where a browser has the list open, what turns the page is pressed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import urldefrag

from lxml import etree
from lxml.cssselect import CSSSelector

from crawler.families.base import Ask, Column, ListPage
from crawler.families.lists.links import resolve
from crawler.families.lists.printed import whole_text

_MORE = re.compile(r"[\s\[【<]*(?:下一?页|后一?页|[Nn]ext(?: ?[Pp]age)?|(?:点击)?(?:加载|显示)更多)[\s\]】>›»＞…]*")
_OFF = re.compile(r"(?:^|[\s_-])(?:disabled?|forbid(?:den)?|grey|gray|hidden|hide)(?:$|[\s_-])", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORDS = 12  # characters
_AROUND = 2  # elements around a word that may say that it is switched off: ``<li class="disabled"><a>下一页</a></li>``


def by_script(listed: ListPage, tree: etree._Element, column: Column, number: int) -> ListPage:
    """A list page with what is pressed for the next one, if the page names no address for it.

    ``[column.static] next = "button.btn-next"`` in the portal file says what that is where it has no word on it. It is
    pressed once more for each page, from the first on, so that a page which was lost can be reached again."""
    pages = listed.declared_pages
    if not column.browser or listed.next is not None or (pages is not None and number >= pages):
        return listed
    selector = _selector(tree, str((column.options or {}).get("next", "")))
    if selector is None:
        return listed
    first = column.first.url if column.first else urldefrag(column.url).url
    # That there is one page more follows from the button; of one that stays on the last page it would not be true.
    stated = None if pages == number + 1 else pages
    return replace(listed, next=Ask(first, press=(selector,) * number), declared_pages=stated)


def _selector(tree: etree._Element, given: str) -> str | None:
    if given:
        return given if any(_works(element) for element in CSSSelector(given)(tree)) else None
    for element in tree.iter("a", "button", "span", "li", "div", "em", "i"):
        text = whole_text(element)
        if len(text) > _WORDS or not _MORE.fullmatch(text) or any(whole_text(child) == text for child in element):
            continue
        if resolve("http://page/", element.get("href")) is None and _works(element):
            return f'text="{text}"'
    return None


def _works(element: etree._Element) -> bool:
    return not any(_is_off(node) for node in _with_those_around(element))


def _with_those_around(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from islice(element.iterancestors(), _AROUND)


def _is_off(element: etree._Element) -> bool:
    named = _OFF.search(element.get("class") or "") is not None
    unseen = _UNSEEN.search(element.get("style") or "") is not None
    return named or unseen or element.get("disabled") is not None or element.get("aria-disabled") == "true"
