"""The open case, as the tabs remember it between two actions of the advisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoring.contract import ClientResponse, ExplainResponse, Reason, Verdict
from ui.client_file import item_of
from ui.figures.reasons import compared

CHANGEABLE = ("amount_credit", "annuity", "goods_price", "income_total")
"""What a client can change, by the contract's names; income only once proven."""


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as the letter tells it: the fact, and what it is compared with."""

    sentence: str
    comparison: str

    @classmethod
    def of_reason(cls, reason: Reason) -> Told:
        """Keep the words of a reason."""
        return cls(reason.sentence, compared(reason))


@dataclass(frozen=True)
class OpenCase:
    """What the decision, the simulation and the letter need of the case; nothing more is kept."""

    client_id: int
    assessment_id: str
    assessed_at: datetime
    model_tag: str
    verdict: Verdict
    ruled: tuple[str, ...]
    """What the policy says when one of its rules decided; nothing otherwise."""
    weighs: tuple[Told, ...]
    favours: tuple[Told, ...]
    origins: tuple[str, ...]
    held: tuple[float | None, ...]
    """The values of ``CHANGEABLE``, in its order."""


def open_case_of(answer: ExplainResponse, client: ClientResponse) -> OpenCase:
    """Keep of a client and the answer about them what the tabs need later."""
    return OpenCase(
        client_id=client.client_id,
        assessment_id=answer.assessment_id,
        assessed_at=answer.assessed_at,
        model_tag=answer.model_tag,
        verdict=answer.verdict,
        ruled=tuple(answer.rule_sentences) if answer.decided_by == "policy" else (),
        weighs=tuple(map(Told.of_reason, answer.weighs)),
        favours=tuple(map(Told.of_reason, answer.favours)),
        origins=tuple(dict.fromkeys(section.origin for section in client.sections)),
        held=tuple(_number(client, name) for name in CHANGEABLE),
    )


def _number(client: ClientResponse, name: str) -> float | None:
    item = item_of(client, name)
    if item is None or not isinstance(item.value, int | float):
        return None
    return float(item.value)
