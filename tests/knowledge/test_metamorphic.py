"""A notice that says other things gets other answers: nothing of the first one is known by heart."""

from pathlib import Path

import pytest

from knowledge import Library, answer_lines, read_notice
from tests.evaluate import DATA, FIRST, judge
from tests.knowledge.changed import changed, expected
from tests.knowledge.generated import questions

SEEDS = range(6)
ENOUGH = 0.98
NAME = "copy.txt"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_changed_notice_gives_the_changed_answers(seed: int) -> None:
    text = Path(DATA / "notices" / FIRST).read_text("utf-8")
    copy = changed(text, seed)
    fresh = read_notice(copy.text, NAME)
    gold = questions(expected(read_notice(text, NAME), copy, fresh))
    library, verdict = Library([fresh]), judge()
    found = [(g, a, verdict(g, a)) for g, a in zip(gold, answer_lines(lambda _: library, gold), strict=True)]
    wrong = [f"{g['turns']} {a['outcome']} {a['cites']} {why}" for g, a, why in found if why]
    assert len(wrong) <= (1 - ENOUGH) * len(found), "\n".join(wrong[:20])


def test_a_copy_is_changed_in_every_way() -> None:
    text = Path(DATA / "notices" / FIRST).read_text("utf-8")
    copy = changed(text, 1)
    assert "诸暨" not in copy.text
    assert copy.units
    assert copy.years
    assert len(copy.values) == len(read_notice(text, NAME).indicators)
