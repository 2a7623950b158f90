"""A page as if its family were not known: the names of its body container, and of what stands around it, are gone."""

from dataclasses import replace

from lxml import html

from archive.reading.page import Page
from tests.eval.case import HIDDEN, Case, parse

_NAMES = ("id", "class")
_OWN_TAGS = ("ucapcontent", "ucaptitle", "publishtime")  # UCAP's
_FENCES = ("contentstart", "contentend")  # Hanweb's and TRS's


def hide(case: Case) -> Case:
    """The same page and truth; container, ancestors and descendants nameless, no fence around it, no JSON beside it.

    Names elsewhere on the page stay, so that a reader may still tell navigation by them."""
    tree = parse(case.source)
    for container in tree.xpath(case.body):
        for element in (container, *container.iterancestors(), *container.iterdescendants()):
            for name in _NAMES:
                element.attrib.pop(name, None)
            if element.tag in _OWN_TAGS:
                element.tag = "div"
    for meta in tree.xpath("//meta[@name]"):
        if meta.get("name").lower() in _FENCES:
            meta.drop_tree()
    for script in tree.iter("script"):
        if "DETAIL" in (script.text or ""):
            script.text = None
    body = html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
    page = Page(case.page.url, 200, (("Content-Type", "text/html; charset=utf-8"),), body)
    return replace(case, key=case.key + HIDDEN, page=page, known=False)
