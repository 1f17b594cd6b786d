"""make eval: scores every question set, shows confusions and worst answers, fails when a score drops."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from knowledge import Library, answer_lines, read_notice
from tests.knowledge.generated import questions

DATA = Path(__file__).parent / "data"
SETS = DATA / "eval"
FIRST = "zhuji-2021-17.txt"
FLOORS = SETS / "floor.json"
WORST = 12

Line = Mapping[str, object]
Result = tuple[Line, Mapping[str, object], list[str]]


def judge() -> Callable[[Line, Mapping[str, object] | None], list[str]]:
    """The shared scorer's verdict on one answer."""
    spec = importlib.util.spec_from_file_location("score", SETS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    verdict: Callable[[Line, Mapping[str, object] | None], list[str]] = module.judge
    return verdict


@cache
def library(notice: str | None = None) -> Library:
    """The library of one notice file of the test data."""
    paths = (DATA / folder / (notice or FIRST) for folder in ("notices", "written", "fixtures"))
    path = next(p for p in paths if p.exists())
    return Library([read_notice(path.read_bytes(), path.name)])


def lines_of(name: str) -> list[dict[str, object]]:
    """The lines of a question set; `generated` is made from the first notice."""
    if name == "generated":
        return questions(library().notices[0], slips=True)
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


def results(name: str) -> list[Result]:
    """(question, answer, reasons why it fails) for every line of the set."""
    verdict, gold = judge(), lines_of(name)
    return [(g, a, verdict(g, a)) for g, a in zip(gold, answer_lines(library, gold), strict=True)]


def score(found: Sequence[Result]) -> float:
    """Percent of questions without a reason to fail."""
    return round(100 * sum(not why for _, _, why in found) / max(len(found), 1), 2)


def show(name: str, found: Sequence[Result], floor: float) -> None:
    """The set's table: categories, confusions of outcomes, the worst answers."""
    print(f"\n{name}: {score(found)}% of {len(found)} (floor {floor})")
    by_category: dict[str, list[bool]] = defaultdict(list)
    for gold, _, why in found:
        by_category[str(gold["category"])].append(not why)
    print("  " + "  ".join(f"{c} {sum(ok)}/{len(ok)}" for c, ok in by_category.items()))
    confused = Counter(f"{g['expect']}→{a['outcome']}" for g, a, _ in found if g["expect"] != a["outcome"])
    if confused:
        print("  confused: " + ", ".join(f"{pair} ×{n}" for pair, n in confused.most_common()))
    for gold, answer, why in _worst(found):
        print(f"  {gold['id']} {gold['turns']} → {answer['outcome']} {answer['cites']}\n      {'; '.join(why)}")


def _worst(found: Iterable[Result]) -> list[Result]:
    return sorted((r for r in found if r[2]), key=lambda r: -len(r[2]))[:WORST]


def main() -> int:
    """1 when a set scores under its floor, else 0."""
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    fallen = []
    for name, floor in floors.items():
        found = results(name)
        show(name, found, floor)
        if score(found) < floor:
            fallen.append(name)
    print("\nfallen: " + ", ".join(fallen) if fallen else "\nno score fell")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
