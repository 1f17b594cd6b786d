"""What we ship with may be shipped: no runtime dependency is under the GPL, and NOTICE names them all."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parents[2]
COPYLEFT = re.compile(r"\b[AL]?GPL|GNU (Affero |Lesser )?General Public", re.I)
KNOWN = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|MPL|ISC|Zlib|HPND|Open Font License|Unlicense", re.I)


def runtime() -> dict[str, Distribution]:
    """Everything `dingban[postgres]` needs here, by name, without itself."""
    found: dict[str, Distribution] = {}
    waiting = [("dingban", frozenset({"postgres"}))]
    while waiting:
        name, extras = waiting.pop()
        for text in distribution(name).requires or ():
            wanted = Requirement(text)
            if any(not wanted.marker or wanted.marker.evaluate({"extra": e}) for e in ("", *extras)):
                key = canonicalize_name(wanted.name)
                if key not in found:
                    found[key] = distribution(key)
                    waiting.append((key, frozenset(wanted.extras)))
    return found


def licence(package: Distribution) -> str:
    """What its metadata says about its licence; a whole licence text is left out, it names the licences of others."""
    told = package.metadata
    lines = [*(told.get_all("License-Expression") or ()), *(told.get_all("License") or ())]
    classifiers = [line for line in told.get_all("Classifier") or () if line.startswith("License")]
    return "\n".join([line for line in lines if "\n" not in line] + classifiers)


@pytest.mark.parametrize("name", sorted(runtime()))
def test_a_runtime_dependency_may_be_shipped(name: str) -> None:
    stated = licence(runtime()[name])
    assert KNOWN.search(stated), f"{name} does not say its licence"
    assert not COPYLEFT.search(stated), f"{name}: {stated.splitlines()[0]}"


def test_the_notice_names_every_runtime_dependency() -> None:
    listed = {canonicalize_name(n) for n in re.findall(r"^    (\S+) +\S", (HOUSE / "NOTICE").read_text(), re.M)}
    assert set(runtime()) <= listed


def test_test_tools_are_no_runtime_dependencies() -> None:
    assert not {"pytest", "mypy", "playwright", "hypothesis"} & set(runtime())
