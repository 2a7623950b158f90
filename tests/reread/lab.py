"""An archive whose reader can be exchanged: real WARC files and a real database, read and written in this process."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import clock
from archive.errors import GongkaiError, ReadingError
from archive.events import Captured, CatalogueRow, ColumnFound, ColumnsFound, ListRead, Location, RunEnded, RunStarted
from archive.intake import spans
from archive.intake.again import finish
from archive.intake.bundles import Packed, bundle, opened
from archive.intake.catchup import catch_up, mend_leftovers
from archive.intake.spans import Span, span_of
from archive.ledger import questions
from archive.ledger.apply import apply
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.reading.model import AttachmentLink, Observation, Reading
from archive.reading.page import Page
from archive.reread import Compared, Report, compare, replace_readings
from archive.urls import document_id
from archive.vocabulary import Mode, Role, Source, TextStatus, Verdict
from archive.warc.exchange import Exchange
from archive.warc.write import WarcWriter

PORTAL = "p"
HOME = "http://p.example/"

Read = Callable[[Page, CatalogueRow | None], Reading]


def url(name: str) -> str:
    return f"{HOME}{name}.html"


def doc(name: str) -> str:
    return document_id(PORTAL, url(name))


@dataclass(frozen=True)
class Reader:
    """A reader of pages that are JSON objects. It sees some of their keys, and refuses pages with some."""

    name: str
    sees: str  # t: title, n: doc_number, r: remarks, b: body, f: files
    refuses: str = ""

    def __call__(self, page: Page, _row: CatalogueRow | None) -> Reading:
        said: dict[str, str] = json.loads(page.body)
        seen = {key: value for key, value in said.items() if key in self.sees and value}
        fields = {"title": seen.get("t", ""), "doc_number": seen.get("n", ""), "remarks": seen.get("r", "")}
        links = tuple(AttachmentLink(f"{HOME}f/{name}", name) for name in seen.get("f", "").split())
        text = seen.get("b", "")
        canonical = json.dumps([fields, text, [link.url for link in links]])
        return Reading(
            title=fields["title"],
            fields=tuple((name, value) for name, value in fields.items() if value),
            observations=tuple(
                Observation(key, f"{self.name} {key}", value, value, Source.TABLE, True) for key, value in seen.items()
            ),
            text=text,
            text_status=TextStatus.OK if text else TextStatus.EMPTY,
            attachments=links,
            refusal="soft_404" if any(said.get(key) for key in self.refuses) else "",
            content_digest=hashlib.sha256(canonical.encode()).hexdigest(),
            reader=self.name,
        )


class InThisProcess:
    """Workers and scribe without processes, by the reader that the lab has now."""

    count = 2

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder, self._database = folder, database
        self.broken_after = 10**9  # writes: what comes then is a crash

    def read(self, span: Span) -> "Future[list[Packed]]":
        done: Future[list[Packed]] = Future()
        try:
            done.set_result([bundle(list(spans.facts(self._folder, span)))])
        except GongkaiError as error:
            done.set_exception(error)
        return done

    def write(self, facts: list[Packed], *, file: str, end: int) -> None:
        self.broken_after -= 1
        if self.broken_after < 0:
            raise ReadingError("killed, for the test")
        with closing(open_ledger(self._database)) as ledger:
            apply(ledger, list(opened(facts)), file=file, end=end, again=self._again)

    def _again(self, lies: Location, capture: str) -> Reading | None:
        return finish(self.read(span_of(lies)), capture)[0]


class Lab:
    """A portal's archive. Each run fetches the pages that it is given; time goes on by a minute with each question."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = Place(folder)
        self.place.prepare()
        self._monkeypatch = monkeypatch
        self._now = datetime(2026, 11, 22, tzinfo=UTC)
        self._runs = 0
        self.reader = Reader("none/0", "")

    def use(self, reader: Reader) -> None:
        """From now on pages are read by this one."""
        self.reader = reader
        self._monkeypatch.setattr(spans, "read", reader)

    def run(self, pages: Mapping[str, Mapping[str, str] | int], files: int = 0) -> None:
        """A run that fetches pages: what each says, or a status; then at most so many of the files that wait."""
        with self._time():
            self._runs += 1
            run = f"run-{self._runs}"
            common = {"run": run, "portal": PORTAL}
            rows = tuple(CatalogueRow(url(name), f"行{name}") for name in pages)
            with open_ledger(self.place.database) as ledger, self._log(ledger) as log:
                log.event(RunStarted(**common, at=self.now(), mode=Mode.FULL, name="样板"))
                column = ColumnFound("c", "栏目", HOME, "static")
                log.event(ColumnsFound(**common, at=self.now(), url=HOME, columns=(column,)))
                log.event(ListRead(**common, at=self.now(), column="c", number=1, url=HOME, rows=rows))
                for row, page in zip(rows, pages.values(), strict=True):
                    log.record(self._exchange(run, row, page))
                if not files:
                    log.event(RunEnded(**common, at=self.now(), verdict=Verdict.OK))
            self.catch_up()
            if files:
                with open_ledger(self.place.database) as ledger, self._log(ledger) as log:
                    for file in questions.waiting_files(ledger, PORTAL, questions.Cursor(), files):
                        log.record(self._file(run, file))
                    log.event(RunEnded(**common, at=self.now(), verdict=Verdict.OK))
                self.catch_up()

    def reread(
        self, *, every: bool = False, broken_after: int = 10**9, watch: Callable[[Sequence[Compared]], None] = id
    ) -> None:
        """``gongkai reread`` with the present reader."""
        with self._time():
            hands = self._hands(self.place)
            hands.broken_after = broken_after
            words = (self.place, PORTAL, self.reader.name, hands, hands)
            replace_readings(*words, software="test", every=every, watch=watch)  # type: ignore[arg-type]

    def look(self, *, every: bool = False, limit: int = 3) -> Report:
        """``gongkai reread --dry-run``."""
        report = Report(self.reader.name, limit)
        with open_ledger(self.place.database, readonly=True) as ledger:
            for document in compare(ledger, self._hands(self.place), PORTAL, self.reader.name, every=every):  # type: ignore[arg-type]
                report.take(document)
        return report

    def catch_up(self, place: Place | None = None) -> None:
        place = place or self.place
        mend_leftovers(place, PORTAL, None)
        open_ledger(place.database).close()
        hands = self._hands(place)
        catch_up(place, PORTAL, hands, hands)  # type: ignore[arg-type]

    def rebuilt(self) -> "dict[str, list[tuple[object, ...]]]":
        """All rows of a database that is made again, by the present reader."""
        fresh = Place(self.place.folder)
        fresh.database = self.place.folder / "fresh.db"
        for path in self.place.folder.glob("fresh.db*"):
            path.unlink()
        self.catch_up(fresh)
        return _tables(fresh.database)

    def tables(self) -> "dict[str, list[tuple[object, ...]]]":
        return _tables(self.place.database)

    def rows(self, sql: str, *values: object) -> "list[tuple[object, ...]]":
        with closing(sqlite3.connect(self.place.database)) as db:
            return db.execute(sql, values).fetchall()

    def now(self) -> str:
        return clock.stamp(clock.now())

    @contextmanager
    def _time(self) -> Iterator[None]:
        def tick() -> datetime:
            self._now += timedelta(minutes=1)
            return self._now

        with clock.running(tick):
            yield

    def _hands(self, place: Place) -> InThisProcess:
        return InThisProcess(place.warc, place.database)

    def _log(self, ledger: sqlite3.Connection) -> WarcWriter:
        return WarcWriter(
            self.place.warc,
            PORTAL,
            software="test",
            clock=clock.now,
            find=lambda digest, _url: questions.find_payload(ledger, PORTAL, digest),
        )

    def _exchange(self, run: str, row: CatalogueRow, page: Mapping[str, str] | int) -> Exchange:
        status = page if isinstance(page, int) else 200
        body = json.dumps(page, ensure_ascii=False).encode() if isinstance(page, Mapping) else b""
        context = Captured(run=run, portal=PORTAL, role=Role.DOCUMENT, column="c", entry_url=row.url, row=row)
        return self._answer(row.url, context, status, body)

    def _file(self, run: str, file: questions.WaitingFile) -> Exchange:
        context = Captured(
            *(run, PORTAL, Role.ATTACHMENT),
            entry_url=file.url,
            document_url=file.document_url,
            filename=file.filename,
        )
        return self._answer(file.url, context, 200, b"%PDF-1.4 " + file.url.encode() * 20, "application/pdf")

    def _answer(
        self, at: str, context: Captured, status: int, body: bytes, mime: str = "text/html; charset=utf-8"
    ) -> Exchange:
        return Exchange(
            url=at,
            request=b"GET / HTTP/1.1\r\nHost: p.example\r\n\r\n",
            response=f"HTTP/1.1 {status} X\r\nContent-Type: {mime}\r\n\r\n".encode() + body,
            started_at=clock.now(),
            elapsed_ms=1,
            context=context,
        )


def _tables(path: Path) -> "dict[str, list[tuple[object, ...]]]":
    with closing(sqlite3.connect(path)) as db:
        names = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite%' "
            "AND name NOT GLOB '_*'"
        ).fetchall()
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in names}
