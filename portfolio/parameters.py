"""The parameters of the generator: everything it knows of genuine portfolios, in one JSON file.

The file holds aggregates only: quantile functions, category shares, latent correlations and default
effects of groups of at least ``anonymity`` clients. Nothing in it belongs to one person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from portfolio.marginals import ANONYMITY, Floats, Numbers, Shares
from portfolio.variables import Fitted, Variable

VERSION = 1
DEFAULT_PATH = Path(__file__).with_name("parameters.json")
_SCALE = 10_000  # levels, shares and correlations are kept as integers
_HUNDRED = 100


@dataclass(frozen=True)
class Effects:
    """Additive effect of one driver on the default log-odds, by band or by category."""

    edges: tuple[float, ...]
    effects: tuple[float, ...]


@dataclass(frozen=True)
class Parameters:
    """Everything a portfolio is drawn from. Immutable, shared by all blocks."""

    orders: Mapping[str, Mapping[str, tuple[str, ...]]]
    tables: Mapping[str, Mapping[str, Fitted]]
    latents: tuple[str, ...]
    correlation: Floats
    mirrors: Mapping[str, float]
    intercept: float
    drivers: Mapping[str, Effects]
    traits: Mapping[str, float]

    def to_json(self) -> str:
        """The file's text: compact, sorted, ending with a newline."""
        lower = self.correlation[np.tril_indices(len(self.latents), -1)]
        data = {
            "version": VERSION,
            "anonymity": ANONYMITY,
            "orders": {
                table: {name: list(labels) for name, labels in orders.items()}
                for table, orders in self.orders.items()
            },
            "tables": {
                table: {name: _pack(fitted) for name, fitted in fitted_variables.items()}
                for table, fitted_variables in self.tables.items()
            },
            "latents": list(self.latents),
            "correlation": [round(float(r) * _HUNDRED) for r in lower],
            "mirrors": {k: round(v, 4) for k, v in self.mirrors.items()},
            "default": {
                "intercept": round(self.intercept, 4),
                "drivers": {
                    k: [_plain(v.edges), [round(e, 3) for e in v.effects]]
                    for k, v in self.drivers.items()
                },
                "traits": {k: round(v, 3) for k, v in self.traits.items()},
            },
        }
        return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"


def _plain(values: Any) -> list[float | int]:
    """Numbers as JSON spells them shortest: 4500 rather than 4500.0."""
    return [
        int(v) if float(v).is_integer() else float(f"{v:.6g}") for v in np.asarray(values).tolist()
    ]


def _pack(fitted: Fitted) -> dict[str, Any]:
    packed: dict[str, Any] = {
        "cells": [[level, key, *_pack_cell(cell)] for (level, key), cell in fitted.cells.items()]
    }
    if fitted.bands:
        packed["bands"] = {k: _plain(v) for k, v in fitted.bands.items()}
    if fitted.loading:
        packed["loading"] = round(fitted.loading, 3)
    return packed


def _pack_cell(cell: Numbers | Shares) -> list[Any]:
    if isinstance(cell, Shares):
        return [{str(i): round(float(s) * _SCALE * 10) for i, s in enumerate(cell.shares) if s}]
    levels = [round(float(level) * _SCALE) for level in cell.levels]
    return [levels, _plain(np.nan_to_num(cell.values)), round(cell.missing * _SCALE)]


def _unpack(
    variable: Variable, packed: Mapping[str, Any], orders: Mapping[str, tuple[str, ...]]
) -> Fitted:
    order = orders.get(variable.name, ())
    cells: dict[tuple[int, str], Numbers | Shares] = {}
    for level, key, *content in packed["cells"]:
        if variable.kind == "category":
            shares = np.zeros(len(order))
            for index, share in content[0].items():
                shares[int(index)] = share
            cells[level, key] = Shares(shares / shares.sum())
        else:
            levels, values, missing = content
            cells[level, key] = Numbers(
                np.asarray(levels) / _SCALE, np.asarray(values, dtype=float), missing / _SCALE
            )
    bands = {k: np.asarray(v, dtype=float) for k, v in packed.get("bands", {}).items()}
    return Fitted(variable, order, cells, bands, packed.get("loading", 0.0))


def from_json(data: Mapping[str, Any], layout: Mapping[str, tuple[Variable, ...]]) -> Parameters:
    """Return the parameters of a file's content, for the variables of each table."""
    orders = {
        table: {name: tuple(labels) for name, labels in found.items()}
        for table, found in data["orders"].items()
    }
    latents = tuple(data["latents"])
    correlation = np.eye(len(latents))
    lower = np.tril_indices(len(latents), -1)
    correlation[lower] = np.asarray(data["correlation"]) / _HUNDRED
    default = data["default"]
    return Parameters(
        orders=orders,
        tables={
            table: {
                v.name: _unpack(v, data["tables"][table][v.name], orders[table]) for v in variables
            }
            for table, variables in layout.items()
        },
        latents=latents,
        correlation=correlation + np.tril(correlation, -1).T,
        mirrors=data["mirrors"],
        intercept=default["intercept"],
        drivers={k: Effects(tuple(v[0]), tuple(v[1])) for k, v in default["drivers"].items()},
        traits=default["traits"],
    )
