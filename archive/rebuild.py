"""Make the database again from the WARC files alone."""

from collections.abc import Callable
from contextlib import ExitStack, closing

from archive.errors import StorageError
from archive.intake.catchup import catch_up, mend_leftovers
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.ledger.schema import open_ledger
from archive.place import Place, explain


def rebuild(place: Place, say: Callable[[str], None] = lambda _line: None) -> int:
    """Build a new database beside the old one and put it in its place when it is whole. Gives the number of facts.

    Holds the locks of all portals. Raises ``LockedError``, ``StorageError``, ``WarcError``; the old database then
    stays as it was."""
    portals = sorted(path.name for path in place.warc.iterdir() if path.is_dir()) if place.warc.is_dir() else []
    if not portals:
        raise StorageError(f"{place.warc}: no WARC files to rebuild from")
    fresh = _Fresh(place)
    count = 0
    with ExitStack() as held:
        for portal in portals:
            held.enter_context(place.lock(portal))
        fresh.remove()
        workers = held.enter_context(closing(Workers(place.warc)))
        scribe = held.enter_context(closing(Scribe(fresh.database)))
        for portal in portals:
            for note in mend_leftovers(place, portal):
                say(note)
            facts = catch_up(fresh, portal, workers, scribe)
            say(f"{portal}: {facts} facts")
            count += facts
        scribe.close()
        with open_ledger(fresh.database) as ledger:
            ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if (found := ledger.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise StorageError(f"{fresh.database}: the new database is damaged: {found}")
        ledger.close()
        try:
            fresh.replace(place)
        except OSError as error:
            raise StorageError(f"{place.database}: cannot be replaced: {explain(error)}") from error
    return count


class _Fresh(Place):
    """The same WARC files, another database."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.folder)
        self.database = place.database.with_suffix(".rebuilt.db")

    def remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)

    def replace(self, place: Place) -> None:
        for suffix in ("-wal", "-shm"):  # they belong to the old file and would spoil the new one
            place.database.with_name(place.database.name + suffix).unlink(missing_ok=True)
        self.database.replace(place.database)
        self.remove()
