"""HTML pages for people: Jinja2 templates of ``docs/templates``, everything escaped."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from features.raw.tables import Language
from flows.reports.documents.formats import Formats
from flows.settings import ROOT

TEMPLATES = ROOT / "docs" / "templates"


def environment(language: Language) -> Environment:
    """Return the templates, with the filters that write figures in ``language``."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(Formats(language).filters())
    return templates
