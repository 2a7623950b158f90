"""``gongkai repair``: put an archive in order after a crash, without a request."""

from contextlib import closing

from archive.intake.catchup import catch_up, mend_lapses, mend_leftovers
from archive.intake.scribe import Scribe
from archive.intake.workers import Workers
from archive.place import Place


def repair(place: Place) -> list[str]:
    """Mend and seal what killed runs left open and bring the database level. Gives a line for each thing done.

    Raises ``LockedError`` if a run is at work, ``StorageError``, ``WarcError``."""
    place.prepare()
    done = []
    with closing(Workers(place.warc)) as workers, closing(Scribe(place.database)) as scribe:
        for folder in sorted(path for path in place.warc.iterdir() if path.is_dir()):
            with place.lock(folder.name):
                notes = [*mend_leftovers(place, folder.name, scribe), *mend_lapses(place, folder.name, scribe)]
                done += [f"{folder.name}: {note}" for note in notes]
                if facts := catch_up(place, folder.name, workers, scribe):
                    done.append(f"{folder.name}: {facts} facts read into the database")
    return done or ["nothing to repair"]
