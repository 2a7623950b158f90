"""The one process that writes facts into the database, so that the process that talks to portals need not."""

import threading
from pathlib import Path

from archive import garbage
from archive.errors import GongkaiError, StorageError
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.intake.workers import Packed
from archive.ledger.apply import apply
from archive.ledger.schema import Ledger, open_ledger

MODULE = "archive.intake.scribe"


class Scribe:
    """Applies facts, a span at a time; those of one run in the order in which it is given them. From any thread."""

    def __init__(self, database: Path) -> None:
        """``database``: made or brought up to date here and now. Raises ``StorageError`` if that cannot be done."""
        open_ledger(database).close()
        self._database = database
        self._turn = threading.Lock()
        self._child: Child | None = self._begun()

    def write(self, facts: list[Packed], *, file: str, end: int) -> None:
        """Put the facts of a span into the database, and that ``file`` was read up to ``end``; when this returns, it
        is done. Raises ``StorageError``; nothing of the span is then in the database.

        Should the child die over a span, that span's run is told; the next one gets another child."""
        with self._turn:
            child = self._child = self._child or self._begun()
            try:
                send(child.sink, pack((file, end, facts)))
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
        if self._child is not None:  # without waiting for a turn: whoever has it is told that the child has gone
            self._child.stop()

    def _begun(self) -> Child:
        child = Child(MODULE)
        send(child.sink, pack(self._database))
        return child


def main() -> None:
    """The child: facts come in, an answer goes out for each span: ``None``, or the error."""
    source, sink = parent()
    garbage.settle()
    ledger: Ledger | None = None
    try:
        database = unpack(receive(source))
        while True:
            file, end, facts = unpack(receive(source))
            try:
                ledger = ledger or open_ledger(database)
                apply(ledger, [unpack(fact) for fact in facts], file=file, end=end)
            except GongkaiError as error:
                send(sink, pack(error))
            except Exception as error:  # noqa: BLE001 - told to the run whose facts these are; others go on
                what = f"{type(error).__name__}: {error}".replace("\n", " ")
                send(sink, pack(StorageError(f"{database}: cannot take in {file} up to byte {end}: {what}")))
            else:
                send(sink, pack(None))
    except EOFError:
        return
    finally:
        if ledger is not None:
            ledger.close()


if __name__ == "__main__":
    main()
