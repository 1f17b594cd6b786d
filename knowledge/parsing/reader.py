"""read_notice: bytes or text in, a Notice out. Puts the parts together; each part is read elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath

from knowledge.conflicts import find_conflicts
from knowledge.links import find_links
from knowledge.matters import find_matters
from knowledge.notice import Doubt, Notice, Ref
from knowledge.parsing.blocks import NotANotice, Unreadable, lay
from knowledge.parsing.body import passages_of
from knowledge.parsing.formats import read_blocks
from knowledge.parsing.layout import paragraphs
from knowledge.parsing.mending import mended
from knowledge.parsing.parts import Draft, read_parts
from knowledge.parsing.variants import simplified
from knowledge.text import squeeze, tidy

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHORTEST, LONGEST = 4, 30
"""Chinese characters of a name that says what a document is, and characters of its beginning shown instead."""


def read_notice(source: bytes | str, name: str = "") -> Notice:
    """The notice that `source` holds; the suffix of `name` tells the format of bytes.

    Raises: `Unreadable` (its `why` says what to do), `NotANotice`.
    """
    blocks = read_blocks(source, name)
    laid = lay(plain := simplified(blocks))
    items = paragraphs(laid)
    if not items:
        raise Unreadable("empty")
    draft = read_parts(items)
    if not _is_notice(draft):
        raise NotANotice
    draft.title = draft.title or _called(draft, name, laid.text)
    if plain is not blocks:
        draft.doubts.append(Doubt(Ref("head"), draft.title, "traditional characters read as simplified ones"))
    bare = _assembled(draft, laid.text)
    notice = mended(bare)
    links = find_links(notice)
    matters = find_matters(notice, links)
    return replace(notice, matters=matters, conflicts=find_conflicts(notice, links, matters))


def _is_notice(draft: Draft) -> bool:
    """A title and something under it, or duties, or a table of targets."""
    signs = (
        bool(draft.title),
        bool(draft.doc_no),
        bool(draft.addressees),
        bool(draft.sections),
        draft.date is not None,
    )
    return (bool(draft.clauses or draft.indicators) and sum(signs) >= 1) or sum(signs) >= 2


def _called(draft: Draft, name: str, text: str) -> str:
    """What a document without a title goes by: its file's name, its table's title, else how it begins."""
    stem = re.sub(r"\.\w{1,5}$", "", PurePath(name).name)
    tables = (table.title for table in draft.tables)
    called = next((tidy(words) for words in (stem, *tables) if len(CHINESE.findall(words)) >= SHORTEST), "")
    called = called or next((tidy(line) for line in text.splitlines() if CHINESE.search(line)), "")[:LONGEST].strip(
        "：:。，"
    )
    draft.doubts.append(Doubt(Ref("head"), called, "no title printed"))
    return called


def _assembled(draft: Draft, text: str) -> Notice:
    return Notice(
        title=draft.title,
        doc_no=draft.doc_no,
        issuer=draft.issuer,
        date=draft.date,
        addressees=draft.addressees,
        index_no=draft.index_no,
        passages=passages_of(text, draft.starts),
        sections=tuple(draft.sections),
        articles=tuple(draft.articles),
        clauses=tuple(draft.clauses),
        tables=tuple(draft.tables),
        indicators=tuple(draft.indicators),
        projects=tuple(draft.projects),
        members=tuple(draft.members),
        doubts=tuple(draft.doubts),
        content_hash=sha256(squeeze(text).encode()).hexdigest(),
    )
