"""A variable of the generator: how one column is drawn given columns drawn before it.

A variable has *parents*: its distribution is estimated in every cell of its parents' values that
holds enough clients, and a thinner cell falls back on the next, coarser set of parents. A parent
written ``NAME/4`` is a number cut into four bands at its own quantiles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from portfolio.marginals import (
    Codes,
    Floats,
    Numbers,
    Shares,
    categorical,
    fit_numbers,
    fit_shares,
    significant,
)

Known = Mapping[str, np.ndarray]
Orders = Mapping[str, tuple[str, ...]]
_LEAST_ROWS = 300  # a cell below this tells more noise than shape


@dataclass(frozen=True)
class Variable:
    """The declaration of a variable.

    ``parents`` lists sets of parents from the finest to the coarsest; the empty set is implied.
    ``given`` names a yes/no variable: where it says no, the value is missing. ``trait`` names the
    client's latent trait that pulls the variable up or down.
    """

    name: str
    kind: Literal["number", "category"]
    parents: tuple[tuple[str, ...], ...] = ()
    given: str = ""
    trait: str = ""
    knots: int = 30
    step: float = 0.0
    atoms: float = 0.006  # share of rows from which a value counts as an atom
    ordered: bool = False  # categories keep their declared order instead of their default rate's
    complete: bool = False  # missing values only say the variable does not apply: never drawn


def category(name: str, *parents: tuple[str, ...], **options: Any) -> Variable:
    """A category with its sets of parents, the finest first."""
    return Variable(name, "category", parents, **options)


def number(name: str, *parents: tuple[str, ...], **options: Any) -> Variable:
    """A number with its sets of parents, the finest first."""
    return Variable(name, "number", parents, **options)


@dataclass(frozen=True)
class Fitted:
    """A variable with its estimated cells; ``draw`` gives values for uniforms."""

    variable: Variable
    order: tuple[str, ...]
    cells: Mapping[tuple[int, str], Numbers | Shares]
    bands: Mapping[str, Floats] = field(default_factory=dict)
    loading: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", {})

    def parent_sets(self) -> tuple[tuple[str, ...], ...]:
        """Sets of parents, the finest first, the empty one last."""
        return (*self.variable.parents, ())

    def draw(
        self, u: Floats, known: Known, orders: Orders, holes: np.random.Generator | None = None
    ) -> np.ndarray:
        """Values for uniforms ``u``: numbers as floats (NaN: missing), categories as codes.

        ``known`` holds the columns drawn before; ``orders`` the labels of the category ones;
        ``holes``, when given, leaves out the values that go missing.
        """
        if len(u) == 0:
            return np.zeros(0, dtype=np.int64 if self.variable.kind == "category" else float)
        index, cells = self.cells_of(len(u), known, orders)
        if self.variable.kind == "category":
            limits = np.stack([cell.cumulative for cell in cells])  # type: ignore[union-attr]
            return categorical(u, limits[index] if len(cells) > 1 else limits[0])
        values = self._numbers(u, index, cells)  # type: ignore[arg-type]
        missing = np.array([cell.missing for cell in cells])  # type: ignore[union-attr]
        if holes is not None and not self.variable.complete and missing.any():
            values[holes.random(len(u)) < missing[index]] = np.nan
        return values

    def _numbers(self, u: Floats, index: Codes, cells: Sequence[Numbers]) -> Floats:
        if len(cells) == 1:
            values = cells[0].at(u)
        else:
            values = np.empty(len(u))
            rows = np.argsort(index, kind="stable")
            ends = np.cumsum(np.bincount(index, minlength=len(cells)))
            for cell, part in zip(cells, np.split(rows, ends[:-1]), strict=True):
                values[part] = cell.at(u[part])
        if self.variable.step:
            values = stepped(values, self.variable.step)
        return values

    def cells_of(
        self, n: int, known: Known, orders: Orders
    ) -> tuple[Codes, list[Numbers | Shares]]:
        """Position of each of ``n`` rows' cell, and the cells."""
        found = np.full(n, -1, dtype=np.int64)
        cells: list[Numbers | Shares] = []
        for level, parents in enumerate(self.parent_sets()):
            codes, sizes = self._parent_codes(parents, known, orders, n)
            table = self._table(level, parents, sizes, orders)
            local = table[codes]
            new = (found < 0) & (local >= 0)
            if new.any():
                used, inverse = np.unique(local[new], return_inverse=True)
                found[new] = inverse + len(cells)
                cells += [self._ordered_cells(level)[code] for code in used]
        return found, cells

    def _ordered_cells(self, level: int) -> list[Numbers | Shares]:
        cache: dict[Any, Any] = self._tables  # type: ignore[attr-defined]
        if ("cells", level) not in cache:
            cache["cells", level] = [c for (at, _), c in self.cells.items() if at == level]
        return cache["cells", level]  # type: ignore[no-any-return]

    def _table(
        self,
        level: int,
        parents: tuple[str, ...],
        sizes: list[int],
        orders: Orders,
    ) -> Codes:
        """From the combined code of the parents' values to the position of the cell, or -1."""
        cache: dict[Any, Any] = self._tables  # type: ignore[attr-defined]
        if level not in cache:
            table = np.full(int(np.prod(sizes, initial=1)), -1, dtype=np.int64)
            keys = [key for at, key in self.cells if at == level]
            for position, key in enumerate(keys):
                code = 0
                labels = key.split("|") if parents else []
                for parent, label, size in zip(parents, labels, sizes, strict=True):
                    labels_of = orders.get(parent)
                    code = code * size + (labels_of.index(label) if labels_of else int(label))
                table[code] = position
            cache[level] = table
        return cache[level]  # type: ignore[no-any-return]

    def _parent_codes(
        self, parents: tuple[str, ...], known: Known, orders: Orders, n: int
    ) -> tuple[Codes, list[int]]:
        combined = np.zeros(n, dtype=np.int64)
        sizes = []
        for parent in parents:
            if "/" in parent:
                name = parent.split("/")[0]
                edges = self.bands[parent]
                codes = band(known[name], edges)
                size = len(edges) + 2
            else:
                codes, size = known[parent], len(orders[parent])
            combined = combined * size + codes
            sizes.append(size)
        return combined, sizes


def stepped(values: Floats, step: float) -> Floats:
    """``values`` rounded to multiples of ``step``, spelled as a decimal number would be read."""
    if step >= 1:
        return np.asarray(np.round(values / step) * step)
    return np.asarray(np.round(values / step) / round(1 / step))


def band(values: Floats, edges: Floats) -> Codes:
    """Band of each value between ``edges``; the last band is that of missing values."""
    codes = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), len(edges) + 1, codes)


def _edges(values: Floats, count: int) -> Floats:
    levels = np.linspace(0, 1, count + 1)[1:-1]
    return np.unique(significant(np.nanquantile(values, levels), 3))


def fit(
    variable: Variable,
    known: Known,
    orders: Orders,
    clients: Codes,
) -> Fitted:
    """Estimate ``variable`` from the columns ``known``, one client code per row.

    Cells of fewer than 300 rows or 20 clients are left to coarser parents.
    """
    values = known[variable.name]
    rows = np.arange(len(values))
    if variable.given:
        rows = np.flatnonzero(known[variable.given] == orders[variable.given].index("yes"))
    bands = {
        parent: _edges(known[parent.split("/")[0]][rows], int(parent.split("/")[1]))
        for parents in variable.parents
        for parent in parents
        if "/" in parent
    }
    fitted = Fitted(variable, orders.get(variable.name, ()), {}, bands)
    cells: dict[tuple[int, str], Numbers | Shares] = {}
    for level, parents in enumerate(fitted.parent_sets()):
        codes, sizes = fitted._parent_codes(
            parents, {k: v[rows] for k, v in known.items()}, orders, len(rows)
        )
        for code in np.unique(codes):
            inside = rows[codes == code]
            enough = len(inside) >= _LEAST_ROWS and len(np.unique(clients[inside])) >= 2 * 20
            if parents and not enough:
                continue
            key = _key(int(code), parents, sizes, orders)
            detail = variable if parents or not variable.parents else _plainer(variable)
            cells[level, key] = _fit_cell(detail, values[inside], clients[inside], orders)
    return Fitted(variable, orders.get(variable.name, ()), cells, bands)


def _key(code: int, parents: tuple[str, ...], sizes: list[int], orders: Orders) -> str:
    labels = []
    for parent, size in zip(reversed(parents), reversed(sizes), strict=True):
        code, part = divmod(code, size)
        labels.append(str(part) if "/" in parent else orders[parent][part])
    return "|".join(reversed(labels))


def _fit_cell(
    variable: Variable, values: np.ndarray, clients: Codes, orders: Orders
) -> Numbers | Shares:
    if variable.kind == "category":
        return fit_shares(values, clients, len(orders[variable.name]))
    return fit_numbers(values, clients, variable.knots, variable.atoms)


def _plainer(variable: Variable) -> Variable:
    """The last resort of a variable with parents is rarely drawn from: fewer knots describe it."""
    return replace(variable, knots=10, atoms=max(variable.atoms, 0.03))
