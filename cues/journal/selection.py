"""Which events are stored: all but hypotheses, levels, and partial readings that fired nothing. Pure."""

from collections.abc import Mapping

from asr.events import Hypothesis, Levels, Utterance
from cues.events import AnyEvent, CardShown, Opportunity
from models.events import Reading

Held = Mapping[str, Reading]
"""The last partial reading of each running utterance: stored once something fires on it."""


def select(held: Held, event: AnyEvent) -> tuple[Held, tuple[AnyEvent, ...]]:
    """What is held after `event`, and what is to be stored now."""
    if isinstance(event, Hypothesis | Levels):
        return held, ()
    if isinstance(event, Reading) and event.partial:
        return {**held, event.utterance: event}, ()
    if isinstance(event, Opportunity | CardShown) and event.utterance in held:
        return _without(held, event.utterance), (held[event.utterance], event)
    if isinstance(event, Utterance):
        return _without(held, event.id), (event,)
    return held, (event,)


def _without(held: Held, utterance: str) -> Held:
    return {key: reading for key, reading in held.items() if key != utterance}
