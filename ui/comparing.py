"""Where the open case stands among other clients."""

from __future__ import annotations

from typing import Literal

from scoring.contract import CompareRequest
from ui.desk import Desk
from ui.errors import Conflict, ServiceError
from ui.opened import OpenCase
from ui.pages.notices import failure
from ui.pages.standing import no_such_group, standing_page
from ui.words import Language, Words

Group = Literal["granted", "all", "similar"]
GROUPS: tuple[Group, ...] = ("granted", "all", "similar")


def group_choices(words: Words) -> list[tuple[str, Group]]:
    """Return the groups one can be compared with, in words."""
    return [(words(f"compare.{group}"), group) for group in GROUPS]


def compare(
    desk: Desk, opened: OpenCase, group: Group, cookies: dict[str, str], language: Language
) -> str:
    """Return the page of a comparison, or what stops it."""
    form = desk.format_in(language)
    asked = {"client_id": opened.client_id, "with": group, "language": language}
    try:
        request = CompareRequest.model_validate(asked)
        answer = desk.ask(cookies, lambda scoring: scoring.compare(request))
    except Conflict:
        return no_such_group(form)
    except ServiceError as error:
        return failure(error, str(opened.client_id), form.words)
    return standing_page(answer, form)
