"""What each choice costs: variants of the scorecard judged side by side, as JSON.

python -m flows.compare --data ARCHIVE --json OUT [--variants full compact logistic ...]

Each variant is judged by the protocol of ``flows.judge``. Figures already in OUT are kept, so a
stopped comparison resumes where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from features.prepare import prepare
from flows import SETTINGS
from flows.errors import EXPECTED
from flows.judge import say
from flows.steps.dataset import labelled
from flows.steps.judging import judge
from flows.steps.recipe import RECIPE
from flows.steps.training import feature_table
from flows.steps.variants import VARIANTS
from scoring.cost import CostOfError


def compare(data: Path, home: Path, variants: list[str], out: Path) -> None:
    """Judge ``variants`` on ``data``, writing ``out`` after each."""
    table = feature_table(prepare(data, home, report=say))
    clients = labelled(table.features, table.names)
    found = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    for name in variants:
        if name in found:
            say(f"{name}: already judged")
            continue
        figures = judge(clients, RECIPE, CostOfError(), report=say, learn=VARIANTS[name])
        found[name] = figures
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        say(f"{name}: AUC {figures['auc']:.4f}, expected cost {figures['expected_cost']:.4f}")


def main() -> int:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(prog="python -m flows.compare", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive (zip or folder)")
    parser.add_argument("--json", type=Path, required=True, help="file for the figures")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="for the prepared tables")
    parser.add_argument("--variants", nargs="*", choices=list(VARIANTS), default=list(VARIANTS))
    options = parser.parse_args()
    options.json.parent.mkdir(parents=True, exist_ok=True)
    try:
        compare(options.data, options.home.resolve(), options.variants, options.json)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
