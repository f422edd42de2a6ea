"""A call told in a few words: who says what when, and what the reader makes of it. The cue engine is the real one."""

from datetime import date
from pathlib import Path

from asr.events import Event, Hypothesis, Speaker, Utterance, Word
from cues.check import load_playbook
from cues.engine import Deadline, State, advance, due, start, step
from cues.events import Action, CardHidden, CardResolved, CardShown, Opportunity, RepAction
from cues.playbook import Playbook
from models.events import Reading

PLAYBOOK = """\
playbook: N
priorities:
  - {id: high, name: High, weight: 3}
behaviours:
  - {id: ask-why, name: Ask why, serves: high}
  - {id: quantify, name: Put a number on it}
cues:
  - id: pain
    when: {moment: pain}
    card: {title: It hurts, ask: Since when?}
    prompts: quantify
  - id: price
    when: {moment: objection_price}
    card: {title: Trade, ask: Which part?}
    prompts: ask-why
  - id: budget
    when: {moment: budget}
    card: {title: Money is there, ask: How much?}
  - id: timeline
    when: {moment: timeline}
    card: {title: There is a date, ask: When?}
  - id: authority
    when: {moment: authority}
    card: {title: Who signs, ask: Who else?}
"""
READ_S = 3.0
"""Reading time of these cards at the most: two seconds, and a second for four words."""


class Talk:
    """One call. Finals come half a second after the words; deadlines are stepped as the driver does."""

    def __init__(self, playbook: Playbook, day: date = date(2026, 11, 24)) -> None:
        self.state: State = start(playbook, day)
        self.events: list[Event] = []
        self.ids = 0

    def take(self, event: Event) -> list[Event]:
        self.state, made = advance(self.state, event)
        self.events += made
        return made

    def until(self, t: float) -> list[Event]:
        """Nothing is said until `t`."""
        out: list[Event] = []
        while (deadline := due(self.state)) is not None and deadline <= t:
            self.state, made = step(self.state, Deadline(t=deadline))
            out += made
        self.events += out
        return out

    def partial(self, who: Speaker, text: str, begin: float, end: float, id: str = "", **reads: float) -> str:
        """Running speech whose first words are stable; `reads` are moments of the buyer or behaviours of the rep."""
        name = id or self._name()
        heard = words(text, begin, end)
        channel = 0 if who == "rep" else 1
        self.take(
            Hypothesis(
                t=end + 0.2,
                utterance=name,
                channel=channel,
                audio_start=begin,
                audio_end=end,
                stable=text,
                rest="",
                words=heard,
            )
        )
        self.take(reading(name, who, end + 0.2, True, reads))
        return name

    def final(self, who: Speaker, text: str, begin: float, end: float, id: str = "", **reads: float) -> list[Event]:
        """What was said, for good; empty `text` where it turned out to be nothing."""
        name, channel = id or self._name(), 0 if who == "rep" else 1
        heard = words(text, begin, end)
        made = self.take(
            Utterance(
                t=end + 0.5,
                id=name,
                channel=channel,
                speaker=who,
                audio_start=begin,
                audio_end=end,
                text=text,
                words=heard,
            )
        )
        return made + (self.take(reading(name, who, end + 0.5, False, reads)) if heard else [])

    def act(self, action: Action, t: float, target: str | None = None) -> list[Event]:
        return self.take(RepAction(t=t, action=action, target=target))

    def shown(self) -> list[tuple[str, float]]:
        return [(e.cue, e.t) for e in self.events if isinstance(e, CardShown)]

    def hidden(self) -> list[tuple[str, float, str]]:
        return [(e.cue, e.t, e.reason) for e in self.events if isinstance(e, CardHidden)]

    def opened(self) -> list[Opportunity]:
        return [e for e in self.events if isinstance(e, Opportunity)]

    def resolved(self) -> list[CardResolved]:
        return [e for e in self.events if isinstance(e, CardResolved)]

    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(e.cue, e.outcome) for e in self.resolved()]

    def on_screen(self) -> list[str]:
        return [card.trigger.cue.id for card in self.state.cards]

    def _name(self) -> str:
        self.ids += 1
        return f"u{self.ids}"


def words(text: str, begin: float, end: float) -> tuple[Word, ...]:
    spoken = text.split()
    each = (end - begin) / max(1, len(spoken))
    return tuple(Word(w, begin + k * each, begin + (k + 1) * each, 0.9) for k, w in enumerate(spoken))


def reading(utterance: str, who: Speaker, t: float, partial: bool, reads: dict[str, float]) -> Reading:
    labels = {name.replace("_", "-") if who == "rep" else name: p for name, p in reads.items()}
    return Reading(
        t=t,
        utterance=utterance,
        partial=partial,
        person=None,
        stage={"discovery": 1.0},
        role={},
        moments=labels if who != "rep" else {},
        behaviours=labels if who == "rep" else {},
    )


def read_playbook(folder: Path, text: str = PLAYBOOK) -> Playbook:
    folder.mkdir(exist_ok=True)
    (folder / "p.yaml").write_text(text)
    return load_playbook(folder)
