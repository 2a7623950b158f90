"""A portal file, as far as a probe could discover what it has to say: each fact with where it is from. Pure."""

import json
import tomllib
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from archive.errors import UsageError
from archive.urls import host
from crawler.families import key_and_catalogue
from crawler.families.base import ColumnSpec
from crawler.inquiry import Finding
from crawler.leads import site_of
from crawler.portal_rules import faults, is_loopback
from crawler.trial import Tried

_WIDE = 34  # where comments begin, as in the built-in files


def draft(findings: Sequence[Finding], *, day: str, run: str, division: str = "") -> str:
    """The TOML of a portal that has these entries; ``day`` (``YYYY-MM-DD``) and ``run`` say of when and from which log.

    Raises ``UsageError`` if no family is named for any entry, if the pages are of several sites, or if neither they
    nor ``division`` say of which 行政区划代码."""
    named = [(found, found.tried) for found in findings if found.can_be_read and found.tried is not None]
    if not named:
        raise UsageError("nothing to save: no family is named")
    first = named[0][0]
    site = next((found for found, _ in named if found.codes), first)
    code = _code([found for found, _ in named])
    lines = [
        f"# Found by `gongkai probe` on {day}, run {run}.",
        *([f"# 网站标识码 and name: {site.codes[code]}"] if code else []),
        *(f"# Not in it, as no family could be named: {found.url}" for found in findings if not found.can_be_read),
        "[portal]",
        *_name(site),
        _line("home", urljoin(first.address, "/")),
        *_place(code, division, host(first.address)),
        *_hosts(named),
    ]
    taken: dict[str, str] = {}
    for found, tried in named:
        lines += ["", *_column(found, tried, taken)]
    if is_loopback(host(first.address)):
        lines += ["", "[fetch]", _line("delay", 0, "on loopback there is nobody to be polite to")]
    text = "\n".join(lines) + "\n"
    if wrong := [f"{fault.place}: {fault.what}" for fault in faults(tomllib.loads(text))]:
        raise UsageError(f"not saved, the portal file would be wrong: {'; '.join(wrong)}")
    return text


def _code(findings: Sequence[Finding]) -> str:
    """The 网站标识码 of the portal; "" if no page states one. A crawl stops where an entry states another."""
    stated = {next(iter(found.codes)): found for found in findings if found.codes}
    if len(stated) > 1:
        told = ", ".join(f"{code} on {found.codes[code]}" for code, found in stated.items())
        raise UsageError(f"not saved, these are pages of several sites: 网站标识码 {told}; probe them apart")
    return next(iter(stated), "")


def _name(first: Finding) -> Iterator[str]:
    name = next(iter(first.names), "")
    yield _line("name", name or host(first.address), "" if name else "no page says its name")


def _place(code: str, division: str, place: str) -> Iterator[str]:
    if division:
        yield _line("division", division, "as given to the probe")
    elif code and not code.startswith("bm"):
        yield _line("division", code[:6], "the first six digits of the 网站标识码")
    elif not code:
        raise UsageError(
            f"not saved: no page of {place} states a 网站标识码; say the portal's 行政区划代码 with "
            "--division, such as --division 440400"
        )
    if code:
        yield _line("site_id_code", code)


def _hosts(named: Sequence[tuple[Finding, Tried]]) -> Iterator[str]:
    """Further hosts of the same site, where files lie, or documents. Those of others are told, and left out."""
    known = {host(found.address) for found, _ in named}
    met: dict[str, tuple[str, str]] = {}  # host → (address, what lies there)
    for _, tried in named:
        for url, what in (*_files(tried), *_documents(tried)):
            if host(url) not in known:
                met.setdefault(host(url), (url, what))
    ours = [place for place, (url, _) in met.items() if site_of(url) in {site_of(found.address) for found, _ in named}]
    for place, (_, what) in met.items():
        if place not in ours:
            yield f"# {what} lie on {place}; name it in hosts if it is the portal's own"
    if ours:
        yield _line("hosts", ours, f"{', '.join(dict.fromkeys(met[place][1] for place in ours))} lie there")


def _files(tried: Tried) -> Iterator[tuple[str, str]]:
    if tried.document is not None:
        yield from ((link.url, "attachments") for link in tried.document.reading.attachments)


def _documents(tried: Tried) -> Iterator[tuple[str, str]]:
    """Where the rows lead, if none stays on the column's host: 国务院's library lists what lies on another."""
    if tried.document is None and tried.lists:
        yield from ((row.url, "documents") for row in tried.lists[0].rows)


def _column(found: Finding, tried: Tried, taken: dict[str, str]) -> Iterator[str]:
    """``taken``: the keys of the columns before, and the catalogues that they are of."""
    spec = ColumnSpec(tried.spec.family, found.address)
    signs = sorted(tried.case.signs, key=lambda clue: -clue.weight)
    yield "[[column]]"
    yield _line("family", spec.family, "; ".join(clue.sign for clue in signs[:2]))
    yield _line("url", spec.url)
    key, catalogue = key_and_catalogue(spec)
    single = [column for column in tried.columns if column.key == key]  # the entry is the column, not a tree of them
    if taken.setdefault(key, catalogue) != catalogue:
        key = _own(key, spec.url, taken)
        yield _line("key", key)
    elif single:
        yield _line("key", key)  # written down, it stays the same whatever becomes of the address
    if single and single[0].name not in ("", single[0].key):
        yield _line("name", single[0].name)
    taken[key] = catalogue
    if not tried.lists or not tried.is_whole:
        yield _line("unconfirmed", True, "one list page was seen, and whether it is all is not known")


def _own(key: str, url: str, taken: Collection[str]) -> str:
    """A key that no other column of the file has."""
    label = (urlsplit(url).hostname or "").partition(".")[0]
    ways = (key, "/".join(filter(None, (label, key))), *(f"{key}-{number}" for number in range(2, len(taken) + 3)))
    return next(way for way in ways if way not in taken)


def _line(key: str, value: object, comment: str = "") -> str:
    written = f"{key} = {json.dumps(value, ensure_ascii=False)}"  # strings, lists and flags are written as in TOML
    return f"{written:<{_WIDE}} # {comment}" if comment else written
