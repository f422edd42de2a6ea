"""What a rep missed and did alone in earlier calls."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from calls import BEGUN, a_call

from cues.events import AnyEvent
from cues.journal.erase import forget
from cues.journal.history import DAYS, history
from cues.journal.store import Journal
from cues.rank import NO_HISTORY, Alone, History

Store = Callable[[Iterable[AnyEvent]], Journal]
NOW = BEGUN + timedelta(days=10)


def missed(call: str, **changed: object) -> list[AnyEvent]:
    return a_call(call, outcome="missed", **changed)  # type: ignore[arg-type]


def counted(journal: Journal, rep: str = "anna") -> Alone | None:
    return history(journal, rep, NOW).behaviours.get("quantify-impact")


def test_missed_and_unprompted_moments_count_and_what_cards_did_does_not(stored: Store) -> None:
    outcomes = ("missed", "missed", "unprompted", "prompted", "dismissed")
    journal = stored([e for k, outcome in enumerate(outcomes) for e in a_call(f"c{k}", outcome=outcome)])
    assert history(journal, "anna", NOW) == History(
        {"quantify-impact": Alone(2, 3)}, {("zendesk-in-place", "quantify-impact"): Alone(2, 3)}
    )


def test_each_rep_has_a_history_of_their_own(stored: Store) -> None:
    journal = stored([*missed("c1"), *missed("c2", rep="ben"), *missed("c3", rep="ben")])
    assert (counted(journal), counted(journal, "ben")) == (Alone(1, 1), Alone(2, 2))
    assert history(journal, "eva", NOW) == NO_HISTORY


def test_neither_old_calls_nor_the_running_one_count(stored: Store) -> None:
    journal = stored([*missed("old", days=10.0 - DAYS - 1), *missed("c1"), *missed("now", days=10)])
    assert counted(journal) == Alone(1, 1)


def test_a_forgotten_call_is_forgotten_here_too(stored: Store) -> None:
    journal = stored([*missed("c1"), *missed("c2")])
    forget(journal, "c1")
    assert counted(journal) == Alone(1, 1)
