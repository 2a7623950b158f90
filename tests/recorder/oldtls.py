"""A server with the TLS of ten years ago, made by hand: no library of today will still speak so.

TLS 1.2 (RFC 5246), ECDHE-ECDSA-AES128-GCM-SHA256 (RFC 5289) and nothing else: enough to lack secure renegotiation
(RFC 5746), and to send a point that lies nowhere."""

import contextlib
import hashlib
import hmac
import os
import socket
import ssl
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SUITE = b"\xc0\x2b"
P256, P384 = 23, 24
HANDSHAKE, CHANGE_CIPHER, DATA = 22, 20, 23
PATIENCE = 20.0


class OldServer:
    """Answers every request of every connection with ``response``. ``curves``: those that its clients had offered."""

    def __init__(
        self, certificate: Path, key: Path, response: bytes, *, insecure: bool = False, spoilt: bool = False
    ) -> None:
        """``insecure``: it does not confirm secure renegotiation; ``spoilt``: where P-384 is offered it takes that, and
        sends a bad point. ``certificate`` and ``key``: PEM files; the key is on P-256."""
        self.curves: list[tuple[int, ...]] = []
        self._chain = [ssl.PEM_cert_to_DER_cert(certificate.read_text())]
        loaded = serialization.load_pem_private_key(key.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        self._key = loaded
        self._response = response
        self._insecure, self._spoilt = insecure, spoilt
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # shut down
                return
            connection.settimeout(PATIENCE)
            with connection, contextlib.suppress(OSError, EOFError):  # the client may leave at any time
                self._serve(_Wire(connection))

    def _serve(self, wire: "_Wire") -> None:
        hello = wire.handshake(1)
        client_random, offered = hello[6:38], _curves(hello)
        self.curves.append(offered)
        curve = P384 if self._spoilt and P384 in offered else P256
        random = os.urandom(32)
        extensions = b"" if self._insecure else _vector(b"\xff\x01" + _vector(b"\0", 2), 2)
        wire.say(2, b"\x03\x03" + random + b"\0" + SUITE + b"\0" + extensions)
        wire.say(11, _vector(b"".join(_vector(der, 3) for der in self._chain), 3))
        secret = ec.generate_private_key(ec.SECP256R1())
        point = secret.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        share = b"\x03" + struct.pack(">H", curve) + _vector(point if curve == P256 else b"\x04" + bytes(96), 1)
        signed = self._key.sign(client_random + random + share, ec.ECDSA(SHA256()))
        wire.say(12, share + b"\x04\x03" + _vector(signed, 2))
        wire.say(14, b"")
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), wire.handshake(16)[5:])
        master = _prf(secret.exchange(ec.ECDH(), theirs), b"master secret", client_random + random, 48)
        keys = _prf(master, b"key expansion", random + client_random, 40)
        wire.read(CHANGE_CIPHER)
        wire.receiving = _Cipher(keys[:16], keys[32:36])
        wire.handshake(20)
        wire.send(CHANGE_CIPHER, b"\x01")
        wire.sending = _Cipher(keys[16:32], keys[36:40])
        wire.say(20, _prf(master, b"server finished", hashlib.sha256(wire.heard).digest(), 12))
        request = b""
        while True:
            request += wire.read(DATA)
            if request.endswith(b"\r\n\r\n"):
                wire.send(DATA, self._response)
                request = b""


class _Wire:
    """TLS records over a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self.heard = b""  # all handshake messages so far
        self.receiving: _Cipher | None = None
        self.sending: _Cipher | None = None

    def say(self, kind: int, body: bytes) -> None:
        message = bytes((kind,)) + _vector(body, 3)
        self.heard += message
        self.send(HANDSHAKE, message)

    def handshake(self, kind: int) -> bytes:
        message = self.read(HANDSHAKE)
        assert message[0] == kind, f"handshake message {message[0]}, wanted {kind}"
        self.heard += message
        return message

    def send(self, kind: int, body: bytes) -> None:
        sealed = self.sending.seal(kind, body) if self.sending else body
        self._socket.sendall(bytes((kind, 3, 3)) + _vector(sealed, 2))

    def read(self, wanted: int) -> bytes:
        kind, _, length = struct.unpack(">BHH", self._exactly(5))
        body = self._exactly(length)
        if kind != wanted:
            raise EOFError  # an alert: the client does not like what it was told
        return self.receiving.open(kind, body) if self.receiving else body

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = self._socket.recv(length - len(data))
            if not more:
                raise EOFError
            data += more
        return data


class _Cipher:
    """AES-GCM in one direction (RFC 5288)."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._aead, self._salt, self._number = AESGCM(key), salt, 0

    def seal(self, kind: int, body: bytes) -> bytes:
        nonce = struct.pack(">Q", self._number)
        return nonce + self._aead.encrypt(self._salt + nonce, body, self._about(kind, len(body)))

    def open(self, kind: int, body: bytes) -> bytes:
        return self._aead.decrypt(self._salt + body[:8], body[8:], self._about(kind, len(body) - 24))

    def _about(self, kind: int, length: int) -> bytes:
        self._number += 1
        return struct.pack(">QBHH", self._number - 1, kind, 0x0303, length)


def _vector(body: bytes, width: int) -> bytes:
    """A body with its length before it, in so many bytes."""
    return len(body).to_bytes(width, "big") + body


def _curves(hello: bytes) -> tuple[int, ...]:
    """What the client offers in ``supported_groups`` (RFC 8422, section 5.1.1)."""
    at = 38
    for width in (1, 2, 1):  # session id, cipher suites, compression methods
        at += width + int.from_bytes(hello[at : at + width], "big")
    at += 2
    while at < len(hello):
        kind, length = struct.unpack(">HH", hello[at : at + 4])
        if kind == 10:
            return struct.unpack(f">{length // 2 - 1}H", hello[at + 6 : at + 4 + length])
        at += 4 + length
    return ()


def _prf(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """RFC 5246, section 5."""
    seed, made = label + seed, b""
    chained = seed
    while len(made) < length:
        chained = hmac.digest(secret, chained, "sha256")
        made += hmac.digest(secret, chained + seed, "sha256")
    return made[:length]
