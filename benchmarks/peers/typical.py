"""A typical peer: one-row DataFrames through the scikit-learn wrapper, shap for explanations.

Written as most tutorials write it (there with Flask; here the handlers are plain functions in a
thread pool, which is no slower). The explainer is made once, not at each request.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import shap
from fastapi import Body, FastAPI
from lightgbm import LGBMClassifier

from benchmarks.peers.given import given

app = FastAPI()


@cache
def model() -> LGBMClassifier:
    """Wrap the booster as a fitted classifier."""
    wrapped = LGBMClassifier(n_jobs=1)
    wrapped._Booster = given().booster
    wrapped.fitted_ = True
    wrapped._n_features = wrapped._n_features_in = len(given().names)
    wrapped._n_classes = 2
    wrapped._classes = [0, 1]
    return wrapped


@cache
def explainer() -> shap.TreeExplainer:
    """Make the explainer, 2 to 3 seconds."""
    return shap.TreeExplainer(given().booster)


def _frame(client_id: int) -> pd.DataFrame:
    place = given().place[client_id]
    return pd.DataFrame(given().rows[place : place + 1], columns=given().names)


@app.post("/score")
def score(asked: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008  # FastAPI's way
    """Score one client."""
    risk = float(model().predict_proba(_frame(asked["client_id"]))[0][1])
    return {"client_id": asked["client_id"], "default_probability": risk}


@app.post("/explain")
def explain(asked: dict[str, Any] = Body()) -> dict[str, Any]:  # noqa: B008
    """Score one client and say why."""
    frame = _frame(asked["client_id"])
    risk = float(model().predict_proba(frame)[0][1])
    values = explainer().shap_values(frame)
    flat = (values[1] if isinstance(values, list) else values)[0].tolist()
    return {
        "default_probability": risk,
        "contributions": dict(zip(given().names, flat, strict=False)),
    }
