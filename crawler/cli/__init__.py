"""The command ``gongkai``. Each command is a few lines: the work is done elsewhere, here it is asked for and told of.

Exit status: 0 every run is ok; 1 some run is not, or the archive is not in order; 2 wrong usage or a bad portal file;
3 another run holds the lock. An error is one line.
"""

from pathlib import Path

import click

from crawler.cli import asking, keeping, telling
from crawler.cli.frame import Group, Where


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
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
    context.obj = Where(data, portals)


for room in (asking, telling, keeping):
    for command in room.COMMANDS:
        main.add_command(command)
