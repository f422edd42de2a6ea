"""Of the buyers who are told by name in the labelled calls, nearly all are the right ones."""

from tests.bench.people import DATA, labelled, score, several


def test_a_person_is_seldom_told_and_nearly_always_rightly() -> None:
    figures = score(several(labelled(DATA / "train")))
    assert figures.given / figures.utterances > 0.03
    assert figures.right / figures.given > 0.88
