"""The form of a progress report, as data: a value for each measure (or a stage), 数据截至, 来源, a line.

Which matter it is about comes in with the facts; drafts and submissions are the feature's affair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.form_steps import JSON, Asking, Form, Got, Problem, Read, Step
from handlers.form_values import choice_reader, day_reader, line_reader, value_checks, value_reader
from handlers.message import Button
from handlers.rules.checks import Series, plain
from handlers.rules.one_sentence import Say as Whole
from handlers.rules.one_sentence import says_no_data, says_same, says_zero
from knowledge import Kind

VERSION = 2
NO_DATA = "no data"
"""The answer of a measure whose figure is not out yet."""
NOT_YET = rf"{Whole.NO_DATA}了?"


class Say:
    VALUE, LINE, AS_OF, ORIGIN, STAGE = "数值", "进展", "数据截至", "来源", "阶段"
    VALUE_ALSO, LINE_ALSO, AS_OF_ALSO, ORIGIN_ALSO = (
        ("数字",),
        ("进展情况", "说明"),
        ("截至",),
        ("数据来源", "依据"),
    )
    ASK: Mapping[Kind, str] = {
        Kind.STOCK: "{name}，到现在累计多少{unit}？",
        Kind.FLOW: "{name}，本期新增多少{unit}？",
        Kind.GROWTH: "{name}，到现在增长百分之几？",
        Kind.SHARE: "{name}，到现在是百分之几？",
        Kind.STATUS: "{name}，到现在是多少{unit}？",
    }
    KNOWN = "（{known}）"
    TARGET, LAST = "{year}年目标{target}", "上次{value}"
    NOT_A_NUMBER = "没有看懂这个数。{name}请报一个数，例如{example}。"
    HINT_KIND: Mapping[Kind, str] = {
        Kind.STOCK: "按累计数报：从开始到现在一共多少。",
        Kind.FLOW: "按本期新增数报。",
        Kind.GROWTH: "按增速报，是百分比，可以是负数，不累加。",
        Kind.SHARE: "按比率报，是0到100之间的百分比，不累加。",
        Kind.STATUS: "按完成的阶段报。",
    }
    HINT_PLACE = "出处：{places}"
    ASK_LINE = "有一句进展要写吗？没有就回“无”。"
    NO_LINE = Button("无")
    ASK_AS_OF = "数据截至哪一天？例如9月20日。"
    BAD_DAY = "没有看懂这个日期，例如9月20日、昨天。"
    PAUSE = r"[，,；;。\s]"
    NOW, NUMBER = r"目前|现在|到现在|本期|已经?|就?是", r"[\d零一二两三四五六七八九十百千万].{0,8}"
    ASK_ORIGIN = "数据从哪里来、依据是什么？例如教育统计台账；没有就回“无”。"
    ASK_STAGE = "{name}，现在到哪一步了？"
    STAGES: Mapping[str, str] = {
        "未启动": "没启动 还没启动 未开始 没开始 还没开始 还没动 没动",
        "推进中": "在推进 正在推进 还在推进 还在推进中 正在推进中 进行中 推进 启动了 开工了 动工了 在建",
        "已完成": "完成 完成了 已经完成 都完成了 办结 已办结 办结了 弄好了 搞好了 做好了 建好了 办好了 搞定 搞定了 "
        "弄完了 做完了 办完了 完工 完工了 竣工 竣工了 建成 建成了 结束了 落地了",
    }
    NOT_A_STAGE = "请选一个：未启动、推进中、已完成。"
    REVIEW = "请核对：{name}　{values}（数据截至{day}）"
    REVIEW_LINE = "｜{line}"
    REVIEW_ORIGIN = "（来源：{origin}）"
    STOCK_VALUE, VALUE_SHOWN = "累计{value}{unit}", "{value}{unit}"
    DAY = "{month}月{day}日"
    NONE = "无"
    NOT_OUT = "数据未出"
    SAID_AGAIN: Mapping[Kind, str] = {
        Kind.STOCK: rf"(?:{NOW})*(?:累计|合计|一?共计?|总共|总计|达到?|到|有){NUMBER}",
        Kind.FLOW: rf"(?:{NOW})*(?:新增|新建|增加|新)了?{NUMBER}",
        Kind.GROWTH: rf"(?:{NOW})*(?:同比)?(?:增长|增速|下降|降低|达到?|到|是|为)+{NUMBER}",
        Kind.SHARE: rf"(?:{NOW})*(?:占比?|达到?|到|是|为)+{NUMBER}",
    }
    """How a value is said once more, where a sentence is asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure as the form asks it."""

    key: str
    series: Series
    year: int | None = None
    target_words: str = ""
    """The target as printed, with its qualifier (59所以上)."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the form looks at: the matter, what is known of its measures, and today."""

    name: str
    places: str
    today: date
    measures: tuple[Asked, ...] = ()
    last_origin: str = ""
    conflict: str = ""
    """One line when two passages differ about the target."""
    last_stage: str = ""


At = Asking[ReportFacts]


def report_form(facts: ReportFacts) -> Form[ReportFacts]:
    """The form for this matter: one step per measure, or the stage, then the line."""
    asked = [value_step(m, alone=len(facts.measures) == 1) for m in facts.measures] or [STAGE_STEP]
    return Form("report", VERSION, (*asked, AS_OF_STEP, ORIGIN_STEP, LINE_STEP), review, title=facts.name)


def field_of(measure: str) -> str:
    """The form's field of a measure."""
    return f"value:{measure}"


def value_step(asked: Asked, *, alone: bool) -> Step[ReportFacts]:
    """The step that asks one measure."""
    name, series = Say.VALUE if alone else asked.series.name, asked.series
    checks = value_checks(lambda _: series)
    return Step(
        field_of(asked.key),
        name,
        ask=lambda at: ask_value(asked, at.facts),
        read=reads_value(series),
        checks=tuple(unless_out(check) for check in checks),
        also=(*Say.VALUE_ALSO, series.name) if alone else (),
        hint=lambda at: hint(asked, at.facts),
        show=lambda value, _: Say.NOT_OUT if value == NO_DATA else f"{show_value(value)}{series.unit}",
        restated="|".join(filter(None, (Say.SAID_AGAIN.get(series.kind), NOT_YET))),
    )


def ask_value(asked: Asked, facts: ReportFacts) -> str:
    """The question with target and last value; the kind of figure decides its words."""
    series = asked.series
    known = [Say.TARGET.format(year=asked.year, target=asked.target_words)] if asked.target_words else []
    known += [Say.LAST.format(value=plain(series.last))] if series.last is not None else []
    name = facts.name if len(facts.measures) == 1 else series.name
    text = Say.ASK[series.kind].format(name=name, unit=series.unit)
    return text + (Say.KNOWN.format(known="，".join(known)) if known else "") + facts.conflict


def hint(asked: Asked, facts: ReportFacts) -> str:
    """口径: how the figure is counted, and where it stands."""
    return Say.HINT_KIND[asked.series.kind] + "\n" + Say.HINT_PLACE.format(places=facts.places)


def reads_value(series: Series) -> Callable[[str, At], Read]:
    """Reads a number as text ("35"), NO_DATA, the last one on 和上期一样; a number that cannot be read is a problem."""
    number: Callable[[str, At], Read] = value_reader(lambda _: series)

    def read(text: str, at: At) -> Read:
        if says_no_data(text):
            return Got(NO_DATA)
        if says_same(text) and series.last is not None:
            return Got(plain(series.last))
        if says_zero(text):
            return Got(zero(series))
        found = number(text, at)
        looks = re.search(r"\d|[零一二两三四五六七八九十百千万亿]{2,}", text) and len(text) < 20
        return not_a_number(series) if found is None and looks else found

    return read


def zero(series: Series) -> str:
    """What 零报告 says of a measure: nothing new."""
    return plain(series.last) if series.last is not None and series.kind is not Kind.FLOW else "0"


def not_a_number(series: Series) -> Problem:
    """The one message on digits that make no number."""
    example = plain(series.last if series.last is not None else series.target or Decimal(35))
    return Problem(Say.NOT_A_NUMBER.format(name=series.name, example=example))


Check = Callable[[JSON, At], Problem | None]


def unless_out(check: Check) -> Check:
    """The check, for values that are out."""
    return lambda value, at: None if value == NO_DATA else check(value, at)


def show_value(value: JSON) -> str:
    """The number of a stored answer, without its unit; empty for none."""
    return value if isinstance(value, str) and value != NO_DATA else ""


def is_out(answers: Mapping[str, JSON], measures: Sequence[Asked]) -> bool:
    """Whether the figure of any measure is there; a stage is always out."""
    return not measures or any(answers.get(field_of(m.key)) != NO_DATA for m in measures)


def read_stage(text: str, at: At) -> Read:
    """One of the stages in any usual words; 和上期一样 is the last one."""
    if (says_same(text) or says_zero(text)) and at.facts.last_stage:
        return Got(at.facts.last_stage)
    return READ_STAGE(text, at)


def read_day(text: str, at: At) -> Read:
    """A day as ISO text, not later than today; None for a sentence, whose beginning may be a day."""
    return READ_DAY(text, at) or (None if re.search(Say.PAUSE, text.strip()) else Problem(Say.BAD_DAY))


def read_line(text: str, at: At) -> Read:
    """Any sentence; 无 is none."""
    return Got(None) if text.strip() == Say.NONE else READ_LINE(text, at)


def show_day(value: JSON) -> str:
    """9月20日."""
    day = date.fromisoformat(str(value))
    return Say.DAY.format(month=day.month, day=day.day)


def review(at: At) -> str:
    """What will be handed in, in two lines."""
    answers, facts = at.answers, at.facts
    day = show_day(answers.get("as_of") or facts.today.isoformat())
    text = Say.REVIEW.format(name=facts.name, values="，".join(shown_values(answers, facts)), day=day)
    text += Say.REVIEW_LINE.format(line=answers["line"]) if answers.get("line") else ""
    return text + (Say.REVIEW_ORIGIN.format(origin=answers["origin"]) if answers.get("origin") else "")


def shown_values(answers: Mapping[str, JSON], facts: ReportFacts) -> list[str]:
    """累计35所, or each measure by its name, or the stage."""
    if not facts.measures:
        return [str(answers.get("stage") or "")]
    return [shown_measure(answers.get(field_of(m.key)), m, alone=len(facts.measures) == 1) for m in facts.measures]


def shown_measure(value: JSON, asked: Asked, *, alone: bool) -> str:
    """A measure's answer with unit, and name if there are others."""
    words = Say.STOCK_VALUE if asked.series.kind is Kind.STOCK else Say.VALUE_SHOWN
    text = Say.NOT_OUT if value == NO_DATA else words.format(value=show_value(value), unit=asked.series.unit)
    return text if alone else f"{asked.series.name}{text}"


READ_STAGE: Callable[[str, At], Read] = choice_reader(
    {w: s for s, also in Say.STAGES.items() for w in (s, *also.split())}
)
READ_DAY: Callable[[str, At], Read] = day_reader(lambda at: at.facts.today, "past")
READ_LINE: Callable[[str, At], Read] = line_reader()
STAGE_STEP: Step[ReportFacts] = Step(
    "stage",
    Say.STAGE,
    ask=lambda at: Say.ASK_STAGE.format(name=at.facts.name),
    read=read_stage,
    buttons=tuple(Button(stage) for stage in Say.STAGES),
    restated=".+",
    hint=lambda at: Say.NOT_A_STAGE + "\n" + Say.HINT_PLACE.format(places=at.facts.places),
)
AS_OF_STEP: Step[ReportFacts] = Step(
    "as_of",
    Say.AS_OF,
    ask=Say.ASK_AS_OF,
    read=read_day,
    also=Say.AS_OF_ALSO,
    prefill=lambda at: at.facts.today.isoformat(),
    show=lambda value, _: show_day(value),
)
ORIGIN_STEP: Step[ReportFacts] = Step(
    "origin",
    Say.ORIGIN,
    ask=Say.ASK_ORIGIN,
    read=read_line,
    also=Say.ORIGIN_ALSO,
    optional=True,
    free=True,
    prefill=lambda at: at.facts.last_origin or Say.NONE,
)
LINE_STEP: Step[ReportFacts] = Step(
    "line", Say.LINE, ask=Say.ASK_LINE, read=read_line, also=Say.LINE_ALSO, optional=True, free=True,
    buttons=(Say.NO_LINE,),
)  # fmt: skip
