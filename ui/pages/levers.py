"""What would turn the proposal: two or three levers, and the largest amount."""

from __future__ import annotations

from scoring.contract import RecourseLever, RecourseResponse, Verdict
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.markup import element, text

MOST_LEVERS = 3


def levers_page(answer: RecourseResponse, form: Format) -> str:
    """Write the largest amount and the levers, each with the risk it leads to."""
    words = form.words
    granted = answer.verdict is Verdict.GRANT
    title = words("levers.title.granted" if granted else "levers.title")
    largest = ""
    if answer.largest_amount is not None:
        amount = form.money(answer.largest_amount)
        largest = element("p", words.html("levers.largest", amount=amount))
    levers = (
        element("ul", *(_lever(lever, form) for lever in answer.levers[:MOST_LEVERS]))
        if answer.levers
        else ""
    )
    note = text("p", words("levers.note"), class_="aside") if levers or largest else ""
    return element(
        "section",
        text("h3", title),
        largest,
        text("p", answer.sentence),
        levers,
        note,
        class_="part levers",
    )


def _lever(lever: RecourseLever, form: Format) -> str:
    risk = risk_alone(lever.default_probability, form)
    return element(
        "li",
        text("span", lever_sentence(lever, form)),
        text("span", f" {form.words('levers.risk', risk=risk)}", class_="aside"),
    )


def lever_sentence(lever: RecourseLever, form: Format) -> str:
    """Write a lever with its amounts in the lender's currency.

    The service does not know the currency; of a lever we have no words for, its own are given.
    """
    amounts = {name: form.money(amount) for name, amount in lever.changes.items()}
    try:
        return form.words(f"lever.{lever.name}", **amounts)
    except KeyError:
        return lever.sentence


def turning_sentences(answer: RecourseResponse, form: Format) -> tuple[str, ...]:
    """Write for the letter what would turn a proposal that is no approval; nothing otherwise."""
    if answer.verdict is Verdict.GRANT or not answer.levers:
        return ()
    said = [lever_sentence(lever, form) for lever in answer.levers[:MOST_LEVERS]]
    if answer.largest_amount is not None:
        said.append(form.words("levers.largest", amount=form.money(answer.largest_amount)))
    return tuple(said)


def levers_unknown(form: Format) -> str:
    """Say that the levers could not be looked for; the rest of the page stands."""
    words = form.words
    return element(
        "section",
        text("h3", words("levers.title")),
        text("p", words("levers.unknown")),
        class_="part levers",
    )


def levers_loading(form: Format) -> str:
    """Say that the levers are being looked for."""
    words = form.words
    return element(
        "section",
        text("h3", words("levers.title")),
        text("p", words("levers.loading"), aria_busy="true"),
        class_="part levers",
    )
