"""Figures in running text: 到2022年，建设智慧校园59所以上 → 59 所, 以上, 2022. Tables are read elsewhere."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from knowledge.figures import ARABIC, TIME_UNITS, UNIT, WHOLE_UNITS, kind_of
from knowledge.notice import Figure, Kind
from knowledge.text import read_decimal, squeeze

PLAN = re.compile(r"[“\"]?十([三四五六])五[”\"]?(?:规划)?(?:期间|时期|期末|末)?")
PLAN_ENDS = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}
QUARTER = re.compile(r"第?([一二三四1-4])季度")
WHEN = re.compile(
    r"(?P<to>力争到|争取到|到|至|在|于|截至|截止)?(?:(?P<year>(?:19|20)\d{2})年|(?P<word>今年|本年度?|明年|(?<![\d每去前上])年(?=底|末|内)))?"
    r"(?:(?P<half>(?:上|前)半年|第?[一二三四1-4]季度末?)|(?P<end>年?底|年?末|年内)|(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>[0-3]?\d)日)?(?P<monthend>底|末)?))?(?P<by>之?前|以前)?"
)
NUMBER = re.compile(
    rf"(?<![\d.〔\[（(A-Za-z第])(?:(?P<low>{ARABIC})(?P<pct0>%)?(?:[-~—–～至](?P<high>{ARABIC}))?)(?P<scale>百万|千万|[百千万亿])?(?P<unit>{UNIT})(?P<after>及?以上|及?以下|以内|之内|左右|上下)?",
    re.ASCII,
)
SIZED = re.compile(r"^的?(?:项目|企业|产业|平台|基地|村|集群|园区|产品|工程)")
"""What a figure before it measures: 10亿元以上项目8个 counts projects."""
PLAIN = re.compile(
    r"(?:提高|提升|达|增加|上升|扩大|降低|下降)(?:到|至)(?P<low>\d{1,3}\.\d{1,4})(?P<unit>)(?P<after>以上|以下|以内|左右)?(?=$|[，。；、])"
)
"""An index that counts in nothing: 提高到0.62."""
STATED = re.compile(r"翻[一两二三]番|零(?:发生|事故|上报|死亡|增长|新增)|清零")
"""Targets that are said in words."""
SAID = re.compile(
    rf"(?P<low>[两二三四五六七八九十]|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]百)(?P<unit>{'|'.join(WHOLE_UNITS[:20])})(?P<after>以上|左右|以内)?"
)
MAKING = re.compile(
    r"(?:建成|创建|创成|培育|打造|新增|新建|建设|完成|引进|不少于|至少|不低于|力争|形成|认定|评选)[^，。；、]{0,6}$"
)
ENDING = re.compile(r"(?=$|[、，和])")
TIGHT = re.compile(
    r"(?:不少于|不低于|不小于|不高于|不超过|不大于|不多于|至少|超过|突破|低于|高于|控制在|约|近|力争(?:达到?)?|稳定在|保持在)(?:每[年月])?$"
)
RATE_ONLY = re.compile(r"^(?:年均|同比|每年|平均)?(?:增长|增速|下降|提高|递增|增幅)$")
STRIVE = re.compile(r"力争|努力|争取|确保")
MOST = 200
"""Figures of one passage; what has more is no text."""
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]{1,400}")
_SENTENCE = re.compile(r"[^。！？\n]{1,3000}[。！？]?")
_QUOTED = re.compile(r"[“‘《【][^”’》】]*[”’》】]")
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]是|[“\"]?十[三四五六]五[”\"]?(?:期间|时期|末)?|(?:[上下]半年|第?[一二三四]季度)(?=$|累?计?完成|建成|新建|改造|培育|达到)|(?:到|至|在|于)?(?:20\d{2}|今|本|明)年?(?:底|末)?(?:之?前)?|(?:\d{1,2}月)?(?:年?底|年?末)之?前|将|力争|努力|争取|确保|全[市县区省国](?:共)?|共|累计|年内|全面|加快|积极|大力|鼓励|支持|引导|推动|推进|"
    r"(?:建成|创建|创成|培育壮大|培育创建|改造提升|培育|打造|新增|新建和改造|新建|建设|开展|完成|引进|实现|达到?|发展|形成|提升改造|试点|改造|组织|举办|认定|累计服务|服务|总体|均|分别|稳定在|超过|其中))+"
)
_TRAILING = re.compile(
    r"(?:分别|总体|(?<!年)均|要|应|须|力争|努力|争取|基本|全面|总数|数量|比例|水平)?(?:达到?|达|为|至|到|超过|突破|不低于|不少于|不超过|提高到?|提升到?|稳定在|保持在|扩大至|压缩至|控制在|增长到|实现|约|近|[:：]|力争达到)+$"
)


@dataclass(slots=True)
class _Scope:
    """The time words that govern what follows."""

    year: int | None = None
    due: date | None = None


def subject_of(words: str) -> str:
    """What the words are about, without 加快, 建成, 到2025年 before it."""
    return _LEADING.sub("", squeeze(words))


def read_targets(text: str, issued: date | None) -> tuple[Figure, ...]:
    """Every target figure of the text in order; a duty with a day but no number is a figure without value."""
    figures: list[Figure] = []
    for paragraph in text.split("\n"):
        if len(figures) > MOST:
            break
        lasting: _Scope | None = None
        for sentence in islice(_SENTENCE.finditer(paragraph), MOST * 10):
            opens, found = _sentence(sentence.group(), issued, lasting)
            lasting = opens if sentence.start() == 0 or lasting else None
            figures += found
    return tuple(figures[:MOST])


def _sentence(sentence: str, issued: date | None, lasting: _Scope | None) -> tuple[_Scope | None, list[Figure]]:
    scope = _Scope(lasting.year, lasting.due) if lasting else _Scope()
    opening: _Scope | None = None
    figures: list[Figure] = []
    hopeful = before = ""
    for clause in _CLAUSE.finditer(sentence):
        words = clause.group()
        when = _when(words, issued, scope.year)
        if when:
            scope = when
            opening = opening or (when if clause.start() == 0 and len(squeeze(words)) <= 12 else None)
        strive = STRIVE.search(words)
        hopeful = strive.group() if strive else hopeful
        found = [_with_subject(figure, figures, before) for figure in _numbers(words, scope, hopeful)]
        before = words
        if not found and STATED.search(words):
            found = [_in_words(words, scope, "")]
        if not found and when and when.due and len(_in_words(words, scope, hopeful).about) > 3:
            found = [_in_words(words, scope, hopeful)]
        figures += found
    if (
        not figures
        and scope.year
        and (scope.due or opening)
        and (not lasting or opening)
        and _when(sentence, issued, None)
    ):
        figures.append(_in_words(sentence.rstrip("。"), scope, hopeful))
    return opening or lasting, figures


def _with_subject(figure: Figure, before: list[Figure], said: str) -> Figure:
    """网络零售额突破30亿元，年均增长15%: the second figure is of the first one's subject, or of the clause before."""
    if before and RATE_ONLY.match(figure.about):
        return replace(figure, about=before[-1].about + figure.about)
    if figure.about:
        return figure
    if before and squeeze(said) == before[-1].quote:
        return replace(figure, about=before[-1].about)
    plain = "" if re.search(r"\d", said) else _LEADING.sub("", squeeze(said))
    return replace(figure, about=plain if 4 <= len(plain) <= 40 else "")


def _when(words: str, issued: date | None, year: int | None) -> _Scope | None:
    """The time a clause names: the year it counts to, and the day if it names or implies one."""
    for found in WHEN.finditer(words):
        said = found.groupdict()
        dated = (said["month"] or said["end"]) and said["by"]
        if not (said["year"] or said["word"] or said["half"] or dated):
            continue
        if said["year"] and not (
            said["to"] or said["end"] or said["by"] or said["half"] or said["monthend"] or found.start() < 3
        ):
            continue
        which = int(said["year"]) if said["year"] else _relative(said["word"], issued, year)
        if which:
            return _Scope(which, _day(which, said))
    plan = plan_year(words)
    return _Scope(plan, None) if plan else None


def plan_year(words: str) -> int | None:
    """The last year of the five-year plan that is named: “十四五”期间 is up to 2025."""
    found = PLAN.search(words)
    return PLAN_ENDS[found.group(1)] if found else None


def quarter_end(words: str) -> int | None:
    """The last month of the quarter or half year that is named."""
    found = QUARTER.search(words)
    if found:
        return 3 * ("一二三四".find(found.group(1)) % 9 + 1 if found.group(1) in "一二三四" else int(found.group(1)))
    return 6 if re.search("[上前]半年", words) else 12 if "下半年" in words else None


def _relative(word: str | None, issued: date | None, year: int | None) -> int | None:
    if issued is None:
        return year
    if word == "明年":
        return issued.year + 1
    return issued.year if word else (year or issued.year)


def _day(year: int, said: dict[str, str | None]) -> date | None:
    month_ended = quarter_end(said["half"] or "")
    if month_ended:
        return date(year, month_ended, monthrange(year, month_ended)[1])
    if said["month"]:
        month = int(said["month"])
        last = monthrange(year, month)[1]
        day = int(said["day"]) if said["day"] else last
        return (
            date(year, month, min(max(day, 1), last))
            if said["day"] or said["by"] or said["monthend"] or said["to"]
            else None
        )
    return date(year, 12, 31) if said["end"] or said["by"] else None


def _numbers(words: str, scope: _Scope, hopeful: str) -> list[Figure]:
    quoted = [found.span() for found in _QUOTED.finditer(words)]
    figures: list[Figure] = []
    places = [*NUMBER.finditer(words), *PLAIN.finditer(words)]
    places += [
        m
        for m in SAID.finditer(words)
        if (MAKING.search(words[: m.start()]) or ENDING.match(words, m.end()))
        and not any(m.start() < p.end() and p.start() < m.end() for p in places)
    ]
    last: re.Match[str] | None = None
    for found in sorted(places, key=lambda m: m.start()):
        if any(a <= found.start() < b for a, b in quoted):
            continue
        figure = _figure(words, found, scope, hopeful, last)
        if figure:
            figure = _severally(figure, figures, words[: found.start()])
            last = found
            figures.append(figure)
    return figures


def _severally(figure: Figure, earlier: Sequence[Figure], before: str) -> Figure:
    """分别不低于98%、99%: what qualifies the first number of the row qualifies the next."""
    joined = earlier and re.search(r"分别[^，；]{1,20}[\d%％\S]{1,12}?(?:以上|左右)?[、和]$", before)
    if not joined or figure.bound or not earlier[-1].bound or earlier[-1].high is not None:
        return figure
    tight = re.search(r"不少于|不低于|不高于|不超过|超过|突破|高于|低于|力争", earlier[-1].bound)
    return replace(figure, bound=tight.group()) if tight else figure


def _figure(words: str, found: re.Match[str], scope: _Scope, hopeful: str, last: re.Match[str] | None) -> Figure | None:
    said = found.groupdict()
    low, high = read_decimal(said["low"]), read_decimal(said["high"]) if said.get("high") else None
    unit = (said.get("scale") or "") + said["unit"]
    before = words[: found.start()]
    tight = TIGHT.search(before)
    if low is None or (
        said["unit"] in TIME_UNITS and not (said["after"] or tight or re.search(r"至$|到$|压缩|缩短|减至|控制", before))
    ):
        return None
    sized = said["after"] and re.search("元|亩|平方米", said["unit"]) and SIZED.match(words[found.end() :])
    if (
        (sized and re.search(r"\d", words[found.end() :]))
        or re.search(r"[\d.]$", before)
        or (said["unit"] in {"年", "日", "天"} and not (said["after"] or (tight and said["unit"] == "天")))
    ):
        return None
    bound = _bound(said, tight.group() if tight else "", hopeful)
    about = _about(words, found, last)
    kind = kind_of(
        unit,
        words
        if unit == "%"
        else f"{before}{about}{f'到{scope.year}年' if scope.year and '新增' not in before[-6:] else ''}",
    )
    return Figure(low, unit, kind, scope.year, bound, high, scope.due, squeeze(words), about)


def _bound(said: dict[str, str | None], tight: str, hopeful: str) -> str | None:
    """The printed qualifiers, none lost: 力争…以上."""
    if said.get("high"):
        return f"{said['low']}-{said['high']}" + (said["after"] or "")
    parts = [hopeful if hopeful and hopeful not in tight else "", tight, said["after"] or ""]
    kept = [re.sub(r"(?:达到?|每[年月]|稳定在|保持在)$", "", part) for part in parts if part]
    kept = [part for part in kept if part != "控制在" or not said["after"]]
    return "…".join(part for part in kept if part) or None


def _about(words: str, found: re.Match[str], before_it: re.Match[str] | None) -> str:
    """What is counted: the words behind the number if a noun stands there, else those before it."""
    behind = re.split(r"[、，,；;。]|和(?=\d)|(?=\d+[^、]{0,2}[所家个])", words[found.end() :])[0]
    behind = re.sub(r"^的|(?:等|建设|试点建设)$", "", behind)
    before = words[before_it.end() : found.start()] if before_it else words[: found.start()]
    before = re.split(r"[、，,；;]|和", before, maxsplit=1)[-1] if before_it else before
    bare = _TRAILING.sub("", _LEADING.sub("", re.sub(r"^(?:其中)?[，,、]?", "", before)))
    share = found["unit"] == "%"
    if len(squeeze(behind)) >= 2 and (not share or len(squeeze(bare)) < 2) and not behind.startswith(("以上", "左右")):
        return _named(squeeze(behind), words)
    if len(squeeze(bare)) < 2:
        return squeeze(_TRAILING.sub("", _LEADING.sub("", NUMBER.split(words)[0]))) or squeeze(behind)
    return squeeze(bare + (behind if share and len(behind) >= 4 else ""))


def _named(behind: str, words: str) -> str:
    """3所高中、8所初中成为示范学校 counts 示范学校, once those of 高中 and once those of 初中."""
    become = re.search(r"(?:成为|评为|列为|入选|获评|纳入)(?P<what>[^，。；]{3,30})$", squeeze(words))
    who = re.split("成为|评为|列为|入选|获评|纳入", behind)[0]
    return f"{become['what']}({who})" if become and who and len(who) <= 12 else behind


def _in_words(words: str, scope: _Scope, hopeful: str) -> Figure:
    about = squeeze(
        WHEN.sub(lambda m: "" if m.group() and (m["year"] or m["by"]) else m.group(), words, count=0)
    ).strip("，,")
    return Figure(None, "", Kind.STATUS, scope.year, hopeful or None, None, scope.due, squeeze(words), about[:60])


def read_value(text: str) -> tuple[Decimal, str, str | None, Decimal | None] | None:
    """(value, unit, bound, high) of a table cell: 30所, ≥80%, 3-5, 1.2万; None when it is no figure."""
    plain = squeeze(text).replace("％", "%")
    found = re.fullmatch(
        rf"(?P<sign>[≥≤>＞＜<>]=?|不低于|不少于|不高于|不超过|力争|达到?|约|左右)?(?P<minus>[-－])?(?P<low>{ARABIC})(?P<pct>%)?(?:[-~—–～](?P<high>{ARABIC}))?(?P<scale>[百千万亿])?(?P<unit>{UNIT})?(?P<after>及?以上|及?以下|以内|左右)?(?:[（(](?P<tail>[^）)]*)[）)])?",
        plain,
        re.ASCII,
    )
    low = read_decimal(found["low"]) if found else None
    if not found or low is None:
        return None
    unit = (found["scale"] or "") + (found["unit"] or "") or ("%" if found["pct"] else "")
    high = read_decimal(found["high"]) if found["high"] else None
    bound = f"{found['low']}-{found['high']}" if high is not None else found["sign"] or found["after"]
    return (-low if found["minus"] else low), unit, bound, high
