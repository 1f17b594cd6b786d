"""Ready steps: values with their checks, lines, days, words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handlers.form_steps import Asking, Got, Problem
from handlers.form_values import choice_reader, day_reader, line_reader, value_checks, value_reader
from handlers.rules.checks import Series
from knowledge import Kind

TODAY = date(2021, 9, 24)
ASKING = Asking({}, TODAY)
SCHOOLS = Series("校园", "所", Kind.STOCK, True, Decimal(32), Decimal(59), Decimal(59))
COVERAGE = Series("覆盖率", "%", Kind.SHARE, False, Decimal(76), Decimal(80), Decimal(80))


@pytest.mark.parametrize(
    ("series", "text", "value"),
    [
        (SCHOOLS, "三十五所", "35"),
        (SCHOOLS, "目前累计35所", "35"),
        (replace(SCHOOLS, unit="人次"), "1.2万", "12000"),
        (COVERAGE, "八成", "80"),
        (COVERAGE, "80%", "80"),
        (COVERAGE, "76.5", "76.5"),
    ],
)
def test_a_value_is_read(series: Series, text: str, value: str) -> None:
    assert value_reader(lambda _: series)(text, ASKING) == Got(value)


@pytest.mark.parametrize("text", ["", "校园", "家是怎么算的", "新增三所已验收，另有两所在建"])
def test_what_is_no_value(text: str) -> None:
    assert value_reader(lambda _: SCHOOLS)(text, ASKING) is None


def test_a_share_written_as_a_fraction_is_asked_about() -> None:
    read = value_reader(lambda _: COVERAGE)
    found = read("0.8", ASKING)
    assert isinstance(found, Problem)
    assert [read(choice.says, ASKING) for choice in found.choices] == [Got("80"), Got("0.8")]


def test_a_jump_is_a_minor_doubt() -> None:
    found = [problem for check in value_checks(lambda _: SCHOOLS) if (problem := check("62", ASKING))]
    assert [(problem.code, problem.minor) for problem in found] == [("over", False), ("jump", True)]


def test_lines_days_and_words() -> None:
    assert line_reader(5)(" 已开工\u200b ", ASKING) == Got("已开工")
    assert isinstance(line_reader(5)("已开工建设中", ASKING), Problem)
    past = day_reader(lambda asking: asking.facts, "past")
    assert past("9月20日", ASKING) == Got("2021-09-20")
    assert isinstance(past("明天", ASKING), Problem)
    assert past("不确定", ASKING) is None
    assert isinstance(day_reader(lambda asking: asking.facts, "future")("昨天", ASKING), Problem)
    words = choice_reader({"推进中": "running"})
    assert words("推进中。", ASKING) == Got("running")
    assert words("快了", ASKING) is None
