"""Portals are data: one TOML file each, read here and checked whole, all faults at once.

There are the portals that are built in and those of the user's folder, which win. The key of a portal is the name of
its file. What a file may say stands in :mod:`crawler.portal_rules`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.clock import CHINA
from archive.errors import PortalFileError, UsageError
from archive.urls import host
from archive.vocabulary import Role
from crawler import duration
from crawler.families.base import ColumnSpec
from crawler.portal_hints import doubles, hints
from crawler.portal_rules import faults, is_loopback, key_fault

BUILT_IN = Path(__file__).parent / "portals"

_LISTS = frozenset({Role.ENTRY, Role.LIST})
_BROWSER = {False: frozenset[Role](), "lists": _LISTS, True: _LISTS | {Role.DOCUMENT}}


@dataclass(frozen=True, slots=True)
class Fetch:
    """``[fetch]``: what differs from :mod:`crawler.settings`; ``None`` leaves the default alone."""

    delay: float | None = None  # seconds between two requests to a host
    timeout: float | None = None  # seconds
    concurrency: int | None = None  # requests to a host at a time
    browser_hosts: tuple[str, ...] = ()  # of others, as written: what rendered pages may load from besides the portal
    verify: bool = True  # certificates; where they are not, every capture says so
    tls_legacy: bool = False  # talk to hosts without secure renegotiation (RFC 5746)


@dataclass(frozen=True, slots=True)
class Schedule:
    """``[schedule]``: when a portal's turn comes by itself (:mod:`crawler.schedule`)."""

    every: timedelta = timedelta(days=1)  # between two runs; a column may have its own; duration.NEVER: only by hand
    audit: timedelta = timedelta(days=7)  # so often, at least, a column is walked to its end
    budget: timedelta | None = None  # of one night's run; the next night carries on


@dataclass(frozen=True, slots=True)
class Expect:
    """``[expect]``: below these a run is not ``ok``."""

    entries_min: int | None = None
    fill_min: Mapping[str, float] = field(default_factory=dict)  # field → share of documents, 0 to 1
    pause_until: date | None = None  # known to be down until that day in China: nobody is called for it
    pause_reason: str = ""

    def is_paused(self, now: datetime) -> bool:
        """Whether the portal is declared to be down at that time."""
        return self.pause_until is not None and now.astimezone(CHINA).date() < self.pause_until


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal as its file describes it."""

    key: str
    name: str
    home: str
    division: str  # 行政区划代码, six digits; empty for a ministry
    site_id_code: str  # 网站标识码; empty where not known
    hosts: tuple[str, ...]  # further places where the portal lives, as written: addresses or host names
    columns: tuple[ColumnSpec, ...]
    fetch: Fetch
    expect: Expect
    text: str  # the TOML as read
    path: Path
    schedule: Schedule = Schedule()
    unconfirmed: bool = False  # what it says of the portal as a whole has been read somewhere, not seen by a run

    @property
    def to_confirm(self) -> tuple[ColumnSpec, ...]:
        """The columns that a run has yet to confirm: those marked, or all if the portal itself is."""
        return tuple(column for column in self.columns if self.unconfirmed or column.unconfirmed)


def load(folder: Path | None = None, only: str = "") -> dict[str, Portal]:
    """Portals by key, or with ``only`` that one alone, so that a broken file beside it does no harm.

    Raises ``PortalFileError`` with a line for each fault, ``UsageError`` for a folder or a key that does not exist."""
    paths = _paths(folder)
    if only:
        if only not in paths:
            close = get_close_matches(only, paths, 3)
            hint = f"did you mean {' or '.join(close)}?" if close else "`gongkai portals` lists those that there are"
            raise UsageError(f"no portal {only!r}; {hint}")
        paths = {only: paths[only]}
    portals, wrong = _read_all(paths.values())
    if wrong:
        raise PortalFileError("\n".join(wrong))
    return portals


def load_each(folder: Path | None = None) -> tuple[dict[str, Portal], dict[str, str]]:
    """Portals by key, and for each whose file is no good the faults, in one line: it costs that portal only.

    Raises ``UsageError`` if there is no such folder."""
    portals: dict[str, Portal] = {}
    broken: dict[str, str] = {}
    for key, path in _paths(folder).items():
        found, wrong = _read_all([path])
        portals |= found
        if wrong:
            broken[key] = "; ".join([wrong[0], *(line.removeprefix(f"{path}: ") for line in wrong[1:])])
    return portals, broken


def check(folder: Path | None = None) -> tuple[int, list[str]]:
    """Read every file, those that the user's folder hides too. Gives their number, and warnings.

    Raises ``PortalFileError`` with a line for each fault, ``UsageError`` if there is no such folder."""
    paths = [*_in_folder(BUILT_IN), *(_in_folder(folder) if folder else [])]
    wrong: list[str] = []
    read: dict[Path, Portal] = {}
    for path in paths:
        portals, found = _read_all([path])
        wrong += found
        read.update((path, portal) for portal in portals.values())
    if wrong:
        raise PortalFileError("\n".join(wrong))
    warnings = [warning for portal in read.values() for warning in _warnings(portal)]
    return len(paths), [*warnings, *doubles(read[path] for path in _paths(folder).values())]


def origins(portal: Portal) -> frozenset[tuple[str, str]]:
    """Where the portal lives: scheme and host, with its port unless that is the scheme's own. A bare host name in
    ``hosts`` stands for both schemes."""
    return _places((portal.home, *(column.url for column in portal.columns), *portal.hosts))


def reach(portal: Portal) -> frozenset[tuple[str, str]]:
    """:func:`origins`, and the hosts of others that its rendered pages may load from."""
    return origins(portal) | _places(portal.fetch.browser_hosts)


def _places(names: Iterable[str]) -> frozenset[tuple[str, str]]:
    whole = [[name] if "://" in name else [f"http://{name}/", f"https://{name}/"] for name in names]
    return frozenset((urlsplit(url).scheme, host(url)) for urls in whole for url in urls)


def _paths(folder: Path | None) -> dict[str, Path]:
    found = {path.stem: path for path in _in_folder(BUILT_IN)}
    return found | ({path.stem: path for path in _in_folder(folder)} if folder else {})


def _in_folder(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; --portals names the folder that holds your portal files")
    return sorted(folder.glob("*.toml"))


def _read_all(paths: Iterable[Path]) -> tuple[dict[str, Portal], list[str]]:
    portals: dict[str, Portal] = {}
    wrong: list[str] = []
    for path in paths:
        try:
            portals[path.stem] = _read(path)
        except PortalFileError as error:
            wrong += str(error).splitlines()
    return portals, wrong


def _read(path: Path) -> Portal:
    """A portal out of its file. Raises ``PortalFileError`` with all its faults."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PortalFileError(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise PortalFileError(f"{path}: not TOML: {error}") from error
    except OSError as error:
        raise PortalFileError(f"{path}: cannot be read: {error.strerror}") from error
    wrong = [f"{path}: {what}" for what in (key_fault(path.stem),) if what]
    wrong += [f"{path}: {fault.place}: {fault.what}" for fault in faults(data)]
    if wrong:
        raise PortalFileError("\n".join(wrong))
    return _build(path, text, data)


def _build(path: Path, text: str, data: Mapping[str, Any]) -> Portal:
    portal, fetch, expect = (dict(data.get(name, {})) for name in ("portal", "fetch", "expect"))
    schedule = {name: duration.parse(span) for name, span in data.get("schedule", {}).items()}
    return Portal(
        key=path.stem,
        name=portal["name"],
        home=portal["home"],
        division=portal.get("division", ""),
        site_id_code=portal.get("site_id_code", ""),
        hosts=tuple(portal.get("hosts", ())),
        columns=tuple(
            ColumnSpec(
                family=column["family"],
                url=column["url"],
                key=column.get("key", ""),
                name=column.get("name", ""),
                options=column.get(column["family"]),
                unconfirmed=column.get("unconfirmed", False),
                browser=_BROWSER[column.get("browser", False)],
                every=duration.parse(column["every"]) if "every" in column else None,
            )
            for column in data["column"]
        ),
        fetch=Fetch(**fetch | {"browser_hosts": tuple(fetch.get("browser_hosts", ()))}),
        expect=Expect(**expect),
        schedule=Schedule(**schedule),
        text=text,
        path=path,
        unconfirmed=portal.get("unconfirmed", False),
    )


def _warnings(portal: Portal) -> Iterator[str]:
    yield from hints(portal)
    public = sorted({place for _, place in origins(portal) if not is_loopback(place)})
    if not portal.fetch.verify:
        yield f"{portal.path}: fetch.verify: anybody may answer in the place of {', '.join(public) or 'its hosts'}"
    if portal.fetch.delay == 0 and public:
        yield f"{portal.path}: fetch.delay: no pause between requests to {', '.join(public)}; give it seconds"
