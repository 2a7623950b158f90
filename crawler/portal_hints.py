"""What is worth a second look in portal files though none of them breaks a rule. Pure: from portals to warnings."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from archive.urls import identity
from crawler.families.base import ColumnSpec

if TYPE_CHECKING:
    from crawler.portal import Portal

_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(shape, re.IGNORECASE), families)
    for shape, families in (
        (r"/gkmlpt(?:/|$)", ("gkmlpt",)),
        (r"/api-gateway/jpaas-|/jpaas-[\w-]+-server/", ("jpaas",)),
        (r"/truecms/", ("truecms",)),
        (r"/col/col\d+(?:/|$)", ("hanweb", "jpaas")),
        (r"/module/(?:web/)?(?:xxgk|jpage)/", ("hanweb",)),
        (r"/pc/list\.html", ("pclist",)),
        (r"/irs(?:-c-web)?/front/", ("irs",)),
        (r"/(?:public|content)/column/\d+", ("lonsun",)),
        (r"[?&]categorynum=|/EWB-FRONT/", ("epoint",)),
        (r"/info/(?:i(?:List|Index)|nIndex)\.jsp", ("ilist",)),
        (r"//sousuo\w*\.www\.gov\.cn/", ("sousuo",)),
        (r"/c\d{5,6}/\w+\.shtml", ("static", "ucap")),
    )
)
"""Addresses that only some families make (portal-families.md section 4.1). Most addresses fit none, and say nothing."""


def hints(portal: "Portal") -> Iterator[str]:
    """Warnings about one portal's file, a line each."""
    if portal.site_id_code[:1].isdigit() and not portal.site_id_code.startswith(portal.division):
        yield f"{portal.path}: portal.site_id_code: {portal.site_id_code} is of another division than {portal.division}"
    for number, column in enumerate(portal.columns, 1):
        families = families_by_shape(column)
        if families and column.family not in families:
            yield (
                f"{portal.path}: column {number}: family: the address looks like {' or '.join(families)}, "
                f"not like {column.family}"
            )


def families_by_shape(spec: ColumnSpec) -> tuple[str, ...]:
    """The families that make such addresses as the column's; empty where the address says nothing."""
    return next((families for shape, families in _SHAPES if shape.search(spec.url)), ())


def doubles(portals: Iterable["Portal"]) -> Iterator[str]:
    """Warnings about what two portals' files both say: a home, a column's address."""
    homes: dict[str, str] = {}
    columns: dict[str, str] = {}
    for portal in portals:
        first = homes.setdefault(identity(portal.home), portal.key)
        if first != portal.key:
            yield f"{portal.path}: portal.home: is the home of {first} already"
        for number, column in enumerate(portal.columns, 1):
            page, fragment = urldefrag(column.url)
            first = columns.setdefault(f"{identity(page)}#{fragment}", portal.key)
            if first != portal.key:
                yield f"{portal.path}: column {number}: url: is a column of {first} already"
