"""Families: one module a wire dialect. :mod:`crawler.families.base` says what a family is."""

from collections.abc import Mapping

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
"""By the name that a portal file gives."""


def key_and_catalogue(spec: ColumnSpec) -> tuple[str, str]:
    """What the keys of a column's columns begin with, and the catalogue they come from: two catalogues of a portal must
    not share a key."""
    found = FAMILIES[spec.family]
    return found.key(spec), found.catalogue(spec)
