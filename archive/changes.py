"""``gongkai changes``: what happened to documents, in words and with a diff; ``gongkai show DOC --diff`` says it too.

The newest comes first. A moment of a document is one block::

    2026-11-22 14:03  zhuhai  changed    关于财政预算的通知（珠府办〔2026〕8号）
        zhuhai-0c3a93b1eeb2, version 2, http://www.zhuhai.gov.cn/…
        doc_number 文号: 珠府办〔2026〕7号 → 珠府办〔2026〕8号
        attachments 附件: added 附表.xls http://…
        text 正文: 1204 → 1220 characters

Times are China's.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive import clock
from archive.diff import in_line, in_lines, text_diff, value_diff
from archive.errors import UsageError
from archive.ledger import history, standing
from archive.ledger.history import FieldChange, Happening
from archive.ledger.tables import VERSIONS
from archive.terminal import harmless
from archive.vocabulary import ChangeKind

_ZH = {column.name: column.zh for column in VERSIONS.columns}
_FILE = re.compile(r"(?P<url>.*) sha256:(?P<digest>[0-9a-f]{64})", re.DOTALL)
_INDENT = "    "
_TOLD_OTHERWISE = frozenset({"text", "doc_number_key"})  # its length and diff; the number itself
_LONG = 30
"""Characters from which on a value is shown as a diff, not whole before and after."""

IN_WORDS = {
    ChangeKind.WITHDRAWN: "its row and its page are gone, both proven on two runs",
    ChangeKind.DELISTED: "its row is gone from the catalogue, proven on two runs; its page is still served",
    ChangeKind.RETURNED: "it is back",
}
"""What a kind means, where the word alone does not say it."""


def changes(
    ledger: sqlite3.Connection,
    *,
    portals: Collection[str] = (),
    since: str = "",
    kinds: Collection[ChangeKind] = (),
    limit: int = 50,
    diff: bool = False,
    colour: bool = False,
) -> Iterator[str]:
    """The latest changes as lines for a terminal, newest first.

    ``since``: a day of China's calendar, ``2026-11-01``; ``diff``: with what changed in the text; ``colour``: with
    colours. Raises ``UsageError`` for a portal that the archive does not hold, or a day that is none."""
    known_portals(ledger, portals)
    found = history.happenings(ledger, portals=portals, since=beginning_of(since), kinds=kinds, limit=limit)
    if not found.happenings:
        yield "no changes" + (f" since {since}" if since else "")
    for one in found.happenings:
        yield from told(ledger, one, diff=diff, colour=colour)
    if found.more:
        yield f"({len(found.happenings)} newest; there are older ones: --limit says how many, --since from what day on)"


def known_portals(ledger: sqlite3.Connection, keys: Collection[str]) -> None:
    """Raises ``UsageError`` if the archive holds nothing of one of these portals."""
    held = [portal.key for portal in standing.portals(ledger)]
    if unknown := sorted(set(keys) - set(held)):
        raise UsageError(
            f"{', '.join(unknown)}: not in this archive, which holds: {', '.join(held) or 'no portal yet'}"
        )


def beginning_of(day: str) -> str:
    """The instant at which a day of China's calendar begins, as a UTC time stamp; "" for "". Raises ``UsageError``."""
    if not day:
        return ""
    try:
        begun = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=clock.CHINA)
    except ValueError as error:
        raise UsageError(f"{day}: not a day; write it as 2026-11-01") from error
    return clock.stamp(begun)


def china_time(at: str) -> str:
    """``2026-11-22 14:03``, of a UTC time stamp."""
    return f"{clock.parse_stamp(at).astimezone(clock.CHINA):%Y-%m-%d %H:%M}"


def told(ledger: sqlite3.Connection, one: Happening, *, diff: bool = False, colour: bool = False) -> Iterator[str]:
    """One happening as lines for a terminal, harmless to it."""
    yield f"{china_time(one.at)}  {one.portal}  {one.kind:<9}  {harmless(heading(one))}"
    yield f"{_INDENT}{one.document}, version {one.version}, {harmless(one.url)}"
    for line in words(one):
        yield _INDENT + harmless(line)
    if any(change.field == "text" for change in one.fields):
        old, new = history.texts(ledger, one.document, one.version)
        yield f"{_INDENT}text 正文: {len(old)} → {len(new)} characters"
        if diff:
            for line in in_lines(text_diff(old, new), colour=colour):
                yield _INDENT * 2 + line


def heading(one: Happening) -> str:
    """Title and 文号 of a document, on one line."""
    return _flat(one.title) + (f"（{_flat(one.doc_number)}）" if one.doc_number else "")


def words(one: Happening) -> Iterator[str]:
    """What happened, a line each: what the kind means, each field before and after; the text is told by others."""
    if one.kind in IN_WORDS:
        yield IN_WORDS[one.kind]
    for change in one.fields:
        if one.kind is ChangeKind.MOVED:
            yield f"now at {change.after or 'another address'}"
        elif change.field == "attachments":
            yield from (f"attachments 附件: {line}" for line in _files(change))
        elif change.field == "content_digest":
            yield "something that no field shows (the digest of the content differs)"
        elif change.field not in _TOLD_OTHERWISE:
            yield f"{change.field} {_ZH.get(change.field, '')}: {_values(change)}"


def _values(change: FieldChange) -> str:
    before, after = _flat(change.before or ""), _flat(change.after or "")
    if before and after and max(len(before), len(after)) > _LONG:
        return in_line(value_diff(before, after))
    return f"{_short(before)} → {_short(after)}"


def _short(value: str) -> str:
    return "(none)" if not value else value if len(value) <= 2 * _LONG else f"{value[: 2 * _LONG]}…"


def _flat(value: str) -> str:
    return " ".join(value.split())


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    name: str

    def __str__(self) -> str:
        return f"{_flat(self.name)} {self.url}".strip()


def _files(change: FieldChange) -> Iterator[str]:
    """Files that came, went, got another name, or other bytes under the same address."""
    file, newer = _FILE.fullmatch(change.before or ""), _FILE.fullmatch(change.after or "")
    if file and newer:
        yield f"replaced {newer['url']} (sha256 {file['digest'][:12]}… → {newer['digest'][:12]}…)"
        return
    before, after = _links(change.before), _links(change.after)
    old, new = {link.url: link for link in before}, {link.url: link for link in after}
    yield from (f"removed {link}" for link in before if link.url not in new)
    yield from (f"added {link}" for link in after if link.url not in old)
    for link in after:
        if link.url in old and old[link.url].name != link.name:
            yield f"renamed {_flat(old[link.url].name) or '(no name)'} → {link}"
    if old == new:
        yield "in another order"


def _links(value: str | None) -> list[_Link]:
    return [_Link(url, name) for url, name in json.loads(value or "[]")]
