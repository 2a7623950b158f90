"""Make the database again from the WARC files alone."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing

from archive.errors import StorageError
from archive.intake.catchup import catch_up, mend_leftovers
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.ledger.schema import open_ledger
from archive.place import Place, explain
from archive.warc.repair import leftovers


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
        old = _old(place, portals, held, say)
        workers = held.enter_context(closing(Workers(place.warc)))
        scribe = held.enter_context(closing(Scribe(fresh.database)))
        for portal in portals:
            for note in mend_leftovers(place, portal, old):
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


def _old(place: Place, portals: Sequence[str], held: ExitStack, say: Callable[[str], None]) -> Scribe | None:
    """The writer of the database that is to be replaced, where a file has to be mended of which it may know: should no
    new one come about, the old one must not speak of what is no longer there. ``None`` if it is of no use."""
    if not place.database.is_file() or not any(leftovers(place.warc / portal) for portal in portals):
        return None
    try:
        return held.enter_context(closing(Scribe(place.database)))
    except StorageError as error:
        say(f"the old database cannot be used any more: {error}")
        return None


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
