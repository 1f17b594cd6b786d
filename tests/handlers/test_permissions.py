"""The table of rights of design.md §5, cell by cell, and four eyes."""

from itertools import product

import pytest

from handlers.rules.permissions import RIGHTS, About, Action, Post, SeatHeld, four_eyes, may, reviewers

# Columns: 填报员/联络人/备用 · 单位负责人 · 审核员 · 办公室 · 领导 · 审计 · 管理员.
# – never · U their unit's · own · led · sup · dec what they may decide (four eyes) · all · eyes all, but four eyes
TABLE = {
    Action.SEE_APPROVED: "U U all all all all –",
    Action.SEE_SUBMITTED: "U U dec dec – all –",
    Action.SEE_STATE: "U U dec all – all –",
    Action.SEE_DRAFT: "U – – – – – –",
    Action.FILL: "led – – – – – –",
    Action.FILL_LINE: "sup – – – – – –",
    Action.FILL_FOR: "– – – all – – –",
    Action.SIGN_IN_UNIT: "– U – all – – –",
    Action.CONFIRM_SEAT: "– U – all – – –",
    Action.SET_LEAVE: "own U – all – – –",
    Action.HAND_OVER: "– U – all – – –",
    Action.REVIEW: "– – dec – – – –",
    Action.SET_PLAN: "– – – all – – –",
    Action.BIND_GROUP: "– – – all – – –",
    Action.RULE: "– – – eyes – – –",
    Action.ANSWER_FAQ: "– – – eyes – – –",
    Action.GRANT_DELAY: "– – – eyes – – –",
    Action.CLOSE_PERIOD: "– – – eyes – – –",
    Action.ADD_MATTER: "– – – all – – –",
    Action.ASSIGN_TOWNS: "– – – all – – –",
    Action.PUBLISH: "– – – all – – –",
    Action.ASK_WORD: "– – – all all – –",
    Action.CLOSE_WORD: "– – – all all – –",
    Action.SEE_AUDIT: "U U – all – all –",
    Action.EXPORT: "U U – all – all –",
    Action.EXPORT_APPROVED: "U U – all all all –",
    Action.STATUS: "– – – – – – all",
    Action.PREVIEW: "– – – all – – all",
    Action.SEATS: "– – – all – – all",
}
COLUMNS = {
    "clerk": (Post.FILLER, Post.CONTACT, Post.STANDBY),
    "head": (Post.HEAD,),
    "reviewer": (Post.REVIEWER,),
    "office": (Post.OFFICE,),
    "leader": (Post.LEADER,),
    "auditor": (Post.AUDITOR,),
    "operator": (Post.OPERATOR,),
}
CELLS = [
    (post, action, cell)
    for action, row in TABLE.items()
    for posts, cell in zip(COLUMNS.values(), row.split(), strict=True)
    for post in posts
]


def expected(cell: str, unit: str, about: About) -> bool:
    eyes = unit not in {*about.lead_units} and not about.writer and not {*about.units_then} & {*about.lead_units}
    return {
        "–": False,
        "all": True,
        "eyes": eyes,
        "dec": eyes,
        "U": unit == about.unit,
        "own": about.own,
        "led": unit in about.lead_units,
        "sup": unit in about.support_units,
    }[cell]


ABOUTS = [
    About(unit="甲局", lead_units=("甲局",), support_units=("乙局",), writer=writer, units_then=then)
    for writer, then in product((False, True), ((), ("甲局",), ("丙局",)))
]


def test_every_action_has_a_row() -> None:
    assert set(TABLE) | {Action.ASK} == set(Action)
    assert set(RIGHTS) == set(Post)


@pytest.mark.parametrize(("post", "action", "cell"), CELLS)
def test_a_cell(post: Post, action: Action, cell: str) -> None:
    for unit, about in product(("甲局", "乙局", "丙局"), ABOUTS):
        assert may([SeatHeld(post, unit)], action, about) is expected(cell, unit, about), (unit, about)


@pytest.mark.parametrize(("post", "action", "cell"), CELLS)
def test_what_is_ones_own(post: Post, action: Action, cell: str) -> None:
    allowed = may([SeatHeld(post, "甲局")], action, About(unit="甲局", lead_units=("乙局",), own=True))
    if action is Action.CONFIRM_SEAT:
        assert not allowed
    elif cell == "own":
        assert allowed


@pytest.mark.parametrize("action", list(Action))
def test_without_a_seat_only_questions(action: Action) -> None:
    about = About(unit="甲局", lead_units=("甲局",), support_units=("甲局",), own=True)
    assert may([], action, about) is (action is Action.ASK)
    assert may([SeatHeld("秘书", "甲局")], action, about) is (action is Action.ASK)


def test_nobody_decides_about_the_own_unit_through_another_seat() -> None:
    seats = [SeatHeld(Post.REVIEWER, "丙局"), SeatHeld(Post.FILLER, "甲局")]
    assert not may(seats, Action.REVIEW, About(lead_units=("甲局",)))
    assert may(seats, Action.REVIEW, About(lead_units=("乙局",)))
    assert not may(seats, Action.REVIEW, About(lead_units=("乙局",), units_then=("乙局",)))
    assert not may(seats, Action.REVIEW, About(lead_units=("乙局",), writer=True))


def test_the_office_does_not_rule_on_its_own_matter() -> None:
    office = [SeatHeld(Post.OFFICE, "甲局")]
    assert not may(office, Action.RULE, About(lead_units=("甲局", "乙局")))
    assert may(office, Action.RULE, About(lead_units=("乙局",)))
    assert may(office, Action.SET_PLAN, About(lead_units=("甲局",)))


def test_a_decision_without_a_matter_needs_no_four_eyes() -> None:
    assert may([SeatHeld(Post.OFFICE, "甲局")], Action.CLOSE_PERIOD)
    assert not may([SeatHeld(Post.REVIEWER, "甲局")], Action.REVIEW)


def test_four_eyes_look_at_all_units() -> None:
    assert four_eyes({"丙局"}, About(lead_units=("甲局",)))
    assert not four_eyes({"丙局", "甲局"}, About(lead_units=("甲局",)))


def test_who_may_review() -> None:
    people = {"a": [SeatHeld(Post.REVIEWER, "甲局")], "b": [SeatHeld(Post.REVIEWER, "丙局")], "c": list[SeatHeld]()}
    about = dict.fromkeys(people, About(lead_units=("甲局",)))
    assert reviewers(people, about) == ["b"]
    assert reviewers({"a": people["a"]}, about) == []
