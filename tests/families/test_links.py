"""Where links lead: the short way for plain ones gives what the standard library's ``urljoin`` gives."""

from itertools import product
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from crawler.families.lists.links import leads_to_a_list, resolve

BASES = (
    "http://www.example.gov.cn",
    "http://www.example.gov.cn/",
    "http://www.example.gov.cn/zwgk/zfwj/",
    "http://www.example.gov.cn/zwgk/zfwj/index_2.html",
    "https://www.example.gov.cn:8443/zwgk//zfwj/index.html?dir=/a/b/",
    "http://www.example.gov.cn/zwgk/list;jsessionid=1/2?a=b#c/d",
    "http://www.example.gov.cn?path=/zwgk/",
    "http://www.example.gov.cn/zwgk/#/list/1",
)
FOLDERS = (
    *(
        "",
        "/",
        "./",
        "../",
        "../../",
        "../../../../",
        "/zwgk/",
        "zwgk/",
        "./202601/",
        "../gk/zc/",
        "zwgk/./a/",
        "/a/../b/",
    ),
    *("/zwgk//zfwj/", "//", "//oa.example.gov.cn/", "//oa.example.gov.cn/a/", ".../", "http:/", "http://", "https://"),
    *("http://oa.example.gov.cn/", "https://oa.example.gov.cn:99999/a/", "http://oa.example.gov.cn:81/a/", "http:a/"),
    *("HTTP://OA.example.gov.cn/a/", "ftp://oa.example.gov.cn/", "javascript:open/", "?to=/a/", "a?to=/b/", "#/a/"),
    *("a;b/", "政府/", "a b/", "a%20b/", "http://[::1/", "http://[::1]/", "http://./", "\t/a/"),
)
NAMES = (
    *("", "t20260109_1404577.html", "index.html", "a", "-", "~x", "_", ".", "..", "...", ".a", "a.", "?id=1", "a?id=1"),
    *("#top", "a#top", "a;b", ":80", "a:b", "通知.html", "a b", "a\n"),
)


def plainly(base: str, href: str) -> str | None:
    """What a browser would follow, by the standard library."""
    link = href.replace("\t", "").replace("\n", "").strip()
    if not link or link.startswith("#"):
        return None
    try:
        url = urldefrag(urljoin(base, link)).url
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


@pytest.mark.parametrize("base", BASES)
def test_a_link_is_resolved_as_the_standard_library_does(base: str) -> None:
    for above, name in product(FOLDERS, NAMES):
        assert resolve(base, above + name) == plainly(base, above + name), (base, above + name)


@pytest.mark.parametrize("href", [None, "", " ", "{{url}}", "/a/${id}", "<%=x%>/a.html", "/%7B%7Burl%7D%7D/a.html"])
def test_what_a_script_would_fill_in_leads_nowhere(href: str | None) -> None:
    assert resolve("http://www.example.gov.cn/", href) is None


@pytest.mark.parametrize(
    ("path", "list_"),
    [
        ("", True),
        ("/", True),
        ("/zwgk/", True),
        ("/zwgk/index.html", True),
        ("/zwgk/list_2.jhtml", True),
        ("/zwgk", False),
        ("/zwgk/?id=1", False),
        ("/zwgk/t20260109_1.html", False),
    ],
)
def test_a_folder_and_an_index_page_are_told_from_documents(path: str, list_: bool) -> None:
    assert leads_to_a_list(f"http://www.example.gov.cn{path}") is list_
