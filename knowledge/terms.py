"""Words that all notices share, read from data files once. Nothing is looked up here."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=16)
def lines_of(name: str) -> tuple[str, ...]:
    """The lines of `data/<name>.txt` without blanks and remarks."""
    lines = files("knowledge").joinpath(f"data/{name}.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=16)
def words_of(name: str) -> tuple[str, ...]:
    """The words of `data/<name>.txt` in order."""
    return tuple(word for line in lines_of(name) for word in line.split())
