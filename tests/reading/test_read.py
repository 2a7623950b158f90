import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.events import CatalogueRow
from archive.reading.fields import FIELDS
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import LARGEST, PAGE_TIME, TITLE_FROM_ROW, read
from archive.vocabulary import Source, TextStatus
from tests.reading.pages import GKMLPT, GKMLPT_DETAIL, PARAGRAPHS, UCAP, URL, page


def chosen(reading: Reading) -> dict[str, str]:
    return dict(reading.fields)


def test_gkmlpt_detail_by_table_and_json() -> None:
    found = read(page(GKMLPT))
    assert chosen(found) == {
        "title": "关于印发绿化管理办法的通知",
        "publisher": "肇庆市人民政府办公室",
        "source": "本网",
        "doc_number": "肇府办〔2026〕7号",  # empty in the table, given by the JSON
        "doc_number_key": "肇府办|2026|7",
        "index_number": "11441200MB2C91453G/2026-00271",
        "date_made": "2026-07-07",
        "date_published": "2026-07-07",
        "topic_category": "城乡建设、环境保护",
        "genre": "通知",
        "catalogue_category": "规范性文件",
        "validity": "repealed",
    }
    assert found.text.split("\n")[0] == "第一条 为规范政府信息公开工作，根据有关法律、法规，制定本办法。".replace(
        " ", " "
    )
    assert found.text.endswith("花括号 } 也是正文")
    assert [(link.url, link.filename) for link in found.attachments] == [
        ("http://www.example.gov.cn/attachment/0/24/24103/3255421.pdf", "绿化管理办法.pdf")
    ]
    api = {seen.label: seen for seen in found.observations if seen.source is Source.API}
    assert (api["date"].value, api["date"].normalised) == ("1783353600", "2026-07-07")
    assert (api["is_expired"].normalised, api["is_abolished"].normalised) == ("", "repealed")


def test_gkmlpt_without_its_table_reads_the_json() -> None:
    html = GKMLPT.replace("<table>", "<template>").replace("</table>", "</template>")
    found = chosen(read(page(html)))
    assert (found["index_number"], found["date_made"]) == ("11441200MB2C91453G/2026-00271", "2026-07-07")


def test_ucap_detail_by_custom_tags_and_padded_labels() -> None:
    found = read(page(UCAP))
    assert chosen(found) == {
        "title": "关于加强绿化管理的通知",
        "publisher": "市绿化委",
        "source": "市绿化委",
        "index_number": "01234567-8/2026-00012",
        "date_made": "2026-07-01",
        "disclosure_method": "proactive",
        "site_id_code": "5101000001",
    }
    assert found.text.count("\n") == 2
    assert [link.filename for link in found.attachments] == ["绿化任务表.docx"]


def test_every_observation_is_kept_and_points_at_the_winner() -> None:
    html = (
        "<meta name='PubDate' content='2026-01-06 08:00'><table><tr><td>发布日期</td><td>2026-01-05</td></tr></table>"
        f"<div id='zoom'>{PARAGRAPHS}</div>"
    )
    row = CatalogueRow(
        URL, title="标题", date="2026-01-07", fields=(("文号", "甲〔2026〕1号"), ("syh", "X/1"), ("点击数", "9"))
    )
    found = read(page(html), row)
    dates = [
        (seen.label, seen.value, seen.normalised, seen.source, seen.chosen)
        for seen in found.observations
        if seen.field == "date_published"
    ]
    assert dates == [
        ("发布日期", "2026-01-05", "2026-01-05", Source.TABLE, True),
        ("PubDate", "2026-01-06 08:00", "2026-01-06", Source.META, False),
        ("", "2026-01-07", "2026-01-07", Source.ROW, False),
    ]
    assert chosen(found)["doc_number"] == "甲〔2026〕1号"
    assert {
        (seen.label, seen.source) for seen in found.observations if seen.field in ("doc_number", "index_number")
    } == {
        ("文号", Source.ROW),
        ("syh", Source.API),
    }
    assert found.flags == (TITLE_FROM_ROW,)
    won = {seen.field: seen.normalised for seen in found.observations if seen.chosen}
    assert won == {name: value for name, value in found.fields if name != "doc_number_key"}


def test_a_page_time_in_pubdate_gives_way_to_the_row() -> None:
    html = (
        "<meta name='ArticleTitle' content='某规定'><meta name='PubDate' content='2025-10-25 11:32:37'>"
        f"<meta name='others' content='页面生成时间 2025-10-25 11:32:37'><div id='zoom'>{PARAGRAPHS}</div>"
    )
    assert chosen(read(page(html)))["date_published"] == "2025-10-25"
    found = read(page(html), CatalogueRow(URL, date="2022-06-01"))
    assert (chosen(found)["date_published"], found.flags) == ("2022-06-01", (PAGE_TIME,))


TITLES = {
    "meta": ("<meta name='ArticleTitle' content='关于某事的通知'><h1>某网</h1>", "关于某事的通知"),
    "empty meta": (
        "<meta name='ArticleTitle' content=''><div class='article-title'>关于某事的通知</div>",
        "关于某事的通知",
    ),
    "container": ("<h1>某市人民政府</h1><div class='news_title'>关于某事的通知</div>", "关于某事的通知"),
    "repeated by title": (
        "<title>关于某事的通知_某市政府网</title><h1>某市网站</h1><h3>关于某事的通知</h3>",
        "关于某事的通知",
    ),
    "two lines": ("<h1>关于某事的<br>通知</h1>", "关于某事的通知"),
    "title without site": ("<title>关于某事的通知-某市人民政府</title>", "关于某事的通知"),
    "label": ("<p>标题：关于某事的通知</p><p>发布日期：2026-01-05</p><h1>某某栏目</h1>", "关于某事的通知"),
    "a link to itself": (
        "<title>关于做好某事的通知-要闻-新闻</title><h1><a href='/x.html'>关于做好某事的通知</a></h1>",
        "关于做好某事的通知",
    ),
    "a link to the site's home": (
        "<title>某某市人民政府网站_关于某事</title><h1><a href='/'>某某市人民政府网站</a></h1><h3>关于某事的通知</h3>",
        "关于某事的通知",
    ),
    "the end of the breadcrumb": (
        "<title>某某市城乡规划局</title><p>当前位置：首页 > 公告 > 某某地块用地公告</p><p>某某地块用地公告</p>",
        "某某地块用地公告",
    ),
    "the site's name only": ("<title>某某市国土资源局</title><p>x</p>", ""),
    "not a menu": (
        "<title>某局</title><div class='tit'><a href='/a'>公开规定</a> | <a href='/b'>公开流程</a></div>",
        "某局",
    ),
}


@pytest.mark.parametrize("case", TITLES)
def test_where_a_title_stands(case: str) -> None:
    html, title = TITLES[case]
    assert read(page(f"{html}<div id='zoom'>{PARAGRAPHS}</div>")).title == title


def test_intertids_index_stamp_is_no_date_of_making() -> None:
    row = "<tr><td>生成日期</td><td>{}2026-09-12</td><td>公开日期</td><td>2026-09-18</td></tr>"
    stamped = chosen(read(page(f"<table>{row.format('<!--<$[SCRQ]>-->')}</table>")))
    assert (stamped.get("date_made"), stamped["date_indexed"]) == (None, "2026-09-12")
    assert chosen(read(page(f"<table>{row.format('')}</table>")))["date_made"] == "2026-09-12"


def test_a_full_title_beats_a_cut_one() -> None:
    row = CatalogueRow(URL, title="关于印发某某市绿化…")
    html = f"<title>某市</title><h1>关于印发某某市绿化管理办法的通知</h1><div id='zoom'>{PARAGRAPHS}</div>"
    assert read(page(html), row).title == "关于印发某某市绿化管理办法的通知"
    assert read(page("<p>x</p>"), row).title == "关于印发某某市绿化…"


FILE, FILM, SCAN = TextStatus.ATTACHMENT_ONLY, TextStatus.VIDEO_ONLY, TextStatus.IMAGE_ONLY
STATUS = {
    "ok": (f"<div id='zoom'>{PARAGRAPHS}</div>", TextStatus.OK),
    "image": ("<div id='zoom'><p><img src='scan.jpg'></p></div>", TextStatus.IMAGE_ONLY),
    "frame": ("<div id='fontzoom'><iframe src='view.asp?id=1'>不支持</iframe></div>", TextStatus.EMBEDDED_ONLY),
    "frame of a picture": ("<div id='zoom'><iframe src='view.asp?f=/a/1.jpg'></iframe></div>", TextStatus.IMAGE_ONLY),
    "frame of a film": ("<div id='zoom'><iframe src='/play?u=a.mp4'></iframe></div>", TextStatus.VIDEO_ONLY),
    "frame of a file": ("<div id='zoom'><iframe src='/web/viewer.html?file=/a.pdf'></iframe></div>", FILE),
    "video": ("<div id='zoom'><video src='a.mp4'>不支持</video></div>", TextStatus.VIDEO_ONLY),
    "video with a poster": ("<div id='zoom'><img src='a.jpg'><video><source src='a.mp4'></video></div>", FILM),
    "animation": ("<div id='zoom'><object><embed src='a.swf'></object></div>", TextStatus.VIDEO_ONLY),
    "recording": ("<div id='zoom'><audio src='a.mp3'></audio></div>", TextStatus.VIDEO_ONLY),
    "scan that is read aloud": ("<div id='zoom'><audio src='a.mp3'></audio><img src='1.jpg'></div>", SCAN),
    "player": ("<div id='zoom'><div id='p'></div></div><script>new ckplayer({video:'/a.m3u8'})</script>", FILM),
    "script": ("<div id='zoom'><div id='p'></div></div><script>var u='/a.mp4'</script>", TextStatus.EMPTY),
    "video and text": (f"<div id='zoom'><video src='a.mp4'></video>{PARAGRAPHS}</div>", TextStatus.OK),
    "attachment": (
        "<div id='zoom'><p><img src='pdf.gif'><a href='a.pdf'>点击下载</a></p></div>",
        TextStatus.ATTACHMENT_ONLY,
    ),
    "empty": ("<div id='zoom'> &nbsp; </div>", TextStatus.EMPTY),
    "nothing": ("", TextStatus.EMPTY),
}


@pytest.mark.parametrize("case", STATUS)
def test_text_status(case: str) -> None:
    html, status = STATUS[case]
    found = read(page(html))
    assert (found.text_status, bool(found.text)) == (status, status is TextStatus.OK)


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7 \xe2\xe3", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1", bytes(range(256)) * 20, b"\0" * 500]
)
def test_binary_is_unreadable_and_keeps_the_rows_metadata(body: bytes) -> None:
    found = read(page(body), CatalogueRow(URL, title="关于某事的通知", date="2026-01-05"))
    assert (found.title, found.text_status) == ("关于某事的通知", TextStatus.UNREADABLE)
    assert chosen(found) == {"title": "关于某事的通知", "date_published": "2026-01-05"}


def test_too_large() -> None:
    assert read(page(b"<p>" + b"a" * LARGEST)).text_status is TextStatus.TOO_LARGE
    assert read(page(b"<b>" * 600_000)).text_status is TextStatus.TOO_LARGE


def test_a_json_answer_is_read_like_a_page() -> None:
    found = read(page(json.dumps({"data": [GKMLPT_DETAIL]}), content_type="application/json"))
    assert (found.title, found.text_status) == ("关于印发绿化管理办法的通知", TextStatus.OK)
    assert chosen(found)["doc_number_key"] == "肇府办|2026|7"
    assert read(page('{"code":404}', content_type="application/json")).text_status is TextStatus.EMPTY
    assert read(page(f"[通知]<div id='zoom'>{PARAGRAPHS}</div>")).text_status is TextStatus.OK


def test_a_refusal_is_named() -> None:
    assert read(page("<p>您访问的页面不存在</p>")).refusal == "soft_404"
    assert read(page("", status=412)).refusal == "ruishu_412"
    assert read(page(UCAP)).refusal == ""


def test_the_charset_and_its_flag() -> None:
    found = read(page(f"<meta charset=utf-8><div id='zoom'>{PARAGRAPHS}</div>".encode("gb18030")))
    assert (found.charset, found.flags, found.text[:3]) == ("gb18030", ("charset_overridden",), "第一条")


def test_the_digest_follows_the_content_and_nothing_else() -> None:
    plain = read(page(UCAP)).content_digest
    same = (
        UCAP.replace("5101000001", "5101000002"),  # the site
        UCAP.replace("<body>", "<body><div class='nav'><a href='/new'>新栏目</a></div><p>浏览次数：77</p>"),
        UCAP.replace("<label>", "<label class='x'>").replace("2026年7月1日", "2026-07-01"),  # another skin
    )
    other = (
        UCAP.replace("主动公开", "依申请公开"),
        UCAP.replace("第一条", "第壹条"),
        UCAP.replace("a.docx", "b.docx"),
        UCAP.replace("关于加强", "关于进一步加强"),
    )
    assert {read(page(html)).content_digest for html in same} == {plain}
    assert len({plain, *(read(page(html)).content_digest for html in other)}) == 1 + len(other)


NASTY = {
    "nested tables": b"<table><tr><td>" * 200_000,
    "nested inline": b"<font>" * 100_000 + "索引号：1".encode(),
    "unclosed quotes": b'<div class="a><p>' * 50_000,
    "spans": b"<table>"
    + b"<tr><td colspan=999999999 rowspan=65535>\xe6\x96\x87\xe5\x8f\xb7</td><td>x</td></tr>" * 3000,
    "wide table": b"<table><tr>" + b"<td>1</td>" * 20_000,
    "colons": "：".encode() * 300_000,
    "labels": "索引号：1 ".encode() * 100_000,
    "brackets": "【索引号】".encode() * 50_000,
    "comments": b"<!--" * 200_000,
    "open script": b"<script>" + b"DETAIL: {" * 50_000,
    "deep json": b'{"content":' * 50_000,
    "links": b"<a href='x.pdf'>y</a>" * 5_000,
    "entities": b"&#xd800;&#0;&#x110000;" * 10_000,
    "null bytes": "索引号：\0 X/1\0".encode() * 1000,
    "frames": b"<frameset><frame src=a></frameset>",
    "xml": b"<?xml version='1.0'?>",
    "only a comment": b"<!-- x -->",
}


@pytest.mark.parametrize("case", NASTY)
def test_a_nasty_page_is_read(case: str) -> None:
    found = read(page(NASTY[case]))
    assert found.text_status in TextStatus
    assert len(found.observations) < 1000
    assert len(found.attachments) <= 300


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["text/html", "", "text/html; charset=gbk", "application/json"]))
def test_any_bytes_are_read(body: bytes, mime: str) -> None:
    found = read(Page(URL, 200, (("Content-Type", mime),), body), CatalogueRow(URL, title="行"))
    assert set(dict(found.fields)) <= set(FIELDS)
    assert found.title


def test_damaged_pages_are_read() -> None:
    rolls = random.Random(20261122)
    for source in (GKMLPT.encode(), UCAP.encode()):
        for _ in range(60):
            body = bytearray(source[: rolls.randrange(1, len(source))])
            for _ in range(20):
                body[rolls.randrange(len(body))] = rolls.randrange(256)
            assert read(page(bytes(body))).text_status in TextStatus
