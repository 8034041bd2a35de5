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
from scoring.contract import FeatureContribution

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
        self.group_labels = tuple(GROUPS[name].label.in_(language) for name in self.groups)
        number = {group: place for place, group in enumerate(self.groups)}
        self.group_of: Places = np.array([number[f.group] for f in features], dtype=np.intp)
        self._words = {
            names.index(name): words for name, words in scorecard.encoder.categories.items()
        }
        self._categories = {
            place: tuple(map(orjson.dumps, words)) for place, words in self._words.items()
        }
        self._by_name: Places = np.argsort(np.array(names))
        self._groups_by_name: Places = np.argsort(np.array(self.groups))
        self.members = tuple(self._members(place) for place in range(len(self.groups)))
        self._before = np.array([_opened(self._words_before(i)) for i in range(len(names))], object)
        self._after = np.array([_closed(self._words_after(i)) for i in range(len(names))], object)

    def summed(self, contributions: Floats) -> Floats:
        """Return the sum of the contributions (f,) of each group (g,)."""
        sums = np.bincount(self.group_of, weights=contributions, minlength=len(self.groups))
        return sums.astype(np.float64, copy=False)

    def by_strength(self, contributions: Floats) -> Places:
        """Return the places of the features that contribute at all, strongest first."""
        order: Places = _strongest(contributions, self._by_name)
        contributing: Places = order[contributions[order] != 0]
        return contributing

    def groups_by_strength(self, sums: Floats) -> list[int]:
        """Return the places of the groups, strongest first."""
        order: list[int] = _strongest(sums, self._groups_by_name).tolist()
        return order

    def value(self, place: int, values: Floats) -> float | str | None:
        """Return the value of a feature as it is said: a category by its word."""
        value = float(values[place])
        if value != value:
            return None
        words = self._words.get(place)
        return value if words is None else words[int(value)]

    def feature(self, place: int, contribution: float, values: Floats) -> FeatureContribution:
        """Return one feature's line."""
        return FeatureContribution(
            **self._words_before(place),
            contribution=contribution,
            value=self.value(place, values),
            **self._words_after(place),
        )

    def group_lines(self, sums: Floats) -> list[dict[str, Any]]:
        """Return each group's line as plain values, strongest first."""
        contributions: list[float] = sums.tolist()
        return [
            {
                "group": self.groups[place],
                "label": self.group_labels[place],
                "contribution": contributions[place],
            }
            for place in self.groups_by_strength(sums)
        ]

    def lines(self, order: Places, contributions: Floats, values: Floats) -> list[bytes]:
        """Return the lines of the features at ``order`` as one JSON list, in pieces to join."""
        if not len(order):
            return [b"[]"]
        lines: list[bytes] = [b',"value":'] * (5 * len(order))
        lines[0::5] = self._before[order].tolist()
        lines[1::5] = _digits(contributions[order])
        lines[3::5] = self._said(values)[order].tolist()
        lines[4::5] = self._after[order].tolist()
        lines[0] = b"[" + lines[0]
        lines[-1] = lines[-1].removesuffix(b",") + b"]"
        return lines

    def _said(self, values: Floats) -> NDArray[np.object_]:
        said = np.array(_digits(values), dtype=object)
        for place, words in self._categories.items():
            if said[place] != b"null":
                said[place] = words[int(values[place])]
        return said

    def _members(self, group: int) -> Places:
        members: Places = self._by_name[self.group_of[self._by_name] == group]
        return members

    def _words_before(self, place: int) -> dict[str, Any]:
        group = self.groups[self.group_of[place]]
        return {"feature": self.features[place], "label": self.labels[place], "group": group}

    def _words_after(self, place: int) -> dict[str, Any]:
        return {"reference": self.references[place], "unit": self.units[place]}


def _opened(words: dict[str, Any]) -> bytes:
    return orjson.dumps(words)[:-1] + b',"contribution":'


def _closed(words: dict[str, Any]) -> bytes:
    return b"," + orjson.dumps(words)[1:] + b","


def _strongest(contributions: Floats, by_name: Places) -> Places:
    """Return the places of contributions from the strongest down, equals by name."""
    order: Places = by_name[np.argsort(-np.abs(contributions[by_name]), kind="stable")]
    return order


def _digits(numbers: Floats) -> list[bytes]:
    """Write each number as JSON writes it, ``null`` for NaN: all at once, then cut apart."""
    written = orjson.dumps(np.ascontiguousarray(numbers), option=orjson.OPT_SERIALIZE_NUMPY)
    return written[1:-1].split(b",")
