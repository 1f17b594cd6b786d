"""What explains a question best: characters, sounds, synonyms; single characters and politeness never."""

import pytest

from knowledge.phrases import hear
from knowledge.search import Index
from knowledge.sounds import sound, sounds, typed_syllables
from tests.evaluate import library

NAMES = [
    "智慧商圈",
    "智慧景区",
    "省市级高品质步行街",
    "网络零售年均增长",
    "社会消费品零售年均增长",
    "未来社区",
    "物流配送终端新增数",
]
INDEX = Index([(n, "") for n in NAMES])


def best(*segments: str) -> str | None:
    hits = INDEX.search(INDEX.query(segments))
    return NAMES[hits[0].item] if hits else None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("智慧商圈", "智慧商圈"),
        ("步行街", "省市级高品质步行街"),
        ("社零", "社会消费品零售年均增长"),
        ("智会景区", "智慧景区"),
        ("zhihuishangquan", "智慧商圈"),
        ("网络零受", "网络零售年均增长"),
        ("物流终端", "物流配送终端新增数"),
    ],
)
def test_a_name_is_found_by_what_was_typed(said: str, name: str) -> None:
    assert best(said) == name


@pytest.mark.parametrize("said", ["社保", "街", "区", "天气", "食堂", "增高"])
def test_single_shared_characters_find_nothing(said: str) -> None:
    assert best(said) is None


def test_scores_are_shares() -> None:
    whole, part = INDEX.search(INDEX.query(["智慧商圈"]))[0], INDEX.search(INDEX.query(["智慧商圈房价"]))[0]
    assert whole.score == pytest.approx(1.0)
    assert 0 < part.covered < whole.covered


def test_a_word_of_three_is_known_whole_or_not() -> None:
    index = Index([("养老应用试点", ""), ("智慧校园", "")])
    assert index.search(index.query(["养老金"]))[0].covered < 0.5


def test_sounds_fold_what_southern_speakers_mix_up() -> None:
    assert sounds("智城") == sounds("自成")
    assert sound("英") == sound("因")
    assert typed_syllables("shangquan") == ("san", "quan")
    assert typed_syllables("hello") is None or typed_syllables("hello") != ()


def test_what_is_heard_is_one_normal_form() -> None:
    assert hear("@钉办 體育場館，有 幾 個？😊") == "体育场馆,有几个?"
    assert hear("附件１第５项") == "附件1第5项"


def test_matters_are_found_among_the_askers_own() -> None:
    known = library()
    own = known.matters_of("市教体局")
    assert known.find_matters("校园", own)[0][0].key == "annex1:7"
    assert known.find_matters("体育场地", own)[0][0].key == "annex1:13"
    assert known.find_matters("食堂", own) == []
    assert all(0 <= score <= 1 for _, score in known.find_matters("智慧"))
