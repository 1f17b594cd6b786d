"""What a feature is: the commands, sentences, forms, openings, ticks and reminders one file offers."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from handlers.errands import Arrived, Errand
from handlers.form_words import Tag
from handlers.message import Announcement, Line, Message, Receiver, Reply
from handlers.rules.stages import Hours
from handlers.rules.workdays import Workdays
from handlers.wording import key
from knowledge import Library
from storage import JSON, Dialogue, Person, Work

Answering = Callable[["Turn"], Awaitable[Reply | None]]
Opening = Callable[["Turn", Mapping[str, str]], Awaitable[Reply | None]]
Ticking = Callable[["Round"], Awaitable[None]]
Composing = Callable[["Round", Receiver], Awaitable[Announcement | None]]
Resuming = Callable[["Turn", Dialogue], Awaitable["Reply | Aside"]]
Awaiting = Callable[["Round", Arrived], Awaitable[str | None]]
T = TypeVar("T")
ANYONE = "anyone"
BREAK = re.compile(r"[\s:：,，]+")  # between a command's word and what follows it


class TwoHear(Exception):
    """Two features claim the same words; a mistake of ours, found at start."""


@dataclass(frozen=True, slots=True)
class Aside:
    """The open form had no use for the message: whoever answers, the pending question follows once."""

    again: Reply | None = None


@dataclass(slots=True)
class Turn:
    """One message with all that is handed to a feature: it reads and writes `work`, it never commits or sends."""

    message: Message
    person: Person
    work: Work
    library: Library
    now: datetime
    features: Features
    text: str = ""
    """What was said, plain, without tag."""
    rest: str = ""
    """What followed the command's word."""
    tag: Tag | None = None
    workdays: Workdays = field(default_factory=Workdays)
    dialogue: Dialogue | None = None
    """The form that was open when the message came."""
    outbound: list[tuple[Receiver, Announcement]] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)
    closed: bool = False  # a form, by this message

    @property
    def private(self) -> bool:
        """Said 1:1."""
        return self.message.chat.kind == "person"

    @property
    def unit(self) -> str | None:
        """The unit the sender speaks for: the first seat's, else the one introduced (for questions only)."""
        return self.person.units[0] if self.person.units else self.person.introduced_unit

    async def hold(self, form: str, state: Mapping[str, JSON]) -> None:
        """Keep a form open in this chat."""
        await self._save(form=form, state=state)

    async def release(self) -> None:
        """Close the form of this chat; what was understood of earlier turns stays."""
        if self.dialogue and self.dialogue.form:
            self.closed = True
            await self._save(form=None, state=None)

    async def understand(self, context: Mapping[str, str]) -> None:
        """Keep what this turn leaves understood, if it changed."""
        if self.dialogue and dict(self.dialogue.context or {}) != dict(context):
            await self._save(context=context)

    async def _save(self, **changes: Mapping[str, JSON] | str | None) -> None:
        """Raises: Stale when another turn of this person in this chat was faster."""
        if self.dialogue is None:
            self.dialogue = await self.work.dialogues.load(self.person.staff_id or "", self.message.chat.id)
        changed = replace(self.dialogue, **changes)  # type: ignore[arg-type]  # each field with its own type
        self.dialogue = await self.work.dialogues.save(changed, self.now)

    def tell(self, to: Receiver, announcement: Announcement) -> None:
        """Speak to somebody else in the same transaction."""
        self.outbound.append((to, announcement))

    def send_for(self, errand: Errand) -> None:
        """Have something done outside after the commit; the feature that awaits it goes on then."""
        self.errands.append(errand)

    def is_command(self, text: str, *, heard: bool = False) -> bool:
        """Whether a whole message is a command of some feature (`heard`: or a sentence that one hears)."""
        return bool(self.features.command(text) or (heard and self.features.listener(text)))

    async def open(self, name: str, **facts: str) -> Reply | None:
        """Hand over to the feature that opens `name`. Raises: KeyError when none does."""
        return await self.features.openings[name](self, facts)


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of the scheduler or of delivery: what ticks and compositions are given."""

    work: Work
    library: Library
    now: datetime
    name: str = ""
    due: datetime | None = None
    """The moment the tick belongs to; `now` may be later after downtime."""
    job: int = 0
    """The job that carries what is composed."""
    outbound: list[tuple[Receiver, Announcement, str]] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)

    def tell(self, to: Receiver, announcement: Announcement, key: str) -> None:
        """Say something in the tick's transaction; of one key only the first is ever said."""
        self.outbound.append((to, announcement, key))

    def send_for(self, errand: Errand) -> None:
        """Have something done outside after the commit (when an errand came back, not from ticks)."""
        self.errands.append(errand)


@dataclass(frozen=True, slots=True)
class Command:
    """Words that always work when typed as a whole message; `takes` = a rest may follow after a blank."""

    words: tuple[str, ...]
    answer: Answering
    takes: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A cron line in business time (Asia/Shanghai) and what happens then."""

    name: str
    cron: str
    run: Ticking
    policy: Literal["all", "latest"] = "all"


class Feature:
    """What one file offers. Its decorators return the function unchanged."""

    def __init__(self, name: str, offers: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`offers`: post (or `anyone`) → words that 帮助 shows to people on such a seat, as they are typed."""
        self.name = name
        self.offers = offers or {}
        self.commands: list[Command] = []
        self.heard: list[tuple[re.Pattern[str], Answering]] = []
        self.guesses: list[Answering] = []
        self.openings: dict[str, Opening] = {}
        self.forms: dict[str, Resuming] = {}
        self.ticks: list[Tick] = []
        self.compositions: dict[str, Composing] = {}
        self.awaiting: dict[str, Awaiting] = {}

    def command(self, *words: str, takes: bool = False) -> Callable[[Answering], Answering]:
        def keep(answer: Answering) -> Answering:
            self.commands.append(Command(words, answer, takes))
            return answer

        return keep

    def hears(self, *patterns: str) -> Callable[[Answering], Answering]:
        """Whole-message patterns; the message is compared in the form of `wording.key`."""

        def keep(answer: Answering) -> Answering:
            self.heard += [(re.compile(p), answer) for p in patterns]
            return answer

        return keep

    def guess(self, answer: Answering) -> Answering:
        """Looks at what nobody heard, before the notice is asked; None = not for us."""
        self.guesses.append(answer)
        return answer

    def opens(self, *names: str) -> Callable[[Opening], Opening]:
        def keep(opening: Opening) -> Opening:
            self.openings |= dict.fromkeys(names, opening)
            return opening

        return keep

    def form(self, name: str) -> Callable[[Resuming], Resuming]:
        """The function that carries on an open dialogue of this form."""

        def keep(resume: Resuming) -> Resuming:
            self.forms[name] = resume
            return resume

        return keep

    def every(self, name: str, cron: str, policy: Literal["all", "latest"] = "all") -> Callable[[Ticking], Ticking]:
        """At the minutes of a cron line, business time; `policy`: after downtime every tick missed, or the latest."""

        def keep(run: Ticking) -> Ticking:
            self.ticks.append(Tick(name, cron, run, policy))
            return run

        return keep

    def composes(self, kind: str) -> Callable[[Composing], Composing]:
        """The text of a push of this kind, made at the moment of sending; None = nothing left to say."""

        def keep(compose: Composing) -> Composing:
            self.compositions[kind] = compose
            return compose

        return keep

    def awaits(self, name: str) -> Callable[[Awaiting], Awaiting]:
        """What is done when an errand of this name came back; a name returned hands it on to who awaits that."""

        def keep(take: Awaiting) -> Awaiting:
            self.awaiting[name] = take
            return take

        return keep


def claim(feature: Feature, taken: dict[str, T], wanted: Mapping[str, T]) -> None:
    """Add what a feature wants to what is taken. Raises: TwoHear."""
    if twice := taken.keys() & wanted.keys():
        raise TwoHear(feature.name, *sorted(twice))
    taken.update(wanted)


class Features:
    """All features together; refuses two that claim the same words."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.all = tuple(features)
        self.commands: dict[str, Command] = {}
        self.heard = [h for f in features for h in f.heard]
        self.guesses = [g for f in features for g in f.guesses]
        self.openings: dict[str, Opening] = {}
        self.forms: dict[str, Resuming] = {}
        self.compositions: dict[str, Composing] = {}
        self.awaiting: dict[str, Awaiting] = {}
        self.line: Line | None = None
        """The connection, once there is one (状态)."""
        self.send_hours = Hours()
        """When anything is pushed unasked, as the settings have it."""
        self.ticks = tuple(t for f in features for t in f.ticks)
        self.offers = [(post, word) for f in features for post, words in f.offers.items() for word in words]
        for feature in features:
            self.join(feature)

    def join(self, feature: Feature) -> None:
        """Raises: TwoHear when another feature has one of the words already."""
        claim(feature, self.commands, {key(w): c for c in feature.commands for w in c.words})
        claim(feature, self.openings, feature.openings)
        claim(feature, self.forms, feature.forms)
        claim(feature, self.compositions, feature.compositions)
        claim(feature, self.awaiting, feature.awaiting)

    def offered(self, posts: frozenset[str]) -> tuple[str, ...]:
        """What 帮助 shows to these posts, each once, in the order of the files."""
        return tuple(dict.fromkeys(word for post, word in self.offers if post in posts | {ANYONE}))

    def command(self, text: str) -> tuple[Command, str] | None:
        """The command a whole message is, with what follows its word."""
        if found := self.commands.get(key(text)):
            return found, ""
        word, *rest = BREAK.split(text.strip(), maxsplit=1)
        found = self.commands.get(key(word)) if rest and rest[0].strip() else None
        return (found, rest[0].strip()) if found and found.takes else None

    def listener(self, text: str) -> Answering | None:
        """Who hears this whole message."""
        said = key(text)
        return next((answer for pattern, answer in self.heard if pattern.fullmatch(said)), None)


def walk_features(package: str = "handlers.features") -> Features:
    """Every `feature` found in the files of the package. Raises: TwoHear."""
    root = importlib.import_module(package)
    names = sorted(m.name for m in pkgutil.walk_packages(root.__path__, f"{package}.") if not m.ispkg)
    modules = [importlib.import_module(name) for name in names]
    return Features([m.feature for m in modules if isinstance(getattr(m, "feature", None), Feature)])
