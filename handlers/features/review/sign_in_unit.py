"""内审签: a unit's head looks at what its clerks report before it goes to the office. Off by default, per unit."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.drafting import find_desk
from handlers.feature import Feature, Turn
from handlers.handing_in import SIGNING, ask_joint, free_to_review, refuse_sealed
from handlers.message import Announcement, Button, Receiver, Reply
from handlers.rights import actor, allowed
from handlers.rules.permissions import About, Action, Post
from storage import AlreadyDecided, Decision, State, StoredMatter, Submission

feature = Feature("sign_in_unit", {"单位负责人": ("内审签 开", "内审签 关")})


class Say:
    NOT_YOURS = "这由本单位负责人来定。"
    GONE = "这一版后来改过或撤回了。"
    DONE = "已经处理过了（{state}）。"
    STATES: Mapping[str, str] = {
        "pending": "已报出",
        "second": "已报出",
        "returned": "已退回",
        "withdrawn": "已撤回",
        "approved": "已通过",
    }
    AGREED = "已同意报出：{name}。"
    BACK = "已退回给填报的同志改，数都留着。"
    TOLD_AGREED = "{name}：单位负责人已同意，已交办公室。"
    TOLD_BACK = "{name}：单位负责人请您再改一下，数已留着。"
    WORDS: Mapping[Decision, str] = {Decision.REFUSE_SIGN: "（单位负责人请再改一下）"}
    GO_ON, SAYS_GO_ON = "接着填", "填报 {name}"
    ON, OFF = "开", "关"
    NOW_ON = "{unit}：以后填报先给单位负责人看，同意后再交办公室。要取消说“内审签 关”。"
    NOW_OFF = "{unit}：以后填报直接交办公室。"
    WHICH = "请说“内审签 开”或“内审签 关”。"


@feature.command("同意报出")
async def agree(turn: Turn) -> Reply:
    """It goes on to the office."""
    return await decide(turn, Decision.SIGN, Say.AGREED, Say.TOLD_AGREED)


@feature.command("退回改一下")
async def give_back(turn: Turn) -> Reply:
    """The clerk's draft reopens."""
    return await decide(turn, Decision.REFUSE_SIGN, Say.BACK, Say.TOLD_BACK)


async def decide(turn: Turn, decision: Decision, said: str, told: str) -> Reply:
    """Decide once, tell whoever submitted."""
    made = await turn.work.submissions.get(int(turn.tag.ref)) if turn.tag else None
    stored = await turn.work.matters.get(made.matter_id) if made else None
    if made is None or stored is None or not turn.private:
        return Reply(Say.GONE)
    if not allowed(turn, Action.SIGN_IN_UNIT, About(unit=made.unit)):
        return Reply(Say.NOT_YOURS)
    await refuse_sealed(turn, made.notice, made.period)
    to = State.PENDING if await free_to_review(turn, stored, made.writers) else State.SECOND
    try:
        await turn.work.submissions.decide(
            made.id, decision, actor(turn, Post.HEAD), turn.now, words=Say.WORDS.get(decision, ""), signed_to=to
        )
    except AlreadyDecided as before:
        return Reply(Say.DONE.format(state=Say.STATES.get(before.state, before.state)))
    tell(turn, made, stored, told)
    draft = await turn.work.drafts.get(made.draft_id) if made.draft_id and decision is Decision.SIGN else None
    if draft and (desk := await find_desk(turn, draft)):
        await ask_joint(turn, desk, made)
    return Reply(said.format(name=stored.name))


def tell(turn: Turn, made: Submission, stored: StoredMatter, told: str) -> None:
    """To whoever submitted it."""
    buttons = (Button(Say.GO_ON, Say.SAYS_GO_ON.format(name=stored.name)),) if told == Say.TOLD_BACK else ()
    turn.tell(Receiver("person", made.submitted_by), Announcement(told.format(name=stored.name), buttons))


@feature.command("内审签", takes=True)
async def switch(turn: Turn) -> Reply:
    """On or off for the unit of the asker."""
    unit = next((s.unit for s in turn.person.seats if s.post == Post.HEAD), None)
    if unit is None or not allowed(turn, Action.SIGN_IN_UNIT, About(unit=unit)):
        return Reply(Say.NOT_YOURS)
    if turn.rest not in (Say.ON, Say.OFF):
        return Reply(Say.WHICH)
    await turn.work.settings.set(SIGNING.format(unit=unit), turn.rest == Say.ON, actor(turn, Post.HEAD), turn.now)
    return Reply((Say.NOW_ON if turn.rest == Say.ON else Say.NOW_OFF).format(unit=unit))
