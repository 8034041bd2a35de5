"""The documents, from the figures of a run: note, kernels, model card, technical file, pages.

python -m flows.documents                       render them from docs/figures
python -m flows.documents --run data/runs/...   take the figures of that run first ("last": newest)
python -m flows.documents --explore core=ARCHIVE   explore one more archive, as aggregates
python -m flows.documents --check               compare them with the registered scorecard
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from features.policy import policy as inputs
from features.raw.prepare import prepare
from flows import SETTINGS
from flows.operations.champion import registered
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say
from flows.reports.documents import figures, measured, render
from flows.reports.documents.agreement import InForce, faults
from flows.reports.documents.exploration import explore
from flows.reports.run_report import write_json
from flows.train import model_store
from scoring.policy import policy

LAST = "last"


def check(held: InForce, docs: Path, home: Path) -> int:
    """Compare the documents with their figures, and these with what is in force."""
    wrong = list(faults(held, docs, home))
    for sentence in wrong:
        sys.stderr.write(f"{sentence}\n")
    if wrong:
        sys.stderr.write(f"Run make docs FROM={LAST}, then look at them again.\n")
        return 1
    say(f"The documents agree with {held.tag}.")
    return 0


def take_explored(name: str, archive: Path, home: Path) -> None:
    """Explore an archive beside that of the run, and keep the aggregates."""
    command = f"python -m flows.documents --explore {name}={archive.name}"
    aggregates = explore(prepare(archive, home, report=say), name, command)
    write_json(figures.FIGURES / f"exploration-{name}.json", aggregates)


def main() -> int:
    """Read the command line and render, or check; 0 when all is right."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.documents",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--run", help=f"folder of a training run, or {LAST}")
    parser.add_argument("--explore", nargs="*", default=(), metavar="NAME=ARCHIVE")
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="where runs are")
    options = parser.parse_args()
    try:
        if options.check:
            held = InForce(*registered(), policy(SETTINGS.policy_file), inputs())
            return check(held, render.DOCS, options.home.resolve())
        if options.run:
            newest = options.run == LAST
            run = figures.newest_run(options.home) if newest else Path(options.run)
            figures.take_from_run(run, model_store(options.home.resolve()), say)
        for name, _, archive in (asked.partition("=") for asked in options.explore):
            take_explored(name, Path(archive), options.home.resolve())
        for path in render.write(figures.load()):
            say(str(path))
        measured.write()
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
