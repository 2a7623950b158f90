"""What elements are called on real portals: body containers, titles, attachments, page chrome.

Names are compared in lower case, ids and classes alike. Sources: the templates of gkmlpt (广东), Hanweb (大汉), TRS,
UCAP (开普), VSB (博达), Lonsun (龙讯), Epoint (新点) and single sites, as seen on saved pages and in public crawlers.
"""

import re
from dataclasses import dataclass

FENCED = 1
"""Rank of what lies between ``<meta name="ContentStart">`` and ``<meta name="ContentEnd">`` (Hanweb, TRS)."""

# In order of trust. The first name found on a page that holds anything is its body.
_BODY_NAMES = (
    "ucapcontent ucap-content "  # UCAP; gov.cn
    "trs_ueditor trs_editor trs_editor_view "  # TRS
    "v_news_content "  # VSB; also every id that begins with vsb_content
    "j-fontcontent "  # Lonsun
    "article-content zoomcon tyxxy_main news_cont_d_wrap "  # gkmlpt, NFCMS; UCAP
    "zoom bt-content bt_content wip_art_con zc_article_con artile_zw main-txt jgzn_content wzzw-article "  # Hanweb
    "three_xilan_07 con_con ccontent "  # jpaas: 市场监管总局, 工业和信息化部
    "detail_content xxgk-tt-content xxgkcont zwgk_comr3 "  # UCAP: 成都, 永州
    "mian-cont ivs_content ewb-article-content ebw-article-detail ewb-trade-right "  # Epoint; iList.jsp; 上海
    "wzcon contentxxgk contxt govintro article_content txt_txt bodylabel fontzoom printcontent artical "
    "nr-zw nrwz wz3 myfont detail-content "
    "content-body vf_detail_content article_con "  # 证监会, 中国政府采购网, 发展改革委
    "m-txt-article zw texts article"  # 陕西; also every id like article_body, article123
)
_BODY = {name: rank for rank, name in enumerate(_BODY_NAMES.split(), FENCED + 1)}
_BODY_STARTS = ("vsb_content",)
_ARTICLE = re.compile(r"article[-_]?(?:content|con|body|text|main|detail|\d+)")

_TITLE = re.compile(
    r"(?:article|detail|content|news|xxgk|info|arti?|con|main|text|wz|doc|zw)[-_]?(?:title|tit|bt|biaoti|tt)(?![a-z])"
)
_PLAIN_TITLES = ("title", "tit", "bt", "biaoti")
_HEADINGS = {"ucaptitle": 1, "h1": 2, "h2": 4, "h3": 5}

_ATTACHMENT = re.compile(r"attach|appendix|annex|fjnew|xgfj|fjlist|fjxz|downfile|(?:^|[-_])(?:fj|fujian)(?:$|[-_\d])")
_CHROME_TAGS = ("nav", "footer", "aside")
_CHROME = re.compile(
    r"(?:^|[-_])(?:nav|navbar|menu|footer|foot|sidebar|friendlinks?|yqlj|copyright)(?:$|[-_])|^(?:header|head|banner|top)$"
)
_CLUTTER = re.compile(
    r"share|jiathis|qrcode|qr_|(?:^|[-_])ewm(?:$|[-_\d])|erweima|breadcrumb|crumbs|dqwz|^(?:no-?)?print(?:btn|bar)?$|^dy$|dayin"
)


@dataclass(frozen=True, slots=True)
class Role:
    """What an element's name says of it. Ranks: 0 is none, 1 the most trusted."""

    body: int = 0
    heading: int = 0
    attachment: bool = False
    clutter: bool = False  # share bars, print buttons, breadcrumbs: no text of the document
    chrome: bool = False  # navigation and footers: besides, no article reaches over them


NO_ROLE = Role()


def role(tag: str, identifier: str | None, classes: str | None) -> Role:
    """The role of an element by its tag, ``id`` and ``class``; :data:`NO_ROLE` for most."""
    names = f"{identifier or ''} {classes or ''}".lower().split()
    heading = _HEADINGS.get(tag, 0)
    if not names and not heading and tag != "ucapcontent" and tag not in _CHROME_TAGS:
        return NO_ROLE
    names = names[:20]
    body = min((rank for name in (tag, *names) if (rank := _body_rank(name, tag))), default=0)
    if any(_TITLE.search(name) for name in names) or (tag == "h1" and "ti" in names):
        heading = 1
    elif not heading and tag not in ("td", "th") and any(name in _PLAIN_TITLES for name in names):
        heading = 3
    found = Role(
        body=body,
        heading=0 if body else heading,
        attachment=any(_ATTACHMENT.search(name) for name in names),
        clutter=any(_CLUTTER.search(name) for name in names),
        chrome=tag in _CHROME_TAGS or any(_CHROME.search(name) for name in names),
    )
    return NO_ROLE if found == NO_ROLE else found


def _body_rank(name: str, tag: str) -> int:
    if name == "xxgkcont" and tag == "table":
        return 0  # VSB: the metadata table
    if tag in ("article", "a", "strong", "font") and name == tag:
        return 0  # the HTML5 tag says less than a class of that name
    if name in _BODY:
        return _BODY[name]
    if name.startswith(_BODY_STARTS):
        return _BODY["v_news_content"]
    return _BODY["article"] if _ARTICLE.fullmatch(name) else 0
