import pytest

from archive.reading.body import find_body
from archive.reading.line import split_line
from archive.reading.pairs import Pair, find_pairs
from archive.reading.walk import lay_out
from archive.vocabulary import Source
from tests.reading.pages import INTERTID, PARAGRAPHS, page


def pairs(html: str) -> list[Pair]:
    layout = lay_out(page(f"<html><body>{html}</body></html>").tree)
    region = find_body(layout) if layout.bodies else None
    return find_pairs(layout, (region.start, region.end) if region else None)


def found(html: str) -> dict[str, str]:
    return {pair.field: pair.value for pair in pairs(html)}


SHAPES = {
    "td/td": "<table><tr><td>索引号</td><td>X/2020-1</td></tr></table>",
    "th/td": "<table><tr><th>索引号：</th><td>X/2020-1</td></tr></table>",
    "td with b": "<table><tr><td><b>索　引　号：</b></td><td> X/2020-1 </td></tr></table>",
    "both in one cell": "<table><tr><td>索引号：X/2020-1</td><td>备注</td></tr></table>",
    "label above value": "<table><tr><th>索引号</th><th>文号</th></tr><tr><td>X/2020-1</td><td></td></tr></table>",
    "dt/dd": "<dl><dt>索引号</dt><dd>X/2020-1</dd></dl>",
    "dt/dd with p": "<dl><dt><p>索引号：</p></dt><dd><p>X/2020-1</p></dd></dl>",
    "li": "<ul><li>索引号： X/2020-1</li></ul>",
    "li with span": "<ul><li><span>索引号</span><span>X/2020-1</span></li></ul>",
    "li with b and div": "<ul><li><b>索引号</b><div class='mes syh'>X/2020-1</div></li></ul>",
    "label/div": "<div><label><font>索 引 号：</font></label><div class='display-block'>X/2020-1</div></div>",
    "div/div": "<div class='table-tr'><div class='table-td'>索引号：</div><div class='table-td'>X/2020-1</div></div>",
    "b + text": "<p><b>索引号：</b>X/2020-1</p>",
    "p": "<p>索引号：X/2020-1</p>",
    "line break": "<div>索引号：<br>X/2020-1</div>",
    "banner": "<p>【索引号】X/2020-1【文号】</p>",
    "traditional": "<p>索引號：X/2020-1</p>",
    "in a layout table": "<table><tr><td><table><tr><td>索引号</td><td>X/2020-1</td></tr></table></td></tr></table>",
    "comment between": "<table><tr><td>索引号</td><td><!--<$[SYH]>-->X/2020-1<!--<$[SYH]>--></td></tr></table>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_pair_is_found_in_any_shape(shape: str) -> None:
    assert found(SHAPES[shape])["index_number"] == "X/2020-1"


EMPTY = {
    "next cell is a label": "<table><tr><td>文号</td><td>发布日期</td><td>2020-01-02</td></tr></table>",
    "empty span": "<table><tr><td>文号:</td><td><span></span></td><td>发布日期:</td><td>2020-01-02</td></tr></table>",
    "one line": "<p>文件编号: 发布日期: 2020-01-02</p>",
    "list": "<ul><li>文号：</li><li>发布日期：2020-01-02</li></ul>",
    "empty div": "<div><label>文号：</label><div></div></div><h1>关于某事的通知</h1><p>发布日期：2020-01-02</p>",
    "title next": "<p>文号：</p><h1>关于某事〔2020〕3号的通知</h1><p>发布日期：2020-01-02</p>",
    "end of table": "<table><tr><td>发布日期</td><td>2020-01-02</td></tr><tr><td>文号</td></tr></table>甲〔2020〕1号",
}


@pytest.mark.parametrize("shape", EMPTY)
def test_an_empty_value_takes_nothing_from_its_neighbour(shape: str) -> None:
    values = found(EMPTY[shape])
    assert values.get("doc_number", "") == ""
    assert values["date_published"] == "2020-01-02"


def test_a_line_is_split_at_labels_not_at_spaces() -> None:
    line = "公开方式: 主动公开 公开时限: 常年公开 标 题: 德兴市 2020年度 报告 文件编号: 成文日期: 2021年01月22日"
    assert split_line(line) == [
        ("公开方式", "主动公开"),
        ("公开时限", "常年公开"),
        ("标 题", "德兴市 2020年度 报告"),
        ("文件编号", ""),
        ("成文日期", "2021年01月22日"),
    ]


def test_a_label_inside_a_word_is_none() -> None:
    assert split_line("贷款期限和保值时间：三年") == []


def test_a_law_databases_banner() -> None:
    line = (
        "文章属性•【制定机关】荆门市人民政府办公室•【公布日期】2020.08.28•【字号】荆政办文〔2020〕6号"
        "•【效力等级】地方规范性文件荆门市人民政府办公室关于印发•【时效性】现行有效•【发布日期】2020.08.29正文市人民政府"
    )
    assert [(pair.field, pair.value) for pair in pairs(f"<p>{line}</p>")] == [
        ("issuer", "荆门市人民政府办公室"),
        ("date_promulgated", "2020.08.28"),
        ("doc_number", "荆政办文〔2020〕6号"),
        ("legal_level", "地方规范性文件"),
        ("validity", "现行有效"),
        ("date_promulgated", "2020.08.29"),
    ]


def test_a_number_in_lenticular_brackets_ends_no_value() -> None:
    assert found("<p>【字号】深府规【2018】12号【时效性】有效</p>")["doc_number"] == "深府规【2018】12号"


def test_ambiguous_labels_are_decided_by_their_value() -> None:
    assert found("<p>字号：大 中 小 发布日期：2020-01-02</p>") == {"date_published": "2020-01-02"}
    assert found("<p>公开形式：主动公开</p>") == {"disclosure_method": "主动公开"}
    assert found("<p>公开形式：政府网站</p>") == {"disclosure_channel": "政府网站"}


def test_intertid_comments_are_not_data() -> None:
    assert found(INTERTID) == {
        "index_number": "014006438/2026-03652",
        "date_made": "2026-09-12",
        "date_published": "2026-09-18",
        "doc_number": "政府令187号",
        "validity": "有效",
        "publisher": "无锡市人民政府",
        "disclosure_method": "主动公开",
        "topic_category": "— \xa0—".replace(" \xa0", " "),
    }


def test_spans_of_cells_are_followed() -> None:
    html = (
        "<table><tr><td rowspan='3'>基本信息</td><td>发文机关</td><td colspan='3'>甲市人民政府</td></tr>"
        "<tr><td>文号</td><td>甲府〔2020〕1号</td><td>有效性</td><td>有效</td></tr>"
        "<tr><td>成文日期</td><td>2020-01-01</td><td>发布日期</td><td>2020-01-02</td></tr></table>"
    )
    assert found(html) == {
        "issuer": "甲市人民政府",
        "doc_number": "甲府〔2020〕1号",
        "validity": "有效",
        "date_made": "2020-01-01",
        "date_published": "2020-01-02",
    }


def test_an_unknown_label_of_a_table_is_kept_without_a_field() -> None:
    (pair,) = pairs("<table><tr><td>采购方式：</td><td>公开招标</td></tr></table>")
    assert pair == Pair("", "采购方式", "公开招标", Source.TABLE)


def test_a_list_of_documents_is_no_metadata() -> None:
    rows = "".join(f"<tr><td>X/{n}</td><td>文件{n}</td><td>2020-01-0{n}</td></tr>" for n in range(1, 6))
    html = f"<table><tr><td>索引号</td><td>名称</td><td>发布日期</td></tr>{rows}</table>"
    assert all(not pair.value for pair in pairs(html))


def test_furniture_behind_a_value_is_cut() -> None:
    line = "发布时间：2015-7-2    字体：<a>大</a> <a>中</a>    作者：系统管理员    浏览数：74  来源：市局 【打印】"
    values = found(f"<td>{line}</td>")
    assert values["source"] == "市局"
    assert values["date_published"] == "2015-7-2"
    assert found("<p>来源：市政府办公室  2020-01-02 10:11  联系电话：1234</p>")["source"] == "市政府办公室"


def test_labels_are_seen_where_no_space_parts_them() -> None:
    assert found("<p><span>来源：市局</span><span>浏览次数：</span><span>3</span></p>") == {"source": "市局"}
    assert found("<p><i>来源：市局</i><i>2026-02-22 09:30</i></p>") == {"source": "市局"}
    assert found("<p>2020-01-02 09:00来源：市局<b>索引号</b>：X/1</p>") == {"source": "市局", "index_number": "X/1"}
    assert found("<p>发布日期：2020年1月2日来源：市局</p>") == {"date_published": "2020年1月2日", "source": "市局"}
    assert found("<p>某某局来源：市局</p>") == {}


def test_a_bracket_that_opens_a_button_is_cut() -> None:
    assert found("<p>日期：2020-01-02 来源：市局 【字体：大 中 小】</p>")["source"] == "市局"
    assert found("<p>来源：市局（综合处） 日期：2020-01-02</p>")["source"] == "市局（综合处）"


def test_sources_are_told_apart() -> None:
    html = "<table><tr><td>索引号</td><td>X</td></tr></table><p>发布时间：2020-01-02</p><li>文号：甲〔2020〕1号</li>"
    assert [pair.source for pair in pairs(html)] == [Source.TABLE, Source.LINE, Source.LIST]


def test_prose_in_the_body_gives_no_pairs() -> None:
    body = (
        f"<div class='TRS_Editor'>{PARAGRAPHS}<p>时间：2026年7月9日09:30</p><p>名称：某某项目</p>"
        "<p>来源：这是一句话。后面还有。</p><p>发布机构：按照本办法第三条确定。</p>"
        "<table><tr><td>名称</td><td>数量</td></tr><tr><td>甲</td><td>1</td></tr></table></div>"
    )
    assert pairs(f"<p>发布日期：2026-07-01</p>{body}") == [
        Pair("date_published", "发布日期", "2026-07-01", Source.LINE)
    ]


def test_a_statement_in_the_body_is_weak() -> None:
    html = f"<div class='TRS_Editor'>{PARAGRAPHS}<p>发文字号：甲府〔2020〕1号</p><p>（来源：新华网）</p></div>"
    assert [(pair.field, pair.value, pair.source) for pair in pairs(html)] == [
        ("doc_number", "甲府〔2020〕1号", Source.BODY),
        ("source", "新华网", Source.BODY),
    ]


def test_navigation_states_nothing_but_the_sites_code() -> None:
    html = "<div class='nav'><p>日期：2026年1月1日</p><p>索引号：X</p></div><footer>网站标识码：4404000001</footer>"
    assert found(html) == {"site_id_code": "4404000001"}


def test_personal_data_and_counters_are_dropped() -> None:
    assert pairs("<p>责任编辑：张三</p><p>浏览次数：15</p><table><tr><td>作者</td><td>李四</td></tr></table>") == []


def test_a_huge_table_stays_bounded() -> None:
    row = "<tr>" + "<td rowspan='1000000' colspan='1000000'>索引号</td><td>1</td>" * 50 + "</tr>"
    assert len(pairs(f"<table>{row * 100}</table>")) <= 400
