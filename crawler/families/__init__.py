"""Families: one module a wire dialect. :mod:`crawler.families.base` says what a family is."""

from collections.abc import Mapping

from archive.errors import UsageError
from crawler.families import (
    epoint,
    gkmlpt,
    hanweb,
    ilist,
    intertid,
    irs,
    jpaas,
    lonsun,
    nfcms,
    pclist,
    sousuo,
    static,
    truecms,
    ucap,
)
from crawler.families.base import ColumnSpec, Family

FAMILIES: Mapping[str, Family] = {
    family.NAME: family
    for family in (
        *(epoint, gkmlpt, hanweb, ilist, intertid, irs, jpaas),
        *(lonsun, nfcms, pclist, sousuo, static, truecms, ucap),
    )
}
"""The families that are built."""

NAMES = (
    *("gkmlpt", "static", "hanweb", "jpaas", "pclist", "ucap", "irs"),
    *("nfcms", "lonsun", "epoint", "intertid", "ilist", "truecms", "sousuo"),
)
"""Every family name that a portal file may use, built or not."""


def key_and_catalogue(spec: ColumnSpec) -> tuple[str, str]:
    """What the keys of a column's columns begin with, and the catalogue they come from: two catalogues of a portal must
    not share a key."""
    found = FAMILIES[spec.family]
    return found.key(spec), found.catalogue(spec)


def family(name: str) -> Family:
    """The family of a name. Raises ``UsageError`` if there is none, or it is not built yet."""
    if name in FAMILIES:
        return FAMILIES[name]
    why = "is not built yet" if name in NAMES else "is not known"
    raise UsageError(f"family {name!r} {why}; there are: {', '.join(FAMILIES)}")
