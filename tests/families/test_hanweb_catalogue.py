"""Hanweb's disclosure module, which lists by a search (portal-families.md 5.2)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from archive.errors import LayoutError
from archive.reading.page import Page
from archive.vocabulary import WalkEnd
from crawler.families import hanweb
from crawler.families.base import Ask, Column, ColumnSpec
from crawler.practice import PORTALS
from crawler.practice.model import Plan, Visit
from tests.families.datastores import HOST, TITLE, URL, answer, row, said
from tests.families.pages import page
from tests.families.stroll import ORIGIN, stroll

MODULE = f"{ORIGIN}/col/col23754/index.html"


def visit(url: str, method: str = "GET", body: bytes = b"") -> Page:
    """A page of the practice portal."""
    site = PORTALS["hanweb"].build(Plan(ORIGIN))
    parts = urlsplit(url)
    got = site.pages[parts.path](Visit(method, parts.path, said(url), {}, body))
    return Page(url, got.status, (("Content-Type", "text/html; charset=utf-8"),), str(got.body).encode())


def test_the_module_is_asked_as_its_own_script_asks() -> None:
    [column] = hanweb.open(visit(MODULE), ColumnSpec("hanweb", MODULE)).columns
    assert column.first is not None
    assert (column.first.method, urlsplit(column.first.url).path) == ("POST", "/module/xxgk/search.jsp")
    form = {name: values[-1] for name, values in parse_qs(column.first.body.decode(), keep_blank_values=True).items()}
    assert (form["infotypeId"], form["jdid"], form["area"], form["divid"], form["currpage"]) == (
        *("", "1756", "11499900MB2C9-ZF", "div23754", "1"),
    )
    headers = dict(column.first.headers)
    assert headers["Referer"] == MODULE
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")


def test_rows_of_other_columns_are_left_out_and_a_page_of_them_is_no_end() -> None:
    column = Column("c", "c", URL, "hanweb", opened_module())
    other = "".join(f"<tr class='tr_main_value_odd'><td>{row(n, 999)}</td></tr>" for n in range(6))
    read = hanweb.read_list(answer(f"<table>{other}</table>共3页", column.first.url if column.first else ""), column, 2)
    assert (read.rows, read.declared_pages, read.sparse) == ((), 3, True)
    assert read.next is not None
    assert "currpage=3" in read.next.url
    assert b"currpage=3" in read.next.body
    [walk] = [walk for walk in stroll("hanweb").walks if walk.column.name == "信息公开目录"]
    assert (walk.end, walk.listed, walk.declared_total) == (WalkEnd.LAST_PAGE, 9, None)


def opened_module(**options: object) -> Ask | None:
    [column] = hanweb.open(visit(MODULE), ColumnSpec("hanweb", MODULE, options=options or None)).columns
    return column.first


def test_both_styles_of_address_are_told_apart_by_column() -> None:
    column = Column("c", "c", URL, "hanweb", opened_module())
    links = (
        "/art/2019/1/2/art_26014_11.html",
        "/art/2019/1/2/art_999_12.html",
        f"/col/col26014/art/2021/art_{'a' * 32}.html",
        f"/col/col999/art/2021/art_{'b' * 32}.html",
        f"/art/2021/art_{'c' * 32}.html",
    )
    lines = "".join(
        f'<tr class="tr_main_value_even"><td><a href="{link}" title="{TITLE}" gkfs="主动公开" syh="X/{n}">{TITLE}</a>'
        f"</td><td>2021-01-0{n + 1}</td></tr>"
        for n, link in enumerate(links)
    )
    read = hanweb.read_list(answer(f"<table>{lines}</table>共1页", f"{HOST}/module/xxgk/search.jsp"), column, 1)
    kept = [r.url.removeprefix(HOST) for r in read.rows]
    assert kept == [links[0], links[2], links[4]]  # the last one says no column: better listed than lost
    assert read.rows[0].fields == (("gkfs", "主动公开"), ("syh", "X/0"))
    assert (read.rows[0].date, read.next) == ("2021-01-01", None)


def test_cells_are_named_by_the_head_of_their_table() -> None:
    read = stroll("hanweb", variation=1).rows[f"{MODULE}"]
    assert all(label == "索引号" for r in read for label, _ in r.fields if label not in ("信息名称", "发布日期"))
    assert any(label == "索引号" and value for r in read for label, value in r.fields)


def test_a_category_is_not_sifted() -> None:
    url = f"{ORIGIN}/col/col23755/index.html?vc_xxgkarea=11499900MB2C9-ZF&number=A02&jh=263"
    [column] = hanweb.open(visit(url), ColumnSpec("hanweb", url)).columns
    assert column.first is not None
    assert b"infotypeId=A02" in column.first.body
    read = hanweb.read_list(visit(column.first.url, "POST", column.first.body), column, 1)
    assert (len(read.rows), read.declared_total, read.declared_pages, read.sparse) == (6, 8, 2, False)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [(["*"], ["信息公开目录", "规范性文件"]), (["A02"], ["规范性文件"]), (["A02", "B0303"], ["规范性文件"])],
)
def test_categories_come_from_the_tree(wanted: list[str], names: list[str]) -> None:
    spec = ColumnSpec("hanweb", MODULE, options={"categories": wanted})
    shell = hanweb.open(visit(MODULE), spec)
    assert shell.columns == ()
    assert shell.further is not None
    opening = hanweb.open(visit(shell.further.url), spec)
    assert [column.name for column in opening.columns] == names
    assert opening.skipped == ((("B0303", "not in the tree"),) if "B0303" in wanted else ())
    rules = opening.columns[-1]
    assert (rules.key, rules.url, rules.declared) == ("col/col23754/A02", f"{MODULE}#A02", 8)
    assert rules.first is not None
    form = parse_qs(rules.first.body.decode())
    assert (form["infotypeId"], form["jdid"], form["area"]) == (["A02"], ["1756"], ["11499900MB2C9-ZF"])
    assert len(hanweb.read_list(visit(rules.first.url, "POST", rules.first.body), rules, 1).rows) == 6


def test_a_tree_without_the_wanted_category_is_refused() -> None:
    spec = ColumnSpec("hanweb", MODULE, options={"categories": ["Z9"]})
    with pytest.raises(LayoutError, match="its tree of 3 categories has none of Z9"):
        hanweb.open(visit(f"{ORIGIN}/module/xxgk/tree.jsp?area=1"), spec)
    bare = page('<script>load("/module/xxgk/search.jsp?area=1")</script>', MODULE)
    with pytest.raises(LayoutError, match=r"no tree\.jsp is named"):
        hanweb.open(bare, spec)


@pytest.mark.parametrize("text", ["<div>参数错误</div>", "<html><body>系统异常</body></html>"])
def test_an_answer_that_is_no_list_of_the_module_is_refused(text: str) -> None:
    column = Column("c", "c", MODULE, "hanweb", opened_module())
    with pytest.raises(LayoutError, match="no list of the disclosure module"):
        hanweb.read_list(answer(text, f"{HOST}/module/xxgk/search.jsp"), column, 1)


def test_an_empty_list_of_the_module_is_one() -> None:
    column = Column("c", "c", MODULE, "hanweb", opened_module())
    read = hanweb.read_list(answer("<div>暂无相关信息</div>", f"{HOST}/module/xxgk/search.jsp"), column, 1)
    assert (read.rows, read.next) == ((), None)
