"""Facts made by hand, for the tests of whatever stands on the ledger."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive.events import (
    Captured,
    CatalogueRow,
    ColumnFound,
    ColumnsFound,
    Event,
    FetchFailed,
    ListRead,
    Location,
    RunEnded,
    RunStarted,
    WalkEnded,
)
from archive.ledger.apply import Applied, apply
from archive.ledger.facts import CaptureFact, EventFact, Fact
from archive.ledger.schema import Ledger, open_ledger
from archive.reading.model import AttachmentLink, Observation, Reading
from archive.urls import document_id
from archive.vocabulary import Mode, Role, Source, TextStatus, Verdict, WalkEnd

PORTAL = "zhuhai"
FILE = f"{PORTAL}-20261122T060000Z-00000.warc.gz"
HOME = "http://www.zhuhai.gov.cn/"


def url(name: object) -> str:
    return f"{HOME}gk/content/post_{name}.html"


def doc(name: object) -> str:
    return document_id(PORTAL, url(name))


def row(name: object, **more: Any) -> CatalogueRow:
    return CatalogueRow(**({"url": url(name), "title": f"关于{name}的通知", "date": "2026-11-20"} | more))


def reading(text: str = "正文第一句。第二句；", **more: Any) -> Reading:
    """A reading whose digest follows from its content, as a real one's does."""
    made = Reading(
        **(
            {
                "title": "关于财政预算的通知",
                "fields": (("doc_number", "珠府办〔2026〕7号"), ("doc_number_key", "珠府办|2026|7")),
                "observations": (
                    Observation(
                        "doc_number", "文 号", "珠府办[2026]7号", "珠府办〔2026〕7号", Source.TABLE, chosen=True
                    ),
                    Observation("", "浏览", "12", "", Source.LINE),
                ),
                "text": text,
                "text_status": TextStatus.OK,
                "attachments": (),
            }
            | more
        )
    )
    content = repr((made.title, made.fields, made.text, made.attachments))
    return replace(made, content_digest=hashlib.sha256(content.encode()).hexdigest())


def link(name: str) -> AttachmentLink:
    return AttachmentLink(f"{HOME}files/{name}", name)


class Log:
    """A log and the ledger that follows it. Every call takes one fact in; time goes on by a second with each."""

    def __init__(self, folder: Path) -> None:
        self.ledger: Ledger = open_ledger(folder / "archive.db")
        self.facts: list[Fact] = []
        self.step = 100  # bytes that each fact's record takes
        self.run_id = ""
        self.last = Applied(0, (), ())
        self._waiting: list[Fact] = []
        self._held = False

    def rows(self, sql: str, *values: object) -> list[Any]:
        return self.ledger.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Any:
        (only,) = self.rows(sql, *values)
        return only

    def value(self, sql: str, *values: object) -> Any:
        (only,) = self.row(sql, *values)
        return only

    @property
    def length(self) -> int:
        """Bytes that the log has."""
        return len(self.facts) * self.step

    @property
    def now(self) -> str:
        minutes, seconds = divmod(len(self.facts), 60)
        return f"2026-11-22T06:{minutes:02d}:{seconds:02d}.000000Z"

    def event(self, kind: type[Event], **more: Any) -> None:
        common = {"run": self.run_id, "portal": PORTAL, "at": self.now}
        self._take(EventFact(kind(**(common | more)), self.now, self._place()))

    def start(self, run: str = "zhuhai-1", **more: Any) -> None:
        self.run_id = run
        described = {"name": "珠海市人民政府", "home": HOME, "division": "440400", "families": ("gkmlpt", "static")}
        self.event(RunStarted, **({"mode": Mode.NORMAL} | described | more))

    def end(self, verdict: Verdict = Verdict.OK, **more: Any) -> None:
        self.event(RunEnded, verdict=verdict, **more)

    def columns(self, *keys: str, declared: int | None = None) -> None:
        found = tuple(ColumnFound(key, f"栏目{key}", f"{HOME}{key}", "static", declared) for key in keys)
        self.event(ColumnsFound, url=HOME, columns=found)

    def list(self, *rows: CatalogueRow, column: str = "tz", declared: int | None = None) -> None:
        self.event(ListRead, column=column, number=1, url=HOME, rows=rows, declared_total=declared)

    def walked(self, end: WalkEnd = WalkEnd.LAST_PAGE, column: str = "tz", **more: Any) -> None:
        self.event(WalkEnded, column=column, end=end, **more)

    def failed(self, role: Role, at: str, reason: str, **more: Any) -> None:
        self.event(FetchFailed, role=role, url=at, reason=reason, **more)

    def document(self, name: object, read: Reading | None = None, *, column: str = "tz", **more: Any) -> str:
        """A document's capture; gives its id."""
        context = {"role": Role.DOCUMENT, "column": column, "entry_url": url(name), "row": row(name)}
        return self.capture(url(name), context, reading=read, **more)

    def file(self, at: str, document: object, *, link: str = "", **more: Any) -> str:
        """An attachment's capture, of the document of that name; gives its id."""
        context = {"role": Role.ATTACHMENT, "document_url": url(document), "entry_url": link}
        context["filename"] = at.rpartition("/")[2]
        return self.capture(
            at, context, **({"mime": "application/pdf", "sha256": "ab" * 32, "decoded_bytes": 9} | more)
        )

    def capture(self, at: str, context: dict[str, Any], **more: Any) -> str:
        number = len(self.facts)
        plain: dict[str, Any] = {
            "id": f"urn:uuid:{number:04d}",
            "url": at,
            "fetched_at": self.now,
            "status": 200,
            "mime": "text/html",
            "payload_digest": f"sha256:{number:064x}",
            "payload_bytes": 1000,
            "location": self._place(),
            "revisit_of": "",
            "truncated": None,
            "context": Captured(**({"run": self.run_id, "portal": PORTAL} | context)),
        }
        fact = CaptureFact(**(plain | more))
        self._take(fact)
        return fact.id

    def hold(self) -> None:
        """Keep the facts that follow, for one call of ``apply``."""
        self._held = True

    def release(self) -> None:
        """Apply what was kept, at once."""
        self._held = False
        self._flush()

    def _place(self) -> Location:
        return Location(FILE, self.length, self.step)

    def _take(self, fact: Fact) -> None:
        self.facts.append(fact)
        self._waiting.append(fact)
        if not self._held:
            self._flush()

    def _flush(self) -> None:
        self.last = apply(self.ledger, self._waiting, file=FILE, end=self.length)
        self._waiting = []
