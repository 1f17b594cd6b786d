"""What the text says of one thing: its time, its content, its places, its full words."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.answering.duties import name_of
from knowledge.answering.picking import WHEN, kin
from knowledge.answering.printing import place, places, quoted
from knowledge.answering.saying import Part, refused
from knowledge.answering.sentences import best_sentences, focused, telling, twins, weigher
from knowledge.answering.targets import target
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.parsing.columns import Role, role_of
from knowledge.pieces import SENTENCE, Of, Piece
from knowledge.question import Question
from knowledge.text import letters, normal, squeeze

_TIME = re.compile(
    r"(?:力争)?(?:到|在|于|截至)?(?:\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初)?|今年(?:底|末)?|明年(?:底|末)?|年底|月底"
    r"|\d+个?(?:工作日|小时|天)内|\d{1,2}月(?:\d{1,2}日|底)?)(?:之?前|以前|底前|末)?"
)
OFTEN = re.compile("每(?:个)?(?:半年|季度?|月|年|周|旬)度?(?:[初末底])?(?:之?前)?|按(?:月|季|年|周|旬)度?")
ASKS_OFTEN = re.compile("多久|几次|频率|频次|多长时间|每|报")
"""How often, and by which day of each month or quarter: said when no day is."""
_OPEN_YEAR = re.compile(r"今年|本年|年底")
SENTENCES = 3
SURE = 0.8  # share of the topic that a sentence says when it tells the time of a row
MEANT = 0.5  # share of the topic that the name of a row says when the row is meant
PLACES = 3
LONG = 220
WHOLE = 400


class Say:
    WHEN = "{name}：{when}。"
    PRINTED = "原文：{quote}〔{place}〕"
    THIS_YEAR = "（按成文日期即{year}年）"
    OF_YEAR = "（{year}年）"
    CELL = "{name}的{column}：{cell}〔{place}〕"
    NO_TIME = "通知没有给“{name}”写完成时间。"
    TITLE_YEARS = "{name}没有单独写完成时间；所在表的标题为“{title}”。"
    WRITTEN = "{name}写在：{places}。"
    NAME = "{name}："


def deadline(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    """When it is due, in the words of the first place that says it."""
    name = name_of(piece, catalog)
    for ref in kin(piece.ref, catalog):
        column, cell = due_cell(ref, catalog)
        if cell:
            line = Say.CELL.format(name=name, column=column, cell=cell, place=place(ref, catalog))
            return Part([line], [ref])
    for wanted in (OFTEN, WHEN) if ASKS_OFTEN.search(question.text) else (WHEN,):
        for ref in kin(piece.ref, catalog):
            same = piece if ref == piece.ref else Piece(piece.of, ref, piece.name, catalog.bare(ref))
            for sentence in telling(same, question, catalog, wanted)[:1]:
                return _due(name, sentence, question, catalog)
    if piece.ref in catalog.indicators:
        return _told_elsewhere(name, question, catalog) or target(piece, question, catalog)
    table = next((t for t in catalog.notice.tables if piece.ref.startswith(f"{t.ref}:")), None)
    if table and re.search(r"\d{4}", table.title):
        return Part([Say.TITLE_YEARS.format(name=name, title=squeeze(table.title))], [piece.ref, table.ref])
    return refused([Say.NO_TIME.format(name=name)], confidence=0.5)


def _told_elsewhere(name: str, question: Question, catalog: Catalog) -> Part | None:
    """The time that a sentence of the body gives, which says nearly all of the topic but no figure of the row."""
    hits = catalog.find(question.topic)[0] if question.topic else []
    said = (catalog.pieces[h.item] for h in hits if h.covered >= SURE)
    timed = (p for p in said if p.of == Of.SENTENCE and "body" in p.ref and WHEN.search(normal(p.text)))
    found = next(timed, None)
    return _due(name, found, question, catalog) if found else None


def due_cell(ref: Ref, catalog: Catalog) -> tuple[str, str]:
    """What the row's own column of times says."""
    row = catalog.rows.get(ref)
    cells = row.cells if row else ()
    return next(
        ((squeeze(c), squeeze(cell)) for c, cell in cells if role_of(c) is Role.DUE and squeeze(cell)), ("", "")
    )


def _due(name: str, sentence: Piece, question: Question, catalog: Catalog) -> Part:
    shown = focused(sentence, weigher(question, catalog))
    times = _times(shown) or _times(sentence.under + sentence.text) or _often(shown)
    issued = catalog.notice.date if any(_OPEN_YEAR.search(t) and not re.search(r"\d{4}", t) for t in times) else None
    year = Say.THIS_YEAR.format(year=issued.year) if issued else ""
    refs = twins(shown, sentence.ref, catalog)
    lines = [
        *([Say.WHEN.format(name=name, when="、".join(times) + year)] if times else []),
        Say.PRINTED.format(quote=quoted(shown), place=places(refs, catalog)),
    ]
    return Part(lines, [*refs, *([Ref("head")] if issued else [])])


def _often(sentence: str) -> list[str]:
    return list(dict.fromkeys(m.group() for m in OFTEN.finditer(normal(sentence))))


def times_at(ref: Ref, catalog: Catalog) -> list[str]:
    """The times that a row or item of the text names, in order."""
    row, issued = catalog.projects.get(ref), catalog.notice.date
    found = _times(row.content if row else catalog.bare(ref))
    open_year = [bool(_OPEN_YEAR.search(t)) and not re.search(r"\d{4}", t) for t in found]
    year = Say.OF_YEAR.format(year=issued.year) if issued else ""
    return [t + year if is_open else t for t, is_open in zip(found, open_year, strict=True)]


def _times(sentence: str) -> list[str]:
    return list(dict.fromkeys(m.group() for m in _TIME.finditer(normal(sentence))))


def content(piece: Piece, question: Question, catalog: Catalog) -> Part:
    """What the text says of the topic: its best sentences; for an indicator, of the project that does it."""
    if piece.of == Of.INDICATOR:
        rows = [r for r in kin(piece.ref, catalog)[1:] if r in catalog.projects][:1]
        return Part(
            [Say.PRINTED.format(quote=quoted(catalog.projects[r].content), place=place(r, catalog)) for r in rows], rows
        )
    weigh = weigher(question, catalog)
    lines = [Say.NAME.format(name=name_of(piece, catalog))] if piece.name else []
    cites: list[Ref] = []
    row = catalog.projects.get(piece.ref) if piece.of == Of.PROJECT else None
    named = weigh(piece.name) >= MEANT * weigh("".join(question.topic)) if question.topic else False
    beyond = any(letters(t) not in letters(piece.name) for t in question.topic)
    if row and named and beyond and len(SENTENCE.findall(row.content)) > 1 and len(squeeze(row.content)) <= WHOLE // 2:
        return Part(
            [*lines, Say.PRINTED.format(quote=quoted(row.content, WHOLE), place=place(piece.ref, catalog))], [piece.ref]
        )
    for sentence in best_sentences(piece, question, catalog, SENTENCES):
        shown = focused(sentence, weigh) if len(sentence.text) > LONG else sentence.text
        refs = twins(sentence.text, piece.ref, catalog)
        lines.append(Say.PRINTED.format(quote=quoted(shown, LONG), place=places(refs, catalog)))
        cites += refs
    return Part(lines, [piece.ref, *cites])


def where(piece: Piece, question: Question, catalog: Catalog) -> Part:
    """Every place that speaks of it."""
    refs = kin(piece.ref, catalog)
    if len(refs) == 1:
        weigh = weigher(question, catalog)
        shown = [focused(s, weigh) for s in best_sentences(piece, question, catalog, 1)]
        refs = twins(shown[0], piece.ref, catalog) if shown else refs
        said = [Say.PRINTED.format(quote=quoted(s), place=places(refs, catalog)) for s in shown]
        line = Say.WRITTEN.format(name=name_of(piece, catalog), places=places(refs, catalog))
        return Part([line, *said], refs)
    return Part([Say.WRITTEN.format(name=name_of(piece, catalog), places=places(refs, catalog))], refs)


def source(piece: Piece, question: Question, catalog: Catalog) -> Part:
    """The passages themselves as printed: rows by column, of the body the sentences that speak of it."""
    refs = kin(piece.ref, catalog)[:PLACES]
    lines = [
        Say.PRINTED.format(quote=words, place=place(r, catalog))
        for r in refs
        for words in _printed(r, piece, question, catalog)
    ]
    return Part(lines, refs)


def _printed(ref: Ref, piece: Piece, question: Question, catalog: Catalog) -> list[str]:
    row = catalog.rows.get(ref)
    if row:
        return [quoted("；".join(f"{squeeze(column)}：{squeeze(cell)}" for column, cell in row.cells), WHOLE)]
    topic = question.topic or ((piece.name,) if piece.name else ())
    if ref == piece.ref and piece.of != Of.SENTENCE:
        return [quoted(catalog.passages.get(ref, piece.text), WHOLE)]
    same = Piece(Of.ARTICLE, ref, "", catalog.bare(ref))
    return [quoted(s.text, LONG) for s in best_sentences(same, replace(question, topic=topic), catalog, 1)]
