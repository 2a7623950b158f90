"""Portals that live: served on loopback, another night at each turn.

with living() as portal:              # sixty nights; or living(quiet(columns=3))
    portal.portal_file()              # the TOML to crawl it with
    portal.turn(7)                    # now it is the eighth night
    portal.requests                   # every request since then, headers as sent
    portal.truth                      # what an honest archive reports: verity.Expected

with many(40) as portals: ...         # forty quiet ones, each of its own prefecture
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qsl, urlsplit

from crawler.practice.barriers import ANSWERS, Barrier
from crawler.practice.chronicle import Chronicle, quiet
from crawler.practice.faults import NOT_FOUND, Faults, Trouble
from crawler.practice.living_pages import answer
from crawler.practice.markup import Frame
from crawler.practice.model import Answer, Visit
from crawler.practice.portal import PORTAL_FILE_PATH, Request
from crawler.practice.server import serve
from crawler.practice.sixty_nights import sixty_nights
from crawler.practice.verity import Expected, truth
from crawler.practice.world import World, world_at


class Mood(Enum):
    """How a portal as a whole behaves."""

    WELL = auto()
    HANGING = auto()  # takes connections, and answers nothing as long as it runs
    BLOCKED = auto()  # a challenge stands before everything
    GARBAGE = auto()  # octets that are no text, declared as HTML, whatever is asked for


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who a portal says it is."""

    key: str
    name: str
    division: str  # 行政区划代码
    site_id_code: str


LIVING = Masthead("living", "样板市人民政府（练习）", "450497", "4504970001")
_GARBAGE = Answer(bytes(range(256)) * 64)


class LivingPortal:
    """A portal on one of its nights. ``faults``: those of the wire, for all of them."""

    def __init__(self, chronicle: Chronicle, origin: str, masthead: Masthead = LIVING, mood: Mood = Mood.WELL) -> None:
        self.chronicle, self.masthead, self.mood = chronicle, masthead, mood
        self.key, self.url = masthead.key, f"{origin}/"
        self.requests: list[Request] = []
        self.faults = Faults()
        self._origin = origin
        menu = tuple((shelf.name, shelf.path) for shelf in chronicle.shelves[:2])
        self._frame = Frame(masthead.name, masthead.site_id_code, origin.partition("://")[2], menu)
        self._lock = threading.Lock()
        self.turn(0)

    def turn(self, night: int) -> None:
        """From now on it is this night; the log of requests begins anew."""
        world = world_at(self.chronicle, night)
        with self._lock:
            self._world, self._visits = world, Counter[str]()
            self.requests.clear()

    @property
    def world(self) -> World:
        """The portal as it now stands."""
        return self._world

    @property
    def truth(self) -> tuple[Expected, ...]:
        return truth(self.chronicle)

    def column_of(self, path: str) -> str:
        """The key of the column whose list page lives at a path; "" if it is none."""
        folder, _, name = path.rpartition("/")
        shelves = {shelf.path: shelf.key for shelf in self.chronicle.shelves}
        return shelves.get(f"{folder}/", "") if name == "" or name.startswith("index") else ""

    def portal_file(self) -> str:
        """The TOML of a portal file."""
        head = "\n".join(
            f"{name} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string is a TOML basic string
            for name, value in (
                ("name", self.masthead.name),
                ("home", self.url),
                ("division", self.masthead.division),
                ("site_id_code", self.masthead.site_id_code),
            )
        )
        columns = "\n".join(
            f'[[column]]\nfamily = "static"\nurl = "{self._origin}{shelf.path}"\n' for shelf in self.chronicle.shelves
        )
        return f"[portal]\n{head}\n\n{columns}\n[fetch]\ndelay = 0  # on loopback there is nobody to be polite to\n"

    def reply(self, request: Request) -> tuple[Answer, Trouble | None]:
        """What a request meets: an answer, and the trouble that the wire has to act out with it."""
        parts = urlsplit(request.target)
        with self._lock:
            world = self._world
            self._visits[parts.path] += 1
            nth = self._visits[parts.path]
        if self.mood is Mood.HANGING:
            return NOT_FOUND, Trouble.HANG
        if self.mood is Mood.GARBAGE:
            return _GARBAGE, None
        if self.mood is Mood.BLOCKED or world.blocked:
            return ANSWERS[Barrier.WANGSU_403], None
        if parts.path == "/robots.txt":
            return NOT_FOUND, None
        if parts.path == PORTAL_FILE_PATH:
            return Answer(self.portal_file(), mime="application/toml"), None
        visit = Visit(
            request.method,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in request.headers},
            request.body,
        )
        return answer(world, self._frame, visit, nth), None


@contextmanager
def living(chronicle: Chronicle | None = None, *, port: int = 0) -> Iterator[LivingPortal]:
    """Serve one living portal, on its first night: by default the one of sixty nights."""
    story = chronicle or sixty_nights()
    with serve([lambda origin: LivingPortal(story, origin)], port=port) as (portal,):
        yield portal


@contextmanager
def many(
    count: int, *, columns: int = 2, documents: int = 3, moods: Mapping[int, Mood] | None = None
) -> Iterator[Sequence[LivingPortal]]:
    """So many quiet portals, each of a prefecture of its own, all in one thread. ``moods``: those of single ones, by
    their places from 0."""
    story = quiet(columns, documents)

    def build(place: int) -> Callable[[str], LivingPortal]:
        masthead = _masthead(place)
        return lambda origin: LivingPortal(story, origin, masthead, (moods or {}).get(place, Mood.WELL))

    with serve([build(place) for place in range(count)]) as portals:
        yield portals


_PROVINCES = (13, 14, 15, 21, 22, 23, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 51, 52, 53, 54, 61, 62)


def _masthead(place: int) -> Masthead:
    number, province = place // len(_PROVINCES), _PROVINCES[place % len(_PROVINCES)]
    division = f"{province}{99 - number:02d}00"  # prefectures that are not assigned
    return Masthead(f"still{place + 1:02d}", f"示例{place + 1}市人民政府（练习）", division, f"{division}0001")
