"""The expected calibration error, by hand."""

import pytest

from models.calibration import Bin, Said, bins, calibration_error


def test_honest_probabilities_have_no_error() -> None:
    honest = [Said(0.75, True)] * 3 + [Said(0.75, False)]
    assert calibration_error(honest) == pytest.approx(0)


def test_the_error_is_the_gap_weighted_by_how_many_have_it() -> None:
    said = [Said(0.95, True)] * 3 + [Said(0.95, False)] * 3 + [Said(0.05, False)] * 2
    assert bins(said) == [Bin(pytest.approx(0.05), 0.0, 2), Bin(pytest.approx(0.95), 0.5, 6)]
    assert calibration_error(said) == pytest.approx(6 / 8 * 0.45 + 2 / 8 * 0.05)


def test_certainty_falls_into_the_last_bin_and_nothing_has_no_error() -> None:
    assert bins([Said(1.0, True), Said(0.91, True)]) == [Bin(pytest.approx(0.955), 1.0, 2)]
    assert calibration_error([]) == 0
