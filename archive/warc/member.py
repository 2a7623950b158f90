"""A record as one gzip member, deflated or stored. Pure.

What is dense already, a page sent as gzip or a PDF, is stored, and so are the two small records beside it: deflating
them again would save some 3 % of the bytes, and was more than half the cost of recording.
"""

import struct
import zlib
from collections.abc import Callable

Pack = Callable[[bytes], bytes]

LEVEL = 6  # of gzip: 9 makes files half a percent smaller and takes twice the time
_SMALL = 4096  # bytes that one deflates without looking at a sample
_STORED = 0xFFFF  # bytes in a stored block of deflate
_SAMPLE = 512  # bytes out of the middle, by which is judged whether it can be made smaller
_DENSE = 190  # different values among them: about 221 in what is compressed, at most 150 in Chinese text in any charset
_GZIP = b"\x1f\x8b\x08"  # how a page begins that was sent as gzip
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"  # RFC 1952: deflate, no name, no time, made on Unix


def packing(answer: bytes, head: int = 0) -> Pack:
    """How the records of an exchange with this answer are packed; ``head``: the length of its HTTP head."""
    if len(answer) < _SMALL:
        return deflated
    if answer.startswith(_GZIP, head):
        return stored
    middle = len(answer) // 2
    return stored if len(set(answer[middle : middle + _SAMPLE])) >= _DENSE else deflated


def deflated(record: bytes) -> bytes:
    """A member that is as small as it gets."""
    if len(record) >= _SMALL:
        return zlib.compress(record, LEVEL, zlib.MAX_WBITS + 16)
    # zlib's usual quarter of a megabyte of memory takes longer to get than a small record to deflate
    stream = zlib.compressobj(LEVEL, wbits=16 + 12, memLevel=4)
    return stream.compress(record) + stream.flush()


def stored(record: bytes) -> bytes:
    """A member that holds the record as it is (RFC 1951, section 3.2.4)."""
    size = len(record)
    if size <= _STORED:  # most are one block
        begin, end = struct.pack("<BHH", 1, size, size ^ _STORED), struct.pack("<LL", zlib.crc32(record), size)
        return b"".join((_HEAD, begin, record, end))
    parts = [_HEAD]
    for at in range(0, len(record), _STORED):
        part = record[at : at + _STORED]
        parts += struct.pack("<BHH", at + _STORED >= len(record), len(part), len(part) ^ 0xFFFF), part
    parts.append(struct.pack("<LL", zlib.crc32(record), len(record) & 0xFFFFFFFF))
    return b"".join(parts)
