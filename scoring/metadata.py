"""What a scorecard knows about itself: data, choices, figures, and the granted population.

Only aggregates are kept: ranges, medians, means. Never a person's row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from scoring.cost import CostOfError
from scoring.cut_off import CutOff

Value = float | str | None
Kind = Literal["grid", "reference"]
"""A grid of curves, or the boosted trees trained beside it."""


class Granted(BaseModel):
    """The clients this scorecard would grant: what every explanation is measured from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clients: int
    base: float
    """Mean raw score of these clients, log-odds."""
    mean_effects: tuple[float, ...]
    """Mean of what each item adds, log-odds, in the order of ``Metadata.items``."""
    typical: dict[str, Value]
    """Median (most frequent word, for a category or a flag) of each item; ``None`` when it is not
    known for most."""


class Metadata(BaseModel):
    """The scorecard's identity card; everything that is neither its curves nor its trees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = "grid"
    trees_share: float = 1.0
    """Weight of the trees of a reference beside its curves."""
    trained_at: datetime
    seed: int
    data_fingerprint: str
    feature_version: str
    tables: tuple[str, ...]
    items: tuple[str, ...]
    """What it reads, in the order of its matrix."""
    clients: int
    cost: CostOfError
    cut_off: CutOff
    metrics: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    """Declared items of an application: lowest and highest value seen in training, widened."""
    granted: Granted

    @property
    def has_history(self) -> bool:
        """Whether any history table feeds this scorecard."""
        return any(table != "applications" for table in self.tables)
