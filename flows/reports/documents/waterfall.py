"""How contributions lead from a base to a score: shap's picture, in our words."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import shap
from matplotlib.axes import Axes

from flows.reports.figures import drawn_as, svg

SIZE = (7.4, 4.0)
"""Inches."""
SYMBOLS = ("E[f(X)]", "f(x)")
"""What shap calls the base and the score; the picture's caption says both."""


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
    """Leave out what shap writes in symbols, and write decimals as French does."""
    for text in axes.texts:
        text.set_text(text.get_text().replace(".", ","))
    written = [label.get_text() for label in axes.get_xticklabels()]
    if any(symbol in text for text in written for symbol in SYMBOLS):
        axes.set_xticks([])
    else:
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:.1f}".replace(".", ","))
