"""Ask the notice: a question is answered from the published notices, with its place. Forms are the affair of report."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.pending import CHOICES
from handlers.plan_terms import plan_of
from handlers.rights import clerk_units
from handlers.rules.periods import next_dues
from handlers.rules.permissions import Post
from handlers.rules.workdays import Workdays
from knowledge import Answer, Asked, Context, Outcome

feature = Feature("ask_notice")
ROWS = 8  # of a list on one screen of a phone, with its head and what is beside it
UNSURE = 0.5  # below it an answer joins the office's list of what was not answered well


class Say:
    NOT_RIGHT = "没答对"
    WHEN_TO_REPORT = re.compile(
        "(几号|什么时候|啥时候|多久|何时|哪天|时间|截止|期限|哪日).{0,6}(报|交|填)|(报|交|填).{0,6}(几号|什么时候|啥时候|时间|截止|期限|多久|哪天)"
        "|每(月|季|季度|周|年)几(号|月|次)"
    )
    NOT_SET = "通知没有规定报送时间。"
    OFFICE_SET = "办公室定的本期截止是{day}{at:%H:%M}。"
    PLAN, FORM, TASKS = "报送安排", "填报", "我的任务"
    PAGES = (
        (Post.OFFICE, "今天要办的"),
        (Post.LEADER, "领导看板"),
        (Post.REVIEWER, "待审"),
        (Post.HEAD, "我的进展"),
        (Post.AUDITOR, "例外清单"),
        (Post.OPERATOR, "状态"),
    )
    NO_NOTICE = "现在还没有发布的通知，暂时答不了。请办公室先导入通知。"


@feature.opens("问通知")
async def ask_notice(turn: Turn, _: Mapping[str, str]) -> Reply | None:
    """The library's answer to what was said; None hands over to help."""
    if not turn.library.notices:
        return Reply(Say.NO_NOTICE)
    answer = turn.library.ask(await asked(turn))
    await remember(turn, answer)
    if answer.outcome is Outcome.HELP:
        return None
    if answer.outcome is Outcome.FORM and answer.matter:
        facts = {"matter": answer.matter, "notice": answer.notice or "", "value": answer.value or ""}
        return await turn.open("填报事项", **facts)
    due = await office_deadline(turn, answer) if answer.outcome is Outcome.REFUSE else None
    if due is not None:
        return due
    buttons = tuple(Button(fit_for(turn, words)) for words in answer.suggestions if may_be_said(turn, words))
    if answer.confidence < UNSURE and answer.outcome is Outcome.ANSWER:
        buttons += (Button(Say.NOT_RIGHT),)
    asks = answer.outcome is Outcome.CLARIFY
    return Reply(answer.text, buttons, tuple(str(ref) for ref in answer.cites), asks=asks)


def may_be_said(turn: Turn, words: str) -> bool:
    """Whether the next step is open to the asker: a form only to who reports for a unit."""
    return not words.startswith(Say.FORM) or bool(clerk_units(turn.person))


def fit_for(turn: Turn, words: str) -> str:
    """The words, or for somebody who reports nothing, in place of his tasks the page of his own seat."""
    if words != Say.TASKS or clerk_units(turn.person):
        return words
    posts = {seat.post for seat in turn.person.seats}
    return next((page for post, page in Say.PAGES if post in posts), words)


async def office_deadline(turn: Turn, answer: Answer) -> Reply | None:
    """The office's own deadline, where the notice sets none and one was asked for."""
    if not Say.WHEN_TO_REPORT.search(turn.text) or not answer.notice:
        return None
    plan = await turn.work.plans.current(answer.notice)
    if plan is None or plan.state not in ("published", "trial"):
        return None
    terms, days, today = plan_of(plan.terms), Workdays(), turn.now.date()
    due = next(iter(next_dues(terms, days, today, 1)), None)
    said = [Say.OFFICE_SET.format(day=days.spoken(due.day, today), at=due.at)] if due else []
    return Reply("\n".join([Say.NOT_SET, *said]), (Button(Say.PLAN),))


async def asked(turn: Turn) -> Asked:
    """The question with what is known of the asker, the chat and its earlier turns."""
    context = turn.dialogue.context if turn.dialogue else None
    facts = {name: value for name, value in (context or {}).items() if isinstance(value, str) and name != CHOICES}
    return Asked(
        turn.text, turn.unit, Context({**facts, "rows": str(ROWS)}), turn.now.date(), await notice_of_chat(turn)
    )


async def notice_of_chat(turn: Turn) -> str | None:
    """The notice a group is bound to, if it is one; 1:1 chats are about all of them."""
    if turn.private:
        return None
    group = await turn.work.groups.group(turn.message.chat.id)
    bound = {b.notice for b in group.bindings} if group else set()
    return bound.pop() if len(bound) == 1 else None


async def remember(turn: Turn, answer: Answer) -> None:
    """Keep what this turn leaves understood, what was answered on which text, and what was answered badly."""
    offered = {CHOICES: "\n".join(answer.suggestions)} if answer.outcome is Outcome.CLARIFY else {}
    await turn.understand({**answer.context.facts, **offered})
    person = turn.person.staff_id or ""
    kept = await turn.work.misses.keep(
        person=person, chat=turn.message.chat.id, unit=turn.unit, question=turn.text, outcome=answer.outcome.value,
        answer=answer.text, refs=answer.cites, notice=answer.notice, content_hash=version_of(turn, answer.notice),
        confidence=answer.confidence, at=turn.now,
    )  # fmt: skip
    if answer.outcome is Outcome.REFUSE or answer.confidence < UNSURE:
        why = "refused" if answer.outcome is Outcome.REFUSE else "unsure"
        await turn.work.misses.missed(turn.text, why, person=person, unit=turn.unit, at=turn.now, answer_id=kept)


def version_of(turn: Turn, notice: str | None) -> str | None:
    """Hash of the version that was answered from."""
    return next((n.content_hash for n in turn.library.notices if n.key == notice), None)
