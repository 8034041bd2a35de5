"""How the scorecard's recipe holds over time, month by month, on a portfolio with dates.

python -m flows.stability [--data PORTFOLIO] --json OUT

The archive layout has no dates; a synthetic portfolio holds them in ``application_dates`` (another
archive may too). Probabilities are out of fold: no client is judged by what learnt from it. The
subjects of the strongest reason are those the champion tells.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from features.raw.prepare import prepare
from flows import SETTINGS
from flows.learning.dataset import labelled
from flows.learning.learned import learn_scorecard
from flows.learning.recipe import RECIPE
from flows.learning.stability import by_month, dates_of
from flows.learning.training import feature_table
from flows.operations.champion import load_champion
from flows.operations.demo import synthetic_portfolio
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say
from scoring.cost import CostOfError

SEED = 2018


def main() -> int:
    """Read the command line and compare the months; 0 when the figures were written."""
    parser = argparse.ArgumentParser(prog="python -m flows.stability", description=__doc__)
    parser.add_argument("--data", type=Path, help="portfolio with application_dates (zip)")
    parser.add_argument("--json", type=Path, required=True, help="file for the figures")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="for the prepared tables")
    options = parser.parse_args()
    home = options.home.resolve()
    try:
        data = options.data or synthetic_portfolio(home)
        table = feature_table(prepare(data, home, report=say), SEED)
        clients = labelled(table.features, table.names)
        learned = learn_scorecard(clients, RECIPE, CostOfError(), SEED)
        _, champion = load_champion()
        months = by_month(clients, learned, champion, table, dates_of(data))
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(months, indent=1) + "\n", encoding="utf-8")
    for month in months["months"]:
        say(
            f"{month['month']}: {month['clients']:,} clients, AUC {month['auc']:.3f}, said "
            f"{month['said']:.3f}, happened {month['happened']:.3f}, granted {month['granted']:.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
