"""How good the scorecard's recipe is on an archive, by a nested protocol, as JSON.

python -m flows.judge --data ARCHIVE --json OUT [--without instalments] [--only grid reference]

Five stratified folds (shuffled, random_state 1001). Items, curves, rounds, calibration and cut-off
are chosen inside the four learning folds; nothing looks at the judged one. The cost is
(10 x missed default + refused good client) / n at the cut-off chosen inside. Judged are the grid,
the reference beside it, grids of 20, 40, 60 and 80 items, a logistic regression on weights of
evidence, and what each input that is not used would bring. Written into ``docs/figures`` as
``judge-core.json`` or ``judge-applications.json``, they are put into ``docs/measurements.md`` too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from features.errors import DataError
from features.raw.prepare import prepare
from flows import SETTINGS
from flows.learning.contested import contested
from flows.learning.dataset import labelled, warnings_about
from flows.learning.judging import MODELS, SEED, Judging, judge
from flows.learning.recipe import RECIPE, Recipe
from flows.learning.training import feature_table
from flows.operations.terminal import say
from flows.reports.documents import measured
from scoring.cost import CostOfError
from scoring.errors import ScoringError


def judged(
    data: Path,
    home: Path,
    without: Collection[str] = (),
    recipe: Recipe = RECIPE,
    only: Sequence[str] = tuple(MODELS),
) -> dict[str, Any]:
    """Judge the models named ``only`` on the labelled clients of ``data``; return the figures."""
    prepared = prepare(data, home, report=say)
    table = feature_table(prepared, SEED, without)
    clients = labelled(table.features, table.names)
    warnings = (*table.warnings, *warnings_about(clients))
    for warning in warnings:
        say(f"warning: {warning}")
    unused = contested(prepared, clients.client_ids)
    judging = Judging(clients, recipe, CostOfError(), unused)
    figures = judge(judging, {name: MODELS[name] for name in only}, say)
    return {**figures, "tables": list(table.tables), "warnings": list(warnings)}


def main() -> int:
    """Read the command line and judge; 0 when the figures were written."""
    parser = argparse.ArgumentParser(prog="python -m flows.judge", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive (zip or folder)")
    parser.add_argument("--json", type=Path, required=True, help="file for the figures")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="for the prepared tables")
    parser.add_argument("--without", nargs="*", default=(), help="history tables to leave out")
    parser.add_argument("--only", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--recipe", type=Path, help="what flows.search wrote")
    options = parser.parse_args()
    try:
        recipe = Recipe.read(options.recipe) if options.recipe else RECIPE
        home = options.home.resolve()
        figures = judged(options.data, home, tuple(options.without), recipe, options.only)
    except (DataError, ScoringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name in options.only:
        one = figures[name]
        say(
            f"{name}: AUC {one['auc']:.4f}  expected cost {one['expected_cost']:.4f}  "
            f"calibration error {one['calibration_error']:.4f}"
        )
    say(str(options.json))
    if options.json.resolve().parent == measured.FIGURES:
        measured.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
