"""A PDF written by hand: one page of Chinese text, readable by any extractor, a few hundred bytes long."""

from collections.abc import Iterable
from hashlib import sha256

from crawler.practice.model import AttachmentTruth, PracticeDocument

_WIDTH = 38  # characters to a line at 12 points
_LINES = 50  # what fits on the page; the rest is left out


def make_pdf(lines: Iterable[str]) -> bytes:
    """The lines as a PDF 1.4 of one A4 page. The same bytes for the same lines.

    The font is not embedded: STSong-Light with the predefined CMap UniGB-UCS2-H (PDF 1.4, section 5.6.4), so text is
    UTF-16 in hex. A character outside the Basic Multilingual Plane raises ``ValueError``."""
    wrapped = [line[start : start + _WIDTH] for line in lines for start in range(0, max(len(line), 1), _WIDTH)]
    shown = "\n".join(f"<{_ucs2(line)}> Tj T*" for line in wrapped[:_LINES])
    text = f"BT /F1 12 Tf 60 790 Td 15 TL\n{shown}\nET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 7 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    out = bytearray(b"%PDF-1.4\n%\xe5\x85\xac\xe5\xbc\x80\n")  # four high bytes and more: a mark of binary content
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += "".join(f"{offset:010d} 00000 n \n" for offset in offsets).encode("ascii")
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode("ascii")
    return bytes(out)


def attached(document: PracticeDocument, filename: str) -> bytes:
    """The file that a document carries under a name."""
    return make_pdf((filename, *document.paragraphs))


def attachment_truth(document: PracticeDocument, filename: str, url: str) -> AttachmentTruth:
    return AttachmentTruth(url, filename, sha256(attached(document, filename)).hexdigest())


def _ucs2(line: str) -> str:
    if any(ord(character) > 0xFFFF for character in line):
        raise ValueError(f"not in the Basic Multilingual Plane: {line!r}")
    return line.encode("utf-16-be").hex()
