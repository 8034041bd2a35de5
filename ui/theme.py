"""The colours of the screens, declared once with what must be read on what, and Gradio's theme.

A test computes every ratio below with the formula of WCAG 2.2, section 1.4.3.
"""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path

import gradio as gr
from markupsafe import Markup

COLOURS = {
    "ink": "#1b2733",
    "ink-soft": "#4a5868",
    "paper": "#ffffff",
    "ground": "#f5f7f9",
    "line": "#d5dbe1",
    "edge": "#6b7885",
    "accent": "#14532d",
    "accent-deep": "#0d3b20",
    "focus": "#1d4ed8",
    "weighs": "#b45309",
    "favours": "#1d4ed8",
    "others": "#5b6775",
    "track": "#e6eaee",
    "zone": "#cbd3db",
    "accepted": "#bfd3ee",
    "grant-ground": "#eef3fd",
    "grant-edge": "#1d4ed8",
    "refer-ground": "#f1f3f5",
    "refer-edge": "#4a5868",
    "decline-ground": "#fdf4ea",
    "decline-edge": "#b45309",
    "problem": "#8a1c1c",
    "problem-ground": "#fdf0f0",
}
"""Name -> hexadecimal colour; the style sheet reads them as ``--name``."""

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0

CONTRASTS: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", 12.0),
    ("ink", "ground", 12.0),
    ("ink", "grant-ground", 12.0),
    ("ink", "refer-ground", 12.0),
    ("ink", "decline-ground", 12.0),
    ("ink", "zone", TEXT_RATIO),
    ("ink", "accepted", TEXT_RATIO),
    ("ink-soft", "paper", TEXT_RATIO),
    ("ink-soft", "ground", TEXT_RATIO),
    ("paper", "accent", TEXT_RATIO),
    ("paper", "accent-deep", TEXT_RATIO),
    ("accent", "paper", TEXT_RATIO),
    ("accent", "ground", TEXT_RATIO),
    ("weighs", "paper", TEXT_RATIO),
    ("favours", "paper", TEXT_RATIO),
    ("others", "paper", TEXT_RATIO),
    ("weighs", "decline-ground", TEXT_RATIO),
    ("favours", "grant-ground", TEXT_RATIO),
    ("problem", "paper", TEXT_RATIO),
    ("problem", "problem-ground", TEXT_RATIO),
    ("edge", "paper", SHAPE_RATIO),
    ("edge", "ground", SHAPE_RATIO),
    ("focus", "paper", SHAPE_RATIO),
    ("focus", "ground", SHAPE_RATIO),
    ("focus", "decline-ground", SHAPE_RATIO),
    ("weighs", "track", SHAPE_RATIO),
    ("favours", "track", SHAPE_RATIO),
    ("others", "track", SHAPE_RATIO),
    ("ink", "track", SHAPE_RATIO),
    ("grant-edge", "grant-ground", SHAPE_RATIO),
    ("refer-edge", "refer-ground", SHAPE_RATIO),
    ("decline-edge", "decline-ground", SHAPE_RATIO),
)
"""What is seen on what, and the least ratio it must have."""

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Arial", "sans-serif")
STYLE = Path(__file__).with_name("style.css")


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` in [0, 1] (WCAG 2.2, definitions)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@cache
def style_sheet() -> Markup:
    """Return the whole style sheet, the colours first; it is ours and is not escaped."""
    declared = "".join(f"--{name}:{colour};" for name, colour in COLOURS.items())
    return Markup(f":root{{{declared}}}\n{STYLE.read_text(encoding='utf-8')}")


def gradio_theme() -> gr.themes.Base:
    """Return Gradio's theme in our colours, the same by day and by night: nothing is fetched."""
    own = {
        "body_background_fill": COLOURS["ground"],
        "body_text_color": COLOURS["ink"],
        "body_text_color_subdued": COLOURS["ink-soft"],
        "background_fill_primary": COLOURS["paper"],
        "background_fill_secondary": COLOURS["ground"],
        "border_color_primary": COLOURS["line"],
        "border_color_accent": COLOURS["accent"],
        "color_accent": COLOURS["accent"],
        "color_accent_soft": COLOURS["ground"],
        "link_text_color": COLOURS["accent"],
        "block_label_text_color": COLOURS["ink"],
        "block_title_text_color": COLOURS["ink"],
        "block_info_text_color": COLOURS["ink-soft"],
        "block_background_fill": COLOURS["paper"],
        "input_background_fill": COLOURS["paper"],
        "input_border_color": COLOURS["edge"],
        "input_border_color_focus": COLOURS["focus"],
        "input_placeholder_color": COLOURS["ink-soft"],
        "button_primary_background_fill": COLOURS["accent"],
        "button_primary_background_fill_hover": COLOURS["accent-deep"],
        "button_primary_text_color": COLOURS["paper"],
        "button_primary_border_color": COLOURS["accent"],
        "button_secondary_background_fill": COLOURS["paper"],
        "button_secondary_text_color": COLOURS["ink"],
        "button_secondary_border_color": COLOURS["edge"],
    }
    theme = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace"))
    known = inspect.signature(theme.set).parameters
    night = {f"{name}_dark": colour for name, colour in own.items() if f"{name}_dark" in known}
    return theme.set(input_border_width="1px", input_border_width_dark="1px", **own, **night)
