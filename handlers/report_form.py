"""The form of a progress report, as data: a value for each measure (or a stage), a line, 数据截至, 来源.

Which matter it is about comes in with the facts; drafts and submissions are the feature's affair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from handlers.form_steps import JSON, Asking, Choice, Form, Got, Problem, Read, Step
from handlers.message import Button
from handlers.rules.checks import Finding, Series, check, plain
from handlers.rules.checks import Said as SaidValue
from knowledge import Kind, read_quantity

VERSION = 1
LINE_LIMIT = 300  # characters of 进展; a paragraph, not a paper


class Say:
    VALUE, LINE, AS_OF, ORIGIN, STAGE = "数值", "进展", "数据截至", "来源", "阶段"
    VALUE_ALSO, LINE_ALSO, AS_OF_ALSO, ORIGIN_ALSO = (
        ("数字", "数", "值"),
        ("进展情况", "说明"),
        ("截至",),
        ("数据来源",),
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
    LONG_LINE = "进展写一句就好，现在有{length}个字，请控制在{limit}字以内。"
    ASK_AS_OF = "数据截至哪一天？例如9月20日。"
    BAD_DAY = "没有看懂这个日期，例如9月20日、昨天。"
    LATER_DAY = "数据截至不会晚于今天（{today}）。"
    ASK_ORIGIN = "数据从哪里来？例如教育统计台账；没有就回“无”。"
    ASK_STAGE = "{name}，现在到哪一步了？"
    STAGES = ("未启动", "推进中", "已完成")
    NOT_A_STAGE = "请选一个：未启动、推进中、已完成。"
    REVIEW = "请核对：{name}　{values}（数据截至{day}）"
    REVIEW_LINE = "｜{line}"
    REVIEW_ORIGIN = "（来源：{origin}）"
    STOCK_VALUE, VALUE_SHOWN = "累计{value}{unit}", "{value}{unit}"
    DAY = "{month}月{day}日"
    TODAY, YESTERDAY = ("今天", "今日", "现在", "目前"), ("昨天", "昨日")
    NONE = ("无", "没有", "暂无", "没", "")


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


def report_form(facts: ReportFacts) -> Form[ReportFacts]:
    """The form for this matter: one step per measure, or the stage, then the line."""
    asked = [value_step(m, alone=len(facts.measures) == 1) for m in facts.measures] or [STAGE_STEP]
    return Form("report", VERSION, (*asked, AS_OF_STEP, ORIGIN_STEP, LINE_STEP), review, title=facts.name)


def field_of(measure: str) -> str:
    """The form's field of a measure."""
    return f"value:{measure}"


def value_step(asked: Asked, *, alone: bool) -> Step[ReportFacts]:
    """The step that asks one measure."""
    name = Say.VALUE if alone else asked.series.name
    return Step(
        field_of(asked.key),
        name,
        ask=lambda at: ask_value(asked, at.facts),
        read=lambda text, _: read_value(text, asked.series),
        checks=(lambda value, _: judge(value, asked.series),),
        also=(*Say.VALUE_ALSO, asked.series.name) if alone else (),
        hint=lambda at: hint(asked, at.facts),
        show=lambda value, _: f"{show_value(value)}{asked.series.unit}",
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


def read_value(text: str, series: Series) -> Read:
    """A quantity as `[value, unit, high, approximate, bound]`; checks look at it, `show_value` shows it."""
    quantity = read_quantity(text)
    if quantity is None:
        looks = re.search(r"\d|[零一二两三四五六七八九十百千万亿]{2,}", text) and len(text) < 20
        example = plain(series.last if series.last is not None else series.target or Decimal(35))
        return Problem(Say.NOT_A_NUMBER.format(name=series.name, example=example)) if looks else None
    high = plain(quantity.high) if quantity.high is not None else None
    return Got([plain(quantity.value), quantity.unit, high, quantity.approximate, quantity.bound])


def judge(value: JSON, series: Series) -> Problem | None:
    """The first finding of the checks as the engine's problem."""
    said = said_value(value)
    finding = check(said, series) if said else None
    return problem(finding) if finding else None


def problem(finding: Finding) -> Problem:
    """A finding as the form engine takes it."""
    ways = tuple(Choice(way.label, DOES[way.does], way.says) for way in finding.ways)
    return Problem(finding.text, ways, finding.code)


Does = Literal["again", "keep", "because", "replace"]
DOES: Mapping[str, Does] = {"again": "again", "keep": "keep", "because": "because", "replace": "replace"}


def said_value(value: JSON) -> SaidValue | None:
    """The stored answer of a value step as the checks want it."""
    if not isinstance(value, list) or len(value) != 5:
        return None
    number, unit, high, about, bound = value
    upper = Decimal(str(high)) if high is not None else None
    return SaidValue(Decimal(str(number)), str(unit or ""), upper, about is True, str(bound) if bound else None)


def show_value(value: JSON) -> str:
    """The number of a stored answer, without its unit."""
    said = said_value(value)
    return plain(said.value) if said else ""


def read_stage(text: str, _: Asking[ReportFacts]) -> Read:
    """One of the stages, also said as part of a short sentence (还在推进中)."""
    found = [stage for stage in Say.STAGES if stage in text]
    return Got(found[0]) if len(found) == 1 and len(text) <= 12 else None


def read_line(text: str, _: Asking[ReportFacts]) -> Read:
    """Any sentence; 无 is none."""
    line = " ".join(text.split())
    if len(line) > LINE_LIMIT:
        return Problem(Say.LONG_LINE.format(length=len(line), limit=LINE_LIMIT))
    return Got(None if line in Say.NONE else line)


def read_day(text: str, at: Asking[ReportFacts]) -> Read:
    """A day as ISO text: 9月20日, 20日, 2021-09-20, 今天, 昨天; not later than today."""
    today = at.facts.today
    day = day_said(text, today)
    if day is None:
        return Problem(Say.BAD_DAY)
    if day > today:
        return Problem(Say.LATER_DAY.format(today=show_day(today.isoformat())))
    return Got(day.isoformat())


def day_said(text: str, today: date) -> date | None:
    """The day a text names; without a year the last such day up to today, without a month this month's."""
    said = "".join(text.split()).rstrip("。.")
    if said in Say.TODAY:
        return today
    if said in Say.YESTERDAY:
        return today - timedelta(days=1)
    found = re.fullmatch(r"(?:(\d{4})[-年/.])?(?:(\d{1,2})[-月/.])?(\d{1,2})[日号]?", said)
    if not found:
        return None
    year, month = int(found[1] or today.year), int(found[2] or today.month)
    try:
        day = date(year, month, int(found[3]))
    except ValueError:
        return None
    return (
        day.replace(year=year - 1)
        if not found[1] and found[2] and day > today and (day.month, day.day) != (2, 29)
        else day
    )


def read_origin(text: str, _: Asking[ReportFacts]) -> Read:
    """Any words; 无 is none."""
    origin = " ".join(text.split())[:LINE_LIMIT]
    return Got(None if origin in Say.NONE else origin)


def show_day(value: JSON) -> str:
    """9月20日."""
    day = date.fromisoformat(str(value))
    return Say.DAY.format(month=day.month, day=day.day)


def review(at: Asking[ReportFacts]) -> str:
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
    shown = []
    for asked in facts.measures:
        words = Say.STOCK_VALUE if asked.series.kind is Kind.STOCK else Say.VALUE_SHOWN
        text = words.format(value=show_value(answers.get(field_of(asked.key))), unit=asked.series.unit)
        shown.append(text if len(facts.measures) == 1 else f"{asked.series.name}{text}")
    return shown


def today_said(at: Asking[ReportFacts]) -> str:
    """Prefill of 数据截至."""
    return at.facts.today.isoformat()


def last_origin(at: Asking[ReportFacts]) -> str:
    """Prefill of 来源: the last one of this matter."""
    return at.facts.last_origin or Say.NONE[0]


def text_of(value: JSON, _: Asking[ReportFacts]) -> str:
    """A text answer as it is."""
    return str(value or "")


STAGE_STEP: Step[ReportFacts] = Step(
    "stage",
    Say.STAGE,
    ask=lambda at: Say.ASK_STAGE.format(name=at.facts.name),
    read=read_stage,
    buttons=tuple(Button(stage) for stage in Say.STAGES),
    hint=lambda at: Say.NOT_A_STAGE + "\n" + Say.HINT_PLACE.format(places=at.facts.places),
)
AS_OF_STEP: Step[ReportFacts] = Step(
    "as_of",
    Say.AS_OF,
    ask=Say.ASK_AS_OF,
    read=read_day,
    also=Say.AS_OF_ALSO,
    prefill=today_said,
    show=lambda value, _: show_day(value),
)
ORIGIN_STEP: Step[ReportFacts] = Step(
    "origin", Say.ORIGIN, ask=Say.ASK_ORIGIN, read=read_origin, also=Say.ORIGIN_ALSO, optional=True, prefill=last_origin
)
LINE_STEP: Step[ReportFacts] = Step(
    "line",
    Say.LINE,
    ask=Say.ASK_LINE,
    read=read_line,
    also=Say.LINE_ALSO,
    optional=True,
    free=True,
    buttons=(Say.NO_LINE,),
    show=text_of,
)
