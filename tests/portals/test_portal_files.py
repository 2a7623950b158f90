"""Portal files: what is read from them, and how their faults are told."""

import re
from pathlib import Path

import pytest

from archive.errors import PortalFileError, UsageError
from crawler import practice
from crawler.portal import BUILT_IN, Expect, Fetch, check, load, origins

GOOD = """[portal]
name = "示例市人民政府"
home = "http://www.example.gov.cn/"
division = "440400"

[[column]]
family = "static"
url = "http://www.example.gov.cn/zwgk/zfwj/"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str | bytes, name: str = "example") -> Path:
    path = folder / f"{name}.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(folder: Path) -> list[str]:
    """The lines of the error about the folder's files, the file's name taken off."""
    with pytest.raises(PortalFileError) as caught:
        check(folder)
    lines = [line for line in str(caught.value).splitlines() if line.startswith(f"{folder}/")]
    return [line.partition(".toml: ")[2] for line in lines]


def warned(folder: Path) -> list[tuple[str, str]]:
    """The warnings about the folder's files: key, what."""
    lines = [line for line in check(folder)[1] if line.startswith(f"{folder}/")]
    return [(Path(line.partition(": ")[0]).stem, line.partition(": ")[2]) for line in lines]


def test_a_file_with_everything(folder: Path) -> None:
    text = """[portal]
name = "珠海市人民政府"
home = "http://www.zhuhai.gov.cn/"
division = "440400"
site_id_code = "4404000001"
hosts = ["zjj.zhuhai.gov.cn", "https://www.zhuhai.gov.cn:8443/"]
unconfirmed = true

[[column]]
family = "gkmlpt"
url = "http://www.zhuhai.gov.cn/gkmlpt/index"

[column.gkmlpt]
categories = [11, 12]

[[column]]
family = "static"
url = "https://www.zhuhai.gov.cn/zw/fggw/gfxwj/index.html"
key = "gfxwj"
name = "规范性文件"
unconfirmed = true

[column.static]
rows = "ul.list > li"
detail = 'post_\\d+'

[fetch]
delay = 5.0
timeout = 90
concurrency = 2

[expect]
entries_min = 3000
fill_min = { title = 1.0, doc_number = 0.4, text = 0.9 }
"""
    path = write(folder, text, "zhuhai-2")
    portal = load(folder, only="zhuhai-2")["zhuhai-2"]
    assert (portal.key, portal.name, portal.home) == ("zhuhai-2", "珠海市人民政府", "http://www.zhuhai.gov.cn/")
    assert (portal.division, portal.site_id_code) == ("440400", "4404000001")
    assert (portal.text, portal.path) == (text, path)
    assert portal.fetch == Fetch(5.0, 90, 2)
    assert portal.unconfirmed
    assert [column.unconfirmed for column in portal.columns] == [False, True]
    assert portal.to_confirm == portal.columns
    assert portal.expect == Expect(3000, {"title": 1.0, "doc_number": 0.4, "text": 0.9})
    tree, rules = portal.columns
    assert (tree.family, tree.key, tree.options) == ("gkmlpt", "", {"categories": [11, 12]})
    assert (rules.key, rules.name) == ("gfxwj", "规范性文件")
    assert rules.options == {"rows": "ul.list > li", "detail": "post_\\d+"}
    assert origins(portal) == {
        ("http", "www.zhuhai.gov.cn"),
        ("https", "www.zhuhai.gov.cn"),
        ("https", "www.zhuhai.gov.cn:8443"),
        ("http", "zjj.zhuhai.gov.cn"),
        ("https", "zjj.zhuhai.gov.cn"),
    }


def test_what_a_file_leaves_out(folder: Path) -> None:
    write(folder, GOOD)
    portal = load(folder, only="example")["example"]
    assert (portal.site_id_code, portal.hosts, portal.fetch, portal.expect) == ("", (), Fetch(), Expect())
    assert portal.columns[0].options is None
    assert portal.to_confirm == ()


def test_only_the_marked_columns_are_to_be_confirmed(folder: Path) -> None:
    more = '\n[[column]]\nfamily = "static"\nurl = "http://www.example.gov.cn/zwgk/ghjh/"\nunconfirmed = true\n'
    write(folder, GOOD + more)
    portal = load(folder, only="example")["example"]
    assert [column.url for column in portal.to_confirm] == ["http://www.example.gov.cn/zwgk/ghjh/"]


def test_ten_faults_give_ten_lines(folder: Path) -> None:
    write(
        folder,
        """title = "x"

[portal]
naem = "示例市"
home = "www.example.gov.cn"
division = "4404"
site_id_code = "44040000"

[[column]]
family = "gkmplt"
url = "ftp://www.example.gov.cn/zwgk/"

[fetch]
delay = -1
timout = 30

[expect]
fill_min = { title = 1.5 }
""",
    )
    found = told(folder)
    assert found == [
        "title: is no table of a portal file here; there are: portal, column, fetch, schedule, expect",
        "portal.name: is missing",
        "portal.naem: is no key of a portal file here; did you mean name?",
        "portal.home: 'www.example.gov.cn' is no address; "
        "write it whole, such as http://www.zhuhai.gov.cn/gkmlpt/index",
        "portal.division: '4404' is no 行政区划代码; write six digits in quotes, such as \"440400\"",
        "portal.site_id_code: '44040000' is no 网站标识码; it has ten digits, or bm and eight digits, in quotes",
        "column 1: family: 'gkmplt' is no family; did you mean gkmlpt?",
        "column 1: url: 'ftp://www.example.gov.cn/zwgk/': only http and https can be crawled",
        "fetch.delay: -1 must be seconds, 0 or more",
        "fetch.timout: is no key of a portal file here; did you mean timeout?",
        "expect.fill_min: title: 1.5 must be a share between 0 and 1",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("[[column]]", "[[columns]]"), "columns: is no table of a portal file here; did you mean column?"),
        (('name = "示例市人民政府"', 'name = " "'), "portal.name: ' ' must be text in quotes"),
        (('name = "示例市人民政府"', "name = 5"), "portal.name: 5 must be text in quotes"),
        (('division = "440400"', "division = 440400"), "portal.division: 440400 is no 行政区划代码; write six digits"),
        (('division = "440400"', ""), "portal.division: is missing; the 行政区划代码"),
        (('"440400"', '"470400"'), "portal.division: '470400' is no 行政区划代码: no province is 47"),
        (('"440400"', '"440004"'), "portal.division: '440004' is no 行政区划代码: a county without its prefecture"),
        (('division = "440400"', 'site_id_code = "bm0700001"'), "portal.site_id_code: 'bm0700001' is no 网站标识码"),
        (('family = "static"', ""), "column 1: family: is missing"),
        (('family = "static"', 'family = ["static"]'), "column 1: family: ['static'] is no family"),
        (('url = "http:', 'name = "http:'), "column 1: url: is missing"),
        (('url = "http:', 'url = "http ://a b'), "column 1: url: 'http ://a b//www.example.gov.cn/zwgk/zfwj/' is no"),
        (
            ('url = "http:', 'url = "http://x:99999'),
            "column 1: url: 'http://x:99999//www.example.gov.cn/zwgk/zfwj/' is",
        ),
        (
            ('family = "static"', 'family = "static"\nkay = "a"'),
            "column 1: kay: is no key of a portal file here; did you",
        ),
        (("[[column]]", "[fetch]\ndelay = nan\n[[column]]"), "fetch.delay: nan must be seconds, 0 or more"),
        (("[[column]]", "[fetch]\ndelay = true\n[[column]]"), "fetch.delay: True must be seconds, 0 or more"),
        (("[[column]]", '[fetch]\ndelay = "5"\n[[column]]'), "fetch.delay: '5' must be seconds, 0 or more"),
        (("[[column]]", "[fetch]\ntimeout = 0\n[[column]]"), "fetch.timeout: 0 must be seconds, more than 0"),
        (("[[column]]", "[fetch]\nconcurrency = 2.5\n[[column]]"), "fetch.concurrency: 2.5 must be a whole number"),
        (("[portal]", '[portal]\nunconfirmed = "no"'), "portal.unconfirmed: 'no' must be true or false"),
        (("[portal]", "fetch = 5\n[portal]"), "fetch: must be a table: [fetch]"),
        (("[[column]]", "[expect]\nentries_min = -1\n[[column]]"), "expect.entries_min: -1 must be a whole number"),
        (
            ("[[column]]", "[expect]\npause_until = '2027-03-01'\npause_reason = 'x'\n[[column]]"),
            "expect.pause_until: '2027-03-01' must be a day without quotes, such as 2027-03-01",
        ),
        (("[[column]]", "[expect]\npause_until = 2027-03-01\n[[column]]"), "expect.pause_reason: is missing"),
        (("[[column]]", "[expect]\nfill_min = 0.5\n[[column]]"), "expect.fill_min: must be a table of fields"),
        (
            ("[[column]]", "[expect]\nfill_min = { docnumber = 0.5 }\n[[column]]"),
            "expect.fill_min: docnumber is no field; did you mean doc_number?",
        ),
        (
            ('division = "440400"', 'division = "440400"\nhosts = "a.gov.cn"'),
            "portal.hosts: must be a list of addresses",
        ),
        (
            ('division = "440400"', 'division = "440400"\nhosts = ["a.gov.cn/zwgk", "b.gov.cn"]'),
            "portal.hosts: 'a.gov.cn/zwgk' is neither an address nor a host name",
        ),
        (
            ('zfwj/"', 'zfwj/"\n[column.static]\nrow = "li"'),
            "column 1: static.row: is no key of a portal file here; did",
        ),
        (('zfwj/"', 'zfwj/"\n[column.static]\nrows = "li >"'), "column 1: static.rows: is no CSS selector"),
        (('zfwj/"', 'zfwj/"\n[column.static]\nrows = 5'), "column 1: static.rows: is no CSS selector"),
        (('zfwj/"', 'zfwj/"\n[column.static]\ndetail = "("'), "column 1: static.detail: is no regular expression"),
        (('zfwj/"', 'zfwj/"\n[column.gkmlpt]\ncategories = [1]'), "column 1: gkmlpt: options of another family"),
        (('zfwj/"', 'zfwj/"\nstatic = "li"'), "column 1: static: must be a table: [column.static]"),
    ],
)
def test_one_fault_gives_one_line(folder: Path, change: tuple[str, str], line: str) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    write(folder, text)
    found = told(folder)
    if change[1] == "[[columns]]":
        assert found.pop() == "column: is missing; there must be at least one [[column]] with family and url"
    assert len(found) == 1
    assert found[0].startswith(line)


@pytest.mark.parametrize(
    ("column", "line"),
    [
        (
            'family = "static"\nurl = "https://www.example.gov.cn/zwgk/zfwj/"',
            "column 2: url: is the url of column 1 already",
        ),
        (
            'family = "static"\nurl = "http://czj.example.gov.cn/zwgk/zfwj/"',
            "column 2: key: 'zwgk/zfwj' is the key of column 1 already; give this one its own",
        ),
        (
            'family = "static"\nurl = "http://www.example.gov.cn/zwgk/tzgg/"\nkey = "zwgk/zfwj"',
            "column 2: key: 'zwgk/zfwj'",
        ),
    ],
)
def test_columns_that_collide(folder: Path, column: str, line: str) -> None:
    write(folder, f"{GOOD}\n[[column]]\n{column}\n")
    [found] = told(folder)
    assert found.startswith(line)


def test_two_sites_of_the_gkmlpt_platform_need_a_key(folder: Path) -> None:
    """Its ids are shared by all sites; entry points of one site are one tree."""
    text = GOOD.replace('"static"', '"gkmlpt"').replace("/zwgk/zfwj/", "/gkmlpt/index#11")
    more = '\n[[column]]\nfamily = "gkmlpt"\nurl = "http://{}/gkmlpt/policy#12"\n'
    write(folder, text + more.format("www.example.gov.cn") + more.format("www.example.gov.cn/zjj"))
    assert len(load(folder, only="example")["example"].columns) == 3
    write(folder, text + more.format("zjj.example.gov.cn"))
    assert told(folder) == ["column 2: key: '' is the key of column 1 already; give this one its own"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[portal]\nname = "a\n', r"not TOML: .* \(at line 2, column \d+\)"),
        ("[portal]\nname = 1\nname = 2\n", r"not TOML: .* \(at line 3, column \d+\)"),
        ('[portal]\nname = "示例市"\n'.encode("gb18030"), "line 2: not UTF-8; save the file as UTF-8"),
        ("", r"portal: is missing; a file starts with \[portal\], its name and its home"),
    ],
)
def test_a_file_that_is_none(folder: Path, text: str | bytes, line: str) -> None:
    write(folder, text)
    assert re.fullmatch(line, told(folder)[0])


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    (folder / "example.toml").mkdir()
    [line] = told(folder)
    assert line.startswith("cannot be read: ")


def test_a_name_that_is_no_key(folder: Path) -> None:
    write(folder, GOOD, "珠海")
    [line] = told(folder)
    assert line.startswith("'珠海' cannot be a portal's key; name the file with a-z, 0-9 and -")


def test_faults_of_several_files_at_once(folder: Path) -> None:
    write(folder, GOOD.replace("http://www.example.gov.cn/zwgk", "zwgk"), "a")
    write(folder, "", "b")
    write(folder, GOOD, "c")
    with pytest.raises(PortalFileError) as caught:
        load(folder)
    lines = [line for line in str(caught.value).splitlines() if line.startswith(f"{folder}/")]
    assert [Path(line.partition(": ")[0]).name for line in lines] == ["a.toml", "b.toml", "b.toml"]


def test_a_broken_file_does_not_stop_another_portal(folder: Path) -> None:
    write(folder, "", "broken")
    write(folder, GOOD)
    assert [*load(folder, only="example")] == ["example"]


def test_the_byte_order_mark_of_notepad_is_no_fault(folder: Path) -> None:
    write(folder, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(folder, only="example")["example"].name == "示例市人民政府"


def test_the_users_folder_wins(folder: Path) -> None:
    write(folder, GOOD, "zhuhai")
    assert load(folder, only="zhuhai")["zhuhai"].name == "示例市人民政府"
    assert load(only="zhuhai")["zhuhai"].name == "珠海市人民政府"


def test_a_portal_that_is_not_known(folder: Path) -> None:
    with pytest.raises(UsageError, match="no portal 'zhuhia'; did you mean zhuhai"):
        load(only="zhuhia")
    with pytest.raises(UsageError, match="no portal 'xxxxxx'; `gongkai portals` lists those"):
        load(only="xxxxxx")
    with pytest.raises(UsageError, match="no such folder"):
        load(folder / "nowhere")


def test_no_pause_is_a_warning_unless_the_portal_is_ones_own(folder: Path) -> None:
    write(folder, GOOD + "\n[fetch]\ndelay = 0\n")
    write(folder, GOOD.replace("www.example.gov.cn", "127.0.0.1:8000") + "\n[fetch]\ndelay = 0\n", "mine")
    write(folder, GOOD.replace("www.example.gov.cn", "localhost") + "\n[fetch]\ndelay = 0\n", "mine-2")
    assert check(folder)[0] == 3 + len([*BUILT_IN.glob("*.toml")])
    assert warned(folder) == [
        ("example", "fetch.delay: no pause between requests to www.example.gov.cn; give it seconds"),
    ]


def test_a_code_of_another_division_is_a_warning(folder: Path) -> None:
    write(folder, GOOD.replace("[[column]]", 'site_id_code = "4407000041"\n\n[[column]]'))
    assert warned(folder) == [("example", "portal.site_id_code: 4407000041 is of another division than 440400")]
    write(folder, GOOD.replace("[[column]]", 'site_id_code = "4404000041"\n\n[[column]]'))
    assert warned(folder) == []


@pytest.mark.parametrize(
    ("url", "families"),
    [
        ("http://www.example.gov.cn/gkmlpt/index#721", "gkmlpt"),
        ("http://www.example.gov.cn/zjj/gkmlpt/policy", "gkmlpt"),
        ("https://www.example.gov.cn/col/col26014/index.html", "hanweb or jpaas"),
        ("https://www.example.gov.cn/jpaas-jpolicy-web-server/front/info/list", "jpaas"),
        ("https://www.example.gov.cn/fcsrmzf/gfxwj/pc/list.html", "pclist"),
        ("https://www.example.gov.cn/zwgk/public/column/6636765?type=4&catId=7025201&action=list", "lonsun"),
        ("https://www.example.gov.cn/dynamic/zwgk/govInfoPub.html?categorynum=003001002", "epoint"),
        ("https://www.example.gov.cn/info/iList.jsp?cat_id=10111&cur_page=1", "ilist"),
        ("https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gb", "sousuo"),
    ],
)
def test_an_address_that_another_family_makes_is_a_warning(folder: Path, url: str, families: str) -> None:
    write(folder, GOOD.replace("http://www.example.gov.cn/zwgk/zfwj/", url))
    assert warned(folder) == [("example", f"column 1: family: the address looks like {families}, not like static")]


@pytest.mark.parametrize("path", ["zwgk/col/", "cdsrmzf/c165075/zcwjk.shtml", "public/", "zwgk/lzyj.htm", "gkml/"])
def test_an_address_that_says_nothing_is_none(folder: Path, path: str) -> None:
    write(folder, GOOD.replace("zwgk/zfwj/", path))
    assert warned(folder) == []


def test_what_two_files_say_is_a_warning(folder: Path) -> None:
    write(folder, GOOD, "a")
    write(folder, GOOD.replace('home = "http:', 'home = "https:').replace("zwgk/zfwj/", "zwgk/ghjh/"), "b")
    write(folder, GOOD.replace('home = "http://www.', 'home = "http://czj.'), "c")
    assert warned(folder) == [
        ("b", "portal.home: is the home of a already"),
        ("c", "column 1: url: is a column of a already"),
    ]


def test_a_file_that_takes_another_ones_place_is_no_double(folder: Path) -> None:
    write(folder, (BUILT_IN / "zhuhai.toml").read_text(encoding="utf-8"), "zhuhai")
    assert warned(folder) == []


def test_the_files_of_the_practice_portals_are_in_order(folder: Path) -> None:
    with practice.start() as running:
        for portal in running.values():
            write(folder, portal.portal_file(), portal.key)
    assert warned(folder) == []
