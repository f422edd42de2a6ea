"""What a rep missed and did alone in earlier calls."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from calls import BEGUN, a_call
from sqlalchemy import insert

from cues.events import EVENT, AnyEvent, CardResolved
from cues.fading import DAY_S, course, day_of
from cues.journal.erase import forget
from cues.journal.history import DAYS, history
from cues.journal.schema import calls, events
from cues.journal.store import Journal
from cues.rank import Alone, History
from cues.skill import Moment

Store = Callable[[Iterable[AnyEvent]], Journal]
NOW = BEGUN + timedelta(days=10)


def missed(call: str, **changed: object) -> list[AnyEvent]:
    return a_call(call, outcome="missed", **changed)  # type: ignore[arg-type]


def counted(journal: Journal, rep: str = "anna") -> Alone | None:
    return history(journal, rep, NOW).behaviours.get("quantify-impact")


def test_missed_and_unprompted_moments_count_and_what_cards_did_does_not(stored: Store) -> None:
    outcomes = ("missed", "missed", "unprompted", "prompted", "dismissed")
    journal = stored([e for k, outcome in enumerate(outcomes) for e in a_call(f"c{k}", outcome=outcome)])
    found = history(journal, "anna", NOW)
    assert found.behaviours == {"quantify-impact": Alone(2, 3)}
    assert found.cues == {("zendesk-in-place", "quantify-impact"): Alone(2, 3)}


def test_every_moment_counts_for_fading_in_its_order_and_with_its_help(stored: Store) -> None:
    later = [replace(e, help="dot") if isinstance(e, CardResolved) else e for e in missed("a", days=2)]
    bare = [replace(e, card=None) if isinstance(e, CardResolved) else e for e in missed("b", days=1)]
    journal = stored([*later, *bare, *a_call("c")])
    begun = day_of(BEGUN) + 8.1 / DAY_S
    assert history(journal, "anna", NOW).moments == {
        "quantify-impact": (
            Moment(pytest.approx(begun), "prompted", "full"),
            Moment(pytest.approx(begun + 1), "missed", "none"),
            Moment(pytest.approx(begun + 2), "missed", "dot"),
        )
    }


def test_a_quarter_of_a_busy_rep_is_read_before_the_rep_has_said_hello(journal: Journal) -> None:
    """3,000 moments of theirs among 60,000 of others, with the folding of them: in a second."""
    one = next(event for event in a_call("c0") if isinstance(event, CardResolved))
    as_json = EVENT.dump_python(one, mode="json")
    with journal.engine.begin() as connection:
        for rep, count in (("anna", 300), ("ben", 6000)):
            named = [f"{rep}{k}" for k in range(count)]
            began = [BEGUN - timedelta(days=80 * k / count) for k in range(count)]
            connection.execute(
                insert(calls),
                [
                    {
                        "id": name, "started": at, "rep": rep, "utterances": 0, "talk_share_rep": 0.0, "cards": 0,
                        "opportunities": 0, "stored": 10,
                    }
                    for name, at in zip(named, began, strict=True)
                ],
            )  # fmt: skip
            rows = ((name, seq) for name in named for seq in range(10))
            connection.execute(
                insert(events),
                [{"call": c, "seq": s, "t": 8.0, "type": "card_resolved", "json": as_json} for c, s in rows],
            )
    begun = time.process_time()
    found = history(journal, "anna", NOW).moments or {}
    course(found["quantify-impact"])
    assert len(found["quantify-impact"]) == 3000
    assert time.process_time() - begun < 1.0


def test_each_rep_has_a_history_of_their_own(stored: Store) -> None:
    journal = stored([*missed("c1"), *missed("c2", rep="ben"), *missed("c3", rep="ben")])
    assert (counted(journal), counted(journal, "ben")) == (Alone(1, 1), Alone(2, 2))
    assert history(journal, "eva", NOW) == History(moments={})


def test_neither_old_calls_nor_the_running_one_count(stored: Store) -> None:
    journal = stored([*missed("old", days=10.0 - DAYS - 1), *missed("c1"), *missed("now", days=10)])
    assert counted(journal) == Alone(1, 1)


def test_a_forgotten_call_is_forgotten_here_too(stored: Store) -> None:
    journal = stored([*missed("c1"), *missed("c2")])
    forget(journal, "c1")
    assert counted(journal) == Alone(1, 1)
