"""Readings of saved real pages against golden files, each checked by eye against its page."""

import json
from pathlib import Path

import pytest

from archive.events import CatalogueRow
from archive.reading.labels import normalise_label
from archive.reading.page import Page
from archive.reading.read import read
from tests import golden
from tests.reading.pages import shared

MOST = "https://www.most.gov.cn/xxgk/xinxifenlei/fdzdgknr/fgzc/"
NDRC = "https://www.ndrc.gov.cn/xxgk/zcfb/fzggwl/"
CSRC = "http://www.csrc.gov.cn/csrc/c106256/"
GOV = "http://www.gov.cn/zhengce/content/"

# golden file → (saved page, its address, what its catalogue row says: title and date)
PAGES: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "most/t20250805_194336": (
        "most-xiniu/most_golden_detail_bmgz_202508_194336",
        f"{MOST}bmgz/202508/t20250805_194336.html",
        None,
    ),
    "most/t20260211_195895": (
        "most-xiniu/most_golden_detail_bmgz_202602_195895",
        f"{MOST}bmgz/202602/t20260211_195895.html",
        None,
    ),
    "most/t20240531_191008": (
        "most-xiniu/most_golden_detail_flfg_202405_191008",
        f"{MOST}flfg/202405/t20240531_191008.html",
        None,
    ),
    "most/t20241226_192778": (
        "most-xiniu/most_golden_detail_flfg_202412_192778",
        f"{MOST}flfg/202412/t20241226_192778.html",
        None,
    ),
    "most/t20260228_195992": (
        "most-xiniu/most_golden_detail_gfxwj_202602_195992",
        f"{MOST}gfxwj/gfxwj2026/202602/t20260228_195992.html",
        None,
    ),
    "ndrc/t20260409_1404577": ("ndrc-xiniu/ndrc_golden_detail_1", f"{NDRC}202604/t20260409_1404577.html", None),
    "ndrc/t20260211_1403694": ("ndrc-xiniu/ndrc_golden_detail_2", f"{NDRC}202602/t20260211_1403694.html", None),
    "csrc/c3217074": ("csrc-xiniu/csrc_golden_detail_1", f"{CSRC}c3217074/content.shtml", None),
    "csrc/c1942800": ("csrc-xiniu/csrc_golden_detail_2", f"{CSRC}c1942800/content.shtml", None),
    "csrc/c1653980": ("csrc-xiniu/csrc_golden_detail_3", f"{CSRC}c1653980/content.shtml", None),
    "csrc/c1653977": ("csrc-xiniu/csrc_golden_detail_4", f"{CSRC}c1653977/content.shtml", None),
    "csrc/c1653979": ("csrc-xiniu/csrc_golden_detail_5", f"{CSRC}c1653979/content.shtml", None),
    "gov-cn/content_5345808": ("gov-cn-sql/content_5345808.main-block", f"{GOV}2018-12/05/content_5345808.htm", None),
    "gov-cn/content_5351586": ("gov-cn-sql/content_5351586.main-block", f"{GOV}2018-12/24/content_5351586.htm", None),
    "gov-cn/content_5351707": ("gov-cn-sql/content_5351707.main-block", f"{GOV}2018-12/24/content_5351707.htm", None),
    "gov-cn/content_5353307": ("gov-cn-sql/content_5353307.main-block", f"{GOV}2018-12/29/content_5353307.htm", None),
    "ccgp/ccgp_detail": ("ccgp/ccgp_detail", "http://www.ccgp.gov.cn/cggg/zygg/202607/t1.htm", None),
    "ccgp-hebei/t20211011_1485252": (
        "ccgp-hebei/中标公告详细页面",
        "http://www.ccgp-hebei.gov.cn/cd/cd_wc/cggg/zhbggAAAA/202110/t20211011_1485252.html",
        None,
    ),
    "cmse/t20210106_47506": ("cmse/1", "http://www.cmse.gov.cn/xwzx/zhxw/202101/t20210106_47506.html", None),
    "jsggzy/jsggzy_detail": ("jsggzy/jsggzy_detail", "http://jsggzy.jszwfw.gov.cn/jyxx/003001/1.html", None),
    "shaoguan/2892": (
        "shaoguan-ghj/shaoguan-ghj-8170dd19",
        "http://www.sggh.gov.cn/Article_Show.asp?ArticleID=2892",
        ("韶关市浈江区犁市镇原犁市船厂旁地块用地证批后公告", "2015-7-2"),
    ),
}

GBK = {
    "gbk/it": ("Sun股价持续回落,与甲骨文交易前景堪忧-业界-IT评论", "http://it.example/1.html"),
    "gbk/declares-utf-8": ("阿里巴巴：制造孤独的CEO,_,支付志", "http://zhifuzhi.example/1.html"),
}


def summary(page: Page, row: CatalogueRow | None) -> dict[str, object]:
    found = read(page, row)
    return {
        "title": found.title,
        "fields": dict(found.fields),
        "text_status": found.text_status,
        "starts": found.text[:80],
        "ends": found.text[-80:],
        "lines": found.text.count("\n") + bool(found.text),
        "attachments": [[link.url, link.filename] for link in found.attachments],
        "charset": found.charset,
        "flags": list(found.flags),
        "refusal": found.refusal,
    }


def served(path: Path, url: str) -> Page:
    return Page(url, 200, (("Content-Type", "text/html"),), path.read_bytes())


@pytest.mark.parametrize("name", PAGES)
def test_saved_page(name: str) -> None:
    source, url, stated = PAGES[name]
    row = CatalogueRow(url, title=stated[0], date=stated[1]) if stated else None
    found = summary(served(shared(f"pages/detail/{source}.html"), url), row)
    golden.check(Path(__file__).with_name("golden") / f"{name}.json", found)


@pytest.mark.parametrize("name", GBK)
def test_saved_gbk_page(name: str) -> None:
    source, url = GBK[name]
    found = summary(served(shared(f"pages/gbk/cx-extractor/{source}.html"), url), None)
    golden.check(Path(__file__).with_name("golden") / f"{name}.json", found)


def test_a_list_page_that_was_taken_for_a_document_states_nothing() -> None:
    """肇庆市国土资源局: the saved "detail" page is a list. Nothing may be invented from it."""
    (path,) = shared("pages/detail/zhaoqing-gtj").glob("*.html")
    found = read(served(path, "http://www.zqgtzy.gov.cn/newsAction.do?method=queryNews&classId=1"))
    assert [name for name, _ in found.fields] == ["breadcrumb"]
    assert (found.text, found.attachments, found.refusal) == ("", (), "")


def _without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith(("most", "ndrc", "csrc"))])
def test_a_second_opinion(name: str) -> None:
    """Another project's parse of the same page: hand-set minima for most, its parser's output for ndrc and csrc.

    Where the two differ, the page was looked at: the other keeps 打印 and 排行榜 in its text and the site's name in
    csrc's titles, breaks csrc's paragraphs at every font, keeps their beginning only, and finds none of the files."""
    source, url, _ = PAGES[name]
    found = read(served(shared(f"pages/detail/{source}.html"), url))
    theirs = json.loads(shared(f"pages/detail/{source}.golden.json").read_text("utf-8"))
    if name.startswith("most"):
        assert theirs["title_contains"] in found.title
        assert len(found.text) >= theirs["min_body_len"]
        stated = {normalise_label(seen.label): seen.value for seen in reversed(found.observations)}
        assert {label: stated[label] for label in theirs["required_metadata"]} == theirs["required_metadata"]
    else:
        assert found.title in theirs["title"]
        our_text, their_text = _without_space(found.text), _without_space(theirs["body_text"])
        assert our_text in their_text or our_text.startswith(their_text.partition("下载文字版")[2])
        stated = {seen.label: seen.value for seen in found.observations}
        expected = theirs.get("source_metadata", {})
        assert {label: stated[label] for label in expected} == expected
