"""Commands that prove the archive, mend it, and read it anew."""

import sys
from typing import Any

import click

from archive.rebuild import rebuild as rebuild_database
from archive.repair import repair as repair_files
from archive.verify import verify as verify_archive
from crawler import exits
from crawler.cli.frame import Where, with_where


@click.command()
@with_where
def verify(where: Where) -> None:
    """Prove the archive: every record of every WARC file, and every capture of the database."""
    report = verify_archive(where.place)
    for loss in report.losses:
        click.echo(f"known loss: {loss}")
    for problem in report.problems:
        click.echo(f"PROBLEM {problem}")
    click.echo(report.summary())
    sys.exit(exits.NOT_OK if report.problems else exits.OK)


@click.command()
@with_where
def repair(where: Where) -> None:
    """Mend and seal the WARC files that a killed run left open, and bring the database level with the files."""
    for line in repair_files(where.place):
        click.echo(line)


@click.command()
@with_where
def rebuild(where: Where) -> None:
    """Make the database again from the WARC files alone."""
    count = rebuild_database(where.place, click.echo)
    click.echo(f"{where.place.database}: built again from {count} facts")


@click.command()
@click.argument("keys", nargs=-1, metavar="[PORTAL]...")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--all", "every", is_flag=True, help="Every version, also those that the present reader has read.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--examples", "limit", type=click.IntRange(0), default=3, show_default=True, help="How many of each kind."
)
@with_where
def reread(where: Where, keys: tuple[str, ...], **wish: Any) -> None:
    """Run a newer reader over what is held, without a request: shows what would change, asks, writes."""
    from crawler.rereading import Wish
    from crawler.rereading import reread as reread_archive

    sys.exit(reread_archive(where.place, keys, Wish(**wish)))


COMMANDS = (verify, repair, rebuild, reread)
