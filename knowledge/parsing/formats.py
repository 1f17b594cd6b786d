"""Bytes of any format into lines and grids. What they mean is not known here.

Office documents and PDF are read by `office` and `pdf`, which load their libraries when first needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from knowledge.parsing.blocks import Block, Unreadable
from knowledge.parsing.grids import with_grids
from knowledge.parsing.pages import read_page

LARGEST = 20 * 1024 * 1024
"""Bytes; a notice of a hundred pages with pictures stays below."""
UNPACKED = 120 * 1024 * 1024
"""Bytes of a zip's parts together."""
LONGEST = 1_000_000
"""Characters of text."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
SUFFIXES = {
    "doc": "doc",
    "wps": "doc",
    "ofd": "doc",
    "rtf": "doc",
    "wpt": "doc",
    "dot": "doc",
    "pages": "doc",
} | dict.fromkeys(["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"], "scan")
TAGS = re.compile(r"<(?:!doctype|html|head|body|div|p|br|table|tr|td|span|h[1-6]|meta|section|article)\b[^>]*>", re.I)


def read_blocks(source: bytes | str, name: str = "") -> Sequence[Block]:
    """The lines and grids of a document. Raises: `Unreadable`."""
    if len(source) > LARGEST:
        raise Unreadable("too_big")
    if not source.strip():
        raise Unreadable("empty")
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    blocks = _from_text(source, suffix) if isinstance(source, str) else _from_bytes(source, suffix)
    length = sum(len(b) if isinstance(b, str) else sum(len(row.printed) for row in b.rows) for b in blocks)
    if length > LONGEST:
        raise Unreadable("too_big")
    if not length:
        raise Unreadable("empty")
    return blocks


def _from_bytes(source: bytes, suffix: str) -> Sequence[Block]:
    head = source[:1024].lstrip()
    if source.startswith(b"PK\x03\x04"):
        return _from_zip(source)
    if b"%PDF-" in head:
        from knowledge.parsing.pdf import read_pdf  # its library costs a quarter of a second

        return read_pdf(source)
    if source.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise Unreadable("doc")
    if source.startswith(PICTURES):
        raise Unreadable("scan")
    return _from_text(_decoded(source, suffix), suffix)


def _from_zip(source: bytes) -> Sequence[Block]:
    try:
        with ZipFile(BytesIO(source)) as parts:
            names = parts.namelist()
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise Unreadable("too_big")
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("broken") from error
    if "OFD.xml" in names or any(part.endswith("content.xml") for part in names):
        raise Unreadable("doc")
    if "word/document.xml" not in names:
        raise Unreadable("format")
    from knowledge.parsing.office import read_docx  # its library costs a tenth of a second

    return read_docx(source)


def _decoded(source: bytes, suffix: str) -> str:
    for mark, code in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if source.startswith(mark):
            return source.decode(code, errors="replace")
    for code in ("utf-8", "gb18030"):
        try:
            text = source.decode(code)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise Unreadable(SUFFIXES.get(suffix, "format"))


def _is_text(text: str) -> bool:
    odd = sum(1 for char in text[:20_000] if ord(char) < 32 and char not in "\t\n\r\f\x0b\x1b")
    return odd * 100 <= min(len(text), 20_000)


def _from_text(text: str, suffix: str) -> Sequence[Block]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x0b", "\n").replace("\x00", "")
    if suffix in {"html", "htm", "mht"} or _is_markup(plain):
        return read_page(plain)
    return with_grids(plain.split("\n"))


def _is_markup(text: str) -> bool:
    """Tags enough that they are the format and not the subject."""
    tags = sum(1 for _ in TAGS.finditer(text, 0, 20_000))
    return tags >= 3 and tags * 400 >= min(len(text), 20_000)
