"""The hand-written clients whose facts are read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from features.build import build
from features.raw.prepare import Prepared
from scoring.facts.declare import Values


@pytest.fixture(scope="session")
def clients(prepared_world: Prepared) -> Mapping[int, Values]:
    """The features of the six clients, by number."""
    return {row["client_id"]: row for row in build(prepared_world).to_dicts()}
