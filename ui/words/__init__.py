"""All the words of the screens: one file per language, the same keys and placeholders in each.

The words of categories come with the contract: the service says them too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup, escape

from scoring.contract import category_words

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
FOLDER = Path(__file__).parent
BOLD = Markup("<strong>{}</strong>")


@dataclass(frozen=True)
class Words:
    """The words of one language. Texts are plain: the templates escape them."""

    language: Language
    texts: MappingProxyType[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """Return the text of ``key`` with its placeholders filled; ``KeyError`` when unknown."""
        return self.texts[key].format(**parts)

    def html(self, key: str, **parts: object) -> Markup:
        """Return the text of ``key`` as HTML: everything escaped, the placeholders in bold."""
        bold = {name: BOLD.format(part) for name, part in parts.items()}
        return escape(self.texts[key]).format(**bold)

    def count(self, key: str, number: int, **parts: object) -> str:
        """Return ``key.one`` or ``key.other`` by the language's rule for ``number``."""
        single = number < 2 if self.language == "fr" else number == 1
        return self(f"{key}.{'one' if single else 'other'}", number=number, **parts)

    def category(self, value: str) -> str:
        """Return the words of a category; the value itself when it has none."""
        return category_words(value, self.language)


@cache
def words_in(language: Language) -> Words:
    """Read the words of ``language``."""
    held = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return Words(language, MappingProxyType(held))
