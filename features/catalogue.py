"""The catalogue: every feature of the product, in one order, from the modules that declare them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from features import (
    affordability,
    application,
    bureau,
    bureau_months,
    cards,
    client,
    external_scores,
    instalments,
    pos,
    previous,
    situation,
)
from features.declare import Declarations, Feature
from features.namespace import Formula

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
)
"""The modules that declare features, in the catalogue's order."""

GRAMMAR = ("namespace", "declare", "family", "statistics", "policy", "build", "scalars", "one")
"""The other modules whose code decides the value of a feature."""


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
        """Short hash of the source that decides the features' values."""
        here = Path(__file__).parent
        code = [here / f"{name}.py" for name in GRAMMAR]
        code += [here / f"{module.__name__.rpartition('.')[2]}.py" for module in MODULES]
        digest = hashlib.sha256()
        for file in [*code, *sorted(here.glob("*.csv")), *sorted(here.glob("*.json"))]:
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()[:12]


def _history_read_by(feature: Feature, catalogue: Catalogue) -> set[str]:
    """Names of the history features that a client-level feature reads."""
    return {name for name in feature.reads() if name in catalogue} - {
        f.name for f in catalogue.of(APPLICATIONS_TABLE)
    }


CATALOGUE = Catalogue([module.DECLARED for module in MODULES])
"""Every feature of the product."""
