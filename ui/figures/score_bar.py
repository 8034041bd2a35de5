"""The score bar: a straight scale of risk, the named dashed cut-off, the mark of this case."""

from __future__ import annotations

from markupsafe import Markup

from scoring.contract import ScoreResponse
from ui.figures.risk import Risk
from ui.format import Format
from ui.rendering import Table, render

ENDS = (0.3, 0.5, 0.75, 1.0)
"""Where the scale may end: the first that leaves room beyond the case and the cut-off."""


def scale_end(probability: float, cut_off: float) -> float:
    """Return the share the scale ends at, so that neither mark sits on its edge."""
    needed = 1.1 * max(probability, cut_off)
    return next((end for end in ENDS if needed <= end), 1.0)


def score_bar(answer: ScoreResponse, form: Format) -> Markup:
    """Draw where the case stands; the words say it before the drawing does."""
    risk = Risk.of_probability(answer.default_probability, answer.cut_off)
    caption = form.words(
        f"bar.caption.{'above' if risk.above else 'below'}",
        risk=form.number(risk.risk),
        limit=form.number(risk.limit),
        of=form.number(risk.of),
    )
    end = scale_end(answer.default_probability, answer.cut_off)
    low, high = (100 * min(edge / end, 1) for edge in answer.grey_zone)
    words, decimals = form.words, risk.decimals
    return render(
        "score_bar.html",
        form,
        caption=caption,
        numbers=_numbers(answer, form, risk),
        end=end,
        at=100 * answer.default_probability / end,
        at_said=words("bar.client", share=form.percent(answer.default_probability, decimals)),
        cut=100 * answer.cut_off / end,
        cut_said=words("bar.cut_off", share=form.percent(answer.cut_off, decimals)),
        low=low,
        high=high,
    )


def _numbers(answer: ScoreResponse, form: Format, risk: Risk) -> Table:
    words, decimals = form.words, max(1, risk.decimals)
    low, high = (form.percent(edge, decimals) for edge in answer.grey_zone)
    rows = (
        (words("bar.row.client"), form.percent(answer.default_probability, decimals)),
        (words("bar.row.cut_off"), form.percent(answer.cut_off, decimals)),
        (words("bar.row.zone"), words("bar.range", low=low, high=high)),
        (words("bar.row.points"), form.number(answer.points)),
        (words("bar.row.band"), answer.risk_band),
    )
    return Table(words("bar.table"), (words("table.measure"), words("table.value")), rows)
