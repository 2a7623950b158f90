"""Pages for the tests of families: made up here, or saved from real portals and kept beside the checkout."""

import json
from pathlib import Path

import pytest

from archive.reading.page import Page
from crawler.families.base import Column, ListPage

SAVED = Path(__file__).resolve().parents[2] / ".." / "shared" / "pages" / "list"
GOLDEN = Path(__file__).parent / "golden"


def page(text: str, url: str = "http://www.example.gov.cn/zwgk/zfwj/", mime: str = "text/html") -> Page:
    """An answer with status 200. A page shorter than any real one is padded, so that it is no stub."""
    padding = "" if mime != "text/html" else f"<!-- {' ' * 1100} -->"
    return Page(url, 200, (("Content-Type", f"{mime}; charset=utf-8"),), (text + padding).encode())


def saved(name: str, url: str) -> Page:
    """A page saved from a real portal; the test is skipped where those are not at hand."""
    path = SAVED / name
    if not path.is_file():
        pytest.skip("the saved pages of real portals are not beside this checkout")
    return Page(url, 200, (("Content-Type", "text/html"),), path.read_bytes())


def column(url: str = "http://www.example.gov.cn/zwgk/zfwj/", **options: object) -> Column:
    return Column("zfwj", "政府文件", url, "static", None, options=options or None)


def compare(name: str, read: ListPage) -> None:
    """Compare with a golden file. A missing one is written, and the test fails once: look at it beside the page."""
    found = {
        "next": read.next.url if read.next else None,
        "total": read.declared_total,
        "pages": read.declared_pages,
        "rows": [
            {"url": row.url, "title": row.title, "date": row.date}
            | ({"fields": [list(pair) for pair in row.fields]} if row.fields else {})
            | ({"attachments": [list(pair) for pair in row.attachments]} if row.attachments else {})
            for row in read.rows
        ],
    }
    path = GOLDEN / f"{name}.json"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path.name} was missing and has been written; compare it with the page, then run again")
    assert found == json.loads(path.read_text(encoding="utf-8"))
