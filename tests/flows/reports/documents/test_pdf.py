"""The note as a PDF: tagged, complete, the same bytes for the same text."""

from __future__ import annotations

import pytest
from typst import TypstError

from flows.reports.documents.pdf import pdf
from flows.reports.documents.render import NOTE_TEMPLATE, TEMPLATES

TEXT = """# Titre

Un **mot**, un `code`, un #piège et un $calcul$.

| a | b |
|---|---|
| 1 | 2 |

- un
- deux

![Une image](images/x.svg)
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9pt" height="9pt">'
    '<rect width="9" height="9"/></svg>'
)
TEMPLATE = TEMPLATES / NOTE_TEMPLATE


def test_the_same_text_gives_the_same_tagged_file() -> None:
    """No date in it; marked for screen readers, in its language."""
    first = pdf(TEXT, {"images/x.svg": SVG}, "fr", TEMPLATE)
    assert first == pdf(TEXT, {"images/x.svg": SVG}, "fr", TEMPLATE)
    assert b"pdfuaid:part" in first
    assert b"/Lang" in first


def test_an_image_without_words_is_refused() -> None:
    """Who cannot see the picture must be told something."""
    silent = TEXT.replace("Une image", "")
    with pytest.raises(TypstError, match="alt text"):
        pdf(silent, {"images/x.svg": SVG}, "fr", TEMPLATE)
