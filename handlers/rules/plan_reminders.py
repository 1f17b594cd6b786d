"""When to remind, as the office says it in the sentence of a plan: 提前5、2、0个工作日, 前一天提醒, 不提醒."""

from __future__ import annotations

import re
from datetime import time

from handlers.rules.numerals import number
from handlers.rules.plan_reading import TIME, N, Reading, time_of


class Say:
    FREE_DAYS = r"(?:周末|双休日|节假日|休息日|假期|放假)(?:[、,和及与]|时|里|期间)*"
    ANYHOW = (
        rf"(?:在)?(?:{FREE_DAYS})+(?:就)?(?:不(?:用|要|需|必)?|别)(?:提醒|打扰|催|发)|"
        rf"(?:不(?:用|要|需|必)?|别)(?:在|提醒)(?:{FREE_DAYS})+(?:提醒|打扰|催|发)?|"
        r"只(?:提醒|催)(?:还)?(?:没|未)(?:有)?(?:报|交|填)(?:送|上来)?的?(?:单位|部门|人)?|"
        r"(?:已经?)?(?:报|交|填)(?:过|了|完)的?(?:单位)?(?:就)?(?:不(?:用|要|再)*|别)(?:提醒|催)(?:了)?"
    )
    OFFSETS = (
        rf"提前(?P<list>(?:(?:提?前)?(?:当天|当日|半个?月|{N})(?:个)?(?:工作日|天|日|周|个星期|星期)?(?:[、,和及与/]|以及|还有)*)+)(?:各)?(?:工作日)?"
        r"(?:\d{1,2}[点:]\d{0,2})?(?:提醒|催报|催|通知)?(?:一次|各一次)?"
    )
    AHEAD = (
        rf"(?:(?:季度?|半年|年度?|月)?(?:末|底))?前(?P<list>{N}(?:个)?(?:工作日|天|日|周|个星期|星期))"
        r"(?:再)?(?:提醒|催报|催|通知)(?:一次)?"
    )
    OFFSET = rf"(?P<now>当天|当日)|(?P<half>半个?月)|(?P<number>{N})(?:个)?(?P<unit>周|星期|个星期|工作日|天|日)?"
    SAME_DAY = r"(?:截止)?(?:当天|当日)(?:再|\0)*(?:提醒|催报|催|通知)(?:一次)?"
    WEEKS = ("周", "星期", "个星期")
    NO_REMINDER = r"不(?:用|要|需)?提醒"
    REMIND_AT = rf"{TIME}(?=提醒|催)"
    FORTNIGHT = 10  # workdays of 半个月
    MOST = 30


def reminders_of(reading: Reading) -> tuple[tuple[int, ...] | None, time | None]:
    """Workdays before the due day on which is reminded (None: not said, () never), and the hour.

    What holds anyway (周末不提醒, 只提醒没报的) is taken in silently.
    """
    while reading.find(Say.ANYHOW):
        pass
    hour = reading.find(Say.REMIND_AT)
    said = time_of(hour) if hour else None
    if reading.find(Say.NO_REMINDER):
        return (), None
    days = list[int]()
    for pattern in (Say.OFFSETS, Say.AHEAD):
        while found := reading.find(pattern):
            more = [workdays_of(each) for each in re.finditer(Say.OFFSET, found["list"])]
            if any(day > Say.MOST for day in more):
                reading.refuse(found[0])
                continue
            days += more
    if reading.find(Say.SAME_DAY):
        days.append(0)
    return tuple(sorted(set(days), reverse=True)) or None, said


def workdays_of(found: re.Match[str]) -> int:
    """一周 is five workdays, 半个月 ten, 当天 none."""
    if found["now"]:
        return 0
    if found["half"]:
        return Say.FORTNIGHT
    return number(found["number"]) * (5 if found["unit"] in Say.WEEKS else 1)
