"""What holds for every practice portal, in its usual markup and in three that it was not made from."""

import pytest

from archive.reading.dates import parse_date
from archive.urls import identity
from crawler.families import FAMILIES
from crawler.practice import PORTALS

from .stroll import addresses, stroll

VARIATIONS = (0, 1, 2, 3)


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("key", PORTALS)
def test_every_document_is_listed(key: str, variation: int) -> None:
    found = stroll(key, variation)
    wanted = {identity(url) for url in addresses(found.site)}
    met = {identity(row.url) for rows in found.rows.values() for row in rows}
    assert met == wanted, (sorted(wanted - met)[:5], sorted(met - wanted)[:5])


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("key", PORTALS)
def test_rows_say_title_and_day(key: str, variation: int) -> None:
    found = stroll(key, variation)
    truths = {identity(truth.url): truth.document for truth in found.site.truth.documents}
    for rows in found.rows.values():
        for row in rows:
            document = truths.get(identity(row.url))
            if document is not None:
                assert document.title.startswith(row.title.rstrip("….")), (row.title, document.title)
                assert parse_date(row.date).day in (document.day_published, document.date_made, ""), row


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("key", PORTALS)
def test_walks_end_as_the_portal_means_them_to(key: str, variation: int) -> None:
    found = stroll(key, variation)
    ends = {walk.column.url: walk for walk in found.walks}
    for truth in found.site.truth.columns:
        walk = ends[truth.url]
        assert walk.end is truth.end, (truth.name, walk.end, walk.detail)
        assert walk.listed == truth.listed
        if truth.declared_total is not None:
            assert walk.declared_total == truth.declared_total


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("key", PORTALS)
def test_less_than_one_third_more_requests_than_documents(key: str, variation: int) -> None:
    found = stroll(key, variation)
    documents = len(found.site.truth.documents)
    assert found.requests + documents < 1.3 * documents


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_all_its_members(name: str) -> None:
    family = FAMILIES[name]
    assert all(
        callable(getattr(family, member)) for member in ("detect", "entry", "open", "read_list", "key", "catalogue")
    )
