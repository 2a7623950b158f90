"""A portal as it stands on one night of its chronicle: what is listed, what is served, what is out of order."""

from dataclasses import dataclass, field, replace

from crawler.practice.chronicle import ADDING, PASSING, Act, Chronicle, Deed, Shelf
from crawler.practice.model import PracticeDocument

CORRECTION = "（本件发布后有更正，以本版为准。）"
HOME = "/"


@dataclass(slots=True)
class Paper:
    """A document: what it says, where it lives, what its address answers."""

    document: PracticeDocument
    shelf: Shelf  # the column whose template shows it
    path: str
    served: bool = True
    instead: Deed | None = None  # of one withdrawn: in which way
    touched: int = 0  # the night on which its page was last written
    edition: int = 1  # of its files

    def file(self, place: int) -> str:
        """Path of an attachment. It stays where it is when the page moves."""
        return f"/files/{self.document.number:04d}-{place}-{self.edition}.pdf"


@dataclass(slots=True)
class World:
    """The state of one night. ``lists``: keys of documents by column, from the top; ``old``: addresses that were left,
    each with where it leads to, "" for nowhere. The rest lasts one night."""

    chronicle: Chronicle
    night: int
    papers: dict[str, Paper] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    old: dict[str, str] = field(default_factory=dict)
    redesigned: int | None = None  # since which night
    blocked: bool = False
    pages_broken: bool = False
    broken_from: dict[str, int] = field(default_factory=dict)  # column → first list page that answers 500
    emptied: set[str] = field(default_factory=set)  # columns
    hidden: set[str] = field(default_factory=set)  # documents without their row
    absent: set[str] = field(default_factory=set)  # documents whose page is 404

    def listed(self, column: str) -> list[Paper]:
        """The rows that a column's lists show, from the top."""
        keys = () if column in self.emptied else self.lists[column]
        return [self.papers[key] for key in keys if key not in self.hidden]

    def at(self, path: str) -> str:
        """The key of the document at an address; "" if there is none."""
        return next((key for key, paper in self.papers.items() if paper.path == path), "")


def world_at(chronicle: Chronicle, night: int) -> World:
    """The portal on a night: all that lasted of the nights before, and what this one brings."""
    world = World(chronicle, night)
    cast = chronicle.cast()
    added = {act.subject for act in chronicle.acts if act.deed in ADDING}
    for shelf in chronicle.shelves:
        keys = [key for key in cast if key not in added and key.rpartition("-")[0] == shelf.key]
        world.names[shelf.key], world.lists[shelf.key] = shelf.name, keys
        world.papers |= {key: _paper(cast[key], shelf, 0) for key in keys}
    for key, column in chronicle.also.items():
        world.lists[column].insert(1, key)
    for act in chronicle.acts:
        if act.deed in ADDING and act.night <= night:
            shelf = chronicle.shelf(act.subject.rpartition("-")[0])
            world.papers[act.subject] = _paper(cast[act.subject], shelf, act.night)
        if act.night == night or (act.night < night and act.deed not in PASSING):
            _do(world, act)
    return world


def _paper(document: PracticeDocument, shelf: Shelf, night: int) -> Paper:
    return Paper(document, shelf, _path(document, shelf), touched=night)


def _path(document: PracticeDocument, shelf: Shelf, moved: bool = False) -> str:
    day = document.day_published.replace("-", "")
    number = (7_001_000 if moved else 1_001_000) + document.number
    return f"{shelf.path}t{number}.shtml" if not shelf.dated else f"{shelf.path}{day[:6]}/t{day}_{number}.html"


def _do(world: World, act: Act) -> None:
    match act.deed:
        case Deed.RENAME:
            world.names[act.subject] = act.detail
        case Deed.REDESIGN:
            world.redesigned = act.night
        case Deed.REORDER:
            world.lists[act.subject].reverse()
        case Deed.BLOCKED:
            world.blocked = True
        case Deed.PAGES_500:
            world.pages_broken = True
        case Deed.LIST_BROKEN:
            world.broken_from[act.subject] = int(act.detail)
        case Deed.LIST_EMPTY:
            world.emptied.add(act.subject)
        case Deed.PAGES_404:
            world.absent |= set(world.lists[act.subject])
        case _:
            _do_to_paper(world, act, world.papers[act.subject])


def _do_to_paper(world: World, act: Act, paper: Paper) -> None:
    key, home = act.subject, world.lists[paper.shelf.key]
    match act.deed:
        case Deed.ADD | Deed.COPY:
            home.insert(0, key)
        case Deed.BUMP:
            home.remove(key)
            home.insert(0, key)
        case Deed.ROW_OFF:
            world.hidden.add(key)
        case Deed.GONE_ONCE:
            world.hidden.add(key)
            world.absent.add(key)
        case Deed.UNLIST_ONCE:
            world.lists[act.detail].remove(key)
        case Deed.BREAK_OFF | Deed.DELIST | Deed.WITHDRAW | Deed.WITHDRAW_SOFTLY | Deed.WITHDRAW_TO_HOME:
            _strike(world, paper, key)
            paper.served = act.deed is Deed.DELIST
            paper.instead = None if paper.served else act.deed
        case Deed.RETURN:
            home.insert(min(3, len(home)), key)
            paper.served, paper.instead = True, None
        case Deed.MOVE | Deed.MOVE_LEADING:
            before, paper.path = paper.path, _path(paper.document, paper.shelf, moved=True)
            world.old[before] = paper.path if act.deed is Deed.MOVE_LEADING else ""
        case _:
            paper.touched = act.night
            _edit(paper, act)


def _strike(world: World, paper: Paper, key: str) -> None:
    for column in {paper.shelf.key, world.chronicle.also.get(key, paper.shelf.key)}:
        if key in world.lists[column]:
            world.lists[column].remove(key)


def _edit(paper: Paper, act: Act) -> None:
    document = paper.document
    match act.deed:
        case Deed.EDIT_TEXT:
            paper.document = replace(document, body=(*document.body, CORRECTION))
        case Deed.EDIT_TITLE:
            paper.document = replace(document, title=f"{document.title}（修订）")
        case Deed.EDIT_VALIDITY:
            paper.document = replace(document, validity=act.detail)
        case Deed.RENUMBER:
            paper.document = replace(document, doc_number=act.detail)
        case Deed.REPLACE_FILE:
            paper.edition += 1
        case _:
            raise ValueError(f"a deed that this portal does not know: {act}")
