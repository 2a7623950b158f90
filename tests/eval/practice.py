"""Pages of the practice portals: the gold documents, and further editions of them, in every family and its skins."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from archive.reading.page import Page
from crawler.practice import PORTALS
from crawler.practice.model import DocumentTruth, Plan, PracticeDocument, Visit
from tests.eval.case import Case, Truth, Values, last_part, one, parse, reference

_ORIGIN = "http://127.0.0.1:8801"
_EACH = 4  # pages of a column
_BODIES = {
    "gkmlpt": ("//div[@class='article-content']", ("//a[@class='nfw-cms-attachment']",)),
    "trs": ("//div[contains(@class, 'TRS_UEDITOR')]", ()),
    "ucap": ("//ucapcontent", ()),
    "ucap-json": ("//ucapcontent", ()),
    "irs": ("//div[contains(@class, 'TRS_UEDITOR')]", ()),
    "sousuo": ("//div[@id='UCAP-CONTENT']", ()),
    "hanweb": ("//div[@id='zoom']", ()),
    "nfcms": ("//div[@class='news_cont_d_wrap']", ()),
    "pclist": ("//div[@class='article-content']", ()),
    "lonsun": ("//div[contains(@class, 'j-fontContent')]", ()),
    "jpaas": ("//div[@class='wzzw-article']", ()),
    "epoint": ("//div[@id='ivs_content']", ()),
    "intertid": ("//div[@id='Zoom']", ()),
    "ilist": ("//div[@class='ebw-article-detail']", ()),
    "truecms": ("//div[@id='zoom']", ()),
    "vsb": ("//div[@class='v_news_content']", ()),
    "extensionless": ("//div[@class='conTxt' or @class='govIntro']", ()),
    "shaanxi": ("//div[@class='m-txt-article']", ()),
}
_ONLY_IN_THE_LIST = {"gkmlpt": ("genre", "topic_category")}
_PRINTED = {  # what a family's template prints besides what its truth speaks of: field → XPath of the value
    "intertid": {"date_indexed": "//td[.='生成日期']/following-sibling::td[1]"},
    "extensionless": {"validity": "//span[.='是否有效：']/following-sibling::span[1]"},
}
_METAS = {
    "SiteName": "site_name", "SiteDomain": "site_domain", "SiteIDCode": "site_id_code", "ColumnName": "column_name",
    "ContentSource": "source", "Description": "abstract",
}  # fmt: skip
_WORDS = {
    "主动公开": "proactive", "主動公開": "proactive", "现行有效": "in_force", "有效": "in_force", "失效": "expired",
    "是": "in_force", "否": "repealed_or_expired", "面向社会": "public", "面向全社会": "public",
    "长期公开": "permanent", "常年公开": "permanent",
    "地方规范性文件": "local_normative_document",
}  # fmt: skip


def cases() -> Iterator[Case]:
    for family in PORTALS:
        site = PORTALS[family].build(Plan(_ORIGIN))
        taken: Counter[str] = Counter()
        for truth in site.truth.documents:
            column = truth.columns[0]
            taken[column] += 1
            if taken[column] <= _EACH:
                parts = urlsplit(truth.url)
                visit = Visit(path=parts.path, query=dict(parse_qsl(parts.query)))
                yield _case(family, column, truth, str(site.pages[parts.path](visit).body))


def _case(family: str, column: str, truth: DocumentTruth, text: str) -> Case:
    body, drop = _BODIES[family]
    judged = reference(text, body, drop) if truth.document.body else ("", "")  # nothing but a file
    files = frozenset(last_part(file.url) for file in truth.attachments)
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
    tree = parse(text)
    stated |= {name: tree.xpath(f"string({path})") for name, path in _PRINTED.get(family, {}).items()}
    found = {name: canonical(name, value) for name, value in stated.items()}
    return one(found | in_the_text(document) | _around(tree))


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


def _around(tree: html.HtmlElement) -> dict[str, str]:
    """What the frame of a practice page states: site, column, source, summary, breadcrumb."""
    metas = {meta.get("name"): meta.get("content", "") for meta in tree.xpath("//meta[@name]")}
    path = tree.xpath("string(//div[@class='path'])").replace("\xa0", "").partition("：")[2].split(">")
    crumbs = "\\".join(step.strip() for step in path[1:])
    return {field: metas.get(name, "") for name, field in _METAS.items()} | {"breadcrumb": crumbs}
