"""``gongkai health``: what the ledger knows of portals beside what their files expect of them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from archive import clock
from archive.errors import PortalFileError, UsageError
from archive.health import advice, words
from archive.health.portrait import YEAR, Attention, Detail, Expected, Portrait, detail, portrait, pressing
from archive.health.suggest import suggestion
from archive.ledger import portraits, questions
from archive.ledger.questions import EndedRun
from archive.place import write_text
from archive.report.page import report
from archive.report.sheet import sheet
from crawler.portal import Expect, load


class Checkup:
    """The portals of an archive, looked at now."""

    def __init__(self, ledger: sqlite3.Connection, folder: Path | None, keys: Sequence[str]) -> None:
        """``folder``: of the user's portal files; ``keys``: the portals asked for, none: all that have had a run.

        Raises ``UsageError`` for a portal that the archive does not know."""
        self._ledger, self._keys, self._now = ledger, keys, clock.now()
        crawled = portraits.crawled(ledger)
        known = {row.key: row for row in questions.portals(ledger) if row.key in crawled}
        for key in keys:
            if key not in known:
                close = get_close_matches(key, known, 3)
                hint = f"did you mean {' or '.join(close)}?" if close else f"gongkai crawl {key} makes a beginning"
                raise UsageError(f"{key}: no run of this portal is in the archive; {hint}")
        ended = _by_prefecture(questions.ended_runs(ledger))
        wanted = [known[key] for key in dict.fromkeys(keys)] or list(known.values())
        expected = _expectations([row.key for row in wanted], folder)
        self._portraits = sorted(
            (
                portrait(ledger, row, expected[row.key], ended.get(_prefecture(row.key, row.division), []), self._now)
                for row in wanted
            ),
            key=pressing,
        )

    def in_words(self) -> str:
        """Of portals that were named each in full, else a table."""
        if not self._portraits:
            return "no portal has had a run yet; gongkai portals lists those that there are\n"
        if not self._keys:
            return words.overview(self._portraits)
        return f"\n{'─' * words.WIDTH}\n".join(words.portal(self._detail(one)) for one in self._portraits)

    def suggestions(self) -> str:
        """Blocks of TOML for the portals' files."""
        since = clock.stamp(self._now - YEAR)
        today = self._today
        found = (
            suggestion(one, portraits.field_points(self._ledger, one.portal.key, since), today)
            for one in self._portraits
        )
        return "\n".join(found)

    def as_json(self) -> str:
        """An object with ``made_at`` and ``portals``; of portals that were named with ``detail``."""
        made = {"made_at": clock.stamp(self._now), "portals": [self._plain(one) for one in self._portraits]}
        return json.dumps(made, ensure_ascii=False, indent=2, default=str) + "\n"

    def write_html(self, file: Path) -> str:
        """Write the report, whole or not at all. Gives a few words on it. Raises ``StorageError``."""
        text = report([sheet(self._ledger, one, self._now) for one in self._portraits], self._now)
        write_text(file, text)
        return f"{len(self._portraits)} portals, {len(text.encode()) / 1e6:.1f} MB; open it in a browser"

    @property
    def _today(self) -> date:
        return self._now.astimezone(clock.CHINA).date()

    def _detail(self, one: Portrait) -> Detail:
        return detail(self._ledger, one, self._now)

    def _plain(self, one: Portrait) -> dict[str, object]:
        plain: dict[str, object] = {
            "key": one.portal.key,
            "name": one.portal.name,
            "verdict": one.streak.verdict if one.streak else None,
            "attention": one.attention.name.lower(),
            "needs_person": one.attention is Attention.PERSON,
            "next_step": advice.short(one),
        }
        plain |= {name: value for name, value in asdict(one).items() if name not in ("portal", "attention")}
        if self._keys:
            full = asdict(self._detail(one))
            del full["portrait"]
            full["verdicts"] = {str(day): verdict for day, verdict in full["verdicts"].items()}
            plain["detail"] = full
        return plain


def _by_prefecture(ended: Iterable[EndedRun]) -> dict[str, list[EndedRun]]:
    """Runs that may tell of each other's rest; a portal without division by itself."""
    found: dict[str, list[EndedRun]] = {}
    for run in ended:
        found.setdefault(_prefecture(run.portal, run.division), []).append(run)
    return found


def _prefecture(portal: str, division: str) -> str:
    return division[:4] if len(division) >= 4 else portal


def _expectations(keys: Sequence[str], folder: Path | None) -> dict[str, Expected]:
    """What the portals' files expect; nothing of one that has no file any more, or a broken one, which other commands
    tell of. Raises ``UsageError`` if there is no such folder."""
    try:
        portals = load(folder)
    except PortalFileError:
        portals = {}
        for key in keys:
            with suppress(PortalFileError, UsageError):
                portals |= load(folder, only=key)
    expects = {key: portals[key].expect if key in portals else Expect() for key in keys}
    return {key: Expected(it.entries_min, it.fill_min, it.pause_until, it.pause_reason) for key, it in expects.items()}
