"""Answers about one thing: its target, units, time, content, places. The fact first, then the quote and its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.answering import conflicts
from knowledge.answering.entries import short
from knowledge.answering.picking import WHEN, kin
from knowledge.answering.printing import by_year, figure, kind_note, names, number, place, places, quoted
from knowledge.answering.saying import refused, said
from knowledge.asking import Answer
from knowledge.catalog import CLAUSE_TAIL, SENTENCE, Catalog, Of, Piece, is_heading
from knowledge.notice import Clause, Conflict, Figure, Indicator, Ref
from knowledge.phrases import Aspect
from knowledge.question import Question
from knowledge.text import letters, normal, squeeze


class Say:
    TARGET = "{name}：{figures}{kind}〔{place}〕"
    LEAD = "{name}：由{units}负责（牵头）{joint}〔{place}〕"
    JOINT = "，共同负责"
    SUPPORT = "配合单位：{units}〔{place}〕"
    NO_SUPPORT = "{name}没有列配合单位〔{place}〕"
    NO_LEAD = "{name}没有写责任单位〔{place}〕"
    PRINTED = "原文：{quote}〔{place}〕"
    ALSO = "另见{places}。"
    DIFFERENCE = "{later}年比{earlier}年{more}{gap}{unit}（{later_value}减{earlier_value}，据表计算）。"
    NO_GAP = "{earlier}年和{later}年目标相同，都是{value}，没有增加。"
    MORE, LESS = "多", "少"
    HORIZON = "通知只定到{last}年（{figures}），没有{year}年的目标。"
    BEFORE = "通知的目标从{first}年开始（{figures}），没有{year}年的目标。"
    HORIZON_ANY = "通知里没有{year}年的目标。"
    NO_NUMBER = "通知没有给“{name}”写具体数量。"
    WHEN = "{name}：{when}。"
    THIS_YEAR = "（按成文日期即{year}年）"
    NO_DAY = "（通知未写具体日期）"
    NO_TIME = "通知没有给“{name}”写完成时间。"
    TITLE_YEARS = "{name}没有单独写完成时间；所在表的标题为“{title}”。"
    WRITTEN = "{name}写在：{places}。"
    NOT_OPEN = "没有写"
    NEXT = ("{name}谁负责", "{name}目标是多少", "填报{name}")


def answer_item(piece: Piece, question: Question, catalog: Catalog, ruling: str = "") -> Answer:
    """The aspects asked of the row or item; everything known of it when none is."""
    found = [c for c in _differing(piece, question, catalog)]
    parts = [_PARTS[a](piece, question, catalog) for a in _aspects(piece, question)]
    failed = next((p for p in parts if isinstance(p, Answer)), None)
    if failed:
        return failed
    lines = [line for p in parts if not isinstance(p, Answer) for line in p[0]]
    cites = [ref for p in parts if not isinstance(p, Answer) for ref in p[1]]
    if found:
        lines = [ruling, *_both(found, catalog), *lines]
        cites += conflicts.cited(found)
    name = name_of(piece, catalog)
    related = [r for r in kin(piece.ref, catalog) if r not in cites]
    return said(
        dict.fromkeys(lines),
        cites or [piece.ref],
        related,
        [n.format(name=name) for n in Say.NEXT],
        route="item",
        refs=piece.ref,
    )


def _aspects(piece: Piece, question: Question) -> list[Aspect]:
    asked = [a for a in _PARTS if a in question.aspects]
    if (
        question.years.spans
        and Aspect.TARGET not in asked
        and not set(asked) & {Aspect.DIFFERENCE, Aspect.LEAD, Aspect.SUPPORT, Aspect.DEADLINE, Aspect.CONTENT}
    ):
        asked.append(Aspect.TARGET)
    if Aspect.DIFFERENCE in asked:
        asked = [a for a in asked if a != Aspect.TARGET]
    if len(asked) > 1 and Aspect.CONTENT in asked:
        asked.remove(Aspect.CONTENT)
    if Aspect.CONTENT in asked and piece.of == Of.INDICATOR:
        asked = [Aspect.TARGET, Aspect.CONTENT]
    if (
        Aspect.LEAD in asked
        and Aspect.SUPPORT in asked
        and not re.search("谁.{0,6}谁|牵头.*配合|负责.*配合|责任单位.*配合", question.text)
    ):
        asked.remove(Aspect.LEAD)
    if not asked and question.roles:
        asked = [Aspect.LEAD if "lead" in question.roles else Aspect.SUPPORT]
    return asked or (
        [Aspect.TARGET, Aspect.LEAD] if piece.of == Of.INDICATOR else [Aspect.CONTENT, Aspect.LEAD, Aspect.SUPPORT]
    )


def name_of(piece: Piece, catalog: Catalog) -> str:
    """What the piece is called: its printed name, else the head of its text."""
    if piece.name:
        return squeeze(piece.name)
    project = catalog.projects.get(piece.ref)
    return squeeze(project.name) if project else short(piece.text.split("\n")[-1])


def _differing(piece: Piece, question: Question, catalog: Catalog) -> list[Conflict]:
    """Hard conflicts that the question touches; soft ones when it asks for the difference."""
    if piece.of not in (Of.INDICATOR, Of.PROJECT):
        return []
    soft = question.asks(Aspect.CONFLICT) or bool(re.search("正文.*(附件|表)|(附件|表).*正文", question.text))
    kinds = ["unit"] if question.asks(Aspect.LEAD) and not question.asks(Aspect.TARGET) else ["figure"]
    kinds = (
        ["figure", "unit"]
        if question.asks(Aspect.CONFLICT) and not question.asks(Aspect.LEAD, Aspect.TARGET)
        else kinds
    )
    kinds = ["unit"] if re.search("责任单位|负责单位|牵头单位", question.text) else kinds
    if question.aspects and question.aspects <= {Aspect.CONTENT, Aspect.WHERE, Aspect.SOURCE} and piece.of == Of.PROJECT:
        return []
    if question.asks(Aspect.SUPPORT, Aspect.DEADLINE) and not question.asks(
        Aspect.LEAD, Aspect.TARGET, Aspect.CONFLICT
    ):
        return []
    if (
        not question.aspects & {Aspect.LEAD, Aspect.TARGET, Aspect.CONFLICT, Aspect.DIFFERENCE}
        and not question.years.spans
    ):
        kinds = ["figure", "unit"]
    matter = catalog.matter_of(piece.ref)
    here = [c for k in kinds for c in catalog.conflicts_at(piece.ref, k, soft=soft)]
    of_matter = [c for k in kinds for c in (catalog.conflicts_of(matter, k, soft=soft) if matter else ())]
    return list(dict.fromkeys([*here, *of_matter]))


def _both(found: Sequence[Conflict], catalog: Catalog) -> list[str]:
    lines: list[str] = []
    for conflict in found:
        head = conflicts.Say.TWO.format(n=len(conflict.sides)) if conflict.kind == "figure" else conflicts.Say.TWO_UNITS
        lines += [head, *conflicts.sides(conflict, catalog)]
    return [*lines, conflicts.Say.UNDECIDED]


Part = tuple[list[str], list[Ref]]


def _target(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    indicator = catalog.indicators.get(piece.ref) or _stated_by(piece, question, catalog)
    if indicator is None:
        return _text_target(piece, question, catalog)
    beyond = _beyond(indicator, question, catalog)
    if beyond:
        return beyond
    years = _asked_years(indicator.figures, question)
    name = squeeze(indicator.name)
    line = Say.TARGET.format(
        name=name,
        figures=by_year(indicator.figures, years),
        kind=kind_note(indicator.figures),
        place=place(indicator.ref, catalog),
    )
    qualified = _qualified(indicator, catalog)
    return [line, *(Say.PRINTED.format(quote=quoted(q), place=place(r, catalog)) for r, q in qualified)], [
        indicator.ref,
        *(r for r, _ in qualified),
    ]


def _stated_by(piece: Piece, question: Question, catalog: Catalog) -> Indicator | None:
    """The indicator whose matter this row speaks of alone."""
    matter = catalog.matter_of(piece.ref) if piece.of == Of.PROJECT else None
    return next((catalog.indicators[r] for r in matter.refs if r in catalog.indicators), None) if matter else None


def _qualified(indicator: Indicator, catalog: Catalog) -> list[tuple[Ref, str]]:
    """Where the text says the same figure with a qualifier that the table lost: 59所以上, 力争."""
    matter = catalog.matter_of(indicator.ref)
    values = {f.value for f in indicator.figures}
    for measure in matter.measures if matter else ():
        for ref in measure.refs:
            for bound in _bounded(ref, catalog):
                if bound.value in values and bound.about and _same_thing(bound, indicator):
                    return [(ref, bound.quote)]
    return []


def _bounded(ref: Ref, catalog: Catalog) -> Iterable[Figure]:
    owner = catalog.articles.get(ref) or catalog.projects.get(ref)
    return (f for f in owner.figures if f.bound) if owner else ()


def _same_thing(found: Figure, indicator: Indicator) -> bool:
    mine, theirs = letters(indicator.name), letters(found.about)
    shared = {mine[i : i + 2] for i in range(len(mine) - 1)} & {theirs[i : i + 2] for i in range(len(theirs) - 1)}
    return len(shared) * 2 >= min(len(mine), len(theirs)) - 1


def _asked_years(figures: Sequence[Figure], question: Question) -> tuple[int, ...]:
    known = sorted({f.year for f in figures if f.year})
    if question.years.years:
        return tuple(y for y in question.years.years if y in known)
    if question.years.every or not known:
        return ()
    return (known[0],) if question.years.first else (known[-1],) if question.years.last else ()


def _beyond(indicator: Indicator, question: Question, catalog: Catalog) -> Answer | None:
    """A refusal when only years without a target are asked for."""
    known = sorted({f.year for f in indicator.figures if f.year})
    strange = [y for y in question.years.years if y not in known]
    if not known or not strange or len(strange) < len(question.years.years):
        return None
    edge = known[-1] if strange[0] > known[-1] else known[0]
    words = Say.HORIZON if strange[0] > known[-1] else Say.BEFORE
    figures = by_year([f for f in indicator.figures if f.year == edge]) + kind_note(indicator.figures)
    line = words.format(last=edge, first=edge, figures=figures, year=strange[0])
    return refused(
        [f"{squeeze(indicator.name)}：{line}"],
        [n.format(name=squeeze(indicator.name)) for n in Say.NEXT],
        0.9,
        route="item",
        refs=indicator.ref,
    )


def _text_target(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    sentences = telling(piece, question, catalog, re.compile(r"\d"))
    name = name_of(piece, catalog)
    years = [
        y
        for y in question.years.years
        if not any(str(y) in s for s in sentences) and y != _due_year(sentences, catalog)
    ]
    if years and question.years.years and len(years) == len(question.years.years):
        return refused(
            [f"{name}：" + Say.HORIZON_ANY.format(year=years[0])], [n.format(name=name) for n in Say.NEXT], 0.9
        )
    if not sentences:
        whole = best_sentences(piece, question, catalog, 1)
        return refused(
            [
                Say.NO_NUMBER.format(name=name),
                *(Say.PRINTED.format(quote=quoted(s), place=place(piece.ref, catalog)) for s in whole),
            ],
            confidence=0.5,
        )
    return [Say.PRINTED.format(quote=quoted(s), place=place(piece.ref, catalog)) for s in sentences[:2]], [piece.ref]


def _due_year(sentences: Sequence[str], catalog: Catalog) -> int | None:
    issued = catalog.notice.date
    return issued.year if issued and any(re.search("今年|年底|本年", s) for s in sentences) else None


def _difference(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    indicator = catalog.indicators.get(piece.ref) or _stated_by(piece, question, catalog)
    figures = (
        sorted((f for f in indicator.figures if f.year and f.value is not None), key=lambda f: f.year or 0)
        if indicator
        else []
    )
    if indicator is None or len(figures) < 2:
        return _text_target(piece, question, catalog)
    beyond = _beyond(indicator, question, catalog)
    if beyond:
        return beyond
    one, two = figures[0], figures[-1]
    gap = (two.value or 0) - (one.value or 0)
    words = Say.DIFFERENCE if gap else Say.NO_GAP
    line = words.format(
        earlier=one.year, later=two.year, more=Say.MORE if gap > 0 else Say.LESS, gap=number(abs(two.value - one.value)) if two.value is not None and one.value is not None else "",
        unit=two.unit, later_value=figure(two), earlier_value=figure(one), value=figure(two),
    )  # fmt: skip
    name = squeeze(indicator.name)
    stated = Say.TARGET.format(
        name=name,
        figures=by_year(indicator.figures),
        kind=kind_note(indicator.figures),
        place=place(indicator.ref, catalog),
    )
    return [f"{name}：{line}", stated], [indicator.ref]


def _lead(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    ref, lead, support = duty(piece, catalog)
    name = name_of(piece, catalog)
    if not lead:
        return [Say.NO_LEAD.format(name=name, place=place(ref, catalog))], [ref]
    joint = Say.JOINT if len(lead) > 1 else ""
    lines = [Say.LEAD.format(name=name, units=names(lead), joint=joint, place=place(ref, catalog))]
    if support:
        lines.append(Say.SUPPORT.format(units=names(support), place=place(ref, catalog)))
    return lines, [ref]


def _support(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    ref, _, support = duty(piece, catalog)
    name = name_of(piece, catalog)
    if not support:
        for other in kin(piece.ref, catalog)[1:]:
            row = catalog.projects.get(other)
            if row and row.support_units:
                return [
                    f"{name}：" + Say.SUPPORT.format(units=names(row.support_units), place=place(other, catalog))
                ], [other]
        own = [c for r in kin(piece.ref, catalog)[1:] for c in catalog.clauses.get(r, ()) if c.support_units]
        if own:
            return [
                f"{name}：" + Say.SUPPORT.format(units=names(own[0].support_units), place=place(own[0].ref, catalog))
            ], [own[0].ref]
        return [Say.NO_SUPPORT.format(name=name, place=place(ref, catalog))], [ref]
    return [f"{name}：" + Say.SUPPORT.format(units=names(support), place=place(ref, catalog))], [ref]


def duty(piece: Piece, catalog: Catalog) -> tuple[Ref, tuple[str, ...], tuple[str, ...]]:
    """(where, lead units, supporting units) of the piece: its row, else the clause that closes its text."""
    row = catalog.indicators.get(piece.ref) or catalog.projects.get(piece.ref)
    if row:
        return row.ref, row.lead_units, row.support_units
    clause = clause_of(piece, catalog)
    if clause:
        return clause.ref, clause.lead_units, clause.support_units
    article = catalog.articles.get(piece.ref)
    return piece.ref, article.lead_units if article else (), article.support_units if article else ()


def clause_of(piece: Piece, catalog: Catalog) -> Clause | None:
    """The duty clause whose item holds the piece's words; the nearest above it when its own item has none."""
    words = normal(piece.text.split("\n")[-1]).rstrip("。；;")
    near: list[Clause] = []
    ref = piece.ref
    while ref and not near:
        near = catalog.clauses.get(Ref(ref), [])
        ref = Ref(ref.rpartition(".")[0]) if "." in ref.partition(":")[2] else Ref("")
    holding = [c for c in near if words[:40] in normal(c.quote)]
    return (holding or near or [None])[0]


def _deadline(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    name = name_of(piece, catalog)
    for ref in kin(piece.ref, catalog):
        same = Piece(piece.of, ref, piece.name, catalog.passages.get(ref, piece.text)) if ref != piece.ref else piece
        sentences = telling(same, question, catalog, WHEN)
        if sentences:
            times = _times(sentences[0])
            said_year = any(re.search("今年|本年|年底", t) and not re.search(r"\d{4}", t) for t in times)
            issued = catalog.notice.date if said_year else None
            year = Say.THIS_YEAR.format(year=issued.year) if issued else ""
            return [
                Say.WHEN.format(name=name, when="、".join(times) + year),
                Say.PRINTED.format(quote=quoted(sentences[0]), place=place(ref, catalog)),
            ], [ref, *([Ref("head")] if issued else [])]
    indicator = catalog.indicators.get(piece.ref)
    if indicator:
        return _target(piece, question, catalog)
    title = next(
        (t.title for t in catalog.notice.tables if piece.ref.startswith(f"{t.ref}:") and re.search(r"\d{4}", t.title)),
        None,
    )
    if title:
        return [Say.TITLE_YEARS.format(name=name, title=squeeze(title))], [piece.ref]
    return refused([Say.NO_TIME.format(name=name)], confidence=0.5)


_TIME = re.compile(
    r"(?:力争)?(?:到|在|于|截至)?(?:\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初)?|今年(?:底|末)?|明年(?:底|末)?|年底|月底|\d+个?(?:工作日|小时|天)内|\d{1,2}月(?:\d{1,2}日|底)?)(?:之?前|以前|底前|末)?"
)


def _times(sentence: str) -> list[str]:
    return list(dict.fromkeys(m.group() for m in _TIME.finditer(normal(sentence)))) or [sentence]


def _content(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    if piece.of == Of.INDICATOR:
        others = [r for r in kin(piece.ref, catalog)[1:] if r in catalog.projects]
        return [
            Say.PRINTED.format(quote=quoted(catalog.projects[r].content), place=place(r, catalog)) for r in others[:1]
        ], others[:1]
    sentences = best_sentences(piece, question, catalog, 3)
    if question.topic and piece.of == Of.ARTICLE:
        sentences = ranked_sentences(piece, question, catalog) or sentences
    head = [f"{name_of(piece, catalog)}："] if piece.name else []
    return [*head, *(Say.PRINTED.format(quote=quoted(s, 220), place=place(piece.ref, catalog)) for s in sentences)], [
        piece.ref
    ]


def _where(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    refs = kin(piece.ref, catalog)
    return [Say.WRITTEN.format(name=name_of(piece, catalog), places=places(refs, catalog))], refs


def _source(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    refs = kin(piece.ref, catalog)[:3]
    return [
        Say.PRINTED.format(quote=quoted(catalog.passages.get(r, piece.text), 400), place=place(r, catalog))
        for r in refs
    ], refs


def _conflict(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    if piece.of == Of.INDICATOR:
        part = (
            _lead(piece, question, catalog)
            if re.search("单位|部门|谁", question.text)
            else _target(piece, question, catalog)
        )
        return part
    return _content(piece, question, catalog)


def sentences_of(piece: Piece) -> list[str]:
    """The sentences of the piece's text without its duty clause."""
    text = CLAUSE_TAIL.sub("", piece.text.split("\n")[-1] if piece.of == Of.SENTENCE else piece.text)
    every = [m.group().strip() for m in SENTENCE.finditer(text) if letters(m.group())]
    return [s for s in every if not piece.name or not is_heading(s, piece.name)] or every


def _weight(sentence: str, question: Question, catalog: Catalog) -> float:
    query = catalog.index.query(question.topic)
    own = letters(sentence)
    pairs = [w for i, w in enumerate(query.weights[:-1]) if query.chars[i : i + 2] in own]
    return sum(pairs) + 0.01 * sum(c in own for c in query.chars)


def best_sentences(piece: Piece, question: Question, catalog: Catalog, most: int) -> list[str]:
    """The sentences that say most of the topic, in their order; the first ones when none says any."""
    every = sentences_of(piece)
    weights = {s: _weight(s, question, catalog) for s in every}
    best = max(weights.values(), default=0.0)
    chosen = [s for s in every if best and weights[s] >= 0.75 * best]
    return (chosen or every)[:most]


def ranked_sentences(piece: Piece, question: Question, catalog: Catalog) -> list[str]:
    """The article's sentences that say more of the topic than its heading does, at most two."""
    hits = [h for h in catalog.find(question.topic, catalog.sentences_at(piece.ref))[0] if h.covered > 0.2]
    heading = catalog.index.query([piece.name])
    beyond = [c for c in letters("".join(question.topic)) if c not in heading.chars]
    if not hits or not beyond:
        return []
    best = [h for h in hits if h.covered >= hits[0].covered - 0.05][:2]
    return [catalog.pieces[h.item].text.split("\n")[-1] for h in best]


def telling(piece: Piece, question: Question, catalog: Catalog, wanted: re.Pattern[str]) -> list[str]:
    """The sentences of the piece that hold what is wanted, those that say most of the topic first."""
    holding = [s for s in sentences_of(piece) if wanted.search(normal(s))]
    return sorted(holding, key=lambda s: -_weight(s, question, catalog))


_PARTS = {
    Aspect.TARGET: _target, Aspect.DIFFERENCE: _difference, Aspect.LEAD: _lead, Aspect.SUPPORT: _support, Aspect.DEADLINE: _deadline,
    Aspect.CONTENT: _content, Aspect.WHERE: _where, Aspect.SOURCE: _source, Aspect.CONFLICT: _conflict,
}  # fmt: skip
