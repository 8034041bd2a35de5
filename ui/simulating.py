"""Trying other terms: which changes are real, and what the service says of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ui.desk import Desk
from ui.errors import ServiceError
from ui.opened import CHANGEABLE, OpenCase
from ui.pages.notices import failure
from ui.pages.simulation import simulation_page
from ui.rendering import element
from ui.words import Language

WIDEST = 0.9
"""How far a value may be moved each way, as a share of it."""


class Range(NamedTuple):
    """The values a slider offers: commercial steps with the client's own value among them."""

    least: float
    most: float
    step: float


def slider_range(value: float) -> Range:
    """Return the range around a value: steps of one, two or five hundredths of its size."""
    rough = value / 100
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(power * leap for leap in (1, 2, 5, 10) if power * leap >= rough)
    steps = math.floor(WIDEST * value / step)
    return Range(round(value - steps * step, 2), round(value + steps * step, 2), step)


def simulate(
    desk: Desk,
    opened: OpenCase,
    tried: Sequence[float | None],
    cookies: dict[str, str],
    language: Language,
) -> str:
    """Return the page of a simulation, or what stops it."""
    form = desk.format_in(language)
    changes = changes_of(opened, tried)
    if not changes:
        return element("problem", form.words("simulate.none"))
    try:
        answer = desk.ask(
            cookies, lambda scoring: scoring.simulate(opened.client_id, changes, language)
        )
    except ServiceError as error:
        return failure(error, str(opened.client_id), form.words)
    return simulation_page(answer, form)


def changes_of(opened: OpenCase, tried: Sequence[float | None]) -> dict[str, float]:
    """Keep the items whose value is not the client's own."""
    return {
        name: float(value)
        for name, held, value in zip(CHANGEABLE, opened.held, tried, strict=True)
        if held is not None and value and not math.isclose(held, value, abs_tol=0.005)
    }
