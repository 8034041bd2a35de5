"""Groups of related features: how the data dictionary and the screens arrange them.

What is said to a person is not said by group: each item of a scorecard has a fact of its own
(``scoring.facts``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from features.raw.tables import Words

DECLARATION = Path(__file__).with_name("groups.csv")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of features and its label."""

    name: str
    label: Words


def _declared() -> dict[str, Group]:
    with DECLARATION.open(encoding="utf-8", newline="") as lines:
        return {
            row["name"]: Group(row["name"], Words(row["label_fr"], row["label_en"]))
            for row in csv.DictReader(lines)
        }


GROUPS = MappingProxyType(_declared())
"""Every group by its name, in the order the screens list them."""
