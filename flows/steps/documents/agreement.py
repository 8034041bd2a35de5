"""Whether the documents speak of the scorecard that is registered and of the policy in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from features.policy import policy as inputs
from scoring import files
from scoring.policy import Policy

PLACES = 6
"""Decimals to which figures must agree."""


def disagreements(scorecard: Path, policy: Policy, run: Mapping[str, Any]) -> Iterator[str]:
    """Yield one sentence for each figure of ``run`` that is not the scorecard's or the policy's.

    ``run`` is ``run.json`` as the documents quote it; its items are held to the curves of the
    grid. Raises ``ModelRejected`` when the scorecard's files are not those that were registered.
    """
    for name, held in {**_known(scorecard), **_signed(policy)}.items():
        said = _quoted(run, name)
        if not _same(said, held):
            yield f"{name}: the documents say {said}, what is in force {held}"
    said_curves = {item["item"]: item["curve"] for item in run["items"]}
    for item, curve in _curves(scorecard).items():
        if said_curves.get(item) != curve:
            yield f"items.{item}: the documents draw another curve than the registered grid's"


def _signed(policy: Policy) -> dict[str, Any]:
    return {"policy.identity": policy.identity, "inputs.denied": inputs().all_denied}


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
