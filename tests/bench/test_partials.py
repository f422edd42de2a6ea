"""Readings of growing text are held against the final ones as the bench says."""

from models.dataset import LabelledUtterance
from models.reader import load_reader
from tests.bench.partials import Agreement, Fired, agreement, fired


def test_what_fires_before_the_end_agrees_where_the_final_reading_holds_it() -> None:
    found = [
        Fired("moment", (0.0, 0.7, 0.2), True),
        Fired("moment", (0.9,), False),
        Fired("moment", (0.55, 0.58), True),
        Fired("moment", (), True),
    ]
    assert agreement(found, 0.6) == Agreement(2, 1 / 2, 1 / 3)
    assert agreement(found, 0.5) == Agreement(3, 2 / 3, 2 / 3)
    assert agreement([], 0.5) == Agreement(0, 0.0, 0.0)


def test_a_plain_sentence_is_read_while_it_grows() -> None:
    text = "Honestly, that is more than we have in the budget for this year, it is too expensive."
    line = LabelledUtterance("c", 0, 0.0, "buyer", None, text, "pricing", None, (), ())
    found = list(fired(load_reader([], [], []), [line]))
    assert any(one.head == "moment" and one.final for one in found)
    assert {len(one.partial) for one in found} == {len(text.split()) - 3}
