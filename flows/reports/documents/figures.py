"""The figures the documents quote: aggregates as JSON under ``docs/figures``, and how they come in.

``run.json``, ``example.json`` and ``exploration.json`` come from a run; ``judge-*`` from
``python -m flows.judge``, ``service.json`` from the benchmarks; ``anchors.json`` holds figures
published by others, each with its source; ``screens.json`` says what the pictures show that
``python -m flows.screens`` took of the app.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from features.errors import MissingFile
from features.raw.prepared import open_prepared
from flows.reports.documents.example import synthetic_example
from flows.reports.documents.exploration import explore
from flows.reports.run_report import RUN, write_json
from flows.settings import ROOT

FIGURES = ROOT / "docs" / "figures"
IMAGES = "images"
REQUIRED = ("run", "anchors", "exploration")
OPTIONAL = (
    *("example", "service", "judge_core", "judge_applications"),
    *("exploration_core", "exploration_applications", "screens", "stability"),
)
OF_THE_RUN = "python -m flows.documents --run RUN"

Figures = dict[str, Any]


def load(folder: Path = FIGURES) -> Figures:
    """Return every figure by the name of its file; ``None`` for an optional one that is absent.

    Screens carry their pictures, which stand in ``images`` beside ``folder``, as base64.
    Raises ``MissingFile`` when one that every document needs is absent, or a screen's picture.
    """
    found: Figures = dict.fromkeys(OPTIONAL)
    for path in sorted(folder.glob("*.json")):
        found[path.stem.replace("-", "_")] = json.loads(path.read_text(encoding="utf-8"))
    for name in REQUIRED:
        if name not in found:
            raise MissingFile(
                f"no {name}.json among the figures",
                file=str(folder),
                remedy=f"Run {OF_THE_RUN} with the folder of a training run.",
            )
    if found["screens"]:
        found["screens"] = {**found["screens"], **_pictures(found["screens"], folder)}
    return found


def _pictures(screens: Figures, folder: Path) -> Figures:
    """Return screens by the stem of their file, each with its ``sentence`` and its ``data``."""
    return {
        Path(screen["file"]).stem.replace("-", "_"): {
            **screen,
            "data": _encoded(folder.parent / IMAGES / screen["file"]),
        }
        for screen in screens["screens"]
    }


def _encoded(picture: Path) -> str:
    try:
        return base64.b64encode(picture.read_bytes()).decode("ascii")
    except FileNotFoundError:
        raise MissingFile(
            f"no {picture.name} among the pictures",
            file=str(picture.parent),
            remedy="Take the screens again: make screens.",
        ) from None


def take_from_run(
    run_folder: Path, store: Path, report: Callable[[str], None], folder: Path = FIGURES
) -> None:
    """Copy the figures of a training run among those of the documents.

    ``store`` is the BentoML home that holds its scorecard. An example of one client is kept only
    when the run learnt from the synthetic portfolio.
    Raises ``MissingFile`` when ``run_folder`` or its prepared tables are not there.
    """
    run = read_run(run_folder)
    home = run_folder.resolve().parent.parent
    prepared = open_prepared(home / "prepared" / run["data_fingerprint"])
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, run)
    report(f"{RUN}: {run['model_tag']}")
    write_json(folder / "exploration.json", explore(prepared, "run", OF_THE_RUN))
    report("exploration.json: the tables of the run")
    example = synthetic_example(home, store, run, prepared)
    (folder / "example.json").unlink(missing_ok=True)
    if example is not None:
        write_json(folder / "example.json", example)
        report("example.json: one client of the synthetic portfolio")


def read_run(run_folder: Path) -> Mapping[str, Any]:
    """Return a run's figures. Raises ``MissingFile`` when the folder holds none."""
    try:
        run: Mapping[str, Any] = json.loads((run_folder / RUN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingFile(
            f"no {RUN} in it",
            file=str(run_folder),
            remedy="Name the folder of a training run: data/runs/<date>-<code>.",
        ) from None
    return run


def newest_run(home: Path) -> Path:
    """Return the folder of the last training run under ``home``. Raises ``MissingFile``."""
    runs = sorted(path.parent for path in (home / "runs").glob(f"*/{RUN}"))
    if not runs:
        raise MissingFile(
            "no training run in it",
            file=str(home / "runs"),
            remedy="Train first: make train, or make demo.",
        )
    return runs[-1]
