"""The words of the screens: the same in both languages, and fit to be read."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from features.raw.categories import CATEGORIES
from features.raw.tables import APPLICATIONS
from ui.words import LANGUAGES, Language, words_in

NEVER_SAID = re.compile(r"\b(shap|features?|log-?odds|class 1|classe 1|threshold)\b", re.IGNORECASE)
LONGEST_SENTENCE = 20


def placeholders(text: str) -> set[str]:
    """Return the names between braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    """No text exists in one language only."""
    french, english = (words_in(language) for language in LANGUAGES)
    assert french.texts.keys() == english.texts.keys()


def test_both_languages_have_the_same_placeholders() -> None:
    """A text says the same values in both languages."""
    french, english = (words_in(language).texts for language in LANGUAGES)
    differing = [key for key in french if placeholders(french[key]) != placeholders(english[key])]
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_speaks_to_programmers(language: Language) -> None:
    """The words of the trade stay off the screens."""
    assert not [text for text in words_in(language).texts.values() if NEVER_SAID.search(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: Language) -> None:
    """No sentence has more than twenty words."""
    long = [
        sentence
        for text in words_in(language).texts.values()
        for sentence in re.split(r"(?<=[.!?…])\s", text)
        if len(re.findall(r"[\w{}'’-]+", sentence)) > LONGEST_SENTENCE
    ]
    assert not long


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_of_an_application_has_words(language: Language) -> None:
    """No code of the raw data reaches the screen as it is."""
    declared = {c for column in APPLICATIONS.columns for c in column.categories}
    assert declared <= CATEGORIES.keys()
    said = {"fr": "Études supérieures inachevées", "en": "Higher education, not completed"}
    assert words_in(language).category("Incomplete higher") == said[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_in_html_are_escaped(language: Language) -> None:
    """A hostile value put into a sentence stays text."""
    written = words_in(language).html("signed_in", name="<script>")
    assert "<script>" not in written
    assert "<strong>&lt;script&gt;</strong>" in written
