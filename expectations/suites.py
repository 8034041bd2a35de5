"""The suites on disk: readable JSON, one expectation a line, loaded as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SUITES = Path(__file__).with_name("suites")
FEATURES = "features"

Severity = Literal["critical", "warning"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation, in Great Expectations' own terms. ``why`` is for the person who reads."""

    type: str
    kwargs: dict[str, Any] = field(hash=False)
    severity: Severity
    why: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads."""
        values = self.kwargs
        single = (values[k] for k in ("column", "column_A", "column_B") if k in values)
        return (*single, *values.get("column_list", ()))


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one table."""

    name: str
    expectations: tuple[Expectation, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns the suite reads, each once, in order."""
        return tuple(dict.fromkeys(c for e in self.expectations for c in e.columns))

    def only(self, columns: frozenset[str]) -> Suite:
        """Return the suite without the expectations on columns outside ``columns``."""
        kept = (e for e in self.expectations if columns.issuperset(e.columns))
        return Suite(self.name, tuple(kept))


def load(name: str) -> Suite:
    """Return the suite of a table, or of the feature table (``features``)."""
    values = json.loads((SUITES / f"{name}.json").read_text(encoding="utf-8"))
    return Suite(
        values["name"],
        tuple(
            Expectation(e["type"], e["kwargs"], e["severity"], e["meta"]["why"])
            for e in values["expectations"]
        ),
    )


def as_text(suite: Suite) -> str:
    """Return the suite as JSON that Great Expectations can read: one expectation a line."""
    lines = [
        json.dumps(
            {
                "type": e.type,
                "severity": e.severity,
                "kwargs": e.kwargs,
                "meta": {"why": e.why},
            },
            ensure_ascii=False,
        )
        for e in suite.expectations
    ]
    body = ",\n    ".join(lines)
    return f'{{\n  "name": "{suite.name}",\n  "expectations": [\n    {body}\n  ]\n}}\n'
