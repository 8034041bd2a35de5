"""What runs when: the Prefect deployments of the three recurring flows.

``flows.schedule`` runs this module beside a Prefect server; on a server of your own, set
``PREFECT_API_URL`` and run ``python -m flows.deployments --data ARCHIVE``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from prefect import serve

from flows.monitor import monitor
from flows.score import score
from flows.train import train

MONITOR_DAILY = "0 5 * * *"
SCORE_MONDAY = "0 3 * * 1"
TRAIN_MONTHLY = "0 1 1 * *"


def deploy(data: Path) -> None:
    """Serve the three deployments until stopped; cron times are UTC."""
    archive = {"data": str(data)}
    serve(
        train.to_deployment("training", cron=TRAIN_MONTHLY, parameters=archive),
        score.to_deployment("portfolio", cron=SCORE_MONDAY, parameters=archive),
        monitor.to_deployment("monitoring", cron=MONITOR_DAILY),
        limit=1,  # one at a time: a retraining never competes with a scoring for the machine
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m flows.deployments", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive the flows read")
    deploy(parser.parse_args().data)
