"""What lowers confidence in an answer, said in words: the gravest first, with its figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from features.catalogue import CATALOGUE
from features.raw.tables import APPLICATIONS, Language, Words
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
    "{item} : valeur au-delà de celles connues ; le calcul la retient comme la dernière connue.",
    "{item}: value beyond those known; the calculation takes it as the last known one.",
)
_UNUSED = Words(
    "{item} : réponse que le calcul n'utilise pas, prise pour absente.",
    "{item}: answer that the calculation does not use, taken as missing.",
)
_UNSEEN = Words(
    "{item} : réponse non reconnue, prise pour absente.",
    "{item}: answer not recognised, taken as missing.",
)
_MISSPELT = Words(
    "{item} : réponse non reconnue, prise pour absente ; le mot attendu est peut-être « {word} ».",
    "{item}: answer not recognised, taken as missing; the expected word may be “{word}”.",
)
CLOSE = 0.8
"""How alike two spellings must be for one to be taken as the other's misspelling."""


def cautions(
    assessment: Assessment, application: Mapping[str, object], language: Language
) -> tuple[str, ...]:
    """Return the sentences about an assessment of ``application``; rules have their own words."""
    return tuple(_sentences(assessment, application, language))


def _sentences(
    assessment: Assessment, application: Mapping[str, object], language: Language
) -> Iterator[str]:
    for cause in assessment.refer_causes:
        if cause in _BY_CAUSE:
            yield _BY_CAUSE[cause].in_(language)
    for item in assessment.out_of_range:
        yield _OUT_OF_RANGE.in_(language).format(item=_label(item, language))
    for item in assessment.unseen_categories:
        yield _unseen(item, application.get(item), language)


def _unseen(item: str, value: object, language: Language) -> str:
    known = APPLICATIONS[item].categories
    word = None if value in known else _meant(str(value), known)
    words = _UNUSED if value in known else _UNSEEN if word is None else _MISSPELT
    return words.in_(language).format(item=_label(item, language), word=word)


def _label(item: str, language: Language) -> str:
    declared = APPLICATIONS.by_name.get(item) or CATALOGUE[item]
    return declared.label.in_(language)


def _meant(value: str, declared: Sequence[str]) -> str | None:
    """The declared word that ``value`` is most like, in the spelling that must be given."""
    known = {word.casefold(): word for word in declared}
    found = get_close_matches(value.strip().casefold(), known, n=1, cutoff=CLOSE)
    return known[found[0]] if found else None
