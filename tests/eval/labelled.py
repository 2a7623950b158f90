"""The 104 labelled pages of 北京市中医管理局: title, date, source, files, and the HTML of the body.

The label is the body alone, so each is set into a page as TRS serves one: menu, breadcrumb, heading, a line with date
and source, the files below the text, a list of neighbours, a footer. Fifteen have no body: their text is not judged,
since nobody says what it is.

What the bodies state of themselves (number, signature …) was added by eye: ``truth/labelled/zyj-beijing.json``."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from archive.reading.page import Page
from crawler.practice.markup import Frame
from tests.eval.case import Case, Truth, one, reference, squeeze, values

_SITE = Frame(
    "北京市中医管理局",
    "1100000000",
    "zyj.beijing.gov.cn",
    tuple((name, f"/sy/{path}/") for name, path in (("通知公告", "tzgg"), ("政策法规", "zcfg"), ("政策解读", "zcjd"))),
)
_BODY = "//div[contains(@class, 'TRS_UEDITOR')]"
_TRUTH = Path(__file__).parent / "truth" / "labelled" / "zyj-beijing.json"


def cases(shared: Path) -> Iterator[Case]:
    by_eye = json.loads(_TRUTH.read_text("utf-8"))
    for number, record in enumerate(json.loads((shared / "pages/labelled/zyj-beijing/output.json").read_text("utf-8"))):
        yield _case(number, record, by_eye)


def _case(number: int, record: dict[str, Any], by_eye: dict[str, Any]) -> Case:
    text = _page(record)
    body, prose = reference(text, _BODY) if record["article"] else (None, None)
    if number in by_eye["empty"]:
        body = prose = ""
    fields = one(
        {
            "title": record["title"],
            "date_published": record["date"],
            "source": squeeze(record["source"] or ""),
            "breadcrumb": "政务公开\\通知公告",
            "site_name": _SITE.site_name,
            "site_domain": _SITE.domain,
            "site_id_code": _SITE.site_id_code,
        }
    )
    files = frozenset(file["link"].rpartition("/")[2] for file in record["attachment"])
    page = Page(record["urlsource"], 200, (("Content-Type", "text/html; charset=utf-8"),), text.encode())
    stated = values(by_eye["stated"].get(str(number), {}))
    may = values(by_eye["may"].get(str(number), {}))
    truth = Truth({**fields, **stated}, may, body, prose, files)
    return Case(f"zyj/{number:03}", "labelled", "trs", page, truth, body=_BODY if record["article"] else "")


def _page(record: dict[str, Any]) -> str:
    files = "".join(
        f'<li><a href="{escape(file["link"])}" target="_blank">{escape(file["mark"])}</a></li>'
        for file in record["attachment"]
    )
    main = f"""<div class="content"><h1>{escape(record["title"])}</h1>
<div class="info"><span>日期：{record["date"]}</span> <span>来源：{escape(record["source"] or "")}</span>
<span class="font">字号：<a>大</a> <a>中</a> <a>小</a></span></div>
<div class="mainTextBox">{record["article"] or ""}</div>
<div class="fujian"><ul>{files}</ul></div>
<div class="tool"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>
<ul class="near"><li>上一篇：<a href="t20200101_1.html">关于做好2020年度工作的通知</a></li>
<li>下一篇：<a href="t20200102_2.html">关于召开工作会议的通知</a></li></ul></div>"""
    return _SITE.page(record["title"], main, path=("政务公开", "通知公告"))
