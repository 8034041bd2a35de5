"""A risk said as a count: "14 out of 100", which people read better than a probability."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ui.format import Format


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
