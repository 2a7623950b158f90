"""Content encodings taken off as Scrapy does it, with a short way for what nearly all portals send."""

import zlib

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

_GZIP = 16 + zlib.MAX_WBITS


class CompressionMiddleware(HttpCompressionMiddleware):
    """Unpacks one whole gzip member in one go. What is broken, cut short, in several members, or larger than is
    fetched, is left to Scrapy, which goes through it piece by piece."""

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in (b"gzip", b"x-gzip") and (found := unpacked(body, max_size)) is not None:
            return found
        return HttpCompressionMiddleware._decode(body, encoding, max_size)


def unpacked(body: bytes, most: int) -> bytes | None:
    """What one gzip member holds, if that is all of ``body`` and at most so many bytes (0: any number)."""
    member = zlib.decompressobj(_GZIP)
    try:
        found = member.decompress(body, most + 1 if most else 0)
    except zlib.error:
        return None
    whole = member.eof and not member.unused_data
    return found if whole and not 0 < most < len(found) else None
