"""怎么报, 不会填, 怎么改: one line on how a thing is done here. Does none of it; the card of all words is help."""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.feature import Feature, Turn
from handlers.message import Button, Reply
from handlers.rights import clerk_units
from handlers.wording import key
from knowledge import Measure

feature = Feature("tell_how")


class Say:
    HEARS = (
        r"(?:这个|那|我)?(?:应该|要|该)?(?:怎么|怎样|如何|咋|在哪[里儿]?|去哪[里儿]?|从哪[里儿]?)(?:样|个|去|来)?(?P<verb>{verbs})"
        r"(?:法|数据?|进展|进度|报表|岗位|啊|呢|啦|的|呀|一下)*",
        r"(?:我|还|都|根本)*(?:不|没)(?:太)?(?:会|懂|知道|明白)(?:怎么|如何|该怎么)?(?P<verb>{verbs})(?:数据?|啊|呢|呀|了)*",
        r"(?P<verb>{verbs})(?:数据?)?(?:的)?(?:方法|流程|步骤|说明|指南|教程)",
    )
    HOWS = (
        (
            "填报|上报|报送|报数|填数|填写|操作|提交|报|填|交|弄|用|搞",
            "一句话就能报，例如“{example}”，核对后点〔提交〕。也可以说“填报”一件一件来，中途随时能停、能改前面的。",
            ("填报", "试填"),
        ),
        (
            "更正|修改|改数|纠正|改",
            "还没提交的，当场说“改成36”；已经提交的，说“更正 事项名”，旧数新数都留着。",
            ("我的进展",),
        ),
        ("撤回|撤销|收回", "办公室还没看的，说“撤回 事项名”；已经通过的，说“更正 事项名”。", ("我的进展",)),
        ("请假|换人|交接|移交", "说“我请假到下周五”，这段时间的提醒找您指定的人；换人接手，说“我请假/换人”。", ()),
        (
            "上传附件|传附件|发附件|加附件|传材料|发材料|传文件|发文件|上传",
            "填到一半时，把文件发到单聊里就附在那一件上。附件不是必须的。",
            ("填报",),
        ),
        ("申请缓交|缓交|延期|晚交|晚报", "说“缓交 事项名”，写上缓到哪天和原因，由办公室定。", ("缓交",)),
        ("认领|登记|注册", "说“认领 单位 岗位”，例如“认领 {unit} 填报员”，办公室确认后就能报。", ()),
    )
    NO_SEAT = "（填报要先登记岗位，请联系办公室。）"
    EXAMPLE, EXAMPLE_UNIT, VALUE = "{names}，其他和上期一样", "某某局", "{name}{value}"
    SAMPLES, SHOWN = ("35", "7"), 2


@lru_cache(maxsize=1)
def kinds() -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    """(what is heard, the line, the buttons), in the order in which they are tried."""
    return tuple(
        (re.compile("|".join(p.replace("?P<verb>", "?:").format(verbs=f"(?:{verbs})") for p in Say.HEARS)), line, words)
        for verbs, line, words in Say.HOWS
    )


@feature.hears(*(pattern.pattern for pattern, _, _ in kinds()))
async def tell_how(turn: Turn) -> Reply | None:
    """The line on what was asked, with an example of the asker's own matters."""
    said, reports = key(turn.text), bool(clerk_units(turn.person))
    line, words = next((line, words) for pattern, line, words in kinds() if pattern.fullmatch(said))
    text = line.format(example=example(turn), unit=turn.unit or Say.EXAMPLE_UNIT)
    if "{unit}" in line or reports:
        return Reply(text, tuple(Button(word) for word in words))
    return Reply(f"{text}\n{Say.NO_SEAT}")


def example(turn: Turn) -> str:
    """A sentence that reports, with the names of the asker's first matters that have a number."""
    matters = (turn.library.matters_of(turn.unit) if turn.unit else ()) or turn.library.matters()
    names = [m.name for m in matters if any(counted(measure) for measure in m.measures)][: Say.SHOWN]
    values = zip(names, Say.SAMPLES, strict=False)
    return Say.EXAMPLE.format(names="，".join(Say.VALUE.format(name=name, value=value) for name, value in values))


def counted(measure: Measure) -> bool:
    """Whether it is a count that any number fits."""
    return measure.whole
