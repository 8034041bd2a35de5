"""A careful peer: FastAPI, pydantic, the native booster on one thread. Keeps no record."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict

from benchmarks.peers.given import given


class Asked(BaseModel):
    """One client."""

    model_config = ConfigDict(extra="forbid", strict=True)

    client_id: int


class Scored(BaseModel):
    """One probability."""

    client_id: int
    default_probability: float
    verdict: str


class Explained(Scored):
    """A probability and its contributions."""

    contributions: dict[str, float]


app = FastAPI()


def _place(client_id: int) -> int:
    place = given().place.get(client_id)
    if place is None:
        raise HTTPException(404)
    return place


@app.post("/score")
async def score(asked: Asked) -> Scored:
    """Score one client."""
    place = _place(asked.client_id)
    risk = float(given().booster.predict(given().rows[place : place + 1], num_threads=1)[0])
    verdict = "DECLINE" if risk > 0.09 else "GRANT"
    return Scored(client_id=asked.client_id, default_probability=risk, verdict=verdict)


@app.post("/explain")
async def explain(asked: Asked) -> Explained:
    """Score one client and say why, by LightGBM's own contributions."""
    place = _place(asked.client_id)
    row = given().rows[place : place + 1]
    risk = float(given().booster.predict(row, num_threads=1)[0])
    values = given().booster.predict(row, pred_contrib=True, num_threads=1)[0]
    return Explained(
        client_id=asked.client_id,
        default_probability=risk,
        verdict="DECLINE" if risk > 0.09 else "GRANT",
        contributions=dict(zip(given().names, values.tolist(), strict=False)),
    )
