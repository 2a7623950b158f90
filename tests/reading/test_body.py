import pytest

from archive.reading.body import find_body, lines
from archive.reading.letterhead import statements
from archive.reading.walk import lay_out
from tests.reading.pages import PARAGRAPHS, page


def text(html: str) -> list[str]:
    layout = lay_out(page(f"<html><body>{html}</body></html>").tree)
    region = find_body(layout)
    return list(lines(layout, region.start, region.end)) if region else []


def test_a_paragraph_a_line_and_a_row_a_line() -> None:
    html = (
        "<div class='TRS_Editor'><p>　　第一章　总　則</p><p>ＡＢＣ１２３&nbsp;&ensp;甲<br>乙</p><p>&nbsp;</p>"
        "<table><tr><th>项目</th><th>数量</th><th>备注</th></tr><tr><td>甲</td><td></td><td><p>一</p><p>二</p></td></tr>"
        "<tr><td colspan='2'>合计</td><td rowspan='2'>3</td></tr><tr><td> </td><td></td></tr></table>"
        "<script>var a='不是正文';</script><style>p{}</style><!-- <p>也不是</p> -->末尾</div>"
    )
    assert text(html) == [
        "第一章　总　則",
        "ＡＢＣ１２３ 甲",
        "乙",
        "项目\t数量\t备注",
        "甲\t\t一 二",
        "合计\t3",
        "末尾",
    ]


def test_a_layout_table_is_no_row() -> None:
    inner = "<div id='zoom'><table><tr><td>第一段</td></tr><tr><td>第二段</td></tr></table></div>"
    html = f"<table><tr><td>{inner}</td><td>侧栏</td></tr></table>"
    assert text(html) == ["第一段", "第二段"]


def test_share_bars_inside_the_container_are_no_text() -> None:
    html = f"<div id='UCAP-CONTENT'>{PARAGRAPHS}<div class='bshare-custom'>分享到</div><p class='ewm'>扫一扫</p></div>"
    assert len(text(html)) == 3


def test_containers_by_trust_not_by_order() -> None:
    html = (
        "<div class='article'><p>导语很长很长很长很长</p><div class='content'>"
        "<meta name='ContentStart'><p>围栏之内</p><meta name='ContentEnd'></div>"
        "<div id='zoom'><p>另一处</p></div></div>"
    )
    assert text(html) == ["围栏之内"]


@pytest.mark.parametrize(
    "name", ["ebw-article-detail", "m-txt-article", "article_content", "articleBody", "article123"]
)
def test_names_of_containers(name: str) -> None:
    assert text(f"<div>别的内容。</div><div id='{name}'>{PARAGRAPHS}</div><div>{PARAGRAPHS * 2}</div>") == text(
        PARAGRAPHS
    )
    assert len(text(f"<div class='{name}-title'>{PARAGRAPHS}</div><div>{PARAGRAPHS * 2}</div>")) == 9


def test_an_empty_magnifier_is_not_the_body() -> None:
    assert text(f"<div class='zoom'></div><div class='v_news_content'>{PARAGRAPHS}</div>")[0].startswith("第一条")


def test_two_editors_in_one_container_are_one_text() -> None:
    html = f"<div id='zoom'><div class='TRS_Editor'>{PARAGRAPHS}</div><div class='TRS_Editor'><p>附表</p></div></div>"
    assert len(text(html)) == 4


def test_a_teaser_gives_way_to_the_full_text() -> None:
    html = f"<div class='TRS_Editor'>摘要</div><div class='wzcon'>{PARAGRAPHS * 4}</div>"
    assert len(text(html)) == 12


def test_an_empty_container_stays_empty() -> None:
    html = (
        "<ul><li><a href='/'>首页</a></li></ul><div class='TRS_Editor'></div><div>某某人民政府 联系我们 网站地图</div>"
    )
    assert text(html) == []


def test_without_a_known_container_the_densest_stretch_is_taken() -> None:
    menu = "".join(f"<li><a href='/{n}'>栏目名称之{n}</a></li>" for n in range(40))
    html = (
        f"<ul>{menu}</ul><div class='x1'>某某市某某局</div>"
        f"<div class='x2'>{PARAGRAPHS * 3}<p>某某市某某局</p><p>2026年1月5日</p></div>"
        f"<ul>{menu}</ul><div>主办单位：某某市某某局 版权所有，未经许可不得转载，违者必究，特此声明。</div>"
    )
    found = text(html)
    assert found[-11:] == [*text(f"<div id='zoom'>{PARAGRAPHS * 3}</div>"), "某某市某某局", "2026年1月5日"]
    assert len(found) <= 12


def test_what_stands_above_the_text_is_none_of_it() -> None:
    rows = "<tr><td>发布机构：甲市某局</td><td>发布日期：2026-01-05</td></tr>" * 2
    above = f"<h1>甲市某局关于印发办法的通知</h1><p>您当前位置：首页 > 公告</p><table>{rows}</table>"
    head = "<title>甲市某局关于印发办法的通知_甲市某局</title>"
    assert text(f"{head}{above}<div>{PARAGRAPHS}</div>") == text(f"<div id='zoom'>{PARAGRAPHS}</div>")


def test_a_table_of_figures_does_not_end_the_text() -> None:
    figures = "".join(f"<tr><td>第{n}项</td>{'<td>0</td>' * 8}</tr>" for n in range(20))
    found = text(f"<div>{PARAGRAPHS}<table>{figures}</table><p>特此报告，请予审议，并提出意见和建议。</p></div>")
    assert len(found) == 24
    assert found[3] == "第0项" + "\t0" * 8


def test_a_row_is_text_as_a_whole_or_not_at_all() -> None:
    menu = "".join(f"<li><a href='/{n}'>栏目名称之{n}</a></li>" for n in range(40))
    buttons = "<tr><td>打印</td><td>关闭本页</td><td>推荐给朋友：</td></tr>"
    assert text(f"<ul>{menu}</ul><table>{buttons}</table>{PARAGRAPHS}<ul>{menu}</ul>") == text(PARAGRAPHS)


def test_the_sponsor_of_an_event_is_no_footer() -> None:
    html = f"{PARAGRAPHS}<p>主办单位：某某出版社</p>{PARAGRAPHS}<p>版权所有：某某市人民政府</p>"
    assert text(html) == [*text(PARAGRAPHS), "主办单位：某某出版社", *text(PARAGRAPHS)]


def test_what_the_text_says_of_the_document() -> None:
    found = list(
        statements(
            [
                "某市人民政府办公室",
                "关于印发办法的通知",
                "某府办〔2026〕7号",
                "各县人民政府：",
                "现印发给你们。",
                "某市人民政府办公室　某市财政局",
                "2026年1月5日",
                "（此件公开发布）",
            ]
        )
    )
    assert [(pair.field, pair.value) for pair in found] == [
        ("doc_number", "某府办〔2026〕7号"),
        ("issuer", "某市人民政府办公室　某市财政局"),
        ("date_made", "2026年1月5日"),
        ("disclosure_method", "此件公开发布"),
    ]


def test_a_signature_on_one_line_and_a_person_that_is_no_organ() -> None:
    assert [(p.field, p.value) for p in statements(["荆门市人民政府办公室2020年8月28日"])] == [
        ("issuer", "荆门市人民政府办公室"),
        ("date_made", "2020年8月28日"),
    ]
    assert [p.field for p in statements(["主任：张三", "二〇一〇年四月十一日"])] == ["date_made"]


def test_prose_is_no_statement() -> None:
    prose = ["根据国发〔2018〕43号文件精神，现将有关事项通知如下：", "自2026年1月5日起施行。", "2026年1月至2月"]
    assert list(statements(prose)) == []
