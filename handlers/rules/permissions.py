"""Who may do what: the one table of rights, default deny, and four eyes. Looks nothing up; all is handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Say:
    FILLER, CONTACT, STANDBY, HEAD = "填报员", "联络人", "备用联络人", "单位负责人"
    REVIEWER, OFFICE, LEADER, AUDITOR, OPERATOR = "审核员", "办公室", "领导", "审计", "管理员"


class Post(StrEnum):
    """What a seat is for (岗位)."""

    FILLER = Say.FILLER
    CONTACT = Say.CONTACT
    STANDBY = Say.STANDBY
    HEAD = Say.HEAD
    REVIEWER = Say.REVIEWER
    OFFICE = Say.OFFICE
    LEADER = Say.LEADER
    AUDITOR = Say.AUDITOR
    OPERATOR = Say.OPERATOR


CLERKS = frozenset({Post.FILLER, Post.CONTACT, Post.STANDBY})
"""Those who report for a unit; they have the same rights."""


class Action(StrEnum):
    """What can be done."""

    ASK = "ask about the notice"
    SEE_APPROVED = "see approved values"
    SEE_SUBMITTED = "see submitted values and attachments"
    SEE_STATE = "see the state of a submission"
    SEE_DRAFT = "see a draft"
    FILL = "fill, withdraw, correct"
    FILL_LINE = "add a line to a matter one supports"
    FILL_FOR = "fill for a unit that phoned"
    SIGN_IN_UNIT = "sign in the unit"
    CONFIRM_SEAT = "confirm a seat"
    SET_LEAVE = "set leave"
    HAND_OVER = "hand over"
    REVIEW = "review"
    SET_PLAN = "set plans"
    BIND_GROUP = "bind groups"
    RULE = "rule on a contradiction"
    ANSWER_FAQ = "answer for the office"
    GRANT_DELAY = "grant a delay"
    CLOSE_PERIOD = "close and reopen a period"
    ADD_MATTER = "add matters of the office's own"
    ASSIGN_TOWNS = "name the towns"
    PUBLISH = "publish notices"
    ASK_WORD = "ask a unit for an explanation"
    CLOSE_WORD = "close it"
    SEE_AUDIT = "see audit and exceptions"
    EXPORT = "export"
    EXPORT_APPROVED = "export approved values"
    STATUS = "see status, make backups"
    PREVIEW = "preview reminders"
    SEATS = "set seats"


class Scope(StrEnum):
    """How far a right goes."""

    ALL = "all"
    UNIT = "their unit's"
    OWN = "their own"
    LED = "matters their unit leads"
    SUPPORTED = "matters their unit supports"
    DECIDABLE = "what they may decide"


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A seat a person holds."""

    post: str
    unit: str


@dataclass(frozen=True, slots=True)
class About:
    """What an action is about. Left empty, only rights without limits fit."""

    unit: str | None = None
    """Whose it is: of a value, a seat, a hand-over."""
    lead_units: Collection[str] = ()
    support_units: Collection[str] = ()
    own: bool = False
    """It is the asker's own (leave, seat)."""
    writer: bool = False
    """The asker wrote it."""
    units_then: Collection[str] = ()
    """Units of the asker when it was submitted."""


OFFICE_ONLY = (
    Action.SET_PLAN, Action.BIND_GROUP, Action.RULE, Action.ANSWER_FAQ, Action.GRANT_DELAY, Action.CLOSE_PERIOD,
    Action.ADD_MATTER, Action.ASSIGN_TOWNS, Action.PUBLISH,
)  # fmt: skip
DECIDES = frozenset({Action.REVIEW, Action.RULE, Action.GRANT_DELAY, Action.ANSWER_FAQ, Action.CLOSE_PERIOD})
"""What decides over a matter: four eyes apply when a matter is named."""

ANYONE: frozenset[Action] = frozenset({Action.ASK})
_CLERK: dict[Action, Scope] = {
    Action.SEE_APPROVED: Scope.UNIT,
    Action.SEE_SUBMITTED: Scope.UNIT,
    Action.SEE_STATE: Scope.UNIT,
    Action.SEE_DRAFT: Scope.UNIT,
    Action.FILL: Scope.LED,
    Action.FILL_LINE: Scope.SUPPORTED,
    Action.SET_LEAVE: Scope.OWN,
    Action.SEE_AUDIT: Scope.UNIT,
    Action.EXPORT: Scope.UNIT,
    Action.EXPORT_APPROVED: Scope.UNIT,
}
RIGHTS: Mapping[Post, Mapping[Action, Scope]] = {
    Post.FILLER: _CLERK,
    Post.CONTACT: _CLERK,
    Post.STANDBY: _CLERK,
    Post.HEAD: {
        Action.SEE_APPROVED: Scope.UNIT,
        Action.SEE_SUBMITTED: Scope.UNIT,
        Action.SEE_STATE: Scope.UNIT,
        Action.SIGN_IN_UNIT: Scope.UNIT,
        Action.CONFIRM_SEAT: Scope.UNIT,
        Action.SET_LEAVE: Scope.UNIT,
        Action.HAND_OVER: Scope.UNIT,
        Action.SEE_AUDIT: Scope.UNIT,
        Action.EXPORT: Scope.UNIT,
        Action.EXPORT_APPROVED: Scope.UNIT,
    },
    Post.REVIEWER: {
        Action.SEE_APPROVED: Scope.ALL,
        Action.SEE_SUBMITTED: Scope.DECIDABLE,
        Action.SEE_STATE: Scope.DECIDABLE,
        Action.REVIEW: Scope.DECIDABLE,
    },
    Post.OFFICE: {
        Action.SEE_APPROVED: Scope.ALL,
        Action.SEE_SUBMITTED: Scope.DECIDABLE,
        Action.SEE_STATE: Scope.ALL,
        Action.FILL_FOR: Scope.ALL,
        Action.SIGN_IN_UNIT: Scope.ALL,
        Action.CONFIRM_SEAT: Scope.ALL,
        Action.SET_LEAVE: Scope.ALL,
        Action.HAND_OVER: Scope.ALL,
        **dict.fromkeys(OFFICE_ONLY, Scope.ALL),
        Action.ASK_WORD: Scope.ALL,
        Action.CLOSE_WORD: Scope.ALL,
        Action.SEE_AUDIT: Scope.ALL,
        Action.EXPORT: Scope.ALL,
        Action.EXPORT_APPROVED: Scope.ALL,
        Action.PREVIEW: Scope.ALL,
        Action.SEATS: Scope.ALL,
    },
    Post.LEADER: {
        Action.SEE_APPROVED: Scope.ALL,
        Action.ASK_WORD: Scope.ALL,
        Action.CLOSE_WORD: Scope.ALL,
        Action.EXPORT_APPROVED: Scope.ALL,
    },
    Post.AUDITOR: {
        Action.SEE_APPROVED: Scope.ALL,
        Action.SEE_SUBMITTED: Scope.ALL,
        Action.SEE_STATE: Scope.ALL,
        Action.SEE_AUDIT: Scope.ALL,
        Action.EXPORT: Scope.ALL,
        Action.EXPORT_APPROVED: Scope.ALL,
    },
    Post.OPERATOR: {Action.STATUS: Scope.ALL, Action.PREVIEW: Scope.ALL, Action.SEATS: Scope.ALL},
}


def may(seats: Iterable[SeatHeld], action: Action, about: About | None = None) -> bool:
    """Whether somebody holding these seats may do this; without a seat that allows it: no."""
    held, subject = tuple(seats), about or About()
    if action in ANYONE:
        return True
    if action is Action.CONFIRM_SEAT and subject.own:  # nobody confirms a seat for himself
        return False
    units = {seat.unit for seat in held}
    if action in DECIDES and subject.lead_units and not four_eyes(units, subject):
        return False
    return any(_allows(seat, action, subject, units) for seat in held)


def four_eyes(units: Collection[str], about: About) -> bool:
    """Whether a person of these units (of all seats) may decide over the matter: in no lead unit, now or at
    submission, and not its writer."""
    mine = {*units, *about.units_then}
    return not about.writer and mine.isdisjoint(about.lead_units)


def _allows(seat: SeatHeld, action: Action, about: About, units: Collection[str]) -> bool:
    scope = RIGHTS[Post(seat.post)].get(action) if seat.post in set(Post) else None
    match scope:
        case None:
            return False
        case Scope.ALL:
            return True
        case Scope.OWN:
            return about.own
        case Scope.UNIT:
            return seat.unit == about.unit or seat.unit in about.lead_units
        case Scope.LED:
            return seat.unit in about.lead_units
        case Scope.SUPPORTED:
            return seat.unit in about.support_units
        case Scope.DECIDABLE:
            return bool(about.lead_units) and four_eyes(units, about)


def reviewers(people: Mapping[str, Collection[SeatHeld]], about: Mapping[str, About]) -> list[str]:
    """Those of `people` (by staff id) who may review; none means 已报·待复核. `about`: the matter as each sees it."""
    return [person for person, seats in people.items() if may(seats, Action.REVIEW, about.get(person, About()))]
