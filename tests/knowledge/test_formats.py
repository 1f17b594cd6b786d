"""The same notice in every format gives the same facts; what cannot be read is refused with what to do."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from knowledge import NotANotice, Unreadable, read_notice
from knowledge.notice import Notice
from knowledge.text import squeeze
from tests.knowledge import papers

FORMATS = {"html": papers.as_html, "docx": papers.as_docx, "pdf": papers.as_pdf}


@pytest.fixture(params=sorted(FORMATS))
def notice(request: pytest.FixtureRequest) -> Notice:
    return read_notice(FORMATS[request.param](), f"notice.{request.param}")


def test_the_head_is_read_from_every_format(notice: Notice) -> None:
    assert (notice.title, notice.doc_no, notice.issuer) == (papers.TITLE, "青政办发〔2023〕9号", "青溪县人民政府办公室")
    assert (str(notice.date), notice.addressees) == ("2023-02-06", "各乡镇人民政府，县政府各部门")


def test_merged_cells_and_two_header_rows_are_read(notice: Notice) -> None:
    rows = [(i.ref, i.name, i.unit, [str(f.value) for f in i.figures], i.lead_units) for i in notice.indicators]
    assert rows == papers.ROWS
    assert [f.year for f in notice.indicators[0].figures] == [2023, 2024]


def test_a_cell_merged_over_rows_counts_for_each() -> None:
    for name in ("html", "docx"):
        notice = read_notice(FORMATS[name](), f"n.{name}")
        assert dict(notice.tables[0].rows[1].cells)["类别"] == "产业"


def test_totals_are_no_rows(notice: Notice) -> None:
    assert len(notice.tables[0].rows) == 3


def test_members_inherit_the_role_above(notice: Notice) -> None:
    assert [(m.role, m.name) for m in notice.members] == papers.PEOPLE
    assert [m.unit for m in notice.members] == ["县政府", "县农业农村局", "县财政局", "县文旅局"]


def test_duties_of_the_body_are_read(notice: Notice) -> None:
    duties = {c.ref: (c.lead_units, c.support_units) for c in notice.clauses}
    assert duties == {
        "body:1.1": (("县农业农村局",), ("县财政局", "各乡镇")),
        "body:1.2": (("县文旅局",), ("县自然资源局", "县交通运输局")),
    }


def test_site_chrome_is_no_part_of_the_notice() -> None:
    notice = read_notice(papers.as_html(), "n.html")
    kinds = {p.kind for p in notice.passages if "首页" in p.text or "ICP" in p.text}
    assert kinds == {"chrome"}
    assert not any("var a" in p.text for p in notice.passages)


def test_automatic_numbers_of_word_are_printed() -> None:
    notice = read_notice(papers.as_numbered_docx(), "n.docx")
    assert [s.heading for s in notice.sections] == ["一、提升产业", "二、强化保障"]
    assert [a.ref for a in notice.articles] == ["body:1.1", "body:2.1"]


def test_text_in_other_encodings_is_read() -> None:
    text = "\n".join(papers.LINES)
    for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert read_notice(text.encode(code), "n.txt").doc_no == "青政办发〔2023〕9号"


def zipped(name: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as parts:
        parts.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("source", "name", "why"),
    [
        (b"", "a.txt", "empty"),
        (b"  \n ", "a.txt", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "doc"),
        (b"{\\rtf1 x}", "a.rtf", "doc"),
        (zipped("OFD.xml"), "a.ofd", "doc"),
        (zipped("xl/workbook.xml"), "a.xlsx", "format"),
        (b"PK\x03\x04broken", "a.docx", "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png", "scan"),
        (papers.pdf_of(["1 0 0 1 0 0 cm"]), "a.pdf", "empty"),
        (b"%PDF-1.4 nothing", "a.pdf", "broken"),
        (bytes(range(256)) * 40, "a.txt", "format"),
        ("字" * 1_000_001, "a.txt", "too_big"),
    ],
)
def test_what_cannot_be_read_says_why(source: bytes | str, name: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_notice(source, name)
    assert refused.value.why == why


@pytest.mark.parametrize(
    "text", ["今天天气很好。", "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。", "a,b,c\n1,2,3\n"]
)
def test_other_texts_are_no_notice(text: str) -> None:
    with pytest.raises(NotANotice):
        read_notice(text)


def test_passages_hold_every_word_of_a_page() -> None:
    notice = read_notice(papers.as_docx(), "n.docx")
    printed = squeeze("".join(p.text for p in notice.passages))
    for line in papers.LINES:
        assert squeeze(line) in printed
    for row in papers.TABLE[2:5]:
        assert all(squeeze(cell) in printed for cell in row)
