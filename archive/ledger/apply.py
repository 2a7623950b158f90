"""The one writer: facts from the log become rows. Everything in the database comes through here."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.events import FetchFailed, RereadBegun
from archive.ledger.batch import Again, Batch, Outcome
from archive.ledger.catalogue import take_event
from archive.ledger.facts import CaptureFact, Fact, RereadFact
from archive.ledger.foresight import as_it_was, come_to_pass
from archive.ledger.holdings import take_capture, take_failure
from archive.ledger.rereading import take_reread
from archive.ledger.schema import transaction
from archive.ledger.volatile import learnt
from archive.warc.read import portal_of

__all__ = ["Applied", "Outcome", "apply"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What one call did."""

    facts: int  # taken in, those that were known already not counted
    documents: tuple[tuple[str, Outcome], ...]  # in the order of the log
    orphans: tuple[str, ...]  # captures of attachments whose document is not held: kept, but in no row of attachments


def apply(
    ledger: sqlite3.Connection, facts: Sequence[Fact], *, file: str, end: int, again: Again | None = None
) -> Applied:
    """Fold facts into rows, in one short transaction; with them goes that ``file`` has been read up to byte ``end``.

    ``facts`` lie in ``file``, in its order; those before what the database has read already are ignored, so that
    applying twice is applying once. ``again`` reads a held capture with the present reader, where an earlier one had
    read it. Raises ``StorageError``; nothing is changed then."""
    with transaction(ledger):
        known = ledger.execute("SELECT ingested_to FROM warc_files WHERE name = ?", (file,)).fetchone()
        fresh = [fact for fact in facts if known is None or fact.location.offset >= known[0]]
        batch = Batch(ledger, again)
        for fact in fresh:
            if isinstance(fact, CaptureFact):
                take_capture(batch, as_it_was(batch, fact))
            elif isinstance(fact, RereadFact):
                take_reread(batch, fact)
                come_to_pass(batch, fact.location)
            elif isinstance(fact.event, RereadBegun):
                learnt(batch, fact.event)
                come_to_pass(batch, fact.location)
            elif isinstance(fact.event, FetchFailed):
                take_failure(batch, fact.event)
            else:
                take_event(batch, fact.event)
        batch.close()
        ledger.execute(
            "INSERT INTO warc_files (name, portal, ingested_to, records) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO "
            "UPDATE SET ingested_to = max(ingested_to, excluded.ingested_to), records = records + excluded.records",
            (file, portal_of(file), end, len(fresh)),
        )
    return Applied(len(fresh), tuple(batch.documents), tuple(batch.orphans))
