"""Families: one module a wire dialect. :mod:`crawler.families.base` says what a family is."""

from collections.abc import Callable, Mapping

from archive.errors import UsageError
from archive.urls import identity
from crawler.families import gkmlpt, static
from crawler.families.base import ColumnSpec, Family

FAMILIES: Mapping[str, Family] = {gkmlpt.NAME: gkmlpt, static.NAME: static}
"""The families that are built."""

NAMES = (
    *("gkmlpt", "static", "hanweb", "jpaas", "pclist", "ucap", "irs"),
    *("nfcms", "lonsun", "epoint", "intertid", "ilist", "truecms", "sousuo"),
)
"""Every family name that a portal file may use, built or not."""

OPTIONS: Mapping[str, Mapping[str, Callable[[object], str]]] = {
    gkmlpt.NAME: gkmlpt.OPTIONS,
    static.NAME: static.OPTIONS,
}
"""The keys of a family's sub-table in a portal file, each with what says what is wrong with a value."""


def key_and_catalogue(spec: ColumnSpec) -> tuple[str, str]:
    """What the keys of a column's columns begin with, and the catalogue they come from: two catalogues of a portal must
    not share a key."""
    if spec.family == gkmlpt.NAME:
        return gkmlpt.key(spec), gkmlpt.site(spec.url)
    return static.key(spec), identity(spec.url)


def family(name: str) -> Family:
    """The family of a name. Raises ``UsageError`` if there is none, or it is not built yet."""
    if name in FAMILIES:
        return FAMILIES[name]
    why = "is not built yet" if name in NAMES else "is not known"
    raise UsageError(f"family {name!r} {why}; there are: {', '.join(FAMILIES)}")
