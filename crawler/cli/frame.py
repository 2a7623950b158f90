"""What all commands share: where the archive is, and how errors are told."""

import sys
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from archive.errors import GongkaiError
from archive.place import Place
from crawler import exits


class Group(click.Group):
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


class Where:
    """What stands before the command: where the archive and further portal files are."""

    def __init__(self, data: Path, portals: Path | None) -> None:
        self.place = Place(data)
        self.portals = portals


def with_where(command: Callable[..., Any]) -> Callable[..., Any]:
    @click.pass_obj
    def wrapped(where: Where, *args: Any, **kwargs: Any) -> Any:
        return command(where, *args, **kwargs)

    return update_wrapper(wrapped, command)
