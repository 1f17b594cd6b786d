"""定口径: which side of a contradiction the office uses meanwhile (暂按), with its basis, under four eyes."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.feature import Aside, Feature, Turn
from handlers.form_words import Word, reads_as_question, word_of
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, allowed
from handlers.rules.permissions import CLERKS, Action, Post
from handlers.ruling import Dispute, among, disputes, leads_of, may_rule, quotes, rulings
from handlers.wording import one_line
from knowledge import Ref
from storage import JSON, Dialogue

feature = Feature("rule_conflict", {"办公室": ("定口径",)})
FORM = "ruling"


class Say:
    NOT_OFFICE = "口径由联席会议办公室来定。"
    ALONE = "请在单聊里定。"
    NONE = "通知里没有前后不一致的目标和责任单位。"
    LIST = "前后不一致{count}件，已定{ruled}件："
    LINE = "{number}. {name}：{state}"
    RULED, YOURS, OTHERS = "暂按{place}", "待定", "待定（涉及{units}，请其他单位的办公室同志定）"
    HOW = "回“定口径 名称”，例如：定口径 {name}"
    MORE = "…另有{count}件"
    NOT_FOUND = "没有找到“{said}”的不一致。回“定口径”看有哪些。"
    WHICH = "是哪一件？"
    RULE = "定口径 {name}"
    CARD = "{name}，文件里有{count}种说法："
    SIDE = "{place}：{quote}"
    NOW = "现在暂按{place}（{on:%m月%d日}，依据：{basis}）。"
    PICK = "暂按哪一处？"
    SIDE_BUTTON = "暂按{place}"
    BACK_BUTTON = "取消暂按"
    FOUR_EYES = "这件事按哪种说法都和您单位有关（{units}），要由其他单位的办公室同志来定。您看到的两处说法照旧都列出。"
    BASIS = "暂按{place}。依据是什么？一句话，例如：联席会议12月20日会议明确。"
    SHORT = "依据请写得再明白一点，例如：某月某日会议明确、请示某某同意。"
    CHECK = "{name}暂按{place}，依据：{basis}。两处原文照样都列出。确定吗？"
    YES, EDIT, NO = "确定", "改依据", "不定了"
    DONE = "已记下：{name}暂按{place}（依据：{basis}）。回答和审核时都会写明。"
    TOLD = "已告诉{count}位填报的同志。"
    NEWS = "{name}：两处说法不一致，办公室定了暂按{place}（依据：{basis}）。"
    LEFT = "好的，没有定，两处都照原文列出。"
    GONE = "通知换了版本，这一处已经不在了。回“定口径”看现在的。"
    TAKEN_BACK = "已取消：{name}不再暂按哪一处，两处都照原文列出。"
    NOT_RULED = "{name}没有定过口径。"
    SHORTEST = 4
    SHOWN, QUOTED = 10, 100


def refused(turn: Turn) -> Reply | None:
    """Why the sender may not rule here; None when he may."""
    if not allowed(turn, Action.RULE):
        return Reply(Say.NOT_OFFICE)
    return None if turn.private else Reply(Say.ALONE)


@feature.command("定口径", "暂按口径", "暂按", takes=True)
async def rule(turn: Turn) -> Reply:
    """The list; with a name, that contradiction with its sides as buttons."""
    if (no := refused(turn)) is not None:
        return no
    found = disputes(turn.library)
    if not turn.rest:
        return await listed(turn, found)
    meant = among(found, turn.library, turn.rest)
    if len(meant) > 1:
        return Reply(Say.WHICH, tuple(Button(d.matter.name, Say.RULE.format(name=d.matter.name)) for d in meant))
    return await card(turn, meant[0]) if meant else Reply(Say.NOT_FOUND.format(said=turn.rest[:20]))


async def listed(turn: Turn, found: list[Dispute]) -> Reply:
    """Every contradiction with its state, those the sender may settle first."""
    if not found:
        return Reply(Say.NONE)
    ruled = await rulings(turn)
    found.sort(key=lambda d: ((d.notice, d.matter.key) in ruled, not may_rule(turn, d)))
    lines = []
    for number, dispute in enumerate(found[: Say.SHOWN], 1):
        held = ruled.get((dispute.notice, dispute.matter.key))
        place = turn.library.show(Ref(held.ref), dispute.notice) if held else ""
        others = "、".join(sorted(set(leads_of(turn.library, dispute)) & set(turn.person.units)))
        state = Say.RULED.format(place=place) if held else Say.OTHERS.format(units=others) if others else Say.YOURS
        lines.append(Say.LINE.format(number=number, name=dispute.matter.name, state=state))
    lines += [Say.MORE.format(count=len(found) - Say.SHOWN)] if len(found) > Say.SHOWN else []
    head = Say.LIST.format(count=len(found), ruled=sum((d.notice, d.matter.key) in ruled for d in found))
    buttons = tuple(Button(d.matter.name, Say.RULE.format(name=d.matter.name)) for d in found[:3])
    return Reply("\n".join([head, *lines, Say.HOW.format(name=found[0].matter.name)]), buttons)


async def card(turn: Turn, dispute: Dispute) -> Reply:
    """Both quotes; the sides as buttons if the sender may decide."""
    sides = quotes(turn.library, dispute)
    held = (await rulings(turn)).get((dispute.notice, dispute.matter.key))
    lines = [Say.CARD.format(name=dispute.matter.name, count=len(sides))]
    lines += [Say.SIDE.format(place=place, quote=quote[: Say.QUOTED]) for _, place, quote in sides]
    if held:
        place = turn.library.show(Ref(held.ref), dispute.notice)
        lines.append(Say.NOW.format(place=place, on=held.day, basis=held.basis))
    if not may_rule(turn, dispute):
        return Reply("\n".join([*lines, Say.FOUR_EYES.format(units="、".join(leads_of(turn.library, dispute)))]))
    await turn.hold(FORM, {"notice": dispute.notice, "matter": dispute.matter.key, "step": "side"})
    buttons = [Button(Say.SIDE_BUTTON.format(place=place)) for _, place, _ in sides[:4]]
    buttons += [Button(Say.BACK_BUTTON, f"取消暂按 {dispute.matter.name}")] if held else []
    return Reply("\n".join([*lines, Say.PICK]), tuple(buttons))


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """Side, basis, yes: each in its turn; anything else leaves the form."""
    state = dict(opened.state or {})
    dispute = next(
        (d for d in disputes(turn.library) if (d.notice, d.matter.key) == (state.get("notice"), state.get("matter"))),
        None,
    )
    if word_of(turn.text) in (Word.CANCEL, Word.PARK) or turn.text == Say.NO:
        await turn.release()
        return Reply(Say.LEFT)
    if turn.is_command(turn.text) and not turn.text.startswith("暂按"):
        await turn.release()
        return Aside()
    if dispute is None or not may_rule(turn, dispute):
        await turn.release()
        return Reply(Say.GONE)
    steps = {"side": take_side, "basis": take_basis, "yes": take_yes}
    return await steps[str(state.get("step"))](turn, dispute, state)


async def take_side(turn: Turn, dispute: Dispute, state: dict[str, JSON]) -> Reply | Aside:
    """Which place holds."""
    said = turn.text.removeprefix("暂按").strip()
    chosen = next(((ref, place) for ref, place, _ in quotes(turn.library, dispute) if place == said), None)
    if chosen is None:
        await turn.release()
        return Aside()
    await turn.hold(FORM, {**state, "step": "basis", "ref": chosen[0]})
    return Reply(Say.BASIS.format(place=chosen[1]))


async def take_basis(turn: Turn, dispute: Dispute, state: dict[str, JSON]) -> Reply | Aside:
    """Why; a word is not enough."""
    if reads_as_question(turn.text):
        return Aside(Reply(Say.BASIS.format(place=turn.library.show(Ref(str(state["ref"])), dispute.notice))))
    basis = one_line(turn.text)
    if len(basis) < Say.SHORTEST:
        return Reply(Say.SHORT)
    await turn.hold(FORM, {**state, "step": "yes", "basis": basis})
    place = turn.library.show(Ref(str(state["ref"])), dispute.notice)
    buttons = (Button(Say.YES), Button(Say.EDIT), Button(Say.NO))
    return Reply(Say.CHECK.format(name=dispute.matter.name, place=place, basis=basis), buttons)


async def take_yes(turn: Turn, dispute: Dispute, state: dict[str, JSON]) -> Reply | Aside:
    """Rule, or ask for the basis again."""
    place = turn.library.show(Ref(str(state["ref"])), dispute.notice)
    if turn.text == Say.EDIT or word_of(turn.text) is Word.EDIT:
        await turn.hold(FORM, {**state, "step": "basis"})
        return Reply(Say.BASIS.format(place=place))
    if turn.text != Say.YES and word_of(turn.text) not in (Word.YES, Word.SUBMIT):
        return Aside()
    await turn.release()
    by, basis = actor(turn, Post.OFFICE), str(state["basis"])
    await turn.work.rulings.rule(
        dispute.notice, dispute.matter.key, str(state["ref"]), basis, turn.now.date(), by, turn.now
    )  # fmt: skip
    facts = {"name": dispute.matter.name, "place": place, "basis": basis}
    told = await tell_clerks(turn, dispute, facts)
    lines = [Say.DONE.format(**facts), *([Say.TOLD.format(count=told)] if told else [])]
    return Reply("\n".join(lines))


async def tell_clerks(turn: Turn, dispute: Dispute, facts: Mapping[str, str]) -> int:
    """Those who report for a lead unit of any side hear of it; how many."""
    people = {}
    for unit in leads_of(turn.library, dispute):
        for person in await turn.work.directory.people(turn.now, unit=unit):
            if person.staff_id and any(s.post in CLERKS and s.unit == unit for s in person.seats):
                people[person.staff_id] = person
    for staff_id in people:
        turn.tell(Receiver("person", staff_id), Announcement(Say.NEWS.format(**facts)))
    return len(people)


@feature.command("取消暂按", "取消口径", takes=True)
async def take_back(turn: Turn) -> Reply:
    """Neither side holds any more; under four eyes as well."""
    if (no := refused(turn)) is not None:
        return no
    await turn.release()
    meant = among(disputes(turn.library), turn.library, turn.rest) if turn.rest else []
    if len(meant) != 1:
        return Reply(Say.NOT_FOUND.format(said=turn.rest[:20]))
    dispute, name = meant[0], meant[0].matter.name
    if not may_rule(turn, dispute):
        return Reply(Say.FOUR_EYES.format(units="、".join(leads_of(turn.library, dispute))))
    by = actor(turn, Post.OFFICE)
    ended = await turn.work.rulings.end(dispute.notice, dispute.matter.key, by, turn.now, "taken back")
    return Reply((Say.TAKEN_BACK if ended else Say.NOT_RULED).format(name=name))
