"""The screens of the app that the documents show: python -m flows.screens (make screens).

A service and an app of their own are started on the synthetic portfolio, with a store that is
thrown away afterwards; the case shown is the one the documents explain. Nobody real is in it.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from features.raw.prepare import prepare
from flows import SETTINGS
from flows.operations import demo as steps
from flows.operations.champion import champion_is_of, registered
from flows.operations.errors import EXPECTED
from flows.operations.processes import Running, StopRequested, stop_on_signals
from flows.operations.terminal import say
from flows.reports.documents import figures, render
from flows.reports.documents.screens import SCREENS, take
from flows.reports.documents.words import WORDS
from flows.reports.run_report import write_json
from scoring.errors import ModelRejected


def screens(home: Path, docs: Path) -> None:
    """Write the pictures under ``docs/images`` and what they show into ``docs/figures``.

    Raises ``ModelRejected`` when the documents do not speak of the registered scorecard, or show
    no synthetic case.
    """
    found = figures.load(docs / figures.FIGURES.name)
    tag, example = registered()[0], found["example"]
    prepared = prepare(steps.synthetic_portfolio(home), home, report=say)
    if example is None or tag != found["run"]["model_tag"] or not champion_is_of(prepared):
        msg = (
            "The documents show no synthetic case of the registered scorecard. Train on the "
            "synthetic portfolio (make demo), then make docs FROM=last."
        )
        raise ModelRejected(msg)
    with TemporaryDirectory() as scratch, Running() as running:
        os.environ.update(_kept_under(Path(scratch)))
        store = steps.loaded_store(prepared)
        access = steps.new_access(store)
        store.close()
        port, ui_port = _free_port(), _free_port()
        running.start("service", steps.service_command(port))
        running.start("app", steps.app_command(port, ui_port))
        running.wait_until_ready("service", f"http://127.0.0.1:{port}/readyz")
        running.wait_until_ready("app", f"http://127.0.0.1:{ui_port}/fr")
        app = f"http://127.0.0.1:{ui_port}"
        take(app, access.name, access.password, example["client_id"], docs / figures.IMAGES)
    verdict = WORDS["fr"][example["verdict"]]
    shown = [{"file": s.file, "sentence": s.sentence.format(verdict=verdict)} for s in SCREENS]
    write_json(docs / figures.FIGURES.name / "screens.json", {"model_tag": tag, "screens": shown})


def _kept_under(scratch: Path) -> dict[str, str]:
    """Return what sends every record of this process, and of those it starts, into a folder."""
    return {
        "SCORING_DATABASE_URL": f"sqlite:///{scratch / 'scoring.db'}",
        "SCORING_ANCHOR": str(scratch / "records.anchor"),
        "SCORING_LINK_SECRET": str(scratch / "links.secret"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Read the command line and take the screens; 0 when they were taken."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.screens",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    stop_on_signals()
    try:
        screens(SETTINGS.home, render.DOCS)
    except StopRequested:
        return 1
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for screen in SCREENS:
        say(str(render.DOCS / figures.IMAGES / screen.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
