"""How much of one thing is to be reached by which year: from its row, else its sentence. Computes differences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.answering.duties import name_of
from knowledge.answering.printing import by_year, figure, kind_note, number, place, places, quoted
from knowledge.answering.saying import Part, refused
from knowledge.answering.sentences import (
    CLAUSE,
    MOSTLY,
    Weigh,
    best_sentences,
    focused,
    telling,
    twins,
    weigher,
    without_dates,
)
from knowledge.asking import Answer
from knowledge.catalog import Catalog
from knowledge.notice import Figure, Indicator, Ref
from knowledge.pieces import Of, Piece
from knowledge.question import Question
from knowledge.text import letters, squeeze

SAID = re.compile(r"\d|翻[一两二三四]番|[一二三四五六七八九十两百千]+(?:个|家|所|项|条|名|类|批次|倍|成)(?!月)")
THIS_YEAR, TITLED = re.compile("今年|年底|本年|年内|全年"), re.compile(r"(\d{4})年(?!.{0,3}[-—－至到])")
NAMED = 0.5  # share of the topic that a project's name must say
CLEAR = 0.5  # a best clause that weighs less says nothing of the topic
HEAD = 3  # characters at the end of a topic that say what is counted: 智慧应急平台监测点
CLEARLY = 0.4  # share of the best clause's weight from which a clause speaks of the topic

YEARLY = re.compile("年均|每年|逐年")


class Say:
    TARGET = "{name}：{figures}{kind}〔{place}〕"
    PRINTED = "原文：{quote}〔{place}〕"
    DIFFERENCE = "{name}：{later}年比{earlier}年{more}{gap}{unit}（{later_value}减{earlier_value}，据表计算）。"
    NO_QUARTERS = "通知没有分季度的目标。"
    NO_GAP = "{name}：{earlier}年和{later}年目标相同，都是{value}，没有增加。"
    MORE, LESS = "多", "少"
    HORIZON = "{name}：通知只定到{last}年（{figures}），没有{year}年的目标。"
    BEFORE = "{name}：通知的目标从{first}年开始（{figures}），没有{year}年的目标。"
    HORIZON_WHOLE = "通知里没有{year}年的目标。"
    HORIZON_ANY = "{name}：通知里没有{year}年的目标。"
    NO_NUMBER = "通知没有给“{name}”写具体数量。"
    NEXT = ("{name}谁负责", "{name}原文")


def target(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    """The figures of the years asked, with the text's qualifier where the table lost it."""
    indicator = catalog.indicators.get(piece.ref) or stated_by(piece, question, catalog)
    if indicator is None:
        return text_target(piece, question, catalog)
    beyond = _beyond(indicator, question)
    if beyond:
        return _in_text(indicator, question.years.years[0], catalog) or beyond
    qualified = _qualified(indicator, catalog, _asked_years(indicator.figures, question))
    lines = [Say.PRINTED.format(quote=quoted(q), place=place(r, catalog)) for r, q in qualified]
    return Part([_line(indicator, question, catalog), *lines], [indicator.ref, *(r for r, _ in qualified)])


def _line(indicator: Indicator, question: Question | None, catalog: Catalog) -> str:
    years = _asked_years(indicator.figures, question) if question else ()
    quarters = question.years.quarters if question else ()
    timed = [f for f in indicator.figures if f.due and f.due.month in quarters]
    by_quarter = len({f.year for f in indicator.figures}) < len(indicator.figures)
    shown = timed if timed and by_quarter else indicator.figures
    figures, kind = by_year(shown, years, quarters=by_quarter), kind_note(indicator.figures)
    line = Say.TARGET.format(
        name=squeeze(indicator.name), figures=figures, kind=kind, place=place(indicator.ref, catalog)
    )
    return line if by_quarter or not quarters else Say.NO_QUARTERS + line


def stated_by(piece: Piece, question: Question, catalog: Catalog) -> Indicator | None:
    """The indicator whose matter this project speaks of alone, when the project itself is meant."""
    if question.topic and not _is_meant(piece, question, catalog):
        return None
    matter = catalog.matter_of(piece.ref) if piece.of == Of.PROJECT else None
    return next((catalog.indicators[r] for r in matter.refs if r in catalog.indicators), None) if matter else None


def _is_meant(piece: Piece, question: Question, catalog: Catalog) -> bool:
    weigh = weigher(question, catalog)
    return weigh(piece.name) >= NAMED * weigh("".join(question.topic))


def _qualified(indicator: Indicator, catalog: Catalog, years: tuple[int, ...]) -> list[tuple[Ref, str]]:
    """Where the text says the same figure with a qualifier that the table lost: 59所以上, 力争."""
    matter = catalog.matter_of(indicator.ref)
    values = {f.value for f in indicator.figures if not years or f.year in years}
    for ref in dict.fromkeys(r for measure in (matter.measures if matter else ()) for r in measure.refs):
        for bound in _bounded(ref, catalog):
            if bound.value in values and bound.about and _same_thing(bound, indicator):
                return [(ref, bound.quote)]
    return []


def _bounded(ref: Ref, catalog: Catalog) -> Iterable[Figure]:
    return (f for f in _figures_at(ref, catalog) if f.bound)


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


def _in_text(indicator: Indicator, year: int, catalog: Catalog) -> Part | None:
    """The sentences of the same matter that set the number for a year its row has no column for."""
    matter = catalog.matter_of(indicator.ref)
    refs = set(matter.refs) - {indicator.ref} if matter else set()
    about = [f for ref in refs for f in _figures_at(ref, catalog) if f.year == year and _same_thing(f, indicator)]
    found = {ref: f.quote for ref in refs for f in _figures_at(ref, catalog) if f in about}
    lines = [Say.PRINTED.format(quote=quoted(squeeze(q)), place=place(ref, catalog)) for ref, q in found.items()]
    return Part([*lines, _line(indicator, None, catalog)], [*found, indicator.ref]) if found else None


def _figures_at(ref: Ref, catalog: Catalog) -> Sequence[Figure]:
    owner = catalog.articles.get(ref) or catalog.projects.get(ref)
    return owner.figures if owner else ()


def _beyond(indicator: Indicator, question: Question) -> Answer | None:
    """A refusal when only years without a target are asked for."""
    known = sorted({f.year for f in indicator.figures if f.year})
    strange = [y for y in question.years.years if y not in known]
    if not known or not strange or len(strange) < len(question.years.years):
        return None
    after = strange[0] > known[-1]
    edge = known[-1] if after else known[0]
    figures = by_year([f for f in indicator.figures if f.year == edge]) + kind_note(indicator.figures)
    name = squeeze(indicator.name)
    line = (Say.HORIZON if after else Say.BEFORE).format(
        name=name, last=edge, first=edge, figures=figures, year=strange[0]
    )
    return refused([line], [n.format(name=name) for n in Say.NEXT], 0.9, route="item", refs=indicator.ref)


def text_target(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    """The sentence that states the number; a refusal when the text gives none, or none for the year."""
    told = [s for s in telling(piece, question, catalog, SAID) if _counts(s.text, question, catalog)]
    sentences = [s for s in told if any(str(y) in s.under + s.text for y in question.years.years)] or told
    name, weigh = name_of(piece, catalog), weigher(question, catalog)
    if not sentences:
        whole = [focused(s, weigh) for s in best_sentences(piece, question, catalog, 1)]
        lines = [Say.PRINTED.format(quote=quoted(s), place=place(piece.ref, catalog)) for s in whole]
        called = name if piece.name or not question.topic else "".join(question.topic)
        return refused([Say.NO_NUMBER.format(name=called), *lines], confidence=0.5)
    strange = _strange_years([s.under + s.text for s in sentences], question, catalog)
    if strange and _holds_yearly(sentences[0].under + focused(sentences[0], weigh), strange, weigh, catalog):
        strange = []
    if strange and not piece.name:
        return refused([Say.HORIZON_WHOLE.format(year=strange[0])], confidence=0.9)
    if strange:
        return refused(
            [Say.HORIZON_ANY.format(name=name, year=strange[0])], [n.format(name=name) for n in Say.NEXT], 0.9
        )
    chosen = [s for s in sentences if weigh(s.text) >= MOSTLY * weigh(sentences[0].text)][:2]
    lines, cites = [], []
    for sentence in chosen:
        refs = twins(focused(sentence, weigh), piece.ref, catalog)
        lines.append(Say.PRINTED.format(quote=quoted(focused(sentence, weigh)), place=places(refs, catalog)))
        cites += refs
    return Part(lines, cites)


def _counts(sentence: str, question: Question, catalog: Catalog) -> bool:
    """Whether a number stands in a clause that speaks of the topic: 若干个 is none."""
    weigh, clauses = weigher(question, catalog), CLAUSE.findall(sentence)
    best = max(map(weigh, clauses), default=0.0)
    head = letters(question.topic[-1])[-HEAD:] if question.topic else ""
    clear = CLEARLY * best if best >= CLEAR else 0.0
    about = [c for c in clauses if weigh(c) >= clear or (len(head) == HEAD and head in letters(c))]
    return any(SAID.search(without_dates(c)) for c in about)


def _holds_yearly(sentence: str, years: Sequence[int], weigh: Weigh, catalog: Catalog) -> bool:
    """Whether the topic's clause has a yearly number (年均, 每年), which holds from the year of issue to the named."""
    clauses = CLAUSE.findall(sentence)
    about = [c for c in clauses if weigh(c) >= MOSTLY * max(map(weigh, clauses))]
    issued, named = catalog.notice.date, [int(y) for y in re.findall(r"(20\d{2})年", sentence)]
    if issued is None or not named or not any(YEARLY.search(c) for c in about):
        return False
    return all(issued.year <= y <= max(named) for y in years)


def _strange_years(sentences: Sequence[str], question: Question, catalog: Catalog) -> list[int]:
    """The years asked for when the text is about none of them."""
    issued, dated = catalog.notice.date, [s for s in sentences if re.search(r"\d{4}年", s)]
    titled = {int(y) for y in TITLED.findall(squeeze(catalog.notice.title))} if not dated else set()
    spoken = {issued.year} if issued and any(THIS_YEAR.search(s) for s in sentences) else set()
    meant = spoken | (titled if len(titled) == 1 else set())
    strange = [y for y in question.years.years if y not in meant and not any(str(y) in s for s in sentences)]
    return strange if len(strange) == len(question.years.years) else []


def difference(piece: Piece, question: Question, catalog: Catalog) -> Part | Answer:
    """What the last year asks beyond the first, computed, with the row it is computed from."""
    indicator = catalog.indicators.get(piece.ref) or stated_by(piece, question, catalog)
    known = [(f.year, f.value, f) for f in indicator.figures if f.year and f.value is not None] if indicator else []
    if indicator is None or len(known) < 2:
        return text_target(piece, question, catalog)
    beyond = _beyond(indicator, question)
    if beyond:
        return beyond
    (first, low, one), *_, (last, high, two) = sorted(known, key=lambda k: k[0])
    if first == last:
        return target(piece, question, catalog)
    line = (Say.DIFFERENCE if high != low else Say.NO_GAP).format(
        name=squeeze(indicator.name),
        earlier=first,
        later=last,
        more=Say.MORE if high > low else Say.LESS,
        gap=number(abs(high - low)),
        unit=two.unit,
        later_value=figure(two),
        earlier_value=figure(one),
        value=figure(two),
    )
    return Part([line, _line(indicator, None, catalog)], [indicator.ref])
