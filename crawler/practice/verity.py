"""What an honest archive reports of a chronicle: each change, its kind, and the nights between which it must appear.

Worked out from the acts and the calendar alone, by rules that stand here once more in words, so that the archive is not
measured by itself:

- A list is looked at every night, as far as something new stands in it, and to its end every week.
- A page is looked at when the age of what it says is 1, 2, 4, 8 … days: since it was published, by its own date. Who
  spreads the work looks at some a quarter earlier, and a night may come too soon: then it is the next one.
- That a row or a page is gone is proven twice, a day apart by the archive's clock.
- A night on which the portal does not answer, or answers with errors, proves nothing, and puts off what was due.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.vocabulary import ChangeKind
from crawler.practice.calendar import START
from crawler.practice.chronicle import ADDING, Act, Chronicle, Deed
from crawler.practice.world import Paper, world_at

WEEK = 7  # days at most between two complete walks of a column
ASKED_AFTER = 5  # nights: row proven gone twice, page asked twice, each a day late, and one to spare
EARLY = 0.75  # of the time until a page's age has doubled: it may be looked at from then on
_WRONG_CLOCK = 8  # nights that a leap of the clock by a week may put off what was due

_GONE = {
    Deed.WITHDRAW: ChangeKind.WITHDRAWN,
    Deed.WITHDRAW_SOFTLY: ChangeKind.WITHDRAWN,
    Deed.WITHDRAW_TO_HOME: ChangeKind.WITHDRAWN,
    Deed.DELIST: ChangeKind.DELISTED,
}
_FIELDS = {
    Deed.EDIT_TEXT: frozenset({"text"}),
    Deed.EDIT_TITLE: frozenset({"title"}),
    Deed.EDIT_VALIDITY: frozenset({"validity"}),
    Deed.REPLACE_FILE: frozenset({"attachments"}),
}
_NUMBER = frozenset({"doc_number", "doc_number_key"})


@dataclass(frozen=True, slots=True)
class Expected:
    """A change that must be reported once, on one of the nights ``first`` to ``last``."""

    kind: ChangeKind
    key: str  # of the document
    path: str  # its address when that happens
    first: int
    last: int
    fields: frozenset[str] = frozenset()  # of a changed one
    after: str = ""  # of a moved one: its new address
    act: Act | None = None  # None: it was there on the first night

    def __str__(self) -> str:
        what = f" {', '.join(sorted(self.fields))}" if self.fields else ""
        why = f", for {self.act.deed.name} on night {self.act.night}" if self.act else ""
        return f"{self.kind}{what} of {self.key} on nights {self.first} to {self.last}{why}"


def truth(chronicle: Chronicle) -> tuple[Expected, ...]:
    """Every change that is to be reported, in the order of the acts. Nothing else is.

    Raises ``ValueError`` for an act that nobody could be sure to find before the last night."""
    first = world_at(chronicle, 0)
    found = [Expected(ChangeKind.NEW, key, paper.path, 0, 0) for key, paper in first.papers.items()]
    found += [expected for act in chronicle.acts for expected in _of(chronicle, act)]
    late = [str(expected) for expected in found if expected.last >= chronicle.calendar.nights]
    if late:
        raise ValueError(f"too late to be sure of: {'; '.join(late)}")
    return tuple(found)


def versions(chronicle: Chronicle) -> dict[str, int]:
    """How many versions each document has at the end, by its address; one that was left keeps its own."""
    found: dict[str, int] = {}
    for expected in truth(chronicle):
        if expected.kind is ChangeKind.NEW:
            found[expected.path] = 1
        elif expected.kind is ChangeKind.CHANGED:
            found[expected.path] += 1
        elif expected.kind is ChangeKind.MOVED:
            found[expected.after] = 1
    return found


def silent(chronicle: Chronicle) -> tuple[int, ...]:
    """Nights on which nothing happens and nothing did the night before, and on which the clock is right."""
    busy = {0, *(act.night for act in chronicle.acts), *chronicle.calendar.jumps}
    return tuple(night for night in range(1, chronicle.calendar.nights) if not {night, night - 1} & busy)


def open_questions(chronicle: Chronicle, night: int) -> int:
    """How many documents an archive may still be asking after on a night, because something became of them."""
    asked = (ChangeKind.WITHDRAWN, ChangeKind.DELISTED, ChangeKind.MOVED)
    return sum(e.first - 1 <= night <= e.last for e in truth(chronicle) if e.kind in asked)


def _of(chronicle: Chronicle, act: Act) -> Iterator[Expected]:
    if act.deed not in (*_GONE, *_FIELDS, *ADDING, Deed.RENUMBER, Deed.MOVE, Deed.MOVE_LEADING, Deed.RETURN):
        return
    paper = world_at(chronicle, act.night).papers[act.subject]
    night = act.night
    seen = _answering(chronicle, night)
    if act.deed in ADDING:
        broken = night in chronicle.nights_of(Deed.PAGES_500)
        last = seen if not broken and seen == night else seen + 3
        yield Expected(ChangeKind.NEW, act.subject, paper.path, seen + broken, last, act=act)
    elif act.deed is Deed.RETURN:
        yield Expected(ChangeKind.RETURNED, act.subject, paper.path, seen, seen + 2, act=act)
    elif act.deed in _GONE:
        last = _put_off(chronicle, night, ASKED_AFTER + _walks(chronicle, act, paper))
        yield Expected(_GONE[act.deed], act.subject, paper.path, _a_day_after(chronicle, seen), last, act=act)
    elif act.deed in (Deed.MOVE, Deed.MOVE_LEADING):
        before = world_at(chronicle, night - 1).papers[act.subject].path
        last = _put_off(chronicle, night, ASKED_AFTER + _walks(chronicle, act, paper))
        yield Expected(ChangeKind.MOVED, act.subject, before, seen, last, after=paper.path, act=act)
    else:
        fields = _FIELDS.get(act.deed, _NUMBER)
        if act.deed is Deed.RENUMBER and "{doc_number}" in paper.document.body:
            fields |= {"text"}
        returns = any(other.deed is Deed.RETURN and other.subject == act.subject for other in chronicle.on(night))
        last = seen + 2 if returns else _looked_at(chronicle, act, paper)
        yield Expected(ChangeKind.CHANGED, act.subject, paper.path, seen, last, fields, act=act)


def _answering(chronicle: Chronicle, night: int) -> int:
    """The first night from this one on that is not blocked."""
    while night in chronicle.nights_of(Deed.BLOCKED):
        night += 1
    return night


def _a_day_after(chronicle: Chronicle, night: int) -> int:
    """The first night that is a day later by the archive's clock."""
    calendar = chronicle.calendar
    return next(n for n in range(night + 1, calendar.nights * 2) if calendar.day(n) > calendar.day(night))


def _walks(chronicle: Chronicle, act: Act, paper: Paper) -> int:
    """Nights that two complete walks may take: none for a list of one page, which each walk reads to its end; where a
    row is beyond the first page's reach, a week for each, and a night each to spare."""
    rows = len(world_at(chronicle, act.night - 1).lists[paper.shelf.key])
    return 0 if rows <= paper.shelf.size else 2 * (WEEK + 1)


def _put_off(chronicle: Chronicle, night: int, nights: int) -> int:
    """So many nights later, those that prove nothing not counted."""
    lost = {
        n
        for deed in (Deed.BLOCKED, Deed.PAGES_500, Deed.LIST_BROKEN, Deed.LIST_EMPTY)
        for n in chronicle.nights_of(deed)
    }
    lost |= set(chronicle.calendar.jumps)
    last = night + nights
    wrong = any(days > 0 and night <= n <= last for n, days in chronicle.calendar.jumps.items()) * _WRONG_CLOCK
    while (longer := night + nights + wrong + sum(night <= n <= last for n in lost)) > last:
        last = longer
    return last


def _looked_at(chronicle: Chronicle, act: Act, paper: Paper) -> int:
    """The last night on which a recheck may find an edit, whether the rechecks before came early, on time or a night
    late: a page is looked at when the age of what it says has doubled, or is about to."""
    calendar = chronicle.calendar
    idle = {*chronicle.nights_of(Deed.BLOCKED), *chronicle.nights_of(Deed.PAGES_500)}
    idle |= set(chronicle.nights_of(Deed.PAGES_404))
    start = next((a.night for a in chronicle.acts if a.subject == act.subject and a.deed in ADDING), 0)
    born = (datetime.fromisoformat(paper.document.date_published).date() - START.date()).days
    unaware = {calendar.day(start)}  # when it may have been looked at last
    for night in range(start + 1, calendar.nights):
        day = calendar.day(night)
        late = {at for at in unaware if night in idle or day <= at + max(1, at - born)}
        looks = night not in idle and any(day >= at + max(1, (at - born) * EARLY) for at in unaware)
        unaware = late | ({day} if looks and night < act.night else set())
        if not unaware:
            return night
    return calendar.nights
