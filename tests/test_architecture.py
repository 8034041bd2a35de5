"""The direction of imports, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = {
    "features": set(),
    "portfolio": {"features"},
    "expectations": {"features"},
    "scoring": {"features"},
    "storage": {"features", "scoring"},
    "api": {"features", "scoring", "storage"},
    "service": {"features", "scoring", "storage", "api"},
    "flows": {"features", "scoring", "storage", "expectations", "portfolio"},
    "ui": set(),
}
"""Package -> the packages of ours it may import (itself always)."""

ALLOWED_MODULES = {"ui": {"scoring.contract", "api.client"}}
"""The app knows the contract's types and its Python client, and nothing behind them."""

FORBIDDEN_LIBRARIES = {
    "scoring": {"prefect", "gradio", "great_expectations", "evidently", "bentoml"},
    "features": {"prefect", "gradio", "great_expectations", "evidently", "bentoml", "pandas"},
}

PICKLES = {"pickle", "cloudpickle", "joblib", "dill", "shelve"}


def sources() -> Iterator[tuple[str, Path]]:
    """Yield each source file of ours with its package."""
    for package in ALLOWED:
        if (ROOT / f"{package}.py").exists():
            yield package, ROOT / f"{package}.py"
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each module that ``path`` imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def reason_to_refuse(package: str, module: str) -> str | None:
    """Say why ``package`` may not import ``module``; ``None`` when it may."""
    top = module.split(".")[0]
    if top in PICKLES:
        return "no pickle anywhere"
    if top in FORBIDDEN_LIBRARIES.get(package, set()):
        return f"{package} does not know {top}"
    if top == package or top not in ALLOWED or top in ALLOWED[package]:
        return None
    allowed = ALLOWED_MODULES.get(package, set())
    if any(
        f"{module}.".startswith(f"{name}.") or name.startswith(f"{module}.") for name in allowed
    ):
        return None if module != top else f"{package} imports {', '.join(sorted(allowed))} only"
    return f"{package} may not import {top}"


@pytest.mark.parametrize(
    ("package", "path"), [pytest.param(p, f, id=str(f.relative_to(ROOT))) for p, f in sources()]
)
def test_imports_point_one_way(package: str, path: Path) -> None:
    """No module imports against the arrows of the design, nor a library its package avoids."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}: {why}"
        for line, module in imported(path)
        if (why := reason_to_refuse(package, module))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_guard_refuses_wrong_arrows() -> None:
    """The rules above do refuse what they are written to refuse."""
    assert reason_to_refuse("features", "scoring.verdict")
    assert reason_to_refuse("scoring", "flows.train")
    assert reason_to_refuse("scoring", "bentoml")
    assert reason_to_refuse("ui", "storage.store")
    assert reason_to_refuse("ui", "scoring.scorecard")
    assert reason_to_refuse("service", "joblib")
    assert reason_to_refuse("ui", "scoring.contract") is None
    assert reason_to_refuse("ui", "api.client.ScoringClient") is None
    assert reason_to_refuse("flows", "scoring.scorecard") is None


def test_files_are_named_for_what_they_hold() -> None:
    """No file is called utils, helpers, common, manager, process or misc."""
    vague = {"utils", "helpers", "common", "manager", "process", "misc"}
    assert not [path for _, path in sources() if path.stem in vague]


def test_no_import_leads_back() -> None:
    """No module imports itself through others, not even inside a folder."""
    graph = {name: _imports_of(path) for name, path in _modules().items()}
    circles = [circle for circle in _circles(graph) if len(circle) > 1]
    assert not circles, "\n".join(" <-> ".join(sorted(circle)) for circle in circles)


def test_a_circle_would_be_found() -> None:
    """The search does find what it is written to find."""
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert [circle for circle in _circles(graph) if len(circle) > 1] == [{"a", "b", "c"}]


def _modules() -> dict[str, Path]:
    """Return every module of ours with its file."""
    found = {}
    for _, path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports_of(path: Path) -> set[str]:
    """Return the modules of ours that a file imports, the most exact name of each."""
    known = _modules()
    names = {name for _, name in imported(path) if name in known}
    exact = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
    return exact


def _circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the groups of nodes that reach each other."""
    reach = {node: _reached(graph, node) for node in graph}
    groups = {frozenset(b for b in reach[a] if a in reach[b]) | {a} for a in graph}
    return [set(group) for group in groups]


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for node in graph[waiting.pop()] - seen:
            seen.add(node)
            waiting.append(node)
    return seen
