"""The one exception family. Each message is a single line: what was wrong, where, and what to do."""


class GongkaiError(Exception):
    """Base of every error that a user may see. Raised only through its subclasses."""


class UsageError(GongkaiError):
    """Wrong use of a command. Raised from the command line layer. Exit status 2."""


class PortalFileError(GongkaiError):
    """One or more faults of portal files, a line each. Raised from ``crawler.portal``. Exit status 2."""


class LockedError(GongkaiError):
    """Another run holds the lock of a portal. Raised from ``archive.place``. Exit status 3."""


class RestingError(GongkaiError):
    """A portal is left alone for a while, because it turned us away. Raised from ``crawler.run``."""


class StorageError(GongkaiError):
    """The data folder cannot be read or written (permission, no space, no such folder).

    Raised from ``archive.place``, ``archive.warc`` and ``archive.ledger``."""


class WarcError(GongkaiError):
    """A WARC file or record is damaged. Raised from ``archive.warc``."""


class ReadingError(GongkaiError):
    """A capture cannot be read for its meaning. Raised from ``archive.reading``."""


class TooDeepError(ReadingError):
    """A page whose elements are nested deeper than the parser goes: all behind would be lost. Raised from
    ``archive.reading.page``."""


class NotFoundError(GongkaiError):
    """Nothing in the archive answers to a name that the user gave. Raised from ``archive.show``."""


class LayoutError(GongkaiError):
    """A page does not have the shape that its family promises. Raised from ``crawler.families``."""
