"""A page as a reader gets it: address, status, headers, entity body; text and tree on demand."""

import json
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from archive.errors import ReadingError, TooDeepError
from archive.reading.charset import BAD_BYTES, Decoded, decode

DEEPEST = 2048
"""Elements within each other that libxml2 follows (``xmlParserMaxDepth`` of a huge tree); there it stops reading."""

_FORMATTING = re.compile(
    r"</?(?:b|big|center|em|font|i|s|small|span|strike|strong|sub|sup|u)(?=[\s/>])[^<>]*>", re.IGNORECASE
)
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """What came back for a URL. ``body`` is the entity, transfer and content encoding removed.

    Header names keep their case; values are decoded as Latin-1, byte for byte. Pure: nothing here does I/O."""

    url: str
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; the empty string if there is none."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return ""

    @cached_property
    def mime(self) -> str:
        """The declared media type, lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @cached_property
    def decoded(self) -> Decoded:
        """Text and the charset that it was read with (see :mod:`archive.reading.charset`)."""
        return decode(self.body, self.header("content-type"))

    @property
    def text(self) -> str:
        return self.decoded.text

    @cached_property
    def tree(self) -> etree._Element:
        """The parsed HTML; comments are kept as nodes. Raises ``ReadingError`` if there is nothing to parse, and its
        subclass ``TooDeepError`` if the parser would stop in the middle.

        What an editor opens on each line and never closes, ``<font>`` and its like, nests deeper with each: such a page
        is read without them."""
        text = self.text.replace("\x00", "")
        if not text or text.isspace():
            raise ReadingError(f"{self.url}: the page is empty")
        root, is_whole = self._parsed(self.body if self._is_plain_utf8 else text.encode("utf-8", "replace"))
        if not is_whole:
            root, is_whole = self._parsed(_FORMATTING.sub("", text).encode("utf-8", "replace"))
        if not is_whole:
            raise TooDeepError(f"{self.url}: not readable as HTML: more than {DEEPEST} elements within each other")
        return root

    @property
    def _is_plain_utf8(self) -> bool:
        """Whether the body is what its text would be written as: then it need not be written again."""
        decoded = self.decoded
        is_utf8 = decoded.charset == "utf-8" and BAD_BYTES not in decoded.flags
        return is_utf8 and b"\0" not in self.body and not self.body.startswith(BOM_UTF8)

    def _parsed(self, text: bytes) -> tuple[etree._Element, bool]:
        """The tree, and whether all of the text, UTF-8, is in it."""
        # Plain elements, since lxml.html's cost a call for each; nobody here looks an element up by its id.
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False)
        try:
            root = etree.fromstring(text, parser)
        except (etree.LxmlError, ValueError, AssertionError) as error:
            raise ReadingError(f"{self.url}: not readable as HTML: {error}") from error
        if root is None:
            raise ReadingError(f"{self.url}: not readable as HTML: there is no element in it")
        last = parser.error_log.last_error
        return root, last is None or last.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises ``ReadingError`` if it is none."""
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise ReadingError(f"{self.url}: not JSON: {error}") from error
