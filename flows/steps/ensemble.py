"""Several boosters as one: their weighted sum in log-odds, as a single LightGBM model file.

The weighted sum of sums of trees is the sum of all the trees with their leaves scaled, so the
merged file predicts, and explains by exact SHAP values, like any other booster.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm

_TREE = re.compile(r"^Tree=\d+$", re.MULTILINE)
_SCALED = re.compile(r"^(leaf_value|internal_value)=(.*)$", re.MULTILINE)
_FEATURES = re.compile(r"^split_feature=(.*)$", re.MULTILINE)
_SIZES = re.compile(r"^tree_sizes=.*$", re.MULTILINE)
_END = "end of trees"


@dataclass(frozen=True)
class Member:
    """One booster of the sum, the rounds of it that count, and its weight."""

    booster: lightgbm.Booster
    rounds: int
    weight: float
    place: int | None = None
    """For a booster of one feature, the place of that feature among those of the first member."""


def merge(members: Sequence[Member]) -> lightgbm.Booster:
    """Return the weighted sum of the members' raw scores as one booster.

    The members must share their features and their order, or read one feature at a ``place``;
    the first gives the file its head.
    """
    texts = [member.booster.model_to_string(num_iteration=member.rounds) for member in members]
    trees: list[str] = []
    for member, text in zip(members, texts, strict=True):
        scaled = (_scaled(tree, member.weight) for tree in _trees(text))
        trees += scaled if member.place is None else (_placed(t, member.place) for t in scaled)
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


def _placed(tree: str, place: int) -> str:
    return _FEATURES.sub(
        lambda line: "split_feature=" + " ".join(str(place) for _ in line[1].split()), tree
    )
