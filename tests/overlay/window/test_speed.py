"""A card is on the screen in time while both cores are busy, and the overlay stays small."""

import pytest

from tests.bench.overlay_latency import measure


@pytest.mark.verify
def test_a_card_is_painted_within_60_ms_and_memory_stays_under_200_mb() -> None:
    figures = measure(cards=60, loads=2)
    assert figures["p95_ms"] < 60
    assert figures["overlay_rss_mb"] < 200
