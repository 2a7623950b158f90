"""Other lives of the same portal, drawn by chance: for looking further than the one story that is tested.

``python -m tests.nights.stories SEED FOLDER`` lives through one, in about a minute, and prints a line for each report
that is wrong; exit status 1 if there is any. The same seed gives the same story."""

import asyncio
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scrapy.utils.reactor import install_reactor

from crawler.practice.calendar import Calendar
from crawler.practice.chronicle import Act, Chronicle, Deed
from crawler.practice.living import living
from crawler.practice.sixty_nights import NIGHTS, sixty_nights
from crawler.practice.verity import truth
from tests.nights.compare import differences
from tests.nights.conftest import PORTAL
from tests.nights.harness import live

_OF_A_COLUMN = frozenset({Deed.REORDER, Deed.PAGES_404, Deed.LIST_EMPTY, Deed.RENAME})
_OF_THE_PORTAL = frozenset({Deed.PAGES_500, Deed.BLOCKED, Deed.REDESIGN})
_REPEATABLE = frozenset({Deed.BUMP, Deed.ROW_OFF})
"""Deeds that leave a document free for another: who withdraws what was edited last night asks for two truths."""

_GONE = frozenset({Deed.WITHDRAW, Deed.WITHDRAW_SOFTLY, Deed.DELIST})
_BACK_AFTER = 24  # nights: by then the archive has found out
_APART = 3  # nights between two on which nothing works


def story(seed: int) -> Chronicle:
    """A chronicle of as many nights, every act of which has one truth that can be known before the last night."""
    chance = random.Random(seed)
    jumps = {chance.randrange(10, NIGHTS - 5): chance.choice((-3, -1, 2, 7))} if chance.random() < 0.7 else {}
    told = replace(sixty_nights(), calendar=Calendar(NIGHTS, jumps), acts=(), also={"zfwj-03": "czxx"})
    cast = told.cast()
    taken = set(told.also)
    for night in range(1, NIGHTS - 2):
        for act in _acts(chance, told, night, sorted(cast.keys() - taken)):
            longer = replace(told, acts=(*told.acts, act))
            try:
                truth(longer)
            except ValueError:  # nobody could be sure to find it in time
                continue
            told = longer
            if act.deed not in _REPEATABLE:
                taken |= {act.subject, act.detail}
    return told


def _acts(chance: random.Random, told: Chronicle, night: int, free: list[str]) -> Iterator[Act]:
    """What might happen on a night; each of another document."""
    chance.shuffle(free)
    for number in range(chance.choice((0, 1, 1, 2, 3))):
        deed, column = chance.choice(tuple(Deed)), chance.choice(told.shelves).key
        key = free.pop()
        if deed in (Deed.ADD, Deed.COPY):
            yield Act(night, deed, f"{column}-{night}.{number}", column if deed is Deed.ADD else key)
        elif deed in _OF_A_COLUMN:
            yield Act(night, deed, column, f"改名{night}" if deed is Deed.RENAME else "")
        elif deed is Deed.LIST_BROKEN:
            yield Act(night, deed, "zfwj", chance.choice("234"))
        elif deed is Deed.UNLIST_ONCE:
            if not told.nights_of(deed):
                yield Act(night, deed, "zfwj-03", "czxx")
        elif deed in _OF_THE_PORTAL:
            dark = [act.night for act in told.acts if act.deed in _OF_THE_PORTAL]
            if night not in told.calendar.jumps and night - max(dark, default=-_APART) >= _APART:
                yield Act(night, deed)
        elif deed is Deed.RETURN:
            back = {act.subject for act in told.acts if act.deed is Deed.RETURN}
            away = [act for act in told.acts if act.deed in _GONE and act.subject not in back]
            yield from (Act(night, deed, act.subject) for act in away[:1] if night - act.night >= _BACK_AFTER)
        elif deed is not Deed.REPLACE_FILE or told.cast()[key].attachments:
            words = {Deed.EDIT_VALIDITY: "已修改", Deed.RENUMBER: f"样政发〔2026〕{300 + night}号"}
            yield Act(night, deed, key, words.get(deed, ""))


async def _live(seed: int, folder: Path) -> None:
    told = story(seed)
    with living(told) as portal:
        *nights, full = await live(folder, portal, NIGHTS)
    found = differences(truth(told), nights, PORTAL)
    found += [f"missed until the full run: {row}" for row in full.reported]
    print(f"story {seed}: {len(told.acts)} acts, clock wrong on {told.calendar.jumps}: {len(found)} wrong reports")
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


def main(seed: str, folder: str) -> None:
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet.defer import Deferred
    from twisted.internet.task import react

    react(lambda _reactor: Deferred.fromFuture(asyncio.ensure_future(_live(int(seed), Path(folder)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
