"""Facts of real notices checked by hand (tests/data/notices/gold.json) against what the reader finds, fact by fact."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

from knowledge import read_notice
from knowledge.notice import Notice
from knowledge.text import squeeze

NOTICES = Path(__file__).parent.parent / "data" / "notices"


class Sampled(TypedDict):
    quote_start: str
    lead_units: list[str]
    support_units: list[str]


class Gold(TypedDict):
    title: str
    doc_no: str
    issuer: str
    date: str
    addressees: str
    sections: list[str]
    n_sections: int
    responsibility_clauses: int
    sampled_clauses: list[Sampled]
    tables: list[object]
    members: int


GOLD: dict[str, Gold] = json.loads((NOTICES / "gold.json").read_text("utf-8"))["notices"]


def facts(gold: Gold, notice: Notice) -> Iterator[tuple[str, bool]]:
    """(what, whether it was read right) of every fact."""
    yield "title", notice.title == gold["title"]
    yield "doc_no", notice.doc_no == gold["doc_no"]
    yield "issuer", notice.issuer == gold["issuer"]
    yield "date", str(notice.date) == gold["date"]
    yield "addressees", notice.addressees == gold["addressees"]
    yield "sections", len(notice.sections) == gold["n_sections"]
    headings = [squeeze(section.heading) for section in notice.sections]
    yield from ((f"section {heading}", squeeze(heading) in headings) for heading in gold["sections"])
    yield "clauses", len(notice.clauses) == gold["responsibility_clauses"]
    yield "tables", len(notice.tables) == len(gold["tables"])
    yield "members", len(notice.members) == gold["members"]
    yield from _sampled(gold, notice)


def _sampled(gold: Gold, notice: Notice) -> Iterator[tuple[str, bool]]:
    for sample in gold["sampled_clauses"]:
        found = [
            clause for clause in notice.clauses if squeeze(clause.quote).startswith(squeeze(sample["quote_start"]))
        ]
        yield f"clause {sample['quote_start']}", len(found) == 1
        yield f"leads {sample['quote_start']}", bool(found) and list(found[0].lead_units) == sample["lead_units"]
        yield (
            f"support {sample['quote_start']}",
            bool(found) and list(found[0].support_units) == sample["support_units"],
        )


@pytest.mark.parametrize("name", sorted(GOLD))
def test_every_checked_fact_of_another_notice_is_read(name: str) -> None:
    notice = read_notice((NOTICES / name).read_bytes(), name)
    wrong = [what for what, right in facts(GOLD[name], notice) if not right]
    assert wrong == []


@pytest.mark.parametrize("name", [*sorted(GOLD), "zhuji-2021-17.txt"])
def test_passages_hold_every_character_once_in_order(name: str) -> None:
    source = (NOTICES / name).read_text("utf-8")
    notice = read_notice(source, name)
    printed = squeeze("".join(passage.text for passage in notice.passages))
    refs = [passage.ref for passage in notice.passages]
    assert len(refs) == len(set(refs))
    if "html" not in name:
        assert printed == squeeze(source)
