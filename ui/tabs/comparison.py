"""The Se situer tab: a choice of group, and the strips."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from ui.comparing import GROUPS, Group, compare, group_choices
from ui.desk import Desk
from ui.opened import OpenCase
from ui.pages.notices import welcome
from ui.rendering import element
from ui.tabs.parts import QUIET, part
from ui.words import Language, words_in


def comparison_tab(desk: Desk, language: Language, case: gr.State, tab: gr.Tab) -> None:
    """Lay out the tab; it asks the service when it is opened, and when the group changes."""
    words = words_in(language)
    with gr.Column(elem_id="compare"):
        part("compare-title", element("title", words("compare.title")))
        group = gr.Radio(
            group_choices(words), value=GROUPS[0], label=words("compare.with"), elem_id="group"
        )
    result = part("compared", welcome(words))
    shown = gr.State(None)

    def on_need(
        opened: OpenCase | None,
        asked: Group,
        already: tuple[str, str] | None,
        request: gr.Request,
    ) -> Iterator[tuple[object, object]]:
        """Compare, unless this comparison is on the screen already."""
        if opened is None:
            yield welcome(words), None
            return
        wanted = (opened.assessment_id, asked)
        if wanted == already or asked not in GROUPS:
            yield gr.skip(), gr.skip()
            return
        yield element("loading", words("simulate.loading")), None
        yield compare(desk, opened, asked, dict(request.cookies), language), wanted

    for event in (tab.select, group.input):
        event(on_need, [case, group, shown], [result, shown], **QUIET)
    case.change(lambda: (welcome(words), None), None, [result, shown], **QUIET)
