"""What a probe writes down: a portal file with the source of each fact, or one line on what is missing."""

import tomllib
from typing import Any

import pytest

from archive.errors import UsageError
from crawler.families import key_and_catalogue
from crawler.families.base import ColumnSpec
from crawler.inquiry import Finding
from crawler.portal_draft import draft
from crawler.portal_rules import faults
from crawler.practice import PORTALS
from crawler.practice.model import Plan
from crawler.probe import key_of
from tests.families.pages import page
from tests.portals.inquiries import ORIGIN, ask, ask_site, judged

HOST = "http://www.x.gov.cn"
PAGER = "<script>createPageHTML(2, 0, 'index', 'html')</script>"
NFCMS = "<script>var NFCMS_SITE_ID = '1';</script>"


def found(
    url: str, *more: str, code: str = "4408990001", files: str = "", place: str = "/zwgk/2026", host: str = HOST
) -> Finding:
    """A list of six rows at ``url``, with a document behind them."""
    metas = f'<meta name="SiteName" content="某市人民政府"><meta name="SiteIDCode" content="{code}">'
    made = "".join(
        f'<li><a href="{host}{place}{n}.html">关于某事项第{n}号的通知</a><span>2026-01-0{n}</span></li>'
        for n in range(1, 7)
    )
    document = (
        f'{metas}<meta name="PubDate" content="2026-01-02"><meta name="ContentSource" content="某市府办">'
        '<h1>关于某事项第1号的通知</h1><div class="TRS_Editor"><p>各县区人民政府：现将有关事项通知如下。</p>'
        f"{files}</div>"
    )
    pages = {
        url: f'{metas}<meta name="ColumnName" content="政府文件"><ul class="list">{made}</ul>{"".join(more)}',
        f"{host}{place}1.html": document,
    }

    def answer(want: Any) -> Any:
        return judged(page(pages.get(want.ask.url, "<p>没有这个页面</p>"), want.ask.url), want.role)

    return ask(url, answer).found


def written(*findings: Finding, **more: str) -> dict[str, Any]:
    """The draft's content, which must break no rule."""
    content = tomllib.loads(draft(findings, day="2026-11-22", run="x-20261122T000000Z-0000", **more))
    assert [*faults(content)] == []
    return content


def refusal(*findings: Finding, **more: str) -> str:
    """The one line in which a draft is refused."""
    with pytest.raises(UsageError) as refused:
        draft(findings, day="2026-11-22", run="x", **more)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("key", PORTALS)
def test_a_practice_portal_is_written_as_it_is(key: str) -> None:
    portal = PORTALS[key]
    site = portal.build(Plan(ORIGIN))
    content = written(*(ask_site(site, url).found for _, url in site.entries))
    said = content["portal"]
    assert said["home"] == f"{ORIGIN}/"
    assert said["site_id_code"] == portal.site_id_code
    assert said.get("division") == (None if portal.site_id_code.startswith("bm") else portal.division)
    assert [(column["family"], column["url"]) for column in content["column"]] == list(site.entries)
    assert content["fetch"] == {"delay": 0}
    for column in content["column"]:
        derived = key_and_catalogue(ColumnSpec(column["family"], column["url"]))[0]
        assert column.get("key", derived) == derived, "a key that is written down changes nothing"


def test_families_are_mixed_in_one_file() -> None:
    content = written(found(f"{HOST}/zwgk/zfwj/", PAGER), found(f"{HOST}/xxgk/tzgg/", NFCMS, place="/content/post_"))
    assert [column["family"] for column in content["column"]] == ["static", "nfcms"]
    assert content["column"][0] == {
        "family": "static",
        "url": f"{HOST}/zwgk/zfwj/",
        "key": "zwgk/zfwj",
        "name": "政府文件",
        "unconfirmed": True,  # its second page held no row
    }
    assert "fetch" not in content, "the usual pauses"


def test_two_columns_never_share_a_key() -> None:
    other = "http://zjj.x.gov.cn"
    content = written(
        found(f"{HOST}/zwgk/zfwj/", PAGER), found(f"{other}/zwgk/zfwj/", PAGER, host=other), division="440899"
    )
    assert [column["key"] for column in content["column"]] == ["zwgk/zfwj", "zjj/zwgk/zfwj"]


def test_the_division_is_said_to_come_from_the_code() -> None:
    text = draft([found(f"{HOST}/zwgk/zfwj/", PAGER)], day="2026-11-22", run="x-1")
    assert 'division = "440899"                # the first six digits of the 网站标识码' in text
    assert "run x-1." in text.splitlines()[0]
    assert f"{HOST}/zwgk/zfwj/" in text.splitlines()[1]


def test_a_ministry_has_no_division() -> None:
    content = written(found(f"{HOST}/zwgk/zfwj/", PAGER, code="bm09000001"))
    assert "division" not in content["portal"]


def test_a_division_that_is_given_counts() -> None:
    assert written(found(f"{HOST}/zwgk/zfwj/", PAGER), division="440800")["portal"]["division"] == "440800"


def test_without_a_code_the_division_is_asked_for() -> None:
    nameless = found(f"{HOST}/zwgk/zfwj/", PAGER, code="")
    assert "--division" in refusal(nameless)
    assert "site_id_code" not in written(nameless, division="440800")["portal"]
    assert "440" in refusal(nameless, division="440")


def test_pages_of_two_sites_are_no_portal() -> None:
    line = refusal(found(f"{HOST}/a/zfwj/", PAGER), found(f"{HOST}/b/zfwj/", PAGER, code="4408010001"))
    assert "4408990001" in line
    assert "4408010001" in line


def test_hosts_of_files_of_the_same_site_are_named_and_others_told() -> None:
    files = (
        '<p>附件：<a href="http://file.x.gov.cn/a/1.pdf">附件1.pdf</a>'
        '<a href="http://www.elsewhere.cn/b/2.pdf">附件2.pdf</a></p>'
    )
    finding = found(f"{HOST}/zwgk/zfwj/", PAGER, files=files)
    assert written(finding)["portal"]["hosts"] == ["file.x.gov.cn"]
    assert "# attachments lie on www.elsewhere.cn" in draft([finding], day="2026-11-22", run="x")


def test_what_could_not_be_named_is_said_and_left_out() -> None:
    unknown = found(f"{HOST}/")
    text = draft([unknown, found(f"{HOST}/zwgk/zfwj/", PAGER)], day="2026-11-22", run="x")
    assert f"no family could be named: {HOST}/" in text
    assert len(tomllib.loads(text)["column"]) == 1
    assert "no family" in refusal(unknown)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.zhuhai.gov.cn/gkmlpt/index", "zhuhai"),
        ("http://zjj.zhuhai.gov.cn/gkmlpt/index", "zhuhai-zjj"),
        ("https://rsj.sh.gov.cn:8443/x", "sh-rsj"),
        ("http://www.hc.gov.cn/", "hc"),
        ("http://www.12345.gov.cn/", "host-12345"),
        ("https://www.gov.cn/", "gov"),
        ("http://127.0.0.1:8801/x", "host-127-0-0-1-8801"),
    ],
)
def test_a_key_is_made_of_the_host(url: str, key: str) -> None:
    assert key_of(url) == key
