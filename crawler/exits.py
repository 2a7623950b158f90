"""Exit statuses of the command line: a contract that scripts rely on."""

from archive.errors import GongkaiError, LockedError, PortalFileError, UsageError

OK = 0  # every run is ok
NOT_OK = 1  # some run is not, or the archive is not in order
WRONG_USAGE = 2  # wrong usage, or a bad portal file
LOCKED = 3  # another run holds the lock


def status_of(error: GongkaiError) -> int:
    """The exit status for an error."""
    if isinstance(error, LockedError):
        return LOCKED
    return WRONG_USAGE if isinstance(error, (UsageError, PortalFileError)) else NOT_OK
