"""``gongkai verify``: prove that every byte is what was received, and that the database says nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.ledger.schema import Ledger, open_ledger
from archive.place import Place
from archive.warc.check import Checker, Found, Loss, Problem
from archive.warc.segment import OPEN


@dataclass(slots=True)
class Report:
    """What a verification saw."""

    files: int = 0
    records: int = 0
    captures: int = 0
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)  # that the log itself declares

    def take(self, item: Problem | Loss) -> None:
        if isinstance(item, Loss):
            self.losses.append(item)
        else:
            self.problems.append(item)

    def summary(self) -> str:
        verdict = f"{len(self.problems)} PROBLEMS" if self.problems else "all in order"
        lost = f", {sum(loss.bytes for loss in self.losses)} bytes known to be lost" if self.losses else ""
        return (
            f"{verdict}{lost}: {self.files} WARC files, {self.records} records, {self.bytes / 1e6:.1f} MB, "
            f"every digest computed again; {self.captures} captures of the database found in them"
        )


def verify(place: Place) -> Report:
    """Walk every gzip member of every WARC file, compute both digests of every record, resolve every capture.

    Stronger than the public validators, which accept a truncated last record (archiving.md, 0.4 and 0.5). Raises
    ``StorageError`` if there is no archive."""
    place.require()
    report = Report()
    with open_ledger(place.database, readonly=True) as ledger:
        names = {name for (name,) in ledger.execute("SELECT DISTINCT warc_file FROM captures")}
        for folder in sorted(path for path in place.warc.iterdir() if path.is_dir()):
            checker = Checker()  # a portal's files refer to one another, and to no others
            for path in sorted((*folder.glob("*.warc.gz"), *folder.glob(f"*.warc.gz{OPEN}"))):
                names.discard(path.name.removesuffix(OPEN))
                _check_file(report, checker, path, ledger)
            for item in checker.links():
                report.take(item)
        report.problems += [
            Problem(name, 0, "missing_file", "the database has captures in it") for name in sorted(names)
        ]
        dangling = ledger.execute(
            "SELECT id, warc_file, warc_offset, revisit_of FROM captures AS c WHERE revisit_of IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM captures WHERE id = c.revisit_of)"
        )
        lost = {loss.record for loss in report.losses}
        report.problems += [
            Problem(file, offset, "dangling_revisit", f"{id_} refers to {original}, which is not held")
            for id_, file, offset, original in dangling
            if id_ not in lost
        ]
        check = ledger.execute("PRAGMA integrity_check").fetchone()[0]
        if check != "ok":
            report.problems.append(Problem(place.database.name, 0, "database", check))
    return report


def _check_file(report: Report, checker: Checker, path: Path, ledger: Ledger) -> None:
    name = path.name.removesuffix(OPEN)
    found: dict[str, Found] = {}
    report.files += 1
    report.bytes += path.stat().st_size
    for item in checker.check(path):
        if isinstance(item, Problem | Loss):
            report.take(item)
        else:
            report.records += 1
            found[item.id] = item
    query = "SELECT id, warc_offset, warc_length, payload_digest FROM captures WHERE warc_file = ?"
    rows = ledger.execute(query, (name,)).fetchall()
    report.captures += len(rows)
    report.problems += _unresolved(name, rows, found)


def _unresolved(file: str, rows: list[tuple[str, int, int, str]], found: dict[str, Found]) -> Iterator[Problem]:
    """Captures of the database that the file does not bear out."""
    for id_, offset, length, digest in rows:
        record = found.pop(id_, None)
        if record is None:
            yield Problem(file, offset, "missing_record", f"{id_} is in the database, not in the file")
        elif (record.offset, record.length) != (offset, length):
            yield Problem(file, offset, "wrong_place", f"{id_} lies at {record.offset}+{record.length}")
        elif record.payload_digest != digest:
            yield Problem(file, offset, "wrong_digest", f"{id_}: the database says {digest}")
    for id_, record in found.items():
        if record.type in ("response", "revisit"):
            yield Problem(file, record.offset, "unknown_record", f"{id_} is not in the database; run gongkai repair")
