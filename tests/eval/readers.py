"""Who reads: we, and three others as yardsticks.

- *trafilatura alone*: ``bare_extraction`` with metadata, its defaults;
- *readability*, the port of arc90's algorithm for lxml, text only;
- a *positional* reader, metadata by the place of a cell in its table, as public scrapers of these portals do it
  (portal-families.md 5.1 to 5.10), title from the first heading. One skin, one list of places.

What the others find is brought into canonical form by our own normaliser: the find is judged, not its spelling."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

import trafilatura
from lxml import html
from trafilatura.settings import Document

from archive.reading.model import Reading
from archive.reading.read import read
from archive.reading.values import normalise
from tests.eval.case import Case, flat, last_part, parse, squeeze, without_rows


@dataclass(frozen=True)
class Found:
    """What a reader makes of a page; ``None``: it does not try. Texts without white space."""

    fields: Mapping[str, str] | None = None
    text: str | None = None
    prose: str | None = None
    files: frozenset[str] | None = None
    reading: Reading | None = None


def ours(case: Case) -> Found:
    found = read(case.page)
    fields = {name: value for name, value in found.fields if name != "doc_number_key"}
    prose = "".join(line for line in found.text.split("\n") if "\t" not in line)
    files = frozenset(last_part(link.url) for link in found.attachments)
    return Found(fields, squeeze(found.text), squeeze(prose), files, found)


def by_trafilatura(case: Case) -> Found:
    found = trafilatura.bare_extraction(case.page.body, url=case.page.url, with_metadata=True)
    if not isinstance(found, Document):
        return Found({}, "", "")
    raw = {
        "title": found.title,
        "date_published": found.date,
        "site_name": found.sitename,
        "keywords": " ".join(found.tags or ()),
        "abstract": found.description,
    }
    return Found(_canonical(raw), squeeze(found.text or ""), flat(without_rows(deepcopy(found.body))))


def by_readability(case: Case) -> Found:
    import readability  # a yardstick only: who asks for our misses does without

    if not case.is_html:
        return Found(None, "", "")
    body = parse(readability.Document(case.source).summary())
    return Found(None, flat(body), flat(without_rows(body)))


def by_position(case: Case) -> Found:
    tree = parse(case.source)
    raw: dict[str, str | None] = {"title": tree.xpath("string((//h1|//h2)[1])") or tree.xpath("string(//title)")}
    for container, places in _PLACES.items():
        for table in tree.xpath(container)[:1]:
            raw |= {field: _value(table, place) for field, place in places.items()}
    return Found(_canonical(raw))


READERS = {"ours": ours, "trafilatura": by_trafilatura, "readability": by_readability, "positional": by_position}


def _canonical(raw: Mapping[str, str | None]) -> dict[str, str]:
    values = {field: normalise(field, (value or "").strip()) for field, value in raw.items()}
    return {field: value for field, value in values.items() if value}


def _value(table: html.HtmlElement, place: str) -> str:
    text = table.xpath(f"string({place})")
    return re.sub(r"^[^：:]{2,8}[：:]", "", text.strip())


def _cell(row: int, cell: int) -> str:
    return f".//tr[{row}]/td[{cell}]"


_PLACES: dict[str, dict[str, str]] = {
    "//div[@class='classify']//table": {  # gkmlpt
        "index_number": _cell(1, 2), "catalogue_category": _cell(1, 4), "publisher": _cell(2, 2),
        "date_made": _cell(2, 4), "title": _cell(3, 2), "doc_number": _cell(4, 2), "date_published": _cell(4, 4),
    },
    "//table[contains(@class, 'szf_zw-table')]": {  # TRS, as 西宁 has it: labels are th
        "index_number": _cell(1, 1), "topic_category": _cell(1, 2), "publisher": _cell(2, 1), "date_made": _cell(2, 2),
        "title": _cell(3, 1), "doc_number": _cell(3, 2), "date_published": _cell(4, 1), "validity": _cell(4, 2),
    },
    "//ul[@class='wjxx']": {  # TRS, as 武汉 has it
        "index_number": "li[1]", "catalogue_category": "li[2]", "issuer": "li[3]", "date_made": "li[4]",
        "disclosure_method": "li[5]", "disclosure_scope": "li[6]", "disclosure_time_limit": "li[7]",
    },
    "//dl[@class='people-desc']": {
        "issuer": "dd[1]", "title": "dd[2]", "doc_number": "dd[3]", "index_number": "dd[4]",
    },
    "//div[@class='people-desc']": {
        "issuer": "p[1]/b", "title": "p[2]/b", "doc_number": "p[3]/b", "index_number": "p[4]/b",
    },
    "//div[@class='xxgkml-content']": {  # UCAP
        "index_number": "div[1]/div", "topic_category": "div[2]/div", "issuer": "div[3]/div",
        "date_made": "div[4]/div", "title": "div[5]/div", "doc_number": "div[6]/div", "date_published": "div[7]/div",
        "validity": "div[8]/div",
    },
    "//div[@class='meta-main']/ul": {
        "index_number": "li[1]/div", "catalogue_category": "li[2]/div", "publisher": "li[3]/div",
        "doc_number": "li[4]/div", "date_made": "li[5]/div",
    },
    "//div[@class='zwgk_comr1']//table": {  # UCAP, as 永州 has it
        "index_number": _cell(1, 2), "topic_category": _cell(1, 4), "publisher": _cell(2, 2), "date_made": _cell(2, 4),
        "doc_number": _cell(4, 2),
    },
    "//table[contains(@class, 'xxsx')]": {  # 荆门's Hanweb
        "index_number": _cell(1, 2), "topic_category": _cell(1, 4), "publisher": _cell(2, 2), "date_made": _cell(2, 4),
        "doc_number": _cell(3, 2), "validity": _cell(3, 4),
    },
    "//table[@class='govDetailTable']": {  # extension-less
        "index_number": _cell(1, 1), "publisher": _cell(2, 1), "doc_number": _cell(3, 2), "date_made": _cell(4, 1),
    },
    "//table[contains(@class, 'xxgk_detail_table1')]": {  # 科技部
        "title": _cell(1, 2), "index_number": _cell(2, 2), "issuer": _cell(2, 4), "date_made": _cell(3, 2),
        "date_published": _cell(3, 4), "doc_number": _cell(4, 2), "validity": _cell(4, 4),
    },
    "//table[@class='bd1']": {  # 国务院
        "index_number": _cell(1, 2), "topic_category": _cell(1, 4), "issuer": _cell(2, 2), "date_made": _cell(2, 4),
        "title": _cell(3, 2), "doc_number": _cell(4, 2), "date_published": _cell(4, 4),
    },
    "//div[@class='shezhi']": {"date_published": "div[1]", "source": "div[2]/span"},  # 发展改革委
    "//div[@class='vF_detail_header']": {"title": "h2", "date_published": "p/span[1]"},  # 中国政府采购网
    "//table[@id='2020_VERSION']": {"title": ".//tr[1]//span", "date_published": ".//tr[2]//span"},  # 河北
    "//div[contains(@class, 'wzxq')]": {  # 载人航天
        "title": "div[@class='title']", "date_published": ".//div[@class='pubDate']/span",
        "source": ".//div[@class='source']/span",
    },
    "//div[@class='ewb-trade-main']": {"title": "h2", "date_published": "div[1]/text()[1]"},  # 江苏
    "//td[@class='xl_t1']": {"title": "."},  # 韶关
    "//div[@class='content']/div[@class='info']": {"date_published": "span[1]", "source": "span[2]"},  # 北京中医局
}  # fmt: skip
