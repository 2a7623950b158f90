"""What is judged: a page, and the truth about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from archive.reading.page import Page

Values = Mapping[str, tuple[str, ...]]  # canonical field → the values that count as right, the best first

ATTACHMENTS = "attachments"
"""The one thing judged that is no field of a reading: the addresses of the document's files."""

HIDDEN = "~hidden"
"""Ends the key of a page whose container is hidden."""

_NO_TEXT = ("script", "style", "noscript", "select", "button", "textarea", "iframe")


@dataclass(frozen=True)
class Truth:
    """What the page states. ``text`` and ``prose`` are ``None`` where the body is not known.

    ``may`` holds what the page lets one conclude: neither asked for nor held against a reader that gives it."""

    fields: Values
    may: Values = field(default_factory=dict)
    text: str | None = None
    prose: str | None = None
    files: frozenset[str] | None = None  # last parts of the addresses of attachments; None: not judged


@dataclass(frozen=True)
class Case:
    """A page to be read. ``known``: a family whose markup portal-families.md describes, nothing hidden."""

    key: str
    group: str  # saved, gold, practice, labelled, press, plain
    family: str
    page: Page
    truth: Truth
    known: bool = True
    body: str = ""  # XPath of the body container; "" where there is none to be hidden

    @property
    def source(self) -> str:
        return decode(self.page.body)

    @property
    def is_hidden(self) -> bool:
        return self.key.endswith(HIDDEN)

    @property
    def is_html(self) -> bool:
        return self.page.mime == "text/html"


def one(values: Mapping[str, str]) -> Values:
    """Fields with a single right value each; empty values dropped."""
    return {name: (value,) for name, value in values.items() if value}


def values(given: Mapping[str, str | list[str]]) -> Values:
    """Fields as truth files write them: a value, or a list of those that count as right."""
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in given.items()}


def decode(raw: bytes) -> str:
    """The text of a page: UTF-8, or else GB 18030, whatever it says of itself. All pages judged are one of the two."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def parse(text: str) -> html.HtmlElement:
    """The tree of a page, comments and processing instructions dropped."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return html.document_fromstring(text.encode(), parser=parser)


def reference(text: str, body: str, drop: tuple[str, ...] = ()) -> tuple[str, str]:
    """(text, prose) of the container at the XPath ``body``, white space left out; ``drop``: what in it is no text.

    Raises ``LookupError`` if the page has no such container: the truth is about another page then."""
    tree = parse(text)
    found = tree.xpath(body)
    if not found:
        raise LookupError(f"nothing at {body}")
    for path in drop:
        for element in tree.xpath(path):
            element.drop_tree()
    return "".join(map(flat, found)), "".join(flat(without_rows(element)) for element in found)


def flat(element: etree._Element) -> str:
    """The text of an element without white space, and without what no reader of the page sees as text."""
    for unseen in list(element.iter(*_NO_TEXT)):
        unseen.text = None
        for child in list(unseen):
            unseen.remove(child)
    return squeeze("".join(element.itertext()))


def without_rows(element: etree._Element) -> etree._Element:
    """The element without the rows of its data tables: two cells or more, none of which holds a table itself."""
    for row in list(element.iter("tr", "row")):
        cells = [child for child in row if child.tag in ("td", "th", "cell")]
        parent = row.getparent()
        if len(cells) > 1 and parent is not None and not any(True for _ in row.iter("table")):
            parent.remove(row)
    return element


def last_part(url: str) -> str:
    """What tells a file from its neighbours: the last step of its address, and the query that a download has."""
    parts = urlsplit(url)
    return unquote(parts.path.rpartition("/")[2] + (f"?{parts.query}" if parts.query else ""))


def squeeze(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())
