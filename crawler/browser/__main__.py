"""``python -m crawler.browser``: which browser is there, and whether it starts. Exit status 1 if not."""

import asyncio
import sys

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from archive.errors import UsageError
from crawler.browser import chromium


async def version(program: str) -> str:
    """The version that a Chromium says when it is started as a crawl would start it. Raises Playwright's ``Error``."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(**chromium.launch_options(program))
        try:
            return browser.version
        finally:
            await browser.close()


def main() -> int:
    try:
        program = str(chromium.require("a portal file with `browser`"))
        print(program, asyncio.run(version(program)))
    except (UsageError, PlaywrightError) as error:
        print(f"crawler.browser: {error}", file=sys.stderr)
        return 1
    if not chromium.has_chinese_font():
        print("crawler.browser: no Chinese font is installed: screenshots will show boxes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
