"""The command ``gongkai``. Each command is a few lines: the work is done elsewhere, here it is asked for and told of.

Exit status: 0 every run is ok; 1 some run is not, or the archive is not in order; 2 wrong usage or a bad portal file;
3 another run holds the lock. An error is one line.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import update_wrapper
from pathlib import Path
from typing import Any, Literal

import click

from archive import about, clock, feed, gaps
from archive import changes as changing
from archive import export as exporting
from archive import show as showing
from archive.errors import GongkaiError, UsageError
from archive.ledger import questions
from archive.ledger.asof import standing
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.rebuild import rebuild as rebuild_database
from archive.repair import repair as repair_files
from archive.rest import resting
from archive.verify import verify as verify_archive
from archive.vocabulary import ChangeKind, Coverage, Verdict
from crawler import duration, exits
from crawler.portal import check, load


class _Group(click.Group):
    """Errors of ours are one line, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except GongkaiError as error:
            for line in str(error).splitlines():
                click.echo(f"gongkai: {line}", err=True)
            context.exit(exits.status_of(error))
        except BrokenPipeError:  # `gongkai runs | head`
            sys.stderr.close()
            context.exit(exits.OK)


_KIND = click.Choice([kind.value for kind in ChangeKind])


class _Where:
    """What stands before the command: where the archive and further portal files are."""

    def __init__(self, data: Path, portals: Path | None) -> None:
        self.place = Place(data)
        self.portals = portals


def _with_where(command: Callable[..., Any]) -> Callable[..., Any]:
    @click.pass_obj
    def wrapped(where: _Where, *args: Any, **kwargs: Any) -> Any:
        return command(where, *args, **kwargs)

    return update_wrapper(wrapped, command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", prog_name="gongkai")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    envvar="GONGKAI_DATA",
    show_default=True,
    help="The folder of the archive.",
)
@click.option(
    "--portals",
    type=click.Path(path_type=Path),
    envvar="GONGKAI_PORTALS",
    help="A folder of your own portal files; they win over the built-in ones.",
)
@click.pass_context
def main(context: click.Context, data: Path, portals: Path | None) -> None:
    """Gongkai (公开): an archive of what Chinese local governments publish."""
    context.obj = _Where(data, portals)


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("gongkai-demo"), show_default=True)
def demo(folder: Path) -> None:
    """Crawl the built-in practice portals into ./gongkai-demo, and show what came of it."""
    from crawler.demo import run_demo  # it brings Scrapy in, which the commands that only look do not need

    run_demo(folder)


@main.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("--full", is_flag=True, help="Fetch every document again, not only what is not held yet.")
@click.option("--column", metavar="C", default="", help="Only these columns (keys or names, with commas).")
@click.option("--limit", metavar="N", default="", help="At most so many documents a portal.")
@click.option("--since", metavar="DATE", default="", help="Only rows dated from this day on, e.g. 2026-11-01.")
@click.option("--anyway", is_flag=True, help="Also a portal that rests, because it turned us away.")
@click.option("--verbose", "-v", is_flag=True, help="Show the crawl's own log.")
@_with_where
def crawl(where: _Where, keys: tuple[str, ...], full: bool, anyway: bool, verbose: bool, **words: str) -> None:
    """Crawl portals now, one after the other, and print each verdict."""
    from crawler.crawling import crawl as crawl_portals

    flags = {"full": "1" if full else "", "anyway": "1" if anyway else ""}
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


@main.command()
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@click.option("--jobs", type=click.IntRange(1, 200), default=40, show_default=True, help="Portals at once.")
@click.option("--budget", type=_Span(), metavar="SPAN", help="How long it may take, e.g. 5h.")
@click.option("--verbose", "-v", is_flag=True, help="Show the crawl's own log.")
@_with_where
def nightly(where: _Where, keys: tuple[str, ...], jobs: int, budget: timedelta | None, verbose: bool) -> None:
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


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--save", "saving", is_flag=True, help="Write its portal file, into --portals or ./portals.")
@click.option("--key", default="", help="The portal's key; without it, one is made of the host's name.")
@click.option("--division", metavar="CODE", default="", help="Its 行政区划代码, where its pages do not say it.")
@click.option("--force", is_flag=True, help="Write over a portal file that is there.")
@click.option("--anyway", is_flag=True, help="Also a portal that rests, because it turned us away.")
@click.option("--verbose", "-v", is_flag=True, help="Show the probe's own log.")
@_with_where
def probe(
    where: _Where, urls: tuple[str, ...], saving: bool, key: str, division: str, force: bool, **flags: bool
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


@main.command("portals")
@click.option("--check", "checking", is_flag=True, help="Validate every portal file.")
@_with_where
def list_portals(where: _Where, checking: bool) -> None:
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


@main.command()
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
@_with_where
def runs(where: _Where, limit: int) -> None:
    """List runs with their verdicts and why."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        click.echo(showing.runs_table(ledger, limit))


@main.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--suggest", is_flag=True, help="Print what to write under [expect], from what was seen so far.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a report with plots to FILE."
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@_with_where
def health(where: _Where, keys: tuple[str, ...], suggest: bool, html: Path | None, as_json: bool) -> None:
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


@main.command()
@click.argument("doc")
@click.option("--text", "part", flag_value="text", help="The text.")
@click.option("--html", "part", flag_value="html", help="The page as it was sent, decoded.")
@click.option("--meta", "part", flag_value="meta", default=True, help="Metadata, and where each value was read.")
@click.option("--versions", "part", flag_value="versions", help="Every version held.")
@click.option("--diff", "part", flag_value="diff", help="What changed in the last version.")
@click.option("--warc", "part", flag_value="warc", help="The WARC record itself, headers and bytes.")
@_with_where
def show(where: _Where, doc: str, part: str) -> None:
    """Show one document. DOC is an id, a URL, a 文号 or an 索引号."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        shown = showing.show(ledger, where.place, doc, part, colour=sys.stdout.isatty())
    sys.stdout.buffer.write(shown if isinstance(shown, bytes) else shown.encode("utf-8", "replace"))


@main.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--since", metavar="DATE", default="", help="From this day on, China's calendar, e.g. 2026-11-01.")
@click.option("--kind", "kinds", multiple=True, type=_KIND, help="Only what is of this kind; may be repeated.")
@click.option("--diff", is_flag=True, help="Also what changed in the texts.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many, newest first.")
@_with_where
def changes(where: _Where, keys: tuple[str, ...], since: str, kinds: tuple[str, ...], diff: bool, limit: int) -> None:
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


@main.command("feed")
@click.argument("words", nargs=-1, required=True, metavar="[KEY] FILE")
@_with_where
def write_feed(where: _Where, words: tuple[str, ...]) -> None:
    """Write an Atom feed of the latest changes, of all portals or of KEY, to FILE."""
    *keys, file = words
    if len(keys) > 1:
        raise UsageError(f"{' '.join(keys)}: one portal a feed, or none for all; and last, the file")
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        changing.known_portals(ledger, keys)
        written = feed.write_feed(ledger, Path(file), feed.portal_of(ledger, keys[0]) if keys else None)
    click.echo(f"{file}: {'written' if written else 'nothing new, left as it is'}")


@main.command("gaps")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--issuer", "issuers", multiple=True, help="Only codes that begin so, or issuers with that in their name."
)
@click.option("--year", "years", multiple=True, type=int, help="Only series of this year; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Also series of which little was seen.")
@click.option("--latest", is_flag=True, help="The archive as it is now, not as each portal's last good run left it.")
@_with_where
def list_gaps(
    where: _Where,
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


@main.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--labels", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Column headers.")
@click.option("--latest", is_flag=True, help="The archive as it is now, not as each portal's last good run left it.")
@_with_where
def export(where: _Where, dataset: str, file: Path, labels: Literal["en", "zh"], latest: bool) -> None:
    """Write DATASET (documents, versions, changes, attachments, entries, runs, gaps …) to FILE; its suffix says how.

    The rows are as each portal's last good run (ok or partial) left them; FILE.about.json says which runs these are."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        exported = exporting.export(ledger, dataset, file, labels=labels, latest=latest)
    *left_out, as_of = about.notes(exported.standing)
    for line in left_out:
        click.echo(showing.harmless(line))
    click.echo(f"{exported.rows} rows in {file}, {as_of}")


@main.command()
@_with_where
def verify(where: _Where) -> None:
    """Prove the archive: every record of every WARC file, and every capture of the database."""
    report = verify_archive(where.place)
    for loss in report.losses:
        click.echo(f"known loss: {loss}")
    for problem in report.problems:
        click.echo(f"PROBLEM {problem}")
    click.echo(report.summary())
    sys.exit(exits.NOT_OK if report.problems else exits.OK)


@main.command()
@_with_where
def repair(where: _Where) -> None:
    """Mend and seal the WARC files that a killed run left open, and bring the database level with the files."""
    for line in repair_files(where.place):
        click.echo(line)


@main.command()
@_with_where
def rebuild(where: _Where) -> None:
    """Make the database again from the WARC files alone."""
    count = rebuild_database(where.place, click.echo)
    click.echo(f"{where.place.database}: built again from {count} facts")


@main.command()
@click.argument("keys", nargs=-1, metavar="[PORTAL]...")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--all", "every", is_flag=True, help="Every version, also those that the present reader has read.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--examples", "limit", type=click.IntRange(0), default=3, show_default=True, help="How many of each kind."
)
@_with_where
def reread(where: _Where, keys: tuple[str, ...], **wish: Any) -> None:
    """Run a newer reader over what is held, without a request: shows what would change, asks, writes."""
    from crawler.rereading import Wish
    from crawler.rereading import reread as reread_archive

    sys.exit(reread_archive(where.place, keys, Wish(**wish)))


if __name__ == "__main__":
    main()
