"""The Courrier et export tab: the client's letter and the client's own data."""

from __future__ import annotations

import gradio as gr

from ui.pages.notices import welcome
from ui.signing import exports_of
from ui.tabs.parts import QUIET, part
from ui.words import Language, words_in


def letter_tab(language: Language, case: gr.State) -> gr.HTML:
    """Lay out the tab; return the place of the letter, which the decision fills."""
    words = words_in(language)
    letter = part("letter", welcome(words))
    exports = part("exports")
    case.change(lambda opened: exports_of(opened, words), case, exports, **QUIET)
    return letter
