"""复现: what was answered then, on which text. Nothing is answered anew."""

from __future__ import annotations

from handlers.feature import Feature, Turn
from handlers.message import Reply
from handlers.rights import allowed
from handlers.rules.permissions import Action
from handlers.wording import key
from knowledge import Ref
from storage import Answered

feature = Feature("show_answer", {"审计": ("复现",)})


class Say:
    SHOWN = "第{number}号回答（{at:%Y年%m月%d日 %H:%M}，{unit}）"
    ASKED, SAID = "问：{question}", "答：{answer}"
    PLACES = "依据：{places}"
    VERSION = "通知：{notice}（版本{hash}{now}）"
    NOW, OLD = "，现在仍是这一版", "，现在已换版本"
    NONE_CITED = "依据：没有引用原文（没有答上来）。"
    DISLIKED = "提问人说没答对。"
    FORM = "请说：复现 编号，例如：复现 12。只说“复现”看我上一次回答您的。"
    GONE = "没有第{number}号回答。"
    NOT_YOURS = "别人的问答由办公室和审计来看。"
    NOTHING = "我还没有回答过您的问题。"
    ALONE = "请在单聊里看。"
    SOMEBODY = "未登记单位"


@feature.command("复现", "当时怎么答的", "上次怎么答的", takes=True)
async def show(turn: Turn) -> Reply:
    """An answer by its number, without one the last that the asker got here."""
    if not turn.private:
        return Reply(Say.ALONE)
    said, person = key(turn.rest).strip("第号"), turn.person.staff_id or ""
    if not said:
        last = await turn.work.misses.last_answer(person, turn.message.chat.id)
        return told(turn, last) if last else Reply(Say.NOTHING)
    if not said.isdecimal():
        return Reply(Say.FORM)
    found = await turn.work.misses.answered(int(said[:12]))
    if found and found.person != person and not allowed(turn, Action.SEE_AUDIT):
        return Reply(Say.NOT_YOURS)
    if found is None:
        return Reply(Say.GONE.format(number=said[:12]) if allowed(turn, Action.SEE_AUDIT) else Say.NOT_YOURS)
    return told(turn, found)


def told(turn: Turn, found: Answered) -> Reply:
    """The answer as it was given, its places and version."""
    at = found.answered_at.astimezone(turn.now.tzinfo)
    lines = [Say.SHOWN.format(number=found.id, at=at, unit=found.unit or Say.SOMEBODY)]
    lines += [Say.ASKED.format(question=found.question), Say.SAID.format(answer=found.answer)]
    places = "、".join(dict.fromkeys(turn.library.show(Ref(ref), found.notice) for ref in found.refs))
    lines.append(Say.PLACES.format(places=places) if places else Say.NONE_CITED)
    if found.notice and found.content_hash:
        same = any(n.content_hash == found.content_hash for n in turn.library.notices)
        now = Say.NOW if same else Say.OLD
        lines.append(Say.VERSION.format(notice=found.notice, hash=found.content_hash[:8], now=now))
    lines += [Say.DISLIKED] if found.disliked else []
    return Reply("\n".join(lines))
