"""What is no document, among documents or in the place of one: posts, snippets, frames, forms."""

import pytest

from archive.reading.parts import FOREIGN
from archive.vocabulary import PartKind
from tests.reading.several import LETTER, MORE, OWN, body, fields, kinds, notice

POSTS = [
    "楼上的朋友说得对，我也打过这个电话，没有人接，你们再试试吧。",
    "那里的人都不上班吗?没有人管吗?电话是坏的吗?你们去过吗?",
]


def test_posts_of_a_forum_in_a_notice() -> None:
    found = body([*LETTER[:2], *POSTS, *MORE, *LETTER[2:]], "乙市卫生局关于食品安全的通知")
    assert kinds(found) == [(OWN, 1, 2), (PartKind.FOREIGN, 3, 4), (OWN, 5, 9)]
    assert [part.document for part in found.parts] == [1, 0, 1]
    assert found.flags == (FOREIGN,)
    assert fields(found) == {"issuer": "乙市卫生局", "date_made": "2021-05-18"}


def test_what_a_search_engine_shows_in_a_notice() -> None:
    snippet = "为规范政府信息公开工作，依据《中华人民共和国政府信息公开条例》和有关规定，以及相关法律、法规，..."
    found = body([*LETTER[:2], snippet, *MORE, *LETTER[2:]], "乙市卫生局关于食品安全的通知")
    assert [part.kind for part in found.parts] == [OWN, PartKind.FOREIGN, OWN]


def test_a_site_where_files_are_shared() -> None:
    frame = ["卫生局文件范文", "- 格式:doc", "- 大小:36.5 KB", "- 文档页数:3"]
    found = body([*frame, "乙卫发〔2021〕12号", *LETTER], "卫生局文件范文")
    assert kinds(found) == [(PartKind.FOREIGN, 1, 4), (OWN, 5, 9)]
    assert FOREIGN in found.flags


@pytest.mark.parametrize(
    "line",
    [
        "楼上漏水把我家天花板泡坏了，请问应该找哪个部门反映这个问题？",  # a letter to the mayor
        "第二条修改为：“……”",
        "目录：一、总体要求.........................1 二、主要任务.......................3 三、保障措施...........8",
        "下载格式：doc",
        "请问何时能够恢复供水？谢谢！",
    ],
)
def test_what_stands_in_documents_is_not_foreign(line: str) -> None:
    assert body([*LETTER[:2], line, *MORE, *LETTER[2:]], "乙市卫生局关于食品安全的通知").parts == ()


def test_a_form_is_no_document_of_its_own_if_there_is_no_other() -> None:
    form = "劳动合同样本____年劳动合同方案一、合同期限自____年起。"
    assert body([*LETTER, form], "乙市卫生局关于推行劳动合同的通知").parts == ()
    assert body([form], "劳动合同样本").parts == ()


def test_parts_leave_no_gap() -> None:
    lines = [
        *notice("丙区人民政府", 3),
        *POSTS,
        *notice("丁区人民政府", 4),
        "附件1",
        "名单",
        *notice("戊区人民政府", 6),
    ]
    found = body(lines, "文件选登")
    at = 1
    for part in found.parts:
        assert part.first == at <= part.last
        at = part.last + 1
    assert at == len(lines) + 1
