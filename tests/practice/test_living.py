"""The living portal serves what its chronicle says, and both of its designs say the same to a reader."""

import http.client
from collections import Counter
from urllib.parse import urlsplit

import pytest

from archive.events import CatalogueRow
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.refusal import refusal
from archive.urls import identity
from archive.vocabulary import ChangeKind
from crawler.families import static
from crawler.families.base import ColumnSpec
from crawler.practice.calendar import START, Calendar
from crawler.practice.chronicle import Act, Chronicle, Deed, quiet
from crawler.practice.living import LivingPortal, Mood, living, many
from crawler.practice.portal import Request
from crawler.practice.sixty_nights import sixty_nights
from crawler.practice.verity import silent, truth, versions
from crawler.practice.world import world_at

ORIGIN = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def portal() -> LivingPortal:
    return LivingPortal(sixty_nights(), ORIGIN)


def ask(portal: LivingPortal, path: str, **headers: str) -> Page:
    """What the portal answers, as a page; headers by their names with ``_`` for ``-``."""
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer, _ = portal.reply(Request("GET", path, sent))
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    return Page(
        ORIGIN + path, answer.status, (("Content-Type", f"{answer.mime}; charset=utf-8"), *answer.headers), body
    )


def reading(portal: LivingPortal, key: str) -> Reading:
    paper = portal.world.papers[key]
    document = paper.document
    row = CatalogueRow(ORIGIN + paper.path, document.title, document.day_published)
    return read(ask(portal, paper.path), row)


def rows(portal: LivingPortal, column: str) -> list[str]:
    """Identities of the rows that a column's list pages show, page by page, as the family ``static`` reads them."""
    spec = ColumnSpec("static", f"{ORIGIN}/zwgk/{column}/")
    page, found, number = ask(portal, f"/zwgk/{column}/"), [], 1
    opened = static.open(page, spec).columns[0]
    while True:
        listed = static.read_list(page, opened, number)
        found += [identity(row.url) for row in listed.rows]
        if listed.next is None:
            return found
        number += 1
        page = ask(portal, urlsplit(listed.next.url).path)


def test_twelve_columns_and_150_documents(portal: LivingPortal) -> None:
    portal.turn(0)
    assert len(portal.chronicle.shelves) == 12
    assert len(portal.world.papers) == 150
    assert len({paper.path for paper in portal.world.papers.values()}) == 150
    assert len({paper.document.title for paper in portal.world.papers.values()}) == 150


@pytest.mark.parametrize("night", [0, 8, 37, 38, 59])
def test_the_family_reads_every_list_of_every_night_to_its_end(portal: LivingPortal, night: int) -> None:
    portal.turn(night)
    for shelf in portal.chronicle.shelves:
        wanted = {identity(ORIGIN + paper.path) for paper in portal.world.listed(shelf.key)}
        found = rows(portal, shelf.key)
        assert set(found) == wanted, shelf.key
        assert len(found) == len(wanted), shelf.key


def test_the_redesign_changes_no_documents_meaning(portal: LivingPortal) -> None:
    keys = [key for key in portal.chronicle.cast() if key.endswith(("01", "05", "09", "13"))]
    portal.turn(37)
    before = {key: reading(portal, key) for key in keys if portal.world.papers[key].served}
    portal.turn(38)
    for key, was in before.items():
        now = reading(portal, key)
        assert (now.title, now.text) == (was.title, was.text), key
        assert now.content_digest == was.content_digest, key


def test_a_page_that_is_new_at_each_visit_has_one_meaning(portal: LivingPortal) -> None:
    for night in (3, 44):  # in both designs
        portal.turn(night)
        path = portal.world.papers["xzzf-01"].path
        pages = [ask(portal, path) for _ in range(3)]
        assert len({page.body for page in pages}) == 3
        digests = {reading(portal, "xzzf-01").content_digest for _ in range(3)}
        portal.turn(night + 1)
        assert digests == {reading(portal, "xzzf-01").content_digest}


def test_a_document_states_what_the_archive_is_to_read(portal: LivingPortal) -> None:
    portal.turn(0)
    for key in ("zfwj-02", "tzgg-03", "bmwj-01", "xzzf-04"):
        document, found = portal.world.papers[key].document, reading(portal, key)
        fields = dict(found.fields)
        assert found.title == document.title
        assert fields["date_published"] == document.day_published
        assert fields.get("doc_number", "") == document.doc_number
        assert len(found.attachments) == len(document.attachments)


def test_edits_change_the_fields_that_the_truth_names(portal: LivingPortal) -> None:
    for expected in truth(portal.chronicle):
        if expected.kind is not ChangeKind.CHANGED or expected.act is None:
            continue
        night = expected.act.night
        portal.turn(night - 1)
        held = not any(act.deed is Deed.RETURN and act.subject == expected.key for act in portal.chronicle.on(night))
        if not held:
            portal.turn(12)  # before it was withdrawn
        was = reading(portal, expected.key)
        portal.turn(night)
        now = reading(portal, expected.key)
        before = {**dict(was.fields), "title": was.title, "text": was.text, "attachments": was.attachments}
        after = {**dict(now.fields), "title": now.title, "text": now.text, "attachments": now.attachments}
        assert {name for name in before | after if before.get(name) != after.get(name)} == expected.fields, expected


@pytest.mark.parametrize(
    ("night", "key", "status", "named"),
    [
        (6, "xzzf-02", 404, "not_found"),
        (24, "xzzf-02", 200, ""),
        (9, "yjgl-04", 200, ""),
        (13, "czxx-05", 200, "soft_404"),
        (15, "ghjh-05", 404, "not_found"),
        (16, "ghjh-05", 200, ""),
        (21, "zfwj-01", 403, "wangsu_403"),
        (31, "zfwj-01", 500, "http_error"),
        (32, "zfwj-01", 200, ""),
    ],
)
def test_what_an_address_answers(portal: LivingPortal, night: int, key: str, status: int, named: str) -> None:
    portal.turn(night)
    page = ask(portal, portal.world.papers[key].path)
    assert (page.status, refusal(page.status, page.headers, page.body)) == (status, named)


def test_addresses_that_were_left(portal: LivingPortal) -> None:
    portal.turn(4)
    gone, led = portal.world.papers["rsxx-03"].path, portal.world.papers["zcjd-05"].path
    portal.turn(19)
    assert ask(portal, gone).status == 404
    assert ask(portal, led).status == 301
    assert ask(portal, led).header("location") == portal.world.papers["zcjd-05"].path
    assert ask(portal, portal.world.papers["rsxx-03"].path).status == 200
    assert ask(portal, portal.world.papers["gsgg-03"].path).header("location") == "/"


def test_conditional_requests(portal: LivingPortal) -> None:
    portal.turn(0)
    tagged, dated, plain = (portal.world.papers[key].path for key in ("zfwj-12", "tzgg-04", "ghjh-01"))
    etag, written = ask(portal, tagged).header("etag"), ask(portal, dated).header("last-modified")
    assert etag
    assert written
    assert not ask(portal, plain).header("etag")
    assert ask(portal, tagged, If_None_Match=etag).status == 304
    assert ask(portal, tagged, If_None_Match=etag).body == b""
    assert ask(portal, dated, If_Modified_Since=written).status == 304
    portal.turn(20)  # both have been edited
    assert ask(portal, tagged, If_None_Match=etag).status == 200
    assert ask(portal, dated, If_Modified_Since=written).status == 200


def test_lists_that_break_or_are_empty_for_a_night(portal: LivingPortal) -> None:
    portal.turn(29)
    assert ask(portal, "/zwgk/zfwj/").status == 200
    assert ask(portal, "/zwgk/zfwj/index_1.html").status == 500
    portal.turn(25)
    assert rows(portal, "yjgl") == []
    portal.turn(26)
    assert len(rows(portal, "yjgl")) == 9


def test_pinned_rows_stand_on_top_and_again_in_their_place(portal: LivingPortal) -> None:
    portal.turn(0)
    last = portal.world.listed("tzgg")[-3:]
    text = ask(portal, "/zwgk/tzgg/").text
    assert all(text.count(paper.path.rpartition("/")[2]) == 2 for paper in last)


def test_one_document_is_listed_in_two_columns_until_it_is_not(portal: LivingPortal) -> None:
    portal.turn(32)
    path = portal.world.papers["zfwj-03"].path
    assert identity(ORIGIN + path) in rows(portal, "czxx")
    portal.turn(33)
    assert identity(ORIGIN + path) not in rows(portal, "czxx")
    assert identity(ORIGIN + path) in rows(portal, "zfwj")


def test_the_truth_counts_each_act_once() -> None:
    chronicle = sixty_nights()
    found = truth(chronicle)
    kinds = Counter(expected.kind for expected in found)
    added = len(chronicle.nights_of(Deed.ADD)) + len(chronicle.nights_of(Deed.COPY))
    assert kinds[ChangeKind.NEW] == 150 + added
    assert kinds[ChangeKind.RETURNED] == 3
    assert kinds[ChangeKind.MOVED] == 4
    assert len({(e.kind, e.key, e.first) for e in found}) == len(found)
    assert sum(versions(chronicle).values()) == len(versions(chronicle)) + kinds[ChangeKind.CHANGED]
    assert set(range(52, 60)) <= set(silent(chronicle))


def test_windows_follow_the_archives_clock() -> None:
    shelf = quiet(columns=1).shelves
    plain = Chronicle(shelf, Calendar(40), (Act(10, Deed.WITHDRAW, "lm01-02"),))
    back = Chronicle(shelf, Calendar(40, {11: -2}), plain.acts)
    assert [(e.first, e.last) for e in truth(plain)[-1:]] == [(11, 15)]
    assert [(e.first, e.last) for e in truth(back)[-1:]] == [(12, 16)]
    assert (back.calendar.clock(11) - START).days == 9


def test_an_edit_that_nobody_can_be_sure_to_find_is_refused() -> None:
    late = Chronicle(quiet(columns=1).shelves, Calendar(60), (Act(40, Deed.EDIT_TEXT, "lm01-02"),))
    with pytest.raises(ValueError, match="EDIT_TEXT"):
        truth(late)


def test_a_world_follows_from_its_night_alone() -> None:
    chronicle = sixty_nights()
    assert world_at(chronicle, 44) == world_at(chronicle, 44)


def test_forty_portals_are_served_from_one_thread_and_let_go_of_at_once() -> None:
    moods = {3: Mood.HANGING, 7: Mood.BLOCKED, 9: Mood.GARBAGE}
    with many(40, moods=moods) as portals:
        assert len({portal.masthead.division[:4] for portal in portals}) == 40
        assert len({portal.key for portal in portals}) == 40
        answers = []
        for portal in (portals[0], portals[7], portals[9], portals[39]):
            connection = http.client.HTTPConnection(urlsplit(portal.url).netloc, timeout=10)
            connection.request("GET", "/zwgk/lm01/")
            answer = connection.getresponse()
            answers.append((answer.status, len(answer.read()) > 500, [r.target for r in portal.requests]))
            connection.close()
        assert [(status, path) for status, _, path in answers] == [
            (status, ["/zwgk/lm01/"]) for status in (200, 403, 200, 200)
        ]
        hanging = http.client.HTTPConnection(urlsplit(portals[3].url).netloc, timeout=0.2)
        hanging.request("GET", "/")
        with pytest.raises(TimeoutError):
            hanging.getresponse()
        hanging.close()


def test_the_portal_file_leads_to_every_column() -> None:
    with living() as portal:
        text = portal.portal_file()
        assert text.count("[[column]]") == 12
        assert portal.column_of("/zwgk/zfwj/index_2.html") == "zfwj"
        assert portal.column_of("/zwgk/zfwj/") == "zfwj"
        assert portal.column_of(portal.world.papers["zfwj-01"].path) == ""
