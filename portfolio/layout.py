"""Which variables each table of the archive is made of, and their parameters, read from a file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from portfolio import applications, bureau, clients, previous, repayment
from portfolio.errors import UnusableParameters
from portfolio.parameters import DEFAULT_PATH, VERSION, Parameters, from_json

TABLE_VARIABLES = MappingProxyType(
    {
        "applications": (*applications.VARIABLES, *applications.MIRRORED),
        "clients": clients.VARIABLES,
        "bureau": bureau.VARIABLES,
        "previous": previous.VARIABLES,
        "loans": repayment.LOANS,
        "cards": repayment.CARDS,
    }
)


@lru_cache(maxsize=4)
def load(path: Path = DEFAULT_PATH) -> Parameters:
    """Read a parameters file; ``UnusableParameters`` when it is absent, damaged or too old."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version = data["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = (
            f"{path.name} cannot be read as portfolio parameters. Make it again with "
            "`python -m portfolio.estimate ARCHIVE --out FILE`."
        )
        raise UnusableParameters(msg) from error
    if version != VERSION:
        msg = (
            f"{path.name} is of version {version}; this generator reads version {VERSION}. "
            "Make it again with `python -m portfolio.estimate ARCHIVE --out FILE`."
        )
        raise UnusableParameters(msg)
    try:
        return from_json(data, TABLE_VARIABLES)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        msg = f"{path.name} lacks something this generator needs ({error}). Estimate it again."
        raise UnusableParameters(msg) from error
