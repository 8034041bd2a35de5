"""The package is read from the bottom up: no module needs one that needs it."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from storage.settings import ROOT
from tests.test_architecture import imported

STORAGE = ROOT / "storage"


def needed(path: Path) -> set[str]:
    """Return the modules of the package that ``path`` names, for types alone included."""
    known = {f"storage.{module.stem}" for module in STORAGE.glob("*.py")}
    return known & {name for _, name in imported(path)}


def in_order(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules, each after those it needs. Raises ``CycleError``."""
    return list(TopologicalSorter(graph).static_order())


def test_no_module_needs_one_that_needs_it() -> None:
    """Not even for a type."""
    graph = {f"storage.{path.stem}": needed(path) for path in STORAGE.glob("*.py")}
    assert set(in_order(graph)) == graph.keys()


def test_a_circle_would_be_found() -> None:
    """The check above can fail."""
    with pytest.raises(CycleError):
        in_order({"storage.clients": {"storage.store"}, "storage.store": {"storage.clients"}})
