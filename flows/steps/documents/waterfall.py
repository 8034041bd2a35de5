"""How contributions lead from a base to a score: shap's picture, in our words."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import shap
from matplotlib.axes import Axes

from flows.steps.figures import drawn_as, svg

SIZE = (7.4, 4.0)
"""Inches."""
WORDS = {"E[f(X)]": "clients accordés", "f(x)": "ce dossier"}
"""What shap calls the base and the score."""


def waterfall(title: str, base: float, told: Sequence[tuple[str, float]]) -> str:
    """Return the picture of named contributions (log-odds) that lead from ``base`` to their sum."""
    explanation = shap.Explanation(
        values=np.array([value for _, value in told]),
        base_values=base,
        feature_names=[name for name, _ in told],
    )
    with drawn_as(title), plt.ioff():
        plt.figure()
        shap.plots.waterfall(explanation, max_display=len(told) + 1, show=False)
        drawing = plt.gcf()
        drawing.set_size_inches(*SIZE)
        for axes in drawing.axes:
            _in_words(axes)
        drawing.tight_layout()
        text = svg(drawing, title)
        plt.close(drawing)
    return text


def _in_words(axes: Axes) -> None:
    """Write what shap writes in symbols as words, and decimals as French does.

    The base and the score stand in the picture's caption, so that no figures overlap here.
    """
    for text in axes.texts:
        text.set_text(text.get_text().replace(".", ","))
    written = [label.get_text() for label in axes.get_xticklabels()]
    if any(symbol in text for text in written for symbol in WORDS):
        said = [next((w for s, w in WORDS.items() if s in text), "") for text in written]
        axes.set_xticks(axes.get_xticks(), labels=said)
    else:
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:.1f}".replace(".", ","))
