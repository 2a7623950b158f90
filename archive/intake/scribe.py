"""The one process that writes facts into the database, so that the process that talks to portals need not."""

import threading
from contextlib import ExitStack, closing
from pathlib import Path

from archive import garbage
from archive.errors import GongkaiError, StorageError
from archive.events import Location
from archive.intake.bundles import Packed, opened
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.ledger.apply import apply
from archive.ledger.batch import Again
from archive.ledger.forget import forget
from archive.ledger.schema import Ledger, open_ledger
from archive.place import Place
from archive.reading.model import Reading

MODULE = "archive.intake.scribe"

TO_CLOSE = 20.0
"""Seconds that the child may take to move what stands in the -wal file into the database."""


class Scribe:
    """Applies facts, a span at a time; those of one run in the order in which it is given them. From any thread."""

    def __init__(self, database: Path, child: Child | None = None) -> None:
        """``database``: made or brought up to date here and now. ``child``: one that waits to be told of it already.
        Raises ``StorageError`` if that cannot be done; the child is then left alone."""
        open_ledger(database).close()
        self._database = database
        self._turn = threading.Lock()
        self._child: Child | None = self._begun(child)

    def write(self, facts: list[Packed], *, file: str, end: int) -> None:
        """Put the facts of a span into the database, and that ``file`` was read up to ``end``; when this returns, it
        is done. Raises ``StorageError``; nothing of the span is then in the database.

        Should the child die over a span, that span's run is told; the next one gets another child."""
        self._ask((file, end, facts))

    def forget(self, portal: str) -> None:
        """Have the database forget all that it knows of a portal (:mod:`archive.ledger.forget`). Raises
        ``StorageError``; nothing is then forgotten."""
        self._ask(portal)

    def _ask(self, message: "tuple[str, int, list[Packed]] | str") -> None:
        with self._turn:
            child = self._child = self._child or self._begun()
            try:
                send(child.sink, pack(message))
                error = unpack(receive(child.source))
            except (EOFError, BrokenPipeError) as gone:
                code = child.process.wait()
                child.stop()
                self._child = None
                raise StorageError(
                    f"{self._database}: the process that writes it ended (exit {code}); run `gongkai repair`"
                ) from gone
        if error is not None:
            raise error

    def close(self) -> None:
        """End the child. One that is idle closes the database in order, so that no -wal file stays behind."""
        if self._child is None:
            return
        if self._turn.acquire(blocking=False):
            self._child.end(TO_CLOSE)
            self._turn.release()
        else:  # not waiting for a turn: whoever has it is told that the child has gone
            self._child.stop()

    def _begun(self, child: Child | None = None) -> Child:
        child = child or Child(MODULE)
        send(child.sink, pack(self._database))
        return child


class _ReadAgain:
    """:class:`archive.intake.again.ReadAgain`, which brings the whole reader with it: most runs never need it here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened = ExitStack()
        self._read: Again | None = None

    def __call__(self, lies: Location, capture: str) -> Reading | None:
        if self._read is None:
            from archive.intake.again import ReadAgain

            self._read = self._opened.enter_context(closing(ReadAgain(self._folder)))
        return self._read(lies, capture)

    def close(self) -> None:
        self._opened.close()


def main() -> None:
    """The child: messages come in, an answer goes out for each: ``None``, or the error."""
    source, sink = parent()
    garbage.settle()
    ledger: Ledger | None = None
    try:
        database = unpack(receive(source))
        with closing(_ReadAgain(Place(database.parent).warc)) as again:
            while True:
                message = unpack(receive(source))
                try:
                    ledger = ledger or open_ledger(database)
                    if isinstance(message, str):
                        forget(ledger, message)
                    else:
                        file, end, facts = message
                        apply(ledger, list(opened(facts)), file=file, end=end, again=again)
                except GongkaiError as error:
                    send(sink, pack(error))
                except Exception as error:  # noqa: BLE001 - told to the run whose facts these are; others go on
                    what = f"{type(error).__name__}: {error}".replace("\n", " ")
                    where = message if isinstance(message, str) else f"{message[0]} up to byte {message[1]}"
                    send(sink, pack(StorageError(f"{database}: cannot take in {where}: {what}")))
                else:
                    send(sink, pack(None))
    except EOFError:
        return
    finally:
        if ledger is not None:
            ledger.close()


if __name__ == "__main__":
    main()
