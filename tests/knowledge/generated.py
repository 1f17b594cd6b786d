"""Questions made from the facts of a notice: every fact in several phrasings, with slips. Gold lines."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from knowledge import Notice
from knowledge.notice import Figure, Indicator, Member, Project
from knowledge.text import squeeze

Line = dict[str, object]
SHORTENED = re.compile(r"^(?:市(?!场)|省|县|区)(?=[\u4e00-\u9fff]{3})")


def questions(notice: Notice, seed: int = 0, *, slips: bool = False) -> list[Line]:
    """Every fact of the notice asked in several ways; with `slips` also with a wrong or a missing character."""
    lines = [*_indicators(notice), *_projects(notice), *_units(notice), *_members(notice), *_head(notice)]
    if slips:
        lines += _slipped([*_indicators(notice), *_projects(notice)], random.Random(seed))
    return [{"id": f"g{i:04d}", **line} for i, line in enumerate(lines)]


def _line(
    category: str, text: str, *, cites: Iterable[str] = (), exact: Iterable[str] = (), contains: Iterable[str] = ()
) -> Line:
    return {
        "category": category,
        "unit": None,
        "turns": [text],
        "expect": "answer",
        "cites_all": list(cites),
        "cites_exact": list(exact),
        "contains": list(contains),
        "excludes": [],
    }


def plain(name: str) -> str:
    """A name as people say it: without blanks and without the unit in brackets."""
    return re.sub(r"[（(][^（）()]{1,8}[）)]$", "", squeeze(name))


def _value(figure: Figure) -> str:
    return f"{figure.value}{figure.unit}"


def _indicators(notice: Notice) -> Iterator[Line]:
    for row in notice.indicators:
        yield from _targets(row)
        units = [str(u) for u in row.lead_units]
        for text in ("{}由谁负责", "{}的责任单位是哪家", "请问{}归哪个部门管？"):
            yield _line("item-unit", text.format(plain(row.name)), contains=units)


def _targets(row: Indicator) -> Iterator[Line]:
    name, every = plain(row.name), [f for f in row.figures if f.value is not None]
    for figure in every:
        for text in ("{name}{year}年目标是多少", "{year}年{name}要达到多少", "麻烦查下{name}在{short}年的任务数，谢谢"):
            asked = text.format(name=name, year=figure.year, short=str(figure.year)[2:])
            yield _line("item-target", asked, cites=[row.ref], contains=[_value(figure)])
    yield _line("item-target", f"{name}的目标", cites=[row.ref], contains=[_value(f) for f in every])


def _projects(notice: Notice) -> Iterator[Line]:
    for row in notice.projects:
        name = plain(row.name)
        for text in ("{}项目谁牵头", "{}这个项目的责任单位"):
            yield _line("project", text.format(name), contains=[str(u) for u in row.lead_units])
        if row.support_units:
            yield _line(
                "cooperate", f"{name}项目有哪些配合单位", cites=[row.ref], contains=[str(u) for u in row.support_units]
            )


def _units(notice: Notice) -> Iterator[Line]:
    for unit in notice.units:
        short = SHORTENED.sub("", unit)
        rows: tuple[tuple[str, tuple[str, ...], list[str]], ...] = (
            ("unit-items", ("{}负责哪些指标", "{}有几个指标？"), _led(notice.indicators, unit)),
            ("project", ("{}牵头哪些项目", "{}负责的项目列一下"), _led(notice.projects, unit)),
            (
                "cooperate",
                ("{}配合哪些项目", "哪些项目要{}配合"),
                [p.ref for p in notice.projects if unit in p.support_units],
            ),
        )
        for category, texts, refs in rows:
            if refs:
                yield from (
                    _line(category, t.format(said), exact=refs) for t in texts for said in dict.fromkeys((unit, short))
                )


def _led(rows: Iterable[Indicator | Project], unit: str) -> list[str]:
    return [r.ref for r in rows if unit in r.lead_units]


def _members(notice: Notice) -> Iterator[Line]:
    for member in notice.members:
        yield _line(
            "member", f"{squeeze(member.name)}是什么职务", cites=[member.ref], contains=[squeeze(member.position)]
        )
    yield from (_line("member", f"{m.unit}的成员是谁", contains=[squeeze(m.name)]) for m in _ordinary(notice))


def _ordinary(notice: Notice) -> list[Member]:
    return [m for m in notice.members if m.unit and "组长" not in m.role]


def _head(notice: Notice) -> Iterator[Line]:
    if notice.doc_no:
        yield _line("head", "这份通知的文号", cites=["head"], contains=[notice.doc_no])
    if notice.date:
        yield _line("head", "通知是哪天印发的", cites=["head"], contains=[f"{notice.date:%Y-%m-%d}"])


def _slipped(lines: Iterable[Line], chance: random.Random) -> Iterator[Line]:
    for line in lines:
        turns = line["turns"]
        text = str(turns[0]) if isinstance(turns, list) else ""
        if line["category"] in ("item-target", "project") and len(text) > 12 and chance.random() < 0.4:
            at = chance.randrange(1, 6)
            wrong = chance.choice(["", "丰", "囗"])
            yield {**line, "category": "typo", "turns": [text[:at] + wrong + text[at + 1 :]]}
