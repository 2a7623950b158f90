"""The iList.jsp family, on pages written from portal-families.md section 5.12."""

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import ilist
from crawler.families.base import Ask, Column, ColumnSpec, ListPage
from crawler.spiders.walk import Walk
from tests.families.pages import page

URL = "https://www.mz.gov.cn/info/iList.jsp?node_id=GKmzs&cat_id=15971"
COLUMN = Column("GKmzs/15971", "法定主动内容", URL, "ilist", None)


def row(number: int, link: str = 'href="{0}"') -> str:
    address = f"/info/iIndex.jsp?node_id=GKmzs&amp;info_id={80000 + number}"
    return f"<li><a {link.format(address)}>绵竹市人民政府关于第{number}号事项的通知</a><b>2022-01-{number:02}</b></li>"


def listing(*numbers: int, behind: str = "", url: str = URL, link: str = 'href="{0}"') -> Page:
    side = '<ul class="menu"><li><a href="/info/iList.jsp?node_id=GKmzs&amp;cat_id=24186">公示公告</a></li></ul>'
    rows = "".join(row(number, link) for number in numbers)
    name = '<meta name="ColumnName" content="法定主动内容">'
    return page(f"<html>{name}<body>{side}<ul class='list_div'>{rows}</ul>{behind}</body></html>", url)


def read(found: Page, number: int = 1) -> ListPage:
    return ilist.read_list(found, COLUMN, number)


def test_a_link_of_its_own_leads_to_the_document() -> None:
    found = read(listing(1, 2, link='href="javascript:void(0)" to-href="{0}"'))
    assert [row.url for row in found.rows] == [
        f"https://www.mz.gov.cn/info/iIndex.jsp?node_id=GKmzs&info_id={80000 + n}" for n in (1, 2)
    ]
    assert found.rows[0].date == "2022-01-01"


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="/info/iList.jsp?node_id=GKmzs&amp;cat_id=15971&amp;cur_page=2">下一页</a>',
        '<a href="iList.jsp?node_id=GKmzs&amp;cat_id=15971&amp;cur_page=2">2</a>',
        "<div>第1页/共2页 <a href=\"javascript:turn('2')\">下一页</a></div>",
        "<script>var more = '/info/iList.jsp?cat_id=15971&cur_page=2';</script>",
    ],
)
def test_pages_by_their_number(pager: str) -> None:
    walk = Walk(COLUMN)
    following = walk.feed(read(listing(1, 2, behind=pager)))
    assert following == Ask(f"{URL}&cur_page=2")
    back = pager.replace("下一页", "上一页").replace("第1页", "第2页").replace("cur_page=2", "cur_page=1")
    assert walk.feed(read(listing(3, behind=back, url=f"{URL}&cur_page=2"), 2)) is None
    assert walk.end is WalkEnd.LAST_PAGE


@pytest.mark.parametrize("beyond", [(1, 2), ()])
def test_a_list_without_pager_is_asked_for_more(beyond: tuple[int, ...]) -> None:
    walk = Walk(COLUMN)
    assert walk.feed(read(listing(1, 2))) == Ask(f"{URL}&cur_page=2")
    assert walk.feed(read(listing(*beyond, url=f"{URL}&cur_page=2"), 2)) is None
    assert walk.end is not None
    assert walk.end.complete


def test_a_declared_page_without_rows_is_a_fault() -> None:
    pager = '<div>第2页/共2页 <a href="/info/iList.jsp?cat_id=15971&amp;cur_page=1">上一页</a></div>'
    with pytest.raises(LayoutError, match="no row found"):
        read(listing(behind=pager, url=f"{URL}&cur_page=2"), 2)
    with pytest.raises(LayoutError, match="no list on this page"):
        read(page("<html><body>系统维护中</body></html>", URL))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (URL, "GKmzs/15971"),
        ("http://a.gov.cn/info/iList.jsp?cat_id=10111&cur_page=1", "10111"),
        ("http://a.gov.cn/info/iList.jsp?site_id=CMSxy&cat_id=10111&tm_id=289", "CMSxy/10111"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert ilist.key(ColumnSpec("ilist", url)) == key


def test_the_column_of_a_page() -> None:
    [column] = ilist.open(listing(1, 2), ColumnSpec("ilist", URL)).columns
    assert (column.key, column.name, column.first, column.family) == ("GKmzs/15971", "法定主动内容", None, "ilist")


def test_its_signs() -> None:
    assert sum(sign.weight for sign in ilist.detect(listing(1, 2))) == 4
    assert ilist.detect(page("<html><a href='/info/1066/98.htm'>通知</a></html>")) == ()
