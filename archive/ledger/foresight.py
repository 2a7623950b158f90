"""What a reread further on in the log says of captures before it: how they were read, and judged, at their time.

A capture that an old reader read leaves traces which a newer reader must not redraw: that it was a version or the same
as the one before, what changed with it, whether it counted as refused. When the log is read in from its beginning, by
the newer reader, the rereads in it are looked at first, and put down in ``foreseen``. Each capture then is taken as it
was read at its time: what the present reader makes of it, with what the rereads replaced laid over it, the latest
first. The reread itself, when the log comes to it, is an event like any other, and what was foreseen of it goes.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from archive.events import Location, Replaced, Reread, RereadBegun
from archive.ledger.batch import Batch
from archive.ledger.content import OBSERVATIONS, READ, Values, overlaid
from archive.ledger.facts import CaptureFact
from archive.reading.model import Reading
from archive.urls import document_id
from archive.vocabulary import Role, TextStatus
from archive.warc.read import portal_of

_LATEST_FIRST = "ORDER BY warc_file DESC, warc_offset DESC"  # the names of a portal's files sort as its log runs


def foresee(ledger: sqlite3.Connection, event: RereadBegun | Reread, lies: Location) -> None:
    """Put down what an event says of captures that are still to be read in. ``lies``: where its record is."""
    rows: Iterable[tuple[str | int | None, ...]]
    if isinstance(event, RereadBegun):
        rows = ((capture, refusal, None, None, None, None) for capture, refusal in event.refusals)
    else:
        rows = (
            (item.capture, None, item.document, item.version, _was(item), json.dumps(item.changed, ensure_ascii=False))
            for item in event.readings
        )
    ledger.executemany(
        "INSERT OR IGNORE INTO foreseen (warc_file, warc_offset, portal, capture_id, refusal, document_id, version, "
        "was, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((lies.file, lies.offset, event.portal, *row) for row in rows),
    )


def _was(item: Replaced) -> str:
    """What a version said, as ``foreseen`` holds it."""
    seen = {OBSERVATIONS: item.observations} if item.observations else {}
    return json.dumps(dict(item.was) | seen, ensure_ascii=False)


def come_to_pass(batch: Batch, lies: Location) -> None:
    """The log has come to an event that was foreseen."""
    batch.ledger.execute("DELETE FROM foreseen WHERE warc_file = ? AND warc_offset = ?", (lies.file, lies.offset))


def as_it_was(batch: Batch, fact: CaptureFact) -> CaptureFact:
    """A capture as it was read at its time, where a reread tells of it; else as it is."""
    context = fact.context
    if not batch.foresees(context.portal):
        return fact
    told = batch.ledger.execute(
        f"SELECT refusal, was, changed FROM foreseen WHERE capture_id = ? {_LATEST_FIRST}", (fact.id,)
    ).fetchall()
    if versions := [json.loads(was) for _, was, _ in told if was is not None]:
        batch.foretold[fact.id] = [(name, before, after) for name, before, after in json.loads(told[0][2])]
        return replace(fact, refusal="", reading=overlaid(fact.reading, _over(versions)))
    refusal = told[0][0] if told else ""
    received = context.role is Role.DOCUMENT and fact.status == 200 and fact.truncated is None
    if refusal or not received:
        return replace(fact, refusal=refusal, reading=None)
    return replace(fact, refusal="", reading=_the_same(batch, fact) or fact.reading)


def as_it_became(batch: Batch, lies: Location, capture: str, reading: Reading | None) -> Reading | None:
    """The reading that the reread whose record lies there put in the place of an older one: what the present reader
    makes of the capture (``reading``), and over it what still later rereads replaced."""
    if not batch.foresees(portal_of(lies.file)):
        return reading
    told = batch.ledger.execute(
        "SELECT was FROM foreseen WHERE capture_id = ? AND was IS NOT NULL AND (warc_file, warc_offset) > (?, ?) "
        f"{_LATEST_FIRST}",
        (capture, lies.file, lies.offset),
    )
    was = _over([json.loads(was) for (was,) in told.fetchall()])
    return overlaid(reading, was) if reading is not None or was.keys() >= set(READ) else None


def _the_same(batch: Batch, fact: CaptureFact) -> Reading | None:
    """Of a document whose versions a reread names, a capture that is none of them showed it as it stood."""
    url = fact.context.entry_url or fact.url
    held = batch.ledger.execute(
        "SELECT d.content_digest, v.reader FROM documents AS d JOIN versions AS v ON v.document_id = d.id AND "
        "v.version = d.version WHERE d.id = ? AND EXISTS (SELECT 1 FROM foreseen WHERE document_id = d.id)",
        (document_id(fact.context.portal, url),),
    ).fetchone()
    return Reading("", (), (), "", TextStatus.EMPTY, (), content_digest=held[0], reader=held[1]) if held else None


def _over(chain: list[Values]) -> dict[str, str | None]:
    """Several, the later laid over the earlier."""
    return {name: value for was in chain for name, value in was.items()}
