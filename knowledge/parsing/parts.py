"""A text cut into its great parts: head, body, signature, annexes, a document inside. Each has its reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.notice import Article, Clause, Doubt, Indicator, Member, Project, Ref, Section, Table
from knowledge.parsing import blocks
from knowledge.parsing.annexes import NOTE, noted, read_table
from knowledge.parsing.body import read_body
from knowledge.parsing.duties import FIRST_LEADS
from knowledge.parsing.foot import Foot, find_foot, is_list, label_of
from knowledge.parsing.header import CHROME, TITLE_END, Header, loosened, read_day, read_header
from knowledge.parsing.layout import Item, Paragraph
from knowledge.parsing.members import looks_like_members, read_members
from knowledge.parsing.outline import mark_at_start
from knowledge.parsing.years import timed, year_of
from knowledge.text import normal, read_numeral, squeeze, tidy
from knowledge.units import is_unit

SOURCE = re.compile(r"^#?\s*(?:来源|出处|Source)\s*[:：]", re.I)
SENT = re.compile(r"《(?P<title>[^《》。]{6,80})》.{0,20}(?:印发|转发|下发)给你们")


NUMBERED = re.compile(r"body:[1-9]")


@dataclass(slots=True)
class Draft:
    """What has been read so far."""

    title: str = ""
    doc_no: str | None = None
    issuer: str | None = None
    date: date | None = None
    addressees: str | None = None
    index_no: str | None = None
    first_leads: bool = False
    starts: list[tuple[int, Ref, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unlabelled: int = 0
    """Tables without a 附件 label so far."""


def read_parts(items: Sequence[Item]) -> Draft:
    """Everything the items say, unmended and unlinked."""
    draft = Draft()
    loose: list[Item] = []
    for item in items:
        loose += loosened(item) if isinstance(item, Paragraph) else [item]
    loose, footer = _without_footer(loose)
    draft.starts += [(footer.start, Ref("footer"), "chrome")] if footer else []
    at = 0
    while at < len(loose) and isinstance(first := loose[at], Paragraph) and SOURCE.match(first.text):
        draft.starts.append((first.start, Ref("source"), "chrome"))
        at += 1
    _document(loose[at:], draft, "")
    draft.title = draft.title or _named_inside(loose)
    _lift(draft)
    if year := year_of(draft.title):
        draft.articles = [replace(a, figures=timed(a.figures, year)) for a in draft.articles]
        draft.projects = [replace(p, figures=timed(p.figures, year)) for p in draft.projects]
        draft.indicators = [replace(i, figures=timed(i.figures, year)) for i in draft.indicators]
    if not draft.clauses:
        draft.clauses += _clauses_of_rows(draft)
    return draft


def _lift(draft: Draft) -> None:
    """The items of what a letter sends out are called body:2.1, where the letter has no items of its own."""
    if any(NUMBERED.match(ref) for _, ref, _ in draft.starts):
        return
    draft.starts = [(at, lifted(ref), kind) for at, ref, kind in draft.starts]
    draft.sections = [replace(s, ref=lifted(s.ref)) for s in draft.sections]
    draft.articles = [replace(a, ref=lifted(a.ref)) for a in draft.articles]
    draft.clauses = [replace(c, ref=lifted(c.ref)) for c in draft.clauses]
    draft.doubts = [replace(d, ref=lifted(d.ref)) for d in draft.doubts]


def lifted(ref: Ref) -> Ref:
    """`ref` without `inner.` when it names a numbered item of the document inside."""
    bare = ref.removeprefix("inner.")
    return Ref(bare) if NUMBERED.match(bare) else ref


def _named_inside(items: Sequence[Item]) -> str:
    """A page without its title: what is sent out, 现将《…》印发给你们."""
    found = (SENT.search(item.text) for item in items[:6] if isinstance(item, Paragraph))
    return next((match["title"] for match in found if match), "")


def _clauses_of_rows(draft: Draft) -> list[Clause]:
    """Where only tables name units, each row is a responsibility clause."""
    clauses = []
    rows: tuple[Indicator | Project, ...] = (*draft.indicators, *draft.projects)
    for row in rows:
        if row.lead_units:
            words = row.name if isinstance(row, Indicator) else f"{row.name} {row.content}".strip()
            joint = len(row.lead_units) > 1 and not row.support_units
            clauses.append(Clause(row.ref, row.lead_units, row.support_units, words, "、".join(row.lead_units), joint))
    return clauses


def _without_footer(items: list[Item]) -> tuple[list[Item], Item | None]:
    """The items without the lines of the site under them."""
    end = len(items)
    while (
        end > 1
        and isinstance(last := items[end - 1], Paragraph)
        and CHROME.match(last.text.strip())
        and len(last.text) < 120
    ):
        end -= 1
    return items[:end], items[end] if end < len(items) else None


def _document(items: Sequence[Item], draft: Draft, prefix: str) -> None:
    """Read a document from its head on; another one behind its signature is read as `inner.`."""
    if not items:
        return
    header = read_header(items, inner=bool(prefix))
    if header.begin > 0 and items[0].start not in {s for s, _, _ in draft.starts}:
        draft.starts.append((items[0].start, Ref(f"{prefix}chrome"), "chrome"))
    if header.begin < len(items):
        draft.starts.append((items[min(header.begin, len(items) - 1)].start, Ref(f"{prefix}head"), "head"))
    foot = find_foot(items, header.body_at)
    _keep_head(draft, header, foot, prefix)
    _read_text(foot.body, draft, prefix, prefix)
    draft.starts += [(start, Ref(prefix + ref), kind) for start, ref, kind in foot.starts]
    _behind(items[foot.end :], draft, prefix, foot.listed)


def _keep_head(draft: Draft, header: Header, foot: Foot, prefix: str) -> None:
    if prefix:
        draft.date = draft.date or foot.date
        return
    draft.title, draft.doc_no, draft.addressees = header.title, header.doc_no, header.addressees
    draft.index_no = header.fields.get("index_no")
    draft.issuer = foot.issuer or header.fields.get("issuer") or _issuer_of(header.title)
    draft.date = foot.date or read_day(header.fields.get("date", ""))


def _issuer_of(title: str) -> str | None:
    found = re.match(r"^(.{2,30}?)(?:关于|印发|转发)", title)
    return found[1] if found and is_unit(found[1]) else None


def _behind(items: Sequence[Item], draft: Draft, prefix: str, listed: Sequence[str]) -> None:
    """Annexes, or a document inside, that follow the signature."""
    begins: list[int] = []
    for i, item in enumerate(items):
        if (
            isinstance(item, Paragraph)
            and _begins_annex(items, i, listed)
            and not (begins and i - begins[-1] < 3 and not label_of(item.text))
        ):
            begins.append(i)
    first = begins[0] if begins else len(items)
    if first > 0:
        _inside(items[:first], draft, prefix)
    for order, (begin, end) in enumerate(zip(begins, [*begins[1:], len(items)], strict=False), 1):
        _annex(items[begin:end], draft, prefix, order, listed)


def _begins_annex(items: Sequence[Item], at: int, listed: Sequence[str]) -> bool:
    item = items[at]
    text = item.text if isinstance(item, Paragraph) else ""
    label = None if is_list(items, at) else label_of(text)
    if label and not (label["no"] is None and label["title"] and len(label["title"]) < 4):
        return True
    return len(listed) > 1 and squeeze(text) in listed


def _inside(items: Sequence[Item], draft: Draft, prefix: str) -> None:
    words = sum(len(item.text) for item in items if isinstance(item, Paragraph))
    titled = any(
        isinstance(item, Paragraph) and TITLE_END.search(squeeze(item.text)) and len(item.text) < 100
        for item in items[:4]
    )
    marked = any(isinstance(item, Paragraph) and mark_at_start(item.text) for item in items)
    tabled = any(isinstance(item, blocks.Table) for item in items)
    if prefix.count("inner.") < 3 and (tabled or (words > 150 and (titled or marked)) or (titled and marked)):
        _document(items, draft, prefix + "inner.")
    else:
        draft.starts.append((items[0].start, Ref(f"{prefix}foot"), "chrome"))


def _annex(items: Sequence[Item], draft: Draft, prefix: str, order: int, listed: Sequence[str]) -> None:
    first = items[0]
    label = label_of(first.text) if isinstance(first, Paragraph) else None
    number = (read_numeral(normal(label["no"])) if label and label["no"] else None) or order
    ref = Ref(f"annex{number}" + (f"-{label['sub']}" if label and label["sub"] else ""))
    if any(known == ref for _, known, _ in draft.starts):
        ref = Ref(f"{prefix}{ref}b") if prefix else Ref(f"{ref}b")
    draft.starts.append((first.start, ref, "annex"))
    size, title = _annex_title(items, label)
    _read_text(
        items[size:], draft, f"{ref}.", prefix, ref, title or (listed[order - 1] if order <= len(listed) else "")
    )


def _annex_title(items: Sequence[Item], label: re.Match[str] | None) -> tuple[int, str]:
    title, size = (tidy(label["title"]) if label else tidy(items[0].text) if isinstance(items[0], Paragraph) else ""), 1
    while size < len(items) and size < 5 and isinstance(item := items[size], Paragraph):
        text = item.text
        if (
            len(text) > 60
            or re.search(r"[。；：:]", text)
            or mark_at_start(text)
            or (TITLE_END.search(title) and len(title) > 5)
        ):
            break
        title += squeeze(text)
        size += 1
    return size, title


def _read_text(
    items: Sequence[Item], draft: Draft, prefix: str, outer: str, annex: Ref | None = None, title: str = ""
) -> None:
    """Paragraphs, tables and member lists of a body or an annex."""
    texts = [item for item in items if isinstance(item, Paragraph)]
    tables = [item for item in items if isinstance(item, blocks.Table)]
    draft.first_leads = draft.first_leads or any(FIRST_LEADS.search(p.text) for p in texts if "下同" not in p.text)
    taken = _read_tables(items, tables, draft, annex, title)
    texts = [p for p in texts if p.start not in taken]
    people = [p.text for p in texts]
    if looks_like_members(people):
        draft.members += read_members(people, annex or Ref(f"{prefix}body:0"))
        texts = texts if annex is None else []
    if not texts or (annex and not any(mark_at_start(p.text) for p in texts)):
        draft.starts += _leftover(texts, tables, annex) if annex else []
        return
    body = read_body(texts, prefix, draft.date, draft.first_leads)
    draft.first_leads = draft.first_leads or any(FIRST_LEADS.search(p.text) for p in texts)
    draft.sections += body.sections
    draft.articles += body.articles
    draft.clauses += body.clauses
    draft.starts += [start for start in body.starts if not (annex and start[1].endswith("body:0"))]
    draft.doubts += [Doubt(ref, quote, why) for ref, quote, why in body.gaps]


def _leftover(texts: Sequence[Paragraph], tables: Sequence[blocks.Table], annex: Ref) -> list[tuple[int, Ref, str]]:
    """Text that stands under the last table of an annex."""
    last = max((table.starts[-1] for table in tables), default=None)
    under = [p for p in texts if last is not None and p.start > last]
    return [(under[0].start, Ref(f"{annex}:text"), "text")] if under else []


def _read_tables(
    items: Sequence[Item], tables: Sequence[blocks.Table], draft: Draft, annex: Ref | None, title: str
) -> set[int]:
    """Read the tables; returns the places of the paragraphs that are their notes and captions."""
    taken: set[int] = set()
    count = 0
    for index, item in enumerate(items):
        if not isinstance(item, blocks.Table):
            continue
        count += 1
        ref = Ref(f"{annex}{'' if count == 1 else chr(96 + count)}") if annex else Ref(f"table{_next(draft)}")
        note = items[index + 1] if index + 1 < len(items) else None
        note = note if isinstance(note, Paragraph) and NOTE.match(note.text) else None
        above = items[index - 1] if index else None
        caption = (
            above.text
            if not annex
            and isinstance(above, Paragraph)
            and len(above.text) < 60
            and not re.search("[。；]$", above.text)
            else title
        )
        words = " ".join(tidy(p.text) for p in ([note, *noted(items[index + 1 :])] if note else []))
        read = read_table(item, ref, tidy(caption), words, draft.date, draft.first_leads)
        draft.starts += read.starts[1:] if annex and count == 1 else read.starts
        if note:
            taken |= {note.start, *(more.start for more in noted(items[index + 1 :]))}
            draft.starts.append((note.start, Ref(f"{ref}:note"), "note"))
        draft.tables.append(read.table)
        draft.indicators += read.indicators
        draft.projects += read.projects
        draft.members += read.members
        draft.doubts += [Doubt(ref, quote, why) for ref, quote, why in read.gaps]
    return taken


def _next(draft: Draft) -> int:
    draft.unlabelled += 1
    return draft.unlabelled
