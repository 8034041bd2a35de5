"""What an explanation says whatever the client: written once for a scorecard and a language.

Labels, units, groups and medians never change while a scorecard serves. Each feature's line of an
answer is kept as two pieces of JSON; only its contribution and its value are written at a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from features.catalogue import CATALOGUE
from features.groups import GROUPS
from scoring.contract import FeatureContribution, GroupContribution

if TYPE_CHECKING:
    from features.tables import Language
    from scoring.scorecard import Scorecard

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Wording:
    """The words of one scorecard in one language; immutable, for the scorecard's whole life.

    Features and groups are known by place: features in the scorecard's order, ``groups`` in that
    of their first feature.
    """

    def __init__(self, scorecard: Scorecard, language: Language) -> None:
        names = scorecard.metadata.features
        features = [CATALOGUE[name] for name in names]
        self.language = language
        self.features = names
        self.labels = tuple(feature.label.in_(language) for feature in features)
        self.units = tuple(feature.unit for feature in features)
        self.references = tuple(map(scorecard.metadata.granted.medians.get, names))
        self.groups = tuple(dict.fromkeys(feature.group for feature in features))
        number = {group: place for place, group in enumerate(self.groups)}
        self.group_of: Places = np.array([number[f.group] for f in features], dtype=np.intp)
        self._categories = {
            names.index(name): words for name, words in scorecard.encoder.categories.items()
        }
        self._rank = np.empty(len(names), dtype=np.intp)
        self._rank[np.argsort(np.array(names))] = np.arange(len(names))
        self._group_rank = np.argsort(np.argsort(np.array(self.groups)))
        self.members = tuple(self._members(place) for place in range(len(self.groups)))
        self._before = np.array([_opened(self._words_before(i)) for i in range(len(names))], object)
        self._after = np.array([_closed(self._words_after(i)) for i in range(len(names))], object)

    def group_label(self, place: int) -> str:
        """Return the label of the group at ``place``."""
        return GROUPS[self.groups[place]].label.in_(self.language)

    def summed(self, contributions: Floats) -> Floats:
        """Return the sum of the contributions (f,) of each group (g,)."""
        sums = np.bincount(self.group_of, weights=contributions, minlength=len(self.groups))
        return sums.astype(np.float64, copy=False)

    def by_strength(self, contributions: Floats) -> Places:
        """Return the places of the features that contribute at all, strongest first."""
        order: Places = np.lexsort((self._rank, -np.abs(contributions)))
        contributing: Places = order[contributions[order] != 0]
        return contributing

    def groups_by_strength(self, sums: Floats) -> list[int]:
        """Return the places of the groups, strongest first."""
        order: list[int] = np.lexsort((self._group_rank, -np.abs(sums))).tolist()
        return order

    def value(self, place: int, values: Floats) -> float | str | None:
        """Return the value of a feature as it is said: a category by its word."""
        value = float(values[place])
        if value != value:
            return None
        words = self._categories.get(place)
        return value if words is None else words[int(value)]

    def feature(self, place: int, contribution: float, values: Floats) -> FeatureContribution:
        """Return one feature's line."""
        return FeatureContribution(
            **self._words_before(place),
            contribution=contribution,
            value=self.value(place, values),
            **self._words_after(place),
        )

    def group(self, place: int, contribution: float) -> GroupContribution:
        """Return one group's line."""
        label = self.group_label(place)
        return GroupContribution(group=self.groups[place], label=label, contribution=contribution)

    def written(self, order: Places, contributions: Floats, values: Floats) -> bytes:
        """Write the lines of the features at ``order`` as one JSON list."""
        if not len(order):
            return b"[]"
        lines: list[bytes] = [b""] * (4 * len(order))
        lines[0::4] = self._before[order].tolist()
        lines[1::4] = _digits(contributions[order])
        lines[2::4] = self._said(order, values)
        lines[3::4] = self._after[order].tolist()
        return b"[" + b"".join(lines)[:-1] + b"]"

    def _said(self, order: Places, values: Floats) -> list[bytes]:
        said = _digits(values)
        for place, words in self._categories.items():
            if said[place] != b"null":
                said[place] = orjson.dumps(words[int(values[place])])
        return [b',"value":' + said[place] for place in order.tolist()]

    def _members(self, group: int) -> Places:
        places = np.flatnonzero(self.group_of == group)
        return places[np.argsort(self._rank[places])]

    def _words_before(self, place: int) -> dict[str, Any]:
        group = self.groups[self.group_of[place]]
        return {"feature": self.features[place], "label": self.labels[place], "group": group}

    def _words_after(self, place: int) -> dict[str, Any]:
        return {"reference": self.references[place], "unit": self.units[place]}


def _opened(words: dict[str, Any]) -> bytes:
    return orjson.dumps(words)[:-1] + b',"contribution":'


def _closed(words: dict[str, Any]) -> bytes:
    return b"," + orjson.dumps(words)[1:] + b","


def _digits(numbers: Floats) -> list[bytes]:
    """Write each number as JSON writes it, ``null`` for NaN: all at once, then cut apart."""
    written = orjson.dumps(np.ascontiguousarray(numbers), option=orjson.OPT_SERIALIZE_NUMPY)
    return written[1:-1].split(b",")
