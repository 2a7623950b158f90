"""The traps of each family, as a browser would meet them."""

import json
import re
import ssl
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from crawler.practice import RunningPortal

from .conftest import Get

Portals = dict[str, RunningPortal]


def test_every_list_page_leads_to_the_rows_of_its_column(portals: Portals, get: Get) -> None:
    """Walks each static column as far as it is published: links in the list's container, pages by the pager's names."""
    for key, second in (("trs", "{}index_{}"), ("ucap", None)):
        portal = portals[key]
        truth = portal.truth
        wanted = {document.url for document in truth.documents} | {row.url for row in truth.external}
        for column in truth.columns:
            met: list[str] = []
            number, url = 1, column.url
            while (got := get(url)).status == 200 and len(got.body) > 400:
                container = html.fromstring(got.text).cssselect("div.container")[0]
                met += [urljoin(url, link.get("href")) for link in container.cssselect("a[href]")]
                if second:
                    suffix = "shtml" if "shtml" in got.text.split("createPage", 1)[1] else "html"
                    url = f"{second.format(column.url, number)}.{suffix}"
                else:
                    url = column.url.replace(".shtml", f"_{number + 1}.shtml")
                number += 1
            assert len(met) == len(set(met)) == column.listed
            assert set(met) <= wanted


# gkmlpt


def articles(get: Get, portal: RunningPortal, category: int, page: int, sid: str = "499001") -> list[dict[str, object]]:
    got = get(f"{portal.url}gkmlpt/api/all/{category}?page={page}&sid={sid}")
    assert got.status == 200
    found = json.loads(got.body)["articles"]
    assert isinstance(found, list)
    return found


def test_gkmlpt_page_0_is_page_1_and_batches_are_uneven(portals: Portals, get: Get) -> None:
    portal = portals["gkmlpt"]
    pages = [articles(get, portal, 11, page) for page in (0, 1, 2, 3)]
    assert pages[0] == pages[1]
    assert [len(page) for page in pages[1:]] == [20, 17, 6]
    ids = [article["id"] for page in pages[1:] for article in page]
    assert len(set(ids)) == 43
    assert get(f"{portal.url}gkmlpt/api/all/11?page=4&sid=499001").status == 404
    department = get(f"{portal.url}zjj/gkmlpt/api/all/721?page=2&sid=499016")
    assert json.loads(department.body)["articles"] == []


def test_gkmlpt_page_2_is_missing_while_more_is_declared(portals: Portals, get: Get) -> None:
    portal = portals["gkmlpt"]
    first = json.loads(get(f"{portal.url}gkmlpt/api/all/5?page=1&sid=499001").body)
    assert (first["classify"]["post_count"], len(first["articles"])) == (45, 20)
    assert get(f"{portal.url}gkmlpt/api/all/5?page=2&sid=499001").status == 404
    assert not portal.truth.column("公示公告").complete


def test_gkmlpt_config_is_javascript_with_json_inside(portals: Portals, get: Get) -> None:
    page = get(portals["gkmlpt"].url + "gkmlpt/index").text
    assert "SID: '499001'" in page
    with pytest.raises(json.JSONDecodeError):
        json.loads(page.split("window._CONFIG = ", 1)[1].split("</script>")[0].strip().rstrip(";"))
    tree, end = json.JSONDecoder().raw_decode(page.split("TREE: ", 1)[1])
    assert page.split("TREE: ", 1)[1][end:].startswith(", SERVICE_AREA_ID")
    assert "]}" in tree[0]["memo"]
    by_name = {node["name"]: node for node in tree}
    assert by_name["人事信息"]["jump_url"]
    assert all(child["jump_url"] for child in by_name["政策解读"]["children"])
    assert (by_name["政策解读"]["jump_url"], by_name["政策解读"]["post_count"]) == ("", 3)


def test_gkmlpt_departments_have_their_own_sid(portals: Portals, get: Get) -> None:
    portal = portals["gkmlpt"]
    assert "SID: '499016'" in get(portal.url + "zjj/gkmlpt/index").text
    assert articles(get, portal, 2, 1, sid="499016") == []


def test_gkmlpt_rows_that_lead_away_and_rows_listed_twice(portals: Portals, get: Get) -> None:
    portal = portals["gkmlpt"]
    urls = [str(article["url"]) for article in articles(get, portal, 12, 1)]
    assert "https://mp.weixin.example/s/Kp3xQ9" in urls
    twice = [document for document in portal.truth.documents if len(document.columns) == 2]
    assert [document.columns for document in twice] == [("规范性文件", "其他文件{含内设机构}")]
    assert twice[0].url in urls
    assert urls.count(twice[0].url) == 1


def test_gkmlpt_detail_says_it_twice_and_leaves_an_empty_span(portals: Portals, get: Get) -> None:
    truth = next(d for d in portals["gkmlpt"].truth.documents if not d.document.doc_number)
    page = get(truth.url).text
    detail, _ = json.JSONDecoder().raw_decode(page.split("DETAIL: ", 1)[1])
    assert all(text in unescape(detail["content"]) for text in truth.document.paragraphs)
    assert "<" not in page.split("DETAIL: ", 1)[1].split("\n", 1)[0]
    assert '<td>文号:</td><td class="td-value-xl"><span></span></td>' in page
    assert "tbody" not in page.split('<div class="classify">', 1)[1].split("</div>")[0]


def test_gkmlpt_attachments_claim_https_and_answer_over_http_only(portals: Portals, get: Get) -> None:
    portal = portals["gkmlpt"]
    rows = [row for row in articles(get, portal, 11, 1) if row["attachment"]]
    files = [file for row in rows for file in row["attachment"]]  # type: ignore[attr-defined]
    assert files
    assert all(file["size"] == "0" and file["url"].startswith("https://") for file in files)
    host, _, port = urlsplit(files[0]["url"]).netloc.partition(":")
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on who closes first
        ssl.get_server_certificate((host, int(port)), timeout=5)
    assert get(files[0]["url"]).body.startswith(b"%PDF-1.4")
    page = get(str(rows[0]["url"])).text
    assert re.search(r'class="nfw-cms-attachment" href="https://[^"]+" alt="[^"]+\.pdf">点击下载<', page)


# TRS


def test_trs_counts_pages_from_0(portals: Portals, get: Get) -> None:
    base = portals["trs"].url + "zwgk/zfwj/"
    assert get(base).body == get(base + "index.html").body
    assert 'createPageHTML(3, 0, "index", "html")' in get(base).text
    assert 'createPageHTML(3, 2, "index", "html")' in get(base + "index_2.html").text
    assert get(base + "index_3.html").status == 404


def test_trs_deep_pages_may_be_stubs_or_missing(portals: Portals, get: Get) -> None:
    base = portals["trs"].url + "zwgk/"
    assert "createPageHTML(4, 0," in get(base + "tzgg/").text
    for page in (2, 3):
        stub = get(f"{base}tzgg/index_{page}.html")
        assert stub.status == 200
        assert 300 <= len(stub.body) <= 400
    assert 'createPage( 4 , 0 , "index" , "html" )' in get(base + "ghjh/").text
    assert [get(f"{base}ghjh/index_{page}.html").status for page in (1, 2, 3)] == [200, 404, 404]


def test_trs_cuts_titles_and_keeps_them_in_the_attribute(portals: Portals, get: Get) -> None:
    links = html.fromstring(get(portals["trs"].url + "zwgk/zfwj/").text).cssselect("ul.list a")
    shortened = [link for link in links if link.text_content().endswith("…")]
    assert len(shortened) >= 5
    assert all(link.attrib["title"].startswith(link.text_content()[:-1]) for link in shortened)


def test_trs_attachments_are_relative_to_the_month(portals: Portals, get: Get) -> None:
    truth = next(d for d in portals["trs"].truth.documents if d.attachments)
    hrefs = re.findall(r'href="(\./P0\d+\.pdf)"', get(truth.url).text)
    assert [urljoin(truth.url, href) for href in hrefs] == [file.url for file in truth.attachments]


def test_trs_has_a_document_that_is_only_a_file(portals: Portals, get: Get) -> None:
    bare = [d for d in portals["trs"].truth.documents if not d.document.body]
    assert len(bare) == 1
    assert bare[0].attachments[0].filename in get(bare[0].url).text


def test_trs_guangxi_pages_carry_no_publication_date(portals: Portals, get: Get) -> None:
    region = [d for d in portals["trs"].truth.documents if d.columns == ("部门文件",)]
    assert len(region) == 22
    listed = get(portals["trs"].url + "zfxxgk/bmwj/index_1.shtml").text
    for truth in region:
        assert re.fullmatch(r"/zfxxgk/bmwj/t\d{8}\.shtml", urlsplit(truth.url).path)
        page = get(truth.url).text
        assert truth.fields["date_published"] not in page
        assert "PubDate" not in page
    assert f"（{region[10].fields['date_published']}）" in listed


# UCAP


def test_ucap_counts_pages_from_1_and_may_lack_the_second(portals: Portals, get: Get) -> None:
    base = portals["ucap"].url + "sfsrmzf/"
    assert "createPageHTML('page_div',3, 1,'list','shtml',24)" in get(base + "c100001/list.shtml").text
    assert "createPageHTML('page_div',3, 3,'list','shtml',24)" in get(base + "c100001/list_3.shtml").text
    assert [get(f"{base}c100001/list_{page}.shtml").status for page in (1, 4)] == [404, 404]
    assert "'page_div',3, 1,'xxgk_list','shtml',24" in get(base + "c100003/xxgk_list.shtml").text
    assert get(base + "c100003/xxgk_list_2.shtml").status == 404


def test_ucap_writes_addresses_in_three_ways(portals: Portals, get: Get) -> None:
    base = portals["ucap"].url + "sfsrmzf/"
    pages = get(base + "c100001/list.shtml").text + get(base + "c100003/xxgk_list.shtml").text
    starts = {re.match(r"https?://|//|/", href)[0] for href in re.findall(r'href="([^"]+[0-9a-f]{32}\.shtml)"', pages)}  # type: ignore[index]
    assert starts == {"http://", "//", "/"}


def test_ucap_pads_labels_and_uses_tags_of_its_own(portals: Portals, get: Get) -> None:
    truth = next(d for d in portals["ucap"].truth.documents if d.columns == ("政策文件",))
    page = get(truth.url).text
    assert "<font>索&ensp;引&ensp;号：</font>" in page
    assert "<font>标　　题：</font>" in page
    tree = html.fromstring(page)
    assert tree.findtext(".//ucaptitle") == truth.document.title
    assert tree.findtext(".//publishtime") == truth.document.date_published
    content = tree.xpath("string(.//ucapcontent)")
    assert all(text in str(content) for text in truth.document.paragraphs)
