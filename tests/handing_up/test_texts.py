"""The page of all texts is made by the script, from every class Say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_text_of_a_feature_is_on_the_page() -> None:
    code = "import sys; sys.path.insert(0, 'docs'); import collect_texts; print(collect_texts.page())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "## handlers/features/review/hand_up_table.py" in done.stdout
    assert "正在做汇总表（{period}），马上发到您的单聊。" in done.stdout
    assert "| TROUBLES" in done.stdout or "老格式" in done.stdout
