"""Responsibility clauses in every usual form: who leads, who supports. Whose article it is stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.terms import words_of
from knowledge.text import normal, squeeze
from knowledge.units import is_unit, split_units

_BODY = "(?:单位|部门|科室|处室|机构|主体|责任单位|责任部门)"
LEAD_LABEL = (
    "(?:责任落实|主要责任|第一责任|牵头责任|牵头实施|牵头负责|牵头|责任|主责|主办|主管|"
    f"承办|负责|实施|落实|完成|主要负责|责任牵头){_BODY}"
)
SUPPORT_LABEL = rf"(?:配合责任|协同责任|责任配合|配合|协办|协助|协同|参与|参加|支持|协作|会办|联办|协管){_BODY}"
OTHER_LABEL = (
    "(?:完成时限|完成时间|时限要求|时间要求|时间节点|时限|责任领导|分管领导|牵头领导|市领导|县领导|"
    "责任人|联系人|联系电话|进度安排|工作目标|时间安排|计划完成时间|备注)"
)
LABEL = re.compile(rf"(?P<lead>{LEAD_LABEL})|(?P<support>{SUPPORT_LABEL})|(?P<other>{OTHER_LABEL})")
_LABELLED = re.compile(rf"(?:{LEAD_LABEL}|{SUPPORT_LABEL})[\s\u3000]*(?:[:：]|为|是|(?=[\u4e00-\u9fff]))")
_COLON_LABEL = re.compile(rf"(?:^|(?<=[。；;！\s\u3000】\]]))[\s\u3000]*[【\[]?(?:{LEAD_LABEL})[】\]]?[\s\u3000]*[:：]")
FIRST_LEADS = re.compile(
    r"(?:列|排|排列)(?:在)?(?:第一位?|首位|第一个)(?:的|者)?(?:责任)?(?:单位|部门)?(?:的|者)?(?:为|是|即为?)(?:牵头|主要?责任|主办|第一责任)|第一(?:位|个)(?:的)?(?:单位|部门)?为牵头"
)
_PREDICATE = re.compile(
    r"(?P<lead>(?:共同|联合)?牵头(?:抓总|负责|落实|组织实施|组织|实施|推进)?|主办|总牵头)|(?P<with>会同|(?<=[局委办部会厅，,])商(?=[^务业局会])|联合)|"
    r"(?P<support>(?:积极|协同|密切)?配合(?:落实|实施|做好)?|(?:业务)?指导(?:督促|监督|服务)?|协助|协办|协同|参与|参加)|"
    r"(?P<duty>(?:等)?(?:按照?|依照|根据)(?:各自)?(?:职责|职能|分工|工作职责)(?:和?分工|范围)?(?:分别|共同|抓好)?(?:负责|落实|配合|推进|组织实施|做好)?|分工负责|共同负责|分别负责|具体负责|"
    r"负责(?:落实|实施|指导|组织实施|推进)?|(?:组织)?(?:落实|实施|承担))"
)
_RUNNING = (
    re.compile(
        r"(?:^|(?<=[。；：\n]))\s*由?(?P<lead>[^。；：，\n（(]{3,80}?)牵头[，,]\s*(?P<with>[^。；，,\n]{3,120}?)(?:参与|配合|协助|协同)[，,](?=[^。；\n]{4})"
    ),
    re.compile(
        r"(?:^|(?<=[。；：\n]))\s*由?(?P<lead>[^。；：，\n（(]{3,80}?)(?:牵头[，,]?|要|应|负责[，,])?会同(?P<with>[^。；，\n]{3,80})"
    ),
    re.compile(
        r"(?:^|(?<=[。；：\n]))\s*(?P<lead>[^。；：，\n]{3,60}?)[为是][^，。；\n]{0,20}牵头(?:单位|部门)[，,](?P<with>[^。；\n]{3,120}?)(?=[为是](?:责任|配合|成员|协办|参与)(?:单位|部门))"
    ),
)
_ALONE = re.compile(r"(?:^|(?<=[。；：\n]))\s*由?(?P<lead>[^。；：，\n（(]{3,80}?)牵头(?=[^，。；、单部\n][^。；]{3})")
"""Sentences that name who leads and with whom, before they say what is done."""
_JOINED = re.compile(r"^由|(?:牵头|要|应|负责)$")
_ENDS = "|".join(sorted(words_of("body_ends"), key=len, reverse=True))
_NAME_END = re.compile(rf"[\u4e00-\u9fff（）()]{{2,14}}?(?:{_ENDS})(?![局委办部会])")
_OPEN, _CLOSE = "（([【〔", "）)]】〕"


@dataclass(frozen=True, slots=True)
class Duty:
    """A clause found in a text, `text[begin:end]` as printed."""

    begin: int
    end: int
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]
    printed: str
    plain: bool = False
    """Only 甲、乙负责 without saying who leads."""
    first_leads: bool = False
    """It says that the first named leads, here and below."""


def read_duties(text: str, *, first_leads: bool = False) -> list[Duty]:
    """Every clause of an item's text in order; with `first_leads` the first named of a plain list leads."""
    found = [duty for begin, end in _brackets(text) if (duty := _bracketed(text, begin, end))]
    for duty in (*_bare(text), *running_duties(text)):
        if not any(d.begin < duty.end and duty.begin < d.end for d in found):
            found.append(duty)
    duties = []
    for duty in sorted(found, key=lambda d: d.begin):
        first_leads = first_leads or duty.first_leads
        duties.append(_first_leads(duty) if first_leads else duty)
    return duties


def _first_leads(duty: Duty) -> Duty:
    if not duty.plain or len(duty.lead_units) < 2:
        return duty
    return replace(duty, lead_units=duty.lead_units[:1], support_units=duty.lead_units[1:] + duty.support_units)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    depth = begin = 0
    for index, char in enumerate(text):
        if char in _OPEN:
            begin = index if depth == 0 else begin
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield begin, index + 1
        elif depth and index - begin > 600:
            depth = 0


def _bracketed(text: str, begin: int, end: int) -> Duty | None:
    inner = text[begin + 1 : end - 1]
    if _LABELLED.search(inner):
        label = text[begin:end] if not re.fullmatch(rf"\s*{LEAD_LABEL}\s*", inner) else ""
        return _from_labels(inner, begin, end, text) if label else None
    if len(inner) < 3 or not _ends_as_duty(inner, text, end):
        return None
    return _from_words(inner, begin, end, text)


def _ends_as_duty(inner: str, text: str, end: int) -> bool:
    if FIRST_LEADS.search(inner):
        return True
    closed = re.sub(r"[，,。；;]?(?:下同|以下同)?[。，；;]?$", "", squeeze(inner))
    said = list(_PREDICATE.finditer(closed))
    return (bool(said) and said[-1].end() == len(closed)) or (_only_units(closed) and _at_end(text, end))


def _only_units(words: str) -> bool:
    names = split_units(words)
    return bool(names) and all(
        is_unit(name) and len(name) > 2 and re.search("[局委办部厅署院会心府行门位]$", name) for name in names
    )


def _at_end(text: str, end: int) -> bool:
    return not text[end:].strip(" 　\n。；")


def _from_labels(inner: str, begin: int, end: int, text: str) -> Duty | None:
    labels = [m for m in LABEL.finditer(inner) if _stands_alone(inner, m)]
    groups: dict[str, list[str]] = {"strong": [], "lead": [], "support": []}
    for index, label in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else len(inner)
        words = re.sub(r"^[】\]\s\u3000]*[:：为是]?", "", inner[label.end() : stop])
        words = FIRST_LEADS.split(words)[0]
        role = (
            "support"
            if label["support"]
            else ""
            if label["other"]
            else "strong"
            if "牵头" in label.group() or "主办" in label.group()
            else "lead"
        )
        if role:
            groups[role] += _listed(words)
    leads, others = (groups["strong"], groups["lead"]) if groups["strong"] else (groups["lead"], [])
    if not leads and not groups["support"]:
        return None
    supports = [name for name in dict.fromkeys(others + groups["support"]) if name not in leads]
    plain = not supports and not groups["strong"]
    return Duty(
        begin,
        end,
        tuple(dict.fromkeys(leads)),
        tuple(supports),
        text[begin:end],
        plain,
        bool(FIRST_LEADS.search(inner)),
    )


def _stands_alone(inner: str, label: re.Match[str]) -> bool:
    before, after = inner[: label.start()].rstrip(" \u3000")[-1:], inner[label.end() :].lstrip()[:1]
    return (not before or before in "；;，,。、【[） )\n") and (after in "：:】]为是" or not before)


def _listed(words: str) -> list[str]:
    """Names of a labelled list; words that only say how they work together are left out."""
    spoken = _PREDICATE.search(squeeze(words))
    if spoken and re.search(r"(?:牵头|负责|配合)[。；;，,]?$", squeeze(words)):
        duty = _from_words(words, 0, len(words), words)
        return [*duty.lead_units, *duty.support_units] if duty else []
    return list(split_units(words))


def _from_words(inner: str, begin: int, end: int, text: str) -> Duty | None:
    said = (
        re.split(r"[。；;，,]?\s*(?:责任单位)?中?(?=(?:列|排|第一))" + "|下同", squeeze(inner), maxsplit=1)[0]
        if FIRST_LEADS.search(inner)
        else squeeze(inner)
    )
    leads: list[str] = []
    supports: list[str] = []
    strong = joined = False
    at = 0
    for predicate in _PREDICATE.finditer(said):
        names = [name for name in split_units(said[at : predicate.start()]) if is_unit(name)]
        at = predicate.end()
        if predicate["lead"]:
            leads, strong = leads + names, True
        elif predicate["with"]:
            leads, joined = leads + names, True
        elif predicate["support"] or strong or joined:
            supports += names
        else:
            leads += names
    if at == 0:
        leads = [name for name in split_units(said) if is_unit(name)]
    if not leads and supports:
        return None
    supports = [name for name in dict.fromkeys(supports) if name not in leads]
    plain = not (strong or joined or supports)
    return (
        Duty(
            begin,
            end,
            tuple(dict.fromkeys(leads)),
            tuple(supports),
            text[begin:end],
            plain,
            bool(FIRST_LEADS.search(inner)),
        )
        if leads
        else None
    )


def _bare(text: str) -> Iterator[Duty]:
    """Clauses without brackets: 责任单位：… to the end of its sentence, or a sentence that is nothing but a clause."""
    reached = 0
    for found in _COLON_LABEL.finditer(text):
        if found.start() < reached:
            continue
        begin = found.start() + len(found.group()) - len(found.group().lstrip())
        end = reached = _end_of_labels(text, begin)
        duty = _from_labels(text[begin:end].lstrip("【["), begin, end, text)
        if duty:
            yield duty
    for begin, end in _sentences(text):
        sentence = squeeze(text[begin:end]).rstrip("。；;")
        if (
            6 < len(sentence) < 200
            and _is_duty_sentence(sentence)
            and (duty := _from_words(sentence, begin, end, text))
        ):
            yield duty


def running_duties(text: str) -> Iterator[Duty]:
    """The duty an item tells in running words: 由甲牵头，会同乙开展…; 甲为牵头单位，乙为责任单位.

    None where another sentence has a lead of its own: whose which work is, only the text itself says.
    """
    if any(_names_before(found["lead"]) for found in _ALONE.finditer(text)):
        return
    for found in (match for pattern in _RUNNING for match in pattern.finditer(text)):
        leads, supports = _names_before(found["lead"]), _names_after(found["with"])
        if leads and supports:
            begin = found.start("lead")
            end = found.start("with") + found["with"].rfind(supports[-1]) + len(supports[-1])
            others = tuple(name for name in supports if name not in leads)
            yield Duty(begin, end, leads, others, text[begin:end])


def _names_before(words: str) -> tuple[str, ...]:
    names = split_units(_JOINED.sub("", words))
    return names if names and all(is_unit(name) and 2 < len(name) <= 20 for name in names) else ()


def _names_after(words: str) -> tuple[str, ...]:
    """The bodies a text goes on with, the last one cut where its name ends."""
    *whole, last = re.split(r"[、，,]|和|及(?=[\u4e00-\u9fff]{2})", words)
    end = _NAME_END.match(last)
    names = [*whole, *([end.group()] if end else [])]
    return tuple(dict.fromkeys(names)) if names and all(is_unit(n) and 2 < len(n) <= 20 for n in names) else ()


def _end_of_labels(text: str, begin: int) -> int:
    end = begin
    while True:
        stop = re.compile(r"[。\n]").search(text, end)
        end = stop.end() if stop else len(text)
        if not (stop and LABEL.match(text[end:].lstrip())):
            return end


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in re.finditer(r"[。\n]|$", text):
        if text[begin : stop.end()].strip():
            yield begin, stop.end()
        begin = stop.end()


def _is_duty_sentence(sentence: str) -> bool:
    """由甲牵头，乙、丙配合: every word of it is a body or says who leads."""
    rest = re.sub(r"^(?:此项工作|该项工作|本项工作|上述工作|以上工作|具体)?由?", "", normal(sentence))
    said = list(_PREDICATE.finditer(rest))
    if not said or said[-1].end() != len(rest):
        return False
    names = [
        name
        for piece in _PREDICATE.split(rest)[::1]
        if piece and not _PREDICATE.fullmatch(piece)
        for name in split_units(piece)
    ]
    return bool(names) and all(is_unit(name) and len(name) <= 20 for name in names)
