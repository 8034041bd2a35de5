"""Whether the documents say their figures, and speak of the scorecard and policies in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.errors import MissingFile
from features.policy import Policy as Inputs
from flows.reports import paper
from flows.reports.documents import figures, measured, render
from scoring import files
from scoring.policy import Policy
from scoring.scorecard import Scorecard

PLACES = 6
"""Decimals to which figures must agree."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What the documents must speak of."""

    tag: str
    """That of the registered scorecard."""
    scorecard: Path
    """The folder of its files."""
    policy: Policy
    inputs: Inputs
    """What the scorecard must not know."""


def faults(held: InForce, docs: Path, home: Path) -> Iterator[str]:
    """Yield one sentence for all that is not so in the documents under ``docs``.

    Every document is what its figures give; the run's figures are those of the run, when ``home``
    still holds its folder, of the registered scorecard and of the policies in force.
    Raises ``ModelRejected`` when the scorecard's files are not those that were registered.
    """
    found = figures.load(docs / figures.FIGURES.name)
    for name in (*render.stale(found, docs), *measured.stale(docs), *_stale_grid(held, docs)):
        yield f"{name} is not what make docs gives"
    if found["screens"] and found["screens"]["model_tag"] != held.tag:
        yield f"the screens show {found['screens']['model_tag']}: run make screens"
    yield from _changed_since(found["run"], home)
    yield from disagreements(held, found["run"])


def _stale_grid(held: InForce, docs: Path) -> Iterator[str]:
    page = docs / paper.PAGE
    text = paper.page(Scorecard.load(held.scorecard), held.tag)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        yield page.name


def _changed_since(run: Mapping[str, Any], home: Path) -> Iterator[str]:
    """Yield what ``run.json`` says otherwise than the folder of its run, if that is kept."""
    try:
        left = figures.read_run(home / "runs" / run["run"])
    except MissingFile:
        return
    for name in sorted({*run, *left}):
        if run.get(name) != left.get(name):
            yield f"{name}: the documents do not say what the run {run['run']} left"


def disagreements(held: InForce, run: Mapping[str, Any]) -> Iterator[str]:
    """Yield one sentence for each figure of ``run`` that is not what is in force.

    ``run`` is ``run.json`` as the documents quote it; its items are held to the curves of the
    grid.
    """
    known = {"model_tag": held.tag, **_known(held.scorecard), **_signed(held.policy, held.inputs)}
    for name, value in known.items():
        said = _quoted(run, name)
        if not _same(said, value):
            yield f"{name}: the documents say {said}, what is in force {value}"
    said_curves = {item["item"]: item["curve"] for item in run["items"]}
    for item, curve in _curves(held.scorecard).items():
        if said_curves.get(item) != curve:
            yield f"items.{item}: the documents draw another curve than the registered grid's"


def _signed(policy: Policy, inputs: Inputs) -> dict[str, Any]:
    said = {f"inputs.{name}": held for name, held in inputs.as_json().items()}
    return {"policy.identity": policy.identity, **said}


def _curves(folder: Path) -> dict[str, Any]:
    contents, _ = files.read(folder)
    grid = json.loads(contents[files.GRID])
    return {curve.pop("item"): curve for curve in grid["curves"]}


def _known(folder: Path) -> dict[str, Any]:
    contents, hashes = files.read(folder)
    card = json.loads(contents[files.SCORECARD])
    return {
        "scorecard_hash": files.scorecard_hash(hashes),
        "feature_version": card["feature_version"],
        "data_fingerprint": card["data_fingerprint"],
        "item_count": len(card["items"]),
        "clients": card["clients"],
        "cut_off": card["cut_off"]["value"],
        "grey_zone": card["cut_off"]["grey_zone"],
        **{f"metrics.{name}": value for name, value in card["metrics"].items()},
    }


def _quoted(run: Mapping[str, Any], name: str) -> Any:
    value: Any = run
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _same(said: Any, held: Any) -> bool:
    if isinstance(held, list):
        pairs = zip(said or [], held, strict=False)
        return len(said or []) == len(held) and all(_same(a, b) for a, b in pairs)
    if isinstance(held, float) and isinstance(said, float | int):
        return round(float(said), PLACES) == round(held, PLACES)
    return bool(said == held)
