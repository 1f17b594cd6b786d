"""Joint leads: one reports, the others say 对 or 有不同; silence is kept as silence. Asking them is handing_in's."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.feature import Aside, Feature, Round, Turn
from handlers.form_words import Word, word_of
from handlers.handing_in import tell_all
from handlers.message import Announcement, Receiver, Reply
from handlers.rights import actor, clerk_units
from handlers.rules.permissions import CLERKS, Post
from handlers.rules.workdays import Workdays
from handlers.wording import one_line
from storage import Actor, Dialogue, State, StoredMatter, Submission

feature = Feature("confirm_jointly")
PATIENCE = 2  # workdays after which silence is told to the office
KINDS = ("agree", "differ", "silent")
SYSTEM = Actor("system")


class Say:
    AGREE, DIFFER = "同意该数", "有不同意见"
    NOT_YOURS = "这件事不是您单位共同负责的，不用回。"
    GONE = "这一版后来改过或撤回了，有新的会再问您。"
    AGREED = "好的，记下了：{unit}同意。"
    WHAT = "哪里不同？请说一句，会转给{unit}和审核的同志。"
    NOTED = "记下了，已转给{unit}和审核的同志。"
    TOLD = "{name}：{unit}有不同意见：{words}"
    TOLD_AGREED = "{name}：{unit}看过，没有不同意见。"
    AGAIN = "已经记过了：{what}。"
    WORDS: Mapping[str, str] = {"agree": "同意", "differ": "有不同"}
    CALL = "共同负责的这几家还没有回，要不要打个电话？（没有回的记为没有回，不算同意）"
    SILENT = "- {unit}{phones}　{name}（{lead}报的）"
    PHONE, NOBODY = "{name} {mobile}", "（没有登记联络人）"
    JOINED = "、"


@feature.command(Say.AGREE)
async def agree(turn: Turn) -> Reply:
    """The other lead sees it so."""
    asked = await pressed(turn)
    if isinstance(asked, Reply):
        return asked
    made, stored, unit = asked
    await note(turn, made, unit, "agree", "")
    text = Say.TOLD_AGREED.format(name=stored.name, unit=unit)
    turn.tell(Receiver("person", made.submitted_by), Announcement(text))
    return Reply(Say.AGREED.format(unit=unit))


@feature.command(Say.DIFFER)
async def differ(turn: Turn) -> Reply:
    """The other lead sees it otherwise: kept at once, the words follow."""
    asked = await pressed(turn)
    if isinstance(asked, Reply):
        return asked
    made, _, unit = asked
    await note(turn, made, unit, "differ", "")
    await turn.hold("differ", {"submission": made.id, "unit": unit})
    return Reply(Say.WHAT.format(unit=made.unit))


@feature.form("differ")
async def take_words(turn: Turn, opened: Dialogue) -> Reply | Aside:
    """The next message is what is different, unless it is a command."""
    await turn.release()
    if turn.tag or turn.is_command(turn.text) or word_of(turn.text) in (Word.CANCEL, Word.PARK):
        return Aside()
    state = opened.state or {}
    made = await turn.work.submissions.get(int(str(state["submission"])))
    stored = await turn.work.matters.get(made.matter_id) if made else None
    unit = str(state["unit"])
    if made is None or stored is None or unit not in clerk_units(turn.person):
        return Reply(Say.GONE)
    words = one_line(turn.text)
    await note(turn, made, unit, "differ", words)
    told = Announcement(Say.TOLD.format(name=stored.name, unit=unit, words=words))
    turn.tell(Receiver("person", made.submitted_by), told)
    reviewers = await turn.work.directory.people(turn.now, post=Post.REVIEWER)
    tell_all(turn, [p for p in reviewers if not set(p.units) & set(stored.lead_units)], told)
    return Reply(Say.NOTED.format(unit=made.unit))


async def pressed(turn: Turn) -> tuple[Submission, StoredMatter, str] | Reply:
    """The submission the button is about and the unit that answers; or why it cannot."""
    made = await turn.work.submissions.get(int(turn.tag.ref)) if turn.tag else None
    stored = await turn.work.matters.get(made.matter_id) if made else None
    if made is None or stored is None or not turn.private:
        return Reply(Say.GONE)
    unit = next((u for u in stored.lead_units if u in clerk_units(turn.person) and u != made.unit), None)
    if unit is None:
        return Reply(Say.NOT_YOURS)
    if not made.live:
        return Reply(Say.GONE)
    said = [
        c for c in await turn.work.contributions.of(made.matter_id, made.period) if of_version(c.draft_revision, made)
    ]
    before = next((c.kind for c in reversed(said) if c.unit == unit and c.kind in Say.WORDS), None)
    return Reply(Say.AGAIN.format(what=Say.WORDS[before])) if before else (made, stored, unit)


def of_version(revision: int | None, made: Submission) -> bool:
    """Whether a word was said to this version."""
    return revision == made.draft_revision


async def note(turn: Turn, made: Submission, unit: str, kind: str, words: str) -> None:
    """Keep the word."""
    await turn.work.contributions.add(
        made.matter_id, made.period, unit, kind, actor(turn), turn.now, words=words,
        draft_revision=made.draft_revision,
    )  # fmt: skip


@feature.every("joint silence", "20 9 * * *", policy="latest")
async def note_silence(round: Round) -> None:
    """After two workdays without a word: recorded as silence, and the office is told whom to call, in one message."""
    workdays = Workdays()
    if not workdays.is_workday(round.now.date()):
        return
    lines: list[str] = []
    for made in await round.work.submissions.waiting():
        asked_on = made.submitted_at.astimezone(round.now.tzinfo).date()
        if made.state is State.SIGNING or workdays.add(asked_on, PATIENCE) > round.now.date():
            continue
        stored = await round.work.matters.get(made.matter_id)
        if stored and len(stored.lead_units) > 1:
            lines += await note_silent_units(round, made, stored)
    for person in await round.work.directory.people(round.now, post=Post.OFFICE) if lines else ():
        if person.staff_id:
            text, key = "\n".join((Say.CALL, *lines)), f"silent/{round.now.date()}/{person.staff_id}"
            round.tell(Receiver("person", person.staff_id, person.name), Announcement(text), key)


async def note_silent_units(round: Round, made: Submission, stored: StoredMatter) -> list[str]:
    """Silence kept for each unit that said nothing to this version; a line for each."""
    said = await round.work.contributions.of(made.matter_id, made.period)
    heard = {c.unit for c in said if c.kind in KINDS and of_version(c.draft_revision, made)}
    silent = [unit for unit in stored.lead_units if unit != made.unit and unit not in heard]
    lines = []
    for unit in silent:
        await round.work.contributions.add(
            made.matter_id, made.period, unit, "silent", SYSTEM, round.now, draft_revision=made.draft_revision
        )
        words = {"unit": unit, "name": stored.name, "lead": made.unit, "phones": await phones(round, unit)}
        lines.append(Say.SILENT.format(**words))
    return lines


async def phones(round: Round, unit: str) -> str:
    """Whom to call."""
    people = await round.work.directory.people(round.now, unit=unit)
    clerks = [p for p in people if any(s.unit == unit and s.post in CLERKS for s in p.seats)]
    shown = [Say.PHONE.format(name=p.name, mobile=p.mobile or "") for p in clerks]
    return f"（{Say.JOINED.join(shown)}）" if shown else Say.NOBODY
