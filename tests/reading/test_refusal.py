import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reading.refusal import Refusal, is_barrier, refusal
from tests.reading.pages import GKMLPT, INTERTID, PARAGRAPHS, UCAP, shared

HTML = (("Content-Type", "text/html; charset=utf-8"),)
RUISHU = "<html><head><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=81494;</script></head></html>"
APPLICATION = "<noscript>请启用 JavaScript。</noscript><div id='app'></div><script src='/app.js'></script>"
NAVIGATION = "<ul>" + "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(60)) + "</ul>"

ANSWERS = [
    (412, RUISHU, "ruishu_412"),
    (412, "", "ruishu_412"),
    (202, RUISHU, "ruishu_202"),
    (200, RUISHU, "ruishu"),
    (521, "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>", "jiasule_521"),
    (
        200,
        "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('=1');location.href=location.pathname</script>",
        "jiasule_521",
    ),
    (200, "<script>document.cookie='C3VK=1';location.href=location.href</script>", "cookie_script"),
    (200, "<script>document.cookie='C3VK=1';window.location.reload()</script>", "cookie_script"),
    (400, "<h1>400 Bad Request</h1>", "bad_request_400"),
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
    (200, f"<html><title>某某区人民政府门户网站</title>{APPLICATION}</html>", "shell"),
    (200, f"<html><style>{'p{color:red}' * 2000}</style>{APPLICATION}</html>", "shell"),
    (200, "<html><title>某市</title><script src='/a/b.js'></script></html>", "stub"),
    (200, "<html><meta http-equiv='refresh' content='0; url=index.html'></html>", "redirect_page"),
    (200, "<script>window.location.href='/zwgk/index.html';</script>", "redirect_page"),
    (200, "<html><body>请完成安全验证后继续访问<script>go()</script></body></html>", "captcha"),
    (200, "<html><body><h2>您的访问请求被拦截</h2><p>网站防火墙</p></body></html>", "waf_text"),
    (200, "<html><body>不合法的参数</body></html>", "waf_text"),
    (200, "<html><body><p>访问过于频繁，请稍后再试</p></body></html>", "rate_limited"),
    (200, "<html><form action='/wzws-waf-cgi/'><p>请完成验证</p></form></html>", "captcha"),
    (200, "<style>p{}</style><p>本网站只能被校内IP地址访问</p>", "restricted"),
    (200, "<h3>该信息限校内IP访问</h3>", "restricted"),
    (200, "<p>本站禁止境外用户访问</p>", "restricted"),
    (200, f"<html><body>{NAVIGATION}<p>您访问的页面不存在或已被删除</p></body></html>", "soft_404"),
    (200, f"<html><title>404 - 某市人民政府</title><body>{NAVIGATION}</body></html>", "soft_404"),
    (200, "<script>alert('该信息不存在');history.back();</script>", "soft_404"),
    (200, "<html><body>抱歉，该文章已被删除！</body></html>", "soft_404"),
    (200, "<html><body><p>您查看的内容已下架</p></body></html>", "soft_404"),
]


@pytest.mark.parametrize(("status", "body", "name"), ANSWERS)
def test_a_refusal_has_a_name(status: int, body: str, name: str) -> None:
    assert refusal(status, HTML, body.encode()) == name
    assert name in list(Refusal)


@pytest.mark.parametrize(
    ("headers", "body", "name"),
    [
        ({"WZWS-RAY": "1253-w-waf01"}, "", "wzws_403"),
        ({"Set-Cookie": "wzws_cid=0; path=/"}, "<h1>403</h1>", "wzws_403"),
        ({}, "<p>GeoBL</p>", "wzws_403"),
        ({"X-Via": "1.1 a:5 (Cdn Cache Server V2.0)[0 403 3]"}, "", "wangsu_403"),
        ({"X-Ws-Request-Id": "5a732efc"}, "", "wangsu_403"),
        ({"X-Tengine-Error": "denied by Referer ACL"}, "", "referer_403"),
        ({}, "<p>防盗链</p>", "referer_403"),
        ({"Referrer-Policy": "no-referrer"}, "<h1>403 Forbidden</h1>", "forbidden_403"),
    ],
)
def test_who_forbids_it(headers: dict[str, str], body: str, name: str) -> None:
    assert refusal(403, (*HTML, *headers.items()), body.encode()) == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"code":403,"msg":"请输入验证码","data":null}', "captcha"),
        ('{"success":false,"message":"您的请求被拦截","rows":[]}', "waf_text"),
        ('{"errMsg":"访问过于频繁","data":{}}', "rate_limited"),
        ('{"msg":"请输入验证码","data":{"rows":[{"title":"通知"}]}}', ""),
        ('{"title":"关于启用安全验证的通知","content":""}', ""),
        ('{"msg":"ok","data":null}', ""),
        ('["请输入验证码"]', ""),
        ("{" * 1000, ""),
    ],
)
def test_json_that_brings_a_refusal_instead_of_data(body: str, name: str) -> None:
    assert refusal(200, (("Content-Type", "application/json;charset=UTF-8"),), body.encode()) == name


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
    (
        "text/html",
        "<title>关于停水的通知</title><div id='pdf'></div><iframe src='a.pdf'></iframe><script src='p.js'></script>",
    ),
    ("text/html", f"<html><body><div id='ad'></div><script src='/a.js'></script>{PARAGRAPHS}</body></html>"),
    ("text/html", f"<title>某市</title><script>document.cookie='a=1';</script><div>{PARAGRAPHS}</div>"),
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
        "catch_all",
        "empty_body",
    }
    assert not is_barrier("")
    assert not is_barrier("redirect_external"), "a reason of another kind"


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
    for folder in ("detail", "list", "gbk", "labelled", "attachments"):
        for path in sorted((pages / folder).rglob("*")):
            if path.is_file() and not path.name.endswith(".golden.json"):
                header = HTML[:0] if path.suffix in (".xml", ".json") else (("Content-Type", "text/html"),)
                assert refusal(200, header, path.read_bytes()) == "", path.name
                seen += 1
    assert seen > 50


def test_saved_pages_of_one_site_are_not_refused() -> None:
    """``labelled``: the HTML of document bodies, without their pages around them."""
    found = json.loads((shared("pages") / "labelled" / "zyj-beijing" / "output.json").read_text(encoding="utf-8"))
    bodies = [value for each in found for value in each.values() if isinstance(value, str) and "<" in value]
    assert len(bodies) > 80
    assert [body[:80] for body in bodies if refusal(200, HTML, body.encode())] == []


@given(st.integers(0, 999), st.binary(max_size=300))
def test_never_raises(status: int, body: bytes) -> None:
    assert refusal(status, HTML, body) in ("", *Refusal)


@pytest.mark.parametrize(
    "body",
    [
        'var EpointCommon={"siteGuid":"7eb5f7f1"};function go(){location.href="/login.html";}',
        'function check(){alert("请输入验证码");}',
        "document.write('<script src=\"/js/menu.js\"><\\/script>');",
        'callback({"infolist":[{"title":"关于某网站请求被禁止一事的答复","url":"/a/1.html"}]})',
    ],
)
@pytest.mark.parametrize("mime", ["application/javascript", "text/javascript; charset=utf-8"])
def test_a_script_is_no_page_that_turns_us_away(body: str, mime: str) -> None:
    assert refusal(200, [("Content-Type", mime)], body.encode()) == ""


def test_a_list_as_a_call_may_be_declared_as_a_page() -> None:
    body = 'callback({"infolist":[{"title":"请求被禁止一事的答复","url":"/a/1.html"}]})'
    assert refusal(200, [("Content-Type", "text/html")], body.encode()) == ""
