"""A search for the reference's parameters, logged and resumable, as a recipe to train with.

python -m flows.search --data ARCHIVE --trials 40 [--out recipe.json]

Reads the training split alone: the test split of ``python -m flows.train`` stays untouched. The
trials are kept in the home; run again, the command goes on where it stopped. Use the result with
``python -m flows.train --data ARCHIVE --recipe recipe.json``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from features.catalogue import CATALOGUE
from features.raw.prepare import prepare
from flows import SETTINGS
from flows.learning.recipe import RECIPE, Recipe
from flows.learning.selection import saying
from flows.learning.training import feature_table, split_clients
from flows.learning.trials import open_study, search
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say

SEED = 2018
TRIALS = 40


def searched(data: Path, home: Path, trials: int, seed: int = SEED) -> Recipe:
    """Search on the training split of ``data``; return the recipe, with all the seeds."""
    prepared = prepare(data, home, report=say)
    clients, _ = split_clients(feature_table(prepared, seed), seed)
    chosen = clients.only(saying(clients))
    name = f"{prepared.fingerprint}-{CATALOGUE.version}-{seed}"
    study = open_study(home / "search.sqlite", name, seed)
    return search(study, chosen, RECIPE, trials, seed, say)


def main() -> int:
    """Read the command line and search; 0 when the recipe was written."""
    parser = argparse.ArgumentParser(prog="python -m flows.search", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive (zip or folder)")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="where trials are kept")
    parser.add_argument("--trials", type=int, default=TRIALS, help="trials in all")
    parser.add_argument("--out", type=Path, help="file for the recipe (recipe.json in the home)")
    options = parser.parse_args()
    home = options.home.resolve()
    out = options.out or home / "recipe.json"
    try:
        searched(options.data, home, options.trials).write(out)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say(f"The recipe is in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
