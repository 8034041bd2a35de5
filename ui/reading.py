"""What the screens keep of the service's answer: nothing protected, nothing untrue.

A theme's sentence is written for a known value. When the item that leads it is missing, the
honest reason is that the information is missing, and that is what is said.
"""

from __future__ import annotations

from scoring.contract import ExplainResponse, Reason
from ui.words import Words

NEVER_SHOWN = frozenset({"age", "gender", "sex", "family_status", "identity"})
"""Groups that are protected characteristics: whatever the service says, never given as a reason."""


def shown_reasons(reasons: list[Reason], words: Words) -> list[Reason]:
    """Leave the protected ones out and word the missing ones as missing."""
    return [_worded(reason, words) for reason in reasons if reason.group not in NEVER_SHOWN]


def as_shown(answer: ExplainResponse, words: Words) -> ExplainResponse:
    """Move protected reasons into the other items and word the missing ones as missing."""
    moved = [r for r in (*answer.weighs, *answer.favours) if r.group in NEVER_SHOWN]
    return answer.model_copy(
        update={
            "weighs": shown_reasons(answer.weighs, words),
            "favours": shown_reasons(answer.favours, words),
            "others": answer.others + sum(r.contribution for r in moved),
        }
    )


def _worded(reason: Reason, words: Words) -> Reason:
    if reason.value is not None:
        return reason
    said = words("reasons.unknown", label=reason.label[:1].lower() + reason.label[1:])
    return reason.model_copy(update={"sentence": said})
