"""Answers about what the office added (自设事项): by name, in a talk about it, beside a list of the notice's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from knowledge.answer import wants_list
from knowledge.answering.forms import said_value, wants_form
from knowledge.answering.picking import ENOUGH, picks
from knowledge.answering.saying import asked_back
from knowledge.asking import Answer, Asked, Context, Outcome
from knowledge.catalog import Catalog
from knowledge.notice import Ref
from knowledge.office import Own
from knowledge.phrases import hear
from knowledge.question import Question, understand
from knowledge.search import Hit, Index
from knowledge.text import letters
from knowledge.understanding.places import find_years

SAID = 0.4  # share of a name that must be said
CLEAR = 0.05  # by which it must explain more than the notice, or than the next one
SEPARATOR = "\t"


class Say:
    ANSWER = "{name}是办公室增加的事项（{on.year}年{on.month}月{on.day}日，依据：{basis}），{units}负责{supports}。"
    SUPPORTS = "，{units}配合"
    TARGETS = "目标：{targets}。"
    NO_TARGETS = "没有定数字目标，按进度报。"
    NOT_SET = "办公室没有定{year}年的目标。"
    BESIDE = "另有办公室自设事项{n}件，不在通知里："
    LINE = "{number}. {name}{targets}（依据：{basis}）"
    OF = "：{targets}"
    MORE = "等{n}件，回“我的任务”看全部。"
    WHICH = "请问是哪一件办公室自设事项？"
    OPEN = "填报：{name}"
    TASKS = "我的任务"
    LIST, THEN = "、", "，"
    SHOWN = 3


class Added:
    """The matters the office added. `catalog_of` gives the notice of a key, made askable."""

    def __init__(self, own: Sequence[Own], catalog_of: Callable[[str], Catalog]) -> None:
        self.own = tuple(own)
        self._catalog_of = catalog_of

    @cached_property
    def _names(self) -> Index:
        return Index([(o.matter.name, "") for o in self.own])

    def told(self, asked: Asked) -> Answer | None:
        """What is known of the one that is asked about; None when the question is of the notice."""
        found = self._named(asked) or self._spoken_of(asked)
        if not found:
            return None
        if len(found) > 1:
            return asked_back([Say.WHICH], [o.ref for o in found], [o.matter.name for o in found])
        return form_of(found[0], asked) if wants_form(hear(asked.text)) else words_of(found[0], asked)

    def _named(self, asked: Asked) -> list[Own]:
        """The ones whose names are said, whole (the longest) or so far that nothing in the notice fits better."""
        said = letters(asked.text)
        whole = [o for o in self._of(asked.notice) if letters(o.matter.name) in said]
        if whole:
            return [max(whole, key=lambda o: len(o.matter.name))]
        return self._nearly(asked) if self.own else []

    def _of(self, notice: str | None) -> list[Own]:
        return [o for o in self.own if notice in (None, o.notice)]

    def _nearly(self, asked: Asked) -> list[Own]:
        question = understand(asked.text, self._catalog_of(self.own[0].notice), asked.unit)
        hits = self._names.search(self._names.query(question.topic)) if question.topic else []
        good = [h for h in hits if h.covered >= ENOUGH and h.named >= SAID and self._fits(h, question, asked)]
        best = [h for h in good if h.score >= good[0].score - CLEAR]
        return [self.own[h.item] for h in best[: Say.SHOWN]]

    def _fits(self, hit: Hit, question: Question, asked: Asked) -> bool:
        own = self.own[hit.item]
        named = set(question.units)
        ours = not named or not named.isdisjoint((*own.matter.lead_units, *own.matter.support_units))
        if not ours or asked.notice not in (None, own.notice):
            return False
        others = picks(question, self._catalog_of(own.notice))
        return hit.covered > max((p.hit.covered for p in others), default=0.0) + CLEAR

    def _spoken_of(self, asked: Asked) -> list[Own]:
        """The one the turn before was about, when this one only asks on: 那2022年呢, 谁负责."""
        own = next((o for o in self.own if str(o.ref) == asked.context.facts.get("own")), None)
        if own is None:
            return []
        q = understand(asked.text, self._catalog_of(own.notice), asked.unit)
        elsewhere = q.topic or q.rest or q.bodies or q.own or q.spots or q.header or q.members or q.nouns or q.unstated
        return [] if elsewhere or not (q.aspects or q.years.years) else [own]

    def beside(self, asked: Asked, answer: Answer) -> Answer:
        """The answer; a unit's list with what the office added for it, said to be the office's."""
        facts = answer.context.facts
        units = set(filter(None, facts.get("units", "").split(SEPARATOR)))
        listed = facts.get("route") == "lists" and not facts.get("page")
        if not units or not (listed or self._refused_list(asked, answer)):
            return answer
        supports = facts.get("roles") == "support"
        mine = [
            o
            for o in self._of(answer.notice)
            if not units.isdisjoint(o.matter.support_units if supports else o.matter.lead_units)
        ]
        return with_lines(answer, mine) if mine else answer

    def _refused_list(self, asked: Asked, answer: Answer) -> bool:
        """Whether a list was asked for and the notice has none."""
        if answer.outcome is not Outcome.REFUSE or not answer.notice:
            return False
        question = understand(asked.text, self._catalog_of(answer.notice), asked.unit)
        return wants_list(question) and not question.topic


def targets_of(own: Own) -> str:
    """2021年30个，2022年60个."""
    return Say.THEN.join(t.quote for m in own.matter.measures for t in m.targets)


def words_of(own: Own, asked: Asked) -> Answer:
    """What the office decided about it, on what basis; a year it set nothing for is said."""
    matter, targets = own.matter, targets_of(own)
    supports = Say.SUPPORTS.format(units=Say.LIST.join(matter.support_units)) if matter.support_units else ""
    text = Say.ANSWER.format(
        name=matter.name, on=own.on, basis=own.basis, units=Say.LIST.join(matter.lead_units), supports=supports
    ) + (Say.TARGETS.format(targets=targets) if targets else Say.NO_TARGETS)
    known = {t.year for m in matter.measures for t in m.targets}
    said = find_years(hear(asked.text), asked.today.year if asked.today else None).years
    text += "".join(Say.NOT_SET.format(year=y) for y in said if targets and y not in known)
    context = Context({**carried(asked), "notice": own.notice, "own": str(own.ref)})
    return Answer(Outcome.ANSWER, text, (own.ref,), suggestions=(Say.TASKS,), context=context, notice=own.notice)


def carried(asked: Asked) -> dict[str, str]:
    """What a talk keeps when it comes to something of the office's: who asks, not what was asked before."""
    return {name: value for name, value in asked.context.facts.items() if name in ("me", "rows", "notice")}


def form_of(own: Own, asked: Asked) -> Answer:
    """Its form, with the value as said."""
    name = own.matter.name
    context = Context({**carried(asked), "notice": own.notice, "route": "form"})
    return Answer(
        Outcome.FORM, Say.OPEN.format(name=name), (own.ref,), context=context, notice=own.notice, matter=own.matter.key,
        value=said_value(hear(asked.text), name),
    )  # fmt: skip


def with_lines(answer: Answer, mine: Sequence[Own]) -> Answer:
    """The answer, then a line for each with its basis; one that only refused becomes these lines."""
    lines = [Say.BESIDE.format(n=len(mine))]
    for number, own in enumerate(mine[: Say.SHOWN], 1):
        of = Say.OF.format(targets=targets) if (targets := targets_of(own)) else ""
        lines.append(Say.LINE.format(number=number, name=own.matter.name, targets=of, basis=own.basis))
    lines += [Say.MORE.format(n=len(mine))] if len(mine) > Say.SHOWN else []
    refs: tuple[Ref, ...] = tuple(own.ref for own in mine)
    text = "\n".join([answer.text, *lines])
    if answer.outcome is Outcome.REFUSE:
        return replace(answer, outcome=Outcome.ANSWER, text=text, cites=refs, confidence=1.0)
    return replace(answer, text=text, related=(*answer.related, *refs))
