"""Whose page it is: the 网站标识码 that every page of a government portal should carry."""

import re

from archive.errors import ReadingError
from archive.reading.page import Page

_CODE = re.compile(r"\d{10}|bm\d{8}")  # six digits of the division and a serial, or a ministry (domain.md 1.8)


def site_id_code(page: Page) -> str:
    """The code in the page's ``SiteIDCode`` meta tag, in lower case; "" if it has none that looks like one."""
    try:
        metas = page.tree.iter("meta")
    except ReadingError:
        return ""
    for meta in metas:
        if (meta.get("name") or "").lower() == "siteidcode":
            code = (meta.get("content") or "").strip().lower()
            return code if _CODE.fullmatch(code) else ""
    return ""
