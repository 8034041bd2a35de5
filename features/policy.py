"""What the scorecard must not know: the policy file, read once.

``policy.json`` names the attributes that no feature may be or read, with the reason of each, the
categories taken as missing, and the sensitive inputs that are kept on purpose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("policy.json")


@dataclass(frozen=True)
class Policy:
    """The deny-list, and the choices that are documented rather than denied."""

    denied: dict[str, str]
    denied_categories: dict[str, dict[str, str]]
    denied_words: tuple[str, ...]
    documented: dict[str, str]

    def allows(self, column: str) -> bool:
        """Whether an application's column may be a feature or be read by one."""
        return column not in self.denied

    def categories_denied_in(self, column: str) -> tuple[str, ...]:
        """Categories of ``column`` that are taken as missing."""
        return tuple(self.denied_categories.get(column, {}))


@cache
def policy() -> Policy:
    """Return the policy in force."""
    text = json.loads(FILE.read_text(encoding="utf-8"))
    return Policy(
        denied=text["denied"],
        denied_categories=text["denied_categories"],
        denied_words=tuple(text["denied_words"]),
        documented=text["documented"],
    )
