"""One sentence for a whole bureau, against what the clerk's units owe: which drafts get which answers.

What is unclear is told, never guessed silently; saving and asking are the feature's affair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from handlers import dialogue
from handlers.drafting import doubted
from handlers.feature import Turn
from handlers.form_run import Here
from handlers.form_words import reads_as_question
from handlers.naming import Named, Naming
from handlers.owing import Item, items_of
from handlers.report_facts import facts_of
from handlers.report_form import NO_DATA, ReportFacts, field_of, report_form, show_value
from handlers.rights import clerk_units
from handlers.rules.checks import plain
from handlers.rules.one_sentence import Item as Piece
from handlers.rules.one_sentence import Rest, WholeReport, read_report
from knowledge import Kind, Library, Matter, read_quantity
from storage import Person

LONGEST, SHORTEST = 40, 2  # characters of a message, and of a name, that can be one value by name
LONGEST_ASIDE = 40  # characters of a piece that is quoted back


class Say:
    SAME, NOT_OUT, ZERO = "和上期一样", "数据未出", "零报告"
    SORRY = r"^(?:等等|等一下|不对|错了|说错了|更正一下)[，,。\s]*"
    CHANGED = r"(?:的?(?:数值|数字|数))?(?:应该改成|改成|改为|应该是|应为|应是)"
    IS = "是"
    UNITS = r"[%％个家所条人次门项]"
    BARE = rf"(?:\s*\d{{1,2}}[\s:：=]+\d[\d.]*{UNITS}?[，,;；\s]*)+"
    AFTER_NUMBER = r"(?:(?<=^)|(?<=[\s，,;；]))(\d{1,2})[\s:：=]+(?=\d)"
    PARTED = rf"\d{UNITS}?(?=[\u4e00-\u9fff]{{2}})"
    KEPT = "（沿用）"


@dataclass(slots=True)
class Told:
    """What a message says: answers per matter id, and what of it could not be placed."""

    given: dict[int, dict[str, str]] = field(default_factory=dict)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    """(words, the matter they were taken for) where another was as likely."""
    no_last: list[Item] = field(default_factory=list)
    """Said to be as last time, but there is no last time."""
    unknown: list[str] = field(default_factory=list)
    foreign: list[Matter] = field(default_factory=list)
    """Named, but led by others."""
    stages: list[Item] = field(default_factory=list)
    """Reported by stage, but a number was said."""

    @property
    def empty(self) -> bool:
        """Nothing of it is about what the units report."""
        return not self.given and not self.no_last and not self.stages


async def owed(
    turn: Turn, person: Person | None = None, unit: str | None = None, period: str | None = None
) -> list[Item]:
    """All matters the person's units (one unit) lead, of all published notices, with their reports (of `period`)."""
    items: dict[int, Item] = {}
    for notice in turn.library.notices:
        for name in (unit,) if unit else clerk_units(person or turn.person):
            found = await items_of(
                turn.work, turn.library, notice.key, turn.now, unit=name, period=period, workdays=turn.workdays
            )  # fmt: skip
            items |= {item.stored.id: item for item in found if item.stored.id not in items}
    return list(items.values())


def led(turn: Turn) -> list[Matter]:
    """The matters that the sender reports, as the notices state them."""
    found = {m.key: m for unit in clerk_units(turn.person) for m in turn.library.matters_of(unit)}
    return list(found.values())


def is_whole(turn: Turn, text: str, *, strict: bool = False) -> bool:
    """Whether a message is a report of several matters; `strict`: said where any sentence is an answer."""
    if not re.search(r"[，,;；\n、\s]", text.strip()) or reads_as_question(text) or not led(turn):
        return False
    naming = Naming(turn.library, led(turn))
    report = read_report(tidied(text), naming.knows)
    if strict and (report.unread or any(item.added or item.line for item in report.items)):
        return False
    named = {tuple(naming.find(item.name)) for item in report.items}
    return len(named) >= 2 or bool(named and report.rest)


def single(turn: Turn, text: str) -> tuple[str, str] | None:
    """Key of the one matter a short message names, and the value said of it."""
    if len(text) > LONGEST or turn.tag or not (matters := led(turn)):
        return None
    naming = Naming(turn.library, matters)
    items = read_report(text, naming.knows).items
    if len(items) != 1 or not items[0].value or len(items[0].name) < SHORTEST:
        return None
    found = naming.find(items[0].name)
    return (found[0].matter.key, items[0].value) if len(found) == 1 else None


async def says_report(turn: Turn, text: str) -> bool:
    """Whether a message reports something of the sender's units: a matter with its value, or a value alone."""
    if not led(turn):
        return False
    if read_quantity(text) or is_whole(turn, text) or single(turn, text):
        return True
    told, _ = Reader(turn.library, await owed(turn), turn.now.date()).read(text)
    return not told.empty


def tidied(text: str) -> str:
    """校园改成36 as 校园是36."""
    return re.sub(Say.CHANGED, Say.IS, re.sub(Say.SORRY, "", text))


class Reader:
    """Reads reports against the items of a unit on a day."""

    def __init__(self, library: Library, items: Sequence[Item], today: date, shown: Sequence[Item] = ()) -> None:
        """`shown`: the items of a list just shown, whose numbers name them."""
        self.library = library
        self.items = {item.facts.key: item for item in items}
        self.facts = {item.facts.key: facts_of(item, library, today) for item in items}
        self.naming = Naming(library, [item.facts for item in items], [item.facts for item in shown])

    def read(self, text: str) -> tuple[Told, WholeReport]:
        """What the message says."""
        report = read_report(tidied(self._numbered(text)), self.naming.knows)
        if not report.items and not report.rest:
            parted = read_report(re.sub(Say.PARTED, r"\g<0>，", tidied(text)), self.naming.knows)
            report = parted if len(parted.items) > 1 and not parted.unread else report
        told = Told()
        for piece in report.items:
            self._place(piece, told)
        for words in report.unread:
            self._lost(words, told)
        return told, report

    def _numbered(self, text: str) -> str:
        """1 10% 2 8% of a list just shown as 1是10% 2是8%."""
        if not self.naming.shown or not re.fullmatch(Say.BARE, text):
            return text
        return re.sub(Say.AFTER_NUMBER, r"\1是", text)

    def rest(self, told: Told, said: Rest, besides: Collection[int] = ()) -> None:
        """其他和上期一样 (零报告, 还没出来): for everything still owed that was not named, nor is of these matters."""
        for item in self.items.values():
            named = item.stored.id in told.given or item.stored.id in besides or item in told.no_last
            if item.open and not named and said is Rest.OUT:
                self._not_out(item, told)
            elif item.open and not named:
                self._same(item, told, zero=said is Rest.ZERO)

    def _not_out(self, item: Item, told: Told) -> None:
        """数据未出; what is reported by stage has one."""
        measures = self.facts[item.facts.key].measures
        if measures:
            told.given[item.stored.id] = dict.fromkeys((field_of(m.key) for m in measures), Say.NOT_OUT)
        else:
            told.stages.append(item)

    def _place(self, piece: Piece, told: Told) -> None:
        found = self.naming.find(piece.name)
        fitting = [n for n in found if self._fits(n, piece)] or list(found)
        order = list(self.items)
        named = min(fitting, key=lambda n: order.index(n.matter.key))
        item = self.items[named.matter.key]
        if len(found) > 1:
            told.guessed.append((piece.name, self._name(named)))
        if piece.same:
            self._same(item, told, measure=named.measure)
            return
        answers = dict(self._answers(named, piece))
        if not answers:
            told.stages.append(item)
            return
        if piece.line:
            answers["line"] = "，".join(words for words in (answers.get("line"), piece.line) if words)
        told.given.setdefault(item.stored.id, {}).update(answers)

    def _answers(self, named: Named, piece: Piece) -> Iterator[tuple[str, str]]:
        """(field, text) for what a piece says of a matter."""
        facts = self.facts[named.matter.key]
        keys = [named.measure] if named.measure else [m.key for m in facts.measures]
        if piece.no_data:
            yield from ((field_of(key), Say.NOT_OUT) for key in keys)
        elif not facts.measures:
            yield from [] if read_quantity(piece.value) else [("stage", piece.value)]
        elif read_quantity(piece.value) is None:
            yield "line", piece.value  # 步行街弄好了: a sentence of it, the number is asked for
        else:
            key = next((k for k in keys if self._suits(facts, k, piece.value)), keys[0])
            yield field_of(key), self._total(facts, key, piece)

    def _suits(self, facts: ReportFacts, key: str, value: str) -> bool:
        """Whether a value has the unit of a measure."""
        said = read_quantity(value)
        series = next(m.series for m in facts.measures if m.key == key)
        return said is not None and (said.unit or "") == series.unit

    def _total(self, facts: ReportFacts, key: str, piece: Piece) -> str:
        """The value as said; of 新增3 the total, where totals are reported and the last one is known."""
        series = next(m.series for m in facts.measures if m.key == key)
        said = read_quantity(piece.value) if piece.added else None
        if said is None or series.kind is not Kind.STOCK or series.last is None:
            return piece.value
        return plain(series.last + Decimal(said.value))

    def _same(self, item: Item, told: Told, *, measure: str = "", zero: bool = False) -> None:
        facts = self.facts[item.facts.key]
        fields = [field_of(m.key) for m in facts.measures if measure in ("", m.key)] or ["stage"]
        known = [m.series.last is not None for m in facts.measures if measure in ("", m.key)] or [
            bool(facts.last_stage)
        ]
        counts = all(m.series.kind in (Kind.STOCK, Kind.FLOW) for m in facts.measures) and facts.measures
        if not all(known) and not (zero and counts):
            told.no_last.append(item)
            return
        told.given.setdefault(item.stored.id, {}).update(dict.fromkeys(fields, Say.ZERO if zero else Say.SAME))

    def _fits(self, named: Named, piece: Piece) -> bool:
        """Whether the value raises no doubt as this matter's."""
        facts = self.facts[named.matter.key]
        here = Here(form := report_form(facts), dialogue.begin(form, facts).state, facts)
        if piece.same or piece.no_data:
            return True
        return all(not doubted(here, field, text) for field, text in self._answers(named, piece) or [("", "")])

    def fits(self, matter: Matter, value: str) -> bool:
        """Whether a value alone raises no doubt as that of the matter."""
        return self._fits(Named(matter), Piece(matter.name, value))

    def _name(self, named: Named) -> str:
        measures = {m.key: m.series.name for m in self.facts[named.matter.key].measures}
        return measures.get(named.measure, named.matter.name)

    def _lost(self, words: str, told: Told) -> None:
        """A piece that names nothing of the unit's: another unit's matter, or nothing at all."""
        guess = read_report(words).items
        name = guess[0].name if guess else words
        others = self.library.find_matters(name) if guess else []
        if others and others[0][1] > 0.6 and others[0][0].key not in self.items:
            told.foreign.append(others[0][0])
        else:
            told.unknown.append(name[:LONGEST_ASIDE])


def moved(item: Item, facts: ReportFacts, answers: Mapping[str, object]) -> str:
    """32→35所, 76%（沿用）, 35所, 推进中: an item's answers in a check list."""
    if not facts.measures:
        stage = str(answers.get("stage") or "")
        return stage + Say.KEPT if stage == facts.last_stage else stage
    alone = len(facts.measures) == 1
    parts = []
    for m in facts.measures:
        value = answers.get(field_of(m.key))
        last, unit = m.series.last, m.series.unit
        if value == NO_DATA:
            text = Say.NOT_OUT
        else:
            new = show_value(value if isinstance(value, str) else None)
            same = last is not None and new == plain(last)
            text = (
                f"{new}{unit}{Say.KEPT}" if same else f"{plain(last)}→{new}{unit}" if last is not None else new + unit
            )
        parts.append(text if alone else f"{m.series.name}{text}")
    return "，".join(parts)
