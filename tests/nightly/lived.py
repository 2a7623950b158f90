"""``python -m tests.nightly.lived FOLDER``: live through some nights in one event loop, and write down what they were.

A process of its own, because a reactor lives once; one for all, because starting Python is what takes the time.
"""

import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import clock, summary
from archive.errors import GongkaiError
from archive.place import Place
from archive.reading.page import Page
from archive.summary import Night
from crawler import crawling, practice
from crawler.families import static
from crawler.families.base import Column, ListPage
from crawler.nightly import night
from crawler.practice import Barrier, Faults, Robots, RunningPortal

BEGUN = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 02:00 in China
FAULTY = {
    "vsb": Faults(robots=Robots.HANG),
    "pclist": Faults(barrier=Barrier.REFERER_403),
}
CRASHING = "trs"


class Lives:
    """An archive, portal files, and the time of day."""

    def __init__(self, folder: Path, portals: Mapping[str, RunningPortal]) -> None:
        self.place, self.files = Place(folder / "data"), folder / "portals"
        self.files.mkdir(parents=True)
        self.now = BEGUN
        for number, portal in enumerate(portals.values(), 1):
            text = re.sub(r'division = "\d+"', f'division = "45{number:02}00"', portal.portal_file())
            (self.files / f"{portal.key}.toml").write_text(text, encoding="utf-8")
        self.process = crawling.scrapy_process(self.place, self.files, verbose=False)
        self.process.settings.setdict({"GONGKAI_STALL": 5.0, "GONGKAI_CLOSING": 1.0})

    def edit(self, key: str, before: str, after: str) -> None:
        path = self.files / f"{key}.toml"
        text = path.read_text(encoding="utf-8")
        assert before in text, (key, before)
        path.write_text(text.replace(before, after), encoding="utf-8")

    async def night(self, after: timedelta, *keys: str, **more: Any) -> Night:
        self.now += after
        with clock.running(lambda: self.now):
            return await night(self.place, self.files, keys, runner=self.process, **more)


async def live(lives: Lives) -> dict[str, object]:
    """The nights, by name."""
    found: dict[str, Night] = {}
    some = (CRASHING, "pclist", "ilist", "ucap", "broken")
    (lives.files / "broken.toml").write_text("[portal]\nname = 3\n", encoding="utf-8")
    lives.edit("ucap", "[fetch]", '[schedule]\nevery = "7d"\n\n[fetch]')
    lives.edit("ilist", "\n[fetch]", 'every = "30d"\n\n[fetch]')  # its last column
    found["first"] = await lives.night(timedelta(), *some, "vsb")
    found["an hour later"] = await lives.night(timedelta(hours=1), *some)
    found["second"] = await lives.night(timedelta(hours=23, seconds=-9), *some)
    lives.edit("gkmlpt", "delay = 0 ", "delay = 1 ")
    three = ("gkmlpt", "irs", "ilist")
    found["cut"] = await lives.night(timedelta(days=1), *three, jobs=1, budget=timedelta(seconds=6))
    lives.edit("gkmlpt", "delay = 1 ", "delay = 0 ")
    found["after the cut"] = await lives.night(timedelta(days=1), *three, jobs=1)
    errors = {}
    with lives.place.night_lock("2026-11-22T18:00:00Z"):
        errors["locked"] = await refused(lives, "ilist")
    errors["unknown"] = await refused(lives, "nowhere")
    with lives.place.lock("ilist"):
        found["by hand meanwhile"] = await lives.night(timedelta(days=7), "ilist", "ucap")
    lives.edit("gkmlpt", "delay = 0 ", "delay = 1 ")
    lives.edit("gkmlpt", "\n[fetch]", '\n[schedule]\nbudget = "4s"\n\n[fetch]')
    found["its own budget"] = await lives.night(timedelta(days=7), "gkmlpt", "irs")
    return {"nights": {name: summary.to_json(each) for name, each in found.items()}, "errors": errors}


async def refused(lives: Lives, key: str) -> str:
    try:
        await lives.night(timedelta(), key)
    except GongkaiError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main(folder: Path) -> None:
    keys = ("ilist", "ucap", "gkmlpt", "irs", CRASHING, *FAULTY)
    with practice.start(keys, faults=FAULTY) as portals:
        read = static.read_list

        def crash(page: Page, column: Column, number: int) -> ListPage:
            if page.url.startswith(portals[CRASHING].url):
                raise RuntimeError("a fault\nof two lines")
            return read(page, column, number)

        static.read_list = crash
        lives = Lives(folder, portals)
        results = crawling.live(lives.process, live(lives))
    (folder / "lived.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
