"""The declared colours can be told apart by everybody."""

from __future__ import annotations

import re

import pytest

from ui.theme import COLOURS, CONTRASTS, STYLE, contrast, gradio_theme, style_sheet


@pytest.mark.parametrize(("seen", "on", "least"), CONTRASTS)
def test_declared_contrasts_hold(seen: str, on: str, least: float) -> None:
    """Each pair has at least the ratio it is declared with."""
    assert contrast(COLOURS[seen], COLOURS[on]) >= least


def test_contrast_is_the_formula_of_the_guidelines() -> None:
    """Black on white is 21, a colour on itself 1, and a published grey gives its known ratio."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#b45309", "#b45309") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_style_sheet_uses_declared_colours_only() -> None:
    """Every ``var(--x)`` is declared, and no other colour is written outside print."""
    screen, _, _ = STYLE.read_text(encoding="utf-8").partition("@media print")
    used = set(re.findall(r"var\(--([\w-]+)\)", screen))
    assert used <= COLOURS.keys()
    assert not re.findall(r"#[0-9a-fA-F]{3,6}\b(?=[;} ])", screen.replace("!important", ""))


def test_nothing_is_fetched_for_the_look() -> None:
    """No font, image or style comes from another host."""
    assert "http" not in style_sheet()
    assert not gradio_theme()._stylesheets
