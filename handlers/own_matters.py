"""自设事项: what the office's sentence about a matter of its own says, and a kept one as the matter everybody sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import TypeAdapter

from knowledge import Figure, Library, Matter, Measure, Own, Ref, is_whole, kind_of, read_quantity, split_units
from storage import JSON, StoredMatter

MEASURES = TypeAdapter(tuple[Measure, ...])


class Say:
    LABELS: Mapping[str, str] = {
        "责任单位": "leads", "牵头单位": "leads", "牵头": "leads", "配合单位": "supports", "配合": "supports",
        "目标": "targets", "依据": "basis", "通知": "notice",
    }  # fmt: skip
    LABEL = r"[\s，,；;。]+(责任单位|牵头单位|牵头|配合单位|配合|目标|依据|通知)(?:是|为)?[:：\s]*"
    TARGET = r"(?P<year>(?:19|20)\d\d)年?(?:底|末)?前?(?P<said>.+)"
    BREAK = r"[、，,；;]"
    NO_NAME = "事项叫什么？请写在最前面，2到60个字。"
    NO_LEAD = "由哪个单位牵头？"
    NO_BASIS = "依据是什么？（会议纪要、文件名或领导批示都可以）"
    NO_UNIT = "没认出单位“{said}”，请写全称。"
    NO_TARGET = "目标“{said}”没看懂，请写成：2021年30个、2022年60个。"


@dataclass(frozen=True, slots=True)
class Wish:
    """A matter the office wants; no measures = reported by stage."""

    name: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    measures: tuple[Measure, ...]
    basis: str
    notice: str = ""
    """Words that name the notice, if any were said."""


def read_wish(text: str, library: Library) -> Wish | str:
    """What the sentence says; else the one line that tells what is missing or not understood."""
    name, *tail = re.split(Say.LABEL, text.strip())
    said = {Say.LABELS[label]: words.strip(" ，,；;。") for label, words in zip(tail[::2], tail[1::2], strict=True)}
    name = name.strip(" ，,；;。")
    if not 2 <= len(name) <= 60:
        return Say.NO_NAME
    leads, supports = units_in(said.get("leads", ""), library), units_in(said.get("supports", ""), library)
    measures = measures_in(name, said.get("targets", ""))
    if isinstance(leads, str) or isinstance(supports, str) or isinstance(measures, str):
        return next(problem for problem in (leads, supports, measures) if isinstance(problem, str))
    if not leads or not said.get("basis"):
        return Say.NO_BASIS if leads else Say.NO_LEAD
    return Wish(name, leads, supports, measures, said["basis"], said.get("notice", ""))


def units_in(words: str, library: Library) -> tuple[str, ...] | str:
    """The units, or that one is not known."""
    found: list[str] = []
    for word in split_units(words) if words else ():
        unit = library.unit(word)
        if unit is None:
            return Say.NO_UNIT.format(said=word[:20])
        found.append(unit)
    return tuple(dict.fromkeys(found))


def measures_in(name: str, words: str) -> tuple[Measure, ...] | str:
    """One measure with a target for each year, none without words, or what was not understood."""
    targets: list[Figure] = []
    for part in filter(None, re.split(Say.BREAK, words)):
        found = re.fullmatch(Say.TARGET, part.strip())
        quantity = read_quantity(found["said"]) if found else None
        if found is None or quantity is None:
            return Say.NO_TARGET.format(said=part[:20])
        kind = kind_of(quantity.unit, words)
        targets.append(
            Figure(quantity.value, quantity.unit, kind, int(found["year"]), quantity.bound, quantity.high,
                   quote=part.strip(), about=name)
        )  # fmt: skip
    if not targets:
        return ()
    if len({t.unit for t in targets}) > 1:
        return Say.NO_TARGET.format(said=words[:20])
    first = targets[0]
    ordered = tuple(sorted(targets, key=lambda t: t.year or 0))
    return (Measure("1", name, first.unit, first.kind, ordered, (), is_whole(first.unit)),)


def document_of(wish: Wish, now: datetime) -> dict[str, JSON]:
    """What is kept beside name, units and basis."""
    return {"on": now.date().isoformat(), "measures": MEASURES.dump_python(wish.measures, mode="json")}


def own_of(stored: StoredMatter) -> Own:
    """A kept one as the library takes it."""
    document, ref = stored.document or {}, Ref(stored.key or f"own:{stored.id}")
    measures = MEASURES.validate_python(document.get("measures", ()))
    measures = tuple(replace(measure, refs=(ref,)) for measure in measures)
    matter = Matter(str(ref), stored.name, (ref,), stored.lead_units, stored.support_units, measures)
    return Own(stored.notice, matter, stored.basis or "", date.fromisoformat(str(document.get("on", "1970-01-01"))))
