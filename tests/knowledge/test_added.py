"""What the office added is found by name, talked about, and stands beside a unit's list, said to be the office's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge import Asked, Context, Figure, Kind, Library, Matter, Measure, Outcome, Own, Ref
from tests.evaluate import FIRST
from tests.evaluate import library as shelf

BASIS = "2021年9月1日市政府专题会议纪要"


def own(number: int, name: str, lead: str, *targets: tuple[int, int], supports: tuple[str, ...] = ()) -> Own:
    """A matter the office added."""
    ref = Ref(f"own:{number}")
    figures = tuple(
        Figure(Decimal(v), "个", Kind.STOCK, y, None, None, quote=f"{y}年{v}个", about=name) for y, v in targets
    )
    measures = (Measure("1", name, "个", Kind.STOCK, figures, (ref,), True),) if figures else ()
    key = shelf(FIRST).notices[0].key
    return Own(key, Matter(str(ref), name, (ref,), (lead,), supports, measures), BASIS, date(2021, 9, 2))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(
        shelf(FIRST).notices,
        own=(
            own(1, "快递站点共配", "市邮政管理局", (2021, 30), (2022, 60), supports=("市交通运输局",)),
            own(2, "老旧市场改造", "市财政局"),
        ),
    )


@pytest.mark.parametrize(
    "said",
    ["我负责哪些指标", "我负责什么", "我们单位有哪些任务", "市邮政管理局负责哪些指标", "邮政管理局牵头哪些"],
)
def test_a_unit_s_list_names_them_as_the_office_s_with_their_basis(library: Library, said: str) -> None:
    answer = library.ask(Asked(said, "市邮政管理局", today=date(2021, 12, 20)))
    assert answer.outcome is Outcome.ANSWER
    assert (
        f"另有办公室自设事项1件，不在通知里：\n1. 快递站点共配：2021年30个，2022年60个（依据：{BASIS}）" in answer.text
    )
    assert Ref("own:1") in answer.related
    assert Ref("own:1") not in answer.cites


def test_a_unit_asked_for_first_gets_them_too(library: Library) -> None:
    asked = library.ask(Asked("我负责哪些指标"))
    assert asked.outcome is Outcome.CLARIFY
    answer = library.ask(Asked("我是市邮政管理局的", context=asked.context))
    assert "另有办公室自设事项1件" in answer.text


def test_supporters_see_them_when_they_ask_what_they_support(library: Library) -> None:
    assert "快递站点共配" in library.ask(Asked("我们配合哪些", "市交通运输局")).text
    assert "快递站点共配" not in library.ask(Asked("我们负责哪些", "市交通运输局")).text


@pytest.mark.parametrize("said", ["智慧商圈谁负责", "市邮政管理局食堂几点开", "组长是谁", "智慧商圈目标是多少"])
def test_what_is_asked_of_the_notice_stays_as_it_was(library: Library, said: str) -> None:
    asked = Asked(said, "市邮政管理局", today=date(2021, 12, 20))
    assert library.ask(asked) == Library(library.notices).ask(asked)


@pytest.mark.parametrize(
    "said",
    ["快递站点共配谁负责", "快递站点谁负责", "快递站点目标多少", "快递站点共配2022年目标多少", "站点共配是哪家负责的"],
)
def test_one_is_found_by_its_name_and_by_most_of_it(library: Library, said: str) -> None:
    answer = library.ask(Asked(said, "市教体局", today=date(2021, 12, 20)))
    assert answer.cites == (Ref("own:1"),)
    assert "办公室增加的事项" in answer.text
    assert "市邮政管理局负责，市交通运输局配合。目标：2021年30个，2022年60个。" in answer.text
    assert BASIS in answer.text


def test_one_without_a_figure_says_how_it_is_reported(library: Library) -> None:
    assert "没有定数字目标，按进度报" in library.ask(Asked("老旧市场改造目标多少")).text


def test_a_year_the_office_set_nothing_for_is_said(library: Library) -> None:
    assert "没有定2023年的目标" in library.ask(Asked("快递站点共配23年要几个", today=date(2021, 12, 20))).text


def test_the_talk_goes_on_about_it(library: Library) -> None:
    first = library.ask(Asked("快递站点共配谁负责"))
    again = library.ask(Asked("那目标呢", context=first.context))
    assert again.cites == (Ref("own:1"),)
    other = library.ask(Asked("智慧商圈谁负责", context=again.context))
    assert "快递" not in other.text
    assert "快递" not in library.ask(Asked("那目标呢", context=other.context)).text


def test_its_form_opens_with_the_value(library: Library) -> None:
    answer = library.ask(Asked("快递站点共配报25个", "市邮政管理局", Context()))
    assert (answer.outcome, answer.matter, answer.value) == (Outcome.FORM, "own:1", "25个")
