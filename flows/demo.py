"""From nothing to an advisor's screen: data, training, service, app. Ctrl-C stops all of it.

python -m flows.demo [--data ARCHIVE] [--port 3000] [--ui-port 7860] [--fresh]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from features.raw.prepare import prepare
from flows import SETTINGS
from flows.operations import demo as steps
from flows.operations.champion import champion_is_of, load_champion
from flows.operations.errors import EXPECTED
from flows.operations.processes import Running, StopRequested, port_must_be_free, stop_on_signals
from flows.operations.terminal import say
from flows.train import train
from scoring.policy import policy


def demo(data: Path | None, port: int, ui_port: int, fresh: bool) -> None:
    """Bring the whole product up in the foreground and keep it up until it is told to stop."""
    port_must_be_free(port, "PORT")
    port_must_be_free(ui_port, "UI_PORT")
    source = data or steps.synthetic_portfolio(SETTINGS.home)
    prepared = prepare(source, SETTINGS.home, report=say)
    if fresh or not champion_is_of(prepared):
        train(source, home=SETTINGS.home)
    store = steps.loaded_store(prepared)
    access = steps.new_access(store)
    cases = steps.suggested_cases(
        store,
        load_champion(SETTINGS.model_tag)[1],
        policy(SETTINGS.policy_file),
        prepared.fingerprint,
    )
    store.close()
    with Running() as running:
        running.start("service", steps.service_command(port))
        running.start("app", steps.app_command(port, ui_port))
        running.wait_until_ready("service", f"http://127.0.0.1:{port}/readyz")
        running.wait_until_ready("app", f"http://127.0.0.1:{ui_port}/fr")
        steps.announce(access, cases, port, ui_port)
        running.watch()


def main() -> int:
    """Read the command line and run the demo; 0 when stopped on request."""
    parser = argparse.ArgumentParser(prog="python -m flows.demo", description=__doc__)
    parser.add_argument("--data", type=Path, help="archive of the Kaggle layout (zip or folder)")
    parser.add_argument("--port", type=int, default=3000, help="port of the service")
    parser.add_argument("--ui-port", type=int, default=7860, help="port of the app")
    parser.add_argument("--fresh", action="store_true", help="train again even if nothing changed")
    options = parser.parse_args()
    stop_on_signals()
    try:
        demo(options.data, options.port, options.ui_port, options.fresh)
    except StopRequested:
        say("\nEverything is stopped.")
    except EXPECTED as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
