"""Which answers a browser is given to render. The crawl and the reader of its log must agree on it."""

from archive.reading.page import Page
from archive.reading.refusal import is_barrier, refusal


def is_for_browser(page: Page) -> bool:
    """Whether an answer is a page that scripts may finish: HTML, with status 200, and no barrier. A challenge is never
    handed to a browser: that would be to solve it."""
    html = "html" in page.mime if page.mime else b"<html" in page.body[:4096].lower()
    return page.status == 200 and html and not is_barrier(refusal(page.status, page.headers, page.body))
