"""How screens are written: each is a template of Jinja, which escapes every text in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ui.format import Format
from ui.theme import style_sheet
from ui.words import Words

ELEMENTS = "elements.html"


@dataclass(frozen=True, slots=True)
class Table:
    """A table to read: plain texts; the first cell of each row names the row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style_sheet"] = style_sheet
    return environment


_TEMPLATES = _environment()


def render(template: str, said_in: Words | Format, **values: object) -> Markup:
    """Write a template of ``ui/templates`` in one language; it sees ``words`` and ``values``.

    Given a ``Format`` it sees ``form`` too. Strings among the values are escaped; ``Markup``, which
    only templates make, stands as it is. Raises ``jinja2.UndefinedError`` for a value not given.
    """
    if isinstance(said_in, Format):
        values |= {"form": said_in, "words": said_in.words}
    else:
        values["words"] = said_in
    return Markup(_TEMPLATES.get_template(template).render(values))


def element(name: str, *values: object) -> Markup:
    """Write one macro of ``elements.html``."""
    macro = getattr(_TEMPLATES.get_template(ELEMENTS).module, name)
    return Markup(macro(*values))
