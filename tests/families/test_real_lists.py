"""Lists of real portals, row by row. The golden files were compared with the pages by eye."""

import pytest

from archive.errors import LayoutError
from crawler.families import static
from crawler.families.base import ColumnSpec
from tests.families.pages import compare, saved

LISTS = {
    "csrc": ("csrc-xiniu/csrc_golden_list_1.html", "http://www.csrc.gov.cn/csrc/c106256/fg.shtml"),
    "most": ("most-xiniu/most_golden_list_page.html", "http://www.most.gov.cn/xxgk/xinxifenlei/fdzdgknr/fgzc/"),
    "ndrc": ("ndrc-xiniu/ndrc_golden_index.html", "http://www.ndrc.gov.cn/xxgk/zcfb/fzggwl/"),
    "ccgp": ("ccgp/ccgp_list.html", "https://www.ccgp.gov.cn/cggg/zygg/"),
    "zhaoqing": (
        "zhaoqing-gcjs/zhaoqing-gcjs-3e00a0e7.html",
        "http://sxpt.zhaoqing.gov.cn/xmxxml/xmjsglgkxx/jjgysxx/",
    ),
    "shaoguan": (
        "shaoguan-zwgk/shaoguan-zwgk-efedf94b.html",
        "http://zwgk.shaoguan.gov.cn/website/govPublic/govPublicSiteAction!deptgovp_list.action",
    ),
    "gd": ("gd/gd_page.txt", "http://www.gd.gov.cn/zwgk/czxx/index.html"),
    "nmpa": ("nmpa/page_20251014T112101_200.html", "https://www.nmpa.gov.cn/yaopin/ypggtg/index.html"),
    "nmpa-news": ("nmpa/page_20251014T112104_200.html", "https://www.nmpa.gov.cn/yaopin/ypjgdt/index.html"),
    "jiujiang": ("jiujiang-search/index.html", "https://www.jiujiang.gov.cn/irs-c-web/search"),
    "huizhou": ("huizhou-court/huizhou.html", "http://www.hzzy.gov.cn/courtweb/front/gzxxList/JD0-qbcx-down-1-"),
    "jiangmen": ("jiangmen-gcjs/jiangmen-gcjs-c15e43ee.html", "http://gcjs.jiangmen.gov.cn/InfoList.aspx?page=3"),
    "shaoguan-land": ("shaoguan-land/shaoguan-land-3c8cd6b4.html", "http://www.sgland.gov.cn/ggxx.asp"),
    "yangjiang": ("yangjiang-js/yangjiang-js-42bf5e6b.html", "http://www.yjjs.gov.cn/list.asp"),
    "zhuhai": ("zhuhai-js/zhuhai-js-8dc89117.html", "http://www.zhzgj.gov.cn/WxList.aspx?page=2"),
}

NAMES = {
    "csrc": "规章",
    "most": "法规政策",
    "ndrc": "发展改革委令",
    "ccgp": "中央公告",
    "zhaoqing": "交竣工验收信息",
    "gd": "财政信息",
}


@pytest.mark.parametrize("name", LISTS)
def test_rows_and_paging_of_a_saved_list(name: str) -> None:
    file, url = LISTS[name]
    found = saved(file, url)
    opening = static.open(found, ColumnSpec("static", url))
    [column] = opening.columns
    assert column.first is None
    assert column.name == NAMES.get(name, column.name)
    compare(name, static.read_list(found, column, 1))


@pytest.mark.parametrize("name", LISTS)
def test_a_saved_list_is_detected(name: str) -> None:
    assert sum(sign.weight for sign in static.detect(saved(*LISTS[name]))) >= 2


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        ("ccgp-hebei/index_651.html", "no list on this page of 5916 bytes"),  # navigation alone
        ("ccgp-hebei/index_651.browser-saved.html", "no list on this page of 6195 bytes"),
        ("mof/mof_page.txt", "no list on this page of 30787 bytes"),  # a map of provinces
        ("sz-pnr/sz-pnr-f08f94ca.html", "several pages declared, and no row"),  # contracts, none of which is linked
    ],
)
def test_a_page_that_leads_to_no_document_is_refused(file: str, seen: str) -> None:
    url = "http://www.example.gov.cn/list/"
    [column] = static.open(saved(file, url), ColumnSpec("static", url)).columns
    with pytest.raises(LayoutError, match=seen):
        static.read_list(saved(file, url), column, 1)


@pytest.mark.parametrize(
    "file",
    [
        "jsggzy/jsggzy_list.json",
        *(f"nfra-xiniu/nfra_golden_{kind}_00{number}.html" for kind in ("list", "detail") for number in (1, 2, 3, 4)),
    ],
)
def test_an_answer_that_is_no_page_is_refused(file: str) -> None:
    url = "http://www.example.gov.cn/list/"
    with pytest.raises(LayoutError, match="JSON instead of a page"):
        static.open(saved(file, url), ColumnSpec("static", url))
    assert static.detect(saved(file, url)) == ()
