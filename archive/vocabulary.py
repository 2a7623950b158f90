"""Every closed set of words that the archive writes, each in one place."""

from enum import StrEnum


class Verdict(StrEnum):
    """How a run ended. Only ``OK`` counts as success."""

    OK = "ok"
    PARTIAL = "partial"
    EMPTY = "empty"
    BLOCKED = "blocked"
    DISALLOWED = "disallowed"
    UNREACHABLE = "unreachable"
    LAYOUT_CHANGED = "layout_changed"
    WRONG_SITE = "wrong_site"
    INTERRUPTED = "interrupted"


class Mode(StrEnum):
    """What a run set out to do."""

    NORMAL = "normal"  # walk the catalogue, fetch what the archive does not hold yet
    FULL = "full"  # walk the catalogue, fetch every document again
    PART = "part"  # narrowed by the user: some columns, a limit, a first date
    PROBE = "probe"  # look at a few pages of an address, to find out what it is; nothing of a catalogue is walked


class EntryState(StrEnum):
    """Where a row of a catalogue stands."""

    LISTED = "listed"
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    EXTERNAL = "external"
    GONE = "gone"


class TextStatus(StrEnum):
    """What is known of the text of a document or an attachment."""

    OK = "ok"
    ATTACHMENT_ONLY = "attachment_only"
    IMAGE_ONLY = "image_only"
    VIDEO_ONLY = "video_only"  # nothing but a player: a film, a recording, an animation
    EMBEDDED_ONLY = "embedded_only"  # nothing but a frame with a page of its own, which is not read
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NO_CONVERTER = "no_converter"
    TOO_LARGE = "too_large"


class PartKind(StrEnum):
    """What a stretch of a page is to the page, where it holds more than one document."""

    OWN = "own"  # the document of the page
    REPRINTED = "reprinted"  # another document: with a number, an issuer or a date of its own
    ANNEX = "annex"  # 附件 of the document before it
    TEMPLATE = "template"  # to be filled in: ____年, ×× 个
    FOREIGN = "foreign"  # no document: posts of a forum, what a search engine shows, the frame of another site
    FURNITURE = "furniture"  # labels and buttons of the page, met in plain text


class ChangeKind(StrEnum):
    """What happened to a document."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"  # its row is gone and its page says so itself, both proven twice, a day apart
    DELISTED = "delisted"  # its row is gone, proven twice, a day apart; its page is still served
    RETURNED = "returned"  # withdrawn or delisted before, and back
    MOVED = "moved"  # the same document at another address


class Coverage(StrEnum):
    """How far the numbers that a 文号 series lacks can be called missing: the first that fits."""

    SPARSE = "sparse"  # so few of them were seen that the series is not published here: none is called missing
    PARTIAL = "partial"  # a column of it was not read to its end, or rows of its time are not held
    BEGINS = "begins"  # what the portal publishes begins within the series: nothing is said of numbers below the lowest
    COMPLETE = "complete"  # its columns were read to their end, from before its first number


class Role(StrEnum):
    """Why a page was asked for."""

    ROBOTS = "robots"
    ENTRY = "entry"  # the page a human opens: it shows the column tree, or is itself the first list page
    LIST = "list"
    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    OTHER = "other"


class Truncation(StrEnum):
    """Values of ``WARC-Truncated`` (WARC 1.1, section 5.13)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


class TlsException(StrEnum):
    """In what an encrypted connection departed from the strict way (portal-families.md 9.2)."""

    UNVERIFIED = "unverified"  # ``verify = false`` in the portal file: the certificate was not looked at
    LEGACY_RENEGOTIATION = "legacy_renegotiation"  # ``tls_legacy = true``: a server without RFC 5746 was let pass
    P256_ONLY = "p256_only"  # offered the curve P-256 alone, after the peer had sent a bad point on another


class WalkEnd(StrEnum):
    """Why the walk through a column's list pages stopped. Only ``LAST_PAGE`` and ``NOTHING_NEW`` are complete."""

    LAST_PAGE = "last_page"  # the family says that there is no further page
    NOTHING_NEW = "nothing_new"  # a page that should hold further rows held none that were not known
    RESUMED = "resumed"  # read to its end in parts: this run went on where an earlier one was stopped
    CAUGHT_UP = "caught_up"  # all that lies behind is as an earlier complete walk left it
    PAGE_MISSING = "page_missing"  # 404 or 410 while the portal declares more
    PAGE_FAILED = "page_failed"  # the page could not be fetched or is not a list
    STUB_PAGE = "stub_page"  # a page too small to be a list, while the portal declares more
    CUT_SHORT = "cut_short"  # the user's limit or first date was reached
    STOPPED = "stopped"  # the run ended (a barrier, a signal) before the column did

    @property
    def complete(self) -> bool:
        """Whether what was not met is not there."""
        return self in (WalkEnd.LAST_PAGE, WalkEnd.NOTHING_NEW)

    @property
    def whole(self) -> bool:
        """Whether the list was read as far as it goes, be that less than it declares."""
        return self.complete or self in (WalkEnd.RESUMED, WalkEnd.PAGE_MISSING, WalkEnd.STUB_PAGE)

    @property
    def harmless(self) -> bool:
        """Whether nothing was missed, as far as can be known."""
        return self.complete or self in (WalkEnd.RESUMED, WalkEnd.CAUGHT_UP)


class Source(StrEnum):
    """Where on a page an observation was met."""

    META = "meta"  # <meta name=… content=…>
    TABLE = "table"  # td/td, th/td, or both in one cell
    LIST = "list"  # li, dt/dd, div/div, span, label
    LINE = "line"  # a line of running text: 发布时间：2026/04/09
    BANNER = "banner"  # 【label】value
    BODY = "body"  # inside the body text: letterhead, signature, （此件公开发布）
    HEADING = "heading"  # h1, h2, a title container, <title>
    ROW = "row"  # the catalogue row that led here
    API = "api"  # a field of a JSON answer of the portal
