import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.refusal import Refusal, is_barrier, refusal
from tests.reading.pages import GKMLPT, INTERTID, PARAGRAPHS, UCAP, shared

HTML = (("Content-Type", "text/html; charset=utf-8"),)
RUISHU = "<html><head><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=81494;</script></head></html>"
NAVIGATION = "<ul>" + "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(60)) + "</ul>"

ANSWERS = [
    (412, RUISHU, "ruishu_412"),
    (412, "", "ruishu_412"),
    (202, RUISHU, "ruishu_202"),
    (200, RUISHU, "ruishu"),
    (521, "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>", "jiasule_521"),
    (
        200,
        "<script>document.cookie=('_')+('j');location.href=location.pathname+location.search</script>",
        "jiasule_521",
    ),
    (418, "", "chuangyu_418"),
    (405, "", "waf_405"),
    (468, "", "waf_468"),
    (493, "", "waf_493"),
    (403, "<h1>403 Forbidden</h1>", "forbidden_403"),
    (429, "", "rate_limited_429"),
    (404, "<h1>404</h1>", "not_found"),
    (410, "", "not_found"),
    (500, "", "http_error"),
    (200, "", "empty_body"),
    (200, "<html><body>error code 15 policy 9</body></html>", "stub"),
    (200, "<html><script>var a=1;eval(b)</script></html>", "stub"),
    (200, "<html><script src='/app.js'></script><div id='app'></div></html>", "shell"),
    (200, "<html><meta http-equiv='refresh' content='0; url=index.html'></html>", "redirect_page"),
    (200, "<script>window.location.href='/zwgk/index.html';</script>", "redirect_page"),
    (200, "<html><body>请完成安全验证后继续访问<script>go()</script></body></html>", "captcha"),
    (200, "<html><body><h2>您的访问请求被拦截</h2><p>网站防火墙</p></body></html>", "waf_text"),
    (200, "<html><body>不合法的参数</body></html>", "waf_text"),
    (200, "<style>p{}</style><p>本网站只能被校内IP地址访问</p>", "restricted"),
    (200, f"<html><body>{NAVIGATION}<p>您访问的页面不存在或已被删除</p></body></html>", "soft_404"),
    (200, f"<html><title>404 - 某市人民政府</title><body>{NAVIGATION}</body></html>", "soft_404"),
    (200, "<script>alert('该信息不存在');history.back();</script>", "soft_404"),
    (200, "<html><body>抱歉，该文章已被删除！</body></html>", "soft_404"),
]


@pytest.mark.parametrize(("status", "body", "name"), ANSWERS)
def test_a_refusal_has_a_name(status: int, body: str, name: str) -> None:
    assert refusal(status, HTML, body.encode()) == name
    assert name in list(Refusal)


PROSE = "<p>经检查，部分网站存在页面不存在、打不开等问题，访问请求被拒绝的情况时有发生，请输入验证码的页面不便。</p>"

ORDINARY = [
    ("text/html", GKMLPT),
    ("text/html", UCAP),
    ("text/html", INTERTID),
    ("text/html", f"<html><body><div id='zoom'>{PROSE}{PARAGRAPHS}</div></body></html>"),
    (
        "text/html",
        f"<html><meta name='ArticleTitle' content='关于网站检查的通报'><body><p>页面不存在</p>{PROSE}</body></html>",
    ),
    ("text/html", f"<html><body>{PARAGRAPHS * 3}<form>请输入验证码<img src='/captcha.jpg'></form></body></html>"),
    ("text/html", f"<html><body><script>{RUISHU[30:]}</script>{PARAGRAPHS * 12}</body></html>"),
    ("text/html", "<p>短通知：明日停水。</p>"),
    ("application/json", '{"articles":[]}'),
    ("text/html", '{"data":{"total":0}}'),
    ("text/html", 'cb({"result":""})'),
    ("text/html", "<datastore></datastore>"),
    ("text/xml", "<?xml version='1.0'?><datastore/>"),
    ("text/plain", "User-agent: *\nDisallow:"),
    ("text/html", "User-agent: *\nDisallow:"),
    ("application/pdf", "%PDF-1.4"),
    ("", "%PDF-1.4"),
]


@pytest.mark.parametrize(("mime", "body"), ORDINARY)
def test_an_ordinary_answer_has_none(mime: str, body: str) -> None:
    assert refusal(200, (("Content-Type", mime),) if mime else (), body.encode()) == ""


def test_the_charset_does_not_hide_a_refusal() -> None:
    body = "<html><body><p>您访问的页面不存在</p></body></html>".encode("gb18030")
    assert refusal(200, (("content-type", "text/html"),), body) == Refusal.SOFT_404


def test_what_is_gone_is_no_barrier() -> None:
    barriers = {name for name in Refusal if is_barrier(name)}
    assert set(Refusal) - barriers == {
        "soft_404",
        "not_found",
        "http_error",
        "redirect_page",
        "restricted",
        "shell",
        "empty_body",
    }
    assert not is_barrier("")


def test_saved_challenges_are_named() -> None:
    blocked = shared("pages/blocked")
    for path, status, name in (
        ("ruishu-412-customs/412.html", 412, "ruishu_412"),
        ("ruishu-412-customs/ts_init.js", 200, "ruishu"),
        ("ruishu-nmpa/new.html", 200, "ruishu"),
        ("jsl-521-mps/challenge1_raw.js", 521, "jiasule_521"),
        ("jsl-521-mps/challenge1_raw.js", 200, "jiasule_521"),
    ):
        assert refusal(status, HTML, (blocked / path).read_bytes()) == name, path


def test_saved_ordinary_pages_are_not_refused() -> None:
    pages = shared("pages")
    seen = 0
    for folder in ("detail", "list", "gbk", "labelled"):
        for path in sorted((pages / folder).rglob("*")):
            if path.is_file() and not path.name.endswith(".golden.json"):
                header = HTML[:0] if path.suffix in (".xml", ".json") else (("Content-Type", "text/html"),)
                assert refusal(200, header, path.read_bytes()) == "", path.name
                seen += 1
    assert seen > 50


@given(st.integers(0, 999), st.binary(max_size=300))
def test_never_raises(status: int, body: bytes) -> None:
    assert refusal(status, HTML, body) in ("", *Refusal)
