"""Looking for what would turn the proposal of the open case."""

from __future__ import annotations

from typing import NamedTuple

from ui.desk import Desk
from ui.errors import ServiceError
from ui.opened import CHANGEABLE, OpenCase
from ui.pages.levers import levers_page, levers_unknown, turning_sentences
from ui.words import Language


class Turning(NamedTuple):
    """The levers as HTML, the values the first gives to the simulation, words for the letter."""

    html: str
    tried: tuple[float | None, ...] | None
    said: tuple[str, ...] = ()


def look_for_levers(
    desk: Desk, opened: OpenCase, cookies: dict[str, str], language: Language
) -> Turning:
    """Ask the service; a failure is said in place and hides nothing else."""
    form = desk.format_in(language)
    try:
        answer = desk.ask(cookies, lambda scoring: scoring.recourse(opened.client_id, language))
    except ServiceError:
        return Turning(levers_unknown(form), None)
    tried = None
    if answer.levers:
        changes = answer.levers[0].first.changes.model_dump(exclude_none=True)
        held = zip(CHANGEABLE, opened.held, strict=True)
        tried = tuple(changes.get(name, value) for name, value in held)
    return Turning(levers_page(answer, form), tried, turning_sentences(answer, form))
