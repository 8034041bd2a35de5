"""The clients of a block with their risk: applications, dates and defaults drawn together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from portfolio import application_table, dates, risk, scenarios
from portfolio.marginals import Codes, Floats
from portfolio.people import People


@dataclass(frozen=True)
class Clients:
    """The drawn variables of a block's clients, their dates, log-odds and defaults."""

    people: People
    known: Mapping[str, np.ndarray]
    calendar: dates.Calendar
    log_odds: Floats
    default: Codes

    def applications(self) -> pl.DataFrame:
        """The applications in the archive's columns, with ``TARGET`` when labelled."""
        default = self.default if self.people.labelled else None
        return application_table.table(self.people, self.known, default)

    def dates(self) -> pl.DataFrame:
        """The side table of application and outcome dates."""
        return dates.table(self.people, self.calendar, self.default)


def clients_of(people: People, scenario: str) -> Clients:
    """Draw the clients of a block under ``scenario``."""
    orders = people.parameters.orders["applications"]
    known = application_table.draw(people)
    known |= {name: people.count(name).astype(float) for name in risk.COUNTS}
    weekday = "WEEKDAY_APPR_PROCESS_START"
    calendar = dates.draw(people, known[weekday], orders[weekday])
    changed, added = scenarios.apply(scenario, people, known, calendar, orders)
    answers_to = changed if scenarios.changes_people(scenario) else known
    log_odds = risk.log_odds(people.parameters, answers_to, people.latents) + added
    draw = people.stream("default").random(people.size)
    default = (draw < risk.probability(log_odds)).astype(np.int64)
    return Clients(people, changed, calendar, log_odds, default)
