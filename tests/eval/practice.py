"""Pages of the practice portals: the gold documents, and further editions of them, in three families, eight skins."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from archive.reading.page import Page
from crawler.practice import PORTALS
from crawler.practice.model import DocumentTruth, Plan, PracticeDocument, Visit
from tests.eval.case import Case, Truth, Values, one, parse, reference

_ORIGIN = "http://127.0.0.1:8801"
_EACH = 6  # pages of a column
_BODIES = {
    "gkmlpt": ("//div[@class='article-content']", ("//a[@class='nfw-cms-attachment']",)),
    "trs": ("//div[contains(@class, 'TRS_UEDITOR')]", ()),
    "ucap": ("//ucapcontent", ()),
}
_ONLY_IN_THE_LIST = {"gkmlpt": ("genre", "topic_category")}
_METAS = {
    "SiteName": "site_name", "SiteDomain": "site_domain", "SiteIDCode": "site_id_code", "ColumnName": "column_name",
    "ContentSource": "source",
}  # fmt: skip
_WORDS = {
    "主动公开": "proactive", "主動公開": "proactive", "现行有效": "in_force", "有效": "in_force", "失效": "expired",
    "面向社会": "public", "面向全社会": "public", "长期公开": "permanent", "常年公开": "permanent",
    "地方规范性文件": "local_normative_document",
}  # fmt: skip


def cases() -> Iterator[Case]:
    for family in _BODIES:
        site = PORTALS[family].build(Plan(_ORIGIN))
        taken: Counter[str] = Counter()
        for truth in site.truth.documents:
            column = truth.columns[0]
            taken[column] += 1
            if taken[column] <= _EACH:
                text = str(site.pages[urlsplit(truth.url).path](Visit(path=urlsplit(truth.url).path)).body)
                yield _case(family, column, truth, text)


def _case(family: str, column: str, truth: DocumentTruth, text: str) -> Case:
    body, drop = _BODIES[family]
    judged = reference(text, body, drop) if truth.document.body else ("", "")  # nothing but a file
    files = frozenset(file.url.rpartition("/")[2] for file in truth.attachments)
    page = Page(truth.url, 200, (("Content-Type", "text/html; charset=utf-8"),), text.encode())
    key = f"practice/{family}/{column}/{truth.document.key}"
    return Case(key, "practice", family, page, Truth(_stated(family, truth, text), {}, *judged, files), body=body)


def _stated(family: str, truth: DocumentTruth, text: str) -> Values:
    """What the page itself states: labels, meta tags, breadcrumb, number and signature in the text."""
    document = truth.document
    stated = dict(truth.fields)
    for name in _ONLY_IN_THE_LIST.get(family, ()):
        stated.pop(name, None)
    if document.day_published not in text and document.day_published.replace("-", "年", 1) not in text:
        stated.pop("date_published", None)
    found = {name: canonical(name, value) for name, value in stated.items()}
    return one(found | in_the_text(document) | _around(text))


def in_the_text(document: PracticeDocument) -> dict[str, str]:
    """What number line and signature state in the text of a practice document."""
    found = {"doc_number": document.doc_number} if "{doc_number}" in document.body else {}
    found |= {"issuer": document.issuer} if "{issuer}" in document.body else {}
    return found | ({"date_made": document.date_made} if {"{date}", "{date_zh}"} & set(document.body) else {})


def canonical(field: str, printed: str) -> str:
    """The canonical form of a value as practice documents print it: written down, not asked of the reader judged."""
    if field == "keywords":
        return "；".join(printed.split())
    return _WORDS.get(printed, printed)


def _around(text: str) -> dict[str, str]:
    """What the frame of a practice page states: site, column, source, breadcrumb."""
    tree = parse(text)
    metas = {meta.get("name"): meta.get("content", "") for meta in tree.xpath("//meta[@name]")}
    path = tree.xpath("string(//div[@class='path'])").replace("\xa0", "").partition("：")[2].split(">")
    crumbs = "\\".join(step.strip() for step in path[1:])
    return {field: metas.get(name, "") for name, field in _METAS.items()} | {"breadcrumb": crumbs}
