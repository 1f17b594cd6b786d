"""Who of a unit is reminded."""

from dataclasses import replace
from datetime import date

from handlers.rules.permissions import Post
from handlers.rules.receivers import Absence, Clerk, reach

DAY = date(2021, 9, 24)
AWAY = Absence(date(2021, 9, 20), date(2021, 9, 24))
CONTACT = Clerk("1", "甲", Post.CONTACT, "u1", "101")
FILLER = Clerk("2", "乙", Post.FILLER, "u2", "102")
STANDBY = Clerk("3", "丙", Post.STANDBY, "u3", "103")
HEAD = Clerk("4", "丁", Post.HEAD, "u4", "104")


def test_the_contact_comes_first_then_clerk_then_standby() -> None:
    assert reach([STANDBY, FILLER, CONTACT, HEAD], DAY).staff_ids == ("u1",)
    assert reach([STANDBY, FILLER, HEAD], DAY).staff_ids == ("u2",)
    assert reach([STANDBY, HEAD], DAY).staff_ids == ("u3",)


def test_two_contacts_are_both_told() -> None:
    assert reach([CONTACT, replace(FILLER, post=Post.CONTACT)], DAY).staff_ids == ("u1", "u2")


def test_somebody_away_is_left_alone() -> None:
    away = replace(CONTACT, absences=(AWAY,))
    assert reach([away, FILLER], DAY).staff_ids == ("u2",)
    assert reach([away, FILLER], date(2021, 9, 25)).staff_ids == ("u1",)


def test_the_deputy_stands_in() -> None:
    away = replace(CONTACT, absences=(replace(AWAY, deputy="9"),))
    deputy = Clerk("9", "戊", Post.HEAD, "u9")
    found = reach([away, FILLER], DAY, {"9": deputy})
    assert (found.staff_ids, found.stands_in) == (("u9",), True)
    assert reach([away, FILLER], DAY, {"9": replace(deputy, absences=(AWAY,))}).staff_ids == ("u2",)
    assert reach([away, FILLER], DAY).staff_ids == ("u2",)


def test_without_anybody_to_reach_the_office_phones() -> None:
    silent = replace(CONTACT, staff_id=None)
    found = reach([replace(STANDBY, undeliverable=True), silent], DAY)
    assert (found.staff_ids, found.why) == ((), "no account")
    assert [clerk.phone for clerk in found.callees] == ["101", "103"]
    assert reach([HEAD], DAY).why == "nobody seated"
    assert reach([], DAY).callees == ()
    assert reach([replace(CONTACT, absences=(AWAY,))], DAY).why == "on leave"
