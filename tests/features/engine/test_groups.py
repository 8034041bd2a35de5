"""Groups gather features and columns of the form under words a person can be given."""

from features.catalogue import CATALOGUE
from features.engine.groups import GROUPS
from features.raw.tables import APPLICATIONS


def test_a_group_has_a_label_of_its_own_in_both_languages() -> None:
    """No two groups are told by the same words, and none is left without."""
    for language in ("fr", "en"):
        labels = [group.label.in_(language) for group in GROUPS.values()]
        assert all(labels)
        assert len(set(labels)) == len(labels)


def test_every_group_is_used_and_none_is_too_large_to_mean_something() -> None:
    """Each holds features or columns of the form; there are about thirty of them."""
    of_features = {feature.group for feature in CATALOGUE}
    assert of_features <= set(GROUPS)
    assert set(GROUPS) <= of_features | {column.group for column in APPLICATIONS.columns}
    assert 25 <= len(GROUPS) <= 35
