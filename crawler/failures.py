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

from crawler.middlewares.gate import OutOfScope
from crawler.middlewares.robots import RobotsDenied


class Reason(StrEnum):
    """Why there was no usable answer. HTTP statuses stand as themselves ("404"), refusals under their own names."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    CONNECTION_LOST = "connection_lost"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    LAYOUT = "layout"
    STUB_PAGE = "stub_page"
    UNKNOWN = "unknown"


UNREACHABLE = frozenset({Reason.DNS, Reason.REFUSED, Reason.TIMEOUT, Reason.TLS, Reason.CONNECTION_LOST})
"""The host cannot be talked to: nothing is known of the portal in this run."""

REMEDIES: dict[str, str] = {
    Reason.DNS: "the host name does not resolve; check it, or the network of this machine",
    Reason.REFUSED: "the host refuses the connection; try later, or check the port in the portal file",
    Reason.TIMEOUT: "no answer in time; try later, or raise timeout under [fetch]",
    Reason.TLS: "the encrypted connection failed; try the http:// address; verification is never switched off",
    Reason.CONNECTION_LOST: "the host closed the connection; try later, more slowly",
    Reason.LAYOUT: "the page is not what its family promises; look at it, and at the family in the portal file",
    Reason.TRUNCATED: "the answer broke off; what came is kept, it will be asked for again",
    Reason.TOO_LARGE: "larger than is fetched; what came is kept",
}


def named(error: BaseException) -> tuple[str, str]:
    """A reason and a line of detail for an exception of a request."""
    detail = (str(error) or type(error).__name__).partition("\n")[0]
    if isinstance(error, RobotsDenied):
        return error.reason.value, error.detail
    if isinstance(error, OutOfScope):
        return error.judgement.value, ""
    if isinstance(error, IgnoreRequest):
        return (Reason.REDIRECT_LOOP if "redirections" in detail else Reason.UNKNOWN), detail
    return _reason(error), detail


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
    if "SSL" in text or "certificate" in text.lower() or "VerificationError" in text:
        return Reason.TLS
    if isinstance(error, (DownloadFailedError, network.ConnectionLost, network.ConnectionDone, network.ConnectError)):
        return Reason.CONNECTION_LOST
    return Reason.UNKNOWN
