"""Whether the documents speak of the scorecard that is registered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scoring import files

PLACES = 6
"""Decimals to which figures must agree."""


def disagreements(scorecard: Path, run: Mapping[str, Any]) -> Iterator[str]:
    """Yield one sentence for each figure on which a scorecard's folder and ``run`` differ.

    ``run`` is ``run.json`` as the documents quote it. Raises ``ModelRejected`` when the
    scorecard's files are not those that were registered.
    """
    for name, held in _known(scorecard).items():
        said = _quoted(run, name)
        if not _same(said, held):
            yield f"{name}: the documents say {said}, the registered scorecard {held}"


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
