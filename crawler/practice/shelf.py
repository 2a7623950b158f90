"""What the smaller practice portals share: shelves of documents, and a whole site out of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from archive.vocabulary import WalkEnd
from crawler.practice.faults import NOT_FOUND
from crawler.practice.markup import Frame, Row, file_page, home, lazily, stated
from crawler.practice.model import (
    Answer,
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    Site,
    Truth,
    Visit,
)
from crawler.practice.pdf import attachment_truth

Labels = tuple[tuple[str, str], ...]  # (label as printed, canonical field)
Links = tuple[tuple[str, str], ...]  # (path, file name)
Entry = tuple[Row, PracticeDocument | None]  # a row without a document leads off the portal


@dataclass(frozen=True, slots=True)
class Shelf:
    """A column, the documents that it lists, and where everything of it lives."""

    name: str
    url: str  # path and query of the page that a human opens
    documents: tuple[PracticeDocument, ...]
    page: Callable[[PracticeDocument], str]  # path (and query) of a document
    file: Callable[[PracticeDocument, int], str]  # path of an attachment, by its place
    labels: Labels  # of its detail pages
    why: str
    end: WalkEnd = WalkEnd.LAST_PAGE
    declared: int | None = None  # entries by the portal's own word
    external: tuple[Row, ...] = ()

    def links(self, document: PracticeDocument) -> Links:
        return tuple((self.file(document, place), name) for place, name in enumerate(document.attachments))

    def entries(self, plan: Plan) -> list[Entry]:
        """The rows of the column's lists; what leads elsewhere stands behind the first."""
        found: list[Entry] = [
            (Row(address(plan, self.page(d), place), d.title, d.day_published, d.doc_number), d)
            for place, d in enumerate(self.documents)
        ]
        return [*found[:1], *((row, None) for row in self.external), *found[1:]]

    def batches(self, plan: Plan, size: int) -> list[list[Entry]]:
        """The rows page by page; of a column that was emptied, pages without rows."""
        rows = self.entries(plan)
        found = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
        return [[] for _ in found] if self.name in plan.emptied else found

    def stated(self, document: PracticeDocument) -> list[tuple[str, str]]:
        """Labels and values of a detail page, empty values included."""
        values = stated(document, [field for _, field in self.labels])
        return [(label, values.get(field, "")) for label, field in self.labels]


Write = Callable[[Shelf, PracticeDocument, Links], str]
"""A detail page. ``Links`` are those of its attachments."""


def address(plan: Plan, path: str, place: int = 0) -> str:
    """A path as a list writes it: by the variation as it is, with host, with host but no scheme, or all in turn."""
    ways = (path, plan.origin + path, plan.origin.partition(":")[2] + path)
    return ways[plan.variation if plan.variation < 3 else place % 3]


def rows_of(entries: Iterable[Entry]) -> list[Row]:
    return [row for row, _ in entries]


def site(
    plan: Plan,
    family: str,
    frame: Frame,
    shelves: Sequence[Shelf],
    lists: Mapping[str, Page],
    write: Write,
    posts: frozenset[str] = frozenset(),
) -> Site:
    """The site: ``lists`` are the pages that are no documents, by path."""
    pages: dict[str, Page] = {"/": home(frame, [(shelf.name, shelf.url) for shelf in shelves]), **lists}
    by_query: dict[str, dict[frozenset[tuple[str, str]], Page]] = {}
    keys: dict[str, str] = {}
    for shelf in shelves:
        for document in shelf.documents:
            path, _, query = shelf.page(document).partition("?")
            page = lazily(partial(write, shelf, document, shelf.links(document)))
            if query:
                by_query.setdefault(path, {})[frozenset(parse_qsl(query))] = page
            else:
                pages[path], keys[path] = page, document.key
            pages |= {link: file_page(document, name) for link, name in shelf.links(document)}
    pages |= {path: partial(_chosen, found) for path, found in by_query.items()}
    return Site(
        pages,
        keys,
        tuple((family, plan.origin + shelf.url) for shelf in shelves),
        Truth(
            tuple(_column(plan, shelf) for shelf in shelves),
            tuple(_document(plan, shelf, document) for shelf in shelves for document in shelf.documents),
            tuple(ExternalRow(row.href, row.title, shelf.name) for shelf in shelves for row in shelf.external),
        ),
        posts,
    )


def _chosen(pages: Mapping[frozenset[tuple[str, str]], Page], visit: Visit) -> Answer:
    page = pages.get(frozenset(visit.query.items()))
    return page(visit) if page is not None else NOT_FOUND


def _column(plan: Plan, shelf: Shelf) -> ColumnTruth:
    listed = len(shelf.documents) + len(shelf.external)
    return ColumnTruth(shelf.name, plan.origin + shelf.url, shelf.declared, listed, shelf.end, shelf.why)


def _document(plan: Plan, shelf: Shelf, document: PracticeDocument) -> DocumentTruth:
    """The list gives title and date, the meta tags give title and keywords, the labels give the rest."""
    fields = ("title", "date_published", "keywords", "abstract", *(field for _, field in shelf.labels))
    files = tuple(attachment_truth(document, name, plan.origin + link) for link, name in shelf.links(document))
    return DocumentTruth(document, plan.origin + shelf.page(document), (shelf.name,), stated(document, fields), files)
