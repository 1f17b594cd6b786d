"""No number in an answer that does not stand in a cited passage, or is computed from cited ones and says so."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pytest

from knowledge.catalog import Catalog
from knowledge.text import normal
from tests.evaluate import library, lines_of, results

SETS = [
    "qa_dev", "qa_other_dev", "own_dev", "own_more", "generated", "own_other", "own_fresh", "own_round1", "own_round2",
    "own_round3",
    "own_round4", "own_round5", "own_round6", "own_round7",
]  # fmt: skip
PLACE = re.compile(
    r"〔[^〕]*〕|附件\d+(?:第[\d、]+项|备注)?|正文[一二三四五六七八九十]*(?:\([一二三四五六七八九十]+\))?\d*|第\d+项|表\d+第\d+行"
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
RELATIVE = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
NUMBERED = re.compile(r"^\d+\. ", re.M)
COUNTED = re.compile(r"(?<![\d.年])(\d+)(?:项|个|条|人|家|种|处)")
COMPUTED = re.compile(r"(\d[\d.]*)[^\d（]{0,4}（(\d[\d.]*)[^\d减]{0,6}减(\d[\d.]*)[^）]*据表计算）")


def numbers(text: str) -> set[str]:
    found = {n.replace(",", "") for n in NUMBER.findall(normal(text))}
    return found | {part for n in found for part in n.split(".")}  # 3．2020年底前 is the third task


def standing(catalog: Catalog, refs: Iterable[str]) -> str:
    """All that stands at the refs, with the heads of the tables they are in."""
    texts = [text for ref, text in catalog.passages.items() if ref in set(refs)]
    texts += ["/".join(cell for _, cell in row.cells) for ref, row in catalog.rows.items() if ref in set(refs)]
    tables = [t for t in catalog.notice.tables if t.ref in refs or any(r.startswith(f"{t.ref}:") for r in refs)]
    texts += [f"{t.title} {' '.join(t.columns)}" for t in tables]
    issued = catalog.notice.date
    return "/".join([*texts, *(f"{issued:%Y/%m/%d}/{issued.month}/{issued.day}" for _ in [0] if issued)])


def computed(text: str) -> set[str]:
    """Differences that say what they are computed from, and are right."""
    return {gap for gap, high, low in COMPUTED.findall(text) if Decimal(gap) == abs(Decimal(high) - Decimal(low))}


def counts(answer: Mapping[str, object]) -> set[str]:
    """How many places an answer lists, in all, by kind, by line."""
    cites, related = [list(map(str, answer[k])) for k in ("cites", "related")]  # type: ignore[call-overload]
    kinds = [ref.partition(":")[0] for ref in (*cites, *related)]
    lines = str(answer["text"]).splitlines()
    listed = [sum(1 for line in lines if NUMBERED.match(line)), *(line.count("、") + 1 for line in lines)]
    return {str(n) for n in range(1, max([len(cites), len(related), len(kinds), *listed]) + 1)}


def unfounded(question: Mapping[str, object], answer: Mapping[str, object]) -> set[str]:
    """The numbers of an answer that nothing it cites supports."""
    notice = question.get("notice")
    whole = library(str(notice) if notice else None)
    catalog = whole.catalog(whole.notices[0].key)
    text = str(answer["text"])
    refs = [str(r) for r in answer["cites"]]  # type: ignore[attr-defined]
    related = [str(r) for r in answer["related"]]  # type: ignore[attr-defined]
    founded = numbers(standing(catalog, [*refs, *related])) | computed(text)
    if answer["outcome"] != "answer":
        asked = numbers("/".join(map(str, question["turns"])))  # type: ignore[call-overload]
        turns, issued = "".join(map(str, question["turns"])), catalog.notice.date  # type: ignore[call-overload]
        asked |= {str(issued.year + shift) for word, shift in RELATIVE.items() if issued and word in turns}
        founded |= numbers(catalog.full_text) | asked | {f"20{n}" for n in asked if len(n) == 2}
    bare = PLACE.sub("", normal(NUMBERED.sub("", text)))
    counted = set(COUNTED.findall(bare)) & (counts(answer) | {str(len(catalog.notice.members))})
    return {
        n for n in numbers(bare) if n not in founded and n.rstrip("0").rstrip(".") not in founded and n not in counted
    }


@pytest.mark.parametrize("name", SETS)
def test_every_number_stands_in_a_cited_passage(name: str) -> None:
    loose = {str(g["id"]): (unfounded(g, a), a["text"]) for g, a, _ in results(name)}
    assert {k: v for k, v in loose.items() if v[0]} == {}


def test_every_answer_that_states_facts_cites_a_place() -> None:
    bare = [g["id"] for g, a, _ in results("own_dev") if a["outcome"] == "answer" and not (a["cites"] or a["related"])]
    assert bare == []


def test_a_refusal_cites_nothing() -> None:
    assert all(not a["cites"] for name in SETS for _, a, _ in results(name) if a["outcome"] == "refuse")


def test_every_cited_place_exists() -> None:
    catalog = library().catalog(library().notices[0].key)
    known = {*catalog.passages, *(t.ref for t in catalog.notice.tables)}
    cited = {r for g, a, _ in results("own_dev") if not g.get("notice") for r in a["cites"]}  # type: ignore[attr-defined]
    assert cited <= known
    assert lines_of("own_dev")
