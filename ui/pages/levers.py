"""What would turn the proposal: levers as ranges with their conditions, and while they hold."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.contract import RecourseLever, RecourseResponse, Verdict
from scoring.contract.recourse import RecourseEvenIf, RecourseWithTime
from ui.figures.risk import risk_alone
from ui.format import Format
from ui.markup import element, listing, text

MOST_LEVERS = 3


def levers_page(answer: RecourseResponse, form: Format) -> str:
    """Write the service's sentences: levers, largest amount, room left, what time would do."""
    words = form.words
    title = "levers.title.granted" if answer.verdict is Verdict.GRANT else "levers.title"
    levers = [_lever(lever, form) for lever in answer.levers[:MOST_LEVERS]]
    room = [_room(one, form) for one in answer.even_if]
    return element(
        "section",
        text("h3", words(title)),
        text("p", answer.sentence),
        element("ul", *levers) if levers else "",
        "" if answer.largest is None else text("p", answer.largest.sentence, class_="largest"),
        element("ul", *room) if room else "",
        "" if answer.with_time is None else _with_time(answer.with_time),
        *(text("p", note, class_="aside") for note in _notes(answer, form)),
        class_="part levers",
    )


def _lever(lever: RecourseLever, form: Format) -> str:
    risk = risk_alone(lever.first.default_probability, form)
    said = text("span", form.words("levers.risk", risk=risk), class_="aside")
    return element("li", text("span", lever.sentence), said, _stopped(form, capped=lever.capped))


def _room(one: RecourseEvenIf, form: Format) -> str:
    return element("li", text("span", one.sentence), _stopped(form, capped=one.capped))


def _stopped(form: Format, *, capped: bool) -> str:
    """Say that a range ends where the search stopped, when it does: more may be granted."""
    return text("span", form.words("levers.capped"), class_="aside") if capped else ""


def _with_time(time: RecourseWithTime) -> str:
    easing = listing(one.sentence for one in time.easing) if time.easing else ""
    return text("p", time.sentence) + easing


def _notes(answer: RecourseResponse, form: Format) -> Iterator[str]:
    """Say until when it holds, and that it commits nobody."""
    if answer.holds_until is not None:
        yield form.words("levers.until", date=form.date(answer.holds_until))
    if answer.levers or answer.largest is not None or answer.even_if:
        yield form.words("levers.note")


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
