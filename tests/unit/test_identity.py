"""Which addresses are one document, which are two; and that the ledger keeps one document with several entries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.events import CatalogueRow
from archive.ledger import questions
from archive.urls import document_id, host, identity, tidy
from archive.vocabulary import Role
from tests.ledger.by_hand import PORTAL, Log, reading

NEWS = "content.jsp?urltype=news.NewsContentUrl&wbtreeid=1066&wbnewsid=98"
HEX = "0123456789abcdef0123456789ABCDEF"

ONE_PAGE = {
    "scheme": ("http://a.gov.cn/zc/1.html", "https://a.gov.cn/zc/1.html"),
    "port, case, fragment, session": (
        *("http://a.gov.cn/zc/1.html", "http://A.GOV.CN:80/zc/1.html#top", "https://a.gov.cn:443/zc/1.html"),
        "http://a.gov.cn/zc/1.html;jsessionid=7BED8F",
    ),
    "order of the query": ("http://a.gov.cn/v?b=2&a=1", "http://a.gov.cn/v?a=1&b=2"),
    "the page of a folder": (
        *(
            "http://a.gov.cn/zc/",
            "http://a.gov.cn/zc",
            "http://a.gov.cn/zc/index.html",
            "http://a.gov.cn/zc/index.shtml",
        ),
        *("https://a.gov.cn/zc/index.htm", "http://a.gov.cn/zc/default.aspx", "http://a.gov.cn/zc/index.jhtml"),
        "http://a.gov.cn/zc//",
    ),
    "the home page": (
        "http://a.gov.cn",
        "http://a.gov.cn/",
        "https://a.gov.cn/index.html",
        "http://a.gov.cn/index.jsp",
    ),
    "VSB": (
        *("http://a.gov.cn/info/1066/98.htm", f"https://a.gov.cn/{NEWS}"),
        "http://a.gov.cn/article.jsp?wbnewsid=98&wbtreeid=1066&urltype=news.NewsContentUrl&lang=zh",
    ),
    "VSB in a folder": ("http://a.gov.cn/czj/info/1066/98.htm", f"http://a.gov.cn/czj/{NEWS}"),
    "Hanweb, old": (
        *("http://a.gov.cn/art/2026/6/29/art_693_1224936.html", "https://a.gov.cn/art/2026/06/29/art_693_1224936.html"),
        "http://a.gov.cn/col/col693/art/2026/art_693_1224936.html",
    ),
    "Hanweb, new": (
        *(f"http://a.gov.cn/art/2026/art_{HEX}.html", f"http://a.gov.cn/col/col12/art/2026/art_{HEX}.html"),
        f"http://a.gov.cn/zwgk/zcwj/wjfb/art/2026/art_{HEX}.html",
    ),
    "gkmlpt": (
        "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/post_3255421.html",
        "http://www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/mpost_3255421.html",
    ),
}

TWO_PAGES = {
    "one number on two hosts": (
        "http://www.jiangmen.gov.cn/gkmlpt/content/3/3255/post_3255421.html",
        "http://www.zhuhai.gov.cn/gkmlpt/content/3/3255/post_3255421.html",
    ),
    "one number in two folders of a platform": (
        "http://a.gov.cn/zjj/gkmlpt/content/3/3255/post_3255421.html",
        "http://a.gov.cn/gkmlpt/content/3/3255/post_3255421.html",
    ),
    "one port and another": ("http://127.0.0.1:8801/1.html", "http://127.0.0.1:8802/1.html"),
    "VSB: another tree": ("http://a.gov.cn/info/1066/98.htm", "http://a.gov.cn/info/1067/98.htm"),
    "VSB: another site of the host": ("http://a.gov.cn/info/1066/98.htm", f"http://a.gov.cn/czj/{NEWS}"),
    "VSB: a file of a document": (
        f"http://a.gov.cn/{NEWS}",
        "http://a.gov.cn/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1744984858&wbfileid=98",
    ),
    # 江苏省档案馆 has 9681, 40996, 9709 in the order of their days: each of its columns counts for itself
    "Hanweb: one number in two columns": (
        "https://a.gov.cn/art/2022/5/5/art_123_9681.html",
        "https://a.gov.cn/art/2022/5/5/art_321_9681.html",
    ),
    "Hanweb: another site of the host": (
        "http://a.gov.cn/art/2026/6/29/art_693_1224936.html",
        "http://a.gov.cn/gxj/art/2026/6/29/art_693_1224936.html",
    ),
    "a page and its folder": ("http://a.gov.cn/zc/1.html", "http://a.gov.cn/zc/1/"),
    "pages of a list": ("http://a.gov.cn/zc/index_1.html", "http://a.gov.cn/zc/"),
    "a name that ends in index": ("http://a.gov.cn/zc/subindex.html", "http://a.gov.cn/zc/sub"),
    "the query": ("http://a.gov.cn/v?id=1", "http://a.gov.cn/v?id=2"),
    "www": ("http://a.gov.cn/1.html", "http://www.a.gov.cn/1.html"),
}


@pytest.mark.parametrize("name", ONE_PAGE)
def test_addresses_of_one_page(name: str) -> None:
    assert len({identity(url) for url in ONE_PAGE[name]}) == 1
    assert len({document_id("a", url) for url in ONE_PAGE[name]}) == 1


@pytest.mark.parametrize("name", TWO_PAGES)
def test_addresses_of_two_pages(name: str) -> None:
    first, second = TWO_PAGES[name]
    assert identity(first) != identity(second)
    assert document_id("a", first) != document_id("a", second)


PARTS = st.sampled_from(
    [
        *("index.html", "default.aspx", "", "zc", "art", "col", "col12", "2026", "6", "29", "info", "1066", "98.htm"),
        *("art_693_12.html", f"art_{HEX}.html", "gkmlpt", "content", "3", "3255", "mpost_3255421.html", NEWS, "?a=1"),
    ]
)
URLS = st.builds(
    lambda scheme, name, parts: f"{scheme}://{name}/{'/'.join(parts)}",
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.gov.cn", "b.gov.cn:8080"]),
    st.lists(PARTS, max_size=8),
)


@given(URLS)
def test_an_identity_keeps_its_host_and_is_its_own(url: str) -> None:
    assert identity(f"http://{identity(url)}") == identity(url)
    assert host(url) == tidy(url).partition("://")[2].partition("/")[0]


def test_an_address_of_nothing_but_slashes() -> None:
    assert identity("http://a.gov.cn/" + "/index.html/" * 5000) == "a.gov.cn"


@given(URLS, URLS)
def test_no_two_hosts_share_an_identity(one: str, other: str) -> None:
    assert host(one) == host(other) or identity(one) != identity(other)


# --- in the ledger --------------------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path)
    yield made
    made.ledger.close()


def listed(log: Log, column: str, *urls: str) -> None:
    log.list(*(CatalogueRow(url, "关于财政预算的通知", "2026-11-20") for url in urls), column=column)


def fetched(log: Log, url: str, text: str = "正文。") -> None:
    log.capture(url, {"role": Role.DOCUMENT, "entry_url": url}, reading=reading(text))


@pytest.mark.parametrize("name", ONE_PAGE)
def test_one_document_with_an_entry_in_each_column(log: Log, name: str) -> None:
    """A column each for the addresses; one request, one document, and every entry knows it."""
    log.start()
    for number, url in enumerate(ONE_PAGE[name]):
        listed(log, f"column-{number}", url)
    [waiting] = questions.waiting_entries(log.ledger, PORTAL, questions.Cursor(), 10)
    fetched(log, waiting.url)
    document = document_id(PORTAL, waiting.url)
    assert log.rows("SELECT id, version FROM documents") == [(document, 1)]
    assert log.rows("SELECT url, state, document_id FROM entries ORDER BY column_key") == [
        (url, "done", document) for url in ONE_PAGE[name]
    ]
    assert log.value("SELECT count(*) FROM changes") == 1
    for url in ONE_PAGE[name]:
        assert [found.id for found in questions.find_documents(log.ledger, url)] == [document]


def test_a_later_row_under_another_address_is_held_already(log: Log) -> None:
    log.start()
    listed(log, "zfwj", "http://a.gov.cn/info/1066/98.htm")
    fetched(log, "http://a.gov.cn/info/1066/98.htm")
    log.start("zhuhai-2")
    listed(log, "zfwj", "http://a.gov.cn/info/1066/98.htm")
    listed(log, "tzgg", f"http://a.gov.cn/{NEWS}")
    assert log.rows("SELECT column_key, state FROM entries ORDER BY column_key") == [("tzgg", "done"), ("zfwj", "done")]
    assert questions.waiting_entries(log.ledger, PORTAL, questions.Cursor(), 10) == []


def test_one_row_when_a_column_writes_it_in_two_ways(log: Log) -> None:
    log.start()
    listed(log, "zfwj", "http://a.gov.cn/info/1066/98.htm", f"http://a.gov.cn/{NEWS}")
    assert log.rows("SELECT url, state FROM entries") == [(f"http://a.gov.cn/{NEWS}", "listed")]
    assert log.value("SELECT listed FROM columns") == 1


def test_one_number_on_two_hosts_is_two_documents(log: Log) -> None:
    first, second = TWO_PAGES["one number on two hosts"]
    log.start()
    listed(log, "zfwj", first, second)
    fetched(log, first, text="江门市的正文。")
    fetched(log, second, text="珠海市的正文。")
    assert log.rows("SELECT url, text FROM documents ORDER BY url") == [
        (first, "江门市的正文。"),
        (second, "珠海市的正文。"),
    ]
