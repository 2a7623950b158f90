"""One document under several addresses, in a whole crawl: VSB's ``info/T/N.htm`` and ``content.jsp?…wbnewsid=N``."""

from urllib.parse import urlsplit

from archive.urls import document_id
from crawler.practice import RunningPortal
from tests.crawl.harness import Bench


def test_one_document_with_an_entry_in_each_column(crawled: Bench, portals: dict[str, RunningPortal]) -> None:
    twice = [truth for truth in portals["vsb"].truth.documents if len(truth.columns) == 2]
    assert len(twice) == 4
    for truth in twice:
        document = document_id("vsb", truth.url)
        assert crawled.value("SELECT count(*) FROM documents WHERE id = ?", document) == 1
        entries = crawled.query("SELECT url, state, address FROM entries WHERE document_id = ?", document)
        assert {urlsplit(str(url)).path.partition("/info/")[0] for url, _, _ in entries} == {"", "/content.jsp"}
        assert [state for _, state, _ in entries] == ["done", "done"]
        assert len({address for _, _, address in entries}) == 1
        asked = crawled.value("SELECT count(*) FROM captures WHERE url IN (?, ?)", *(url for url, _, _ in entries))
        assert asked == 1


def test_either_address_finds_it(crawled: Bench, portals: dict[str, RunningPortal]) -> None:
    truth = next(truth for truth in portals["vsb"].truth.documents if len(truth.columns) == 2)
    query = "SELECT url FROM entries WHERE document_id = ?"
    urls = [str(url) for (url,) in crawled.query(query, document_id("vsb", truth.url))]
    assert len(urls) == 2
    assert len({crawled.gongkai("show", url) for url in urls}) == 1
