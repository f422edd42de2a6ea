"""Names and sentences of a playbook that are hard to hear: each a warning with its place and its mend."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from cues.merge import Origin
from cues.playbook import Playbook
from cues.shown import shown
from cues.yaml_source import Problem

if TYPE_CHECKING:
    from models.encoder import Encoder


def everyday_aliases(playbook: Playbook, origin: Origin, is_word: Callable[[str], bool]) -> Iterator[Problem]:
    """Aliases that `is_word` knows: lower-case, one word."""
    for k, competitor in enumerate(playbook.competitors):
        for at, alias in enumerate(competitor.aliases):
            if is_word(alias.lower()):
                message = (
                    f"the alias {shown(alias)} is an everyday word, so it counts only where the words around it "
                    "fit a vendor; write more of the name, or take it out."
                )
                yield Problem(origin.place(("competitors", k, "aliases", at)), message)


def unclear_trackers(playbook: Playbook, origin: Origin) -> Iterator[Problem]:
    """Trackers that contradict themselves, or that are too near another one. Raises BadInputError (no weights)."""
    if not playbook.trackers:
        return
    from models.tracker_check import contradictions, overlaps

    encoder, trackers = _encoder(), playbook.trackers
    examples = [encoder.encode(tracker.examples) for tracker in trackers]
    for wrong in contradictions(examples, [encoder.encode(tracker.counterexamples) for tracker in trackers]):
        tracker = trackers[wrong.tracker]
        message = (
            f"the counterexample {shown(tracker.counterexamples[wrong.counterexample])} says the same as the example "
            f"{shown(tracker.examples[wrong.example])}; take one of the two out."
        )
        path = ("trackers", wrong.tracker, "counterexamples", wrong.counterexample)
        yield Problem(origin.place(path), message)
    for near in overlaps(examples):
        other = trackers[near.other]
        message = (
            f"the example {shown(trackers[near.tracker].examples[near.example])} is too near to "
            f"{shown(other.examples[near.other_example])} of the tracker {shown(other.id)}; "
            "word it further apart, or make one tracker of the two."
        )
        yield Problem(origin.place(("trackers", near.tracker, "examples", near.example)), message)


@cache
def _encoder() -> "Encoder":
    """Loaded once for all checks of a process."""
    # Its runtime takes longer to import than most playbooks take to check.
    from models.encoder import Encoder

    return Encoder()
