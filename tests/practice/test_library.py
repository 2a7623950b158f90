"""The documents, their tables and their further editions."""

import re
from itertools import islice

import pytest

from crawler.practice.library import documents, editions, notices, reports
from crawler.practice.model import PracticeDocument, Table, digits_zh, number_zh
from crawler.practice.pdf import make_pdf


def grid(table: Table) -> list[list[str]]:
    """The table with its spans laid out; fails if cells overlap."""
    width = sum(cell.columns for cell in table[0])
    laid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table):
        x = 0
        for cell in row:
            while (y, x) in laid:
                x += 1
            for dy in range(cell.rows):
                for dx in range(cell.columns):
                    assert (y + dy, x + dx) not in laid
                    laid[y + dy, x + dx] = cell.text
    return [[laid[y, x] for x in range(width)] for y in range(len(table))]


def number(text: str) -> int:
    return int(text or "0")


def requests_add_up(table: Table) -> bool:
    """第一项加第二项之和，等于第三项加第四项之和, column by column."""
    rows = [[number(text) for text in row[-7:]] for row in grid(table)[3:]]
    return all(rows[0][c] + rows[1][c] == rows[-2][c] + rows[-1][c] for c in range(7))


def test_there_are_some_twenty_documents_of_both_kinds() -> None:
    assert len(documents()) == 20
    assert len(reports()) == 7
    assert set(reports()) | set(notices()) == set(documents())
    assert sum(1 for document in documents() if document.tables) == 3
    assert any(not document.doc_number for document in notices()), "an empty 文号 is one of the traps"


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.key)
def test_a_document_is_whole_and_holds_no_telephone_number(document: PracticeDocument) -> None:
    assert document.title
    assert document.issuer
    assert document.date_made <= document.day_published
    assert len(document.paragraphs) >= 5
    text = "\n".join(document.paragraphs)
    assert "{" not in text
    assert not re.search(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}", text)
    assert len(document.blocks) == len(document.paragraphs) + len(document.tables)


@pytest.mark.parametrize("document", [d for d in documents() if d.tables], ids=lambda document: document.key)
def test_report_tables_are_rectangles_of_198_cells(document: PracticeDocument) -> None:
    first, second, third = (grid(table) for table in document.tables)
    assert {len(row) for row in first} == {4}
    assert (len(second), {len(row) for row in second}) == (26, {10})
    assert (len(third), {len(row) for row in third}) == (4, {15})


@pytest.mark.parametrize("edition", [0, 3])
def test_figures_still_add_up_in_further_editions(edition: int) -> None:
    pool = [document for document in reports() if document.tables]
    chosen = list(islice(editions(pool), edition * len(pool), (edition + 1) * len(pool)))
    assert len(chosen) == 3
    assert all(requests_add_up(document.tables[1]) for document in chosen)


def test_editions_differ_in_all_that_identifies_a_document() -> None:
    many = list(islice(editions(notices()), 80))
    for name in ("key", "title", "number"):
        assert len({getattr(document, name) for document in many}) == 80
    numbers = [document.doc_number for document in many if document.doc_number]
    assert len(set(numbers)) == len(numbers)
    second = next(document for document in many if document.key == "jingmen-2020-6-2")
    assert second.title.endswith("通知（二）")
    assert (second.doc_number, second.index_number) == ("荆政办文〔2020〕7号", "990004042/2020-00107")
    assert (second.date_made, second.date_published) == ("2020-08-17", "2020-08-23 15:12")
    assert "2020年8月17日" in second.paragraphs
    assert second.attachments == ("荆门市基层政务公开标准化规范化工作任务分解表（二）.pdf",)


def test_editions_are_the_same_every_time() -> None:
    assert list(islice(editions(notices()), 50)) == list(islice(editions(notices()), 50))


@pytest.mark.parametrize(
    ("given", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (31, "三十一"), (105, "一○五")]
)
def test_numbers_in_chinese(given: int, words: str) -> None:
    assert number_zh(given) == words
    assert digits_zh(2007) == "二○○七"


def test_a_pdf_finds_its_objects_and_gives_its_text_back() -> None:
    pdf = make_pdf(["政府信息公开", "2020年"])
    table = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    offsets = [int(line[:10]) for line in pdf[table:].split(b"\n")[3:10]]
    assert [pdf[at:].split(b" ", 1)[0] for at in offsets] == [b"%d" % n for n in range(1, 8)]
    shown = [bytes.fromhex(found.decode()).decode("utf-16-be") for found in re.findall(rb"<([0-9a-f]+)> Tj", pdf)]
    assert shown == ["政府信息公开", "2020年"]
    length = int(re.search(rb"/Length (\d+)", pdf)[1])  # type: ignore[index]
    assert len(pdf.split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0]) == length
    with pytest.raises(ValueError, match="Basic Multilingual"):
        make_pdf(["𠮷"])
