"""通报 and 督查专报: every number of the document is one of the snapshot and says where it is from; the words fit."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.sheets import make_papers
from handlers.circular import Draft, Sort, circular_paper, written
from handlers.circular_matters import approved, overdue
from handlers.papers import Words, Written, letter
from handlers.rules.workdays import Workdays
from handlers.snapshot import Difficulty, Snapshot, to_json
from handlers.taking import take
from storage import Actor
from tests.conversations.stage import ROOT, InProcess
from tests.handing_up.quarter import EVIL, REVIEWER, Keeper, quarter, staged

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ORDINAL = re.compile(r"^\d+．")
NOTICES = ROOT / "tests" / "data" / "fixtures"


@dataclass(frozen=True)
class Read:
    """A document read back: paragraphs before the table as (text, notes), the texts of the table's cells."""

    paragraphs: list[tuple[str, list[str]]]
    cells: list[list[str]]
    header: str

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.paragraphs)


def read(data: bytes) -> Read:
    """The document as any reader of the format finds it."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    notes = {n.get(f"{W}id"): texts(n).strip() for n in ElementTree.fromstring(parts["word/footnotes.xml"])}
    body = ElementTree.fromstring(parts["word/document.xml"])[0]
    found, cells, behind = [], [], False
    for part in body:
        behind = behind or part.find(f".//{W}sectPr") is not None
        if part.tag == f"{W}p" and not behind:
            found.append((texts(part), [notes[r.get(f"{W}id")] for r in part.iter(f"{W}footnoteReference")]))
        elif part.tag == f"{W}tbl":
            cells = [[texts(cell) for cell in row.iter(f"{W}tc")] for row in part.iter(f"{W}tr")]
    headers = [texts(ElementTree.fromstring(data)) for name, data in parts.items() if "header" in name]
    assert len([n for n in notes if n not in ("-1", "0")]) == sum(len(r) for _, r in found)
    return Read(found, cells, headers[0])


def texts(part: ElementTree.Element) -> str:
    return "".join(t.text or "" for t in part.iter(f"{W}t"))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[InProcess]:
    """A stage where a quarter was reported."""
    async with staged(tmp_path) as stage:
        async with stage.database.work() as work:
            await quarter(work, await stage.core.shelf.library(work), stage.core.clocks.now())
        yield stage


async def snapshot_of(stage: InProcess, days: int = 0) -> Snapshot:
    """Of the quarter, so many days on."""
    async with stage.database.read() as work:
        library = await stage.core.shelf.library(work)
        now = stage.core.clocks.now() + timedelta(days=days)
        return await take(work, library, library.notices[0].key, now, Workdays(), period="2021Q4")


async def made(snapshot: Snapshot, sort: Sort = Sort.CIRCULAR) -> Read:
    (data,) = await make_papers([circular_paper(Draft(sort, snapshot))])
    return read(data)


async def handed(stage: InProcess, who: str = "u-office") -> list[tuple[str, bytes]]:
    """Names and bytes of what somebody got."""
    assert isinstance(stage.door, Keeper)
    return [(name, await stage.core.files.read(key)) for to, name, key in stage.door.handed if to == who]


def pace_numbers(snapshot: Snapshot) -> set[str]:
    """What is left and what a month needs of what is behind: arithmetic on approved values alone, done here anew."""
    found: set[str] = set()
    for row in approved(snapshot):
        for n in row.numbers:
            if n.value is not None and n.target and row.as_of and n.year:
                left, months = n.target - n.value, (n.year - row.as_of.year) * 12 + 13 - row.as_of.month
                found |= {f"{left:g}", str(months), str(ceil(left / months))} if left > 0 else set()
    return found


async def test_every_number_is_of_the_approved_snapshot(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage, days=8)
    known = set(NUMBER.findall(json.dumps(to_json(snapshot), ensure_ascii=False)))
    known |= {token.lstrip("0") for token in known}
    counts = {str(n) for n in range(len(snapshot.matters) + 1)}
    for text, _ in (await made(snapshot)).paragraphs:
        for token in NUMBER.findall(ORDINAL.sub("", text)):
            assert token in known | counts | pace_numbers(snapshot), text


async def test_every_number_says_where_it_is_from(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage, days=8)
    found = await made(snapshot)
    opening = next(n for n, (text, _) in enumerate(found.paragraphs) if text.startswith("现将"))
    for text, notes in found.paragraphs[opening + 1 :]:
        for row in snapshot.matters:
            text = text.replace(row.name, "")
        if NUMBER.search(ORDINAL.sub("", text)) and not text.startswith("附件："):
            assert notes, text
    for row in approved(snapshot):
        text, notes = next((t, n) for t, n in found.paragraphs if f"．{row.name}（" in t)
        version = next(v for v in snapshot.versions if v.id == row.submission)
        assert row.paragraph in text
        assert all(unit in text for unit in row.leads)
        (note,) = notes
        for fact in (row.name, *version.leads, version.receipt, "数据截至2021年12月20日", version.reviewer, "审核通过"):
            assert fact in note


async def test_what_is_not_approved_is_no_number_in_it(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    found = await made(snapshot)
    waiting = [row for row in snapshot.matters if row.state == "待审核"]
    assert waiting
    assert not re.search(r"(?<![\d.])99(?![\d.])", found.text + "".join("".join(row) for row in found.cells))
    assert not [row for row in waiting if row.paragraph in found.text]


async def test_the_table_behind_names_the_source_of_each_row(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    found = await made(snapshot)
    head, *rows = found.cells
    assert head[-1] == "依据"
    assert len(rows) == len(snapshot.matters)
    for cells, row in zip(rows, snapshot.matters, strict=True):
        version = next((v for v in snapshot.versions if v.id == row.submission), None)
        assert (version.receipt if version else row.places.split("、")[0]) in cells[-1]


async def test_who_is_late_is_named_only_after_the_deadline_and_nobody_is_ranked(stage: InProcess) -> None:
    before, after = await snapshot_of(stage), await snapshot_of(stage, days=8)
    assert not overdue(before)
    early, late = await made(before), await made(after)
    assert "还没有收到填报的" not in early.text
    assert "还没有报的，请在2021年12月27日17:00前报送" in early.text
    text = next(t for t, _ in late.paragraphs if t.startswith("以下"))
    assert [row.name for row in overdue(after) if f"{row.name}（{'、'.join(row.leads)}）" not in text] == []
    assert text.endswith("。")
    for word in ("排名", "落后", "倒数", "最差", "批评", "问责", "拖", "严重", "不力", "偏慢", "您单位"):
        assert word not in late.text


async def test_it_says_that_it_is_a_draft_and_leaves_date_and_sender_to_a_person(stage: InProcess) -> None:
    found = await made(await snapshot_of(stage))
    assert found.header == "稿（未封存，截至2021年12月20日09:00；由办公室修改、签发后生效）"
    assert [t for t, _ in found.paragraphs][-2:] == ["（发文单位由办公室填写）", "　　　　年　　月　　日"]
    heads = [t for t, _ in found.paragraphs if re.match("[一二三]、", t)]
    assert heads == ["一、总体情况", "二、存在问题", "三、下步要求"]


async def test_the_letter_names_the_notice_and_whom_it_goes_to(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    title, to, opening, *_ = [t for t, _ in (await made(snapshot)).paragraphs]
    assert title == "关于《关于认真做好浙江省数字生活新服务标杆县市创建工作的通知》2021年四季度落实情况的通报"
    assert to == f"{snapshot.addressees}："
    assert "（诸政办发〔2021〕17号）" in opening
    title, to, *_ = [t for t, _ in (await made(snapshot, Sort.BRIEF)).paragraphs]
    assert title.endswith("2021年四季度落实情况的督查专报")
    assert to == "（主送由办公室填写）："


def lines(draft: Draft) -> list[str]:
    return ["".join(part.text for part in line.words) for line in written(draft)]


async def test_a_target_stated_twice_is_said_beside_the_number_and_what_is_used_meanwhile(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    row = next(r for r in approved(snapshot) if "目标" in r.disputed)
    line = next(t for t in lines(Draft(Sort.CIRCULAR, snapshot)) if row.paragraph in t)
    assert line.endswith("（这项目标通知里写法不一致，以哪处为准还没有明确）")
    note = next(p.note for w in written(Draft(Sort.CIRCULAR, snapshot)) for p in w.words if row.paragraph in p.text)
    assert all(side in note for side in row.differs.split("；"))
    basis = "专题会议纪要"
    async with stage.database.work() as work:
        ref = (await stage.core.shelf.library(work)).matters()[0].refs[0]
        await work.rulings.rule(
            snapshot.notice, row.key, ref, basis=basis, day=stage.core.clocks.now().date(), by=REVIEWER,
            at=stage.core.clocks.now(),
        )  # fmt: skip
        await work.notices.bump()
    ruled = lines(Draft(Sort.CIRCULAR, await snapshot_of(stage)))
    assert next(t for t in ruled if row.paragraph in t).endswith(f"办公室2021年12月20日，依据：{basis}））")


async def test_a_difficulty_is_said_in_the_units_words_but_no_number_nobody_approved(stage: InProcess) -> None:
    snapshot = await snapshot_of(stage)
    asks = (
        Difficulty("市邮政管理局", "物流终端", "用地还没有落实。"),
        Difficulty("市教体局", "", "还差12名教师"),
        Difficulty("市商务局", "", "缺三个人"),
    )
    found = lines(Draft(Sort.CIRCULAR, replace(snapshot, difficulties=asks)))
    assert "市邮政管理局（物流终端）：用地还没有落实。" in found
    assert "市教体局：原话里有未经审核的数，见办公室的需协调事项。" in found
    assert not [t for t in found if "12名" in t or "三个人" in t]


async def test_units_help_asked_for_is_in_the_snapshot_until_it_is_settled(stage: InProcess) -> None:
    async with stage.database.work() as work:
        now = stage.core.clocks.now()
        body = {"words": "用地还没有落实", "matter": "物流终端"}
        by = Actor("u-post", "填报员", "市邮政管理局")
        number = await work.requests.ask("difficulty", "市邮政管理局", by, now, body=body)
    assert (await snapshot_of(stage)).difficulties == (Difficulty("市邮政管理局", "物流终端", "用地还没有落实"),)
    async with stage.database.work() as work:
        await work.requests.close(number, "closed", REVIEWER, now)
    assert not (await snapshot_of(stage)).difficulties


async def test_with_nothing_approved_it_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        found = lines(Draft(Sort.CIRCULAR, await snapshot_of(stage)))
    assert "还没有审核通过的数。" in found
    assert any("未报41件" in text for text in found)


async def test_after_sealing_it_stays_what_was_sealed(stage: InProcess) -> None:
    await stage.say("u-office", "办公室", "封存", None)
    await stage.say("u-office", "办公室", stage.press("u-office", "确认封存"), None)
    async with stage.database.work() as work:
        await work.requests.ask(
            "difficulty", "市教体局", Actor("u-jiaoti", "填报员", "市教体局"), stage.core.clocks.now(),
            body={"words": "后来才说的"},
        )  # fmt: skip
        sealed = await work.closings.closed((await stage.core.shelf.library(work)).notices[0].key, "2021Q4")
    assert sealed
    for said in ("通报", "通报 四季度"):
        await stage.say("u-office", "办公室", said, None)
        await stage.settle()
        name, data = (await handed(stage))[-1]
        found = read(data)
        assert "未封存" not in name
        assert found.header.startswith("稿（2021年四季度已封存，据2021年12月20日09:00封存的数；")
        assert "后来才说的" not in found.text
        assert sealed.head in found.paragraphs[4][1][0]


@pytest.mark.parametrize("who", ["u-review", "u-leader", "u-audit", "u-jiaoti", "u-admin"])
async def test_only_the_office_drafts_it(stage: InProcess, who: str) -> None:
    for said in ("通报", "督查专报", "生成通报"):
        await stage.say(who, who, said, None)
    await stage.settle()
    assert not await handed(stage, who)


async def test_two_notices_and_an_own_matter_each_get_their_letter(stage: InProcess) -> None:
    await stage.say(
        "u-office", "办公室", "自设事项 快递站点共配 牵头 市邮政管理局 目标 2021年30个 依据 市政府专题会议纪要", None
    )
    await stage.say("u-office", "办公室", stage.press("u-office", "加上"), None)
    await stage.event(f"运行 notice import {NOTICES / 'linjiang-safety.txt'} --publish")
    await stage.say("u-office", "办公室", "生成通报", None)
    await stage.settle()
    files = await handed(stage)
    assert len(files) == 2
    second, first = sorted((read(data) for _, data in files), key=lambda letter: "诸政办发" in letter.text)
    assert any("快递站点共配" in cell for row in first.cells for cell in row)
    assert "未报" in {row[4] for row in second.cells}
    assert first.paragraphs[0] != second.paragraphs[0]


async def test_nothing_that_people_wrote_breaks_the_document_or_is_changed() -> None:
    nasty = "甲\x00\x0b<b>&amp;\ufffe\u202e乙 -3 =1+1 " + EVIL + "𠮷\n丙"
    paper = letter("x.docx", [Written("text", (Words(nasty, nasty), Words("完")))], nasty, [], "")
    (data,) = await make_papers([paper])
    found = read(data)
    said = '甲<b>&amp;乙 -3 =1+1 =HYPERLINK("http://x")𠮷'
    assert found.paragraphs[0] == (f"{said}丙完", [f"{said}\n丙"])


async def test_it_is_laid_out_as_an_official_letter(stage: InProcess) -> None:
    (data,) = await make_papers([circular_paper(Draft(Sort.CIRCULAR, await snapshot_of(stage)))])
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        document, fonts = opened.read("word/document.xml").decode(), opened.read("word/fontTable.xml").decode()
        settings, types = opened.read("word/settings.xml").decode(), opened.read("[Content_Types].xml").decode()
    sizes = re.findall(r'<w:pgSz [^>]*w:w="(\d+)" w:h="(\d+)"', document)
    assert [(round(int(w) / 567), round(int(h) / 567)) for w, h in sizes] == [(21, 30), (30, 21)]
    for font in ("仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"):
        assert f'w:eastAsia="{font}"' in document
        assert f'<w:font w:name="{font}"><w:altName' in fonts
    assert settings.index("footnotePr") < settings.index("<w:compat>")
    assert "footnotes+xml" in types
