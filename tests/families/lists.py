"""Lists of TRS and UCAP in several skins, and the page around them. None of the markup was used to build the reader."""

from pathlib import Path

from archive.reading.page import Page
from crawler.families import static
from tests.families.pages import column, page

URL = "http://www.example.gov.cn/zwgk/zfwj/"
FIRST, SECOND, THIRD = "市政府关于印发工作方案的通知", "市政府办公室关于公布清单的通知", "关于废止部分规范性文件的决定"

SKINS = Path(__file__).parent / "skins"
FRAME = (SKINS / "frame.html").read_text(encoding="utf-8")
"""What stands around every list: navigation, breadcrumb, friends, footer."""

TRS = [
    "trs-li-date-behind",
    "trs-li-date-before",
    "trs-layout-table",
    "trs-dl",
    "trs-several-ul",
    "trs-br",
    "trs-br-before",
    "trs-date-in-link",
]
UCAP = ["ucap-ul-list", "ucap-sibling-table", "ucap-row-is-link", "ucap-day-apart", "ucap-date-first"]
DATES = ["2026-05-08", "2026-04-02", "2026-03-01"]
TRS_URLS = [
    "http://www.example.gov.cn/zwgk/zfwj/202605/t20260508_30011.html",
    "http://www.example.gov.cn/zwgk/zfwj/202604/t20260402_30002.html",
    "http://www.example.gov.cn/zwgk/zcjd/202603/t20260301_29001.html",
]
UCAP_URLS = [
    "http://www.example.gov.cn/sls/c1001/202605/0d1f5a0e6a1b4c0f9a7d3b2c1e4f5a6b.shtml",
    "http://www.example.gov.cn/sls/c1001/202604/a3c1e5f70b2d4968a1b2c3d4e5f60718.shtml",
    "http://www.example.gov.cn/sls/c1001/202603/ffee0011223344556677889900aabbcc.shtml",
]

LIST = """<ul class="list">
 <li><a href="./202605/t20260508_30011.html">市政府关于印发工作方案的通知</a><span>2026-05-08</span></li>{0}
 <li><a href="./202604/t20260402_30002.html">市政府办公室关于公布清单的通知</a><span>2026-04-02</span></li></ul>{1}"""
"""Two rows of TRS; room for something between and behind them."""


def framed(body: str, url: str = URL) -> Page:
    return page(FRAME.replace("<!-- list -->", body), url)


def skin(name: str) -> str:
    return (SKINS / f"{name}.html").read_text(encoding="utf-8")


def read(body: str, url: str = URL, **options: object) -> list[tuple[str, str, str]]:
    found = static.read_list(framed(body, url), column(url, **options), 1)
    return [(row.url, row.title, row.date) for row in found.rows]
