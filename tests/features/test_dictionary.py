"""The data dictionary follows the catalogue."""

from pathlib import Path

from features.catalogue import CATALOGUE
from features.dictionary import dictionary
from features.policy import policy

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_committed_page_is_the_generated_one() -> None:
    """A feature added, renamed or reworded without its page is caught here."""
    again = "run: python -m features.dictionary > docs/data-dictionary.md"
    assert PAGE.read_text(encoding="utf-8") == dictionary(), again


def test_every_feature_and_every_policy_choice_is_on_it() -> None:
    """Nothing used, denied or watched is left unsaid."""
    text = dictionary()
    for name in [feature.name for feature in CATALOGUE]:
        assert text.count(f"\n| `{name}` |") >= 1
    for name in {**policy().all_denied, **policy().documented}:
        assert f"`{name}`" in text
