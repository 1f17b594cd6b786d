"""What is looked up where it is printed gives what keeping every run would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge import UnitNames
from knowledge.nicknames import Nicknames
from knowledge.runs import Beside, Heard, Runs
from knowledge.search import Index
from knowledge.sounds import sounds

TEXTS = st.lists(st.text("智慧商圈景区数字a1", max_size=12), max_size=8)
SAID = st.text("智慧商圈景区数字a1", min_size=1, max_size=5)
UNITS = ("市商务局", "市教育局", "市体育局", "市大数据中心", "各镇乡（街道）", "市教体局")
ASKED = ("商务局", "教育局", "体育局", "教体", "大数据局", "镇街", "市监局", "大脑办", "教育体育局")


@given(TEXTS, SAID)
def test_an_index_finds_every_text_that_holds_the_words(texts: list[str], said: str) -> None:
    index = Index([("", t) for t in texts])
    assert index.holders(said) == tuple(i for i, t in enumerate(texts) if said in t)
    assert (said[:2] in index.known) == (len(said) > 1 and any(said[:2] in t for t in texts))


@given(TEXTS, st.lists(SAID, min_size=5, max_size=12))
def test_an_index_that_forgets_finds_the_same(texts: list[str], said: list[str]) -> None:
    short, long = Index([("", t) for t in texts], remembered=2), Index([("", t) for t in texts])
    assert [short.search(short.query([s])) for s in said] == [long.search(long.query([s])) for s in said]


@given(TEXTS, SAID)
def test_what_cannot_cover_enough_is_all_that_is_left_out(texts: list[str], said: str) -> None:
    index = Index([("", t) for t in texts])
    hits = index.search(index.query([said]))
    enough = index.search(index.query([said]), least=0.6)
    assert [h for h in hits if h.covered >= 0.6] == [h for h in enough if h.covered >= 0.6]


@given(TEXTS, SAID)
def test_runs_are_those_of_one_text(texts: list[str], said: str) -> None:
    known = Index([("", t) for t in texts]).known
    for runs in (Runs(texts), Runs(texts, known)):
        assert len(said) < 2 or (said in runs) == any(said in t for t in texts)


@given(TEXTS, st.text("智慧商圈", min_size=2, max_size=2))
def test_neighbours_are_those_in_one_name(names: list[str], pair: str) -> None:
    after = {n[i + 2] for n in names for i in range(len(n) - 2) if n[i : i + 2] == pair}
    before = {n[i - 1] for n in names for i in range(1, len(n) - 1) if n[i : i + 2] == pair}
    assert set(Beside(names, 2).get(pair, "")) == after
    assert set(Beside(names, -1).get(pair, "")) == before


def test_a_name_is_heard_by_its_sounds() -> None:
    heard = Heard(["智慧商圈", "市商务局"])
    assert heard.get(sounds("自会"), "") == "智慧"
    assert heard.get(sounds("商务"), "") == "商务"
    assert heard.get(sounds("圈市"), "?") == "?"
    assert heard.get(sounds("智"), "?") == "?"


def test_nicknames_shared_by_notices_mean_what_they_mean_alone() -> None:
    aliases = {"大脑办": "市大数据中心"}
    shared = Nicknames(aliases)
    for units in (UNITS[:2], UNITS[2:4], UNITS, UNITS[3:], UNITS[:1]):
        alone, together = UnitNames(units, aliases), UnitNames(units, nicknames=shared)
        assert [together.resolve(a) for a in ASKED] == [alone.resolve(a) for a in ASKED]
        assert all(together.forms_of(u) == alone.forms_of(u) for u in units)
