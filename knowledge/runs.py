"""Runs of characters of a notice, looked up where they are printed instead of kept one by one. No meaning here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.search import END, Known
from knowledge.sounds import sign, signs

SHORTEST, LONGEST = 2, 6
"""Characters of a run that typed pinyin may stand for."""


class Runs:
    """Whether characters stand in a row in one of the texts."""

    def __init__(self, texts: Iterable[str], pairs: Known | None = None) -> None:
        self._text = END.join(texts)
        self._pairs = pairs

    def __contains__(self, run: object) -> bool:
        """`pairs` tell at once of most runs that they stand nowhere; they must hold all pairs of the texts."""
        if not isinstance(run, str) or (self._pairs is not None and run[:2] not in self._pairs):
            return False
        return run in self._text


class Beside:
    """Which characters stand right after two characters, or right before them."""

    def __init__(self, names: Iterable[str], step: int) -> None:
        self._text = f"{END}{END.join(names)}{END}"
        self._step = step

    def get(self, pair: str, otherwise: str) -> str:
        """The characters, each once; `otherwise` when there are none."""
        if len(pair) != 2:
            return otherwise
        found, at = set(), self._text.find(pair)
        while at >= 0:
            found.add(self._text[at + self._step])
            at = self._text.find(pair, at + 1)
        return "".join(sorted(found - {END})) or otherwise


class Heard:
    """Runs of two to six characters of names, found by their sounds."""

    def __init__(self, names: Sequence[str]) -> None:
        self._text = END.join(names)
        self._signs = signs(self._text)

    def get(self, heard: tuple[str, ...], otherwise: str) -> str:
        """The first run that sounds so, as printed; `otherwise` when none does."""
        at = self._signs.find("".join(map(sign, heard))) if SHORTEST <= len(heard) <= LONGEST else -1
        return self._text[at : at + len(heard)] if at >= 0 else otherwise
