"""Any bytes end in a Notice or one clear refusal, in bounded time; any text keeps every character once."""

from pathlib import Path
from time import process_time

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge import NotANotice, Unreadable, read_notice
from knowledge.notice import Notice
from knowledge.text import squeeze
from tests.knowledge import papers

NOTICES = Path(__file__).parent.parent / "data" / "notices"
FIRST = (NOTICES / "zhuji-2021-17.txt").read_text("utf-8")
WORDS = [
    *[
        "一、",
        "（一）",
        "1.",
        "（1）",
        "第一条",
        "一是",
        "附件1",
        "附件：1.",
        "。",
        "；",
        "：",
        "|",
        "\n",
        "(",
        "）",
        "【",
        "》",
        "2021年",
        "到2022年底",
        "80%",
        "3-5家",
        "备注：",
        "合计",
        "序号",
        "责任单位",
        "责任单位：市商务局",
        "（市商务局牵头，市财政局配合）",
    ],
    "组 长：楼 闯 市人民政府副市长",
    "序号 | 指标 | 2021年 | 责任单位 |",
    "1 | 校园（所） | 3 | 市教育局 |",
    "关于做好某事的通知",
    "某市人民政府办公室",
    "2021年5月16日",
    "各县人民政府：",
    "<table><tr><td rowspan=9>",
    "</td>",
    "<p>",
    "\t",
    "\n\n",
    "— 1 —",
    "某政办发〔2021〕1号",
]
PATIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONGEST = 5.0
"""Seconds of processor time for a text of a few thousand characters."""


def read(source: bytes | str, name: str = "") -> Notice | None:
    started = process_time()
    try:
        return read_notice(source, name)
    except (NotANotice, Unreadable):
        return None
    finally:
        assert process_time() - started < LONGEST


@given(st.binary(max_size=3000), st.sampled_from(["a.txt", "a.html", "a.docx", "a.pdf", "a.doc", "a", ""]))
@PATIENT
@example(b"%PDF-1.7\n" + b"\x00" * 100, "a.pdf")
@example(b"PK\x03\x04" + b"\xff" * 100, "a.docx")
def test_any_bytes_end_well(source: bytes, name: str) -> None:
    read(source, name)


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=60).map("".join))
@PATIENT
def test_any_mixture_of_a_notices_words_ends_well(text: str) -> None:
    notice = read(text)
    if notice and "<" not in text:
        kept = squeeze("".join(p.text for p in notice.passages))
        assert kept == squeeze(text.replace("\x00", ""))
        assert len({p.ref for p in notice.passages}) == len(notice.passages)


@given(st.integers(0, len(FIRST)), st.integers(1, 400), st.sampled_from(["", "\n", "|", "（", "。" * 50, "1" * 60]))
@settings(max_examples=60, deadline=None)
def test_a_damaged_notice_ends_well(place: int, size: int, put: str) -> None:
    read(FIRST[:place] + put + FIRST[place + size :])


@given(st.sampled_from(["docx", "pdf", "html"]), st.integers(0, 10**6), st.binary(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_ends_well(kind: str, place: int, put: bytes) -> None:
    source = {"docx": papers.as_docx, "pdf": papers.as_pdf, "html": papers.as_html}[kind]()
    at = place % len(source)
    read(source[:at] + put + source[at + len(put) :], f"a.{kind}")


def test_long_lines_take_no_long_time() -> None:
    for text in (
        "（" * 50_000,
        "一、" * 30_000,
        "1. " * 40_000,
        "2022年底前" * 20_000,
        "1个、" * 30_000,
        "<div>" * 30_000,
        "a|b|" * 20_000,
        "市商务局、" * 20_000,
    ):
        read("关于做好工作的通知\n各县人民政府：\n" + text + "（责任单位：市商务局）", "")


def test_a_long_notice_is_read_in_seconds() -> None:
    body = "".join(
        f"（{i}）加强第{i}项工作。到2022年，建成示范点{i}个以上。（责任单位：市商务局；配合单位：市财政局）\n"
        for i in range(1, 800)
    )
    notice = read("某市人民政府关于做好工作的通知\n某政发〔2022〕1号\n各县人民政府：\n现通知如下。\n一、任务\n" + body)
    assert notice
    assert len(notice.clauses) == 799
