"""The door: the published notices, ready to be asked. Holds no state beside them but what it built from them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from knowledge.added import Added
from knowledge.answering.printing import Say as PlaceSay
from knowledge.answering.printing import place
from knowledge.answering.saying import asked_back
from knowledge.asking import Answer, Asked, Context, Outcome
from knowledge.catalog import Catalog
from knowledge.conversation import converse
from knowledge.nicknames import Nicknames
from knowledge.notice import Conflict, Matter, Notice, Ref
from knowledge.office import Answered, Faq, Own, Ruling
from knowledge.question import understand
from knowledge.ruled import ruled_matters
from knowledge.search import ASKED, Index
from knowledge.shelf import Shelf, is_number
from knowledge.text import normal
from knowledge.understanding.bodies import Bodies

KEPT = 1024  # catalogs in memory, about 0.2 MB each
REMEMBERED = 256_000  # parts of questions whose places all catalogs together remember, about 0.2 kB each
FEW = 8  # notices whose units are looked up one by one


class Say:
    WHICH = "请问您问的是哪份通知？"
    NUMBERED = "{title}（{doc_no}）"
    ITSELF = "这份通知的标题、文号和成文日期"
    FAQ = "办公室答复（{on.year}年{on.month}月{on.day}日）：{answer}"
    NEXT = ("我的任务", "有哪些指标")
    OWN = "自设事项({on.year}年{on.month}月{on.day}日)"


class Library:
    """Notices side by side. `aliases` are names the office gave to units: short → full."""

    def __init__(
        self,
        notices: Sequence[Notice],
        *,
        aliases: Mapping[str, str] | None = None,
        rulings: Sequence[Ruling] = (),
        faqs: Sequence[Faq] = (),
        own: Sequence[Own] = (),
    ) -> None:
        self.notices = tuple(notices)
        self.rulings = tuple(rulings)
        self.faqs = tuple(faqs)
        self._own = {o.ref: o for o in own if any(n.key == o.notice for n in notices)}
        self._nicknames = Nicknames(aliases)
        self._catalogs: OrderedDict[str, Catalog] = OrderedDict()
        self._by_key = {n.key: n for n in notices}
        self._shelf = Shelf(self.notices)
        self._answered = Answered(self.faqs)
        self._added = Added(tuple(self._own.values()), self.catalog)

    def ask(self, asked: Asked) -> Answer:
        """The answer, with what it leaves understood for the next turn."""
        if self._own and (added := self._added.told(asked)):
            return added
        keys = self._meant(asked)
        if not keys:
            return Answer(Outcome.REFUSE, Say.WHICH)
        if len(keys) > 1:
            return self._which(keys, asked)
        again = asked.context.facts.get("which") or (Say.ITSELF if is_number(asked.text) else None)
        told = replace(asked, text=again, context=Context()) if again and self._shelf.named(asked.text) else asked
        answer = self._from_notice(keys[0], told)
        return self._with_faq(asked, self._added.beside(asked, answer) if self._own else answer)

    def _from_notice(self, key: str, asked: Asked) -> Answer:
        notice, catalog = self.notice(key), self.catalog(key)
        year = asked.today.year if asked.today else notice.date.year if notice.date else None
        asker = (catalog.bodies.resolve(asked.unit) or asked.unit) if asked.unit else None
        answer = converse(asked.text, catalog, asker, year, asked.context.facts)
        return replace(answer, notice=key, context=Context({**answer.context.facts, "notice": key}))

    def _meant(self, asked: Asked) -> list[str]:
        """Keys of the notices the question may be about: named, the chat's, the talk's, by topic, by unit."""
        if len(self.notices) < 2:
            return [n.key for n in self.notices]
        named = self._shelf.named(asked.text)
        if len(named) == 1:
            return named
        known = [k for k in (asked.context.facts.get("notice"), asked.notice) if k in self._by_key]
        return known[:1] or named or self._by_topic(asked)

    def _by_topic(self, asked: Asked) -> list[str]:
        unit, named = self._shelf.naming(asked.text)
        bare = asked.text.replace(unit, "") if unit else asked.text
        question = understand(bare, self.catalog(self.notices[0].key), asked.unit)
        placed = self._shelf.placed(asked.text)
        if len(placed) == 1:
            return placed
        about = self._shelf.about(question.topic, placed) if question.topic else []
        meant = asked.unit or next(iter(question.units), None)
        holding = named or (self._shelf.holding(meant) if meant else [])
        both = [k for k in about if k in holding]
        nowhere = [self.notices[0].key] if question.topic and not about and not named else []
        return both or about or nowhere or holding or [n.key for n in self.notices]

    def _which(self, keys: Sequence[str], asked: Asked) -> Answer:
        titles = [self._title(k) for k in keys]
        return asked_back([Say.WHICH, *(f"- {t}" for t in titles[:3])], suggestions=titles, which=asked.text)

    def _title(self, key: str) -> str:
        """The title, with its number where another notice has the same."""
        notice = self.notice(key)
        alone = self._shelf.titled_alike(key) < 2 or not notice.doc_no
        return notice.title if alone else Say.NUMBERED.format(title=notice.title, doc_no=notice.doc_no)

    def _with_faq(self, asked: Asked, answer: Answer) -> Answer:
        """The office's own answer where the notice gives none."""
        faq = self._answered.like(asked.text) if answer.outcome in (Outcome.REFUSE, Outcome.CLARIFY) else None
        if faq is None:
            return answer
        line = Say.FAQ.format(on=faq.on, answer=faq.answer)
        return replace(
            answer,
            outcome=Outcome.ANSWER,
            text=line,
            cites=(faq.ref,),
            related=(),
            suggestions=Say.NEXT,
            confidence=1.0,
        )

    def catalog(self, key: str) -> Catalog:
        """The notice made askable; built on first use, the least used dropped."""
        if key not in self._catalogs:
            rulings = {r.matter: r for r in self.rulings if r.notice == key}
            most = min(ASKED, REMEMBERED // min(len(self.notices), KEPT))
            self._catalogs[key] = Catalog(self._by_key[key], self._nicknames, rulings, most)
        self._catalogs.move_to_end(key)
        if len(self._catalogs) > KEPT:
            self._catalogs.popitem(last=False)
        return self._catalogs[key]

    def notice(self, key: str) -> Notice:
        """The notice with this key. Raises: KeyError."""
        return self._by_key[key]

    def unit(self, text: str) -> str | None:
        """The unit that the whole text names in any way; None when none, or not clear which."""
        if len(self.notices) > FEW:
            return self._bodies.resolve(text)
        found = {u for n in self.notices if (u := self.catalog(n.key).bodies.resolve(text))}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _bodies(self) -> Bodies:
        """The units of all notices."""
        return Bodies(self.units(), nicknames=self._nicknames)

    def units(self) -> tuple[str, ...]:
        """Every unit of every notice, in the order of the documents."""
        printed = (u for n in self.notices for u in n.units)
        return tuple(dict.fromkeys((*printed, *(u for o in self._own.values() for u in o.matter.lead_units))))

    def matters(self, notice: str | None = None) -> tuple[Matter, ...]:
        """The matters of the notice, or of all, with the targets that count; after its own those the office added."""
        return tuple(m for n in self.notices if notice in (None, n.key) for m in self._counting[n.key])

    @cached_property
    def _counting(self) -> dict[str, tuple[Matter, ...]]:
        """Notice → its matters with the targets that count, and those the office added."""
        return {
            n.key: (*ruled_matters(n, self.rulings), *(o.matter for o in self._own.values() if o.notice == n.key))
            for n in self.notices
        }

    @cached_property
    def _printed(self) -> dict[Matter, Matter]:
        """A matter whose target the office ruled on → the same as printed."""
        pairs = ((m, p) for n in self.notices for m, p in zip(self._counting[n.key], n.matters, strict=False))
        return {counting: printed for counting, printed in pairs if counting != printed}

    def home(self, matter: Matter) -> str:
        """Key of the notice a matter is of; empty when of none."""
        if own := self._own.get(matter.refs[0]):
            return own.notice
        return next((n.key for n in self.notices if self._printed.get(matter, matter) in n.matters), "")

    def matters_of(self, unit: str, *, support: bool = False) -> tuple[Matter, ...]:
        """What the unit leads, or supports."""
        return tuple(m for m in self.matters() if unit in (m.support_units if support else m.lead_units))

    def find_matters(self, text: str, among: Sequence[Matter] | None = None) -> list[tuple[Matter, float]]:
        """(matter, score in [0, 1]) for words that name one, best first; nothing that shares only single characters."""
        matters = self.matters() if among is None else tuple(among)
        if not matters:
            return []
        index = self._names if among is None else Index([(m.name, "") for m in matters])
        hits = index.search(index.query([normal(text)]))
        return [(matters[h.item], round(h.score, 4)) for h in hits]

    @cached_property
    def _names(self) -> Index:
        return Index([(m.name, "") for m in self.matters()])

    def show(self, ref: Ref, notice: str | None = None) -> str:
        """The place as printed: 附件1第5项, 正文二(一), 办公室答复(2021年7月1日)."""
        faq = next((f for f in self.faqs if f.ref == ref), None)
        if faq:
            return f"{PlaceSay.FAQ}({faq.on.year}年{faq.on.month}月{faq.on.day}日)"
        if own := self._own.get(ref):
            return Say.OWN.format(on=own.on)
        return place(ref, self._holding(ref, notice))

    def passage(self, ref: Ref, notice: str | None = None) -> str:
        """The text at the place; empty when there is none."""
        faq = next((f for f in self.faqs if f.ref == ref), None)
        if own := self._own.get(ref):
            return own.basis
        catalog = self._holding(ref, notice)
        return faq.answer if faq else catalog.passages.get(ref, "") if catalog else ""

    def _holding(self, ref: Ref, notice: str | None) -> Catalog | None:
        asked = self.notices if notice is None else [n for n in (self._by_key.get(notice),) if n]
        holding = (n.key for n in asked if any(p.ref == ref for p in n.passages))
        return next((self.catalog(k) for k in holding), None)

    def conflicts_of(self, matter: Matter) -> tuple[Conflict, ...]:
        """Where the notice says two things about the matter, hard ones first."""
        printed = self._printed.get(matter, matter)
        found = [c for n in self.notices if printed in n.matters for c in n.conflicts if c.matter == matter.key]
        return tuple(sorted(found, key=lambda c: c.soft))
