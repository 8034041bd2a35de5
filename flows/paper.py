"""The grid of a run on paper: ``python -m flows.paper --run FOLDER --out docs/scorecard.html``.

One page that prints on A4: every item with its curve and its points, and how to add them up.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from features.raw.tables import Language
from flows import SETTINGS
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say
from flows.reports import paper
from flows.reports.documents.figures import newest_run, read_run
from flows.train import model_store
from scoring.scorecard import Scorecard

LAST = "last"


def printed(run_folder: Path, home: Path, language: Language) -> str:
    """Return the page of the grid that a run registered. Raises one of ``EXPECTED``."""
    tag = str(read_run(run_folder)["model_tag"])
    folder = model_store(home) / "models" / tag.replace(":", "/")
    return paper.page(Scorecard.load(folder), tag, language)


def main() -> int:
    """Read the command line and write the page; 0 when it was written."""
    parser = argparse.ArgumentParser(prog="python -m flows.paper", description=__doc__)
    parser.add_argument("--run", default=LAST, help=f"folder of a training run, or {LAST}")
    parser.add_argument("--out", type=Path, required=True, help="the page to write")
    parser.add_argument("--language", choices=("fr", "en"), default="fr", help="said first")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="where runs are")
    options = parser.parse_args()
    home = options.home.resolve()
    try:
        run = newest_run(home) if options.run == LAST else Path(options.run)
        text = printed(run, home, options.language)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    say(str(options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
