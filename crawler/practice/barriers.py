"""What a portal shows to those it turns away. Invented after the shape of the real ones (portal-families.md 9.1): what
tells them apart is the status, a header, a cookie, a script, a few words."""

from enum import Enum, auto

from crawler.practice.model import Answer


class Barrier(Enum):
    """What stands before everything, robots.txt included."""

    RUISHU_412 = auto()  # 瑞数: 成都, 湖北, 甘肃
    RUISHU_202 = auto()
    JIASULE_521 = auto()  # 加速乐: 合肥, 梅州
    CHUANGYU_418 = auto()  # 创宇盾
    WANGSU_403 = auto()  # 网宿: 河南
    WZWS_403 = auto()  # 网站卫士, by place: 安徽
    REFERER_403 = auto()  # 防盗链
    FORBIDDEN_403 = auto()
    WAF_405 = auto()  # 弋阳
    WAF_422 = auto()
    WAF_468 = auto()  # 广元
    WAF_493 = auto()
    BUSY_429 = auto()
    BUSY_WORDS = auto()  # with status 200
    BAD_REQUEST_400 = auto()  # 湖北, from the second visit on
    BYTES_42 = auto()  # 工业和信息化部
    STUB = auto()  # 景德镇, 萍乡: 1166 bytes with a script
    SLIDER = auto()  # 宁夏
    CAPTCHA_IMAGE = auto()
    CAPTCHA_JSON = auto()  # 东莞
    COOKIE_SCRIPT = auto()  # C3VK of tax sites
    COOKIE_GATE = auto()  # 302 to itself, whatever cookie comes back
    INTRANET = auto()  # 限校内IP
    SHELL = auto()  # 株洲 districts, 韩城: the same empty application for any path
    HOME = auto()  # the home page for any path
    RESET = auto()  # every connection is reset: 惠州, 阳江


_HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8">'
_RUISHU = (
    '<!DOCTYPE html><html><head><meta content="7dK2practice" r="m"><script r="m">$_ts=window["$_ts"];'
    'if(!$_ts)$_ts={};$_ts.nsd=20491;$_ts.cd="practice";</script></head><body><input type="hidden" id="__onload__">'
    "</body></html>"
)
_JSL = (
    "".join(f"('{sign}')+" for sign in "__jsl_clearance_s=") + "('1700000000.0')+('|-1|practice;max-age=3600;path=/')"
)
_NGINX = "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>"

ANSWERS = {
    Barrier.RUISHU_412: Answer(_RUISHU, 412),
    Barrier.RUISHU_202: Answer(_RUISHU, 202),
    Barrier.JIASULE_521: Answer(
        f"<script>document.cookie={_JSL};location.href=location.pathname+location.search</script>",
        521,
        headers=(("Set-Cookie", "__jsluid_s=practice; max-age=31536000; path=/; HttpOnly"),),
    ),
    Barrier.CHUANGYU_418: Answer(
        f"{_HEAD}<title>访问被拦截！</title></head><body><h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1></body></html>",
        418,
    ),
    Barrier.WANGSU_403: Answer(
        _NGINX,
        403,
        headers=(
            ("X-Cache-Error", "ERR_ACCESS_DENIED 0"),
            ("X-Via", "1.1 practice01:5 (Cdn Cache Server V2.0)[0 403 3]"),
            ("X-Ws-Request-Id", "5a732efc_practice01_20298-12367"),
        ),
    ),
    Barrier.WZWS_403: Answer(
        "<html><body>403 GeoBL</body></html>", 403, headers=(("WZWS-RAY", "1253-1700000000.123-w-waf01practice"),)
    ),
    Barrier.REFERER_403: Answer(f"{_HEAD}</head><body>403：防盗链，Referer 不在允许之列</body></html>", 403),
    Barrier.FORBIDDEN_403: Answer(_NGINX, 403),
    Barrier.WAF_405: Answer(f"{_HEAD}<title>405</title></head><body>您的访问被阻断</body></html>", 405),
    Barrier.WAF_422: Answer("<html><body>422 Unprocessable</body></html>", 422),
    Barrier.WAF_468: Answer(f"{_HEAD}</head><body><script>check()</script></body></html>", 468),
    Barrier.WAF_493: Answer(b"", 493, headers=(("WZWS-RAY", "1253-1700000000.123-w-waf01practice"),)),
    Barrier.BUSY_429: Answer(
        "<html><body>429 Too Many Requests</body></html>", 429, headers=(("Retry-After", "3600"),)
    ),
    Barrier.BUSY_WORDS: Answer(f"{_HEAD}</head><body><p>您的访问过于频繁，请稍后再试。</p></body></html>"),
    Barrier.BAD_REQUEST_400: Answer("<html><body><h1>400 Bad Request</h1></body></html>", 400),
    Barrier.BYTES_42: Answer(b"<html><body><p>e:15 p:9</p></body></html>\n"),
    Barrier.STUB: Answer(f"<html><head><script>var k='{'a' * 1107}';eval(k)</script></head></html>"),
    Barrier.SLIDER: Answer(
        f"{_HEAD}<title>安全验证</title></head><body><div id='nwaf'>请拖动滑块完成拼图</div>"
        f"<script>{'/* practice */' * 900}</script></body></html>"
    ),
    Barrier.CAPTCHA_IMAGE: Answer(
        f"{_HEAD}</head><body><form><img src='/vcode.jpg'>请输入图中的验证码<input name='code'></form></body></html>"
    ),
    Barrier.CAPTCHA_JSON: Answer('{"code":403,"msg":"请输入验证码","data":null}', mime="application/json"),
    Barrier.COOKIE_SCRIPT: Answer(
        "<html><script>document.cookie='C3VK=7f3a1c; path=/; max-age=300';window.location.href=window.location.href;"
        "</script></html>"
    ),
    Barrier.INTRANET: Answer(f"{_HEAD}</head><body><p>限校内IP访问，校外用户请使用VPN。</p></body></html>"),
    Barrier.SHELL: Answer(
        f'{_HEAD}<title>示例市人民政府门户网站</title><link rel="stylesheet" href="/static/app.css"></head>'
        '<body><noscript>请启用 JavaScript 以继续浏览本网站。</noscript><div id="app"></div>'
        f'<script>{"window.config=1;" * 300}</script><script src="/static/app.js"></script></body></html>'
    ),
}
"""But for COOKIE_GATE, HOME and RESET, which depend on the request."""
