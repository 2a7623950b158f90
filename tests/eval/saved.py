"""Saved real pages and their truths: short values written by eye (``truth/*.json``), the text derived from the page.

A truth file names the container of the body and seals what was looked at, by some sentences, length and digest, so that
a page or a container that changes unnoticed is an error, not a bad score."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.reading.page import Page
from tests.eval.case import Case, Truth, decode, flat, parse, reference, squeeze, values

FOLDER = Path(__file__).parent / "truth"


def cases(shared: Path) -> Iterator[Case]:
    """Every page of every truth file. Raises ``LookupError`` or ``ValueError`` if a page is not the one judged."""
    for path in sorted(FOLDER.glob("*.json")):
        site = json.loads(path.read_text("utf-8"))
        for name, page in site["pages"].items():
            yield _case(path.stem, site, name, page, (shared / "pages" / name).read_bytes())


def _case(stem: str, site: dict[str, Any], name: str, entry: dict[str, Any], raw: bytes) -> Case:
    text, prose = _text(site, entry, decode(raw))
    if (sealed := seal(text)) != entry["sealed"]:
        raise ValueError(f"{name}: the body is {sealed}, not {entry['sealed']} as when it was looked at")
    if lost := [anchor for anchor in entry.get("anchors", ()) if squeeze(anchor) not in text]:
        raise ValueError(f"{name}: not in its body: {lost}")
    truth = Truth(
        values(entry["fields"]),
        values(entry.get("may", {})),
        text,
        prose,
        frozenset(entry["attachments"]) if "attachments" in entry else None,
    )
    mime = "application/json" if "json" in site else "text/html"
    page = Page(entry["url"], 200, (("Content-Type", mime),), raw)
    body = "" if entry.get("empty") else entry.get("body", site.get("body", ""))
    group = "press" if stem == "press" else "saved"
    return Case(f"{stem}/{Path(name).stem}", group, site["family"], page, truth, entry.get("known", True), body)


def _text(site: dict[str, Any], entry: dict[str, Any], text: str) -> tuple[str, str]:
    if entry.get("empty"):
        return "", ""
    if "json" in site:
        body = flat(parse(json.loads(text)["data"][site["json"]]))
        return body, body
    return reference(text, entry.get("body", site.get("body", "")), tuple(entry.get("drop", ())))


def seal(text: str) -> str:
    """Length in characters and the beginning of the SHA-256 of a reference text."""
    return f"{len(text)} {hashlib.sha256(text.encode()).hexdigest()[:16]}"
