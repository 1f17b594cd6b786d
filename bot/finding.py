"""What an examination came to: the shape of a doctor's line."""

from __future__ import annotations

from dataclasses import dataclass


class Say:
    OK, BAD = "✓", "✗"
    LINE = "{mark} {subject}：{found}"
    ADVICE = "\n    → {advice}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined: what, whether it is well, what was found, and what to do if it is not."""

    subject: str
    ok: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        line = Say.LINE.format(mark=Say.OK if self.ok else Say.BAD, subject=self.subject, found=self.found)
        return line if self.ok or not self.advice else line + Say.ADVICE.format(advice=self.advice)
