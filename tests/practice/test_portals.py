"""What holds for every practice portal: the truth is served, the portal file can be read, nothing leaks."""

import subprocess
import sys
import tomllib
from hashlib import sha256
from html import unescape
from itertools import chain
from urllib.parse import urlsplit

import pytest

from crawler.practice import PORTAL_FILE_PATH, PORTALS, RunningPortal, start
from crawler.practice.model import Plan, Visit

from .conftest import Get

KEYS = tuple(PORTALS)


@pytest.mark.parametrize("key", KEYS)
def test_every_document_of_the_truth_is_served_as_it_says(
    portals: dict[str, RunningPortal], key: str, get: Get
) -> None:
    portal = portals[key]
    for truth in portal.truth.documents:
        got = get(truth.url)
        assert got.status == 200
        page = unescape(got.text)
        assert f'name="ArticleTitle" content="{truth.document.title}"' in page
        assert 'name="SiteIDCode" content="' + PORTALS[key].site_id_code in page
        missing = [text for text in truth.document.paragraphs if text not in page]
        assert not missing
        cells = chain.from_iterable(chain.from_iterable(truth.document.tables))
        assert all(cell.text in page for cell in cells)
        assert all(attachment.filename in page for attachment in truth.attachments)


@pytest.mark.parametrize("key", KEYS)
def test_every_attachment_is_the_file_that_the_truth_names(
    portals: dict[str, RunningPortal], key: str, get: Get
) -> None:
    files = [file for truth in portals[key].truth.documents for file in truth.attachments]
    assert len(files) >= 10
    for file in files:
        got = get(file.url)
        assert got.headers["content-type"] == "application/pdf"
        assert sha256(got.body).hexdigest() == file.sha256


@pytest.mark.parametrize("key", KEYS)
def test_the_truth_agrees_with_itself(portals: dict[str, RunningPortal], key: str) -> None:
    truth = portals[key].truth
    assert len({document.url for document in truth.documents}) == len(truth.documents)
    assert len({column.name for column in truth.columns}) == len(truth.columns)
    for column in truth.columns:
        held = sum(1 for document in truth.documents if column.name in document.columns)
        away = sum(1 for row in truth.external if row.column == column.name)
        assert held + away == column.listed
        assert column.declared_total is None or (column.declared_total > column.listed) != column.complete
    assert not truth.complete
    assert len(truth.external) == 1
    assert urlsplit(truth.external[0].url).netloc not in portals[key].url
    assert any(not document.fields.get("doc_number") for document in truth.documents)


@pytest.mark.parametrize("key", KEYS)
def test_the_truth_states_only_fields_that_the_portal_shows(
    portals: dict[str, RunningPortal], key: str, get: Get
) -> None:
    """Every value of a field stands on the page, in the list, or (a date) in one of the forms that portals print."""
    portal = portals[key]
    for truth in portal.truth.documents[::7]:
        page = unescape(get(truth.url).text)
        for field, value in truth.fields.items():
            year, _, rest = value.partition("-")
            printed = (value, f"{year}年{rest.replace('-', '月')}日")
            in_list = field in ("date_published", "genre", "topic_category")
            assert in_list or any(form in page for form in printed), (truth.url, field)


@pytest.mark.parametrize("key", KEYS)
def test_the_portal_file_is_as_the_design_has_it(portals: dict[str, RunningPortal], key: str, get: Get) -> None:
    portal = portals[key]
    data = tomllib.loads(portal.portal_file())
    assert set(data) == {"portal", "column", "fetch", "expect"}
    assert set(data["portal"]) == {"name", "home", "division", "site_id_code"}
    assert data["portal"]["home"] == portal.url
    assert data["fetch"] == {"delay": 0}
    assert data["expect"]["entries_min"] == len(portal.truth.documents)
    assert [(column["family"], column["url"]) for column in data["column"]] == list(portal.site.entries)
    assert all(get(column["url"]).status == 200 for column in data["column"])
    assert get(portal.url.rstrip("/") + PORTAL_FILE_PATH).text == portal.portal_file()


def test_a_portal_file_of_one_column(portals: dict[str, RunningPortal]) -> None:
    data = tomllib.loads(portals["trs"].portal_file("部门文件"))
    assert [column["url"] for column in data["column"]] == [portals["trs"].url + "zfxxgk/bmwj/"]
    assert data["expect"]["entries_min"] == 22
    department = tomllib.loads(portals["gkmlpt"].portal_file("工作动态"))
    assert [column["url"] for column in department["column"]] == [portals["gkmlpt"].url + "zjj/gkmlpt/index"]


@pytest.mark.parametrize("key", KEYS)
def test_home_and_unknown_addresses(portals: dict[str, RunningPortal], key: str, get: Get) -> None:
    assert "政府信息公开" in get(portals[key].url).text
    for path in ("robots.txt", "no/such/page.html"):
        assert get(portals[key].url + path).status == 404


def test_the_log_keeps_target_and_headers(portals: dict[str, RunningPortal], get: Get) -> None:
    portal = portals["trs"]
    get(portal.url + "zwgk/zfwj/?from=log")
    request = portal.requests[-1]
    assert (request.method, request.target, request.path) == ("GET", "/zwgk/zfwj/?from=log", "/zwgk/zfwj/")
    assert request.header("HOST") == urlsplit(portal.url).netloc


@pytest.mark.parametrize("key", KEYS)
def test_a_site_follows_from_its_plan_alone(key: str) -> None:
    plan = Plan("http://127.0.0.1:1")
    first, second = PORTALS[key].build(plan), PORTALS[key].build(plan)
    assert first.truth == second.truth
    assert list(first.pages) == list(second.pages)
    assert all(
        first.pages[path](Visit(path=path)) == second.pages[path](Visit(path=path)) for path in list(first.pages)[::5]
    )


@pytest.mark.parametrize("key", KEYS)
def test_scale_multiplies_documents_and_keeps_addresses_apart(key: str) -> None:
    small = PORTALS[key].build(Plan("http://127.0.0.1:1")).truth
    large = PORTALS[key].build(Plan("http://127.0.0.1:1", scale=3)).truth
    assert len(large.documents) > 1.5 * len(small.documents)
    assert len({document.url for document in large.documents}) == len(large.documents)


def test_start_serves_what_it_was_asked_for_and_lets_go_of_the_port(get: Get) -> None:
    with start(["ucap"]) as first:
        assert list(first) == ["ucap"]
        port = urlsplit(first["ucap"].url).port
    assert port is not None
    with pytest.raises(ConnectionRefusedError):
        get(f"http://127.0.0.1:{port}/")
    with start(["ucap"], port=port) as again:
        assert urlsplit(again["ucap"].url).port == port
    with pytest.raises(KeyError), start(["nowhere"]):
        pass


def test_an_error_in_a_page_is_raised_at_the_end(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise LookupError("broken page")

    def provoke() -> None:
        with start(["trs"]) as running:
            monkeypatch.setitem(running["trs"].site.pages, "/", broken)
            with pytest.raises(ConnectionError):
                get(running["trs"].url)

    with pytest.raises(LookupError, match="broken page"):
        provoke()


def test_the_command_serves_in_the_foreground_without_scrapy(get: Get) -> None:
    code = (
        "import sys; from crawler.practice.__main__ import main; "
        "assert not {'scrapy', 'twisted'} & set(sys.modules); sys.exit(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "trs", "ucap"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        urls = [line.rsplit(" ", 1)[1].strip() for line in lines[:2]]
        assert all(tomllib.loads(get(url).text)["portal"] for url in urls)
        process.send_signal(2)  # SIGINT
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def test_the_command_refuses_an_unknown_portal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler.practice", "nowhere"], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 2
    assert "no such portal: nowhere" in done.stderr
    assert "Traceback" not in done.stderr
