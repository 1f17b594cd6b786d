"""Checks a sealed archive (封存包). Stands alone: needs nothing but Python and the archive it came in.

    python check.py 封存包.zip        (or in the folder it was unpacked to: python check.py)

Exit 0 when all fits; else 1, and a line for everything that does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

START = "0" * 64
MANIFEST, AUDIT, HEADS = "manifest.json", "审计.jsonl", "链尾.json"
SUBMISSIONS, REVIEWS, DOCUMENT, SNAPSHOT = "填报.jsonl", "审核.jsonl", "汇总表.docx", "快照.json"


class Say:
    GOOD = "核对无误：{files}个文件，{lines}条审计记录，{submissions}条填报，{reviews}条审核。\n审计链头：{head}"
    BAD = "发现{count}处不符："
    MISSING, ADDED, CHANGED = "少了文件：{name}", "多了文件：{name}", "文件被改过：{name}"
    NO_MANIFEST = "没有清单文件（manifest.json），或读不了。"
    LINE_CHANGED, LINE_MISSING = "审计记录被改过：{chain} 第{number}条", "审计记录缺少：{chain} 第{number}条"
    CUT = "审计链尾被截断：{chain}"
    HEAD = "审计链头对不上。"
    NO_REVIEW = "通过的填报没有审核记录：填报{id}"
    REVIEW_GONE = "审计里有、审核记录里没有：填报{id}（{what}）"
    SUBMISSION_GONE = "审计里有、填报记录里没有：填报{id}"
    SELF = "审核的人就是填报的人：填报{id}"
    DOCX = "汇总表（docx）页脚的链头和封存包对不上。"
    UNREADABLE = "读不了：{name}"


def members(path: Path) -> dict[str, bytes]:
    """Every file of the archive or folder."""
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file()]
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Line(TypedDict):
    """A line of the audit."""

    chain: str
    number: int
    what: str
    who: str
    post: str
    unit: str | None
    happened_at: str
    old: dict[str, object] | None
    new: dict[str, object] | None
    why: str
    message_id: str | None
    previous: str
    hash: str


class Reported(TypedDict):
    """A version of a submission."""

    id: int
    matter_id: int
    period: str
    state: str
    kind: str
    writers: list[str]


class Judged(TypedDict):
    """A word said to a submission."""

    submission_id: int
    decision: str
    reviewer: str


class Named(TypedDict):
    """A matter of the snapshot."""

    id: int


class Sealed(TypedDict):
    """What the period was closed on."""

    period: str
    matters: list[Named]


def rows(files: dict[str, bytes], name: str) -> list[str]:
    """The lines of a member."""
    return [line for line in files.get(name, b"").decode().split("\n") if line.strip()]


def digest(content: object) -> str:
    """The hash of a line of the audit, as the bot makes it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(files: dict[str, bytes]) -> Iterator[str]:
    """Everything that does not fit."""
    try:
        manifest = json.loads(files[MANIFEST])
        sums, head = manifest["files"], manifest["head"]
    except (KeyError, ValueError, TypeError):
        yield Say.NO_MANIFEST
        return
    yield from check_files(files, sums)
    try:
        lines: list[Line] = [json.loads(row) for row in rows(files, AUDIT)]
        submissions: list[Reported] = [json.loads(row) for row in rows(files, SUBMISSIONS)]
        reviews: list[Judged] = [json.loads(row) for row in rows(files, REVIEWS)]
        yield from check_chains(lines, json.loads(files.get(HEADS, b"[]")), head)
        yield from check_reviews(submissions, reviews)
        yield from check_told(json.loads(files[SNAPSHOT]), submissions, reviews, lines)
        yield from check_document(files, head)
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        yield Say.UNREADABLE.format(name=error)


def check_files(files: dict[str, bytes], sums: dict[str, str]) -> Iterator[str]:
    """Each file as it was sealed, none missing or added."""
    for name in sorted(sums.keys() | files.keys() - {MANIFEST}):
        if name not in files:
            yield Say.MISSING.format(name=name)
        elif name not in sums:
            yield Say.ADDED.format(name=name)
        elif hashlib.sha256(files[name]).hexdigest() != sums[name]:
            yield Say.CHANGED.format(name=name)


def check_chains(lines: list[Line], heads: list[tuple[str, int, str]], head: str) -> Iterator[str]:
    """Every chain unbroken from its first line to its end, and the one hash over all ends."""
    chains: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line["chain"], line["number"])):
        chains.setdefault(line["chain"], []).append(line)
    for chain, members in chains.items():
        yield from check_chain(chain, members)
    ends = {chain: (number, ended) for chain, number, ended in heads}
    for chain in sorted(ends.keys() | chains.keys()):
        own = chains.get(chain)
        if ends.get(chain) != ((own[-1]["number"], own[-1]["hash"]) if own else (0, START)):
            yield Say.CUT.format(chain=chain)
    if digest(heads) != head:
        yield Say.HEAD


def check_chain(chain: str, lines: list[Line]) -> Iterator[str]:
    """One chain, line by line."""
    previous = START
    for number, line in enumerate(lines, 1):
        if line["number"] != number:
            yield Say.LINE_MISSING.format(chain=chain, number=number)
            return
        if line["previous"] != previous or line["hash"] != hash_of(line):
            yield Say.LINE_CHANGED.format(chain=chain, number=number)
        previous = line["hash"]


def hash_of(line: Line) -> str:
    """What the hash of a line must be."""
    return digest([
        line["previous"], line["chain"], line["number"], line["what"], line["who"], line["post"], line["unit"],
        line["happened_at"], line["old"], line["new"], line["why"], line["message_id"],
    ])  # fmt: skip


def check_reviews(submissions: list[Reported], reviews: list[Judged]) -> Iterator[str]:
    """What was approved was approved by another person."""
    for s in submissions:
        if s["state"] not in ("approved", "corrected") or s["kind"] == "opening":
            continue
        own = [review for review in reviews if review["submission_id"] == s["id"] and review["decision"] == "approve"]
        if not own:
            yield Say.NO_REVIEW.format(id=s["id"])
        elif any(review["reviewer"] in s["writers"] for review in own):
            yield Say.SELF.format(id=s["id"])


def check_told(
    snapshot: Sealed, submissions: list[Reported], reviews: list[Judged], lines: list[Line]
) -> Iterator[str]:
    """What the audit tells of the period's matters is there."""
    chains = {f"matter:{matter['id']}" for matter in snapshot["matters"]}
    known = {s["id"] for s in submissions}
    done = {(review["submission_id"], review["decision"]) for review in reviews}
    for line in lines:
        new, what = line["new"] or {}, line["what"]
        number = new.get("id")
        if line["chain"] not in chains or not isinstance(number, int):
            continue
        if what == "submitted" and new.get("period") == snapshot["period"] and number not in known:
            yield Say.SUBMISSION_GONE.format(id=number)
        if what.startswith("review ") and number in known and (number, what[len("review ") :]) not in done:
            yield Say.REVIEW_GONE.format(id=number, what=what)


def check_document(files: dict[str, bytes], head: str) -> Iterator[str]:
    """The head printed on the document is the archive's."""
    if DOCUMENT in files:
        import io

        with zipfile.ZipFile(io.BytesIO(files[DOCUMENT])) as document:
            feet = b"".join(document.read(name) for name in document.namelist() if name.startswith("word/footer"))
        if head.encode() not in feet:
            yield Say.DOCX


def main(arguments: list[str]) -> int:
    """Check the archive named, or the folder the script lies in."""
    files = members(Path(arguments[0]) if arguments else Path(__file__).resolve().parent)
    faults = list(check(files))
    if faults:
        print("\n".join([Say.BAD.format(count=len(faults)), *faults]))  # noqa: T201  # a script of its own: printing is its answer
        return 1
    counts = {name: len(rows(files, file)) for name, file in
              (("lines", AUDIT), ("submissions", SUBMISSIONS), ("reviews", REVIEWS))}  # fmt: skip
    print(Say.GOOD.format(files=len(files), head=json.loads(files[MANIFEST])["head"], **counts))  # noqa: T201  # a script of its own: printing is its answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
