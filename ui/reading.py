"""What the screens keep of the service's answer: nothing about a protected characteristic.

The service gives none; the screens would not show one either.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.contract import ExplainResponse, Reason

PROTECTED = ("birth_", "age_", "gender", "family_status")
"""Beginnings of names of items about protected characteristics."""


def protected(item: str) -> bool:
    """Say whether an item is about a protected characteristic: it is shown nowhere."""
    return item.startswith(PROTECTED)


def shown_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """Leave the protected ones out."""
    return [reason for reason in reasons if not protected(reason.item)]


def as_shown(answer: ExplainResponse) -> ExplainResponse:
    """Leave protected reasons and items out; what they weigh is among the other elements."""
    hidden = [r for r in (*answer.weighs, *answer.favours) if protected(r.item)]
    return answer.model_copy(
        update={
            "weighs": shown_reasons(answer.weighs),
            "favours": shown_reasons(answer.favours),
            "others": answer.others + sum(reason.contribution for reason in hidden),
            "items": [line for line in answer.items or () if not protected(line.item)],
        }
    )
