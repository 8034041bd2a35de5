"""How the app's modules know each other."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_module_knows_itself_by_a_circle() -> None:
    """What a module imports never leads back to it: each can be read before those that use it."""
    modules = {name_of(path): path for path in (ROOT / "ui").rglob("*.py")}
    known: dict[str, set[str]] = {}
    for name, path in modules.items():
        known[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported = {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
                known[name] |= imported & modules.keys() - {name}
    order = list(TopologicalSorter(known).static_order())  # raises CycleError, which names it
    assert set(order) == modules.keys()
