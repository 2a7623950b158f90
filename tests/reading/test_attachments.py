import pytest

from archive.events import CatalogueRow
from archive.reading.read import read
from archive.vocabulary import TextStatus
from tests.reading.pages import PARAGRAPHS, URL, page


def files(html: str, row: CatalogueRow | None = None) -> list[tuple[str, str]]:
    return [(link.url, link.filename) for link in read(page(f"<html><body>{html}</body></html>"), row).attachments]


HERE = "http://www.example.gov.cn/zwgk/202601/"


def body(inner: str) -> str:
    return f"<div class='TRS_Editor'>{PARAGRAPHS}{inner}</div>"


NAMES = {
    "text": ("<a href='a.pdf'>绿化办法.pdf</a>", "绿化办法.pdf"),
    "text without a suffix": ("<a href='a.DOCX'>附件1：申请表</a>", "附件1：申请表.docx"),
    "lead": ("<a href='a.xls'>附件： 统计表.xls</a>", "统计表.xls"),
    "title": ("<a href='a.pdf' title='绿化办法.pdf'>点击下载</a>", "绿化办法.pdf"),
    "alt": ("<a class='nfw-cms-attachment' href='a.pdf' alt='价格.pdf'>点击下载</a>", "价格.pdf"),
    "download": ("<a href='a.pdf' download='办法.pdf'>下载文字版</a>", "办法.pdf"),
    "nothing said": ("<a href='P0202601.pdf'>【附件下载】</a>", "P0202601.pdf"),
    "escaped": ("<a href='/f/%E5%8A%9E%E6%B3%95.wps'>下载</a>", "办法.wps"),
}


@pytest.mark.parametrize("case", NAMES)
def test_the_name_of_a_file(case: str) -> None:
    html, name = NAMES[case]
    assert [found for _, found in files(body(f"<p>{html}</p>"))] == [name]


def test_addresses_are_absolute() -> None:
    html = body("<a href='./P01.pdf'>甲</a><a href='/x/b.ofd?v=1#p'>乙</a><a href='//cdn.gov.cn/c 1.zip'>丙</a>")
    assert [url for url, _ in files(html)] == [
        f"{HERE}P01.pdf",
        "http://www.example.gov.cn/x/b.ofd?v=1",
        "http://cdn.gov.cn/c%201.zip",
    ]


def test_base_is_followed() -> None:
    html = f"<html><head><base href='/files/'></head><body>{body('<a href=a.pdf>甲</a>')}</body></html>"
    assert read(page(html)).attachments[0].url == "http://www.example.gov.cn/files/a.pdf"


def test_downloads_without_a_suffix() -> None:
    html = body("<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=12'>申请表</a>")
    assert files(html) == [
        (
            "http://www.example.gov.cn/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=12",
            "申请表",
        )
    ]


def test_an_attachment_line_and_an_attachment_box() -> None:
    html = body("<p>附件：<a href='/file/77'>申请表</a></p><p>见<a href='/other/77'>另一页</a></p>")
    html += "<div class='fjnew'><span><a href='/att/9'>图纸</a></span><a href='/zwgk/index.html'>返回</a></div>"
    assert [name for _, name in files(html)] == ["申请表", "图纸"]


def test_only_the_article_counts() -> None:
    html = (
        "<div class='header'><a href='/help.pdf'>使用帮助</a></div><div class='wrap'><div class='main'>"
        f"{body('')}<ul><li><a href='a.pdf'>办法.pdf</a></li></ul></div></div>"
        "<div class='sidebar'><a href='/form.doc'>依申请公开申请表</a></div>"
        "<div class='footer'><a href='/s.txt'>声明</a></div>"
    )
    assert [name for _, name in files(html)] == ["办法.pdf"]


def test_what_is_no_file() -> None:
    html = body(
        "<a href='javascript:down(1.pdf)'>甲</a><a href='mailto:a@b.pdf'>乙</a>"
        "<a href='/BidFiles/undefined.undefined'></a>"
        "<a href='http://[bad/x.pdf'>丙</a><a href='/a.html'>丁</a><a href='ftp://x.gov.cn/a.pdf'>戊</a>"
        "<a href='#x.pdf'>己</a><a href='file:///C:/a.doc'>庚</a><img src='icon.pdf.png'>"
    )
    assert files(html) == []


def test_a_viewer_shows_a_file() -> None:
    html = "<div id='zoom'><iframe src='/pdfjs/web/viewer.html?file=%2Ff%2Fa.pdf'></iframe></div>"
    assert files(html) == [("http://www.example.gov.cn/f/a.pdf", "a.pdf")]


def test_one_address_once_and_the_better_name_wins() -> None:
    row = CatalogueRow(
        URL, attachments=(("https://www.example.gov.cn/zwgk/202601/a.pdf", "绿化办法.pdf"), ("/b.doc", ""))
    )
    assert files(body("<a href='a.pdf'>下载</a><a href='a.pdf'>查看</a>"), row) == [
        (f"{HERE}a.pdf", "绿化办法.pdf"),
        ("http://www.example.gov.cn/b.doc", "b.doc"),
    ]


def test_a_page_that_is_only_attachments() -> None:
    found = read(page("<div id='zoom'><p>附件：<a href='a.pdf'>关于某事的通知.pdf</a></p><p>请点击下载查看</p></div>"))
    assert (found.text, found.text_status) == ("", TextStatus.ATTACHMENT_ONLY)
    assert [link.filename for link in found.attachments] == ["关于某事的通知.pdf"]
