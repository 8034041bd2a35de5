"""Several boosters as one: their weighted mean in log-odds, as a single LightGBM model file.

The mean of sums of trees is the sum of all the trees with their leaves scaled, so the merged file
predicts, and explains by exact SHAP values, like any other booster.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm

_TREE = re.compile(r"^Tree=\d+$", re.MULTILINE)
_SCALED = re.compile(r"^(leaf_value|internal_value)=(.*)$", re.MULTILINE)
_SIZES = re.compile(r"^tree_sizes=.*$", re.MULTILINE)
_END = "end of trees"


@dataclass(frozen=True)
class Member:
    """One booster of the mean, the rounds of it that count, and its weight."""

    booster: lightgbm.Booster
    rounds: int
    weight: float


def merge(members: Sequence[Member]) -> lightgbm.Booster:
    """Return the weighted mean of the members' raw scores as one booster.

    Weights are normalised to one. The members must share their features and their order.
    """
    total = sum(member.weight for member in members)
    texts = [member.booster.model_to_string(num_iteration=member.rounds) for member in members]
    trees: list[str] = []
    for member, text in zip(members, texts, strict=True):
        trees += (_scaled(tree, member.weight / total) for tree in _trees(text))
    numbered = [_TREE.sub(f"Tree={number}", tree, count=1) for number, tree in enumerate(trees)]
    first = texts[0]
    head = first[: first.index("Tree=0")]
    tail = first[first.index(_END) :]
    sizes = "tree_sizes=" + " ".join(str(len(tree.encode())) for tree in numbered)
    return lightgbm.Booster(model_str=_SIZES.sub(sizes, head) + "".join(numbered) + tail)


def _trees(text: str) -> list[str]:
    body = text[text.index("Tree=0") : text.index(_END)]
    starts = [found.start() for found in _TREE.finditer(body)]
    return [body[a:b] for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]


def _scaled(tree: str, factor: float) -> str:
    def scale(line: re.Match[str]) -> str:
        values = " ".join(repr(float(value) * factor) for value in line[2].split())
        return f"{line[1]}={values}"

    return _SCALED.sub(scale, tree)
