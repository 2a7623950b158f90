"""``gongkai probe``: ask a portal what it is by one of its addresses, tell it, and write its portal file."""

import asyncio
import ipaddress
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click
from scrapy import Request, signals
from scrapy.crawler import Crawler

from archive import garbage
from archive.errors import StorageError, UsageError
from archive.ledger import questions
from archive.ledger.schema import open_ledger
from archive.place import Place, explain, write_text
from archive.reading.fields import FIELDS
from archive.reading.page import Page
from archive.reading.refusal import is_barrier, refusal
from archive.show import harmless, table
from archive.urls import host
from archive.vocabulary import Verdict
from crawler.answers import ROBOTS_MAY_BE
from crawler.crawling import scrapy_process
from crawler.detection import Case
from crawler.inquiry import Finding
from crawler.leads import site_of
from crawler.middlewares.robots import permission
from crawler.portal import BUILT_IN
from crawler.portal_draft import draft
from crawler.settings import USER_AGENT
from crawler.spiders.probe import ProbeSpider, provisional, told
from crawler.trial import Document, Tried

_ROWS = 5  # of a list that are told
_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe brought."""

    key: str
    findings: tuple[Finding, ...]
    robots: Mapping[str, Page]  # by origin
    requests: int
    run: str
    files: tuple[Path, ...]  # WARC files that hold what was sent
    folder: Path  # of the run
    verdict: Verdict
    reason: str

    @property
    def is_named(self) -> bool:
        """Whether there is anything that a portal file could say."""
        return any(found.can_be_read for found in self.findings)

    def lines(self) -> Iterator[str]:
        """What is told of it on a terminal."""
        for found in self.findings:
            yield from map(harmless, _told(found, self.robots))
        files = ", ".join(map(str, self.files)) or "no file, as nothing answered"
        yield f"{self.requests} requests, recorded in {files}; run {self.folder}"
        yield harmless(f"{self.key}: {self.verdict}: {self.reason}")


def probe(place: Place, urls: Sequence[str], key: str = "", *, anyway: bool = False, verbose: bool = False) -> Probed:
    """Ask, at most :data:`crawler.spiders.probe.BUDGET` times an address, and record what comes. Blocks until it is
    done; call it once in a process.

    Raises ``UsageError`` for what is no address, ``LockedError``, ``RestingError``, ``StorageError``, ``WarcError``."""
    key = key or key_of(urls[0])
    provisional(key, tuple(urls))
    process = scrapy_process(place, None, verbose=verbose)
    crawler: Crawler = process.create_crawler(ProbeSpider)
    if sys.stderr.isatty() and not verbose:  # pauses between requests are long
        crawler.signals.connect(_tell, signals.request_reached_downloader, weak=False)
    _task: asyncio.Task[None] = process.crawl(crawler, url=" ".join(urls), key=key, anyway="1" if anyway else "")
    garbage.settle()
    process.start()
    spider = crawler.spider
    if not isinstance(spider, ProbeSpider):
        raise StorageError(f"{key}: the probe could not be set up; see its log with --verbose")
    if spider.refused is not None:
        raise spider.refused
    run = spider.run
    with open_ledger(place.database, readonly=True) as ledger:
        files = questions.files_of_run(ledger, run.id)
    return Probed(
        key,
        tuple(spider.findings),
        spider.judge.answered,
        len(spider.sent),
        run.id,
        tuple(place.warc / key / name for name, _ in files),
        run.folder,
        run.verdict or Verdict.INTERRUPTED,
        run.reason or "stopped before it began",
    )


def _tell(request: Request) -> None:
    click.echo(f"asking {request.url}", err=True)


def save(probed: Probed, path: Path, day: str, division: str = "") -> None:
    """Write the portal file. Raises ``UsageError`` for what :func:`crawler.portal_draft.draft` cannot write,
    ``StorageError``."""
    text = draft(probed.findings, day=day, run=probed.run, division=division)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent}: cannot be made: {explain(error)}") from error
    write_text(path, text)


def place_of_file(folder: Path | None, key: str, *, force: bool) -> Path:
    """Where the portal file of a key goes. Raises ``UsageError`` if there is one already, or if it would hide a
    built-in one, unless ``force`` says that this is meant."""
    path = (folder or Path("portals")) / f"{key}.toml"
    for known, what in ((path, "exists already"), (BUILT_IN / path.name, f"is the built-in portal {key}")):
        if known.is_file() and not force:
            raise UsageError(f"{known}: {what}; choose another --key, or say --force")
    return path


def key_of(url: str) -> str:
    """A key for the portal of an address: ``zhuhai-zjj`` for zjj.zhuhai.gov.cn, ``host-127-0-0-1-8801`` for numbers."""
    name = (urlsplit(url).hostname or "").lower()
    try:
        ipaddress.ip_address(name)
        labels = [host(url)]
    except ValueError:
        own = site_of(url).removeprefix("www.").partition(".")[0]
        labels = [own, *reversed(name.removesuffix(site_of(url)).strip(".").removeprefix("www").split("."))]
    key = re.sub(r"[^a-z0-9]+", "-", "-".join(filter(None, labels))).strip("-")
    return key if key[:1].isalpha() else f"host-{key}".rstrip("-")


# --- what is told -----------------------------------------------------------------------------------------------------


def _told(found: Finding, robots: Mapping[str, Page]) -> Iterator[str]:
    yield found.url
    if found.address and found.address != found.url:
        yield _entry("leads to", found.address)
    yield from _family(found)
    yield _entry("site", _site(found))
    yield _entry("robots", _robots(found, robots))
    if found.tried is not None:
        yield from _columns(found.tried)
        yield from _rows(found.tried)
        if found.tried.document is not None:
            yield from _document(found.tried.document)
    notes = [*found.notes, *(found.tried.notes if found.tried is not None else [])]
    yield from (_entry("note", note) for note in notes)
    yield _entry("blocked", _blocked(found))
    if found.wants_browser:
        hint = 'no row on the page, and scripts: with family = "static" and browser = true under [[column]] a browser'
        yield _entry("browser", f"perhaps: {hint} would render it")
    if found.leads:
        yield from _block("to probe", (), found.leads)
    yield ""


def _family(found: Finding) -> Iterator[str]:
    named = found.tried.case if found.tried is not None and found.family else None
    yield _entry("family", found.family or "unknown")
    others = [case for case in found.suspects if named is None or case.family != named.family]
    shown = [named] if named is not None else [found.tried.case] if found.tried is not None else []
    told = {case.family for case in shown}
    for case in shown:
        clues = [(f"{clue.weight}", clue.where, clue.sign) for clue in (*case.signs, *case.proofs)]
        yield from _block("" if named else f"  {case.family}?", ("weight", "seen on", "sign"), clues)
    for case in (case for case in others if case.family not in told):
        yield _entry("also", _hint(case))


def _hint(case: Case) -> str:
    signs = "; ".join(f"{clue.sign} ({clue.weight})" for clue in case.signs)
    return f"{case.family}: {signs}" + (f"; but {case.fault}" if case.fault else "")


def _site(found: Finding) -> str:
    return ", ".join([*found.names, *(f"网站标识码 {code}" for code in found.codes)]) or "the pages do not say"


def _robots(found: Finding, robots: Mapping[str, Page]) -> str:
    origin = urljoin(found.address or found.url, "/")
    answer = robots.get(origin)
    if answer is None:
        return "no answer"
    if is_barrier(named := refusal(answer.status, answer.headers, answer.body)) and named not in ROBOTS_MAY_BE:
        return f"answered {answer.status} ({named})"
    allowed = permission(answer.status, answer.mime, answer.body)
    if allowed.refusal is not None:
        return f"{allowed.refusal} ({answer.status})"
    if allowed.rules is None:
        return f"no rules (answered {answer.status}{', a page' if answer.status == 200 else ''})"
    delay = allowed.rules.crawl_delay(USER_AGENT)
    said = "allows" if allowed.rules.can_fetch(found.address or found.url, USER_AGENT) else "forbids"
    return f"{said} this address" + (f", asks for {delay:g} seconds between requests" if delay else "")


def _columns(tried: Tried) -> Iterator[str]:
    rows = [
        ("*" if column is tried.column else "", column.key, column.name, _count(column.declared))
        for column in tried.columns[:_COLUMNS]
    ]
    more = len(tried.columns) - len(rows)
    if rows:
        yield from _block("columns", ("", "key", "name", "declared"), rows)
    if more > 0 or tried.unopened:
        unopened = f"; {tried.unopened} nodes of the tree were not looked into" if tried.unopened else ""
        yield _entry("", f"and {max(more, 0)} more{unopened}")
    yield from (_entry("skipped", f"{name}: {why}") for name, why in tried.skipped[:_ROWS])


def _rows(tried: Tried) -> Iterator[str]:
    if not tried.lists:
        return
    listed = tried.lists[0]
    further = f", {tried.further_rows} further ones on page 2" if len(tried.lists) > 1 else ""
    declared = f"declared: {_count(listed.declared_total)} entries, {_count(listed.declared_pages)} pages"
    rows = [(row.date or "—", row.title or "—", row.url) for row in listed.rows[:_ROWS]]
    yield _entry("rows", f"{len(listed.rows)} on page 1{further}; {declared}")
    if rows:
        yield from _block("", ("date", "title", "URL"), rows)


def _document(document: Document) -> Iterator[str]:
    reading = document.reading
    values = dict(reading.fields) | {"title": reading.title}
    yield _entry("document", document.page.url)
    fields = [
        (field.zh, name, " ".join(values.get(name, "").split()) or "—")
        for name, field in FIELDS.items()
        if field.of_document
    ]
    yield from _block("", (), [*fields, ("正文", "text", f"{reading.text_status}, {len(reading.text)} characters")])
    hosts = dict.fromkeys(host(link.url) for link in reading.attachments)
    files = f"{len(reading.attachments)} on {', '.join(hosts)}" if hosts else "the document has none"
    yield _entry("attachments", files)


def _blocked(found: Finding) -> str:
    blocked = found.blocked
    if blocked is None:
        return found.tried.fault if found.tried is not None and found.tried.fault else "nothing"
    return told(blocked)


def _count(number: int | None) -> str:
    return "—" if number is None else str(number)


def _entry(name: str, value: str) -> str:
    return f"  {name:<12}{value}".rstrip()


def _block(name: str, header: tuple[str, ...], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    lines = table(header, rows).splitlines()
    yield from (_entry(name if number == 0 else "", line) for number, line in enumerate(lines))
