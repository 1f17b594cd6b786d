"""What is understood of a question: bodies, places, years, aspects, and the topic that is left."""

import pytest

from knowledge.phrases import Aspect
from knowledge.question import Question, understand
from knowledge.understanding.places import find_spots, find_years
from tests.evaluate import library

CATALOG = library().catalog(library().notices[0].key)


def heard(text: str) -> Question:
    return understand(text, CATALOG, "市商务局", 2021)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("教育局的指标", ("市教体局",)),
        ("人社局考核啥", ("市人力社保局",)),
        ("我们文旅有几条", ("市文广旅游局",)),
        ("大数锯中心配合啥", ("市大数据中心",)),
        ("发改和民政共同负责", ("市发改局", "市民政局")),
        ("数字文旅谁牵头", ()),
        ("人行负责什么", ("人行诸暨支行",)),
        ("店口镇要做什么", ("相关镇街",)),
        ("商務局負責哪些", ("市商务局",)),
        ("医保电子凭证怎么推广", ()),
        ("市监局", ("市市场监管局",)),
    ],
)
def test_bodies_are_known_by_any_name(text: str, units: tuple[str, ...]) -> None:
    assert heard(text).units == units


def test_a_body_the_notice_does_not_name_is_a_stranger() -> None:
    assert heard("水利局有什么任务").strangers == ("水利局",)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("我们单位的指标", True),
        ("咱局要干啥", True),
        ("本单位任务", True),
        ("给我看看指标", False),
        ("帮我查下步行街", False),
        ("告诉我谁负责", False),
    ],
)
def test_the_asker_is_meant_only_when_said(text: str, own: bool) -> None:
    assert heard(text).own is own


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("附1第5项", (1, 5, None, None)),
        ("附件2第8项", (2, 8, None, None)),
        ("附件一序号23", (1, 23, None, None)),
        ("第六条", (None, None, None, 6)),
        ("(九)", (None, None, None, 9)),
        ("二(一)", (None, None, 2, 1)),
        ("第三部分", (None, None, 3, None)),
    ],
)
def test_places_are_read_as_people_say_them(text: str, spot: tuple[int | None, ...]) -> None:
    found = find_spots(text)[0]
    assert (found.annex, found.row, found.section, found.item) == spot


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("22年几个", (2022,)),
        ("2021和2022年", (2021, 2022)),
        ("二〇二二年", (2022,)),
        ("今年", (2021,)),
        ("明年底", (2022,)),
        ("第22项", ()),
    ],
)
def test_years_are_read_as_people_say_them(text: str, years: tuple[int, ...]) -> None:
    assert find_years(text, 2021).years == years


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("智慧商圈谁负责", Aspect.LEAD),
        ("智慧商圈要几个", Aspect.TARGET),
        ("智慧商圈哪年建成", Aspect.DEADLINE),
        ("智慧商圈配合单位", Aspect.SUPPORT),
        ("智慧商圈写在哪条", Aspect.WHERE),
        ("智慧商圈原文", Aspect.SOURCE),
        ("智慧商圈22年比21年多几个", Aspect.DIFFERENCE),
        ("直播间以哪个为准", Aspect.CONFLICT),
    ],
)
def test_aspects_are_told_apart(text: str, aspect: Aspect) -> None:
    assert aspect in heard(text).aspects


@pytest.mark.parametrize(
    "text", ["请问一下智慧商圈谁负责呀谢谢", "麻烦问下，智慧商圈由哪个单位牵头😊", "@机器人 智慧商圈责任单位"]
)
def test_politeness_is_never_the_topic(text: str) -> None:
    assert heard(text).topic == ("智慧商圈",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("付组长", "副组长"),
        ("智慧商卷几个", "智慧商圈几个"),
        ("zhihui jingqu", "智慧景区"),
        ("物流配送终断", "物流配送终端"),
    ],
)
def test_slips_are_mended_in_the_words_of_the_notice(typed: str, meant: str) -> None:
    assert heard(typed).text == meant


@pytest.mark.parametrize("text", ["我要填未来社区的进展", "智慧城市建设", "今天天气怎么样", "未来社区试点什么时候建成"])
def test_right_words_are_not_mended(text: str) -> None:
    assert heard(text).text == text
