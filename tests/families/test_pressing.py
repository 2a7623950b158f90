"""What a browser presses where only a script turns the page."""

import pytest
from lxml import etree

from crawler.families.base import Column, ListPage
from crawler.families.lists.pressing import by_script

URL = "http://www.example.gov.cn/zwgk/zfwj/"


def pressed(
    html: str, number: int = 1, *, browser: bool = True, listed: ListPage | None = None, **options: object
) -> tuple[str, ...] | None:
    column = Column("zfwj", "政府文件", URL, "static", None, options=options or None, browser=browser)
    tree = etree.fromstring(f"<body><ul><li>行</li></ul>{html}</body>", etree.HTMLParser())
    found = by_script(listed or ListPage((), None), tree, column, number)
    return found.next.press if found.next is not None else None


@pytest.mark.parametrize(
    ("html", "selector"),
    [
        ('<a href="javascript:;" class="next">下一页</a>', 'text="下一页"'),
        ('<div class="pager"><button type="button"><span>下一页</span></button></div>', 'text="下一页"'),
        ('<div id="more">点击加载更多</div>', 'text="点击加载更多"'),
        ('<a class="layui-laypage-next" data-page="2">下一页</a>', 'text="下一页"'),
        ('<a href="#">下页 &gt;</a>', 'text="下页 >"'),
    ],
)
def test_what_turns_the_page(html: str, selector: str) -> None:
    assert pressed(html) == (selector,)
    assert pressed(html, number=3) == (selector,) * 3


@pytest.mark.parametrize(
    "html",
    [
        '<a href="?page=2">下一页</a>',  # an address: nothing to press
        '<div class="pager"><button disabled="">下一页</button></div>',
        '<li class="page-item disabled"><a href="javascript:;">下一页</a></li>',
        '<a class="layui-laypage-next layui-disabled">下一页</a>',
        '<div style="display: none"><a>加载更多</a></div>',
        "<p>下一页的内容请见附件</p>",
        "",
    ],
)
def test_what_does_not(html: str) -> None:
    assert pressed(html) is None


def test_the_portal_file_may_say_what_it_is() -> None:
    assert pressed("<button class='btn-next'><i></i></button>", next="button.btn-next") == ("button.btn-next",)
    assert pressed("<button class='btn-next' disabled><i></i></button>", next="button.btn-next") is None


def test_only_where_a_browser_is_and_the_page_does_not_say_that_it_is_the_last() -> None:
    more = '<a href="javascript:;">下一页</a>'
    assert pressed(more, browser=False) is None
    assert pressed(more, 3, listed=ListPage((), None, declared_pages=3)) is None
    column = Column("zfwj", "政府文件", URL, "static", None, browser=True)
    tree = etree.fromstring(more, etree.HTMLParser())
    assert by_script(ListPage((), None, declared_pages=2), tree, column, 1).declared_pages is None
    assert by_script(ListPage((), None, declared_pages=9), tree, column, 1).declared_pages == 9
