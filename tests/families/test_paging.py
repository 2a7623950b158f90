"""The table of paging dialects, and the tokenizer beneath it."""

import pytest

from crawler.families.paging import DIALECTS, Paging, paging
from crawler.families.script import Script, tokens
from tests.families.pages import page

AT = "http://a.gov.cn/zc/"

# script, the page's own address behind AT, next, pages, total, dialect
SCRIPTS = [
    # counted from 0: NDRC, 湖北人社, 景德镇, 重庆
    ('createPageHTML(9, 0, "index", "html");', "", "index_1.html", 9, None, "createPageHTML(number)"),
    ("createPageHTML(9,0,'index','html')", "index.html", "index_1.html", 9, None, "createPageHTML(number)"),
    ('createPageHTML( 9 , 7 ,"index","shtml")', "index_7.shtml", "index_8.shtml", 9, None, "createPageHTML(number)"),
    ('createPageHTML(9, 8, "index", "html")', "index_8.html", None, 9, None, "createPageHTML(number)"),
    ('createPageHTML(1, 0, "index", "html")', "", None, 1, None, "createPageHTML(number)"),
    ('createPageHTML(0, 0, "index", "html")', "", None, 0, None, "createPageHTML(number)"),
    ('createPageHTML(13,0,"index","shtml","black2",241);', "", "index_1.shtml", 13, 241, "createPageHTML(number)"),
    (
        'createPageHTML(13, 2, "index", "shtml", "black2")',
        "index_2.shtml",
        "index_3.shtml",
        13,
        None,
        "createPageHTML(number)",
    ),
    ("createPageHTML('9','0','index','html')", "", "index_1.html", 9, None, "createPageHTML(number)"),
    (
        "var n = 9\nvar c = 3\ncreatePageHTML(n, c, 'index', 'html')",
        "",
        "index_4.html",
        9,
        None,
        "createPageHTML(number)",
    ),
    ('createPage(5, 1, "index", "html")', "index_1.html", "index_2.html", 5, None, "createPage"),
    ("createPage(5, 0)", "list.shtml", "list_1.shtml", 5, None, "createPage"),
    # counted from 1: csrc, 邵阳, 湖南人社
    ("createPageHTML('page_div',5, 1,'fg','shtml',89);", "fg.shtml", "fg_2.shtml", 5, 89, "createPageHTML(id)"),
    ("createPageHTML('page_div',10, 10,'xlist','shtml',189)", "xlist_10.shtml", None, 10, 189, "createPageHTML(id)"),
    (
        'createPageHTML("paging", 25 ,24 , "index", "html" ,500)',
        "index_24.html",
        "index_25.html",
        25,
        500,
        "createPageHTML(id)",
    ),
    ("createPageHTML('page_div',3,2,'list','shtml')", "list_2.shtml", "list_3.shtml", 3, None, "createPageHTML(id)"),
    # ccgp
    ("Pager({size:25, current:0, prefix:'index',suffix:'htm'});", "", "index_1.htm", 25, None, "Pager"),
    ("Pager({size:25, current:24, prefix:'index',suffix:'htm'});", "", None, 25, None, "Pager"),
    # 上海人社, 淮安
    ("$('#p').pagination(\"setPage\", 1, 322)", "index.html", "index_2.html", 322, None, "setPage"),
    ("$('#p').pagination('setPage', 4, 322)", "index_4.html", "index_5.html", 322, None, "setPage"),
    ("nsetpage(1, 101, 20, 'x')", "list.html", "list_2.html", 6, 101, "nsetpage"),
    # 延安, 渭南
    ("var maxPage = parseInt('12');", "1.html", "2.html", 12, None, "maxPage"),
    ("maxPage=parseInt('12')", "12.html", None, 12, None, "maxPage"),
    # the older TRS template
    (
        "var currentPage = 2;//所在页从0开始\nvar countPage = 9//共多少页",
        "index_2.htm",
        "index_3.htm",
        9,
        None,
        "countPage",
    ),
]


@pytest.mark.parametrize(("script", "own", "following", "pages", "total", "dialect"), SCRIPTS)
def test_a_pager_in_a_script(
    script: str, own: str, following: str | None, pages: int, total: int | None, dialect: str
) -> None:
    found = paging(page(f"<div><script>\n{script}\n</script></div>", AT + own))
    assert found == Paging(AT + following if following else None, pages, total, dialect)


def test_every_dialect_has_a_case() -> None:
    assert {case[5] for case in SCRIPTS} == {name for name, _ in DIALECTS}


@pytest.mark.parametrize(
    "body",
    [
        "<script>\n<!--\n{}\n//-->\n</script>",
        "<script>/* createPageHTML(4, 0, 'index', 'html') */ {}</script>",
        "<script>// createPageHTML(4, 0, 'index', 'html')\n{}</script>",
        "<script>var u = 'http://a.gov.cn/'; {}</script>",
        "<!-- <script>createPageHTML(4, 0, 'index', 'html')</script> --><script>{}</script>",
        "<script>function createPageHTML(_n, _c, _name, _ext) {{ }}\n{}</script>",
        "<script>function createPageHTML(a, b) {{ return a + b }}</script><p></p><script>{}</script>",
        "<script><!-- createPageHTML(4, 0, 'index', 'html')\n{}</script>",
        "<script>if (x) {}</script>",
    ],
)
def test_live_and_dead_calls(body: str) -> None:
    found = paging(page(body.format("createPageHTML(9, 0, 'index', 'html');"), AT))
    assert found is not None
    assert found.pages == 9


@pytest.mark.parametrize(
    "body",
    [
        "<script>// createPageHTML(9, 0, 'index', 'html');</script>",
        "<script>/* createPageHTML(9, 0,\n'index', 'html') */</script>",
        "<!-- <script>createPageHTML(9, 0, 'index', 'html')</script> --><p></p>",
        "<script>function createPageHTML(n, c) { }</script>",
        "<script>createPageHTML(total, now)</script>",
        "<script>var s = \"createPageHTML(9, 0, 'index', 'html')\";</script>",
        "<p>createPageHTML(9, 0, 'index', 'html')</p>",
        "<a href='/'>首页</a><ul><li>文件</li></ul>",
    ],
)
def test_no_pager_at_all(body: str) -> None:
    assert paging(page(body, AT)) is None


def test_the_suffix_comes_from_the_lists_own_links() -> None:
    """A project guessed ``.html`` on ``.shtml`` sites and lost all pages but one for months."""
    rows = "".join(f'<a href="./t{number}.shtml">文件</a>' for number in range(5))
    found = paging(page(f'{rows}<a href="/index.html">首页</a><script>x.pagination("setPage", 1, 3)</script>', AT))
    assert found is not None
    assert found.next == AT + "index_2.shtml"


VSB = """<div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_t">共52条</span> <span class="p_pages">
<span class="p_first_d p_fun_d">首页</span><span class="p_prev_d p_fun_d">上页</span><span class="p_no_d">1</span>
<span class="p_no"><a href="zbgg/10.htm">2</a></span><span class="p_no"><a href="zbgg/1.htm">11</a></span>
<span class="p_next p_fun"><a href="zbgg/10.htm">下页</a></span>
<span class="p_last p_fun"><a href="zbgg/1.htm">尾页</a></span>
</span> <span class="p_t">1/11</span></div>"""


def test_vsb_counts_backwards() -> None:
    assert paging(page(VSB, "http://a.gov.cn/zfcg/zbgg.htm")) == Paging(
        "http://a.gov.cn/zfcg/zbgg/10.htm", 11, 52, "link"
    )


@pytest.mark.parametrize(
    ("body", "following"),
    [
        ('<div><a href="?page=2">下一页</a></div>', AT + "?page=2"),
        ('<div><a href="index_1.jhtml"><span>下一页</span></a></div>', AT + "index_1.jhtml"),
        ('<ul><li class="next"><a href="/gk/zc/hzgfxwj_2">下一页&gt;</a></li></ul>', "http://a.gov.cn/gk/zc/hzgfxwj_2"),
        (
            '<div><a class="prev" href="a_1.html">上一页</a><a class="next" href="a_3.html">&nbsp;下一页 ›</a></div>',
            AT + "a_3.html",
        ),
        ('<div><a href="list_3.html#top">后页</a></div>', AT + "list_3.html"),
        ('<div><a href="javascript:;" onclick="location.href=\'index_2.html\'">下一页</a></div>', AT + "index_2.html"),
        ('<div><a href="/zc/">下一页</a></div>', None),
        ("<div><a href=\"javascript:__doPostBack('ctl00$Grid','')\">下页</a></div>", None),
        ('<div><a href="index_1.html">上一页</a><span class="disabled">下一页</span></div>', None),
        ('<div><a href="index_1.html">上一页</a> 1 2</div>', None),
    ],
)
def test_a_link_to_the_next_page(body: str, following: str | None) -> None:
    found = paging(page(body, AT))
    assert found is not None
    assert (found.next, found.dialect) == (following, "link")


@pytest.mark.parametrize(
    ("link", "hidden"),
    [
        ("<a href=\"javascript:__doPostBack('ctl00$Grid$ctl28','')\">下页</a>", True),
        ('<a href="#" onclick="go(2)">下一页</a>', True),
        ('<a href="javascript:void(0)" class="disabled">下一页</a>', False),
        ('<a href="javascript:;">下一页</a>', False),
        ("<span>下一页</span>", False),
        ('<a href="index_1.html">下一页</a>', False),
    ],
)
def test_a_next_page_that_only_a_script_can_ask_for(link: str, hidden: bool) -> None:
    found = paging(page(f'<div><a href="/zc/">上一页</a>{link}</div>', AT))
    assert found is not None
    assert found.hidden is hidden


@pytest.mark.parametrize(
    ("words", "pages", "total"),
    [
        ("共24,539条 共1,227页", 1227, 24539),
        ("共70条记录&nbsp;&nbsp;第 4/5页", 5, 70),
        ("共 22699 条纪录 第 <strong>2</strong>页", None, 22699),
        ("[第<font>3</font>页][共<font>58</font>页][共<font>1447</font>条]", 58, 1447),
        ("总记录数：12 总页数：2", 2, 12),
        ("2026/05/08", None, None),
        ("", None, None),
    ],
)
def test_numbers_beside_the_link(words: str, pages: int | None, total: int | None) -> None:
    found = paging(page(f'<div class="page"><a href="?page=2">下一页</a> <span>{words}</span></div>', AT))
    assert found is not None
    assert (found.pages, found.total) == (pages, total)


# --- the tokenizer --------------------------------------------------------------------------------------------------


def test_tokens() -> None:
    source = "a('x\\'y', \"//\", 1.5, -2); /* b( */ // c(\n<!-- d(\ne=f"
    assert [(token.kind, token.value) for token in tokens(source) if token.kind != "mark"] == [
        ("name", None),
        ("string", "x'y"),
        ("string", "//"),
        ("number", None),
        ("number", 2),
        ("name", None),
        ("name", None),
    ]


@pytest.mark.parametrize(
    ("source", "args"),
    [
        ("f()", ()),
        ("f(1)", (1,)),
        ("f('a', \"b\", 3)", ("a", "b", 3)),
        ("f(g(1, 2), 3)", (None, 3)),
        ("f(1 + 2, '\\u4e2d')", (None, "中")),
        ("f(parseInt('7'), -1)", (7, None)),
        ("f(1", (1,)),
        ("x.f ( 1 , )", (1, None)),
    ],
)
def test_arguments_of_a_call(source: str, args: tuple[object, ...]) -> None:
    [call] = Script(source).calls("f")
    assert call.args == args


@pytest.mark.parametrize(
    ("source", "value"),
    [("var n = 9", 9), ("n=9;m=1", 9), ("n = 9\nvar m", 9), ("n = 'x'", "x"), ("n = 9 + m", None), ("n == 9", None)],
)
def test_assignments(source: str, value: object) -> None:
    assert Script(source).variables.get("n") == value
