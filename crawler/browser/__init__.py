"""Pages that only scripts fill, rendered by Chromium, which has no network of its own.

Whatever the browser wants to load is fetched by the crawl itself (:mod:`crawler.browser.errands`): through the gate,
in keeping with robots.txt, delays and retries, and by the recording handler, so that every exchange stands in the WARC
byte for byte. The browser is handed the answer. Its own way out leads nowhere (:mod:`crawler.browser.chromium`), so
what cannot be handed over (redirects that Playwright does not show, web sockets, windows) fails instead of slipping
through.

The page as it then stands, its document and how it looked, is written into the log as ``resource`` records
(:class:`archive.warc.exchange.Rendering`); families and readers take that document for the page. It is derived: what is
exact are the exchanges that it was made of.
"""

from archive.vocabulary import Role
from crawler.families import FAMILIES
from crawler.portal import Portal


def is_rendered(portal: Portal, column: str, role: Role) -> bool:
    """Whether the portal file wants the pages of this role rendered in the column of this key.

    A column's key begins with that of its ``[[column]]``; where several fit, the longest is meant."""
    if not any(spec.browser for spec in portal.columns):
        return False
    specs = {FAMILIES[spec.family].key(spec): spec for spec in portal.columns}
    fitting = [key for key in specs if column.startswith(key)]
    return bool(fitting) and role in specs[max(fitting, key=len)].browser
