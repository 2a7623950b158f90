"""The five gold files: their documents in the markup of the family each seed comes from, their segments as plain text.

The text and the tables of a document are those of the practice document of the same key, which was cut from the same
seed; what gold says of it is printed as the seed writes it. What gold is silent about (索引号, 发布机构 …) is the
practice document's, as a portal would print it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.reading.fields import FIELDS
from archive.reading.page import Page
from crawler.practice.library import documents
from crawler.practice.model import PracticeDocument
from tests.eval import markup
from tests.eval.case import Case, Truth, one, reference
from tests.eval.practice import canonical, in_the_text

_FAMILY = {
    "jiangmen": "gkmlpt", "zhuhai": "gkmlpt", "hechi": "trs", "qinzhou": "trs", "jingmen": "hanweb", "chengdu": "ucap",
    "xindu": "ucap", "dexing": "ucap", "fengcheng": "pclist", "jinzhong": "extensionless", "urumqi": "extensionless",
}  # fmt: skip
_SKIN = {
    "gkmlpt": markup.gkmlpt, "trs": markup.guangxi, "hanweb": markup.hanweb, "ucap": markup.yongzhou,
    "pclist": markup.pc_list, "extensionless": markup.extensionless, "dexing": markup.shangrao,
}  # fmt: skip
_AS_GOLD_SAYS = (
    "catalogue_category",
    "platform",
    "doc_number",
    "date_made",
    "date_effective",
    "date_issued",
    "validity",
    "topic_category",
)
_HTML = ("Content-Type", "text/html; charset=utf-8")
_NO_TEXT = ("page_chrome", "attachment_and_chrome", "page_chrome_and_title", "metadata_header")


@dataclass(frozen=True)
class Item:
    """A metadata item of a gold file. ``value`` is ``None`` where the label stands there without one."""

    field: str
    raw: str
    values: tuple[str, ...] | None


@dataclass(frozen=True)
class Segment:
    """A piece of a seed, and the items that gold finds in it."""

    key: str
    kind: str
    document: str  # key of the document or report it holds, or ""
    text: str
    items: tuple[Item, ...]
    first: int  # its lines in the seed, counted from 1, both included
    last: int


def cases(shared: Path) -> Iterator[Case]:
    """Every document in its family's markup, then every segment as plain text."""
    known = _by_document(segments(shared))
    for document in documents():
        yield _rendered(document, known[document.key])
    yield from map(_plain, segments(shared))


def _rendered(document: PracticeDocument, items: Mapping[str, Item]) -> Case:
    town = document.key.partition("-")[0]
    family = _FAMILY[town]
    skin = _SKIN.get(town) or _SKIN[family]
    facts = {name: items[name] for name in _AS_GOLD_SAYS if name in items and name in skin.fields}
    own = {name: str(getattr(document, name, "")) for name in skin.fields}
    own |= {"date_published": document.day_published} if "date_published" in own else {}
    text = skin.render(document, own | {name: item.raw for name, item in facts.items()})
    right = {name: canonical(name, value) for name, value in own.items()}
    stated = one({**right, **skin.states(document), **in_the_text(document)})
    values = {**stated, **{name: item.values for name, item in facts.items() if item.values}}
    files = frozenset(markup.file_name(document, number) for number in range(len(document.attachments)))
    page = Page(f"http://www.{town}.example/{document.key}.html", 200, (_HTML,), text.encode())
    truth = Truth(values, {}, *reference(markup.body(document), "//body"), files)
    return Case(f"gold/{document.key}", "gold", family, page, truth, body=skin.body)


def _plain(segment: Segment) -> Case:
    page = Page(
        f"http://www.seed.example/{segment.key}.txt",
        200,
        (("Content-Type", "text/plain; charset=utf-8"),),
        segment.text.encode(),
    )
    fields = {item.field: item.values for item in segment.items if item.values and item.field in FIELDS}
    text = None if segment.kind in _NO_TEXT else reference(markup.paragraphs(segment.text), "//body")[0]
    return Case(f"plain/{segment.key}", "plain", "plain text", page, Truth(fields, {}, text), known=False)


@cache
def segments(shared: Path) -> tuple[Segment, ...]:
    """Every segment of every seed, in order."""
    return tuple(piece for path in sorted((shared / "gold").glob("00?_*.json")) for piece in _segments(shared, path))


def _segments(shared: Path, path: Path) -> Iterator[Segment]:
    gold = json.loads(path.read_text("utf-8"))
    lines = (shared / "seeds" / gold["seed"]).read_text("utf-8").split("\n")
    of_document = {document["id"]: list(_of_document(document)) for document in gold.get("documents", ())}
    again = _titles_again(gold)
    title_lines = {report["report_id"]: report.get("title_raw", "") for report in gold.get("annual_reports", ())}
    for segment in gold["segments"]:
        first, last = segment["lines"]
        key = segment.get("doc") or segment.get("report") or ""
        items = of_document.get(key, []) + [
            _item(entry, title_lines.get(key, ""))
            for entry in gold.get("metadata_items", ())
            if first <= entry["line"] <= last
        ]
        items += [item for line, item in again.items() if first <= line <= last and item not in items]
        text = "\n".join(lines[first - 1 : last])
        yield Segment(
            f"{path.stem[:3]}-{segment['id']}", segment.get("kind", "document"), key, text, tuple(items), first, last
        )


def _titles_again(gold: dict[str, Any]) -> dict[int, Item]:
    """Further copies of a title that is an item: the page's heading, the body's first line."""
    repeated = gold.get("title_repeated", {}).get("lines", ())
    titles = {entry["line"]: entry["value"] for entry in gold.get("metadata_items", ()) if entry["field"] == "title"}
    known = next((titles[line] for line in repeated if line in titles), "")
    return {line: Item("title", known, (known,)) for line in repeated if known and line not in titles}


def _of_document(document: dict[str, Any]) -> Iterator[Item]:
    """Header, title, number and signature of a document of seed 2. The signature goes before the supplier's header."""
    signature = document["signature"] or {}
    header = {entry["field"]: entry for entry in document["header"]}
    yield Item("title", document["title"], (document["title"],))
    for name, entry in header.items():
        values = (entry["value"],)
        if name == "issuer" and signature.get("issuer"):
            values = tuple(dict.fromkeys((signature["issuer"], entry["value"])))
        yield Item(name, entry["raw"], values)
    if "doc_number" not in header:
        yield Item("doc_number", document["body_doc_number"], (document["body_doc_number"],))
    if signature:
        day = signature["raw"].removeprefix(signature["issuer"] or "")
        yield Item("date_made", day, (signature["date_made"],))


def _item(entry: dict[str, Any], title_line: str) -> Item:
    """An item of a gold file. A report whose preface gives its title may have a title line of its own."""
    if entry["field"] == "title_in_text":
        return Item("title", entry["raw"], tuple(filter(None, (entry["value"], title_line))))
    label = f"{entry['label']}:"
    raw = entry["raw"].partition(label)[2].strip() if label in entry["raw"] else entry["raw"]
    return Item(entry["field"], raw, _values(entry))


def _values(entry: dict[str, Any]) -> tuple[str, ...] | None:
    """The canonical form of a gold value. Text is never converted: a traditional title is right as it is written."""
    value = entry["value"]
    if not value:
        return None
    if isinstance(value, list):
        return ("\\".join(step for step in value if step != "首页"),)
    if isinstance(value, dict):
        return (str(value.get("kind") or value.get("name")),)
    return (value, entry["raw"]) if entry["field"] in ("title", "issuer") and not entry["label"] else (value,)


def _by_document(found: tuple[Segment, ...]) -> Mapping[str, dict[str, Item]]:
    """Items with a value by document and field, the first of each; a document of several segments has them all."""
    known: dict[str, dict[str, Item]] = {document.key: {} for document in documents()}
    for segment in found:
        key = {"000-E": "hechi-2010-131", "003-A": "fengcheng-2011", "004-A": "dexing-xingangshan-2020"}.get(
            segment.key, segment.document
        )
        for item in segment.items if key else ():
            if item.values:
                known[key].setdefault(item.field, item)
    return known
