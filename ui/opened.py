"""The open case, as the tabs remember it between two actions of the advisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scoring.contract import ClientResponse, ExplainResponse, Verdict
from ui.pages.dossier import item_of

CHANGEABLE = ("amount_credit", "annuity", "goods_price", "income_total")
"""What a client can change, by the contract's names; income only once proven."""


@dataclass(frozen=True)
class OpenCase:
    """What the decision, the simulation and the letter need of the case; nothing more is kept."""

    client_id: int
    assessment_id: str
    assessed_at: datetime
    model_tag: str
    verdict: Verdict
    weighs: tuple[str, ...]
    favours: tuple[str, ...]
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
        weighs=tuple(reason.sentence for reason in answer.weighs),
        favours=tuple(reason.sentence for reason in answer.favours),
        origins=tuple(dict.fromkeys(section.origin for section in client.sections)),
        held=tuple(_number(client, name) for name in CHANGEABLE),
    )


def _number(client: ClientResponse, name: str) -> float | None:
    item = item_of(client, name)
    if item is None or not isinstance(item.value, int | float):
        return None
    return float(item.value)
