"""A risk: said as a count, which people read better than a probability, and drawn on a scale."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from scoring.contract import ScoreResponse
from ui.format import Format
from ui.rendering import Table, render

ENDS = (0.3, 0.5, 0.75, 1.0)
"""Where the scale may end: the first that leaves room beyond the case and the cut-off."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk and the highest accepted one, as counts out of ``of`` comparable cases."""

    risk: int
    limit: int
    of: int
    above: bool

    @classmethod
    def of_probability(cls, probability: float, cut_off: float) -> Risk:
        """Count out of 100; out of 1,000 when only that tells the two apart."""
        for of in (1_000, 100):
            risk, limit = round(probability * of), round(cut_off * of)
            if risk != limit and round(probability * 100) == round(cut_off * 100):
                break
        return cls(risk=risk, limit=limit, of=of, above=probability > cut_off)

    @property
    def decimals(self) -> int:
        """Decimals of the percentages that say the same thing."""
        return 0 if self.of == 100 else 1


def risk_alone(probability: float, form: Format) -> str:
    """Write one risk as a count out of 100; out of 1,000 when it is under one in a hundred."""
    of = 100 if round(100 * probability) >= 1 else 1_000
    risk = form.number(round(of * probability))
    return form.words("simulate.risk.of", risk=risk, of=form.number(of))


def risk_sentence(probability: float, cut_off: float, form: Format) -> Markup:
    """Write a risk and the highest accepted one as a sentence, in HTML."""
    risk = Risk.of_probability(probability, cut_off)
    parts = {"of": form.number(risk.of), "limit": form.number(risk.limit)}
    if risk.risk <= 1:
        few = "one" if risk.risk == 1 else "low"
        return form.words.html(f"verdict.sentence.{few}", **parts)
    return form.words.html("verdict.sentence", risk=form.number(risk.risk), **parts)


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
