"""Collects everything the bot says into docs/texts.md, for the customer to read aloud and correct.

    python docs/collect_texts.py            writes docs/texts.md
    python docs/collect_texts.py --check    exit 1 when it is not up to date

Reads the sources only (every `class Say`); imports nothing of ours.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "texts.md"
FOLDERS = ("handlers", "bot", "knowledge")
HEAD = """# 机器人说的话

每个文件一节，左边是名字，右边是原话；花括号里是会换成名称、数字、日期的地方，请保留。
要改哪一句，直接在右边改好发给我们（名字不要动）。以反斜杠 n 表示换行。本页由 `python docs/collect_texts.py` 生成。
"""


def texts(node: ast.expr, name: str) -> Iterator[tuple[str, str]]:
    """(name, text) of every text inside a value that holds Chinese; parts of lists and mappings are numbered."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and any("\u4e00" <= c <= "\u9fff" for c in node.value):
            yield name, node.value
        return
    if isinstance(node, ast.JoinedStr):
        yield name, ast.unparse(node)
        return
    parts = [*node.keys, *node.values] if isinstance(node, ast.Dict) else list(ast.iter_child_nodes(node))
    for number, part in enumerate(p for p in parts if isinstance(p, ast.expr)):
        yield from texts(part, f"{name}.{number + 1}")


def said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Everything in the classes Say of a module."""
    for found in ast.walk(tree):
        if isinstance(found, ast.ClassDef) and found.name == "Say":
            for line in found.body:
                yield from assigned(line)


def assigned(line: ast.stmt) -> Iterator[tuple[str, str]]:
    """The texts of an assignment; a pair of names and values is taken apart."""
    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value:
        yield from texts(line.value, line.target.id)
    if not isinstance(line, ast.Assign):
        return
    target, value = line.targets[0], line.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from texts(part, ast.unparse(one))
    else:
        yield from texts(value, ast.unparse(target))


def page() -> str:
    """The whole page."""
    sections = [HEAD]
    for path in sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        rows = [f"| {name} | {shown(text)} |" for name, text in said(tree)]
        if rows:
            place = path.relative_to(ROOT).as_posix()
            sections.append(f"## {place}\n\n| 名字 | 原话 |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(sections)


def shown(text: str) -> str:
    """A text in one cell of a table."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    made = page()
    if "--check" in arguments:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == made else 1
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
