"""A booster's trees as flat tables for the kernel: its splits, and its leaves with their paths."""

from __future__ import annotations

from typing import Any, NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Node = dict[str, Any]

NUMBER, NUMBER_OR_ZERO, CATEGORY = 0, 1, 2
"""Kinds of split: on a number, on a number whose zero counts as missing, on a category."""


class Splits(NamedTuple):
    """Every split (s,): a number goes left up to its threshold, a category when its bit is set.

    ``missing_left`` is the side of a missing number; ``kind`` says whether the split is one of
    categories, or takes zero for missing too. ``bits_start`` is (s + 1,): the slice of ``bits`` of
    each split, empty for a number.
    """

    feature: Ints
    threshold: Floats
    kind: Ints
    missing_left: NDArray[np.bool_]
    bits_start: Ints
    bits: NDArray[np.uint32]


class Leaves(NamedTuple):
    """Every leaf (l,) below a split, with its *elements*: the distinct features of its path.

    ``start`` (l + 1,) slices the elements of a leaf; ``feature`` and ``zero`` (e,) are each
    element's feature and share of training rows kept; ``test_start`` (e + 1,) slices the tests
    of an element: a split, and whether the path goes left there. ``point_start`` (deepest + 2,)
    slices the quadrature for a number of elements.
    """

    value: Floats
    start: Ints
    feature: Ints
    zero: Floats
    test_start: Ints
    test_split: Ints
    test_left: NDArray[np.bool_]
    point_start: Ints
    point: Floats
    weight: Floats
    deepest: int


class Trees(NamedTuple):
    """Where a row goes: ``root`` (t,) of each tree, ``left`` and ``right`` (s,) below each split.

    A place is a split's number, or -1 - n for the n-th of the ``ends`` (all leaves, in any tree).
    """

    root: Ints
    left: Ints
    right: Ints
    ends: Floats


class _Step(NamedTuple):
    split: int
    feature: int
    left: bool
    share: float


def tables_of(booster: lightgbm.Booster) -> tuple[float, Trees, Splits, Leaves]:
    """Return the booster's expected raw score and its tables."""
    reader = _Reader()
    for tree in booster.dump_model()["tree_info"]:
        reader.roots.append(reader.read(tree["tree_structure"], (), 1.0))
    return reader.base, reader.trees(), reader.splits(), reader.leaves()


class _Reader:
    """Reads trees depth first and keeps what it met."""

    def __init__(self) -> None:
        self.base = 0.0
        self.roots: list[int] = []
        self._below: list[list[int]] = []
        self._ends: list[float] = []
        self._splits: list[tuple[int, float, int, bool, list[int]]] = []
        self._leaves: list[tuple[float, tuple[_Step, ...]]] = []

    def read(self, node: Node, path: tuple[_Step, ...], share: float) -> int:
        """Read ``node``, reached by ``path`` and by this share of the tree's training rows.

        Returns its place, as ``Trees`` writes it.
        """
        if "split_index" not in node:
            self.base += share * node["leaf_value"]
            self._ends.append(node["leaf_value"])
            if path:
                self._leaves.append((node["leaf_value"], path))
            return -len(self._ends)
        number = len(self._splits)
        feature = int(node["split_feature"])
        self._splits.append(_split(feature, node))
        self._below.append([])
        for side, left in (("left_child", True), ("right_child", False)):
            child = node[side]
            kept = _rows(child) / _rows(node)
            step = _Step(number, feature, left, kept)
            self._below[number].append(self.read(child, (*path, step), share * kept))
        return number

    def trees(self) -> Trees:
        """Return the table of the trees."""
        below = np.array(self._below, dtype=np.int64).reshape(-1, 2)
        return Trees(
            root=np.array(self.roots, dtype=np.int64),
            left=np.ascontiguousarray(below[:, 0]),
            right=np.ascontiguousarray(below[:, 1]),
            ends=np.array(self._ends, dtype=np.float64),
        )

    def splits(self) -> Splits:
        """Return the table of the splits."""
        words = [bits for *_, bits in self._splits]
        return Splits(
            feature=np.array([s[0] for s in self._splits], dtype=np.int64),
            threshold=np.array([s[1] for s in self._splits], dtype=np.float64),
            kind=np.array([s[2] for s in self._splits], dtype=np.int64),
            missing_left=np.array([s[3] for s in self._splits], dtype=np.bool_),
            bits_start=_starts([len(bits) for bits in words]),
            bits=np.array([word for bits in words for word in bits], dtype=np.uint32),
        )

    def leaves(self) -> Leaves:
        """Return the table of the leaves."""
        elements: list[list[list[_Step]]] = []
        for _, path in self._leaves:
            by_feature: dict[int, list[_Step]] = {}
            for step in path:
                by_feature.setdefault(step.feature, []).append(step)
            elements.append(list(by_feature.values()))
        flat = [element for leaf in elements for element in leaf]
        deepest = max((len(leaf) for leaf in elements), default=0)
        quadrature = [_points(m) for m in range(deepest + 1)]
        return Leaves(
            value=np.array([value for value, _ in self._leaves], dtype=np.float64),
            start=_starts([len(leaf) for leaf in elements]),
            feature=np.array([e[0].feature for e in flat], dtype=np.int64),
            zero=np.array([np.prod([s.share for s in e]) for e in flat], dtype=np.float64),
            test_start=_starts([len(e) for e in flat]),
            test_split=np.array([s.split for e in flat for s in e], dtype=np.int64),
            test_left=np.array([s.left for e in flat for s in e], dtype=np.bool_),
            point_start=_starts([len(points) for points, _ in quadrature]),
            point=np.concatenate([points for points, _ in quadrature]),
            weight=np.concatenate([weights for _, weights in quadrature]),
            deepest=deepest,
        )


def _split(feature: int, node: Node) -> tuple[int, float, int, bool, list[int]]:
    if node["decision_type"] == "==":
        codes = [int(code) for code in str(node["threshold"]).split("||")]
        words = [0] * (max(codes) // 32 + 1)
        for code in codes:
            words[code // 32] |= 1 << (code % 32)
        return feature, 0.0, CATEGORY, False, words
    threshold = float(node["threshold"])
    if node["missing_type"] == "None":  # none was met in training: one that comes counts as zero
        return feature, threshold, NUMBER, threshold >= 0.0, []
    kind = NUMBER_OR_ZERO if node["missing_type"] == "Zero" else NUMBER
    return feature, threshold, kind, bool(node["default_left"]), []


def _rows(node: Node) -> int:
    return int(node["internal_count"] if "split_index" in node else node["leaf_count"])


def _starts(lengths: list[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)


def _points(elements: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre points and weights on [0, 1], exact for degree ``elements`` - 1."""
    if not elements:
        return np.empty(0), np.empty(0)
    points, weights = np.polynomial.legendre.leggauss((elements + 1) // 2)
    return (points + 1) / 2, weights / 2
