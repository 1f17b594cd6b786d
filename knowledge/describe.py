"""A notice as plain JSON, the shape that `notice read --json` prints. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from knowledge.notice import Figure, Kind, Measure, Notice

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]


def notice_json(notice: Notice) -> dict[str, JSON]:
    """Every fact of the notice as JSON values, in the order of the document."""
    return {
        "title": notice.title,
        "doc_no": notice.doc_no,
        "issuer": notice.issuer,
        "date": notice.date.isoformat() if notice.date else None,
        "addressees": notice.addressees,
        "index_no": notice.index_no,
        "passages": [{"ref": p.ref, "kind": p.kind, "text": p.text} for p in notice.passages],
        "sections": [{"ref": s.ref, "heading": s.heading} for s in notice.sections],
        **_duties(notice),
        **_rows(notice),
        **_links(notice),
    }


def _duties(notice: Notice) -> dict[str, JSON]:
    return {
        "articles": [
            {
                "ref": a.ref,
                "heading": a.heading,
                "text": a.text,
                "lead_units": a.lead_units,
                "support_units": a.support_units,
                "figures": [figure_json(f) for f in a.figures],
            }
            for a in notice.articles
        ],
        "clauses": [
            {
                "ref": c.ref,
                "lead_units": c.lead_units,
                "support_units": c.support_units,
                "quote": c.quote,
                "printed": c.printed,
                "joint": c.joint,
            }
            for c in notice.clauses
        ],
    }


def _rows(notice: Notice) -> dict[str, JSON]:
    return {
        "tables": [
            {
                "ref": t.ref,
                "title": t.title,
                "columns": t.columns,
                "rows": [{"ref": r.ref, "cells": dict(r.cells)} for r in t.rows],
                "note": t.note or None,
            }
            for t in notice.tables
        ],
        "indicators": [
            {
                "ref": i.ref,
                "number": i.number,
                "name": i.name,
                "unit": i.unit,
                "figures": [figure_json(f) for f in i.figures],
                "lead_units": i.lead_units,
                "support_units": i.support_units,
            }
            for i in notice.indicators
        ],
        "projects": [
            {
                "ref": p.ref,
                "number": p.number,
                "name": p.name,
                "content": p.content,
                "lead_units": p.lead_units,
                "support_units": p.support_units,
                "figures": [figure_json(f) for f in p.figures],
            }
            for p in notice.projects
        ],
        "members": [
            {"ref": m.ref, "role": m.role, "name": m.name, "position": m.position, "unit": m.unit}
            for m in notice.members
        ],
    }


def _links(notice: Notice) -> dict[str, JSON]:
    return {
        "matters": [
            {
                "key": m.key,
                "name": m.name,
                "refs": m.refs,
                "lead_units": m.lead_units,
                "support_units": m.support_units,
                "measures": [_measure(x) for x in m.measures],
            }
            for m in notice.matters
        ],
        "conflicts": [
            {
                "about": c.about,
                "kind": c.kind,
                "soft": c.soft,
                "sides": [{"ref": s.ref, "quote": s.quote} for s in c.sides],
                "matter": c.matter,
            }
            for c in notice.conflicts
        ],
        "doubts": [{"ref": d.ref, "quote": d.quote, "why": d.why} for d in notice.doubts],
        "units": notice.units,
        "content_hash": notice.content_hash,
    }


def figure_json(figure: Figure) -> dict[str, JSON]:
    """A figure; growth and share are printed as 比率 with their rate."""
    rate = figure.kind in {Kind.GROWTH, Kind.SHARE}
    return {
        "year": figure.year,
        "value": plain(figure.value),
        "high": plain(figure.high),
        "unit": figure.unit,
        "bound": figure.bound,
        "kind": "比率" if rate else figure.kind.value,
        **({"rate": figure.kind.value} if rate else {}),
        "due": figure.due.isoformat() if figure.due else None,
        "about": figure.about,
        "quote": figure.quote,
    }


def _measure(measure: Measure) -> dict[str, JSON]:
    return {
        "key": measure.key,
        "name": measure.name,
        "unit": measure.unit,
        "kind": measure.kind.value,
        "whole": measure.whole,
        "refs": measure.refs,
        "targets": [figure_json(f) for f in measure.targets],
    }


def plain(value: Decimal | None) -> str | None:
    """A number without needless zeros: 10, 1.3."""
    return None if value is None else f"{value.normalize():f}"
