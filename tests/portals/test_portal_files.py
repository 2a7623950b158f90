"""Portal files: what is read from them, and how their faults are told."""

import re
from pathlib import Path

import pytest

from archive.errors import PortalFileError, UsageError
from crawler import families, practice
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
    """The lines of the error, the file's name taken off."""
    with pytest.raises(PortalFileError) as caught:
        check(folder)
    return [line.partition(".toml: ")[2] for line in str(caught.value).splitlines()]


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
    portal = load(folder)["zhuhai-2"]
    assert (portal.key, portal.name, portal.home) == ("zhuhai-2", "珠海市人民政府", "http://www.zhuhai.gov.cn/")
    assert (portal.division, portal.site_id_code) == ("440400", "4404000001")
    assert (portal.text, portal.path) == (text, path)
    assert portal.fetch == Fetch(5.0, 90, 2)
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
        "title: is no table of a portal file here; there are: portal, column, fetch, expect",
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
        (('division = "440400"', 'site_id_code = "bm0700001"'), "portal.site_id_code: 'bm0700001' is no 网站标识码"),
        (('family = "static"', ""), "column 1: family: is missing"),
        (('family = "static"', 'family = "hanweb"'), "column 1: family: 'hanweb' is a family that is not built yet"),
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
    files = [Path(line.partition(": ")[0]).name for line in str(caught.value).splitlines()]
    assert files == ["a.toml", "b.toml", "b.toml"]


def test_a_broken_file_does_not_stop_another_portal(folder: Path) -> None:
    write(folder, "", "broken")
    write(folder, GOOD)
    assert [*load(folder, only="example")] == ["example"]


def test_the_byte_order_mark_of_notepad_is_no_fault(folder: Path) -> None:
    write(folder, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(folder)["example"].name == "示例市人民政府"


def test_the_users_folder_wins(folder: Path) -> None:
    write(folder, GOOD, "zhuhai")
    assert load(folder)["zhuhai"].name == "示例市人民政府"
    assert load()["zhuhai"].name == "珠海市人民政府"


def test_a_portal_that_is_not_known(folder: Path) -> None:
    with pytest.raises(UsageError, match="no portal 'zhuhia'; did you mean zhuhai"):
        load(only="zhuhia")
    with pytest.raises(UsageError, match="no portal 'xxxxxx'; there are: csrc, hechi"):
        load(only="xxxxxx")
    with pytest.raises(UsageError, match="no such folder"):
        load(folder / "nowhere")


def test_no_pause_is_a_warning_unless_the_portal_is_ones_own(folder: Path) -> None:
    write(folder, GOOD + "\n[fetch]\ndelay = 0\n")
    write(folder, GOOD.replace("www.example.gov.cn", "127.0.0.1:8000") + "\n[fetch]\ndelay = 0\n", "mine")
    write(folder, GOOD.replace("www.example.gov.cn", "localhost") + "\n[fetch]\ndelay = 0\n", "mine-2")
    count, warnings = check(folder)
    assert count == 3 + len([*BUILT_IN.glob("*.toml")])
    assert [(Path(warning.partition(": ")[0]).name, warning.partition(": ")[2]) for warning in warnings] == [
        ("example.toml", "fetch.delay: no pause between requests to www.example.gov.cn; give it seconds"),
    ]


def test_the_built_in_portals() -> None:
    portals = load()
    assert {"jiangmen", "zhuhai", "hechi", "qinzhou", "most", "ndrc", "csrc"} <= set(portals)
    assert check()[1] == []
    for key in ("most", "ndrc", "csrc"):
        home = f"www.{key}.gov.cn"
        assert origins(portals[key]) == {("http", home), ("https", home)}
        assert portals[key].site_id_code.startswith("bm")


def test_the_files_of_the_practice_portals_are_in_order(folder: Path) -> None:
    with practice.start() as running:
        for portal in running.values():
            write(folder, portal.portal_file(), portal.key)
    assert check(folder)[1] == []


def test_a_family_by_its_name() -> None:
    assert families.family("static").NAME == "static"
    assert set(families.FAMILIES) <= set(families.NAMES)
    with pytest.raises(UsageError, match="family 'hanweb' is not built yet"):
        families.family("hanweb")
    with pytest.raises(UsageError, match="family 'hanwep' is not known"):
        families.family("hanwep")
