"""The table of paging dialects, and the tokenizer beneath it."""

import pytest

from crawler.families.lists.script import Script, tokens
from crawler.families.paging import DIALECTS, Paging, paging
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
    ("var maxPage = parseInt('12', 10), page = 3;", "3.html", "4.html", 12, None, "maxPage"),
    ("var maxPage = 12", "", "2.html", 12, None, "maxPage"),
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


VSB_LAST = """<div class="pb_sys_common"><span class="p_t">共52条</span> <span class="p_pages">
<span class="p_first p_fun"><a href="../zbgg.htm">首页</a></span>
<span class="p_prev p_fun"><a href="2.htm">上页</a></span>
<span class="p_no"><a href="../zbgg.htm">1</a></span><span class="p_no"><a href="2.htm">10</a></span>
<span class="p_no_d">11</span><span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>
</span> <span class="p_t">11/11</span></div>"""


def test_vsb_ends_at_page_1() -> None:
    assert paging(page(VSB_LAST, "http://a.gov.cn/zfcg/zbgg/1.htm")) == Paging(None, 11, 52, "link")


TREE = "urltype=tree.TreeTempUrl&wbtreeid=1003"
EGOV = "urltype=egovinfo.EgovTreeURl&wbtreeid=1066&type=egovinfosubcattree2&sccode=TJSJ&subtype=1&gilevel=1"


@pytest.mark.parametrize(
    ("own", "query"),
    [
        (f"list.jsp?{TREE}", f"a165823t=47&a165823p=2&a165823c=10&{TREE}"),  # 桂林电子科技大学 and others
        (f"lm_list.jsp?{TREE}", f"totalpage=47&PAGENUM=2&{TREE}"),  # 兰考
        (f"gkml_list.jsp?{EGOV}", f"ainfolist1813t=47&ainfolist1813p=2&ainfolist1813c=15&{EGOV}"),  # 普洱
    ],
)
@pytest.mark.parametrize("words", ["下页", "2"])
def test_vsb_counts_forward_in_queries(own: str, query: str, words: str) -> None:
    """The query says how many pages there are; ``1/47`` stands in one skin only."""
    body = f"""<div class="pages"><span class="p_no_d">1</span>
        <span class="p_no"><a href="?{query.replace("&", "&amp;")}">{words}</a></span></div>"""
    found = paging(page(body, AT + own))
    assert found == Paging(f"{AT}{own.partition('?')[0]}?{query}", 47, None, "link")


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
        (  # JEECMS: 孝感
            """<div class="pagesite"> 共241条记录 1/21页 <a disabled="disabled">首页</a>
            <a onclick="_gotoPage('index_2.jhtml');">下一页</a></div>""",
            AT + "index_2.jhtml",
        ),
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


@pytest.mark.parametrize(
    ("body", "own", "following", "pages"),
    [
        # the present page has no link, or leads here, or is marked, or is left out
        (
            '<div class="page"><a href="index_2.shtml">2</a><a href="index_3.shtml">3</a></div>',
            "",
            "index_2.shtml",
            None,
        ),
        (
            '<div class="page"><a href="/zc/">1</a><a href="index_3.shtml">3</a></div>',
            "index_2.shtml",
            "index_3.shtml",
            None,
        ),
        ('<div class="page"><a href="/zc/">1</a><a href="index_2.shtml">2</a></div>', "index_3.shtml", None, None),
        (
            '<div class="pagination"><span>1</span><a href="zfwj_2">2</a><a href="zfwj_3">3</a></div>',
            "zfwj",
            "zfwj_2",
            None,
        ),
        ('<ul class="pages"><li><a href="zfwj">1</a></li><li><a href="zfwj_2">2</a></li></ul>', "zfwj", "zfwj_2", None),
        ('<p id="fenye">[<a href="a_1">1</a>] [<b>2</b>] [<a href="a_3">3</a>]</p>', "a_2", "a_3", None),
        ('<div class="pager"><a href="a">1</a><a class="on" href="a_2">2</a></div>', "a_2", None, None),
        (
            '<div class="page"><a href="a">1</a><a class="cur" href="a_2">2</a><a href="a_3">3</a></div>',
            "x",
            "a_3",
            None,
        ),
        # beside 首页 and 尾页, and by the page's own word
        (
            '<div><a href="a">首页</a><a href="a">1</a><a href="a_2">2</a><a href="a_2">尾页</a> 第1页</div>',
            "a",
            "a_2",
            None,
        ),
        (
            '<td><a href="a">1</a><a href="a_2">2</a><a href="a_3">3</a><a href="a_3">尾页</a> 共70条 2/3页</td>',
            "x",
            "a_3",
            3,
        ),
        # numbers that only a script can ask for
        (
            '<p class="page"><a class="cur">1</a><a href="javascript:;">2</a><a href="#">9</a><a href="#">下页</a></p>',
            "a",
            None,
            9,
        ),
    ],
)
def test_numbered_pages(body: str, own: str, following: str | None, pages: int | None) -> None:
    found = paging(page(body, AT + own))
    assert found is not None
    assert (found.next, found.pages) == (AT + following if following else None, pages)


@pytest.mark.parametrize(
    "body",
    [
        "<table class='cal'><tr><td>1</td><td><a href='/d/2'>2</a></td><td><a href='/d/3'>3</a></td></tr></table>",
        "<div class='page'><div>第一章</div><a href='/2'>2</a></div>",
        f"<div class='page'><p>{'正文' * 400}</p><b>1</b><a href='/d/2'>2</a><a href='/d/3'>3</a></div>",
        "<ul><li>1<a href='/a'>文件</a></li><li>2<a href='/b'>文件</a></li></ul>",
    ],
)
def test_numbers_that_are_no_pager(body: str) -> None:
    assert paging(page(body, AT)) is None


@pytest.mark.parametrize(
    ("body", "pages", "total"),
    [
        (
            "<script>var totalCount=470;var perSize=20;var startPage=1;var endPage=24;var logicTotalPage=24;</script>",
            None,
            470,
        ),
        (
            "<script>avalon.define({$id:'list', url:'/was5/list2.trsapi', recordCount:'24', pageSize: 10})</script>",
            None,
            24,
        ),
        ('<script>var dataList=[{"infolist":[]},{"infolist":[]}];var pagesData={"pageTotal":5};</script>', 5, None),
        ("<div id='pageDec' pagesize='24' pagecount='51'></div>", 51, None),
    ],
)
def test_a_count_that_leads_nowhere(body: str, pages: int | None, total: int | None) -> None:
    """山东人社, 福建, 湖州, 河南: a script counts, and nobody can see how it asks."""
    assert paging(page(body, AT)) == Paging(None, pages, total, "count")


@pytest.mark.parametrize(
    "body",
    [
        "<script>var totalCount = 470;</script>",  # of what?
        '<script>var dataList=[{"infolist":[]}];var pagesData={"pageTotal":1};</script>',  # all of them are here
    ],
)
def test_a_count_that_says_nothing(body: str) -> None:
    assert paging(page(body, AT)) is None


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
    [
        *[(f"n = parseInt({given}){behind}", 9) for given in ("'9'", "'9', 10", "9") for behind in ("", ";", " m = 1")],
        ("n = parseInt('9') + 1", None),
        ("var n = 9", 9),
        ("n=9;m=1", 9),
        ("n = 9\nvar m", 9),
        ("n = 'x'", "x"),
        ("n = 9 + m", None),
        ("n == 9", None),
    ],
)
def test_assignments(source: str, value: object) -> None:
    assert Script(source).variables.get("n") == value
