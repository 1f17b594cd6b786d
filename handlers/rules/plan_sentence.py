"""The office's sentence about reporting → a draft plan: slots found, words not understood, slots still missing.

每季度最后一个月25日17点前报送，提前5、2、0个工作日提醒. Defaults are shown back by plan_words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from handlers.rules.days import read_day
from handlers.rules.numerals import number
from handlers.rules.periods import LAST_DAY, MONTHS, Frequency, Plan, Shift
from handlers.rules.plan_reading import TIME, N, Reading, time_of
from handlers.rules.plan_reminders import reminders_of


class Say:
    SHIFT = (
        r"(?:(?:遇|逢|如遇|若遇|碰到|赶上|是)?(?:到)?(?:法定)?(?:节假日|周末|休息日|双休日|假期|假日|放假|非工作日)+[^,。;]{0,3}?)?"
        r"(?P<way>顺延|延后|推迟|往后推|提前|往前推)(?:到|至)?(?:前一个|后一个|下一个|上一个)?(?:工作日)?"
    )
    LATER = ("顺延", "延后", "推迟", "往后推")
    QUARTERLY = r"每个?季度?(?:一次|一报)?|按季度?|季度?报|季度?(?=,|$)|一个?季度?(?:报)?一[次报]|每3个月"
    OF_QUARTER = rf"季度?末(?:月|的?{N}[日号])"
    MONTHLY = r"每个?月(?:一次|一报)?|按月|月报|逐月|一个?月(?:报)?一[次报]"
    HALF_YEARLY = r"每?半年(?:一次|一报|度)?|半年报|每6个月"
    YEARLY = r"每年度?(?:一次|一报)?|按年度?|年报|一年(?:报)?一[次报]|每1年"
    ONCE = r"只?报?(?:送)?(?:一次性|就一次|一次)"
    TWICE = (
        r"每(?:两|二|2)个?(?:月|周|星期|季度|年)|每个?(?:周|星期|天|日|旬)[一二三四五六日天]?|"
        r"双月|隔(?:月|周|天|日|年|季)|逢(?:周|星期)[一二三四五六日天]|每天|每日"
    )
    LAST_MONTH = (
        r"(?:季度?|半年|年)?的?(?:最后一个月|最后1个月|第(?:三|3)个月|末月|季末月|第(?:六|6)个月|"
        rf"季?度?末(?=的?{N}[日号]))的?"
    )
    FIRST_MONTH = r"的?(?:第(?:一|1)个月|首月|头一个月|(?:季度?)?(?:结束)?(?:次月|下月)|季?度?结束后|季后)的?"
    NTH_MONTH = r"(?:季度?|半年)?的?第(?P<nth>[二三四五2345])个月的?"
    SPAN_END = r"(?:季度?|半年|年度?|月)?(?:末|底|最后一天)"
    LAST_WORKDAY = r"(?:的)?(?:最后(?:一|1)个工作日)"
    MONTHS_OF = rf"(?P<months>(?:{N}月?[、,和及]){{1,11}}{N})月(?:份)?的?"
    DATE = rf"(?:(?P<year>\d{{4}})年)?(?P<month>{N})月(?:份)?的?(?P<day>{N})[日号]"
    MONTH = rf"(?P<month>{N})月(?:份)?的?"
    DAY = rf"(?P<day>{N})[日号]"
    BARE_DAY = rf"(?<![:点时\d])(?P<day>{N})(?=前|之前|以前|截止)"
    OFF_WORK = r"下班(?:前|之前|时)"
    ALL = r"(?:全部|所有|每一?项|各项)的?(?:事项|指标|项目|任务|内容)*(?:都|均)?"


def nothing(_: str) -> tuple[str, ...] | None:
    """None: no words name matters."""
    return None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Slots as said; None = not said. `unknown` are the words not understood, as typed."""

    frequency: Frequency | None = None
    month: int | None = None
    day: int | None = None
    at: time | None = None
    offsets: tuple[int, ...] | None = None
    shift: Shift | None = None
    once: date | None = None
    covers: tuple[str, ...] | None = None
    remind_at: time | None = None
    unknown: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Slots without which there is no plan, in the order they are asked: frequency, month, day, once."""
        if self.frequency is Frequency.ONCE:
            return () if self.once else ("once",)
        need = [] if self.frequency else ["frequency"]
        need += [] if self.month or self.frequency in {None, Frequency.MONTH} else ["month"]
        return (*need, *([] if self.day else ["day"]))

    def plan(self) -> Plan:
        """The plan, defaults filled in (17:00; 5, 2, 0; 顺延). Raises: ValueError when slots are missing."""
        if self.missing or self.frequency is None:
            raise ValueError(self.missing)
        month, day = (self.once.month, self.once.day) if self.once else (self.month or 1, self.day or LAST_DAY)
        base = Plan(self.frequency, month, day, once=self.once, covers=self.covers or ())
        return replace(
            base,
            at=self.at or base.at,
            offsets=base.offsets if self.offsets is None else self.offsets,
            shift=self.shift or base.shift,
            remind_at=self.remind_at or base.remind_at,
        )


def read_plan(text: str, today: date, covers: Callable[[str], tuple[str, ...] | None] = nothing) -> PlanDraft:
    """The plan a sentence describes. `today` dates a month and day without year; `covers` resolves names of matters."""
    reading = Reading(_flat(text))
    offsets, remind_at = reminders_of(reading)
    draft = _shift(reading, PlanDraft(offsets=offsets, remind_at=remind_at))
    draft = _frequency(reading, draft)
    draft = _day(reading, draft, today)
    draft = _hours(reading, draft)
    reading.find(Say.ALL)
    unknown, known = [], list[str]()
    for words in reading.left():
        named = covers(words)
        known += named or ()
        unknown += [] if named else [words]
    return replace(draft, covers=tuple(known) or None, unknown=tuple(unknown))


def _flat(text: str) -> str:
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return re.sub(r"[^\S\n]+", "", text[:400].translate(wide).replace("\n", ","))


def _shift(reading: Reading, draft: PlanDraft) -> PlanDraft:
    found = reading.find(Say.SHIFT)
    if not found:
        return draft
    return replace(draft, shift=Shift.LATER if found["way"] in Say.LATER else Shift.EARLIER)


def _frequency(reading: Reading, draft: PlanDraft) -> PlanDraft:
    odd = reading.find(Say.TWICE)
    if odd:
        reading.refuse(odd[0])
    found = [
        (frequency, said)
        for pattern, frequency in (
            (Say.HALF_YEARLY, Frequency.HALF),
            (Say.QUARTERLY, Frequency.QUARTER),
            (Say.MONTHLY, Frequency.MONTH),
            (Say.YEARLY, Frequency.YEAR),
        )
        if (said := reading.find(pattern))
    ]
    for _, again in found[1:]:
        reading.refuse(again[0])
    if found:
        return replace(draft, frequency=found[0][0])
    if re.search(Say.OF_QUARTER, reading.text):
        return replace(draft, frequency=Frequency.QUARTER)
    return replace(draft, frequency=Frequency.ONCE) if reading.find(Say.ONCE) else draft


def _day(reading: Reading, draft: PlanDraft, today: date) -> PlanDraft:
    several = reading.find(Say.MONTHS_OF)
    if several:
        draft = _several_months(reading, draft, several)
    dated = None if several else reading.find(Say.DATE)
    if dated:
        return _dated(reading, draft, dated, today)
    last = reading.find(Say.LAST_WORKDAY)
    draft = _month(reading, draft)
    if last:
        return replace(draft, day=LAST_DAY, shift=Shift.EARLIER, month=draft.month or _last_month(draft))
    found = reading.find(Say.DAY) or reading.find(Say.BARE_DAY)
    if found:
        if 1 <= number(found["day"]) <= 31:
            return _again(reading, replace(draft, day=number(found["day"])))
        reading.refuse(found[0])
    elif end := reading.find(Say.SPAN_END):
        if draft.frequency is Frequency.ONCE:
            return replace(draft, once=read_day(end[0], today))
        return replace(draft, day=LAST_DAY, month=draft.month or _last_month(draft))
    return draft


def _again(reading: Reading, draft: PlanDraft) -> PlanDraft:
    """A second day contradicts the first: it is quoted."""
    more = reading.find(Say.DAY)
    if more:
        reading.refuse(more[0])
    return draft


def _last_month(draft: PlanDraft) -> int | None:
    return MONTHS.get(draft.frequency) if draft.frequency else None


def _month(reading: Reading, draft: PlanDraft) -> PlanDraft:
    if draft.month:
        return draft
    length = _last_month(draft)
    if reading.find(Say.LAST_MONTH):
        return replace(draft, month=length)
    nth = reading.find(Say.NTH_MONTH)
    if nth:
        return replace(draft, month=number(nth["nth"]))
    if reading.find(Say.FIRST_MONTH):
        return replace(draft, month=1)
    found = reading.find(Say.MONTH)
    if found and 1 <= number(found["month"]) <= 12 and draft.frequency in {Frequency.YEAR, Frequency.HALF}:
        return replace(draft, month=(number(found["month"]) - 1) % (length or 12) + 1)
    if found:
        reading.refuse(found[0])
    return draft


def _several_months(reading: Reading, draft: PlanDraft, found: re.Match[str]) -> PlanDraft:
    """3、6、9、12月 is quarterly, 6、12月 half-yearly; other lists are quoted."""
    months = [number(each) for each in re.findall(N, found["months"])]
    length = 12 // len(months) if months and 12 % len(months) == 0 else 0
    frequency = {3: Frequency.QUARTER, 6: Frequency.HALF, 1: Frequency.MONTH}.get(length)
    even = bool(length) and months == [months[0] + length * n for n in range(len(months))] and months[0] <= length
    if not even or frequency is None or draft.frequency not in {None, frequency}:
        reading.refuse(found[0])
        return draft
    return replace(draft, frequency=frequency, month=months[0])


def _dated(reading: Reading, draft: PlanDraft, found: re.Match[str], today: date) -> PlanDraft:
    """A month and day: of every year or half year if that was said, else one date."""
    month, day = number(found["month"]), number(found["day"])
    if draft.frequency in {Frequency.YEAR, Frequency.HALF} and 1 <= month <= 12 and 1 <= day <= 31:
        return replace(draft, month=(month - 1) % MONTHS[draft.frequency] + 1, day=day)
    try:
        once = date(int(found["year"] or today.year), month, day)
    except ValueError:
        once = None
    if once is None or draft.frequency not in {None, Frequency.ONCE}:
        reading.refuse(found[0])
        return draft
    if not found["year"] and once < today:
        once = once.replace(year=once.year + 1)
    return replace(draft, frequency=Frequency.ONCE, once=once)


def _hours(reading: Reading, draft: PlanDraft) -> PlanDraft:
    found = reading.find(TIME)
    if not found:
        return replace(draft, at=time(17)) if reading.find(Say.OFF_WORK) else draft
    at = time_of(found)
    if at is None:
        reading.refuse(found[0])
    return replace(draft, at=at)
