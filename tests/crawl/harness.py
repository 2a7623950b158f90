"""Whole crawls as a user starts them: a subprocess, an archive in a folder, practice portals on loopback."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from crawler.practice import RunningPortal

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

TIMES = [
    *(
        "first_seen",
        "last_seen",
        "last_checked",
        "last_complete_walk",
        "last_whole_walk",
        "seen_at",
        "at",
        "fetched_at",
        "run_id",
    ),
    *("next_check", "next_try", "gone_since", "gone_run", "gone_proven", "missing_since", "missing_run"),
]
"""Columns in which two crawls of the same thing differ."""


class Bench:
    """A data folder, a folder of portal files, and the command."""

    def __init__(self, folder: Path, portals: Iterable[RunningPortal] = ()) -> None:
        self.data = folder / "data"
        self.files = folder / "portals"
        self.files.mkdir(parents=True, exist_ok=True)
        for portal in portals:
            self.portal(portal.key, portal.portal_file())

    def portal(self, key: str, text: str) -> None:
        (self.files / f"{key}.toml").write_text(text, encoding="utf-8")

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "crawler.cli", "--data", str(self.data), "--portals", str(self.files), *words]

    def gongkai(self, *words: str, status: int | None = 0, env: Mapping[str, str] | None = None) -> str:
        """Run a command to its end; gives standard output and error. No traceback may be in them."""
        done = subprocess.run(
            self.words(*words), cwd=ROOT, capture_output=True, text=True, timeout=300, env={**os.environ, **(env or {})}
        )
        shown = done.stdout + done.stderr
        assert "Traceback" not in shown, shown
        if status is not None:
            assert done.returncode == status, f"exit {done.returncode}, wanted {status}:\n{shown}"
        return shown

    def begin(self, *words: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.words(*words),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(env or {})},
        )

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.data / 'archive.db'}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> object:
        return self.query(sql, *values)[0][0]

    def tables(self, leave_out: Mapping[str, Iterable[str]] | None = None) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables, sorted; ``leave_out``: columns by table, under "" those of every table, and a table
        as a whole under its name with "*"."""
        leave_out = {key: set(value) for key, value in (leave_out or {}).items()}
        found = {}
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite%'"
        )
        for (table,) in self.query(names):
            out = leave_out.get(str(table), set()) | leave_out.get("", set())
            if "*" in out or str(table).startswith("_"):
                continue
            columns = [row[1] for row in self.query(f"PRAGMA table_info({table})") if row[1] not in out]
            chosen = ", ".join(f'"{column}"' for column in columns)
            found[str(table)] = sorted(self.query(f"SELECT {chosen} FROM {table}"), key=repr)
        return found
