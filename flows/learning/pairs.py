"""Which pairs of features the reference's trees combine: where a readable grid could gain."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import lightgbm

from features.catalogue import CATALOGUE

SHOWN = 10
_Below = tuple[dict[str, Any], frozenset[str]]
"""A node of a tree, and the features that split above it."""


def strongest_pairs(booster: lightgbm.Booster) -> list[dict[str, Any]]:
    """Return the pairs of different features that split one below the other, the strongest first.

    ``share`` is the part of all the trees' gain that was won by one of the two below the other:
    an upper bound of what their interaction brings, since a split also gains by itself.
    """
    won: defaultdict[tuple[str, str], float] = defaultdict(float)
    total = 0.0
    names = booster.feature_name()
    for tree in booster.dump_model()["tree_info"]:
        waiting: list[_Below] = [(tree["tree_structure"], frozenset())]
        while waiting:
            node, above = waiting.pop()
            if "split_feature" not in node:
                continue
            name, gain = names[node["split_feature"]], float(node["split_gain"])
            total += gain
            for other in above - {name}:
                first, second = sorted((name, other))
                won[first, second] += gain / max(len(above - {name}), 1)
            below = above | {name}
            waiting += [(node["left_child"], below), (node["right_child"], below)]
    return [
        {
            "items": list(pair),
            "labels": [CATALOGUE[name].label._asdict() for name in pair],
            "share": gain / (total or 1.0),
        }
        for pair, gain in sorted(won.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
    ]
