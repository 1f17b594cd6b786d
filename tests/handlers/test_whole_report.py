"""One sentence against what a unit owes: who gets which answers, what is quoted back, nothing guessed silently."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.owing import Item, Span
from handlers.whole_report import Reader, Told
from knowledge import Library, read_notice
from storage import State, StoredMatter, Submission

NOTICE = Path(__file__).parents[1] / "data" / "notices" / "zhuji-2021-17.txt"
LIBRARY = Library([read_notice(NOTICE.read_bytes(), NOTICE.name)])
KEY = LIBRARY.notices[0].key
TODAY = date(2021, 12, 20)
LASTS = {"annex1:7": {"1": "32"}, "annex1:8": {"1": "76"}, "annex1:13": {"1": "6"}}


def items(unit: str = "市教体局", *, last: bool = True) -> list[Item]:
    found = []
    for number, matter in enumerate(LIBRARY.matters_of(unit), 1):
        stored = StoredMatter(
            number, KEY, matter.key, matter.name, False, None, None, matter.lead_units, matter.support_units, None
        )
        before = submission(stored, LASTS[matter.key]) if last and matter.key in LASTS else None
        found.append(Item(stored, matter, Span("2021Q4", None), last=before))
    return found


def submission(stored: StoredMatter, figures: dict[str, str]) -> Submission:
    at = datetime(2021, 9, 24, tzinfo=UTC)
    return Submission(
        stored.id, None, None, stored.id, KEY, stored.lead_units[0], "2021Q3", 1, None, State.APPROVED, "opening",
        True, figures, {}, None, "", "", "", False, None, None, stored.lead_units, (), (), "office", "", None, at,
        None, None,
    )  # fmt: skip


def said(text: str, owed: list[Item] | None = None) -> tuple[dict[str, dict[str, str]], Told]:
    owed = owed or items()
    reader = Reader(LIBRARY, owed, TODAY)
    told, report = reader.read(text)
    if report.rest:
        reader.rest(told, report.rest)
    names = {item.stored.id: item.stored.key or "" for item in owed}
    return {names[number]: given for number, given in told.given.items()}, told


def test_names_values_and_the_rest_as_before() -> None:
    given, told = said("校园35，场地7，其他和上期一样")
    assert given["annex1:7"] == {"value:1": "35"}
    assert given["annex1:13"] == {"value:1": "7"}
    assert given["annex1:8"] == {"value:1": "和上期一样"}
    assert [item.stored.key for item in told.no_last] == ["annex2:6", "annex2:7", "annex2:8", "annex2:9", "body:6.15"]


def test_an_increase_becomes_the_total_where_totals_are_reported() -> None:
    given, _ = said("校园新增3")
    assert given["annex1:7"] == {"value:1": "35"}


def test_a_sentence_after_a_value_is_its_line() -> None:
    given, _ = said("校园35，新增三所已验收，场地7")
    assert given["annex1:7"] == {"value:1": "35", "line": "新增三所已验收"}


def test_a_doubtful_name_goes_to_the_matter_whose_value_fits_and_is_told() -> None:
    given, told = said("校园35")
    assert list(given) == ["annex1:7"]
    assert told.guessed == [("校园", "智慧(数字)校园")]


def test_what_nobody_knows_is_quoted_and_the_rest_kept() -> None:
    given, told = said("校园35 场地7 88号5")
    assert set(given) == {"annex1:7", "annex1:13"}
    assert told.unknown == ["88号"]


def test_another_units_matter_is_named_and_not_taken() -> None:
    given, told = said("校园35，智慧景区1")
    assert set(given) == {"annex1:7"}
    assert [m.name for m in told.foreign] == ["智慧景区"]


def test_stages_measures_and_data_not_out() -> None:
    given, told = said("标杆推进中，高中示范学校3，覆盖率数据还没出来")
    assert given == {
        "body:6.15": {"stage": "推进中"},
        "annex2:6": {"value:2": "3"},
        "annex1:8": {"value:1": "数据未出"},
    }
    assert not told.stages


def test_a_number_for_a_duty_without_figures_is_not_taken() -> None:
    given, told = said("标杆3")
    assert not given
    assert [item.stored.key for item in told.stages] == ["body:6.15"]


def test_nothing_new_counts_from_the_last_value_or_zero() -> None:
    given, told = said("零报告", items(last=False))
    assert given["annex1:7"] == {"value:1": "零报告"}
    assert "annex1:8" in [item.stored.key for item in told.no_last]


@settings(max_examples=80, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("校园场地覆盖率35，,。 \n和上期一样其他没变新增数据还没出来八成%附件第项1７智慧"),
        max_size=60,
    )
)
def test_whatever_is_said_only_named_matters_get_answers(text: str) -> None:
    owed = items()
    given, told = said(text, owed)
    known = {item.stored.key for item in owed}
    assert set(given) <= known
    assert all(answers for answers in given.values())
    assert not {item.stored.key for item in told.no_last} & set(given)
