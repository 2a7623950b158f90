"""Commands that tell what the archive holds, and hand it out."""

import sys
from pathlib import Path
from typing import Literal

import click

from archive import about, feed, gaps
from archive import changes as changing
from archive import export as exporting
from archive import show as showing
from archive.errors import UsageError
from archive.ledger.asof import standing
from archive.ledger.schema import open_ledger
from archive.vocabulary import ChangeKind, Coverage
from crawler.cli.frame import Where, with_where

_KIND = click.Choice([kind.value for kind in ChangeKind])


@click.command()
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
@with_where
def runs(where: Where, limit: int) -> None:
    """List runs with their verdicts and why."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        click.echo(showing.runs_table(ledger, limit))


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--suggest", is_flag=True, help="Print what to write under [expect], from what was seen so far.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a report with plots to FILE."
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@with_where
def health(where: Where, keys: tuple[str, ...], suggest: bool, html: Path | None, as_json: bool) -> None:
    """Say how portals do, and what to do: a table of all, or each KEY in full."""
    from crawler.checkup import Checkup

    if suggest + as_json + (html is not None) > 1:
        raise UsageError("health: --suggest, --html and --json are three answers; ask for one at a time")
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        checkup = Checkup(ledger, where.portals, keys)
        if html is not None:
            click.echo(f"{html}: {checkup.write_html(html)}")
        else:
            shown = checkup.suggestions() if suggest else checkup.as_json() if as_json else checkup.in_words()
            click.echo(shown, nl=False)


@click.command()
@click.argument("doc")
@click.option("--text", "part", flag_value="text", help="The text.")
@click.option("--html", "part", flag_value="html", help="The page as it was sent, decoded.")
@click.option("--meta", "part", flag_value="meta", default=True, help="Metadata, and where each value was read.")
@click.option("--versions", "part", flag_value="versions", help="Every version held.")
@click.option("--diff", "part", flag_value="diff", help="What changed in the last version.")
@click.option("--warc", "part", flag_value="warc", help="The WARC record itself, headers and bytes.")
@with_where
def show(where: Where, doc: str, part: str) -> None:
    """Show one document. DOC is an id, a URL, a 文号 or an 索引号."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        shown = showing.show(ledger, where.place, doc, part, colour=sys.stdout.isatty())
    sys.stdout.buffer.write(shown if isinstance(shown, bytes) else shown.encode("utf-8", "replace"))


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--since", metavar="DATE", default="", help="From this day on, China's calendar, e.g. 2026-11-01.")
@click.option("--kind", "kinds", multiple=True, type=_KIND, help="Only what is of this kind; may be repeated.")
@click.option("--diff", is_flag=True, help="Also what changed in the texts.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many, newest first.")
@with_where
def changes(where: Where, keys: tuple[str, ...], since: str, kinds: tuple[str, ...], diff: bool, limit: int) -> None:
    """Show what happened to documents, of all portals or of those named, newest first; times are China's."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        for line in changing.changes(
            ledger,
            portals=keys,
            since=since,
            kinds=[ChangeKind(kind) for kind in kinds],
            limit=limit,
            diff=diff,
            colour=sys.stdout.isatty(),
        ):
            click.echo(line)


@click.command("feed")
@click.argument("words", nargs=-1, required=True, metavar="[KEY] FILE")
@with_where
def write_feed(where: Where, words: tuple[str, ...]) -> None:
    """Write an Atom feed of the latest changes, of all portals or of KEY, to FILE."""
    *keys, file = words
    if len(keys) > 1:
        raise UsageError(f"{' '.join(keys)}: one portal a feed, or none for all; and last, the file")
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        changing.known_portals(ledger, keys)
        written = feed.write_feed(ledger, Path(file), feed.portal_of(ledger, keys[0]) if keys else None)
    click.echo(f"{file}: {'written' if written else 'nothing new, left as it is'}")


@click.command("gaps")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--issuer", "issuers", multiple=True, help="Only codes that begin so, or issuers with that in their name."
)
@click.option("--year", "years", multiple=True, type=int, help="Only series of this year; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Also series of which little was seen.")
@click.option("--latest", is_flag=True, help="The archive as it is now, not as each portal's last good run left it.")
@with_where
def list_gaps(
    where: Where,
    keys: tuple[str, ...],
    issuers: tuple[str, ...],
    years: tuple[int, ...],
    everything: bool,
    latest: bool,
) -> None:
    """List 文号 series by issuer code and year: the numbers seen, and those missing between them."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        changing.known_portals(ledger, keys)
        with standing(ledger, latest=latest) as what:
            found = gaps.find_gaps(ledger, what, portals=keys, issuers=issuers, years=years)
    shown = [series for series in found if everything or series.coverage is not Coverage.SPARSE]
    if shown:
        header, *rows = gaps.gaps_rows(shown)
        click.echo(showing.harmless(showing.table(header, rows)), nl=False)
    for line in (*gaps.notes(found, shown), *about.notes(what, keys)):
        click.echo(showing.harmless(line))


@click.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--labels", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Column headers.")
@click.option("--latest", is_flag=True, help="The archive as it is now, not as each portal's last good run left it.")
@with_where
def export(where: Where, dataset: str, file: Path, labels: Literal["en", "zh"], latest: bool) -> None:
    """Write DATASET (documents, versions, changes, attachments, entries, runs, gaps …) to FILE; its suffix says how.

    The rows are as each portal's last good run (ok or partial) left them; FILE.about.json says which runs these are."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        exported = exporting.export(ledger, dataset, file, labels=labels, latest=latest)
    *left_out, as_of = about.notes(exported.standing)
    for line in left_out:
        click.echo(showing.harmless(line))
    click.echo(f"{exported.rows} rows in {file}, {as_of}")


COMMANDS = (runs, health, show, changes, write_feed, list_gaps, export)
