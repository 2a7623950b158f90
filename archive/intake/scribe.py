"""The one process that writes a run's facts into the database, so that the process that talks to portals need not."""

from pathlib import Path

from archive import garbage
from archive.errors import GongkaiError, StorageError
from archive.intake.pipes import Child, pack, parent, receive, send, unpack
from archive.intake.workers import Packed
from archive.ledger.apply import apply
from archive.ledger.forget import forget
from archive.ledger.schema import Ledger, open_ledger

MODULE = "archive.intake.scribe"


class Scribe:
    """Applies facts in the order in which it is given them. Used by one thread at a time."""

    def __init__(self, database: Path) -> None:
        """``database``: made or brought up to date here and now. Raises ``StorageError`` if that cannot be done."""
        open_ledger(database).close()
        self._database = database
        self._child = Child(MODULE)
        send(self._child.sink, pack(database))

    def write(self, facts: list[Packed], *, file: str, end: int) -> None:
        """Put the facts of a span into the database, and that ``file`` was read up to ``end``; when this returns, it
        is done. Raises ``StorageError``; nothing of the span is then in the database."""
        self._ask((file, end, facts))

    def forget(self, portal: str) -> None:
        """Have the database forget all that it knows of a portal (:mod:`archive.ledger.forget`). Raises
        ``StorageError``; nothing is then forgotten."""
        self._ask(portal)

    def _ask(self, message: "tuple[str, int, list[Packed]] | str") -> None:
        try:
            send(self._child.sink, pack(message))
            error = unpack(receive(self._child.source))
        except (EOFError, BrokenPipeError) as gone:
            code = self._child.process.wait()
            raise StorageError(
                f"{self._database}: the process that writes it ended (exit {code}); run `gongkai repair`"
            ) from gone
        if error is not None:
            raise error

    def close(self) -> None:
        self._child.stop()


def main() -> None:
    """The child: messages come in, an answer goes out for each: ``None``, or the error."""
    source, sink = parent()
    garbage.settle()
    ledger: Ledger | None = None
    try:
        database = unpack(receive(source))
        while True:
            message = unpack(receive(source))
            try:
                ledger = ledger or open_ledger(database)
                if isinstance(message, str):
                    forget(ledger, message)
                else:
                    file, end, facts = message
                    apply(ledger, [unpack(fact) for fact in facts], file=file, end=end)
            except GongkaiError as error:
                send(sink, pack(error))
            else:
                send(sink, pack(None))
    except EOFError:
        return
    finally:
        if ledger is not None:
            ledger.close()


if __name__ == "__main__":
    main()
