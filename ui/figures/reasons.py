"""The reasons: facts on two sides, each with its comparison and, for numbers, a small scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scoring.contract import ExplainResponse, Reason
from ui.figures.scale import NOT_MEASURED, Scale, small_scale
from ui.format import Format
from ui.markup import TableData, details, element, hidden_shape, scrolling, text

MOST_EACH_SIDE = 4
SHAPES = {"weighs": "▲", "favours": "▼"}
EVEN = 0.01
"""Share of the whole under which the other elements are said to even out."""


def side_of(contribution: float) -> str:
    """Name the side of a contribution: ``weighs`` or ``favours``."""
    return "weighs" if contribution > 0 else "favours"


def reason_facts(
    weighs: Sequence[Reason], favours: Sequence[Reason], titles: str, form: Format
) -> str:
    """Write the facts of both sides, how to read them, and their figures as a table.

    ``titles`` begins the keys of the words of the sides: ``reasons`` speaks to the advisor,
    ``own`` to the client.
    """
    words = form.words
    sides = element(
        "div",
        _side("weighs", weighs[:MOST_EACH_SIDE], titles, form),
        _side("favours", favours[:MOST_EACH_SIDE], titles, form),
        class_="facts",
    )
    shown = (*weighs[:MOST_EACH_SIDE], *favours[:MOST_EACH_SIDE])
    drawn = any(Scale.of_reason(reason) for reason in shown)
    key = text("p", words("reasons.key"), class_="aside") if drawn else ""
    cause = text("p", words("reasons.cause"), class_="aside") if shown else ""
    numbers = details(words("figures.open"), scrolling(_numbers(shown, form))) if shown else ""
    return sides + key + cause + numbers


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


def _side(side: str, reasons: Sequence[Reason], titles: str, form: Format) -> str:
    words = form.words
    level = "h4" if titles == "reasons" else "h3"
    title = element(level, hidden_shape(SHAPES[side]), text("span", words(f"{titles}.{side}")))
    if reasons:
        inside = element("ul", *(_fact(reason) for reason in reasons))
    else:
        inside = text("p", words(f"{titles}.{side}.none"))
    return element("div", title, inside, class_=f"side {side}")


def _fact(reason: Reason) -> str:
    scale, line = Scale.of_reason(reason), compared(reason)
    under = text("p", line, class_="compared") if scale is None else small_scale(scale, line)
    return element("li", text("p", reason.sentence, class_="sentence"), under, class_="fact")


def _numbers(reasons: Iterable[Reason], form: Format) -> TableData:
    columns = ("reason", "side", "value", "usual")
    return TableData(
        form.words("reasons.table"),
        tuple(form.words(f"reasons.column.{column}") for column in columns),
        tuple(_number_rows(reasons, form)),
    )


def _number_rows(reasons: Iterable[Reason], form: Format) -> Iterator[tuple[str, ...]]:
    for reason in reasons:
        side = form.words(f"reasons.{side_of(reason.contribution)}")
        yield reason.label, side, reason.value_text, reason.usual_text
