"""Names for what can go wrong with a request. Each is a reason that stands in the database."""

from enum import StrEnum

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet import error as network

from archive.reading.refusal import Refusal
from archive.vocabulary import Verdict
from crawler.middlewares.gate import OutOfScope
from crawler.middlewares.robots import RobotsDenied, RobotsReason


class Reason(StrEnum):
    """Why there was no usable answer. HTTP statuses stand as themselves ("404"), refusals under their own names."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    CERTIFICATE = "certificate"
    TLS_LEGACY = "tls_legacy"
    CONNECTION_LOST = "connection_lost"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_HOME = "redirect_home"
    LAYOUT = "layout"
    STUB_PAGE = "stub_page"
    BROWSER = "browser"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


class RenderingError(Exception):
    """A page came, and what a browser made of it is not the page. Raised from :mod:`crawler.browser`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


LASTING = frozenset({Reason.DNS, Reason.CERTIFICATE, Reason.TLS_LEGACY})
"""What will not be otherwise a moment later."""

UNREACHABLE = LASTING | {Reason.REFUSED, Reason.TIMEOUT, Reason.TLS, Reason.CONNECTION_LOST}
"""The host cannot be talked to: nothing is known of the portal in this run."""

NOT_THE_PAGE = frozenset(
    {
        *(Reason.LAYOUT, Reason.STUB_PAGE, Reason.REDIRECT_HOME, Refusal.BAD_REQUEST_400, "404", "410"),
        *(Refusal.SOFT_404, Refusal.CATCH_ALL, Refusal.SHELL, Refusal.REDIRECT_PAGE, Refusal.EMPTY_BODY),
    }
)
"""The portal answers, but not with what its file promises."""

REMEDIES: dict[str, str] = {
    Reason.DNS: "the host name does not resolve; check it, or the network of this machine",
    Reason.REFUSED: "the host refuses the connection; try later, or check the port in the portal file",
    Reason.TIMEOUT: "no answer in time; try later, or raise timeout under [fetch]",
    Reason.TLS: "the encrypted connection failed; try the http:// address",
    Reason.CERTIFICATE: "nobody vouches for the host's certificate, or it is another's; look at it; if you accept it, "
    "write verify = false under [fetch], and every capture will say so",
    Reason.TLS_LEGACY: "the host knows no secure renegotiation; tls_legacy = true under [fetch] lets it pass",
    Reason.CONNECTION_LOST: "the host closed the connection; try later, more slowly",
    Refusal.RESTRICTED: "the host answers to the addresses of its own network alone",
    Reason.LAYOUT: "the page is not what its family promises; look at it, and at the family in the portal file",
    Reason.TRUNCATED: "the answer broke off; what came is kept, it will be asked for again",
    Reason.TOO_LARGE: "larger than is fetched; what came is kept",
    Reason.BROWSER: "the browser could not render the page; look at it, and at `python -m crawler.browser`",
    Reason.INCOMPLETE: "what the page's scripts asked for did not come; it will be asked for again",
}


def named(error: BaseException) -> tuple[str, str]:
    """A reason and a line of detail for an exception of a request."""
    detail = (str(error) or type(error).__name__).partition("\n")[0]
    if isinstance(error, RobotsDenied):
        if error.__cause__ is not None and (found := named(error.__cause__))[0] in UNREACHABLE:
            return found  # not robots.txt in particular: the host cannot be talked to
        return error.reason.value, error.detail
    if isinstance(error, RenderingError):
        return error.reason.value, detail
    if isinstance(error, OutOfScope):
        return error.judgement.value, ""
    if isinstance(error, IgnoreRequest):
        return (Reason.REDIRECT_LOOP if "redirections" in detail else Reason.UNKNOWN), detail
    return _reason(error), detail


def verdict_of(reason: str) -> Verdict:
    """What a run is called when no entry page opened, by the reason of the first."""
    if reason in (RobotsReason.FORBIDDEN, RobotsReason.REFUSED):
        return Verdict.DISALLOWED
    if reason == Refusal.RESTRICTED:
        return Verdict.BLOCKED
    return Verdict.LAYOUT_CHANGED if reason in NOT_THE_PAGE else Verdict.UNREACHABLE


def _reason(error: BaseException) -> Reason:
    text = f"{type(error).__name__} {error} {error.__cause__!r}"
    if isinstance(error, (CannotResolveHostError, network.DNSLookupError)):
        return Reason.DNS
    if isinstance(error, (DownloadTimeoutError, network.TimeoutError, network.TCPTimedOutError, TimeoutError)):
        return Reason.TIMEOUT
    if isinstance(error, (DownloadConnectionRefusedError, network.ConnectionRefusedError)):
        return Reason.REFUSED
    if isinstance(error, ResponseDataLossError):
        return Reason.TRUNCATED
    if isinstance(error, DownloadCancelledError):
        return Reason.TOO_LARGE
    if "legacy renegotiation" in text:
        return Reason.TLS_LEGACY
    if "certificate verify failed" in text or "VerificationError" in text or "CertificateError" in text:
        return Reason.CERTIFICATE
    if "SSL" in text or "certificate" in text.lower() or "VerificationError" in text:
        return Reason.TLS
    if isinstance(error, (DownloadFailedError, network.ConnectionLost, network.ConnectionDone, network.ConnectError)):
        return Reason.CONNECTION_LOST
    return Reason.UNKNOWN
