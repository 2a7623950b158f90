"""Pages for the bench of the reader: those of known families, none twice in the same words."""

import re
from collections.abc import Iterator
from itertools import cycle, islice

from archive.reading.page import Page
from tests.bench import site
from tests.eval import labelled, practice, saved
from tests.eval.run import SHARED

_ORIGIN = "http://www.example.gov.cn"
_SERIALS = re.compile(r"(?<=[〕第])\d{1,5}(?=号)|(?<=\d-)\d{5}\b|(?<=>)\d{1,9}(?=<)|(?<=\d:)[0-4]\d\b")
_FIGURES = re.compile(r"(?<=>)(\d{1,9})(?=<)")


def generated() -> list[Page]:
    """Documents of the site that ``make bench`` crawls: 20 to 40 kB, as TRS serves them."""
    return [_page(f"{_ORIGIN}{path}", body) for path, body in site.pages().items() if "/t20" in path]


def by_kind() -> dict[str, list[Page]]:
    """Pages of known families whose container has a name, by where they come from; real ones only where they are."""
    found = {"generated": generated()[:200], "practice": [case.page for case in practice.cases()]}
    if (SHARED / "pages").is_dir():
        real = [*saved.cases(SHARED), *labelled.cases(SHARED)]
        for group, name in (("saved", "saved, real"), ("labelled", "labelled, real")):
            found[name] = [
                case.page for case in real if case.known and case.body and case.is_html and case.group == group
            ]
    return found


def varied(page: Page, number: int) -> Page:
    """The page, its serials and figures raised by ``number``: another page of the same make and length."""
    text = _SERIALS.sub(lambda found: str(int(found[0]) + number).zfill(len(found[0])), page.decoded.text)
    charset = page.decoded.charset or "utf-8"
    return Page(page.url, page.status, page.headers, text.encode(charset, "replace"))


def endless(count: int) -> Iterator[Page]:
    """``count`` pages, generated and of all practice portals in turn; figures and address of each are its own.

    Of one in forty the container has no name, so that the body is guessed and trafilatura asked."""
    stock = [page for pair in zip(cycle(generated()[:100]), _made(), strict=False) for page in pair]
    for number, page in enumerate(islice(cycle(stock), count)):
        text = page.body.decode()
        text = _FIGURES.sub(lambda found, by=number: str(int(found[1]) + by), text)  # type: ignore[misc]
        text = text.replace("</h1>", f"（{number}）</h1>").replace("</p>", f"{number}</p>", 3)
        if number % 40 == 0:
            text = text.replace('id="zoom" class="TRS_Editor"', "")
        yield _page(f"{page.url}?{number}", text.encode())


def _made() -> list[Page]:
    return [case.page for case in practice.cases()]


def _page(url: str, body: bytes) -> Page:
    return Page(url, 200, (("Content-Type", "text/html; charset=utf-8"),), body)
