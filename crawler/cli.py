"""The command ``gongkai``. Each command is a few lines: the work is done elsewhere, here it is asked for and told of.

Exit status: 0 every run is ok; 1 some run is not, or the archive is not in order; 2 wrong usage or a bad portal file;
3 another run holds the lock. An error is one line.
"""

import sys
from collections.abc import Callable, Mapping
from functools import update_wrapper
from pathlib import Path
from typing import Any, Literal

import click

from archive import export as exporting
from archive import show as showing
from archive.errors import GongkaiError
from archive.ledger import questions
from archive.ledger.schema import open_ledger
from archive.place import Place
from archive.rebuild import rebuild as rebuild_database
from archive.repair import repair as repair_files
from archive.verify import verify as verify_archive
from crawler import exits
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
@click.option("--verbose", "-v", is_flag=True, help="Show the crawl's own log.")
@_with_where
def crawl(where: _Where, keys: tuple[str, ...], full: bool, verbose: bool, **words: str) -> None:
    """Crawl portals now, one after the other, and print each verdict."""
    from crawler.crawling import crawl as crawl_portals

    outcomes = crawl_portals(where.place, where.portals, keys, {"full": "1" if full else "", **words}, verbose=verbose)
    for outcome in outcomes:
        click.echo(outcome.line(), err=outcome.error is not None)
    sys.exit(max(outcome.status for outcome in outcomes))


@main.command("portals")
@click.option("--check", "checking", is_flag=True, help="Validate every portal file.")
@_with_where
def list_portals(where: _Where, checking: bool) -> None:
    """List the portals with their families and last verdicts."""
    if checking:
        found, warnings = check(where.portals)
        for warning in warnings:
            click.echo(f"warning: {warning}")
        click.echo(f"{found} portal files are in order")
        return
    verdicts: Mapping[str, str] = {}
    if where.place.database.is_file():
        with open_ledger(where.place.database, readonly=True) as ledger:
            verdicts = questions.last_verdicts(ledger)
    for key, portal in sorted(load(where.portals).items()):
        families = ",".join(dict.fromkeys(spec.family for spec in portal.columns))
        click.echo(f"{key:<16} {families:<16} {verdicts.get(key, '-'):<14} {portal.name}  {portal.home}")


@main.command()
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
@_with_where
def runs(where: _Where, limit: int) -> None:
    """List runs with their verdicts and why."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        click.echo(showing.runs_table(ledger, limit))


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
        shown = showing.show(ledger, where.place, doc, part)
    sys.stdout.buffer.write(shown if isinstance(shown, bytes) else shown.encode("utf-8", "replace"))


@main.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--labels", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Column headers.")
@_with_where
def export(where: _Where, dataset: str, file: Path, labels: Literal["en", "zh"]) -> None:
    """Write DATASET (documents, versions, changes, attachments, entries, runs …) to FILE; its suffix says how."""
    where.place.require()
    with open_ledger(where.place.database, readonly=True) as ledger:
        rows = exporting.export(ledger, dataset, file, labels=labels)
    click.echo(f"{rows} rows in {file}")


@main.command()
@_with_where
def verify(where: _Where) -> None:
    """Prove the archive: every record of every WARC file, and every capture of the database."""
    report = verify_archive(where.place)
    for problem in report.problems:
        click.echo(f"PROBLEM {problem}")
    click.echo(report.summary())
    sys.exit(exits.NOT_OK if report.problems else exits.OK)


@main.command()
@_with_where
def repair(where: _Where) -> None:
    """Cut torn tails off WARC files that a killed run left open, seal them, and bring the database level."""
    for line in repair_files(where.place):
        click.echo(line)


@main.command()
@_with_where
def rebuild(where: _Where) -> None:
    """Make the database again from the WARC files alone."""
    count = rebuild_database(where.place, click.echo)
    click.echo(f"{where.place.database}: built again from {count} facts")


if __name__ == "__main__":
    main()
