"""From the ``[fetch]`` table of a portal file to Scrapy's settings."""

from typing import Any

from crawler.browser import chromium
from crawler.portal import Portal


def fetch_settings(portal: Portal) -> dict[str, Any]:
    """What a portal file changes of :mod:`crawler.settings`. Values that the file leaves out are not touched.

    Raises ``UsageError`` if the portal needs a browser and there is none."""
    fetch = portal.fetch
    changed: dict[str, Any] = {}
    if fetch.delay is not None:
        changed |= {"DOWNLOAD_DELAY": fetch.delay, "AUTOTHROTTLE_START_DELAY": fetch.delay}
    if fetch.delay == 0:  # a portal of one's own: nothing to be polite to
        changed |= {"AUTOTHROTTLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "GONGKAI_RETRY_PAUSE": 0.05}
    else:
        # What is past the gate is still sent after a barrier was met: let it be one request at most.
        changed["CONCURRENT_REQUESTS"] = 2
    if fetch.timeout is not None:
        changed["DOWNLOAD_TIMEOUT"] = fetch.timeout
    if fetch.concurrency is not None:
        changed["CONCURRENT_REQUESTS_PER_DOMAIN"] = fetch.concurrency
    if not fetch.verify:
        changed["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if fetch.tls_legacy:
        changed["GONGKAI_TLS_LEGACY"] = True
    if any(spec.browser for spec in portal.columns):
        changed |= chromium.settings(portal.key)
    return changed
