"""Stories drawn by chance are stories: the same each time, each with a truth."""

from crawler.practice.verity import truth
from tests.nights.stories import story


def test_a_seed_is_a_story() -> None:
    first = story(11)
    assert first == story(11)
    assert len(first.acts) > 30
    assert len(truth(first)) > 150
