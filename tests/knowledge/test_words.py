"""jieba cuts words for cards; no answer waits for it, or is another once it is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from knowledge.words import Words
from tests.evaluate import library

ROOT = Path(__file__).parents[2]
BOTH = """
import json, sys
from knowledge import answer_lines
from knowledge.words import Words
from tests.evaluate import judge, library, lines_of

lines = [line for name in ("qa_dev", "qa_other_dev", "own_dev", "own_more", "own_other", "own_fresh")
         for line in lines_of(name)] + lines_of("generated")[::5]

def answered():
    library.cache_clear()
    return json.loads(json.dumps(list(answer_lines(library, lines)), ensure_ascii=False, default=str))

before = answered()
early = "jieba" in sys.modules
words = Words(library().notices)
words.load()
cut = words.cut("智慧商圈由谁负责")
after = answered()
verdict = judge()
right = [sum(not verdict(line, a) for line, a in zip(lines, some)) for some in (before, after)]
other = [line["id"] for line, a, b in zip(lines, before, after) if a != b]
late = "jieba" in sys.modules
print(json.dumps({"early": early, "late": late, "cut": cut, "asked": len(lines), "right": right, "other": other}))
"""


def test_answers_are_the_same_before_and_after_jieba_is_loaded() -> None:
    """In a process of its own, where nobody has loaded it before."""
    ran = subprocess.run([sys.executable, "-c", BOTH], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    assert (found["early"], found["late"]) == (False, True)
    assert "智慧商圈" in found["cut"]
    assert found["other"] == []
    assert found["right"][0] == found["right"][1] > 0.95 * found["asked"] > 500


def test_terms_of_the_notice_are_cut_whole() -> None:
    words = Words(library().notices)
    assert "市文广旅游局" in words.cut("由市文广旅游局牵头")
    assert "智慧商圈" in words.keywords("智慧商圈建设，智慧商圈验收，到2021年底完成2个")
