"""What changed between two versions of a notice: matters, targets, units, texts. One line each, in the new order."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge import Figure, Library, Matter, Notice


class Say:
    ADDED = "＋ {name}（{leads}）"
    REMOVED = "－ {name}（{leads}）"
    TARGET = "～ {name}：{measure}{year}年 {old} → {new}"
    LEAD = "～ {name}：责任单位 {old} → {new}"
    SUPPORT = "～ {name}：配合单位 {old} → {new}"
    TEXT = "～ {ref} 文字有改动：{old} → {new}"
    NONE = "无"
    SHOWN = 40  # characters of a changed text


def differences(before: Notice, after: Notice) -> list[str]:
    """The lines; empty when nothing that is owed or said changed."""
    old = {m.name: m for m in before.matters}
    new = {m.name: m for m in after.matters}
    lines: list[str] = []
    for name, matter in new.items():
        lines += changed(old[name], matter) if name in old else [Say.ADDED.format(name=name, leads=joined(matter))]
    lines += [Say.REMOVED.format(name=name, leads=joined(m)) for name, m in old.items() if name not in new]
    return lines + list(changed_texts(before, after))


def joined(matter: Matter) -> str:
    """The leads in print."""
    return "、".join(matter.lead_units) or Say.NONE


def changed(old: Matter, new: Matter) -> list[str]:
    """Targets and units of one matter."""
    lines = [
        Say.TARGET.format(name=new.name, measure="" if name == new.name else name, year=year, old=a, new=b)
        for (name, year), (a, b) in targets(old, new).items()
        if a != b
    ]
    for line, a, b in ((Say.LEAD, old.lead_units, new.lead_units), (Say.SUPPORT, old.support_units, new.support_units)):
        if set(a) != set(b):
            lines.append(line.format(name=new.name, old="、".join(a) or Say.NONE, new="、".join(b) or Say.NONE))
    return lines


def targets(old: Matter, new: Matter) -> dict[tuple[str, int | None], tuple[str, str]]:
    """(measure, year) → the target before and after, as printed."""
    found: dict[tuple[str, int | None], tuple[str, str]] = {}
    a = {(m.name, f.year): shown(f) for m in old.measures for f in m.targets}
    b = {(m.name, f.year): shown(f) for m in new.measures for f in m.targets}
    for key in (*b, *(k for k in a if k not in b)):
        found[key] = (a.get(key, Say.NONE), b.get(key, Say.NONE))
    return found


def shown(figure: Figure) -> str:
    """The value with its unit and qualifier."""
    if figure.value is None:
        return figure.quote
    high = f"-{figure.high:f}" if figure.high is not None else ""
    return f"{figure.value:f}{high}{figure.unit}{figure.bound or ''}"


def changed_texts(before: Notice, after: Notice) -> Iterator[str]:
    """Articles and projects whose wording changed, at the first place they differ."""
    old = {a.ref: a.text for a in before.articles} | {p.ref: p.content for p in before.projects}
    new = {a.ref: a.text for a in after.articles} | {p.ref: p.content for p in after.projects}
    for ref, text in new.items():
        if ref in old and old[ref] != text:
            at = next((i for i, (a, b) in enumerate(zip(old[ref], text, strict=False)) if a != b), 0)
            start = max(0, at - 10)
            yield Say.TEXT.format(
                ref=Library((after,)).show(ref),
                old=old[ref][start : start + Say.SHOWN],
                new=text[start : start + Say.SHOWN],
            )
