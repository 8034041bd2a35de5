"""From figures and templates to the documents. The same figures give the same bytes, always."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from features.raw.tables import APPLICATIONS, Language
from flows.learning import coverage, curves, judging
from flows.reports import run_figures
from flows.reports.documents import derived, explored, pictures, words
from flows.reports.documents.figures import IMAGES, Figures
from flows.reports.documents.formats import Formats
from flows.reports.documents.pdf import pdf
from flows.reports.documents.pictures import Picture
from flows.settings import ROOT
from scoring import cut_off, points, psi, reasons, recourse
from scoring.errors import MINIMUM_CLIENTS, MINIMUM_OF_A_CLASS
from scoring.population import SMALLEST_GROUP

RULES = MappingProxyType(
    {
        "judge_folds": judging.FOLDS,
        "judge_seed": judging.SEED,
        "fragment_below": coverage.FRAGMENT_BELOW,
        "steps": curves.TOLD.steps,
        "fewest": curves.FEWEST,
        "smallest_group": SMALLEST_GROUP,
        "psi_watch": psi.WATCH,
        "psi_alert": psi.ALERT,
        "grey_share": cut_off.GREY_SHARE,
        "cut_off_draws": cut_off.DRAWS,
        "anchor_points": points.ANCHOR_POINTS,
        "anchor_odds": points.ANCHOR_ODDS,
        "points_to_double": points.POINTS_TO_DOUBLE_ODDS,
        "most_reasons": reasons.MOST_REASONS,
        "least_contribution": reasons.LEAST_CONTRIBUTION,
        "minimum_clients": MINIMUM_CLIENTS,
        "minimum_of_a_class": MINIMUM_OF_A_CLASS,
        "days_held": recourse.DAYS_HELD,
        "months_ahead": recourse.MONTHS_AHEAD,
        "explained": run_figures.EXPLAINED,
    }
)
"""Numbers of the rules the code applies, so that a document never types one."""

DOCS = ROOT / "docs"
TEMPLATES = DOCS / "templates"
NOTE = "note-methodologique.md"
NOTE_PDF = "note-methodologique.pdf"
NOTE_TEMPLATE = "note.typ"


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
    Document(NOTE, "fr"),
    Document("kernels.md", "en"),
    Document("kernels.fr.md", "fr"),
    Document("model-card.md", "en"),
    Document("model-card.fr.md", "fr"),
    Document("technical-file.md", "en"),
    Document("technical-file.fr.md", "fr"),
    Document("exploration.html", "fr"),
    Document("presentation.html", "fr"),
)


class Album:
    """The pictures a Markdown document refers to, gathered while it is rendered."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def image(self, drawn: Picture) -> str:
        """Keep the picture; return the Markdown that shows it with its sentence."""
        address = f"{IMAGES}/{drawn.name}.svg"
        self.files[address] = drawn.file
        return f"![{drawn.title}. {drawn.caption}]({address})"

    def shown(self, drawn: Picture) -> str:
        """Keep the picture; return its image, and its sentence as a paragraph under it."""
        return f"{self.image(drawn)}\n\n*{drawn.caption}*"


def rendered(figures: Figures) -> dict[str, bytes]:
    """Return the content of every document and picture, by its address inside ``docs``."""
    found: dict[str, bytes] = {}
    for document in DOCUMENTS:
        album = Album()
        text = _text(document, figures, album)
        found[document.name] = text.encode()
        found.update({address: svg.encode() for address, svg in album.files.items()})
        if document.name == NOTE:
            found[NOTE_PDF] = pdf(text, album.files, document.language, TEMPLATES / NOTE_TEMPLATE)
    return found


def write(figures: Figures, folder: Path = DOCS) -> list[Path]:
    """Write every document into ``folder``; return what was written."""
    written = []
    for name, content in rendered(figures).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def stale(figures: Figures, folder: Path = DOCS) -> Iterator[str]:
    """Yield the documents of ``folder`` that are not what their figures and templates give."""
    for name, content in rendered(figures).items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            yield name


def _text(document: Document, figures: Figures, album: Album) -> str:
    template = _environment(document.language).get_template(document.template)
    text: str = template.render(
        figures,
        **derived.derived(figures, document.language),
        picture=album.shown,
        image=album.image,
    )
    return text.rstrip("\n") + "\n"


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
        "columns": {c.name: c.label.in_(language) for c in APPLICATIONS.columns},
        "explored": explored,
        "pictures": pictures,
        "rules": RULES,
        "words": words.WORDS[language],
    }
