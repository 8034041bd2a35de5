"""Where a client stands. Rests on aggregates kept with the scorecard; nobody is assessed."""

from __future__ import annotations

import asyncio

from features.catalogue import CATALOGUE
from features.client_row import Row, client_row
from features.raw.tables import Language
from gateway.asked import Answer, Asked
from gateway.desk import Desk, said
from gateway.errors import Refused
from scoring.contract import CompareRequest, CompareResponse, Standing
from scoring.population import ALL, GRANTED, Group, Population
from scoring.scorecard import Scorecard
from storage.clients import StoredClient


async def compare(desk: Desk, asked: Asked) -> Answer:
    """Answer ``POST /compare``."""
    request: CompareRequest = asked.body
    scorecard = desk.served.scorecard
    client = await desk.client(request.client_id)
    return said(await asyncio.to_thread(_compared, scorecard, client, request))


def _compared(
    scorecard: Scorecard, client: StoredClient, request: CompareRequest
) -> CompareResponse:
    group = _group(scorecard.population, client, request)
    names = request.features or list(group.spreads)
    shown = [name for name in dict.fromkeys(names) if name in group.spreads]
    row = client_row(client.snapshot.application, client.snapshot.history, shown)
    return CompareResponse(
        client_id=client.client_id,
        group=request.group,
        clients=group.clients,
        default_rate=group.default_rate,
        language=request.language,
        standings=[_standing(name, row, group, request.language) for name in shown],
        not_shown=[name for name in dict.fromkeys(names) if name not in group.spreads],
    )


def _group(population: Population | None, client: StoredClient, request: CompareRequest) -> Group:
    """Return the group asked for; ``Refused`` 409 when there is none of at least twenty."""
    if population is not None:
        similar = population.similar(client.snapshot.application)
        name = {"all": ALL, "granted": GRANTED, "similar": similar}[request.group]
        if name is not None and name in population.groups:
            return population.groups[name]
    raise Refused(409, "conflict", "The served scorecard holds no such group of clients.")


def _standing(name: str, row: Row, group: Group, language: Language) -> Standing:
    feature, spread, value = CATALOGUE[name], group.spreads[name], row[name]
    return Standing(
        feature=name,
        label=feature.label.in_(language),
        unit=feature.unit,
        value=value,
        share_below=spread.share_below(value) if isinstance(value, int | float) else None,
        missing_share=spread.missing_share,
        quantiles=list(spread.quantiles),
    )
