"""Before and after a change the client can make. Without commitment."""

from __future__ import annotations

from markupsafe import Markup

from scoring.contract import Moved, Side, SimulateResponse
from ui.figures.risk import Risk
from ui.format import Format
from ui.reading import protected
from ui.rendering import Table, render
from ui.words import Words

MOST_MOVED = 6


def simulation_page(answer: SimulateResponse, form: Format) -> Markup:
    """Write what the change does to the proposal, the numbers and the reasons."""
    words = form.words
    turned = answer.before.verdict != answer.after.verdict
    sentence = words(
        f"simulate.result.{'turned' if turned else 'same'}",
        before=_verdict(answer.before, words),
        after=_verdict(answer.after, words),
    )
    sides, moved = _sides_table(answer, form), _moved(answer.moved, form)
    return render(
        "simulation.html", form, answer=answer, sentence=sentence, sides=sides, moved=moved
    )


def _verdict(side: Side, words: Words) -> str:
    title = words(f"verdict.{side.verdict.value}.title")
    return title[:1].lower() + title[1:]


def _sides_table(answer: SimulateResponse, form: Format) -> Table:
    words = form.words
    columns = tuple(words(key) for key in ("table.measure", "simulate.before", "simulate.after"))
    rows = [
        (
            words(f"simulate.{name}"),
            *(_written(side, name, answer, form) for side in _sides(answer)),
        )
        for name in ("amount_credit", "annuity", "effort_rate", "risk", "verdict", "decided_by")
    ]
    return Table(words("simulate.caption"), columns, rows)


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


def _moved(moved: list[Moved], form: Format) -> Table | None:
    """Return the items whose part in the calculation moved, with their figures on both sides."""
    words = form.words
    shown = [one for one in moved if not protected(one.item)][:MOST_MOVED]
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
    return (
        Table(words("simulate.moved.caption"), tuple(map(words, columns)), rows) if rows else None
    )
