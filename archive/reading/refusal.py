"""What a refusal looks like: challenge pages, firewalls, captchas, stubs, soft 404s. Named and recorded, never solved.

Signals as public crawlers report them (portal-families.md 9.1): 瑞数 (412, or 202, ``$_ts``), 加速乐 (521,
``__jsl_clearance``), 创宇盾 (418), 403 of 网宿 (河南) and 网站卫士 (WZWS, 安徽), odd codes of other firewalls (405
弋阳, 468 广元, 493), a refusal of 42 bytes (工业和信息化部), 校内 pages of VSB sites.
"""

import json
import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from archive.reading import rows
from archive.reading.charset import decode


class Refusal(StrEnum):
    """Names of what is not the page that was asked for."""

    RUISHU_412 = "ruishu_412"
    RUISHU_202 = "ruishu_202"
    RUISHU = "ruishu"  # its script, with next to no text, under any other status
    JIASULE_521 = "jiasule_521"
    CHUANGYU_418 = "chuangyu_418"
    WANGSU_403 = "wangsu_403"  # from the CDN 网宿
    WZWS_403 = "wzws_403"  # from 网站卫士 (WZWS), its GeoBL too
    REFERER_403 = "referer_403"  # 防盗链: it says that the Referer is missing or wrong
    FORBIDDEN_403 = "forbidden_403"  # any other
    WAF_405 = "waf_405"
    WAF_422 = "waf_422"
    WAF_468 = "waf_468"
    WAF_493 = "waf_493"
    WAF_TEXT = "waf_text"  # a firewall's words under a status that says nothing
    RATE_LIMITED_429 = "rate_limited_429"
    RATE_LIMITED = "rate_limited"  # the words of it, under another status
    BAD_REQUEST_400 = "bad_request_400"  # 湖北: on the second visit of a session
    CAPTCHA = "captcha"  # a slider, an image, or the demand for one in JSON
    COOKIE_GATE = "cookie_gate"  # redirected to itself although its cookie was sent back
    COOKIE_SCRIPT = "cookie_script"  # a script that would make a cookie and load the page again
    STUB = "stub"  # a few bytes, or an inline script, and no text
    SHELL = "shell"  # no text, but scripts that would fetch some: an application, often the same for any path
    CATCH_ALL = "catch_all"  # what the host shows for any path (see crawler.answers)
    EMPTY_BODY = "empty_body"
    RESTRICTED = "restricted"  # for the intranet only
    REDIRECT_PAGE = "redirect_page"  # a page whose only content is a jump elsewhere
    SOFT_404 = "soft_404"
    NOT_FOUND = "not_found"
    HTTP_ERROR = "http_error"


_BARRIERS = frozenset(Refusal) - {
    Refusal.SOFT_404,
    Refusal.NOT_FOUND,
    Refusal.HTTP_ERROR,
    Refusal.REDIRECT_PAGE,
    Refusal.RESTRICTED,
    Refusal.SHELL,
    Refusal.CATCH_ALL,
    Refusal.EMPTY_BODY,
}
_BY_STATUS = {
    400: Refusal.BAD_REQUEST_400,
    403: Refusal.FORBIDDEN_403,
    405: Refusal.WAF_405,
    412: Refusal.RUISHU_412,
    418: Refusal.CHUANGYU_418,
    422: Refusal.WAF_422,
    429: Refusal.RATE_LIMITED_429,
    468: Refusal.WAF_468,
    493: Refusal.WAF_493,
    521: Refusal.JIASULE_521,
    404: Refusal.NOT_FOUND,
    410: Refusal.NOT_FOUND,
}

_403 = {
    Refusal.WZWS_403: re.compile(r"wzws[-_]|geobl|网站卫士", re.IGNORECASE),
    Refusal.WANGSU_403: re.compile(r"cdn cache server|x-ws-request-id|chinanetcenter|网宿", re.IGNORECASE),
    Refusal.REFERER_403: re.compile(r"referer|盗链|来源(?:不合法|非法)|非法来源", re.IGNORECASE),
}
"""Who forbids it, by the header or the page of the answer."""

_STUB_BYTES = 2048
_SHELL_BYTES = 1 << 16
_REFUSAL_BYTES = 64
_LITTLE = 30  # Han characters of visible text: a page without content
_PROSE, _SHORT = 100, 1200  # a message in some sentences; a message within a site's navigation
_A_WORD = 4  # Han characters
_MESSAGE = 40  # characters of a line that is a message
_READ_BYTES = 1 << 20  # of a body; a refusal is small

_NOT_VISIBLE = re.compile(
    r"<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|\{\{.*?\}\}|<[^>]*>?",
    re.DOTALL | re.IGNORECASE,
)
_NOT_HAN = rows.others(0x4E, 0x9F)
_TITLE = re.compile(r"<(?:title|TITLE)[^>]*>([^<]*)")
_ARTICLE = re.compile(r"""<meta\s+name=["']?ArticleTitle["']?\s*content=["'][^"']{2}""")
_JSL = "__jsl"
_SPELT = re.compile(r"['\"()+\s]")  # 加速乐 spells its cookie out, ('_')+('_')+('j')+…
_COOKIE_SCRIPT = re.compile(
    r"document\.cookie\s*=.{0,4000}?location\.(?:(?:href|pathname)\s*=?.{0,40}location|reload\()", re.DOTALL
)
_SCRIPT_TYPE = re.compile(r"^\s*(?:text|application)/[\w-]*javascript", re.IGNORECASE)
_JSONP = re.compile(r"\s*[\w.$]+\(\s*[\[{]")  # a list as a call: its titles may speak of anything
_JUMP = re.compile(
    r"""<meta[^>]+http-equiv=["']?refresh["']?[^>]*url=|location\.replace\("""
    r"""|(?:window\.|top\.|self\.|document\.)?location(?:\.href)?\s*=\s*["']""",
    re.IGNORECASE,
)
_LOADS = re.compile(r"<script[^>]+src=", re.IGNORECASE)
_MOUNT = re.compile(r"<(?:div|main|section)\s[^>]*\bid=[^>]*>\s*</|<app-root\b", re.IGNORECASE)
"""The empty element that a script fills."""
_SHOWS = re.compile(r"<(?:iframe|embed|object|img|video|a)\b", re.IGNORECASE)  # something of its own
_GONE_TITLE = re.compile(r"^\s*(?:404|出错了|错误页)|页面不存在|找不到页面|not found", re.IGNORECASE)


_SAID = re.compile(r"(?:err(?:or)?_?)?(?:msg|message|info|desc|reason|tips?)|error", re.IGNORECASE)

# A pattern over a whole page takes milliseconds; so these words are found first, and patterns tried around them.
_HAN_KEYS = re.compile(
    "不存在|删除|移除|下线|下架|撤销|撤回|找不到|未找到|没有找到|丢失|拦截|阻断|拒绝|禁止|防火墙|疑似|不合法|验证|频繁"
    "|地址访问|校内|校园网|校外|境外|内网|内部"
)
_LATIN_KEYS = (
    *("enied", "locked", "irewall", "ejected", "aptcha", "nwaf", "waf-cgi", "too many", "Too Many"),
    *("ot found", "ot Found", "<title>40"),
)
_KEYS = re.compile("|".join((_HAN_KEYS.pattern, *_LATIN_KEYS)))
_AROUND = 40  # characters
_MOST_KEYS = 200
_MESSAGES = {
    Refusal.RESTRICTED: (
        re.compile(
            r"只能被[^<。]{0,10}IP地址访问|仅限?内部[^<。]{0,6}访问|[仅限](?:校内|校园网|内网)[^<。]{0,10}(?:访问|浏览|IP)"
            r"|(?:校外|境外)(?:用户|IP|地址)?[^<。]{0,4}(?:无法|不能|禁止|限制)[^<。]{0,6}(?:访问|浏览)|禁止境外[^<。]{0,6}访问",
            re.IGNORECASE,
        ),
        _SHORT,
    ),
    Refusal.RATE_LIMITED: (
        re.compile(r"(?:访问|请求|操作|点击)[^<。]{0,6}频繁|too\s*many\s*requests", re.IGNORECASE),
        150,
    ),
    Refusal.WAF_TEXT: (
        re.compile(
            r"(?:请求|访问|操作)[^<。]{0,12}被(?:拦截|阻断|拒绝|禁止)|网站防火墙|拦截提示|疑似(?:攻击|恶意)|不合法的参数"
            r"|access\s*denied|request\s*(?:blocked|denied|rejected)|web\s*application\s*firewall|<title>40[35]\b",
            re.IGNORECASE,
        ),
        300,
    ),
    Refusal.CAPTCHA: (  # a comment form asks for a 验证码 too: so only where there is no article
        re.compile(
            r"(?:安全|访问|人机|滑动|滑块|拖动)[^<]{0,6}验证|请输入[^<]{0,10}验证码|拖动[^<]{0,8}滑块|nwaf|waf-cgi"
            r"|captcha",
            re.IGNORECASE,
        ),
        150,
    ),
    Refusal.SOFT_404: (
        re.compile(
            r"[页网]页?面?不存在|页面(?:已经|已|可能)?(?:被)?(?:删除|移除)|找不到[^<。]{0,10}(?:页面|网页|文章|信息)"
            r"|(?:访问|查看|查找|浏览|请求)的(?:页面|网页|内容|信息|文章|栏目|资源)[^<。]{0,12}"
            r"(?:不存在|删除|下线|下架|撤回|找不到|未找到|没有找到|丢失)"
            r"|[该此](?:信息|文章|内容|页面|文件|稿件|栏目|链接)(?:不存在|已(?:经)?(?:被)?(?:删除|下线|下架|撤销|撤回))"
            r"|404\s*not\s*found|page\s*not\s*found",
            re.IGNORECASE,
        ),
        _SHORT,
    ),
}


def refusal(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    """The :class:`Refusal` that an answer is, or ``""`` if it looks like what was asked for. Pure; never raises.

    ``body`` is the entity, content encoding removed. Every 200 is checked by its bytes; JSON, XML, plain text and
    files are left alone."""
    headers = tuple(headers)
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    text = decode(body[:_READ_BYTES], content_type).text if _is_page(body, content_type) else ""
    named = of_text(status, content_type, body, text)
    if named == Refusal.FORBIDDEN_403:
        said = "\n".join((*(f"{name}: {value}" for name, value in headers), text[:_SHELL_BYTES]))
        return next((name for name, sign in _403.items() if sign.search(said)), named)
    return named


def of_text(status: int, content_type: str, body: bytes, text: str) -> str:
    """:func:`refusal` for a body that has been decoded already; ``text`` is empty for what is no page."""
    text = text[:_READ_BYTES]
    if "$_ts" in text and _han(text) < _LITTLE * 10:
        return {412: Refusal.RUISHU_412, 202: Refusal.RUISHU_202}.get(status, Refusal.RUISHU)
    if status == 202 and len(body) < _STUB_BYTES and _han(text) < _LITTLE:
        return Refusal.RUISHU_202
    if known := _BY_STATUS.get(status):
        return known
    if status >= 400:
        return Refusal.HTTP_ERROR
    if status != 200:
        return ""
    if text and (_SCRIPT_TYPE.search(content_type) or _JSONP.match(text)):
        return Refusal.JIASULE_521 if _JSL in _SPELT.sub("", text[: _STUB_BYTES * 4]) else ""
    return _of_page(text, len(body)) if _is_page(body, content_type) else _of_json(body)


def is_beyond_doubt(page: str, size: int, lines: Iterable[str]) -> bool:
    """Whether an HTML page of ``size`` bytes, answered with 200, shows more than any refusal does, so that
    :func:`of_text` need not be asked. ``lines``: some of what the page itself shows, not what its scripts bring."""
    if size < _STUB_BYTES * 4 or "{{" in page:
        return False
    text = "".join(lines)
    return len(text) >= 2 * _SHORT <= rows.count(text, _NOT_HAN)


def is_barrier(name: str) -> bool:
    """Whether the portal turned us away, and is to be left alone; not so for a page that is only gone or internal."""
    return name in _BARRIERS


def _is_page(body: bytes, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind and "html" not in kind and kind != "application/octet-stream":
        return kind.endswith("javascript") and len(body) < 1 << 16
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        not start.startswith((b"{", b"[", b"<?xml", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        and b"\0" not in body[:512]
    )


def _of_page(text: str, size: int) -> str:
    if not size:
        return Refusal.EMPTY_BODY
    if size < _STUB_BYTES * 4 and (_JSL in text or _COOKIE_SCRIPT.search(text)):
        if _JSL in _SPELT.sub("", text):
            return Refusal.JIASULE_521
        if _han(text) < _LITTLE:
            return Refusal.COOKIE_SCRIPT
    title = _TITLE.search(text)
    gone_by_title = bool(title and _GONE_TITLE.search(title[1]))
    suspect = gone_by_title or (not _ARTICLE.search(text) and _has_key(text))
    shell = size < _SHELL_BYTES and not _SHOWS.search(text) and _LOADS.search(text) and _MOUNT.search(text)
    if size >= _STUB_BYTES and not (gone_by_title or shell) and not (suspect and _message(text, 0)):
        return ""  # before what is visible is counted, which takes longer than all that
    visible = _han(text)
    if visible >= 2 * _SHORT:
        return ""
    if gone_by_title and visible < 2 * _SHORT:
        return Refusal.SOFT_404
    if suspect and visible < _SHORT and (said := _message(text, visible)):
        return said
    if size < _STUB_BYTES and visible < _LITTLE and _JUMP.search(text):
        return Refusal.REDIRECT_PAGE
    named = _han(title[1]) if title else 0
    if shell and visible - named < _LITTLE:
        return Refusal.SHELL
    if size >= _STUB_BYTES or visible >= _A_WORD or _is_fragment(text):
        return ""
    return Refusal.STUB if size <= _REFUSAL_BYTES or "<script" in text.lower() else ""


def _of_json(body: bytes) -> str:
    """What a small JSON answer that brings no data says for itself (东莞: a captcha before a search)."""
    if len(body) >= _STUB_BYTES or not body.lstrip().startswith(b"{"):
        return ""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict) or any(isinstance(value, (dict, list)) and value for value in found.values()):
        return ""
    for key, value in found.items():
        if isinstance(value, str) and _SAID.fullmatch(key) and (named := _message(value, _han(value))):
            return named
    return ""


def _has_key(text: str) -> bool:
    """Whether :data:`_KEYS` finds anything: asked of every page, so in the quick way. Markup is full of Latin letters,
    at each of which a pattern of Latin words would have to be tried."""
    return _HAN_KEYS.search(text) is not None or any(word in text for word in _LATIN_KEYS)


def _message(text: str, visible: int) -> str:
    """The refusal whose words a page shows, if it shows little else. Words inside prose count for next to nothing."""
    for key in islice(_KEYS.finditer(text), _MOST_KEYS):
        start, end = text.rfind(">", 0, key.start()) + 1, text.find("<", key.end())
        alone = (len(text) if end < 0 else end) - start <= _MESSAGE
        around = text[max(0, key.start() - _AROUND) : key.end() + _AROUND]
        for name, (pattern, most) in _MESSAGES.items():
            if visible < (most if alone else _PROSE) and pattern.search(around):
                return name
    return ""


def _is_fragment(text: str) -> bool:
    """A small answer that is no refusal: robots.txt, an empty list, JSONP."""
    start = text.lstrip().lower()
    return start.startswith(("user-agent", "<li", "<tr", "<ul", "<table", "<datastore", "<record")) or bool(
        re.match(r"[\w.$]+\(", start)
    )


def _han(text: str) -> int:
    """Han characters that a reader sees; what scripts would fill in does not count."""
    return rows.count(_NOT_VISIBLE.sub("", text), _NOT_HAN)
