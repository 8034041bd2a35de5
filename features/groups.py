"""Groups of related features: the unit in which a verdict is explained.

Contributions are summed by group before they are put in words: a client is told "your instalment
takes a large share of your income", not eight figures that all say it. ``groups.csv`` gives each
group a label and two sentences, one for when it weighs on the case and one for when it favours
it, both measured from granted cases. The wording follows the product's rules: "vous", twenty
words at most, no blame, no cause claimed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from features.tables import Words

DECLARATION = Path(__file__).with_name("groups.csv")


@dataclass(frozen=True, slots=True)
class Group:
    """A readable group of features: its label, and what is said when it weighs or favours."""

    name: str
    label: Words
    weighs: Words
    favours: Words


def _declared() -> dict[str, Group]:
    with DECLARATION.open(encoding="utf-8", newline="") as lines:
        return {
            row["name"]: Group(
                name=row["name"],
                label=Words(row["label_fr"], row["label_en"]),
                weighs=Words(row["weighs_fr"], row["weighs_en"]),
                favours=Words(row["favours_fr"], row["favours_en"]),
            )
            for row in csv.DictReader(lines)
        }


GROUPS = MappingProxyType(_declared())
"""Every group by its name, in the order the screens list them."""
