"""Commands that ask portals, and the list of them."""

import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from archive import clock
from archive import show as showing
from archive.intake.desk import desk_at
from archive.ledger import questions
from archive.ledger.schema import open_ledger
from archive.rest import resting
from archive.vocabulary import Verdict
from crawler import duration, exits
from crawler.cli.frame import Where, with_where
from crawler.portal import check, load


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("gongkai-demo"), show_default=True)
def demo(folder: Path) -> None:
    """Crawl the built-in practice portals into ./gongkai-demo, and show what came of it."""
    from crawler.demo import run_demo  # it brings Scrapy in, which the commands that only look do not need

    run_demo(folder)


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("--full", is_flag=True, help="Fetch every document again, not only what is not held yet.")
@click.option("--column", metavar="C", default="", help="Only these columns (keys or names, with commas).")
@click.option("--limit", metavar="N", default="", help="At most so many documents a portal.")
@click.option("--since", metavar="DATE", default="", help="Only rows dated from this day on, e.g. 2026-11-01.")
@click.option("--anyway", is_flag=True, help="Also a portal that rests, because it turned us away.")
@click.option("--verbose", "-v", is_flag=True, help="Show the crawl's own log.")
@with_where
def crawl(where: Where, keys: tuple[str, ...], full: bool, anyway: bool, verbose: bool, **words: str) -> None:
    """Crawl portals now, one after the other, and print each verdict."""
    flags = {"full": "1" if full else "", "anyway": "1" if anyway else ""}
    with desk_at(where.place) as desk:
        desk.wake()  # its processes and this one import what they need side by side
        from crawler.crawling import crawl as crawl_portals

        outcomes = crawl_portals(where.place, where.portals, keys, flags | words, verbose=verbose)
    for outcome in outcomes:
        click.echo(showing.harmless(outcome.line()), err=outcome.error is not None)
    sys.exit(max(outcome.status for outcome in outcomes))


class _Span(click.ParamType[timedelta]):
    """A span of time: 5h, 90m."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> timedelta:
        try:
            span = duration.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, context)
        if span == duration.NEVER:
            self.fail("never is no budget; write it as 5h or 90m", param, context)
        return span


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@click.option("--jobs", type=click.IntRange(1, 200), default=40, show_default=True, help="Portals at once.")
@click.option("--budget", type=_Span(), metavar="SPAN", help="How long it may take, e.g. 5h.")
@click.option("--verbose", "-v", is_flag=True, help="Show the crawl's own log.")
@with_where
def nightly(where: Where, keys: tuple[str, ...], jobs: int, budget: timedelta | None, verbose: bool) -> None:
    """Run every portal that is due, or of these the due ones; for cron and systemd. Tells what became of it."""
    from archive.summary import to_text
    from crawler.nightly import nightly as live

    over = live(
        where.place,
        where.portals,
        keys,
        jobs=jobs,
        budget=budget,
        verbose=verbose,
        tell=lambda line: click.echo(showing.harmless(line)),
    )
    click.echo(f"\n{to_text(over)}\nThis is kept in {where.place.nights / over.stamp}")
    sys.exit(exits.OK if over.ok else exits.NOT_OK)


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--save", "saving", is_flag=True, help="Write its portal file, into --portals or ./portals.")
@click.option("--key", default="", help="The portal's key; without it, one is made of the host's name.")
@click.option("--division", metavar="CODE", default="", help="Its 行政区划代码, where its pages do not say it.")
@click.option("--force", is_flag=True, help="Write over a portal file that is there.")
@click.option("--anyway", is_flag=True, help="Also a portal that rests, because it turned us away.")
@click.option("--verbose", "-v", is_flag=True, help="Show the probe's own log.")
@with_where
def probe(
    where: Where, urls: tuple[str, ...], saving: bool, key: str, division: str, force: bool, **flags: bool
) -> None:
    """Find out of what family a page is, by a few polite requests. Several URLs: entries of one portal."""
    from crawler import probe as probing

    key = key or probing.key_of(urls[0])
    path = probing.place_of_file(where.portals, key, force=force) if saving else None
    probed = probing.probe(where.place, urls, key, **flags)
    for line in probed.lines():
        click.echo(line)
    if path is not None and not probed.is_named:
        click.echo(f"{path}: not written, as no family is named")
    elif path is not None:
        probing.save(probed, path, clock.stamp(clock.now())[:10], division)
        click.echo(f"{path}: written; try it: gongkai --portals {path.parent} crawl {key} --limit 5")
    sys.exit(exits.OK if probed.verdict is Verdict.OK else exits.NOT_OK)


@click.command("portals")
@click.option("--check", "checking", is_flag=True, help="Validate every portal file.")
@with_where
def list_portals(where: Where, checking: bool) -> None:
    """List the portals with their families and last verdicts."""
    if checking:
        found, warnings = check(where.portals)
        for warning in warnings:
            click.echo(f"warning: {warning}")
        waiting = sum(bool(portal.to_confirm) for portal in load(where.portals).values())
        click.echo(f"{found} portal files are in order; {waiting} portals have facts that no run has confirmed yet")
        return
    verdicts: Mapping[str, str] = {}
    ended: list[questions.EndedRun] = []
    if where.place.database.is_file():
        with open_ledger(where.place.database, readonly=True) as ledger:
            verdicts, ended = questions.last_verdicts(ledger), questions.ended_runs(ledger)
    now = clock.now()
    rows = [
        (
            key,
            portal.name,
            ", ".join(dict.fromkeys(spec.family for spec in portal.columns)),
            portal.division or "-",
            "unconfirmed" if portal.to_confirm else "",
            verdicts.get(key, "-")
            + (f", rests until {rest.time}" if (rest := resting(key, portal.division, ended, now)) else ""),
            portal.home,
        )
        for key, portal in sorted(load(where.portals).items())
    ]
    header = ("key", "name", "family", "division", "", "last verdict", "home")
    click.echo(showing.harmless(showing.table(header, rows)), nl=False)


COMMANDS = (demo, crawl, nightly, probe, list_portals)
