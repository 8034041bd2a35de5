"""What the policy refuses to receive, said at the door: such an application is not assessed.

A rule of effect ``refuse_input`` is about what nobody can ask for (a minor, no instalment at all).
A change of an application that is held, by a rectification or a simulation, is refused where such a
rule reads what is changed: a fault that was there before stops no other change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from features.engine.namespace import POLARS
from features.raw.tables import Language
from gateway.errors import Refused
from scoring.contract import FieldError
from scoring.policy import Effect, Policy, Rule

MESSAGE = "The credit policy does not let this be received."


def must_be_received(
    policy: Policy,
    application: Mapping[str, object],
    given: Collection[str],
    place: str,
    language: Language,
    currency: str,
) -> None:
    """Raise ``Refused`` 422 for an application (plain names) that a rule refuses as input.

    ``given`` are the items that the caller sent, and ``place`` is where an ``{item}`` stands in
    the request. A sentence names the rule's limit, never a value of the client.
    """
    refused = [rule for rule in policy.hits(application) if rule.effect is Effect.REFUSE_INPUT]
    fields = [
        FieldError(field=place.format(item=item), message=rule.sentence({}, language, currency))
        for rule in refused
        for item in _read_by(rule)
        if item in given
    ]
    if fields:
        raise Refused(422, "invalid", MESSAGE, fields=fields)


def _read_by(rule: Rule) -> list[str]:
    """Return the items of the form that the rule is computed from."""
    read = (one.formula(POLARS).meta.root_names() for one in rule.measures)
    return sorted({item for names in read for item in names})
