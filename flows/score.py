"""Score every client of a portfolio, to parquet and to the database.

python -m flows.score [--data ARCHIVE]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from features.build import build
from features.raw.prepare import Prepared, prepare
from flows import SETTINGS
from flows.monitoring.corrected import on_what_is_held
from flows.operations import portfolio_scores as steps
from flows.operations.champion import load_champion
from flows.operations.demo import synthetic_portfolio
from flows.operations.errors import EXPECTED
from flows.operations.measure import Meter, table
from flows.operations.processes import StopRequested, stop_on_signals
from flows.operations.terminal import say
from scoring.batch import assess_frame, read_in_batch
from scoring.policy import Policy, policy
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Scored:
    """One finished run: its number, the parquet it wrote, and the clients by verdict."""

    run_id: str
    parquet: Path
    clients: dict[str, int]


@task(cache_policy=NO_CACHE)
def prepared_tables(data: Path, home: Path) -> Prepared:
    """Raw archive to typed tables, once per content."""
    return prepare(data, home, report=say)


@task(cache_policy=NO_CACHE)
def feature_rows(prepared: Prepared, names: Sequence[str]) -> pl.DataFrame:
    """One row per client: the items that the scorecard reads, and what says that a file is thin."""
    return build(prepared, names=names, report=say)


@task(cache_policy=NO_CACHE)
def verdicts(
    scorecard: Scorecard, policy: Policy, features: pl.DataFrame, prepared: Prepared
) -> pl.DataFrame:
    """What is proposed for each client, on corrected applications where there are."""
    forms = prepared.scan("applications").collect()
    scores = assess_frame(scorecard, policy, features, forms)
    return on_what_is_held(scores, scorecard, policy, prepared.fingerprint)


@task(cache_policy=NO_CACHE)
def kept(scores: pl.DataFrame, run_id: str, model_tag: str) -> dict[str, int]:
    """The scores in the database; returns the clients by verdict as read back from it."""
    return steps.keep_in_database(scores, run_id, model_tag)


@flow(name="score-portfolio", validate_parameters=False)
def score(data: str | Path | None = None, home: Path | None = None) -> Scored:
    """Score every client of the archive ``data`` with the serving scorecard."""
    home = home or SETTINGS.home
    meter = Meter(say)
    run_id = steps.new_run_id()
    model_tag, scorecard = load_champion(SETTINGS.model_tag)
    with meter.step("prepare"):
        prepared = prepared_tables(Path(data) if data else synthetic_portfolio(home), home)
    with meter.step("features"):
        features = feature_rows(prepared, read_in_batch(scorecard))
    with meter.step("score"):
        scores = verdicts(scorecard, policy(SETTINGS.policy_file), features, prepared)
    with meter.step("write"):
        parquet = steps.write_parquet(scores, home / "runs" / run_id, model_tag)
        clients = kept(scores, run_id, model_tag)
    say(table(meter.measures))
    return Scored(run_id, parquet, clients)


def main() -> int:
    """Read the command line and score; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m flows.score", description=__doc__)
    parser.add_argument("--data", type=Path, help="archive of the Kaggle layout (zip or folder)")
    options = parser.parse_args()
    stop_on_signals()
    try:
        scored = score(options.data)
    except StopRequested:
        return 130
    except EXPECTED as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    shares = ", ".join(f"{verdict} {count:,}" for verdict, count in sorted(scored.clients.items()))
    say(f"\n{sum(scored.clients.values()):,} clients scored: {shares}\n{scored.parquet}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
