"""What a table says of a matter from the notice alone: content, targets, contradictions, its own tables."""

from __future__ import annotations

from handlers.report_facts import clause, target_words
from handlers.snapshot import Printed
from knowledge import Library, Matter, Notice


class Say:
    TARGET = "{year}年{words}"
    NAMED = "{name}：{words}"
    SIDE = "{place}：{quote}"
    BASIS = "依据：{basis}"
    JOIN, ALSO = "，", "；"


def content_of(facts: Matter, notice: Notice, library: Library) -> str:
    """内容: the project's text, else the item of the body, else the name."""
    projects = {p.ref: p.content for p in notice.projects}
    articles = {a.ref: a.heading for a in notice.articles}
    texts = [projects[ref] for ref in facts.refs if projects.get(ref)]
    texts += [articles[ref] for ref in facts.refs if ref.startswith("body") and articles.get(ref) == facts.name]
    shown = next(iter(texts), "")
    if facts.refs[0].startswith("own:"):
        return Say.BASIS.format(basis=library.passage(facts.refs[0], notice.key))
    passage = library.passage(facts.refs[0], notice.key) if not shown and not facts.measures else ""
    return shown or passage.strip()[:400]


def wanted_of(facts: Matter) -> str:
    """The targets: 2021年30所，2022年59所; several measures by name."""
    several = len(facts.measures) > 1
    parts: list[str] = []
    for measure in facts.measures:
        years = [
            Say.TARGET.format(year=t.year, words=target_words(t, measure.unit)) if t.year else target_words(t, "")
            for t in measure.targets
        ]
        words = Say.JOIN.join(years)
        parts.append(Say.NAMED.format(name=measure.name, words=words) if several else words)
    return Say.ALSO.join(part for part in parts if part)


def differs_of(facts: Matter, library: Library, notice: str) -> str:
    """Contradictions of the notice about it, both quotes."""
    sides = [
        Say.SIDE.format(place=library.show(side.ref, notice), quote=clause(side.quote, facts.name)[:60])
        for conflict in library.conflicts_of(facts)
        if not conflict.soft
        for side in conflict.sides
    ]
    return Say.ALSO.join(dict.fromkeys(sides))


def printed(notice: Notice, library: Library) -> tuple[Printed, ...]:
    """The tables whose rows are indicators or projects, as printed."""
    rows = {i.ref for i in notice.indicators} | {p.ref for p in notice.projects}
    return tuple(
        Printed(
            t.ref,
            library.show(t.ref, notice.key),
            t.title,
            t.columns,
            tuple((r.ref, tuple(cell for _, cell in r.cells)) for r in t.rows),
            t.note,
        )
        for t in notice.tables
        if any(row.ref in rows for row in t.rows)
    )
