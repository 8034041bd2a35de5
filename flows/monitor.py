"""Compare what the service was asked with what its scorecard learnt from.

python -m flows.monitor [--days 30]
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import SETTINGS
from flows.monitoring import drift, evidently_report
from flows.monitoring import report as monitoring_report
from flows.monitoring.drift import Drift
from flows.monitoring.received import Received, received
from flows.monitoring.report import Monitoring
from flows.operations.champion import load_champion
from flows.operations.errors import EXPECTED
from flows.operations.measure import Meter, table
from flows.operations.processes import StopRequested, stop_on_signals
from flows.operations.terminal import say
from scoring.psi import Level, Stability
from scoring.scorecard import Scorecard
from storage import times
from storage.settings import StorageSettings
from storage.store import Store

NOTHING = (
    "Nothing to compare: the service gave no assessment with {tag}{period}. "
    "Ask it for some (POST /score, or the app), then run make monitor again."
)


@task(cache_policy=NO_CACHE)
def read_received(scorecard: Scorecard, model_tag: str, since: str | None) -> Received:
    """What the service was asked."""
    store = Store.open(StorageSettings.from_environment(os.environ))
    try:
        return received(store, scorecard, model_tag, since)
    finally:
        store.close()


@task(cache_policy=NO_CACHE)
def compare(
    reference: pl.DataFrame, current: pl.DataFrame, names: Sequence[str]
) -> tuple[Stability, list[Drift]]:
    """Stability of the score and of every item."""
    return (
        drift.score_drift(reference, current),
        drift.item_drifts(reference, current, names),
    )


@task(cache_policy=NO_CACHE)
def write_evidently(
    folder: Path, reference: pl.DataFrame, current: pl.DataFrame, names: Sequence[str]
) -> str:
    """Evidently's page on the items that matter most."""
    return evidently_report.write(folder, reference, current, names).name


@flow(name="monitoring", validate_parameters=False)
def monitor(days: int | None = None, home: Path | None = None) -> Monitoring | None:
    """Compare the assessments of the last ``days`` (all by default); ``None`` without any."""
    home = home or SETTINGS.home
    meter = Meter(say)
    model_tag, scorecard = load_champion(SETTINGS.model_tag)
    with meter.step("read what was received"):
        asked = read_received(scorecard, model_tag, _since(days))
    if not asked.assessments:
        say(NOTHING.format(tag=model_tag, period=f" in the last {days} days" if days else ""))
        return None
    reference = drift.population_of(home / "runs", model_tag)
    names = drift.by_importance(scorecard, reference)
    with meter.step("compare every item"):
        score, items = compare(reference, asked.features, names)
    folder = new_folder(home)
    monitoring = Monitoring(
        run_id=folder.parent.name,
        model_tag=model_tag,
        assessments=asked.assessments,
        subjects=asked.features.height,
        first_at=asked.first_at,
        last_at=asked.last_at,
        score=score,
        items=tuple(items),
    )
    page = monitoring_report.write(monitoring, folder)  # whatever becomes of Evidently
    with meter.step("Evidently"):
        link = write_evidently(folder, reference, asked.features, names)
        monitoring_report.write(monitoring, folder, link)
    say(f"Report: {page}")
    say(table(meter.measures))
    return monitoring


def new_folder(home: Path) -> Path:
    """Make and return the folder of a new monitoring run."""
    run_id = f"monitor-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    folder = home / "runs" / run_id / "monitoring"
    folder.mkdir(parents=True)
    folder.parent.chmod(0o700)  # Evidently's page draws the samples it compared
    return folder


def _since(days: int | None) -> str | None:
    return None if days is None else times.text(times.now() - timedelta(days=days))


def summary(monitoring: Monitoring) -> str:
    """Return one line for the terminal and the scheduler's log."""
    alerts, watched = monitoring.at(Level.ALERT), monitoring.at(Level.WATCH)
    return (
        f"{monitoring.level}: {monitoring.subjects:,} inputs, PSI of the score "
        f"{monitoring.score.psi:.3f} ({monitoring.score.level}), {len(alerts)} items in alert, "
        f"{len(watched)} to watch"
    )


def main() -> int:
    """Read the command line and compare; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m flows.monitor", description=__doc__)
    parser.add_argument("--days", type=int, help="how far back to look; everything by default")
    options = parser.parse_args()
    stop_on_signals()
    try:
        monitoring = monitor(options.days)
    except StopRequested:
        return 130
    except EXPECTED as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    if monitoring is not None:
        say(summary(monitoring))
    return 0


if __name__ == "__main__":
    sys.exit(main())
