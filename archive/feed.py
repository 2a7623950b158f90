"""Atom feeds (RFC 4287) of what happened to documents: one of the whole archive, one a portal.

An entry is one happening: a document, a moment, a kind. Its id is a ``tag:`` URI (RFC 4151) of these three and so the
same in every feed, in every rebuild, on every machine; the authority is ``gongkai.invalid``, a name that nobody owns
(RFC 2606), as an archive need not have one. 签发人 is left out, as from exports.

A feed follows from the database alone. One that would say what it says already is left as it is, so that its
modification time tells readers that there is nothing new, and a quiet night costs no diff.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from lxml import etree
from w3lib.url import safe_url_string

from archive.changes import heading, words
from archive.diff import Piece, Sentence, What, text_diff
from archive.errors import StorageError
from archive.ledger import history, standing
from archive.ledger.history import Happening
from archive.ledger.standing import PortalRow
from archive.place import Place, explain, write_text
from archive.vocabulary import ChangeKind

LATEST = 200
"""Entries of a feed."""

ATOM = "http://www.w3.org/2005/Atom"
_TAG = "tag:gongkai.invalid,2026:"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # for XML 1.0, section 2.2
_STATE = re.compile(rb"<!--gongkai ([0-9a-f]{64})-->")
_HEAD = 2_000
_LONGEST_DIFF = 40
_NEVER = "1970-01-01T00:00:00Z"  # Atom wants a time of every feed; of one without entries and runs there is none


def write_feeds(place: Place, ledger: sqlite3.Connection) -> list[Path]:
    """Bring ``data/feeds/all.atom`` and ``data/feeds/<portal>.atom`` level; gives those that had to be written.

    Raises ``StorageError``."""
    folder = place.folder / "feeds"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: cannot be made: {explain(error)}") from error
    portals: list[PortalRow | None] = [None, *standing.portals(ledger)]
    paths = [(folder / f"{portal.key if portal else 'all'}.atom", portal) for portal in portals]
    return [path for path, portal in paths if write_feed(ledger, path, portal)]


def write_feed(ledger: sqlite3.Connection, path: Path, portal: PortalRow | None = None) -> bool:
    """Write the feed of a portal, or of the archive, whole or not at all; ``False`` if it says all that already.

    Raises ``StorageError``."""
    key = (portal.key,) if portal else ()
    found = tuple(map(_public, history.happenings(ledger, portals=key, limit=LATEST).happenings))
    updated = max((one.at for one in found), default="") or _last_end(ledger, portal)
    state = hashlib.sha256(repr((version("gongkai"), portal, updated, found)).encode("utf-8", "replace")).hexdigest()
    if _written(path) == state:
        return False
    write_text(path, _feed(ledger, portal, found, updated, state))
    return True


def portal_of(ledger: sqlite3.Connection, key: str) -> PortalRow | None:
    """The portal of that key; ``None`` if the archive does not hold it."""
    return next((portal for portal in standing.portals(ledger) if portal.key == key), None)


def _public(one: Happening) -> Happening:
    return replace(one, fields=tuple(change for change in one.fields if change.field != "signer"))


def _last_end(ledger: sqlite3.Connection, portal: PortalRow | None) -> str:
    (at,) = ledger.execute(
        "SELECT max(finished_at) FROM runs WHERE :key IS NULL OR portal = :key", {"key": portal.key if portal else None}
    ).fetchone()
    return at or _NEVER


def _written(path: Path) -> str:
    """The state that a feed was written from, "" if there is none that tells it."""
    try:
        with path.open("rb") as file:
            found = _STATE.search(file.read(_HEAD))
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {explain(error)}") from error
    return found[1].decode() if found else ""


# --- the XML ----------------------------------------------------------------------------------------------------------


def _feed(
    ledger: sqlite3.Connection, portal: PortalRow | None, found: Sequence[Happening], updated: str, state: str
) -> str:
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.append(etree.Comment(f"gongkai {state}"))
    _add(feed, "id", f"{_TAG}{portal.key if portal else ''}")
    _add(feed, "title", f"Gongkai 公开: changes {f'at {portal.name or portal.key}' if portal else 'of all portals'}")
    _add(feed, "updated", updated)
    _add(_add(feed, "author"), "name", "Gongkai 公开")
    _add(feed, "generator", "Gongkai", version=version("gongkai"))
    if portal and portal.home:
        _add(feed, "link", rel="alternate", href=_address(portal.home))
    for one in found:
        _entry(feed, ledger, one)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(feed, encoding="unicode", pretty_print=True)


def _entry(feed: etree._Element, ledger: sqlite3.Connection, one: Happening) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"{_TAG}{one.document}/{one.at}/{one.kind}")
    _add(entry, "title", f"{one.kind}: {heading(one)}")
    _add(entry, "updated", one.at)
    _add(_add(entry, "author"), "name", one.portal_name or one.portal)
    for rel, url in _links(one):
        _add(entry, "link", rel=rel, href=_address(url))
    _add(entry, "category", term=one.kind)
    _add(entry, "category", term=one.portal, label=one.portal_name or one.portal)
    lines = list(words(one))
    sentences: list[Sentence] = []
    if any(change.field == "text" for change in one.fields):
        old, new = history.texts(ledger, one.document, one.version)
        lines.append(f"text 正文: {len(old)} → {len(new)} characters")
        sentences = text_diff(old, new)
    _add(entry, "summary", "; ".join(lines) or str(one.kind))
    if lines:
        _add(entry, "content", "".join(_html(lines, sentences)), type="html")


def _links(one: Happening) -> Iterator[tuple[str, str]]:
    """The document's address; of one that moved, the new one, and the old beside it."""
    new = next((change.after for change in one.fields if change.after), None) if one.kind is ChangeKind.MOVED else None
    yield "alternate", new or one.url
    if new:
        yield "related", one.url


def _html(lines: Sequence[str], sentences: Sequence[Sentence]) -> Iterator[str]:
    yield f"<ul>{''.join(f'<li>{_escaped(line)}</li>' for line in lines)}</ul>"
    for number, sentence in enumerate(sentences):
        if sentence.skipped:
            yield "<p>…</p>"
        if number == _LONGEST_DIFF:
            yield f"<p>… {len(sentences) - number} further sentences</p>"
            return
        yield f"<p>{''.join(map(_marked, sentence.pieces))}</p>"


def _marked(piece: Piece) -> str:
    name = {What.REMOVED: "del", What.ADDED: "ins"}.get(piece.what)
    return f"<{name}>{_escaped(piece.text)}</{name}>" if name else _escaped(piece.text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _fit(value) for key, value in attributes.items()})
    child.text = None if text is None else _fit(text)
    return child


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)


def _address(url: str) -> str:
    """A URL as a reference in XML may spell it (RFC 3987): without spaces and the like."""
    return safe_url_string(_fit(url).strip())
