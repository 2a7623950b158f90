"""The night: every portal that is due, many at once, in one process with one desk (:mod:`archive.intake.desk`).

:func:`night` lives in whatever event loop it finds itself in, so that a test can live through sixty of them. It takes
the day from :mod:`archive.clock`, its patience from the loop's own clock. :func:`nightly` is the command: an event loop
and signals around one night.
"""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from archive import clock
from archive.errors import GongkaiError, LockedError, RestingError, StorageError, UsageError
from archive.feed import write_feeds
from archive.intake.desk import desk_at
from archive.ledger import nights
from archive.ledger.nights import History, News
from archive.ledger.schema import open_ledger
from archive.place import Place, explain, write_json, write_text
from archive.summary import Ended, Night, NotRun, Ran, Why, to_json, to_text
from archive.vocabulary import Verdict
from crawler import crawling
from crawler.duration import spell
from crawler.notify import Addresses, notify
from crawler.portal import Portal, load_each
from crawler.run import Stop
from crawler.schedule import Turn, due_turns, next_turn
from crawler.turn import Bell, Patience, Taken, take

JOBS = 40
"""Portals at once: they mostly wait, three seconds for each request, and one processor serves forty of them."""

TO_CLOSE = 120.0
"""Seconds of the budget that are kept for closing, or a quarter of it if that is less."""

Tell = Callable[[str], None]


async def night(
    place: Place,
    portals: Path | None,
    keys: Sequence[str] = (),
    *,
    jobs: int = JOBS,
    budget: timedelta | None = None,
    runner: AsyncCrawlerRunner | None = None,
    bell: Bell | None = None,
    tell: Tell = lambda _line: None,
) -> Night:
    """One night: what is due of all portals, or of those named by ``keys``. Writes ``summary.json`` and ``summary.txt``
    under ``data/nights``, sends what there is to send.

    ``portals``: the user's folder of portal files. ``runner``: what runs spiders, with the settings of this program
    (:func:`crawler.crawling.scrapy_settings`); by default one of its own. ``bell``: rung by whoever wants the night to
    end. ``tell``: is given a line for each portal as it ends.

    Raises ``UsageError`` (no such folder or portal), ``LockedError`` (a night is at work already), ``StorageError``."""
    runner = runner or AsyncCrawlerRunner(crawling.scrapy_settings(place, portals))
    begun = clock.now()
    place.prepare()
    with place.night_lock(clock.stamp(begun)[:19] + "Z"), desk_at(place):
        shift = _Shift(place, runner, bell or Bell(), tell, begun, jobs, budget)
        found, broken = _chosen(portals, keys)
        over = await shift.work(found, broken)
        return await asyncio.to_thread(_conclude, place, over, runner.settings)


def _chosen(folder: Path | None, keys: Sequence[str]) -> tuple[dict[str, Portal], dict[str, str]]:
    """Portals, and the faults of those whose file is no good, by key. Raises ``UsageError``."""
    found, broken = load_each(folder)
    if unknown := sorted(set(keys) - found.keys() - broken.keys()):
        raise UsageError(f"no portal {', '.join(unknown)}; `gongkai portals` lists those that there are")
    wanted = set(keys) or found.keys() | broken.keys()
    return (
        {key: portal for key, portal in found.items() if key in wanted},
        {key: fault for key, fault in broken.items() if key in wanted},
    )


class _Shift:
    """Hands out turns until nobody is left, or the bell rings."""

    def __init__(
        self,
        place: Place,
        runner: AsyncCrawlerRunner,
        bell: Bell,
        tell: Tell,
        begun: datetime,
        jobs: int,
        budget: timedelta | None,
    ) -> None:
        self._place, self._runner, self._bell, self._tell = place, runner, bell, tell
        self._begun, self._jobs, self._budget = begun, jobs, budget
        self._patience = _patience(runner.settings)
        self._histories: dict[str, History] = {}
        self._ran: list[Ran] = []
        self._not_run: list[NotRun] = []
        self._out_of_time = Stop(
            Verdict.INTERRUPTED,
            f"the night's budget of {spell(budget or timedelta())} was used up; the next night carries on here",
        )

    async def work(self, portals: Mapping[str, Portal], broken: Mapping[str, str]) -> Night:
        self._not_run += [NotRun(key, "", Why.PORTAL_FILE, fault) for key, fault in broken.items()]
        waiting = await asyncio.to_thread(self._due, portals.values())
        not_due = len(portals) - len(waiting)
        alarm = None
        if self._budget is not None:
            seconds = self._budget.total_seconds()
            alarm = asyncio.get_running_loop().call_later(
                seconds - min(TO_CLOSE, seconds / 4), self._bell.ring, self._out_of_time
            )
        try:
            await self._hand_out(waiting)
        finally:
            if alarm is not None:
                alarm.cancel()
        return Night(
            stamp=clock.file_stamp(self._begun),
            started_at=clock.stamp(self._begun),
            finished_at=clock.stamp(clock.now()),
            ended=self._ended(),
            jobs=self._jobs,
            budget_seconds=self._budget.total_seconds() if self._budget is not None else None,
            ran=tuple(self._ran),
            not_run=tuple(self._not_run),
            not_due=not_due,
        )

    def _due(self, portals: Iterable[Portal]) -> list[Turn]:
        if not self._place.database.is_file():
            return due_turns(portals, {}, lambda _portal, _url: "", self._begun)
        with open_ledger(self._place.database) as ledger:  # for writing: brought up to date, should it be an older one
            self._histories = nights.histories(ledger)

            def entered(portal: str, url: str) -> str:
                plain = url.replace("https:", "http:", 1)  # what is asked where https does not answer
                return max(nights.last_entered(ledger, portal, each) for each in {url, plain})

            return due_turns(portals, self._histories, entered, self._begun)

    async def _hand_out(self, waiting: list[Turn]) -> None:
        running: dict[asyncio.Task[None], Turn] = {}
        rung = asyncio.ensure_future(self._bell.heard())
        try:
            while waiting or running:
                if self._bell.stop is not None:
                    self._leave(waiting)
                while len(running) < self._jobs and (turn := next_turn(waiting, running.values())) is not None:
                    waiting.remove(turn)
                    running[asyncio.ensure_future(self._give(turn))] = turn
                if running:
                    waited: set[asyncio.Future[None]] = {*running, *({rung} if waiting else ())}
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in running if task.done()]:
                    del running[task]
                    task.result()
        finally:
            rung.cancel()
            if running:  # something broke: nobody is left alone with a desk that is cleared away
                self._bell.ring(Stop(Verdict.INTERRUPTED, "the night broke off, by a fault of this program"))
                await asyncio.wait(running)

    def _leave(self, waiting: list[Turn]) -> None:
        """What has not begun when the bell rings does not begin."""
        by_budget = self._bell.stop == self._out_of_time
        why = Why.BUDGET if by_budget else Why.STOPPED
        reason = "the night was over before its turn; it comes first in the next one"
        self._not_run += [NotRun(turn.portal.key, turn.portal.name, why, reason) for turn in waiting]
        waiting.clear()

    async def _give(self, turn: Turn) -> None:
        portal = turn.portal
        words = {"portal": portal.key, "night": "1", "entries": ",".join(map(str, turn.entries))}
        taken = await take(self._runner, words, self._bell, self._patience, portal.schedule.budget)
        if taken.refused is not None:
            why = _why(taken.refused)
            reason = " ".join(str(taken.refused).split()).removeprefix(portal.key).lstrip(": ")
            self._not_run.append(NotRun(portal.key, portal.name, why, reason))
            self._tell(f"{portal.key}: not run: {reason}")
            return
        ran = await asyncio.to_thread(self._told_of, portal, taken)
        self._ran.append(ran)
        self._tell(f"{portal.key}: {ran.verdict}: {ran.reason}")

    def _told_of(self, portal: Portal, taken: Taken) -> Ran:
        history = self._histories.get(portal.key)
        assert taken.verdict is not None
        news = News()
        if taken.run:
            with suppress(StorageError), open_ledger(self._place.database, readonly=True) as ledger:
                news = nights.news(ledger, taken.run)  # a database out of order is in the verdict already
        return Ran(
            portal.key,
            portal.name,
            taken.verdict,
            history.verdict if history else None,
            taken.reason,
            taken.run,
            news,
            taken.requests,
            taken.seconds,
            taken.cut,
            portal.expect.is_paused(self._begun),
        )

    def _ended(self) -> Ended:
        if self._bell.stop is None:
            return Ended.DONE
        return Ended.BUDGET if self._bell.stop == self._out_of_time else Ended.STOPPED


def _patience(settings: Settings) -> Patience:
    """Raises ``UsageError`` for a setting that is no number of seconds."""
    try:
        stall, closing = settings.getfloat("GONGKAI_STALL"), settings.getfloat("GONGKAI_CLOSING")
    except ValueError:
        stall = closing = 0.0
    if not (stall > 0 and closing > 0):
        raise UsageError(f"GONGKAI_STALL is {settings.get('GONGKAI_STALL')!r}; give it seconds, such as 900")
    return Patience(stall, closing)


def _why(refused: GongkaiError) -> Why:
    if isinstance(refused, RestingError):
        return Why.RESTS
    return Why.LOCKED if isinstance(refused, LockedError) else Why.REFUSED


def _conclude(place: Place, over: Night, settings: Settings) -> Night:
    """Bring the feeds level, write the summary, send the messages; what could not be done is a note, for the night
    itself is over."""
    addresses = Addresses(
        *(settings.get(f"GONGKAI_{name}") or "" for name in ("MAIL_TO", "SMTP", "WEBHOOK", "CONTACT"))
    )
    notes = _feeds(place)
    notes += _kept(place, replace(over, notes=tuple(notes)))
    if told := notify(over, addresses, place.nights / "told.json"):
        notes += told
        _kept(place, replace(over, notes=tuple(notes)))
    return replace(over, notes=tuple(notes))


def _feeds(place: Place) -> list[str]:
    """Bring the Atom feeds level; gives what is in the way."""
    if not place.database.is_file():
        return []
    try:
        with open_ledger(place.database, readonly=True) as ledger:
            write_feeds(place, ledger)
    except StorageError as error:
        return [f"feeds: {error}"]
    return []


def _kept(place: Place, over: Night) -> list[str]:
    """Write the summary; gives what is in the way."""
    folder = place.nights / over.stamp
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "summary.json", to_json(over))
        write_text(folder / "summary.txt", to_text(over))
    except OSError as error:
        return [f"{folder}: cannot be made: {explain(error)}"]
    except StorageError as error:
        return [str(error)]
    return []


# --- the command ------------------------------------------------------------------------------------------------------


def nightly(
    place: Place,
    portals: Path | None,
    keys: Sequence[str] = (),
    *,
    jobs: int = JOBS,
    budget: timedelta | None = None,
    verbose: bool = False,
    tell: Tell = lambda _line: None,
) -> Night:
    """One :func:`night`, in an event loop of its own. SIGTERM or SIGINT ends it in order, a second one the process.
    Blocks; call it once in a process. Raises as :func:`night` does."""
    process = crawling.scrapy_process(place, portals, verbose=verbose, threads=jobs)
    bell = Bell()
    loop = asyncio.get_event_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, loop, bell, number)
    work = night(place, portals, keys, jobs=jobs, budget=budget, runner=process, bell=bell, tell=tell)
    return crawling.live(process, work)


def _end(loop: asyncio.AbstractEventLoop, bell: Bell, number: signal.Signals) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(each)
        signal.signal(each, signal.SIG_DFL)  # a second one ends the process; the next start mends it
    bell.ring(Stop(Verdict.INTERRUPTED, f"the night was stopped ({number.name}); the next night carries on here"))
