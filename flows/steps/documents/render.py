"""From figures and templates to the documents. The same figures give the same text, always."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from features.tables import Language
from flows.settings import ROOT
from flows.steps import fairness, judging, run_figures
from flows.steps.documents import pictures, words
from flows.steps.documents.figures import Figures
from flows.steps.documents.formats import Formats
from scoring import cut_off, explain, points, psi, recourse
from scoring.errors import MINIMUM_CLIENTS, MINIMUM_OF_A_CLASS
from scoring.population import SMALLEST_GROUP

RULES = MappingProxyType(
    {
        "judge_folds": judging.FOLDS,
        "judge_seed": judging.SEED,
        "fairness_floor": fairness.FLOOR,
        "smallest_compared": fairness.SMALLEST_GROUP,
        "smallest_group": SMALLEST_GROUP,
        "psi_watch": psi.WATCH,
        "psi_alert": psi.ALERT,
        "grey_share": cut_off.GREY_SHARE,
        "cut_off_draws": cut_off.DRAWS,
        "anchor_points": points.ANCHOR_POINTS,
        "anchor_odds": points.ANCHOR_ODDS,
        "points_to_double": points.POINTS_TO_DOUBLE_ODDS,
        "most_reasons": explain.MOST_REASONS,
        "minimum_clients": MINIMUM_CLIENTS,
        "minimum_of_a_class": MINIMUM_OF_A_CLASS,
        "longest_months": recourse.LONGEST_MONTHS,
        "explained": run_figures.EXPLAINED,
    }
)
"""Numbers of the rules the code applies, so that a document never types one."""

DOCS = ROOT / "docs"
TEMPLATES = DOCS / "templates"


@dataclass(frozen=True, slots=True)
class Document:
    """One document: the file it is written to, and the language of its figures."""

    name: str
    language: Language

    @property
    def template(self) -> str:
        """Name of its template."""
        return f"{self.name}.j2"


DOCUMENTS = (
    Document("note-methodologique.md", "fr"),
    Document("kernels.md", "en"),
    Document("model-card.md", "en"),
    Document("technical-file.md", "en"),
    Document("exploration.html", "fr"),
    Document("presentation.html", "fr"),
)


def rendered(figures: Figures) -> dict[str, str]:
    """Return the text of every document, by its file name."""
    return {document.name: _text(document, figures) for document in DOCUMENTS}


def write(figures: Figures, folder: Path = DOCS) -> list[Path]:
    """Write every document into ``folder``; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in rendered(figures).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def stale(figures: Figures, folder: Path = DOCS) -> Iterator[str]:
    """Yield the documents of ``folder`` that are not what their figures and templates give."""
    for name, text in rendered(figures).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield name


def _text(document: Document, figures: Figures) -> str:
    template = _environment(document.language).get_template(document.template)
    synthetic = figures["example"] is not None
    return template.render(figures, synthetic=synthetic).rstrip("\n") + "\n"


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html", "html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(Formats(language).filters())
    environment.globals.update(_globals(language))
    return environment


def _globals(language: Language) -> Mapping[str, object]:
    return {
        "pictures": pictures,
        "rules": RULES,
        "words": words.WORDS[language],
    }
