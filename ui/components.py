"""What all tabs are made of."""

from __future__ import annotations

from typing import Any

import gradio as gr

AT_ONCE = 8
"""Requests of one kind answered at the same time; more wait their turn."""

QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": AT_ONCE,
}
"""Our own words say that something is loading; no action is offered to programs."""


def part(name: str, first: str = "") -> gr.HTML:
    """Return a place for HTML; ``name`` is its id in the page."""
    return gr.HTML(first, elem_id=name, js_on_load=None, apply_default_css=False)
