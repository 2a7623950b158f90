"""A document that is lines and nothing else: plain text, or a part of a page that holds several. Read as one."""

import re
from collections.abc import Iterator, Sequence

from archive.reading import plain
from archive.reading.choose import Statement, choose
from archive.reading.fields import FIELDS
from archive.reading.letterhead import statements as letterhead
from archive.reading.page import Page
from archive.reading.pairs import find_pairs
from archive.reading.stated import observed, stated
from archive.reading.walk import lay_out
from archive.vocabulary import Source

_NUMBER_BEHIND = re.compile(r"(.{6,}?)\s*[（(]([^（()）]{4,40}[号號])[)）]")


def statements(lines: Sequence[str], title: str = "") -> Iterator[Statement]:
    """What the lines say of the document that they are; ``title``: where it is known already."""
    if not lines:
        return
    html = plain.as_html(list(lines))
    tree = Page("http://plain.invalid/", 200, (("Content-Type", "text/html; charset=utf-8"),), html).tree
    yield from stated(find_pairs(lay_out(tree), None))
    first, addressees = plain.unfolded(lines[0])
    if addressees:
        yield Statement(observed("addressees", "主送机关", addressees, Source.BODY))
    found = [*first, *lines[1:]]
    yield from stated(letterhead(plain.unglued(found)))
    if number := plain.number_behind_title(lines[0]):
        yield Statement(observed("doc_number", "发文字号", number, Source.BODY))
    if behind := _NUMBER_BEHIND.fullmatch(title):
        title = behind[1]
        yield Statement(observed("doc_number", "发文字号", behind[2], Source.BODY))
    titles = [title] if title else plain.headings(found)
    yield from (Statement(observed("title", "", heading, Source.HEADING)) for heading in titles)


def fields(lines: Sequence[str], title: str = "") -> tuple[tuple[str, str], ...]:
    """The chosen values of the fields of a document that the lines are; 签发人 is a person, and left out."""
    _, values = choose([*statements(lines, title)])
    return tuple((name, value) for name, value in values.items() if FIELDS[name].of_document and name != "signer")
