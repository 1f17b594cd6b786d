"""The bench finds its modules and prints one table. No speed is asserted anywhere."""

from __future__ import annotations

import importlib
import inspect

import pytest

from bench.__main__ import modules
from bench.crowd import crowd, robot
from bench.table import Row, quantile, render, report, spread, today


def test_every_module_that_measures_is_found() -> None:
    assert {"replies", "start", "memory", "kills"} <= set(modules([]))
    assert "table" not in modules([])


@pytest.mark.parametrize("name", modules([]))
def test_measuring_is_awaited_and_takes_nothing(name: str) -> None:
    measure = importlib.import_module(f"bench.{name}").measure
    assert inspect.iscoroutinefunction(measure)
    assert not inspect.signature(measure).parameters


def test_an_unknown_module_is_refused() -> None:
    with pytest.raises(SystemExit, match="nothing_here"):
        modules(["nothing_here"])


def test_rows_make_one_table() -> None:
    lines = render([Row("speed", "2 /s", "1 /s", "2.0 x", "1 x"), Row("memory", "1 MB")]).splitlines()
    assert lines[2:] == ["| speed | 2 /s | 1 /s | 2.0 x | 1 x |", "| memory | 1 MB |  |  |  |"]


def test_the_page_names_machine_and_date() -> None:
    page = report([], today())
    assert "cores" in page
    assert f"{today():%Y-%m-%d}" in page


def test_numbers_are_medians_with_their_range() -> None:
    assert spread([1.0], "s", 1) == "1.0 s"
    assert spread([3.0, 1.0, 2.0], "/s") == "2 /s (1-3)"
    assert quantile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert quantile([5.0, 1.0, 3.0], 0.99) == 5.0


@pytest.mark.wire
def test_the_reference_answers_everybody_once() -> None:
    with crowd(5, 0.0) as people, robot("stock", people.dingtalk):
        heard = people.burst(5)
    assert len(heard) == 5
    assert all(h.took >= 0 for h in heard)
