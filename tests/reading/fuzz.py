"""Pages that no portal would serve on purpose: saved and made ones, mutated. Whatever the bytes, a reading comes back.

``python -m tests.reading.fuzz --pages 20000`` reads so many and names what raised, what came back unsound, and the
slowest; the suite reads a slice of the same (``test_fuzz.py``). The same seed gives the same pages."""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import GongkaiError
from archive.events import CatalogueRow
from archive.reading.dates import parse_date
from archive.reading.fields import FIELDS
from archive.reading.model import Reading
from archive.reading.page import Page
from archive.reading.read import read
from archive.reading.refusal import Refusal
from archive.reading.values import is_null
from archive.vocabulary import Source, TextStatus
from tests.eval import practice
from tests.reading.pages import GKMLPT, INTERTID, SHARED, UCAP

SEED = 20261122
LARGEST = 400_000
"""Bytes of a mutated page: larger ones are the matter of ``monsters.py``."""

Damage = Callable[[random.Random, bytes], bytes]

_FOLDERS = ("detail", "list", "blocked", "gbk")
_KINDS = (".html", ".htm", ".json", ".txt", ".xml", ".js", ".jsp")
_CHARSETS = (
    *("utf-8", "gb2312", "gbk", "gb18030", "big5", "iso-8859-1", "utf-16", "utf-7", "utf-32", "shift_jis", "hz"),
    *("iso-2022-jp", "euc-kr", "x-user-defined", "replacement", "rot13", "idna", "punycode", "", "无", "\x00"),
)
_MIMES = (
    *("text/html", "text/html", "text/html", "text/plain", "application/json", "application/xml", "", "text/"),
    *("application/octet-stream", "application/pdf", "text/javascript", ";;;", "multipart/mixed"),
)
_STATUSES = (200, 200, 200, 200, 200, 202, 206, 302, 403, 404, 412, 500, 521, 0, 999)
_TAG = re.compile(rb"<[^<>]{1,300}>")
_CLOSING = re.compile(rb"</[a-zA-Z0-9]+\s*>")
_QUOTE = re.compile(rb"[\"']")
_TOKENS = (
    *("<table>", "</table>", "<tr>", "<td>", "<td colspan=9999999>", "<th rowspan=-1>", "<td rowspan='１２'>", "</td>"),
    *("<div id=zoom>", "<ucapcontent>", "<p>", "</p>", "<li>", "<dl><dt>", "<a href='", "<a href=http://[::1>", "</a>"),
    *(
        "<a href='//[/fj.pdf'>附件",
        "<a href='http://a:b@c:99999999/x.doc'>",
        "<base href='javascript:1'>",
        "<base href='//['>",
    ),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0' encoding='utf-16'?>", "<script>", "</script>", "<style>"),
    *(
        "<script>window._CONFIG={DETAIL:{",
        '<script>DETAIL:{"title":"\\ud800","content":"<p>',
        "<plaintext>",
        "<svg><p>",
    ),
    *("<iframe src='x'>", "<textarea>", "<select><option>", "<meta charset=", "<meta name=ContentStart>"),
    *(
        "<meta name=ContentEnd>",
        "<meta name=PubDate content='",
        "<title>",
        "</title>",
        "<h1>",
        "<frameset>",
        "<template>",
    ),
    *(
        "&#0;",
        "&#xD800;",
        "&#1114112;",
        "&#99999999999999999999;",
        "&amp;amp;",
        "&nbsp",
        "&#x;",
        "\x00",
        "\ufeff",
        "\u202e",
    ),
    *(
        "索引号：",
        "发文字号：",
        "成文日期：",
        "发布机构：",
        "【发布日期】",
        "附件：",
        "名称：",
        "文号",
        "：",
        "﹕",
        "〔",
        "］",
        "号",
    ),
    *("二〇二六年十三月四十日", "9999年99月99日", "2026-02-30", "13位1783353600000", "令第九百九十九号", "〔0000〕0号"),
    *(
        "²０１6年１月①日",
        "٢٠٢٦-٠١-٠١",
        "99999999999999999999年",
        "一二三四五年",
        "〔２０２６〕１、２、３、９９９９９号",
    ),
    *(
        "{",
        "[",
        '{"data":',
        '{"content":"<p>',
        "}",
        "]",
        '"',
        "'",
        "\\",
        "\r",
        "\v",
        "\x1c",
        "\u2028",
        "\U0010ffff",
        "\u0300",
    ),
)


# --- kinds of damage: each a pure function of chance and bytes


def _flip(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 10, 200)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, body: bytes) -> bytes:
    start, end = _stretch(chance, body)
    return chance.choice((body[:start], body[start:], body[:start] + body[end:], body[start:end]))


def _repeat(chance: random.Random, body: bytes) -> bytes:
    start, end = _stretch(chance, body, 4000)
    return body[:end] + body[start:end] * chance.choice((1, 3, 40)) + body[end:]


def _nest(chance: random.Random, body: bytes) -> bytes:
    """A stretch within itself, or the page within many elements that nothing closes."""
    start, end = _stretch(chance, body, 2000)
    if chance.random() < 0.5:
        middle = (start + end) // 2
        return body[:middle] + body[start:end] + body[middle:]
    opening = chance.choice((b"<div>", b"<table><tr><td>", b"<ul><li>", b"<span>", b"<font>", b"<a href=1>", b"<b><p>"))
    return body[:start] + opening * chance.choice((5, 300, 3000)) + body[start:]


def _unclose(chance: random.Random, body: bytes) -> bytes:
    return _CLOSING.sub(lambda found: b"" if chance.random() < 0.3 else found[0], body)


def _unquote(chance: random.Random, body: bytes) -> bytes:
    return _QUOTE.sub(lambda found: b"" if chance.random() < 0.05 else found[0], body)


def _shuffle(chance: random.Random, body: bytes) -> bytes:
    """The tags of the page change places."""
    tags = _TAG.findall(body)
    chance.shuffle(tags)
    return _TAG.sub(lambda found: tags.pop() if chance.random() < 0.2 else found[0], body)


def _insert(chance: random.Random, body: bytes) -> bytes:
    encoding = chance.choice(("utf-8", "utf-8", "gb18030", "utf-16-le"))
    for _ in range(chance.choice((1, 5, 40))):
        at = chance.randrange(len(body) + 1)
        body = body[:at] + chance.choice(_TOKENS).encode(encoding, "replace") + body[at:]
    return body


def _nulls(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + b"\0" * chance.choice((1, 20, 5000)) + body[at:].replace(b" ", chance.choice((b"\0", b" ")))


def _recode(chance: random.Random, body: bytes) -> bytes:
    """The page in another charset than it says, or half of it."""
    codecs = ("gb18030", "utf-16", "utf-16-be", "big5hkscs", "utf-7", "utf-8-sig", "latin-1", "utf-32")
    other = body.decode("utf-8", "replace").encode(chance.choice(codecs), "replace")
    return other if chance.random() < 0.5 else body[: len(body) // 2] + other[len(other) // 2 :]


def _bomb(chance: random.Random, body: bytes) -> bytes:
    """Entities that stand for each other (billion laughs), as HTML has none; and very many of those it has."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE html [<!ENTITY e0 "哈哈">{levels}]>'.encode()
    at = chance.randrange(len(body) + 1)
    return doctype + body[:at] + chance.choice((b"&e11;", b"&#20320;" * 3000, b"&amp" * 3000)) + body[at:]


def _bloat(chance: random.Random, body: bytes) -> bytes:
    """An attribute, a name or a word of an element that is huge, or many of them."""
    long = b"".join(chance.choice((b"zoom ", b"a", b"\xe5\x8f\xb7", b"&", b" fj")) for _ in range(20)) * 500
    found = [match.end() - 1 for match in _TAG.finditer(body)] or [0]
    at = chance.choice(found)
    many = b" ".join(b"a%d=%d" % (n, n) for n in range(3000))
    names = (b" class='%b'" % long, b" %b" % many, b" href='%b.pdf'" % long, b' id="%b' % long, b" colspan=%b" % long)
    return body[:at] + chance.choice(names) + body[at:]


def _glue(chance: random.Random, body: bytes) -> bytes:
    """No white space, or no line ends, or nothing but them between the tags."""
    return chance.choice((body.replace(b"\n", b""), b"".join(body.split()), _TAG.sub(rb"\n\g<0>\n", body)))


DAMAGES: tuple[Damage, ...] = (
    *(_flip, _cut, _repeat, _nest, _unclose, _unquote, _shuffle, _insert, _insert),
    *(_nulls, _recode, _bomb, _bloat, _glue),
)


def _stretch(chance: random.Random, body: bytes, longest: int = 1 << 30) -> tuple[int, int]:
    start = chance.randrange(len(body) + 1)
    return start, min(chance.randrange(start, len(body) + 1), start + longest)


# --- pages


def made() -> list[bytes]:
    """Documents of all practice portals, and some pages of the tests. Always there."""
    found = [page.encode() for page in (GKMLPT, UCAP, INTERTID)]
    return found + [
        case.page.body for case in practice.cases() if not case.truth.fields.get("title", ("",))[0].count("（")
    ]


def saved() -> list[bytes]:
    """Pages of real portals; none where the shared material is absent."""
    folders = [SHARED / "pages" / name for name in _FOLDERS]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in _KINDS)
    return [body for path in files if len(body := path.read_bytes()) <= LARGEST]


@dataclass(frozen=True)
class Mutant:
    """A page to be read, and how it came to be: seed and number name it."""

    number: int
    page: Page
    row: CatalogueRow | None
    damages: tuple[str, ...]


def mutants(stock: Sequence[bytes], count: int, seed: int = SEED) -> Iterator[Mutant]:
    """``count`` mutants, each of a page of the stock, each by chance of its own."""
    for number in range(count):
        yield mutant(stock, number, seed)


def mutant(stock: Sequence[bytes], number: int, seed: int = SEED) -> Mutant:
    chance = random.Random(f"{seed}/{number}")
    body = stock[number % len(stock)]
    damages = chance.choices(DAMAGES, k=chance.choice((1, 1, 2, 3, 5)))
    for damage in damages:
        body = damage(chance, body)[:LARGEST]
    kind, charset = chance.choice(_MIMES), chance.choice(_CHARSETS)
    header = kind if chance.random() < 0.3 else f"{kind}; charset={charset}"
    url = chance.choice(
        ("http://www.example.gov.cn/a/t20260105_1.html", "http://[::1/", "", "x:", "https://例.中国/?%")
    )
    page = Page(url, chance.choice(_STATUSES), (("Content-Type", header), ("X", "\udcff")), body)
    return Mutant(number, page, _row(chance), tuple(damage.__name__.strip("_") for damage in damages))


def _row(chance: random.Random) -> CatalogueRow | None:
    if chance.random() < 0.5:
        return None
    word = lambda: "".join(chance.choices(_TOKENS, k=chance.randrange(3)))  # noqa: E731
    names = ("identifier", "is_expired", "索引号", "成文日期", "date", "")
    fields = tuple((chance.choice(names), word()) for _ in range(3))
    files = (("http://[/a.pdf", word()), (word(), word()))
    return CatalogueRow(word(), word(), word(), fields, files[: chance.randrange(3)])


# --- what must hold of any reading


def faults(found: Reading) -> list[str]:
    """What is unsound about a reading, in words."""
    wrong = []
    names = [name for name, _ in found.fields]
    if names != [name for name in FIELDS if name in names]:
        wrong.append(f"fields unknown, double or out of order: {names}")
    if any(not value for _, value in found.fields):
        wrong.append("a chosen value is empty")
    if found.text_status is not TextStatus.OK and found.text:
        wrong.append(f"a text, though its status is {found.text_status}")
    if found.text_status is TextStatus.OK and not found.text:
        wrong.append("no text, though its status is ok")
    if found.refusal and found.refusal not in set(Refusal):
        wrong.append(f"a refusal without a name: {found.refusal}")
    if any(seen.source not in Source or (seen.field and seen.field not in FIELDS) for seen in found.observations):
        wrong.append("an observation of no field, or from nowhere")
    if any(seen.chosen and is_null(seen.normalised) for seen in found.observations):
        wrong.append("what was chosen says nothing")
    for name, value in found.fields:
        if name.startswith("date_") and parse_date(value).value != value:
            wrong.append(f"{name} is no day: {value}")
    if any(not link.url.startswith(("http://", "https://")) for link in found.attachments):
        wrong.append("an attachment without an absolute address")
    if len(found.content_digest) != 64:
        wrong.append("no digest")
    return wrong


@dataclass
class Tally:
    """What a run of the fuzzer found."""

    read: int = 0
    refused_to_read: int = 0  # ReadingError and its kin: allowed
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int]] = field(default_factory=list)  # seconds, number of the mutant

    def add(self, one: Mutant) -> None:
        begun = time.perf_counter()
        try:
            reading = read(one.page, one.row)
        except GongkaiError:
            self.refused_to_read += 1
        except Exception as error:  # noqa: BLE001 - what this program is for
            self.wrong.append(f"{one.number} ({', '.join(one.damages)}): {type(error).__name__}: {error}")
        else:
            self.statuses[reading.refusal or reading.text_status] += 1
            self.wrong += [f"{one.number} ({', '.join(one.damages)}): {fault}" for fault in faults(reading)]
        self.read += 1
        self.slowest = sorted([*self.slowest, (time.perf_counter() - begun, one.number)], reverse=True)[:5]


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.reading.fuzz", description=__doc__)
    words.add_argument("--pages", type=int, default=20_000, metavar="N")
    words.add_argument("--seed", type=int, default=SEED)
    words.add_argument("--only", type=int, metavar="NUMBER", help="read this mutant alone, and let what it raises pass")
    words.add_argument("--save", type=Path, metavar="FILE", help="with --only: write its bytes there")
    chosen = words.parse_args()
    stock = saved() + made()
    if chosen.only is not None:
        one = mutant(stock, chosen.only, chosen.seed)
        if chosen.save:
            chosen.save.write_bytes(one.page.body)
        print(one.page.url, one.page.status, one.page.headers, one.damages, one.row)
        found = read(one.page, one.row)
        print(found.text_status, found.refusal, found.fields, *faults(found), sep="\n")
        return 0
    tally, begun = Tally(), time.monotonic()
    for one in mutants(stock, chosen.pages, chosen.seed):
        tally.add(one)
        if tally.read % 2000 == 0:
            print(f"{tally.read} pages, {len(tally.wrong)} wrong, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{tally.read} mutants of {len(stock)} pages in {time.monotonic() - begun:.0f} s")
    print("  " + ", ".join(f"{name} {count}" for name, count in tally.statuses.most_common()))
    print("  slowest: " + ", ".join(f"{seconds:.2f} s (number {number})" for seconds, number in tally.slowest))
    print(f"  {tally.refused_to_read} not readable by name, {len(tally.wrong)} wrong")
    for line in tally.wrong[:50]:
        print(f"FAIL {line}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
