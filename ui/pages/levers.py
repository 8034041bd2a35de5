"""What would turn the proposal: levers as ranges with their conditions, and while they hold."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from scoring.contract import RecourseResponse, Verdict
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.rendering import render

MOST_LEVERS = 3


def levers_page(answer: RecourseResponse, form: Format) -> Markup:
    """Write the service's sentences: levers, largest amount, room left, what time would do."""
    return render(
        "levers.html",
        form,
        answer=answer,
        title="levers.title.granted" if answer.verdict is Verdict.GRANT else "levers.title",
        levers=answer.levers[:MOST_LEVERS],
        risk=partial(risk_alone, form=form),
    )


def turning_sentences(answer: RecourseResponse, form: Format) -> tuple[str, ...]:
    """Write for the letter what would turn a proposal that is no approval; nothing otherwise."""
    if answer.verdict is Verdict.GRANT or not answer.levers:
        return ()
    said = [lever.sentence for lever in answer.levers[:MOST_LEVERS]]
    if answer.largest is not None:
        said.append(answer.largest.sentence)
    if answer.holds_until is not None:
        said.append(form.words("levers.until", date=form.date(answer.holds_until)))
    return tuple(said)


def levers_unknown(form: Format) -> Markup:
    """Say that the levers could not be looked for; the rest of the page stands."""
    return render("levers_waiting.html", form, loading=False)


def levers_loading(form: Format) -> Markup:
    """Say that the levers are being looked for."""
    return render("levers_waiting.html", form, loading=True)
