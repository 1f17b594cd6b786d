"""What the office gets: the call list, who cannot be reminded, and on trial all that would have been sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.calling import call_buttons, call_list, list_words, unreached_words
from handlers.group_names import group_name
from handlers.message import Announcement, Button, Receiver
from handlers.remind_facts import OFFSETS, TRIAL, UNREACHED, Fire, Owing
from handlers.remind_said import Desk, Fact, said_plainly, standing_at
from handlers.remind_whom import owe_groups, owe_persons, owe_towns
from handlers.reminding import look
from handlers.rules.permissions import Post
from handlers.rules.stages import Stage, stage_in_words
from handlers.standing import active_plans, staff_on
from storage import Owed, Reminder


class Say:
    TRIAL = "【试运行】{stage}，本来会发{count}条，现在只给您看："
    LINE = "{number}. {who}：{text}"
    GROUP = "群 {title}"
    MORE = "……共{count}条，回“按此发送”看其余；要发其中一条，回“按此发送 序号”。"
    HINT = "要发其中一条，回“按此发送 序号”；要正式启用，回“直接启用”。"
    ALL, ONE = "全部按此发送", "按此发送 {number}"
    SEND_ALL = "按此发送 全部"
    OVER = "试运行已到期（{day}）。可以“直接启用”，或“试运行两周”再看看。"
    LIVE, AGAIN = Button("直接启用"), Button("试运行两周")
    SHOWN, BUTTONS = 4, 2
    WHOLE, SHORT = 120, 40  # letters of the first text of a kind, and of those like it
    LOST = 3  # units nobody can be reminded for, beside others


@dataclass(frozen=True, slots=True)
class Would:
    """A message that would have been sent, with the facts that would make it be sent."""

    to: Receiver
    text: Announcement
    facts: tuple[Owed, ...]


async def office_words(desk: Desk, facts: Sequence[Fact]) -> Announcement | None:
    """All the office is to be told by these facts; None when nothing is left of it."""
    blocks: list[Announcement] = []
    mine = [fact for fact in facts if fact.seat == Post.OFFICE]
    trials = sum(fact.stage.startswith(TRIAL) for fact in mine)
    for fact in sorted(mine, key=lambda fact: not fact.stage.startswith(TRIAL)):
        if said := await block_of(desk, fact, max(1, Say.SHOWN // max(1, trials)), Say.LOST if trials else None):
            blocks.append(said)
    if not blocks:
        return None
    buttons = dict.fromkeys(button for block in blocks for button in block.buttons)
    return Announcement("\n".join(block.text for block in blocks), tuple(buttons)[:5])


async def block_of(desk: Desk, fact: Fact, shown: int, lost_shown: int | None) -> Announcement | None:
    """What one fact tells the office: so many of the messages on trial, so many of the units out of reach."""
    if fact.stage.startswith(TRIAL):
        return await trial_block(desk, fact, shown)
    standing = await standing_at(desk, fact.notice, fact.period)
    if standing is None or not standing.open():
        return None
    staff = await staff_on(desk.work, desk.now, desk.now.date())
    found = await call_list(desk.work, standing, staff)
    if fact.stage == UNREACHED:
        lost = unreached_words(found, staff, lost_shown)
        return Announcement(lost) if lost else None
    return Announcement(list_words(found, staff, desk.now, desk.workdays), call_buttons([found]))


async def trial_block(desk: Desk, fact: Fact, shown: int) -> Announcement | None:
    """What would have been sent, each with the way to send it after all."""
    would = await would_send(desk, fact)
    plan = await desk.work.plans.current(fact.notice)
    if not would or plan is None or plan.state != "trial":
        return None
    stage = stage_in_words(OFFSETS.get(fact.stage.removeprefix(TRIAL), 0))
    lines = [Say.TRIAL.format(stage=stage, count=len(would))]
    lines += [line_of(number, one, would[: number - 1]) for number, one in enumerate(would[:shown], 1)]
    lines.append(Say.MORE.format(count=len(would)) if len(would) > shown else Say.HINT)
    over = plan.trial_until is not None and desk.now.date() >= plan.trial_until
    lines += [Say.OVER.format(day=plan.trial_until)] if over else []
    tag = f" #{fact.id}.1" if isinstance(fact, Reminder) else ""
    buttons = [Button(Say.ALL, Say.SEND_ALL + tag)]
    ones = [Say.ONE.format(number=n + 1) for n in range(min(Say.BUTTONS, len(would)))]
    buttons += [Button(one, one + tag) for one in ones]
    return Announcement("\n".join(lines), (*buttons, Say.LIVE, *((Say.AGAIN,) if over else ())))


def line_of(number: int, would: Would, earlier: Sequence[Would]) -> str:
    """2. 某局填报员：您单位还有2件待报……; what is like an earlier one is cut short."""
    text = would.text.text.replace("\n", " ")
    most = Say.SHORT if any(one.to.kind == would.to.kind for one in earlier) else Say.WHOLE
    return Say.LINE.format(number=number, who=who_of(would), text=text[:most] + ("…" if len(text) > most else ""))


def who_of(would: Would) -> str:
    """群 工作群, or a person's name."""
    return Say.GROUP.format(title=would.to.name) if would.to.kind == "group" else would.to.name


async def would_send(desk: Desk, fact: Fact) -> list[Would]:
    """Everything that the stage of a plan on trial would send, groups first, as things stand now."""
    plans = await active_plans(desk.work)
    mine = next(((plan, terms) for plan, terms in plans if plan.notice == fact.notice), None)
    standing = await standing_at(desk, fact.notice, fact.period)
    offset = OFFSETS.get(fact.stage.removeprefix(TRIAL))
    if mine is None or standing is None or offset is None:
        return []
    sight = await look(desk.work, plans, desk.now, desk.now, desk.workdays)
    stage = Stage(fact.notice, standing.due, offset, desk.now.date(), desk.now.time())
    owing = Owing()
    fire = Fire(*mine, stage, desk.now)
    owe_persons(owing, fire, standing, sight)
    owe_towns(owing, fire, standing, sight)
    if offset >= 0:
        owe_groups(owing, fire, standing, sight)
    names = {p.staff_id: p.name for p in sight.staff.people.values()} | {g.chat: group_name(g) for g in sight.groups}
    return await worded(desk, [o for o in owing.owed if o.seat != Post.OFFICE], names)


async def worded(desk: Desk, owed: Sequence[Owed], names: dict[str | None, str]) -> list[Would]:
    """The messages of some facts, one for each receiver."""
    by: dict[tuple[str, str], list[Owed]] = {}
    for fact in sorted(owed, key=lambda fact: fact.receiver_kind):
        by.setdefault((fact.receiver_kind, fact.receiver), []).append(fact)
    found = []
    for (kind, name), facts in by.items():
        to = Receiver("group" if kind == "group" else "person", name, names.get(name, name))
        if said := await said_plainly(replace(desk, job=0), to, facts):
            found.append(Would(to, said, tuple(facts)))
    return found
