"""Every document of every practice portal is found exactly once, with what its page states; the rest has a reason."""

import json

import pytest

from archive.reading.dates import parse_date
from archive.urls import document_id
from archive.vocabulary import Verdict
from crawler.practice import PORTALS, RunningPortal
from tests.crawl.harness import TIMES, Bench

DATES = ("date_made", "date_issued", "date_published", "date_effective")


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_every_document_is_held_exactly_once(crawled: Bench, portals: dict[str, RunningPortal], key: str) -> None:
    wanted = {document_id(key, truth.url) for truth in portals[key].truth.documents}
    held = [row[0] for row in crawled.query("SELECT id FROM documents WHERE portal = ?", key)]
    assert len(held) == len(set(held))
    assert set(held) == wanted


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_each_field_that_a_page_states_is_read(crawled: Bench, portals: dict[str, RunningPortal], key: str) -> None:
    for truth in portals[key].truth.documents:
        for field, value in truth.fields.items():
            held = crawled.value(f"SELECT {field} FROM documents WHERE id = ?", document_id(key, truth.url))
            if field in DATES:
                assert str(held)[:10] == value, (truth.url, field)
            else:
                assert held, (truth.url, field, value)


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_columns_end_as_they_must(crawled: Bench, portals: dict[str, RunningPortal], key: str) -> None:
    for column in portals[key].truth.columns:
        query = "SELECT declared_total, listed, walk_end FROM columns WHERE portal = ? AND name LIKE ?"
        rows = crawled.query(query, key, f"%{column.name}")
        assert rows == [(column.declared_total, column.listed, column.end.value)], (column.name, column.why)


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_rows_that_lead_elsewhere_are_entries_and_were_never_asked_for(
    crawled: Bench, portals: dict[str, RunningPortal], key: str
) -> None:
    for row in portals[key].truth.external:
        assert crawled.value("SELECT state FROM entries WHERE portal = ? AND url = ?", key, row.url) == "external"
        assert not crawled.query("SELECT 1 FROM captures WHERE url = ?", row.url)


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_the_figures_of_a_run_lie_in_its_folder(crawled: Bench, key: str) -> None:
    ((run, verdict, fetched, requests),) = crawled.query(
        "SELECT id, verdict, fetched, requests FROM runs WHERE portal = ?", key
    )
    told = json.loads((crawled.data / "runs" / run / "stats.json").read_text(encoding="utf-8"))
    assert (told["run"], told["portal"], told["mode"], told["verdict"]) == (run, key, "normal", verdict)
    assert (told["counts"]["fetched"], told["counts"]["requests"]) == (fetched, requests)
    assert sum(sum(statuses.values()) for statuses in told["answers"].values()) == requests
    assert told["answers"]["document"]["200"] >= fetched
    assert told["bytes"]["document"] > 0
    assert told["seconds"] > 0


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_files_are_held_byte_for_byte(crawled: Bench, portals: dict[str, RunningPortal], key: str) -> None:
    for truth in portals[key].truth.documents:
        held = dict(
            crawled.query("SELECT sha256, state FROM attachments WHERE document_id = ?", document_id(key, truth.url))
        )
        assert held == {attachment.sha256: "done" for attachment in truth.attachments}, truth.url


@pytest.mark.parametrize("key", sorted(PORTALS))
def test_the_verdict_says_what_is_missing(crawled: Bench, portals: dict[str, RunningPortal], key: str) -> None:
    verdict, reason = crawled.query("SELECT verdict, reason FROM runs WHERE portal = ?", key)[0]
    wanted = Verdict.OK if portals[key].truth.complete else Verdict.PARTIAL
    assert verdict == wanted, reason
    for column in portals[key].truth.columns:
        if not column.complete:
            assert column.name in str(reason)


def test_few_requests_a_document(crawled: Bench) -> None:
    for portal, requests in crawled.query("SELECT portal, requests FROM runs"):
        documents = crawled.value("SELECT count(*) FROM documents WHERE portal = ?", portal)
        files = crawled.value(
            "SELECT count(*) FROM attachments a JOIN documents d ON d.id = a.document_id WHERE portal = ?", portal
        )
        lists = crawled.value(
            "SELECT count(*) FROM captures c JOIN runs r ON r.id = c.run_id"
            " WHERE role IN ('list', 'entry', 'robots') AND r.portal = ?",
            portal,
        )
        assert isinstance(requests, int)
        assert requests == int(str(documents)) + int(str(files)) + int(str(lists)), portal


def test_robots_txt_was_asked_first(portals: dict[str, RunningPortal], crawled: Bench) -> None:
    for portal in portals:
        first = crawled.value(
            "SELECT role FROM captures c JOIN runs r ON r.id = c.run_id WHERE r.portal = ?"
            " ORDER BY warc_file, warc_offset LIMIT 1",
            portal,
        )
        assert first == "robots"


def test_verify_finds_all_in_order(crawled: Bench) -> None:
    assert "all in order" in crawled.gongkai("verify")


def test_a_second_run_fetches_only_lists(
    portals: dict[str, RunningPortal], tmp_path_factory: pytest.TempPathFactory
) -> None:
    bench = Bench(tmp_path_factory.mktemp("twice"), portals.values())
    key = sorted(portals)[0]
    bench.gongkai("crawl", key, status=None)
    before = bench.tables({"": TIMES})
    bench.gongkai("crawl", key, status=None)
    after = bench.tables({"": TIMES})
    for table in ("documents", "versions", "observations", "changes"):
        assert after[table] == before[table]
    second = "SELECT role, count(*) FROM captures WHERE run_id = (SELECT max(id) FROM runs) GROUP BY role"
    assert "document" not in dict(bench.query(second))
    revisits = bench.value("SELECT count(*) FROM captures WHERE revisit_of != ''")
    assert isinstance(revisits, int)
    assert revisits > 0, "unchanged list pages are revisit records"
    assert "all in order" in bench.gongkai("verify")


def test_a_full_run_fetches_all_again_and_finds_nothing_new(
    portals: dict[str, RunningPortal], tmp_path_factory: pytest.TempPathFactory
) -> None:
    bench = Bench(tmp_path_factory.mktemp("full"), portals.values())
    key = sorted(portals)[0]
    bench.gongkai("crawl", key, status=None)
    versions = bench.value("SELECT count(*) FROM versions")
    bench.gongkai("crawl", key, "--full", status=None)
    assert bench.value("SELECT count(*) FROM versions") == versions
    again = "SELECT count(*) FROM captures WHERE role = 'document' AND status = 200 AND revisit_of != ''"
    assert bench.value(again) == bench.value("SELECT count(*) FROM documents")
    new, changed, unchanged = bench.query("SELECT new, changed, unchanged FROM runs ORDER BY started_at DESC LIMIT 1")[
        0
    ]
    assert (new, changed, unchanged) == (0, 0, bench.value("SELECT count(*) FROM documents"))


def test_narrowed_runs(portals: dict[str, RunningPortal], tmp_path_factory: pytest.TempPathFactory) -> None:
    bench = Bench(tmp_path_factory.mktemp("narrowed"), portals.values())
    key = sorted(portals)[0]
    column = portals[key].truth.columns[0]
    bench.gongkai("crawl", key, "--limit", "3", status=None)
    assert bench.value("SELECT count(*) FROM documents") == 3
    assert bench.value("SELECT mode FROM runs") == "part"
    assert parse_date(str(bench.value("SELECT max(date_published) FROM documents"))[:10])
    bench.gongkai("crawl", key, "--since", "2999-01-01", status=None)
    assert bench.value("SELECT count(*) FROM documents") == 3
    assert column.name
