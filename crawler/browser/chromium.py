"""The browser of this machine: where it is, and how it is started."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from crawler.settings import DOWNLOADER_MIDDLEWARES

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Of the system, the best first: Debian's headless shell has three times the pages a second of its ``chromium``, at
half the memory (dependencies.md, section A)."""

_OWN_NAMES = ("chrome-headless-shell", "headless_shell", "chrome")  # in Playwright's own download

INSTALL = "as root `apt-get install chromium-headless-shell`, or `playwright install chromium-headless-shell`"

SEATS = 4
"""Pages rendered at a time: with two processors more are no faster (dependencies.md, section A)."""

KEPT = 4
"""Pages that stay open, for their next page to be pressed."""

CLEANED = 20
"""Pages after which Python looks for cycles: Playwright leaves its pages and their requests behind in some, and
:mod:`archive.garbage` has put off the looking."""

NOWHERE = "http://127.0.0.1:9"
"""The browser's proxy: the discard port, where nobody listens. What is not handed to the browser, it cannot get."""

_ARGUMENTS = [
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no look-up of names either
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-gpu",
]


def find() -> Path | None:
    """A Chromium of the system's, else the newest of Playwright's own downloads."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    programs = [program for name in _OWN_NAMES for program in sorted(own.glob(f"chromium*-*/*/{name}"), reverse=True)]
    return programs[0] if programs else None


def require(why: str) -> Path:
    """:func:`find`. Raises ``UsageError`` if there is none; ``why`` says in a few words who needs it."""
    found = find()
    if found is None:
        raise UsageError(f"{why} needs a browser, and there is none; {INSTALL}")
    return found


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese; also true where it cannot be asked."""
    asked = shutil.which("fc-list")
    return asked is None or bool(subprocess.run([asked, ":lang=zh"], capture_output=True, check=False).stdout)


def launch_options(program: str) -> dict[str, Any]:
    """For Playwright's ``launch``. Chromium's own sandbox is on, except for root, whom it does not serve."""
    return {
        "executable_path": program,
        "chromium_sandbox": os.geteuid() != 0,
        "proxy": {"server": NOWHERE},
        "args": _ARGUMENTS,
        "handle_sigint": False,  # a signal is for the crawl, which closes the browser when it is done with it
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def settings(why: str) -> dict[str, Any]:
    """Scrapy's settings for a crawl that needs a browser. Raises ``UsageError`` if there is none."""
    return {
        "DOWNLOADER_MIDDLEWARES": {**DOWNLOADER_MIDDLEWARES, "crawler.browser.middleware.BrowserMiddleware": 150},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(str(require(why))),
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": SEATS + KEPT,
    }
