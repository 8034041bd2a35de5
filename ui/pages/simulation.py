"""Before and after a change the client can make. Without commitment."""

from __future__ import annotations

from scoring.contract import Moved, Side, SimulateResponse
from ui.figures.risk import Risk
from ui.format import Format
from ui.markup import TableData, element, hidden_shape, scrolling, text
from ui.reading import protected
from ui.words import Words

MOST_MOVED = 6


def simulation_page(answer: SimulateResponse, form: Format) -> str:
    """Write what the change does to the proposal, the numbers and the reasons."""
    words = form.words
    turned = answer.before.verdict != answer.after.verdict
    sentence = words(
        f"simulate.result.{'turned' if turned else 'same'}",
        before=_verdict(answer.before, words),
        after=_verdict(answer.after, words),
    )
    shape = hidden_shape(words(f"verdict.{answer.after.verdict.value}.shape"))
    band = element(
        "div",
        element("h3", shape, text("span", sentence)),
        text("p", words("simulate.free")),
        class_=f"band band-{answer.after.verdict.value.lower()}",
    )
    return element("div", band, _table(answer, form), _moved(answer.moved, form), class_="page")


def _verdict(side: Side, words: Words) -> str:
    title = words(f"verdict.{side.verdict.value}.title")
    return title[:1].lower() + title[1:]


def _table(answer: SimulateResponse, form: Format) -> str:
    words = form.words
    columns = tuple(words(key) for key in ("table.measure", "simulate.before", "simulate.after"))
    rows = [
        (
            words(f"simulate.{name}"),
            *(_written(side, name, answer, form) for side in _sides(answer)),
        )
        for name in ("amount_credit", "annuity", "effort_rate", "risk", "verdict", "decided_by")
    ]
    inside = scrolling(TableData(words("simulate.caption"), columns, rows))
    return element("div", inside, class_="part")


def _sides(answer: SimulateResponse) -> tuple[Side, Side]:
    return answer.before, answer.after


def _written(side: Side, name: str, answer: SimulateResponse, form: Format) -> str:
    if name == "verdict":
        return form.words(f"verdict.{side.verdict.value}.title")
    if name == "decided_by":
        return form.words(f"simulate.decided_by.{side.decided_by}")
    if name == "risk":
        return _risk(side, answer, form)
    if name == "effort_rate":
        return form.value(side.effort_rate, "ratio")
    return form.value(getattr(side, name), "amount")


def _risk(side: Side, answer: SimulateResponse, form: Format) -> str:
    """Count both sides out of the same number, so that they can be compared."""
    both = (s.default_probability for s in _sides(answer))
    of = 100 if len({Risk.of_probability(p, answer.cut_off).risk for p in both}) > 1 else 1_000
    risk = round(side.default_probability * of)
    return form.words("simulate.risk.of", risk=form.number(risk), of=form.number(of))


def _moved(moved: list[Moved], form: Format) -> str:
    """Write the items whose part in the calculation moved, with their figures on both sides."""
    words = form.words
    shown = [one for one in moved if not protected(one.item)][:MOST_MOVED]
    if not shown:
        inside = text("p", words("simulate.moved.none"))
    else:
        columns = ("reasons.column.item", "simulate.before", "simulate.after", "simulate.moved.to")
        rows = [
            (
                one.label,
                one.before_text,
                one.after_text,
                words(f"simulate.moved.{'better' if one.after < one.before else 'worse'}"),
            )
            for one in shown
        ]
        caption, heads = words("simulate.moved.caption"), tuple(map(words, columns))
        inside = scrolling(TableData(caption, heads, rows))
    return element("section", text("h3", words("simulate.moved")), inside, class_="part")
