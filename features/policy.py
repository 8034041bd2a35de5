"""What the scorecard must not know: the policy file, read once.

``policy.json`` names the attributes that no feature may be or read, the categories taken as
missing, and the sensitive inputs that are kept on purpose; each with its reason in words that a
client may be shown, in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from features.raw.tables import APPLICATIONS, Words

FILE = Path(__file__).with_name("policy.json")

Reasons = Mapping[str, Words]
"""Why, by column, group or category."""
Texts = dict[str, dict[str, str]]
"""Reasons as JSON holds them: ``{"gender": {"fr": "...", "en": "..."}}``."""


@dataclass(frozen=True)
class Policy:
    """The deny-list, and the choices that are documented rather than denied."""

    denied: Reasons
    denied_groups: Reasons
    """Groups of columns (as ``columns.csv`` names them) that are denied as a whole."""
    denied_categories: Mapping[str, Reasons]
    """Categories taken as missing, by column."""
    denied_words: tuple[str, ...]
    documented: Reasons

    def allows(self, column: str) -> bool:
        """Whether an application's column may be a feature or be read by one."""
        return column not in self.denied and self._group(column) not in self.denied_groups

    @property
    def all_denied(self) -> dict[str, Words]:
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

    def as_json(self) -> dict[str, Texts | dict[str, Texts]]:
        """Return what is denied, column by column, and what is documented, as plain values."""
        return {
            "denied": _texts(self.all_denied),
            "denied_categories": {
                column: _texts(reasons) for column, reasons in self.denied_categories.items()
            },
            "documented": _texts(self.documented),
        }


@cache
def policy() -> Policy:
    """Return the policy in force."""
    return read(FILE)


def read(path: Path) -> Policy:
    """Return the policy a file holds.

    Raises ``TypeError`` for a reason that is not in exactly the two languages of the product.
    """
    text = json.loads(path.read_text(encoding="utf-8"))
    return Policy(
        denied=_reasons(text["denied"]),
        denied_groups=_reasons(text["denied_groups"]),
        denied_categories={
            column: _reasons(held) for column, held in text["denied_categories"].items()
        },
        denied_words=tuple(text["denied_words"]),
        documented=_reasons(text["documented"]),
    )


def _reasons(texts: Texts) -> dict[str, Words]:
    return {name: Words(**words) for name, words in texts.items()}


def _texts(reasons: Reasons) -> Texts:
    return {name: words._asdict() for name, words in reasons.items()}
