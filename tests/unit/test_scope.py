"""Where a portal ends."""

import pytest

from crawler.scope import Judgement, Scope

PORTAL = Scope(frozenset({("http", "www.p.example"), ("https", "files.p.example:8443")}))
AT_HOME = Scope(frozenset({("http", "127.0.0.1:8000")}))


@pytest.mark.parametrize(
    ("url", "judged"),
    [
        ("http://www.p.example/a", Judgement.INSIDE),
        ("https://www.p.example/a", Judgement.INSIDE),
        ("HTTP://WWW.P.EXAMPLE:80/a", Judgement.INSIDE),
        ("http://www.p.example:8080/a", Judgement.EXTERNAL),
        ("https://files.p.example:8443/x", Judgement.INSIDE),
        ("http://mp.weixin.example/s/1", Judgement.EXTERNAL),
        ("http://127.0.0.1/a", Judgement.PRIVATE_ADDRESS),
        ("http://10.1.2.3/a", Judgement.PRIVATE_ADDRESS),
        ("http://[::1]/a", Judgement.PRIVATE_ADDRESS),
        ("http://localhost:9200/", Judgement.PRIVATE_ADDRESS),
        ("ftp://www.p.example/a", Judgement.OTHER_SCHEME),
        ("javascript:void(0)", Judgement.OTHER_SCHEME),
        ("http://www.p.example:port/", Judgement.OTHER_SCHEME),
        ("http://www.p.example?to=/", Judgement.INSIDE),
        ("http://www.p.example#/", Judgement.INSIDE),
        ("http://www.p.example@q.example/", Judgement.EXTERNAL),
        ("http://q.example@www.p.example/", Judgement.INSIDE),
        ("http://www.p.example\t:8080/a", Judgement.EXTERNAL),
        (" http://www.p.example:80/a", Judgement.INSIDE),
        ("http://www.p.example:0080/a", Judgement.INSIDE),
        ("http://www.p.example:80:80/a", Judgement.OTHER_SCHEME),
        ("http:///www.p.example/", Judgement.EXTERNAL),
    ],
)
def test_links(url: str, judged: Judgement) -> None:
    assert PORTAL.link(url) is judged


def test_a_portal_that_lives_on_loopback_may_link_to_itself_and_nowhere_else_there() -> None:
    assert AT_HOME.link("http://127.0.0.1:8000/x") is Judgement.INSIDE
    assert AT_HOME.link("http://127.0.0.1:8001/x") is Judgement.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    ("source", "target", "judged"),
    [
        ("http://www.p.example/a", "http://www.p.example/b", Judgement.INSIDE),
        ("http://www.p.example/a", "https://www.p.example/a", Judgement.OTHER_SCHEME),
        ("https://www.p.example/a", "http://www.p.example/a", Judgement.INSIDE),
        ("http://www.p.example/a", "http://other.example/a", Judgement.EXTERNAL),
        ("http://www.p.example/a", "http://169.254.169.254/latest", Judgement.PRIVATE_ADDRESS),
        ("http://www.p.example/a", "file:///etc/passwd", Judgement.OTHER_SCHEME),
    ],
)
def test_redirects_stay_where_the_portal_lives(source: str, target: str, judged: Judgement) -> None:
    assert PORTAL.redirect(source, target) is judged
