"""Texts of which one page holds several, made up: a letter, what it passes on, notices. None is from a seed."""

from html import escape

from archive.reading.model import Part, Reading
from archive.reading.read import read
from archive.vocabulary import PartKind
from tests.reading.pages import page

OWN, REPRINTED, ANNEX = PartKind.OWN, PartKind.REPRINTED, PartKind.ANNEX

PROSE = "为进一步加强食品安全监督管理工作，保障人民群众身体健康，现就有关事项通知如下。"
MORE = [f"{number}、各单位要高度重视，明确分工，落实责任，确保各项任务按时完成。" for number in "一二三"]

LETTER = ["各县（区）卫生局：", "现将省卫生厅文件转发给你们，请结合实际认真贯彻执行。", "乙市卫生局", "2021年5月18日"]
FORWARDED_TITLE = "甲省卫生厅关于开展夏季食品安全检查的通知"
NUMBER = "甲卫发〔2021〕33号"
FORWARDED = [NUMBER, "各市卫生局：", PROSE, *MORE, "甲省卫生厅", "2021年4月30日"]
CARRIER_TITLE = "乙市卫生局转发甲省卫生厅关于开展夏季食品安全检查的通知"


def body(lines: list[str], title: str = "", around: str = "") -> Reading:
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return read(page(f"<html><body><h1>{title}</h1>{around}<div class='TRS_Editor'>{text}</div></body></html>"))


def fields(found: Reading | Part, *names: str) -> dict[str, str]:
    said = dict(found.fields)
    return {name: said[name] for name in names or ("issuer", "doc_number", "date_made") if name in said}


def kinds(found: Reading) -> list[tuple[PartKind, int, int]]:
    return [(part.kind, part.first, part.last) for part in found.parts]


def reprinted(found: Reading) -> list[Part]:
    return [part for part in found.parts if part.kind is REPRINTED]


def notice(organ: str, number: int) -> list[str]:
    head = [f"{organ}关于公布第{number}批目录的通知", f"丙政发〔2020〕{number}号", "各乡镇人民政府，区直各单位："]
    return [*head, PROSE, *MORE, organ, f"2020年3月{number}日"]
