"""What the scorecard must not know: the policy file, read once.

``policy.json`` names the attributes that no feature may be or read, with the reason of each, the
categories taken as missing, and the sensitive inputs that are kept on purpose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from features.tables import APPLICATIONS

FILE = Path(__file__).with_name("policy.json")


@dataclass(frozen=True)
class Policy:
    """The deny-list, and the choices that are documented rather than denied."""

    denied: dict[str, str]
    denied_groups: dict[str, str]
    """Groups of columns (as ``columns.csv`` names them) that are denied as a whole."""
    denied_categories: dict[str, dict[str, str]]
    denied_words: tuple[str, ...]
    documented: dict[str, str]

    def allows(self, column: str) -> bool:
        """Whether an application's column may be a feature or be read by one."""
        return column not in self.denied and self._group(column) not in self.denied_groups

    @property
    def all_denied(self) -> dict[str, str]:
        """Every denied column with its reason, those of denied groups included."""
        of_groups = {
            column.name: self.denied_groups[column.group]
            for column in APPLICATIONS.columns
            if column.group in self.denied_groups
        }
        return {**self.denied, **of_groups}

    def _group(self, column: str) -> str:
        held = APPLICATIONS.by_name.get(column)
        return "" if held is None else held.group

    def categories_denied_in(self, column: str) -> tuple[str, ...]:
        """Categories of ``column`` that are taken as missing."""
        return tuple(self.denied_categories.get(column, {}))


@cache
def policy() -> Policy:
    """Return the policy in force."""
    text = json.loads(FILE.read_text(encoding="utf-8"))
    return Policy(
        denied=text["denied"],
        denied_groups=text["denied_groups"],
        denied_categories=text["denied_categories"],
        denied_words=tuple(text["denied_words"]),
        documented=text["documented"],
    )
