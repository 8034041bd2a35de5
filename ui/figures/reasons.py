"""The reasons: facts on two sides, each with its comparison and, for numbers, a small scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from scoring.contract import ExplainResponse, Reason
from ui.format import Format
from ui.rendering import Table, render

ROOM = 1.1
"""How far beyond the larger figure the line goes, at least."""
NOT_MEASURED = frozenset({"flag", "word"})
"""Units whose values have a name and no place on a line."""
MOST_EACH_SIDE = 4
SHAPES = {"weighs": "▲", "favours": "▼"}
EVEN = 0.01
"""Share of the whole under which the other elements are said to even out."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Places on the line, as shares of its length: 0 is zero, 1 its end."""

    value: float
    usual: float

    @classmethod
    def of_reason(cls, reason: Reason) -> Scale | None:
        """Place both figures; ``None`` when one is not a number or zero lies between them.

        Moments of the past are counted negatively: their distance from the application is drawn.
        """
        value, usual = reason.value, reason.usual
        if reason.unit in NOT_MEASURED or isinstance(value, str) or isinstance(usual, str):
            return None
        if value is None or usual is None or value * usual < 0:
            return None
        most = max(abs(value), abs(usual))
        end = 1.0 if reason.unit == "score" and most <= 1 else round_end(most)
        return cls(abs(value) / end, abs(usual) / end) if end else None


def round_end(most: float) -> float:
    """Return the first of 1, 2, 2.5, 5 times a power of ten that leaves room; 0 for 0."""
    if most <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * leap for leap in (1, 2, 2.5, 5, 10, 20) if power * leap >= ROOM * most)


def side_of(contribution: float) -> str:
    """Name the side of a contribution: ``weighs`` or ``favours``."""
    return "weighs" if contribution > 0 else "favours"


class Fact(NamedTuple):
    """A reason as it is shown: its sentence, its comparison, its scale where it has one."""

    sentence: str
    compared: str
    scale: Scale | None


class Side(NamedTuple):
    """One side of the reasons."""

    name: str
    shape: str
    facts: list[Fact]


def reason_facts(
    weighs: Sequence[Reason], favours: Sequence[Reason], titles: str, form: Format
) -> Markup:
    """Write the facts of both sides, how to read them, and their figures as a table.

    ``titles`` begins the keys of the words of the sides: ``reasons`` speaks to the advisor,
    ``own`` to the client.
    """
    both = {"weighs": weighs[:MOST_EACH_SIDE], "favours": favours[:MOST_EACH_SIDE]}
    shown = [reason for reasons in both.values() for reason in reasons]
    sides = [Side(name, SHAPES[name], list(map(_fact, reasons))) for name, reasons in both.items()]
    return render(
        "reasons.html",
        form,
        heading="h4" if titles == "reasons" else "h3",
        titles=titles,
        sides=sides,
        drawn=any(fact.scale for side in sides for fact in side.facts),
        numbers=_numbers(shown, form) if shown else None,
    )


def compared(reason: Reason) -> str:
    """Return the comparison, after the client's figure where that is a number."""
    if reason.value is None or reason.unit in NOT_MEASURED or isinstance(reason.value, str):
        return reason.comparison
    return f"{reason.value_text} · {reason.comparison}"


def others_sentence(answer: ExplainResponse, form: Format) -> str:
    """Say all that is no reason as one figure: its share of what weighs, signs added up.

    ``|others| / (|others| + sum of |reasons|)``, as the service's own explanation defines it.
    """
    shown = sum(abs(reason.contribution) for reason in (*answer.weighs, *answer.favours))
    whole = shown + abs(answer.others)
    share = abs(answer.others) / whole if whole else 0.0
    if share < EVEN:
        return form.words("reasons.others.even")
    return form.words(f"reasons.others.{side_of(answer.others)}", share=form.percent(share))


def _fact(reason: Reason) -> Fact:
    return Fact(reason.sentence, compared(reason), Scale.of_reason(reason))


def _numbers(reasons: Iterable[Reason], form: Format) -> Table:
    columns = ("reason", "side", "value", "usual")
    return Table(
        form.words("reasons.table"),
        tuple(form.words(f"reasons.column.{column}") for column in columns),
        tuple(_number_rows(reasons, form)),
    )


def _number_rows(reasons: Iterable[Reason], form: Format) -> Iterator[tuple[str, ...]]:
    for reason in reasons:
        side = form.words(f"reasons.{side_of(reason.contribution)}")
        yield reason.label, side, reason.value_text, reason.usual_text
