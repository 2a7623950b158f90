"""A portal's life as a script: what its editors and its machines do, night by night. Pure data.

What an honest archive reports of it stands in :mod:`crawler.practice.verity`; what the portal then serves, in
:mod:`crawler.practice.world`. Both follow from the acts alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto
from functools import lru_cache
from itertools import count, islice
from types import MappingProxyType

from crawler.practice.calendar import START, Calendar
from crawler.practice.library import editions, notices
from crawler.practice.model import PracticeDocument


class Deed(Enum):
    """What can happen. The subject is the key of a document, unless said otherwise."""

    ADD = auto()  # put on top of the column that the detail names
    COPY = auto()  # put on top of its column: the very document that the detail names, at an address of its own
    EDIT_TEXT = auto()  # a paragraph more
    EDIT_TITLE = auto()  # on its page and in the lists
    EDIT_VALIDITY = auto()  # 有效性, now the detail
    RENUMBER = auto()  # another 文号: the detail
    REPLACE_FILE = auto()  # the page links another file under the same name
    WITHDRAW = auto()  # row gone, page 404
    WITHDRAW_SOFTLY = auto()  # row gone; a page with status 200 says that it was deleted
    WITHDRAW_TO_HOME = auto()  # row gone, its address redirects to the home page
    DELIST = auto()  # row gone, page served as ever
    BREAK_OFF = auto()  # row gone, page 500 for ever: nobody can tell what became of it
    UNLIST_ONCE = auto()  # its row leaves the column that the detail names; it stays in another
    RETURN = auto()  # row and page are back, where and as they were
    MOVE = auto()  # the row has another address, the old one is 404
    MOVE_LEADING = auto()  # the row has another address, the old one redirects to it
    BUMP = auto()  # an old row stands on top, the same in all else
    REORDER = auto()  # of a column: its list is turned upside down
    RENAME = auto()  # of a column: its name is the detail
    REDESIGN = auto()  # of the portal: another template everywhere, the same contents

    # What lasts one night:
    ROW_OFF = auto()  # its row is missing
    GONE_ONCE = auto()  # its row is missing and its page is 404
    PAGES_404 = auto()  # of a column: its documents are 404, their rows are there
    LIST_EMPTY = auto()  # of a column: its lists hold no row, with status 200
    LIST_BROKEN = auto()  # of a column: from page ``detail`` on its list pages answer 500
    PAGES_500 = auto()  # of the portal: every document answers 500
    BLOCKED = auto()  # of the portal: a challenge stands before everything


ADDING = frozenset({Deed.ADD, Deed.COPY})
PASSING = frozenset(
    {
        *(Deed.ROW_OFF, Deed.GONE_ONCE, Deed.PAGES_404, Deed.LIST_EMPTY),
        *(Deed.LIST_BROKEN, Deed.PAGES_500, Deed.BLOCKED),
    }
)
"""Deeds that the next night knows nothing of, and of which nothing is to be reported."""


@dataclass(frozen=True, slots=True)
class Act:
    night: int
    deed: Deed
    subject: str = ""
    detail: str = ""


class Validators(Enum):
    """What a column's pages say for a later request to ask with."""

    NONE = auto()
    ETAG = auto()
    LAST_MODIFIED = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A column on the first night."""

    key: str
    name: str
    documents: int
    validators: Validators = Validators.NONE
    pinned: int = 0  # so many of its oldest documents stand on top as well, 置顶
    dated: bool = True  # whether its pages say when they were published
    volatile: bool = False  # whether its pages say something else at each visit
    size: int = 20  # rows of a list page

    @property
    def path(self) -> str:
        return f"/zwgk/{self.key}/"


@dataclass(frozen=True, slots=True)
class Chronicle:
    """``also``: documents that are listed in a further column, key → that column."""

    shelves: tuple[Shelf, ...]
    calendar: Calendar
    acts: tuple[Act, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)

    def shelf(self, key: str) -> Shelf:
        """Raises ``KeyError``."""
        return {shelf.key: shelf for shelf in self.shelves}[key]

    def on(self, night: int) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.night == night)

    def nights_of(self, deed: Deed) -> tuple[int, ...]:
        return tuple(act.night for act in self.acts if act.deed is deed)

    def cast(self) -> Mapping[str, PracticeDocument]:
        """Every document there will ever be, as it is when it is first published, by key.

        Those of the first night are called ``<column>-<place>``, from the top of its list, the first being 01."""
        return _cast(self.shelves, tuple(act for act in self.acts if act.deed in ADDING))


@lru_cache(maxsize=4)  # every night of a chronicle asks for the same
def _cast(shelves: tuple[Shelf, ...], adding: tuple[Act, ...]) -> Mapping[str, PracticeDocument]:
    stock, numbers = editions(notices()), count()
    found: dict[str, PracticeDocument] = {}
    for shelf in shelves:
        for place, document in enumerate(islice(stock, shelf.documents), 1):
            day = START - timedelta(days=4 + 3 * place + next(numbers) % 3)
            found[f"{shelf.key}-{place:02d}"] = _published(document, f"{day:%Y-%m-%d} 09:30", shelf)
    homes = {shelf.key: shelf for shelf in shelves}
    for act in adding:
        if act.deed is Deed.COPY:
            found[act.subject] = found[act.detail]
        else:
            day = START + timedelta(days=act.night)
            found[act.subject] = _published(next(stock), f"{day:%Y-%m-%d} 08:15", homes[act.detail])
    return MappingProxyType(
        {key: replace(found[key], key=key, number=number) for number, key in enumerate(found, 1)},
    )


def _published(document: PracticeDocument, moment: str, shelf: Shelf) -> PracticeDocument:
    return replace(document, date_published=moment, catalogue_category=shelf.name)


def quiet(columns: int = 3, documents: int = 6, nights: int = 60) -> Chronicle:
    """A portal where nothing ever happens: so many columns of one list page, so many documents each."""
    kinds = tuple(Validators)
    return Chronicle(
        tuple(
            Shelf(f"lm{number:02d}", f"栏目{number:02d}", documents, kinds[number % len(kinds)])
            for number in range(1, columns + 1)
        ),
        Calendar(nights),
    )
