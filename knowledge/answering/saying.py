"""Puts an answer together: lines, places, what it rests on, what it leaves understood. Finds no facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.asking import Answer, Context, Outcome
from knowledge.notice import Ref

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that answer one aspect, with what they rest on."""

    lines: Sequence[str]
    cites: Sequence[Ref]


def said(
    lines: Iterable[str],
    cites: Iterable[Ref] = (),
    related: Iterable[Ref] = (),
    suggestions: Sequence[str] = (),
    confidence: float = 1.0,
    **facts: str,
) -> Answer:
    """An answer that states facts."""
    own = tuple(dict.fromkeys(cites))
    rest = tuple(r for r in dict.fromkeys(related) if r not in own)
    text = "\n".join(line for line in lines if line)
    return Answer(
        Outcome.ANSWER, text, own, rest, tuple(suggestions)[:SUGGESTIONS], understood(facts), confidence=confidence
    )


def refused(lines: Iterable[str], suggestions: Sequence[str] = (), confidence: float = 0.0, **facts: str) -> Answer:
    """A plain no: the notice does not say this."""
    text = "\n".join(line for line in lines if line)
    return Answer(
        Outcome.REFUSE, text, (), (), tuple(suggestions)[:SUGGESTIONS], understood(facts), confidence=confidence
    )


def asked_back(
    lines: Iterable[str],
    cites: Iterable[Ref] = (),
    suggestions: Sequence[str] = (),
    confidence: float = 0.3,
    **facts: str,
) -> Answer:
    """A question back, with the candidates as citations."""
    text = "\n".join(line for line in lines if line)
    own = tuple(dict.fromkeys(cites))
    return Answer(
        Outcome.CLARIFY, text, own, (), tuple(suggestions)[:SUGGESTIONS], understood(facts), confidence=confidence
    )


def understood(facts: Mapping[str, str]) -> Context:
    """What the next turn may lean on; empty facts are left out."""
    return Context({k: v for k, v in facts.items() if v})
