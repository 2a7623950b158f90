"""``gongkai demo``: the practice portals on loopback, crawled, exported, and where to look next."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.export import export
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.show import runs_table
from archive.verify import verify
from crawler import practice
from crawler.checkup import Checkup
from crawler.crawling import crawl

PORT = 18801
"""First of the practice portals' ports: the same each time, so that a second demo is a second night."""


def run_demo(folder: Path) -> None:
    """Crawl the practice portals into ``folder`` and print what to look at. Exits 0 if the archive proves whole."""
    place = Place(folder)
    click.echo("Practice portals on this machine, with the traps of real ones; nothing else is asked.")
    with _served() as portals, TemporaryDirectory() as files:
        for portal in portals.values():
            (Path(files) / f"{portal.key}.toml").write_text(portal.portal_file(), encoding="utf-8")
            click.echo(f"  {portal.key:<18} {portal.url}")
        crawl(place, Path(files), sorted(portals), {})
    with open_ledger(place.database, readonly=True) as ledger:
        click.echo("\n" + runs_table(ledger, len(portals)))
        documents = folder / "documents.csv"
        rows = export(ledger, "documents", documents, labels="zh").rows
        state = folder / "health.html"
        Checkup(ledger, None, ()).write_html(state)
        example = ledger.execute("SELECT id FROM documents WHERE doc_number != '' ORDER BY id LIMIT 1").fetchone()
    report = verify(place)
    # Not on the PATH after `make demo`.
    command = "gongkai" if shutil.which("gongkai") else os.path.relpath(sys.argv[0])
    click.echo(
        f"\n{report.summary()}\n{rows} documents in {documents}\n\n"
        "`partial` is the honest verdict here: the practice portals declare entries that they do not publish.\n"
        "Look at what came of it:\n"
        f"  {documents} in a spreadsheet (UTF-8 with BOM, Chinese headers)\n"
        f"  {state} in a browser: how the portals are doing\n"
        f"  {command} --data {folder} runs\n"
        f"  {command} --data {folder} changes --limit 5\n"
        f"  {command} --data {folder} show {example[0] if example else 'DOC'}\n"
        f"  sqlite3 {place.database} 'SELECT 标题, 文号, 发布机构, 成文日期, 公开方式 FROM 文件 LIMIT 10'\n"
        f"  {command} demo, again: a second night, on which next to nothing is fetched\n"
        f"  {command} --data {folder} verify"
    )
    sys.exit(1 if report.problems else 0)


@contextmanager
def _served() -> Iterator[dict[str, practice.RunningPortal]]:
    """The practice portals, at their usual ports if those are free."""
    with ExitStack() as held:
        try:
            portals = held.enter_context(practice.start(port=PORT))
        except OSError:
            portals = held.enter_context(practice.start())
        yield portals
