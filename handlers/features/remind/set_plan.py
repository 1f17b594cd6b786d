"""报送安排: the office's sentence about how often and until when; open slots are asked, then it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.feature import Aside, Feature, Turn
from handlers.first_hour import after_plan
from handlers.message import Button, Reply
from handlers.plan_talk import plan_said
from handlers.plan_terms import plan_of, terms_of
from handlers.planning import described
from handlers.remind_preview import next_words
from handlers.remind_said import Desk
from handlers.remind_words import short_title
from handlers.rights import actor, allowed
from handlers.rules.permissions import Action, Post
from handlers.rules.plan_sentence import PlanDraft
from handlers.wording import key
from storage import JSON, Dialogue, Plan

feature = Feature("set_plan", {"办公室": ("报送安排",)})
FORM = "set_plan"
TRIAL_DAYS = timedelta(days=14)


class Say:
    HEARS = (
        r"(?=.*(报|提醒|截止)).*(每个?(季|月|半年|年)|按(季|月|半年|年)|(季|月|半年|年)报).*\d.*",
        r"\d{4}年\d+月\d+[日号].*报送.*",
        r"(每个?)?季度?末月?的?\d+[日号].*报.*",
    )
    ASKING = ("吗", "几", "什么", "哪", "多少", "谁", "怎么", "?", "？")
    NONE = "还没有报送安排，不催也没有到期一说。"
    NONE_OFFICE = (
        "还没有报送安排。用一句话说就行，例如：\n每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒\n"
        "也可以点下面一项一项来。"
    )
    SET_BY = "（由办公室设定，通知本身没有规定报送时间）"
    TRIAL = "试运行中，到{day}，提醒只发给办公室。"
    STEPWISE, CHANGE = Button("一步一步设", "改安排"), Button("改安排")
    ASK: Mapping[str, str] = {
        "notice": "是哪份通知的安排？",
        "frequency": "多久报一次？",
        "month": "是哪个月？",
        "day": "几号截止？例如25号、月底。",
        "once": "哪一天？例如12月20日。",
        "again": "请重新说一句，例如：每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒。",
    }
    CHOICES: Mapping[str, tuple[str, ...]] = {
        "frequency": ("每季度", "每月", "每半年", "每年", "只报一次"),
        "month": ("最后一个月", "第一个月"),
        "day": ("25日", "20日", "最后一天"),
        "once": (),
        "again": (),
    }
    UNKNOWN = "这几个词没看懂：{words}。"
    TRY, GO, MEND, LEAVE = Button("试运行两周"), Button("直接启用"), Button("改一下"), Button("取消")
    GO_WORDS = ("直接启用", "启用", "正式启用", "确认", "对", "好", "可以", "发布")
    TRY_WORDS = ("试运行两周", "试运行", "先试运行", "试两周")
    MEND_WORDS = ("改一下", "改", "重新来", "重来")
    STOP_WORDS = ("取消", "算了", "不设了", "先放着", "不改了")
    UNCHANGED = "好，没有改动。"
    LIVE = "已启用。{next}"
    TRYING = "已开始试运行，到{day}：到时的提醒只发给办公室看，每条都可以“按此发送”。{next}"
    NO_TRIAL = "现在没有试运行的安排。说“报送安排”看现在的。"
    PREVIEW = Button("预览提醒")
    JOINED = "、"
    DAY = "{day.month}月{day.day}日"


@feature.command("报送安排", "报送计划", "报送时间", takes=True)
async def show_plan(turn: Turn) -> Reply | None:
    """The plans in force; the office may say a new sentence after the word."""
    office = allowed(turn, Action.SET_PLAN)
    if turn.rest and office:
        return await begin(turn, [turn.rest])
    lines = []
    for notice in turn.library.notices:
        plan = await turn.work.plans.current(notice.key)
        if plan and plan.state in ("published", "trial"):
            lines += [
                short_title(notice.title),
                *described(plan_of(plan.terms), turn.now.date(), turn.library, notice.key),
            ]
            lines += [Say.TRIAL.format(day=Say.DAY.format(day=plan.trial_until))] if plan.trial_until else []
    if not lines:
        return Reply(Say.NONE_OFFICE, (Say.STEPWISE,)) if office else Reply(Say.NONE)
    if not office or not turn.private:
        return Reply("\n".join([*lines, Say.SET_BY]))
    return Reply("\n".join([*lines, await next_words(desk_of(turn), turn.now)]), (Say.CHANGE, Say.PREVIEW))


@feature.command("改安排", "定安排", "设置报送安排")
async def change(turn: Turn) -> Reply | None:
    """The same slots one by one."""
    return await begin(turn, []) if allowed(turn, Action.SET_PLAN) else None


@feature.hears(*Say.HEARS)
async def hear_sentence(turn: Turn) -> Reply | None:
    """The office's sentence; questions and what others say are left to those who answer them."""
    if not allowed(turn, Action.SET_PLAN) or any(word in turn.text for word in Say.ASKING):
        return None
    return await begin(turn, [turn.text])


async def begin(turn: Turn, texts: Sequence[str]) -> Reply | None:
    """Open the form with what was said so far. In a group it is told 1:1 only what to do there."""
    notices = turn.library.notices
    if not notices or not turn.private:
        return None
    notice = notices[0].key if len(notices) == 1 else ""
    return await ask(turn, notice, list(texts))


async def ask(turn: Turn, notice: str, texts: list[str], before: str = "") -> Reply:
    """The next open slot, or the whole plan to be confirmed."""
    if not notice:
        titles = tuple(Button(short_title(n.title)) for n in turn.library.notices[:5])
        return await hold(turn, notice, texts, "notice", Reply(Say.ASK["notice"], titles))
    draft = plan_said(texts, turn.library, notice, turn.now.date())
    if draft.unknown and not before:
        words = Say.JOINED.join(f"“{word}”" for word in draft.unknown)
        return await ask(turn, notice, texts[:-1], Say.UNKNOWN.format(words=words))
    if before and not texts:
        return await hold(turn, notice, texts, "again", Reply(before + Say.ASK["again"]))
    if draft.missing:
        slot = draft.missing[0]
        buttons = tuple(Button(choice) for choice in Say.CHOICES[slot])
        return await hold(turn, notice, texts, slot, Reply(before + Say.ASK[slot], buttons))
    shown = "\n".join(described(draft.plan(), turn.now.date(), turn.library, notice))
    reply = Reply(f"{before}{shown}", (Say.TRY, Say.GO, Say.MEND))
    return await hold(turn, notice, texts, "confirm", reply)


async def hold(turn: Turn, notice: str, texts: list[str], slot: str, reply: Reply) -> Reply:
    """Keep the form open at this slot."""
    await turn.hold(FORM, {"notice": notice, "texts": list(texts), "slot": slot})
    return reply


@feature.form(FORM)
async def carry_on(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """An answer to the slot asked, a word of the confirmation, or something else that others answer."""
    state, said = opened.state or {}, key(turn.text)
    notice, slot, texts = str(state.get("notice") or ""), str(state.get("slot")), texts_of(state)
    if said in Say.STOP_WORDS:
        await turn.release()
        return Reply(Say.UNCHANGED)
    if slot == "confirm" and said in (*Say.GO_WORDS, *Say.TRY_WORDS):
        return await publish(turn, notice, texts, trial=said in Say.TRY_WORDS)
    if slot == "confirm" and said in Say.MEND_WORDS:
        return await hold(turn, notice, [], "again", Reply(Say.ASK["again"]))
    if turn.is_command(turn.text) or any(word in turn.text for word in Say.ASKING):
        return Aside(await ask(turn, notice, texts))
    if slot == "notice":
        return await ask(turn, chosen(turn), texts)
    return await ask(turn, notice, [*texts, turn.text])


def chosen(turn: Turn) -> str:
    """Key of the notice meant by its title."""
    said = key(turn.text)
    return next((n.key for n in turn.library.notices if said in key(n.title) or said == key(n.key)), "")


def texts_of(state: Mapping[str, JSON]) -> list[str]:
    """What was said so far."""
    texts = state.get("texts")
    return [str(text) for text in texts] if isinstance(texts, list | tuple) else []


async def publish(turn: Turn, notice: str, texts: list[str], *, trial: bool) -> Reply:
    """Put the plan in force, or on trial; what the one before still owed is dropped."""
    draft: PlanDraft = plan_said(texts, turn.library, notice, turn.now.date())
    before = await turn.work.plans.current(notice)
    until = turn.now.date() + TRIAL_DAYS if trial else None
    await turn.work.plans.publish(
        notice, Say.JOINED.join(texts), terms_of(draft.plan()), actor(turn, Post.OFFICE), turn.now,
        state="trial" if trial else "published", trial_until=until,
    )  # fmt: skip
    if before:
        await turn.work.reminders.close_plan(before.id)
    await turn.work.notices.bump()
    await turn.release()
    return await published(turn, until is not None)


async def published(turn: Turn, trial: bool) -> Reply:
    """What happens next."""
    following = await next_words(desk_of(turn), turn.now)
    if trial:
        until = turn.now.date() + TRIAL_DAYS
        said = Say.TRYING.format(day=Say.DAY.format(day=until), next=following)
        return Reply("\n".join([said, *await after_plan(turn.work)]), (Say.PREVIEW, Say.GO))
    return Reply("\n".join([Say.LIVE.format(next=following), *await after_plan(turn.work)]), (Say.PREVIEW,))


@feature.command("直接启用", "正式启用")
async def go_live(turn: Turn) -> Reply | None:
    """End the trial: from the next stage on everybody is reminded."""
    return await switch(turn, "published")


@feature.command("试运行两周", "试运行")
async def try_again(turn: Turn) -> Reply | None:
    """Two weeks (more) of trial."""
    return await switch(turn, "trial")


async def switch(turn: Turn, state: str) -> Reply | None:
    """Change the state of every plan it fits."""
    if not allowed(turn, Action.SET_PLAN):
        return None
    fits = [p for p in await turn.work.plans.all_current() if fits_switch(p, state)]
    until = turn.now.date() + TRIAL_DAYS if state == "trial" else None
    for plan in fits:
        await turn.work.plans.switch(plan.id, state, actor(turn, Post.OFFICE), turn.now, trial_until=until)
    return await published(turn, state == "trial") if fits else Reply(Say.NO_TRIAL)


def fits_switch(plan: Plan, state: str) -> bool:
    """Only a plan on trial goes live; one on trial or in force may be tried (again)."""
    return plan.state == "trial" or (state == "trial" and plan.state == "published")


def desk_of(turn: Turn) -> Desk:
    """What texts are made with."""
    return Desk(turn.work, turn.library, turn.now, turn.workdays)
