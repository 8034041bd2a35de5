"""What lowers confidence in an answer, said in words to the advisor."""

from __future__ import annotations

from collections.abc import Iterator

from features.tables import APPLICATIONS, Language, Words
from scoring.assessment import Assessment
from scoring.contract import ReferCause

_BY_CAUSE = {
    ReferCause.GREY_ZONE: Words(
        "Le risque estimé est trop proche de la limite pour proposer une réponse.",
        "The estimated risk is too close to the limit to propose an answer.",
    ),
    ReferCause.THIN_FILE: Words(
        "Aucun crédit passé n'est connu : le calcul repose sur la demande seule.",
        "No past credit is known: the calculation rests on the application alone.",
    ),
    ReferCause.NO_EXTERNAL_SCORE: Words(
        "Aucune note d'un organisme extérieur n'a été reçue.",
        "No score from an external body was received.",
    ),
    ReferCause.STOPPED: Words(
        "Les propositions automatiques sont suspendues : chaque dossier est à étudier.",
        "Automatic proposals are suspended: every case is to be studied.",
    ),
}
_OUT_OF_RANGE = Words(
    "Une valeur dépasse celles connues du calcul : {items}.",
    "A value is beyond those the calculation knows: {items}.",
)
_UNSEEN = Words(
    "Une réponse inconnue du calcul est traitée comme absente : {items}.",
    "An answer unknown to the calculation is treated as missing: {items}.",
)


def cautions(assessment: Assessment, language: Language) -> tuple[str, ...]:
    """Return the sentences, in ``language``, the most serious first."""
    return tuple(_sentences(assessment, language))


def _sentences(assessment: Assessment, language: Language) -> Iterator[str]:
    for cause in assessment.refer_causes:
        if cause in _BY_CAUSE:
            yield _BY_CAUSE[cause].in_(language)
    for words, names in (
        (_OUT_OF_RANGE, assessment.out_of_range),
        (_UNSEEN, assessment.unseen_categories),
    ):
        if names:
            labels = (APPLICATIONS[name].label.in_(language).lower() for name in names)
            yield words.in_(language).format(items=", ".join(labels))
