"""What takes the place of an answer: nothing yet, loading, or a failure with what to do next."""

from __future__ import annotations

from ui.errors import Conflict, NotAllowed, Refused, ServiceError, SessionExpired, TooManyAttempts
from ui.format import Format
from ui.markup import element, notice, text
from ui.words import Words


def welcome(words: Words) -> str:
    """Say what to do first."""
    return notice("info", words("state.welcome.title"), words("state.welcome"))


def loading(number: int, form: Format) -> str:
    """Say that the case is being looked for; nothing of the last case stays on the screen."""
    sentence = form.words("search.loading", number=form.identifier(number))
    return element("div", text("p", sentence), class_="notice notice-info", aria_busy="true")


def unknown(number: int, form: Format) -> str:
    """Say that no case has this number."""
    said = form.words("search.unknown", number=form.identifier(number))
    return notice("problem", form.words("state.unknown.title"), said)


def failure(error: ServiceError, typed: str, words: Words) -> str:
    """Say what happened and what to do; never a verdict, and what was typed is kept."""
    if isinstance(error, SessionExpired):
        link = text("a", words("state.expired.link"), href=sign_in_address(words, typed))
        title, sentence = words("state.expired.title"), words("state.expired")
        return notice("problem", title, sentence, element("p", link))
    if isinstance(error, NotAllowed):
        return notice("problem", words("state.forbidden.title"), words("state.forbidden"))
    if isinstance(error, TooManyAttempts):
        wait = words.count("state.wait", error.seconds)
        return notice("problem", words("state.wait.title"), wait)
    if isinstance(error, Conflict | Refused):
        return notice("problem", words("state.refused.title"), words("state.refused"))
    return notice("problem", words("state.down.title"), words("state.down"))


def sign_in_address(words: Words, typed: str) -> str:
    """Return where to sign in again, to come back to the same case."""
    digits = "".join(
        character for character in typed if character.isascii() and character.isdigit()
    )
    return f"/{words.language}/login?reason=expired" + (f"&case={digits}" if digits else "")
