"""The catalogue: every feature of the product, in one order, from the modules that declare them."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from features.definitions import (
    affordability,
    application,
    bureau,
    bureau_months,
    cards,
    client,
    estimated,
    external_scores,
    instalments,
    pos,
    previous,
    situation,
)
from features.engine.declare import Declarations, Feature
from features.engine.namespace import POLARS, Formula
from features.raw.tables import TABLES

__all__ = ["CATALOGUE", "CLIENT", "Catalogue", "Feature"]

APPLICATIONS_TABLE = "applications"
CLIENT = "client"
"""The table of features that combine the application with the histories."""

MODULES = (
    external_scores,
    affordability,
    situation,
    application,
    bureau,
    bureau_months,
    previous,
    pos,
    instalments,
    cards,
    client,
    estimated,
)
"""The modules that declare features, in the catalogue's order."""

ENGINE = (
    *("build", "client_row", "encode"),
    *("engine/grain", "engine/scalars", "engine/traced", "engine/vectors"),
)
"""The modules whose code decides what a declaration gives; the declarations speak for themselves,
by the expressions they make."""


class Catalogue:
    """An ordered, immutable collection of features, found by name."""

    def __init__(self, declarations: Collection[Declarations]) -> None:
        self._features = tuple(f for declared in declarations for f in declared.features)
        self._by_name = {feature.name: feature for feature in self._features}
        if len(self._by_name) < len(self._features):
            names = [feature.name for feature in self._features]
            twice = sorted({name for name in names if names.count(name) > 1})
            msg = f"declared twice in the catalogue: {', '.join(twice)}"
            raise ValueError(msg)
        columns: dict[str, tuple[tuple[str, Formula], ...]] = {}
        for declared in declarations:
            columns[declared.table] = (*columns.get(declared.table, ()), *declared.columns)
        self.derived_columns = MappingProxyType(columns)
        self.grains = MappingProxyType({d.table: d.grain for d in declarations if d.grain})

    def __iter__(self) -> Iterator[Feature]:
        return iter(self._features)

    def __len__(self) -> int:
        return len(self._features)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Feature:
        """Return the feature ``name``; ``KeyError`` when there is none."""
        return self._by_name[name]

    def of(self, table: str) -> tuple[Feature, ...]:
        """Return the features declared on ``table``, in order."""
        return tuple(feature for feature in self if feature.table == table)

    def available(self, tables: Collection[str]) -> tuple[Feature, ...]:
        """Return the features that can be computed when only ``tables`` are present.

        A client-level feature needs every feature it reads, hence their tables.
        """
        present = {f.name for f in self if f.table in tables}
        return tuple(
            feature
            for feature in self
            if feature.name in present
            or (feature.table == CLIENT and _history_read_by(feature, self) <= present)
        )

    @cached_property
    def version(self) -> str:
        """Short hash of what decides the features' values, and of nothing else.

        The expressions of features, derived columns and grains, the engine's code, the kinds,
        sentinels and categories of the raw columns: a label or a docstring changes none of them.
        Another release of Polars may write expressions in another way, and is another version.
        """
        digest = hashlib.sha256()
        for line in sorted(self._deciding()):
            digest.update(hashlib.sha256(line).digest())
        return digest.hexdigest()[:12]

    def _deciding(self) -> Iterator[bytes]:
        for feature in self:
            yield _line("feature", feature.name, feature.table, feature.categories, feature.formula)
        for table, columns in self.derived_columns.items():
            for place, (name, formula) in enumerate(columns):
                yield _line("derived", table, place, name, formula)
        for table, grain in self.grains.items():
            for name, formula in grain.columns.items():
                yield _line("grain", table, grain.keys, name, formula)
        for raw in TABLES.values():
            for column in raw.columns:
                codes = (column.missing_codes, column.categories)
                yield _line("raw", raw.name, column.source, column.name, column.kind, codes)
        for module in ENGINE:
            yield _line("engine", module, code_of(Path(__file__).parent / f"{module}.py"))


def _history_read_by(feature: Feature, catalogue: Catalogue) -> set[str]:
    """Names of the history features that a client-level feature reads."""
    return {name for name in feature.reads() if name in catalogue} - {
        f.name for f in catalogue.of(APPLICATIONS_TABLE)
    }


def code_of(file: Path) -> str:
    """Return the source of a module without its docstrings."""
    text = file.read_text(encoding="utf-8")
    lines = dict(enumerate(text.splitlines(), 1))
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            for number in range(first.lineno, (first.end_lineno or first.lineno) + 1):
                lines.pop(number, None)
    return "\n".join(lines.values())


def _line(*parts: object) -> bytes:
    """Return the parts as bytes; a formula is what it writes in Polars."""
    written = (part(POLARS).meta.serialize() if callable(part) else part for part in parts)
    return "\x1f".join(map(repr, written)).encode()


CATALOGUE = Catalogue([module.DECLARED for module in MODULES])
"""Every feature of the product."""
