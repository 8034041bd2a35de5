"""From what is known of a client to the inputs of one scorecard.

``features.client_row`` says what each feature of one client is. Here the same values are put into
one array, in the scorecard's order, without naming six hundred of them one by one: a service does
this for every client it has not met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from features.catalogue import APPLICATIONS_TABLE, CATALOGUE, CLIENT
from features.definitions.estimated import EXPECTED
from features.definitions.estimated import TABLE as ESTIMATES
from features.definitions.external_scores import NAMES
from features.engine.traced import straight
from features.engine.vectors import many
from scoring.history import History

if TYPE_CHECKING:
    from features.encode import Encoder
    from scoring.estimates import Estimates

Values = NDArray[np.float64]
Matrix = NDArray[np.float32]
Value = float | str | None

_NOTHING = History((), np.empty(0))


class Intake:
    """Reads applications and histories for one scorecard; immutable, safe for many threads.

    *Values* are (f,), float64, in the scorecard's order: a number as it is, a category by its
    code, NaN for what is missing.
    """

    def __init__(
        self,
        encoder: Encoder,
        ranges: Mapping[str, tuple[float, float]],
        estimates: Estimates | None = None,
    ) -> None:
        self._encoder = encoder
        names = encoder.names
        estimated = [name for name in names if CATALOGUE[name].table == ESTIMATES]
        recomputed = [
            CATALOGUE[name] for name in names if not _is_stored(name) and name not in estimated
        ]
        place = {name: number for number, name in enumerate(names)}
        self._taken_over = tuple(feature.name for feature in recomputed if feature.raw)
        computed = [feature for feature in recomputed if not feature.raw]
        self._computed = tuple(feature.formula for feature in computed)
        self._compute = straight(self._computed)
        self._recomputed_at = np.array(
            [place[name] for name in (*self._taken_over, *(f.name for f in computed))], np.intp
        )
        self._stored = tuple(name for name in names if _is_stored(name))
        self._stored_at = np.array([place[name] for name in self._stored], dtype=np.intp)
        read = {name for feature in computed for name in feature.reads()}
        self._read = tuple(sorted(name for name in read if _is_stored(name)))
        self._read_on_the_form = tuple(sorted(read - set(self._read)))
        self._estimates = estimates
        self._estimated = tuple(CATALOGUE[name].formula for name in estimated)
        self._estimated_at = np.array([place[name] for name in estimated], dtype=np.intp)
        self._estimate_one = straight(self._estimated)
        self._scores_at = np.array(
            [place.get(name, -1) for name in NAMES] if estimated else [], dtype=np.intp
        )
        read_for = estimates.inputs if estimates is not None else ()
        self._estimated_from = np.array([place[name] for name in read_for], dtype=np.intp)
        self._codes: dict[str, dict[object, float]] = {
            name: {category: float(code) for code, category in enumerate(categories)}
            for name, categories in encoder.categories.items()
        }
        bounded = [name for name in ranges if name in place and name not in self._codes]
        self._bounded = tuple(bounded)
        self._bounded_at = np.array([place[name] for name in bounded], dtype=np.intp)
        self._low = np.array([ranges[name][0] for name in bounded])
        self._high = np.array([ranges[name][1] for name in bounded])
        self._found: dict[tuple[str, ...], tuple[NDArray[np.intp], NDArray[np.intp]]] = {}

    def values(
        self, application: Mapping[str, object], history: Mapping[str, float | None] | None
    ) -> Values:
        """Return the values of an application (plain names) with the history, if any is held."""
        known = _NOTHING if history is None else History.of(history)
        stored, read = self._places(known.names)
        held = np.append(known.array, np.nan)
        values = np.empty(len(self._encoder.names))
        values[self._stored_at] = held[stored]
        row = dict(zip(self._read, _plain(held[read]), strict=True))
        row |= {name: _number(application.get(name)) for name in self._read_on_the_form}
        received = [self._received(name, application.get(name)) for name in self._taken_over]
        values[self._recomputed_at] = received + self._compute(row)
        values[np.isinf(values)] = np.nan
        if self._estimates is not None:
            expected = self._expected(values[np.newaxis])[0]
            scores = dict(zip(NAMES, _plain(values[self._scores_at]), strict=True))
            usual = dict(zip(EXPECTED, _plain(expected), strict=True))
            values[self._estimated_at] = self._estimate_one(scores | usual)
        return values

    def _expected(self, values: Values) -> Values:
        """What the external scores of clients (n, f) usually are: (n, 3)."""
        assert self._estimates is not None, "asked where there are estimates"
        return self._estimates.expected(self.matrix(values[:, self._estimated_from]))

    def many(
        self,
        applications: Sequence[Mapping[str, object]],
        histories: Sequence[Mapping[str, float | None] | None],
    ) -> Values:
        """Return the values (n, f) of many clients: the same, bit for bit, as of each alone."""
        rows = len(applications)
        held = self._held(histories)
        values = np.empty((rows, len(self._encoder.names)))
        values[:, self._stored_at] = held[:, : len(self._stored)]
        columns = dict(zip(self._read, held[:, len(self._stored) :].T, strict=True))
        for name in self._read_on_the_form:
            columns[name] = np.array([one.get(name) for one in applications], dtype=np.float64)
        results = many(self._computed, columns, rows)
        values[:, self._recomputed_at] = np.hstack([self._received_by(applications), results])
        values[np.isinf(values)] = np.nan
        if self._estimates is not None:
            scores = zip(NAMES, values[:, self._scores_at].T, strict=True)
            usual = zip(EXPECTED, self._expected(values).T, strict=True)
            values[:, self._estimated_at] = many(self._estimated, dict([*scores, *usual]), rows)
        return values

    def _received_by(self, applications: Sequence[Mapping[str, object]]) -> Values:
        """The items taken over as they are (n, t), categories by their codes."""
        received = np.empty((len(applications), len(self._taken_over)))
        for place, name in enumerate(self._taken_over):
            column: list[object] = [one.get(name) for one in applications]
            if name in self._codes:
                column = [self._codes[name].get(value) for value in column]
            received[:, place] = np.array(column, dtype=np.float64)
        return received

    def _held(self, histories: Sequence[Mapping[str, float | None] | None]) -> Values:
        """What is stored, then what formulas read, of each client (n, s + r)."""
        known = [_NOTHING if one is None else History.of(one) for one in histories]
        held = np.empty((len(known), len(self._stored) + len(self._read)))
        by_layout: dict[tuple[str, ...], list[int]] = {}
        for place, history in enumerate(known):
            by_layout.setdefault(history.names, []).append(place)
        for names, places in by_layout.items():
            arrays = np.stack([known[place].array for place in places])
            arrays = np.hstack([arrays, np.full((len(places), 1), np.nan)])
            held[places] = arrays[:, np.concatenate(self._places(names))]
        return held

    def matrix(self, values: Values) -> Matrix:
        """Return values (..., f) as the booster reads them: float32, NaN beyond its limits."""
        with np.errstate(over="ignore"):
            matrix = np.atleast_2d(values).astype(np.float32)
        matrix[np.isinf(matrix)] = np.nan
        return matrix

    def row(self, values: Values) -> dict[str, Value]:
        """Return values (f,) by name: numbers, words of categories, ``None`` for missing."""
        plain: list[Value] = list(_plain(values))
        row = dict(zip(self._encoder.names, plain, strict=True))
        for name, categories in self._encoder.categories.items():
            code = row[name]
            row[name] = None if code is None else categories[int(code)]
        return row

    def out_of_range(self, values: Values) -> tuple[str, ...]:
        """Return the names of the items beyond what training saw."""
        found = values[self._bounded_at]
        beyond = np.flatnonzero((found < self._low) | (found > self._high))
        return tuple(self._bounded[number] for number in beyond)

    def any_out_of_range(self, values: Values) -> list[bool]:
        """Tell of each client's values (n, f) whether any item is beyond what training saw."""
        found = values[:, self._bounded_at]
        beyond: list[bool] = np.any((found < self._low) | (found > self._high), axis=1).tolist()
        return beyond

    def unseen(self, application: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names of the items whose category was never declared."""
        return tuple(
            name
            for name, known in self._codes.items()
            if (value := application.get(name)) is not None and value not in known
        )

    def _received(self, name: str, value: object) -> float | None:
        codes = self._codes.get(name)
        return _number(value) if codes is None else codes.get(value)

    def _places(self, names: tuple[str, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where a history of these names holds what is stored, and what formulas read.

        A feature it does not hold is read from the place after its last: a missing value.
        """
        found = self._found.get(names)
        if found is None:
            place = {name: number for number, name in enumerate(names)}
            absent = len(names)
            stored, read = (
                np.array([place.get(name, absent) for name in wanted], dtype=np.intp)
                for wanted in (self._stored, self._read)
            )
            found = self._found[names] = (stored, read)
        return found


def _is_stored(name: str) -> bool:
    """Whether a history holds it: neither an item of the form nor made from one."""
    made = {APPLICATIONS_TABLE, CLIENT, ESTIMATES}
    return name in CATALOGUE and CATALOGUE[name].table not in made


def _number(value: Any) -> float | None:
    """A value of the form, validated before, as formulas read it."""
    return None if value is None else float(value)


def _plain(values: Values) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]
