"""How encrypted connections are made: verified and strict, but for what the portal file asks for, and one old fault.

Each departure is told, and stands beside every capture that came over it (:class:`archive.vocabulary.TlsException`).
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.settings import BaseSettings
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, platformTrust
from twisted.python.failure import Failure
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from archive.vocabulary import TlsException
from crawler.recorder.wire import require

require(CertificateOptions, "_makeContext", "_makeTLSConnection")
require(ClientTLSOptions, "clientConnectionForTLS")

_LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT; pyOpenSSL has no name for it

Peer = tuple[str, int]
"""Host name, lower case, and port."""


@implementer(IPolicyForHTTPS)
class Connector(BrowserLikePolicyForHTTPS):
    """Makes the TLS side of connections. ``DOWNLOAD_VERIFY_CERTIFICATES`` and ``GONGKAI_TLS_LEGACY`` come from the
    portal file; a peer that is :meth:`narrowed <narrow>` is offered the curve P-256 alone."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._verify = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._legacy = settings.getbool("GONGKAI_TLS_LEGACY")
        self._narrowed: set[Peer] = set()

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        name = hostname.decode("ascii")
        options = _Options(
            trustRoot=platformTrust() if self._verify else None,  # type: ignore[no-untyped-call]
            fixBrokenPeers=True,
            legacy=self._legacy,
            narrow=self.is_narrow((name.lower(), port)),
        )
        return (_Verified if self._verify else _Unverified)(options._makeTLSConnection, name)

    def is_narrow(self, peer: Peer) -> bool:
        return peer in self._narrowed

    def narrow(self, peer: Peer) -> None:
        """Offer this peer P-256 alone from now on: the way of idx:EAST around ``BAD_ECPOINT``, certificate verification
        untouched (portal-families.md 9.2: Shenzhen and other hosts of Guangdong, ``rst.hunan.gov.cn``)."""
        self._narrowed.add(peer)

    def exceptions(self, peer: Peer) -> tuple[TlsException, ...]:
        """In what connections to a peer differ from the strict ones."""
        chosen = {
            TlsException.UNVERIFIED: not self._verify,
            TlsException.LEGACY_RENEGOTIATION: self._legacy,
            TlsException.P256_ONLY: self.is_narrow(peer),
        }
        return tuple(name for name, holds in chosen.items() if holds)


def is_bad_ecpoint(error: BaseException) -> bool:
    """Whether a download failed because the peer sent a point that lies on no curve known to us."""
    return "bad ecpoint" in f"{error} {error.__cause__!r}".lower()


class _Options(CertificateOptions):
    def __init__(self, *, legacy: bool, narrow: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._legacy, self._narrow = legacy, narrow

    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803
        context = super()._makeContext(skipCiphers)
        if self._legacy:
            context.set_options(_LEGACY_SERVER_CONNECT)
        if self._narrow:
            context.set_tmp_ecdh(SECP256R1())
        return context


class _Verified(ClientTLSOptions):
    """Wants a certificate that an authority vouches for and that names the host.

    Twisted's own check takes a certificate without any ``subjectAltName``, as old servers show them, for one that need
    not name the host, and logs a traceback."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        wanted = (DNS_ID if self._hostnameIsDnsName else IPAddress_ID)(self._hostnameASCII)

        def check(_connection: SSL.Connection, certificate: X509, _error: int, depth: int, ok: int) -> bool:
            if depth or not ok:
                return bool(ok)
            try:
                verify_service_identity(extract_patterns(certificate), [wanted], [])
            except (VerificationError, CertificateError):
                tlsProtocol.failVerification(Failure())  # type: ignore[no-untyped-call]
                return False
            return True

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, check)
        return connection


class _Unverified(ClientTLSOptions):
    """Takes whatever certificate the peer shows."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        # With a callback: OpenSSL takes none for "as before", and would call the one that pyOpenSSL has just let go.
        connection.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        return connection
