"""What follows a decision: its record on the screen, and the letter to the client."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scoring.contract import DecisionResponse
from ui.format import Format
from ui.markup import element, listing, notice, text
from ui.opened import OpenCase, Told
from ui.words import Words

MOST_REASONS = 4
"""More would not be read; the whole calculation can be asked for."""


def recorded(decision: DecisionResponse, form: Format) -> str:
    """Say what was recorded, by whom, when."""
    words = form.words
    said = [words("sign.by", name=decision.decided_by, moment=form.moment(decision.decided_at))]
    if decision.is_override:
        said.append(words("sign.override"))
    if decision.motive:
        said.append(words("sign.said", motive=decision.motive))
    said += [words("sign.reference", id=decision.decision_id), words("sign.revise")]
    return element(
        "div",
        text("h4", f"✓ {words('sign.recorded')}"),
        text("p", words(f"sign.{decision.decision}"), class_="decided"),
        *(text("p", sentence, class_="aside") for sentence in said),
        class_="recorded",
    )


def unsaved(sentence: str) -> str:
    """Say next to the form what stops the decision from being recorded."""
    return text("p", sentence, class_="field-problem", role="alert")


def letter_waiting(words: Words) -> str:
    """Say that the letter comes after the decision."""
    return notice("info", words("letter.title"), words("letter.waiting"))


def letter(
    opened: OpenCase, decision: DecisionResponse, levers: Sequence[str], form: Format
) -> str:
    """Write the client's letter: outcome, who decided, why, what would change it, data, rights."""
    words = form.words
    amount = form.money(opened.held[0] or 0)
    day = form.date(decision.decided_at.astimezone())
    case = words("letter.case", number=form.identifier(opened.client_id), id=decision.decision_id)
    body = (
        text("p", words("product"), class_="sender"),
        text("p", day, class_="day"),
        text("h3", words("letter.heading")),
        text("p", case, class_="aside"),
        text("p", words("letter.hello")),
        element("p", words.html(f"letter.{decision.decision}", amount=amount)),
        text("p", words("letter.who", name=decision.decided_by, date=day)),
        *_reasons(opened, decision, words),
        *_levers(levers if decision.decision != "GRANT" else (), words),
        text("h4", words("letter.data")),
        text("p", words("letter.data.sentence")),
        listing(opened.origins),
        text("p", words("letter.calculation", tag=opened.model_tag)),
        text("h4", words("letter.rights")),
        listing(words(f"letter.rights.{number}") for number in (1, 2, 3)),
        text("p", words("letter.bye")),
        text("p", decision.decided_by),
    )
    printing = (
        f'<button type="button" class="action" onclick="window.print()">'
        f"{escape(words('letter.print'))}</button>"
    )
    return element(
        "section",
        text("h2", words("letter.title")),
        element("p", printing, class_="no-print"),
        element("article", *body, class_="letter"),
        class_="letter-part",
    )


def _reasons(opened: OpenCase, decision: DecisionResponse, words: Words) -> list[str]:
    """Give the reasons that carry the outcome: what weighs, unless the credit is granted.

    What the policy says comes first when one of its rules decided; four reasons at most in all.
    """
    if decision.decision == "GRANT":
        title, told = "letter.favours", _facts(opened.favours)
        return [text("h4", words(title)), element("ul", *told)] if told else []
    ruled = [text("li", sentence) for sentence in opened.ruled]
    told = [*ruled, *_facts(opened.weighs)][:MOST_REASONS]
    said = element("ul", *told) if told else text("p", words("letter.reasons.none"))
    return [text("h4", words("letter.reasons")), said]


def _facts(told: Sequence[Told]) -> list[str]:
    return [
        element("li", escape(one.sentence), text("span", one.comparison, class_="compared"))
        for one in told
    ]


def _levers(said: Sequence[str], words: Words) -> list[str]:
    """Say what would change the answer; nothing when nothing would, or it is not known."""
    if not said:
        return []
    title, first = words("letter.levers"), words("letter.levers.sentence")
    return [text("h4", title), text("p", first), listing(said)]


def exports(client_id: int, words: Words) -> str:
    """Offer the client's own data as files."""
    links = (
        element(
            "li",
            text(
                "a",
                words(f"export.{kind}"),
                href=f"/{words.language}/export/{client_id}.{kind}",
                download=f"{client_id}.{kind}",
            ),
        )
        for kind in ("json", "csv")
    )
    return element(
        "section",
        text("h2", words("export.title")),
        text("p", words("export.sentence")),
        element("ul", *links),
        class_="part",
    )
