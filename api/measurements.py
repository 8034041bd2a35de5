"""What the service counts: by route name, never by address, and never a client's value.

With several workers each keeps its counts in a file of ``PROMETHEUS_MULTIPROC_DIR`` (BentoML sets
it) and ``/metrics`` adds them up.
"""

from __future__ import annotations

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from scoring.assessment import Assessment
from scoring.contract import Verdict

_LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_PROBABILITY = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 1)

REQUESTS = Counter("scoring_requests_total", "Requests answered", ["route", "status"])
LATENCY = Histogram("scoring_request_seconds", "Time to answer", ["route"], buckets=_LATENCY)
VERDICTS = Counter("scoring_verdicts_total", "Assessments given", ["verdict"])
PROBABILITIES = Histogram(
    "scoring_default_probability", "Probabilities given", buckets=_PROBABILITY
)
WAITING = Gauge("scoring_records_waiting", "Records not committed yet", multiprocess_mode="livesum")
TRAINED = Gauge(
    "scoring_scorecard_trained_timestamp_seconds",
    "When the served scorecard was trained",
    ["model_tag"],
    multiprocess_mode="livemax",
)


_BY_VERDICT = {verdict: VERDICTS.labels(verdict.value) for verdict in Verdict}


def assessed(assessment: Assessment) -> None:
    """Count one assessment."""
    _BY_VERDICT[assessment.verdict].inc()
    PROBABILITIES.observe(assessment.default_probability)


def written() -> bytes:
    """Return every count in Prometheus' text format, all workers added up."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class RouteCounts:
    """The counters of one route, looked up once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._latency = LATENCY.labels(name)
        self._by_status = {200: REQUESTS.labels(name, "200")}

    def add(self, status: int, seconds: float) -> None:
        """Count one answer."""
        if status not in self._by_status:
            self._by_status[status] = REQUESTS.labels(self._name, str(status))
        self._by_status[status].inc()
        self._latency.observe(seconds)
