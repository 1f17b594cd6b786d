"""The child that makes papers: an order as JSON on stdin, the files as JSON (base64) on stdout.

`python -m bot.sheets_child`. Knows nothing of the bot; libraries are loaded only for the forms that are asked for.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sys
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEMORY = 3 << 29  # bytes of address space: 1.5 GiB
PROCESSOR = 40  # seconds of it
STAMP = (2000, 1, 1, 0, 0, 0)  # of members of an archive: the same content is the same bytes

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where files for archives lie: the store of kept ones, and those written for this order."""

    store: Path | None
    aside: Mapping[str, Path]


def make(form: str, content: Document, kept: Kept) -> bytes:
    """The bytes of one paper."""
    match form:
        case "xlsx":
            from bot.sheets_xlsx import make_book

            return make_book(content)
        case "docx" if "letter" in content:
            from bot.sheets_letter import make_letter

            return make_letter(content)
        case "docx":
            from bot.sheets_docx import make_document

            return make_document(content)
        case "png":
            from bot.sheets_chart import draw

            return draw(content)
        case "zip":
            return pack(content, kept)
    raise ValueError(form)


def pack(content: Document, kept: Kept) -> bytes:
    """An archive of texts, made papers and kept files, with the SHA-256 of each member in manifest.json."""
    out, sums = io.BytesIO(), dict[str, str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in parts(content, "members"):
            name, data = str(member["path"]), bytes_of(member, kept)
            sums[name] = hashlib.sha256(data).hexdigest()
            archive.writestr(zipfile.ZipInfo(name, STAMP), data)
        manifest = {"head": content.get("head"), "files": sums}
        written = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        archive.writestr(zipfile.ZipInfo("manifest.json", STAMP), written)
    return out.getvalue()


def bytes_of(member: Document, kept: Kept) -> bytes:
    """A text, the stand-alone checker, a paper to be made, or a file. Raises: OSError when the file is gone."""
    if isinstance(text := member.get("text"), str):
        return text.encode()
    if member.get("script"):
        return Path(__file__).with_name("check_sealed.py").read_bytes()
    if isinstance(paper := member.get("paper"), dict):
        return make(str(paper["form"]), paper["content"], kept)
    if isinstance(name := member.get("aside"), str):
        if name not in kept.aside:
            raise OSError(name)
        return kept.aside[name].read_bytes()
    key = str(member["key"])
    if kept.store is None or not key.isalnum():
        raise OSError(key)
    return (kept.store / key[:2] / key).read_bytes()


def parts(content: Document, name: str) -> list[Document]:
    """A list of documents inside a document."""
    found = content.get(name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def main() -> int:
    """The child: exit 0 with the files, 1 with the reason in a word."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 1))
    order = json.loads(sys.stdin.buffer.read())
    store = Path(order["store"]).parents[1] if order["store"] else None
    kept = Kept(store, {name: Path(path) for name, path in order["aside"].items()})
    try:
        made = [make(str(paper["form"]), paper["content"], kept) for paper in order["papers"]]
    except MemoryError:
        return refuse("effort")
    except OSError:
        return refuse("missing")
    sys.stdout.write(json.dumps([b64encode(data).decode() for data in made]))
    return 0


def refuse(why: str) -> int:
    """The reason instead of files."""
    sys.stdout.write(why)
    return 1


if __name__ == "__main__":
    sys.exit(main())
