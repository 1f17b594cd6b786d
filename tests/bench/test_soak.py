"""The soak run reports every part, goes on after one that fails, and says so at the end. Its parts run elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import soak


def good() -> list[str]:
    """What holds."""
    return ["fine"]


def bad() -> list[str]:
    """What does not."""
    raise soak.Failed("three lost")


def broken() -> list[str]:
    """What cannot even run."""
    raise OSError("no room")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(soak, "PARTS", {"broken": broken, "bad": bad, "good": good})
    return tmp_path / "bench" / "soak.md"


def test_a_failing_part_stops_no_other_and_fails_the_run(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main([], report) == 1
    told = report.read_text(encoding="utf-8")
    assert all(words in told for words in ("no room", "three lost", "fine"))
    assert "FAILED: broken, bad" in capsys.readouterr().out


def test_a_part_alone_leaves_the_others_report(report: Path) -> None:
    soak.main([], report)
    assert soak.main(["good"], report) == 0
    told = report.read_text(encoding="utf-8")
    assert [line.split()[1] for line in told.splitlines() if line.startswith("## ")] == ["broken", "bad", "good"]


def test_an_unknown_part_is_named(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(["kils"], report) == 2
    assert "kils" in capsys.readouterr().out
    assert not report.exists()


def test_a_run_that_fails_is_a_failed_part() -> None:
    with pytest.raises(soak.Failed):
        soak.pytest_lines("KILL .*", "tests/no_such_file.py")
