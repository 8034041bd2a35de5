"""The requests and links of the client, above the file: the page's script brings them in."""

from __future__ import annotations

import gradio as gr

from ui.components import QUIET, part
from ui.open_case import OpenCase
from ui.rights.page import rights_place
from ui.rights.routes import rights_address
from ui.words import Language, words_in


def rights_tab(language: Language, case: gr.State) -> None:
    """Lay out the place of the part; it is empty without an open case."""
    words, place = words_in(language), part("rights")

    def on_case(opened: OpenCase | None) -> str:
        if opened is None:
            return ""
        address = rights_address(language, opened.client_id, opened.assessment_id)
        return rights_place(f"{address}/requests", words)

    case.change(on_case, case, place, **QUIET)
