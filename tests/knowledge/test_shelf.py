"""Which of many notices is meant: by number, title, place, topic; asked back when it is not clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import Asked, Library, Notice, Outcome, read_notice
from tests.evaluate import FIRST, library
from tests.knowledge.changed import PLACES

FRESH = Path(__file__).parents[1] / "data" / "fresh"
FILES = ("11-state-council-43-2020.txt", "13-state-council-42-2018-html.txt")


def moved(notice: Notice, place: str, number: int) -> Notice:
    """The notice as another place would have published it."""
    return replace(
        notice,
        title=notice.title.replace("诸暨", place),
        issuer=(notice.issuer or "").replace("诸暨", place),
        doc_no=f"测政办发〔2021〕{number}号",
    )


@pytest.fixture(scope="module")
def places() -> Library:
    """The first notice of ten places, and two of the State Council."""
    first = library(FIRST).notices[0]
    others = [library(file).notices[0] for file in FILES]
    return Library([*(moved(first, place, n) for n, place in enumerate(PLACES, 1)), *others])


@pytest.fixture(scope="module")
def years() -> Library:
    """Twelve notices of one place with one title, by number."""
    return Library([moved(library(FIRST).notices[0], "诸暨", n) for n in range(1, 13)])


@pytest.mark.parametrize("number", range(1, 13))
def test_a_number_means_its_notice_and_no_longer_one(years: Library, number: int) -> None:
    assert years.ask(Asked(f"测政办发〔2021〕{number}号智慧商圈谁负责")).notice == f"测政办发〔2021〕{number}号"
    assert years.ask(Asked(f"{number}号文里智慧商圈谁负责")).notice == f"测政办发〔2021〕{number}号"


def test_a_number_that_two_bodies_used_is_settled_by_its_letters() -> None:
    first = library(FIRST).notices[0]
    both = Library([replace(first, doc_no="甲政办发〔2021〕7号"), replace(first, doc_no="乙政办发〔2021〕7号")])
    assert both.ask(Asked("乙政办发〔2021〕7号智慧商圈谁负责")).notice == "乙政办发〔2021〕7号"
    assert both.ask(Asked("〔2021〕7号智慧商圈谁负责")).outcome == Outcome.CLARIFY


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", ["{}的智慧商圈谁负责", "{}什么时候发的通知", "{}市商务局牵头哪些指标"])
def test_a_place_means_its_notice(places: Library, place: str, said: str) -> None:
    """The first place too, whose name its own notice would not take for a topic."""
    found = next(n for n in places.notices if place in n.title)
    assert places.ask(Asked(said.format(place))).notice == found.key


@pytest.mark.parametrize("place", PLACES)
def test_a_whole_title_means_its_notice_though_others_differ_by_a_word(places: Library, place: str) -> None:
    found = next(n for n in places.notices if place in n.title)
    assert places.ask(Asked(f"{found.title}是谁发的")).notice == found.key


def test_notices_of_one_title_are_offered_with_their_numbers_and_chosen_by_them(years: Library) -> None:
    asked = Asked(f"{years.notices[4].title}里智慧商圈谁负责")
    answer = years.ask(asked)
    assert answer.outcome == Outcome.CLARIFY
    assert len(set(answer.suggestions)) == len(answer.suggestions) > 1
    chosen = years.ask(Asked(answer.suggestions[1], context=answer.context))
    assert chosen.outcome == Outcome.ANSWER
    assert chosen.notice == years.notices[1].key


def test_a_number_said_in_the_text_of_a_title_does_not_mislead(places: Library) -> None:
    assert places.ask(Asked("国办发〔2020〕43号的发文日期")).notice == library(FILES[0]).notices[0].key


def test_a_unit_named_in_full_leads_to_the_notices_that_name_it() -> None:
    """Also where the first notice has another unit of the same kind."""
    read = [read_notice((FRESH / name).read_bytes(), name) for name in ("business.md", "quality.docx", "people.docx")]
    library = Library(read)
    for said, title in (("县市场监督管理局牵头哪些", "质量强县"), ("市教育局负责哪些指标", "民生实事")):
        answer = library.ask(Asked(said))
        assert answer.outcome is Outcome.ANSWER
        assert title in library.notice(answer.notice or "").title
