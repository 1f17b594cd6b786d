"""What waits for a decision and what a reviewer must see of it: old → new, share of the target, hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from handlers.feature import Round, Turn
from handlers.owing import last_before
from handlers.report_facts import conflict_line, number, target_of, target_words
from handlers.rights import about_matter, seats_of
from handlers.rules.checks import plain
from handlers.rules.permissions import Action, may
from knowledge import Library, Matter
from storage import Contribution, Person, State, StoredMatter, Submission, Work

HELPS = frozenset({"support", "town"})


class Say:
    HEAD = "{name}　{unit}"
    VALUE = "{measure}{old}{new}{unit}{change}"
    FROM = "{old}→"
    GREW = "（{sign}{percent}%）"
    STAGE = "阶段：{stage}"
    TARGET = "{year}年目标{target}{share}"
    SHARE = "，已到{percent}%"
    LINE, REASON, ORIGIN, AS_OF = "进展：{line}", "原因：{reason}", "来源：{origin}", "数据截至{month}月{day}日"
    LATE = "（晚于截止时间）"
    JOINT, HELPED = "共同负责：{said}", "配合：{unit}　{words}"
    HEARD: Mapping[str, str] = {"agree": "对", "differ": "有不同", "silent": "没有回", "asked": "还没回"}
    MORE = "配合的一共{count}条，汇总表里都有。"
    LIST, COLON, LONG, MOST = "；", "：", 60, 3
    FILLED_FOR = "（办公室代填）"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that waits, with its matter and the approved value before it."""

    submission: Submission
    stored: StoredMatter
    facts: Matter | None
    last: Submission | None
    conflict: str = ""
    """One line when the notice says two things about the target."""

    said: tuple[Contribution, ...] = ()
    """The other hands: supporting units, towns, the other lead units on this version."""

    @property
    def hinted(self) -> bool:
        """Something about it wants a look: a reason was given, the target is contradictory, a lead unit differs."""
        return bool(self.submission.reason or self.conflict or any(c.kind == "differ" for c in self.said))


async def waiting_for(work: Work, library: Library, person: Person, now: datetime) -> list[Waiting]:
    """What this person may decide now, oldest first. Own units' and own writing are left out."""
    found = []
    for submission in await work.submissions.waiting():
        if submission.state is State.SIGNING:
            continue
        stored = await work.matters.get(submission.matter_id)
        if stored and await may_decide(work, person, submission, stored, now):
            found.append(await seen(work, library, submission, stored))
    return found


async def may_decide(work: Work, person: Person, submission: Submission, stored: StoredMatter, now: datetime) -> bool:
    """Four eyes: a reviewer in no lead unit, now or at submission, who did not write it."""
    then = await work.directory.units_of([person.staff_id or ""], now, submission.submitted_at)
    about = replace(
        about_matter(stored),
        lead_units=tuple({*stored.lead_units, *submission.lead_units, submission.unit}),
        writer=person.staff_id in submission.writers,
        units_then=then,
    )
    return may(seats_of(person), Action.REVIEW, about)


async def seen(work: Work, library: Library, submission: Submission, stored: StoredMatter) -> Waiting:
    """The submission with what a reviewer compares it to."""
    facts = next((m for m in library.matters(stored.notice) if m.key == stored.key), None)
    last = last_before(await work.submissions.versions(stored.id), submission.period).get(stored.id)
    conflict = conflict_line(stored, facts, library) if facts else ""
    found = await work.contributions.of(stored.id, submission.period)
    said = tuple(c for c in found if c.kind in HELPS or c.draft_revision == submission.draft_revision)
    return Waiting(submission, stored, facts, last, conflict.strip(), said)


def shown(waiting: Waiting) -> list[str]:
    """The submission as a reviewer reads it, with what the other hands said: about ten lines."""
    s = waiting.submission
    lines = [Say.HEAD.format(name=waiting.stored.name, unit=s.unit) + marks(s)]
    lines += [Say.STAGE.format(stage=s.figures["stage"])] if s.figures.get("stage") else []
    lines += values(waiting)
    lines += [Say.LINE.format(line=s.line)] if s.line else []
    lines += [Say.REASON.format(reason=s.reason)] if s.reason else []
    beside = [Say.ORIGIN.format(origin=s.origin)] if s.origin else []
    beside += [Say.AS_OF.format(month=s.as_of.month, day=s.as_of.day)] if s.as_of else []
    lines += ["　".join(beside)] if beside else []
    lines += [waiting.conflict] if waiting.conflict else []
    return lines + others(waiting)


def others(waiting: Waiting) -> list[str]:
    """共同负责：市民政局 有不同：…; each other lead's last word, or that it has said none; then who helped."""
    s = waiting.submission
    last = {c.unit: c for c in waiting.said if c.kind not in HELPS}
    joint = [unit for unit in waiting.stored.lead_units if unit != s.unit]
    lines = [Say.JOINT.format(said=Say.LIST.join(heard(unit, last.get(unit)) for unit in joint))] if joint else []
    helped = [c for c in waiting.said if c.kind in HELPS and c.words]
    lines += [Say.HELPED.format(unit=c.unit, words=c.words[: Say.LONG]) for c in helped[: Say.MOST]]
    return lines + ([Say.MORE.format(count=len(helped))] if len(helped) > Say.MOST else [])


def heard(unit: str, last: Contribution | None) -> str:
    """市民政局 有不同：验收还没做."""
    words = f"{Say.COLON}{last.words[: Say.LONG]}" if last and last.words else ""
    return f"{unit} {Say.HEARD[last.kind if last else 'asked']}{words}"


def marks(submission: Submission) -> str:
    """What is unusual about how it came."""
    return (Say.LATE if submission.late else "") + (Say.FILLED_FOR if submission.kind == "behalf" else "")


def values(waiting: Waiting) -> list[str]:
    """Each measure: 32→50所（+56%）, and its share of this year's target."""
    lines: list[str] = []
    measures = waiting.facts.measures if waiting.facts else ()
    for measure in measures:
        new = number(waiting.submission.figures.get(measure.key))
        if new is None:
            continue
        old = number(waiting.last.figures.get(measure.key)) if waiting.last else None
        name = f"{measure.name}：" if len(measures) > 1 else ""
        lines.append(
            Say.VALUE.format(
                measure=name, old=Say.FROM.format(old=plain(old)) if old is not None else "", new=plain(new),
                unit=measure.unit, change=change(old, new),
            )
        )  # fmt: skip
        year = (waiting.submission.as_of or waiting.submission.submitted_at.date()).year
        if target := target_of(measure, year):
            share = share_of(new, target.value) if measure.unit != "%" else ""
            lines.append(Say.TARGET.format(year=target.year, target=target_words(target, measure.unit), share=share))
    return lines


def change(old: Decimal | None, new: Decimal) -> str:
    """（+56%）; nothing without an old value or without a change."""
    if not old or old == new:
        return ""
    percent = ((new - old) / abs(old) * 100).quantize(Decimal(1))
    return Say.GREW.format(sign="+" if percent > 0 else "-", percent=abs(percent))


def share_of(value: Decimal, target: Decimal | None) -> str:
    """，已到59%."""
    if not target:
        return ""
    return Say.SHARE.format(percent=plain((value / target * 100).quantize(Decimal(1))))


async def reviewers(turn: Turn | Round) -> Sequence[Person]:
    """Everybody seated as reviewer now."""
    return await turn.work.directory.people(turn.now, post="审核员")
