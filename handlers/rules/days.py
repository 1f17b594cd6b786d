"""A day as people say it: 9月24日, 24号, 周四, 下周一, 月底, 后天. Deadlines of plans are plan_sentence's."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal

from handlers.rules.numerals import number

Towards = Literal["past", "future"]


class Say:
    PAST = (("大前天", -3), ("前天", -2), ("昨天", -1), ("昨日", -1))
    NOW = (("今天", 0), ("今日", 0), ("当天", 0), ("现在", 0), ("目前", 0))
    COMING = (("明天", 1), ("明日", 1), ("后天", 2), ("大后天", 3))
    N = r"(?:\d{1,2}|[一二三四五六七八九十廿两]{1,3})"
    FULL = re.compile(r"(?P<year>\d{4})[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})[日号]?")
    MONTH_DAY = re.compile(rf"(?:(?P<which>今年|去年|明年))?(?P<month>{N})(?:月|[./])(?:份)?(?P<day>{N})[日号]?")
    MONTH_END = re.compile(rf"(?:(?P<month>{N})月|(?P<which>上个?月|本月|这个月|下个?月))?(?:底|末|月底|月末)")
    DAY_ONLY = re.compile(rf"(?:(?P<which>上个?月|本月|这个月|下个?月))?(?P<day>{N})[日号]")
    WEEKDAY = re.compile(r"(?P<which>上个?|本|这个?|下下个?|下个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
    AHEAD = re.compile(rf"(?:再)?(?P<count>{N})(?:个)?(?P<unit>天|日|周|星期|月)(?:之?后|以后)?")
    QUARTER_ENDS, YEAR_ENDS = ("季度底", "季末", "季度末"), ("年底", "年末")
    WRAP = re.compile(
        r"^(?:数据)?(?:截至|截止|到|至|预计|大概|大约|在|等到|等|推迟到|延到)+|"
        r"(?:左右|前后|之前|以前|前|吧|再报|再说|报|出来|出|才有|有)+$"
    )
    WEEKDAYS = "一二三四五六日"
    SUNDAY = "天末"
    LAST, NEXT, NEXT_BUT_ONE, LAST_YEAR, NEXT_YEAR = "上", "下", "下下", "去年", "明年"
    MONTH = "月"
    WEEKS = ("周", "星期")


def read_day(text: str, today: date, towards: Towards = "future") -> date | None:
    """The day said; where the year or month is left open, the nearest in the direction. None when no day is said."""
    said = Say.WRAP.sub("", "".join(text.split())[:40])
    near = dict((*Say.PAST, *Say.NOW, *Say.COMING))
    if said in near:
        return today + timedelta(days=near[said])
    readers = (_full, _month_day, _month_end, _day_only, _weekday, _ahead, _span_end)
    return next((day for read in readers if (day := read(said, today, towards))), None)


def _full(said: str, _: date, __: Towards) -> date | None:
    found = Say.FULL.fullmatch(said)
    return _date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def _month_day(said: str, today: date, towards: Towards) -> date | None:
    found = Say.MONTH_DAY.fullmatch(said)
    if not found:
        return None
    year = today.year + {Say.LAST_YEAR: -1, Say.NEXT_YEAR: 1}.get(found["which"] or "", 0)
    day = _date(year, number(found["month"]), number(found["day"]))
    if day is None or found["which"]:
        return day
    half = timedelta(days=180)  # 12月25日 said on January 3rd is last year's, even when looking ahead
    if towards == "past" and day > today:
        return _date(year - 1, day.month, day.day)
    return _date(year + 1, day.month, day.day) if towards == "future" and day < today - half else day


def _month_end(said: str, today: date, towards: Towards) -> date | None:
    found = Say.MONTH_END.fullmatch(said)
    if not found:
        return None
    if found["month"]:
        month = number(found["month"])
        if not 1 <= month <= 12:
            return None
        year = today.year + (1 if towards == "future" and month < today.month else 0)
        year -= 1 if towards == "past" and month > today.month else 0
        return _end(year, month)
    return _end(*_shifted(today, found["which"]))


def _day_only(said: str, today: date, towards: Towards) -> date | None:
    found = Say.DAY_ONLY.fullmatch(said)
    if not found:
        return None
    day = _date(*_shifted(today, found["which"]), number(found["day"]))
    if found["which"] or day is None:
        return day
    step = 1 if towards == "future" and day < today else -1 if towards == "past" and day > today else 0
    year, month = _moved(today, step)
    return _date(year, month, day.day)


def _weekday(said: str, today: date, towards: Towards) -> date | None:
    found = Say.WEEKDAY.fullmatch(said)
    if not found:
        return None
    at = 6 if found["day"] in Say.SUNDAY else Say.WEEKDAYS.index(found["day"])
    day = today - timedelta(days=today.weekday()) + timedelta(days=at)
    which = found["which"] or ""
    weeks = 2 if which.startswith(Say.NEXT_BUT_ONE) else which.startswith(Say.NEXT) - which.startswith(Say.LAST)
    if not which:
        weeks = 1 if towards == "future" and day < today else -1 if towards == "past" and day > today else 0
    return day + timedelta(weeks=weeks)


def _ahead(said: str, today: date, towards: Towards) -> date | None:
    found = Say.AHEAD.fullmatch(said)
    if not found or towards == "past":
        return None
    count = number(found["count"])
    if found["unit"] == Say.MONTH:
        year, month = _moved(today, count)
        return _date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return today + timedelta(days=count * (7 if found["unit"] in Say.WEEKS else 1))


def _span_end(said: str, today: date, _: Towards) -> date | None:
    length = 3 if said in Say.QUARTER_ENDS else 12 if said in Say.YEAR_ENDS else 0
    return _end(today.year, (today.month + length - 1) // length * length) if length else None


def _shifted(today: date, which: str | None) -> tuple[int, int]:
    """Year and month of 上月, 本月, 下月."""
    word = which or ""
    return _moved(today, word.startswith(Say.NEXT) - word.startswith(Say.LAST))


def _moved(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def _end(year: int, month: int) -> date | None:
    return _date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
