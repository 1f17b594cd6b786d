"""A plan and its deadlines as they are said back to the office. Reads nothing."""

from __future__ import annotations

from datetime import date

from handlers.rules.periods import LAST_DAY, MONTHS, Due, Frequency, Plan
from handlers.rules.workdays import Workdays


class Say:
    IN_WORDS = "{span}{month}{day}{at}前报送，{remind}，遇休息日{shift}"
    ONCE_WORDS = "{day}{at}前报送一次，{remind}，遇休息日{shift}"
    EVERY = "每{frequency}"
    QUARTER = "每季度"
    LAST, NTH, OF_YEAR = "最后一个月", "第{}个月", "{}月"
    NUMERALS = "一二三四五六"
    END, DAY_OF = "最后一天", "{}日"
    DATED = "{year}年{month}月{day}日"
    REMIND = "提前{offsets}个工作日{at}提醒"
    REMIND_ZERO = "当天{at}提醒"
    NO_REMIND = "不提醒"
    MOVED = "{printed} → {day}"


def in_words(plan: Plan) -> str:
    """The plan as it is shown back, defaults included."""
    shift, at = plan.shift.value, f"{plan.at:%H:%M}"
    offsets = "、".join(str(offset) for offset in plan.offsets)
    line = Say.NO_REMIND if not plan.offsets else Say.REMIND_ZERO if plan.offsets == (0,) else Say.REMIND
    remind = line.format(offsets=offsets, at=f"{plan.remind_at:%H:%M}")
    if plan.once:
        day = Say.DATED.format(year=plan.once.year, month=plan.once.month, day=plan.once.day)
        return Say.ONCE_WORDS.format(day=day, at=at, remind=remind, shift=shift)
    day = Say.END if plan.day >= LAST_DAY else Say.DAY_OF.format(plan.day)
    span = Say.QUARTER if plan.frequency is Frequency.QUARTER else Say.EVERY.format(frequency=plan.frequency.value)
    return Say.IN_WORDS.format(span=span, month=_month_words(plan), day=day, at=at, remind=remind, shift=shift)


def _month_words(plan: Plan) -> str:
    if plan.frequency is Frequency.MONTH:
        return ""
    if plan.frequency is Frequency.YEAR:
        return Say.OF_YEAR.format(plan.month)
    last = plan.month == MONTHS[plan.frequency]
    return Say.LAST if last else Say.NTH.format(Say.NUMERALS[plan.month - 1])


def due_in_words(due: Due, workdays: Workdays, today: date | None = None) -> str:
    """12月25日（周六，放假） → 12月27日（周一); only the day when it was not moved."""
    day = workdays.spoken(due.day, today)
    return day if due.printed == due.day else Say.MOVED.format(printed=workdays.spoken(due.printed, today), day=day)
