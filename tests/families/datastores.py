"""Columns of Hanweb made up: records, datastores, and the pages that hold them."""

from urllib.parse import parse_qs, urlsplit

from archive.reading.page import Page
from crawler.families import hanweb
from crawler.families.base import Column, ColumnSpec, ListPage
from tests.families.pages import page

HOST = "http://www.example.gov.cn"
URL = f"{HOST}/col/col26014/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
NAMES = "webid=110&path=/&columnid=26014&unitid=18498&webname=%25E5%25AE%259A&permissiontype=0"
CALL = (
    "$('#18498').jpage({themeName:'default',totalRecord:%d,groupSize:3,proxyUrl:'/module/jpage/dataproxy.jsp',"
    "perPage:15,barPosition:'bottom',ajaxParam:%s});"
)
PARAM = "{col:1,appid:'1',webid:60,path:'/',columnid:26014,unitid:'18498',webname:'定西市',permissiontype:0}"
TITLE = "关于公布目录的通知"


def row(number: int, column: int = 26014) -> str:
    return (
        f'<li><a href="/art/2022/1/{number % 28 + 1}/art_{column}_{number}.html" title="关于第{number}号事项的通知">'
        f"关于第{number}号事项的通知</a><b>2022-01-{number % 28 + 1:02}</b></li>"
    )


def store(*numbers: int, total: int | None = None, link: str = "") -> str:
    count = f"<totalrecord>{total}</totalrecord><totalpage>1</totalpage>" if total is not None else ""
    more = f'<nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup>' if link else ""
    held = "".join(f"<record><![CDATA[{row(number)}]]></record>" for number in numbers)
    return f"<datastore>{more}{count}<recordset>{held}</recordset></datastore>"


def column_page(*inner: str, url: str = URL) -> Page:
    return page(
        f"<html><head><meta name='ColumnName' content='政府文件'></head><body>{''.join(inner)}</body></html>", url
    )


def embedded(text: str, unit: str = "18498") -> str:
    return f'<div id="{unit}"><script type="text/xml">{text}</script><div class="default_pgContainer"></div></div>'


def opened(found: Page, url: str = URL, **options: object) -> Column:
    [column] = hanweb.open(found, ColumnSpec("hanweb", url, options=options or None)).columns
    return column


def answer(text: str, url: str) -> Page:
    return Page(url, 200, (("Content-Type", "text/xml; charset=utf-8"),), text.encode())


def next_url(read: ListPage) -> str:
    assert read.next is not None
    return read.next.url


def said(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
