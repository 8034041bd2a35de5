"""Training, scoring and monitoring on their schedules, on a Prefect server of our own.

    python -m flows.schedule [--data ARCHIVE] [--port 4200]

The server listens on loopback only and asks for a password, new at each start.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from flows import SETTINGS
from flows.operations.demo import synthetic_portfolio
from flows.operations.processes import (
    PortTaken,
    ProcessFailed,
    Running,
    StopRequested,
    port_must_be_free,
    stop_on_signals,
)

HOST = "127.0.0.1"


def schedule(data: Path, port: int) -> None:
    """Start the server and the deployments, and stay until told to stop."""
    port_must_be_free(port, "PORT")
    login = f"admin:{secrets.token_urlsafe(18)}"
    environment = {
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_API_AUTH_STRING": login,
        "PREFECT_SERVER_API_AUTH_STRING": login,
    }
    server = ["-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    deployments = ["-m", "flows.deployments", "--data", str(data.resolve())]
    with Running() as running:
        running.start("Prefect server", [sys.executable, *server], environment)
        running.wait_until_ready("Prefect server", f"http://{HOST}:{port}/api/health")
        running.start("schedules", [sys.executable, *deployments], environment)
        sys.stdout.write(f"\nPrefect on http://{HOST}:{port}  login {login}\n")
        sys.stdout.flush()
        running.watch()


def main() -> int:
    """Read the command line and run the schedules; 0 when stopped on request."""
    parser = argparse.ArgumentParser(prog="python -m flows.schedule", description=__doc__)
    parser.add_argument("--data", type=Path, help="archive of the Kaggle layout (zip or folder)")
    parser.add_argument("--port", type=int, default=4200, help="port of the Prefect server")
    options = parser.parse_args()
    stop_on_signals()
    try:
        schedule(options.data or synthetic_portfolio(SETTINGS.home), options.port)
    except StopRequested:
        sys.stdout.write("\nThe schedules are stopped.\n")
    except (PortTaken, ProcessFailed) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
